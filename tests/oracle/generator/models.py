"""Random models: keys, sets, one-to-ones both ways, inheritance of each kind, managers, text and properties."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.oracle.generator.choices import Choices

Path = tuple[str, ...]
_NAMES = ("Author", "Book", "Shop", "Order", "Crate")
_ADJECTIVES = ("main", "other", "spare")
_OF_CHILDREN = ("own", "further", "late")


@dataclass(frozen=True)
class Relation:
    """One step from a model: `one` for a single row, which may be absent; `reverse` when the other holds the key."""

    name: str
    lookup: str
    target: Model
    one: bool
    reverse: bool = False
    may_be_absent: bool = False
    generic: bool = False


@dataclass(eq=False)
class Model:
    """A model as far as the generator has to know it; `text` is its class."""

    name: str
    bases: str = "models.Model"
    own: list[Relation] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    managers: list[str] = field(default_factory=list)
    meta: list[str] = field(default_factory=list)
    text_reads: list[Path] = field(default_factory=list)
    properties: list[tuple[str, list[Path]]] = field(default_factory=list)
    proxy_of: Model | None = None
    parent: Model | None = None

    @property
    def relations(self) -> list[Relation]:
        """All relations, those of the parent's table and those that other models bring included."""
        if self.proxy_of is not None:
            return self.proxy_of.relations
        return [*(self.parent.relations if self.parent is not None else ()), *self.own]

    @property
    def ones(self) -> list[Relation]:
        """Relations to a single row of a known model."""
        return [relation for relation in self.relations if relation.one and not relation.generic]

    @property
    def forward(self) -> list[Relation]:
        """Keys that the row holds."""
        return [relation for relation in self.ones if not relation.reverse]

    @property
    def sets(self) -> list[Relation]:
        """Relations to many rows."""
        return [relation for relation in self.relations if not relation.one]

    def text(self) -> str:
        """The class as source."""
        lines = [f"class {self.name}({self.bases}):"]
        inner = [*self.body]
        if self.meta:
            inner += ["class Meta:", *(f"    {line}" for line in self.meta)]
        inner += self.managers
        return "\n".join([*lines, *(f"    {line}" for line in inner or ["pass"]), ""])


def make_models(choices: Choices) -> tuple[list[Model], str]:
    """Some models, and the source of the module that holds them."""
    made: list[Model] = []
    for name in _NAMES[: choices.number(2, len(_NAMES))]:
        made.append(_model(choices, name, made))
    through = _through(choices, made)
    notes = _notes(choices, made)
    for model in made:
        _text_and_properties(choices, model)
    proxies = [_proxy(choices, made)] if choices.seldom() else []
    text = "\n\n".join([_HEAD, *(model.text() for model in (*made, *through, *notes, *proxies))])
    return [*made, *through, *notes, *proxies], text


_HEAD = """from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.functional import cached_property


class Named(models.Model):
    name = models.CharField(max_length=40)
    rank = models.IntegerField(default=1)

    class Meta:
        abstract = True


class ShownQuerySet(models.QuerySet):
    def shown(self):
        return self.filter(rank__gte=0)


class ShownManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().filter(rank__gte=0)

"""


def _model(choices: Choices, name: str, before: list[Model]) -> Model:
    parent = choices.pick(before) if before and choices.seldom() else None
    if parent is not None and parent.parent is None and not _has_one_to_one(parent):
        choices.made("structure: multi-table child")
        model = Model(name, parent.name, parent=parent)
    elif choices.often():
        choices.made("structure: abstract base")
        model = Model(name, "Named")
    else:
        choices.made("structure: plain")
        model = Model(name)
        model.body += ["name = models.CharField(max_length=40)", "rank = models.IntegerField(default=1)"]
    if choices.seldom() and model.parent is None:
        choices.made("structure: ordering")
        model.meta.append('ordering = ["name"]')
    for index in range(choices.number(0, 3) if before else choices.number(0, 1)):
        _relate(choices, model, before, index)
    if model.parent is None:
        _manager(choices, model)
    return model


def _has_one_to_one(model: Model) -> bool:
    return any("OneToOneField" in line for line in model.body)


def _relate(choices: Choices, model: Model, before: list[Model], index: int) -> None:
    kinds = ["key", "nullable key", "set", "self"] if before else ["self"]
    # Joined from a relative, the one-to-one of a child's table comes without the columns of the parent that they share:
    # Django takes them for loaded. No project is known that does so, and the solver does not follow it.
    if before and not _has_one_to_one(model) and model.parent is None:
        kinds.append("one-to-one")
    kind = choices.pick(kinds)
    target = model if kind == "self" else choices.pick(before)
    # A child's table must not have the names of its parent's.
    name = f"{(_OF_CHILDREN if model.parent else _ADJECTIVES)[index]}_{target.name.lower()}"
    back = f"{model.name.lower()}_{name}s"
    named = choices.often() or any(r.name == f"{model.name.lower()}_set" for r in target.relations)
    choices.made(f"relation: {kind}")
    choices.made("reverse name: given" if named else "reverse name: default")
    option = f', related_name="{back}"' if named else ""
    to = choices.pick([target.name, f'"{target.name}"', f'"shop.{target.name}"']) if target is not model else '"self"'
    choices.made("reference: by class" if to == target.name else "reference: by text")
    lookup = back if named else model.name.lower()
    accessor = back if named else f"{model.name.lower()}_set"
    match kind:
        case "set":
            model.body.append(f"{name} = models.ManyToManyField({to}{option})")
            model.own.append(Relation(name, name, target, one=False))
            _reverse(target, Relation(accessor, lookup, model, one=False, reverse=True))
        case "one-to-one":
            # Without a name the accessor is the model's, which a multi-table child has as well.
            model.body.append(f'{name} = models.OneToOneField({to}, models.CASCADE, related_name="{back}")')
            model.own.append(Relation(name, name, target, one=True))
            _reverse(target, Relation(back, back, model, one=True, reverse=True, may_be_absent=True))
        case _:
            null = kind != "key"
            more = ", null=True" if null else ""
            model.body.append(f"{name} = models.ForeignKey({to}, models.CASCADE{more}{option})")
            model.own.append(Relation(name, name, target, one=True, may_be_absent=null))
            _reverse(target, Relation(accessor, lookup, model, one=False, reverse=True))


def _reverse(target: Model, relation: Relation) -> None:
    target.own.append(relation)


def _manager(choices: Choices, model: Model) -> None:
    match choices.pick(["none", "none", "none", "queryset", "filtering", "joining", "two"]):
        case "queryset":
            model.managers.append("objects = ShownQuerySet.as_manager()")
            choices.made("manager: of a queryset class")
        case "filtering":
            model.managers.append("objects = ShownManager()")
            choices.made("manager: that filters")
        case "joining" if any(not r.reverse and r.target is not model for r in model.ones):
            joined = next(r for r in model.ones if not r.reverse and r.target is not model)
            model.managers += [
                "class JoinedManager(models.Manager):",
                "    def get_queryset(self):",
                f'        return super().get_queryset().select_related("{joined.lookup}")',
                "objects = JoinedManager()",
            ]
            choices.made("manager: that joins")
        case "two":
            model.managers += ["objects = models.Manager()", "shown = ShownManager()"]
            choices.made("manager: a second one")
        case _:
            choices.made("manager: none declared")


def _through(choices: Choices, made: list[Model]) -> list[Model]:
    if len(made) < 2 or not choices.seldom():
        return []
    choices.made("relation: set through a model")
    left, right = made[0], made[1]
    link = Model("Link", "Named")
    link.body += [
        f'left = models.ForeignKey({left.name}, models.CASCADE, related_name="left_links")',
        f'right = models.ForeignKey({right.name}, models.CASCADE, related_name="right_links")',
    ]
    link.own += [Relation("left", "left", left, one=True), Relation("right", "right", right, one=True)]
    left.own.append(Relation("left_links", "left_links", link, one=False, reverse=True))
    right.own.append(Relation("right_links", "right_links", link, one=False, reverse=True))
    left.body.append(f'linked = models.ManyToManyField("{right.name}", through="Link", related_name="linking")')
    left.own.append(Relation("linked", "linked", right, one=False))
    right.own.append(Relation("linking", "linking", left, one=False, reverse=True))
    return [link]


def _notes(choices: Choices, made: list[Model]) -> list[Model]:
    if not choices.seldom():
        return []
    choices.made("relation: generic key")
    note = Model("Note", "Named")
    note.body += [
        "content_type = models.ForeignKey(ContentType, models.CASCADE)",
        "object_id = models.PositiveBigIntegerField()",
        "about = GenericForeignKey()",
    ]
    note.own.append(Relation("about", "about", note, one=True, generic=True))
    for model in made[:2]:
        if model.parent is None:
            model.body.append('notes = GenericRelation("Note")')
            model.own.append(Relation("notes", "notes", note, one=False, reverse=True))
            choices.made("relation: generic set")
    return [note]


def _proxy(choices: Choices, made: list[Model]) -> Model:
    choices.made("structure: proxy")
    of = choices.pick(made)
    return Model(
        f"{of.name}Proxy",
        of.name,
        meta=["proxy = True"],
        text_reads=of.text_reads,
        properties=list(of.properties),
        proxy_of=of,
    )


def _text_and_properties(choices: Choices, model: Model) -> None:
    if model.parent is not None:
        model.text_reads = list(model.parent.text_reads)
        model.properties = list(model.parent.properties)
    ones = [relation for relation in model.forward if relation.target is not model]
    if ones and choices.seldom():
        choices.made("text: reads a relation")
        relation = choices.pick(ones)
        shown = f"self.{relation.name}.name" + (f" if self.{relation.name} else ''" if relation.may_be_absent else "")
        model.managers += ["def __str__(self):", f'    return f"{{self.name}} of {{{shown}}}"']
        model.text_reads = [(relation.name,)]
    elif model.parent is None:
        model.managers += ["def __str__(self):", "    return self.name"]
    if model.forward and choices.often():
        relation = choices.pick(model.forward)
        kind = choices.pick(["property", "cached_property", "method"])
        choices.made(f"model: {kind} that reads a relation")
        name = f"{model.name.lower()}_{relation.name}_name"
        guard = f" if self.{relation.name} else None" if relation.may_be_absent else ""
        model.managers += [
            *([] if kind == "method" else [f"@{kind}"]),
            f"def {name}(self):",
            f"    return self.{relation.name}.name{guard}",
        ]
        model.properties.append((name, [(relation.name,)]))
    if model.sets and choices.seldom():
        relation = choices.pick(model.sets)
        choices.made("model: method that reads a set")
        name = f"{model.name.lower()}_{relation.name}_names"
        model.managers += [f"def {name}(self):", f"    return [row.name for row in self.{relation.name}.all()]"]
        model.properties.append((name, [(relation.name,)]))
