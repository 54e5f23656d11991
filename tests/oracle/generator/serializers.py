"""Random serializers: fields of every kind, nested, inherited, changed at run time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.oracle.generator.choices import Choices
from tests.oracle.generator.expressions import chain_of_ones, expression, paths_of
from tests.oracle.generator.models import Model, Path, Relation

_DEEPEST = 3


@dataclass
class Made:
    """One field: the line that declares it, if any, further lines of the class, and what it reads."""

    name: str
    declaration: str = ""
    methods: list[str] = field(default_factory=list)
    reads: list[Path] = field(default_factory=list)
    extra: str = ""


@dataclass
class Written:
    """The serializers of one endpoint. `to_attrs` and `counts` must be brought by its queryset."""

    classes: list[str] = field(default_factory=list)
    helpers: list[str] = field(default_factory=list)
    to_attrs: list[tuple[str, Relation]] = field(default_factory=list)
    counts: list[tuple[str, Relation]] = field(default_factory=list)


def make_serializer(
    choices: Choices, written: Written, model: Model, prefix: str, depth: int = 0
) -> tuple[str, list[Path]]:
    """Write a serializer of `model`, and of all that it nests; its name, and the paths that it reads."""
    name = f"{prefix}Serializer"
    fields = [
        _field(choices, written, model, f"{prefix}{index}", index, depth)
        for index in range(choices.number(1, 3 if depth else 4))
    ]
    reads = [read for made in fields for read in made.reads]
    lines = [f"class {name}(serializers.ModelSerializer):"]
    lines += [f"    {made.declaration}" for made in fields if made.declaration]
    names = list(dict.fromkeys(made.name for made in fields)) or ["name"]
    meta, more = _meta(choices, model, names, depth)
    lines += ["    class Meta:", f"        model = {model.name}", *(f"        {line}" for line in meta)]
    extra = ", ".join(made.extra for made in fields if made.extra)
    if extra:
        lines.append(f"        extra_kwargs = {{{extra}}}")
    for made in fields:
        lines += [f"    {line}" for line in made.methods]
    lines += [f"    {line}" for line in _changes(choices, model, reads)]
    written.classes.append("\n".join([*lines, ""]))
    if choices.seldom():
        name, reads = _child(choices, written, name, fields, reads)
    return name, [*reads, *more]


def _meta(choices: Choices, model: Model, names: list[str], depth: int) -> tuple[list[str], list[Path]]:
    declared = ", ".join(f'"{name}"' for name in names)
    if choices.seldom() and not depth:
        keys = [r for r in model.ones if not r.reverse and r.target is not model]
        if keys:
            choices.made("meta: depth")
            relation = choices.pick(keys)
            shown = ", ".join(f'"{name}"' for name in dict.fromkeys([*names, relation.name]))
            sets = [r for r in relation.target.sets if not r.reverse]
            reads = [(relation.name,), *((relation.name, r.name) for r in sets)]
            return [f"fields = [{shown}]", "depth = 1"], reads
    if (
        choices.seldom()
        and not depth
        and not any(name in {r.name for r in model.relations if r.reverse} for name in names)
    ):
        choices.made("meta: all")
        return ['fields = "__all__"'], [(r.name,) for r in model.sets if not r.reverse]
    if choices.often():
        choices.made("meta: tuple")
        return [f"fields = ({declared},)"], []
    choices.made("meta: list")
    return [f"fields = [{declared}]"], []


def _changes(choices: Choices, model: Model, reads: list[Path]) -> list[str]:
    if not choices.seldom():
        return []
    kind = choices.pick(["to_representation", "get_fields", "__init__"])
    choices.made(f"change: {kind}")
    match kind:
        case "to_representation":
            text, more = expression(choices, model)
            reads += more
            return [
                "def to_representation(self, instance):",
                "    data = super().to_representation(instance)",
                "    obj = instance",
                f'    data["added"] = {text}',
                "    return data",
            ]
        case "get_fields":
            chain = chain_of_ones(choices, model, 2)
            source = _dotted(choices, chain, "name")
            reads += paths_of(chain)
            return [
                "def get_fields(self):",
                "    fields = super().get_fields()",
                f'    fields["late"] = serializers.CharField({_source("late", source)}read_only=True)',
                "    return fields",
            ]
        case _:
            return [
                "def __init__(self, *args, **kwargs):",
                "    super().__init__(*args, **kwargs)",
                '    self.fields.pop("rank", None)',
            ]


def _child(
    choices: Choices, written: Written, parent: str, fields: list[Made], reads: list[Path]
) -> tuple[str, list[Path]]:
    """A serializer that extends another: as it is, with a field shed, or with fewer fields listed."""
    name = f"Child{parent}"
    shed = [made for made in fields if made.declaration]
    if shed and choices.often():
        choices.made("inherited: field shed by None")
        gone = choices.pick(shed)
        kept = ", ".join(f'"{made.name}"' for made in fields if made.name != gone.name) or '"name"'
        written.classes.append(
            f"class {name}({parent}):\n    {gone.name} = None\n    class Meta({parent}.Meta):\n"
            f"        fields = [{kept}]\n        extra_kwargs = {{}}\n"
        )
        return name, [read for made in fields if made is not gone for read in made.reads]
    choices.made("inherited: as it is")
    written.classes.append(f"class {name}({parent}):\n    class Meta({parent}.Meta):\n        pass\n")
    return name, reads


def _dotted(choices: Choices, chain: Sequence[Relation], leaf: str = "") -> str:
    """The source over a chain of relations."""
    if chain:
        choices.made(f"source: relations in a row, {len(chain)}")
    return ".".join([*(relation.name for relation in chain), *([leaf] if leaf else [])])


def _source(name: str, source: str) -> str:
    return "" if source == name else f'source="{source}", '


def _field(choices: Choices, written: Written, model: Model, prefix: str, index: int, depth: int) -> Made:
    kinds = ["column", *["method"] * 5]
    if model.forward:
        kinds += ["key", "renamed key", "attname", "hyperlink"]
    if model.ones:
        kinds += ["dotted", "dotted key", "slug", "string", "own related"]
        kinds += ["nested"] * (2 if depth < _DEEPEST else 0)
    if model.sets:
        kinds += ["keys", "slugs", "strings", "count source", "own many", "write only"]
        kinds += ["nested many"] * (3 if depth < _DEEPEST else 0)
    if model.properties:
        kinds += ["property", "property"]
    if any(relation.generic for relation in model.relations):
        kinds += ["generic", "generic"]
    if not depth and model.sets and model.proxy_of is None:
        kinds += ["to_attr", "annotation"]
    kind = choices.pick(kinds)
    made = _of_kind(choices, written, model, prefix, index, depth, kind)
    choices.made(f"field: {kind if made else 'column'}")
    return made or Made(choices.pick(["name", "rank", "id"]))


def _of_kind(
    choices: Choices, written: Written, model: Model, prefix: str, index: int, depth: int, kind: str
) -> Made | None:
    f = f"f{index}"
    match kind:
        case "key":
            return Made(choices.pick(model.forward).name)
        case "renamed key":
            relation = choices.pick(model.forward)
            return Made(f, f'{f} = serializers.PrimaryKeyRelatedField(source="{relation.name}", read_only=True)')
        case "attname":
            relation = choices.pick(model.forward)
            return Made(f, f'{f} = serializers.IntegerField(source="{relation.name}_id", read_only=True)')
        case "hyperlink":
            relation = choices.pick(model.forward)
            view = 'view_name="thing", read_only=True'
            return Made(f, f'{f} = serializers.HyperlinkedRelatedField(source="{relation.name}", {view})')
        case "dotted":
            chain = chain_of_ones(choices, model, 3)
            leaf = choices.pick(["name", "rank", "pk", "id"])
            source = _dotted(choices, chain, leaf)
            return Made(f, f'{f} = serializers.CharField(source="{source}", read_only=True)', reads=paths_of(chain))
        case "dotted key":
            chain = chain_of_ones(choices, model, 3)
            if len(chain) < 2 or chain[-1].reverse:
                return None
            source = _dotted(choices, chain)
            line = f'{f} = serializers.PrimaryKeyRelatedField(source="{source}", read_only=True)'
            return Made(f, line, reads=paths_of(chain[:-1]))
        case "slug":
            chain = [choices.pick(model.ones)]
            onwards = [relation for relation in chain[0].target.ones if not relation.may_be_absent]
            if onwards and choices.often():
                choices.made("source: slug over a relation")
                chain.append(choices.pick(onwards))
            slug = "__".join([*(r.name for r in chain[1:]), choices.pick(["name", "rank", "id"])])
            line = f'{f} = serializers.SlugRelatedField(source="{chain[0].name}", slug_field="{slug}", read_only=True)'
            return Made(f, line, reads=paths_of(chain))
        case "string":
            chain = chain_of_ones(choices, model)
            source = _dotted(choices, chain)
            further = [(*(r.name for r in chain), *read) for read in chain[-1].target.text_reads]
            line = f'{f} = serializers.StringRelatedField(source="{source}")'
            return Made(f, line, reads=[*paths_of(chain), *further])
        case "own related":
            relation = choices.pick(model.ones)
            line = f'{f} = NameField(source="{relation.name}", read_only=True)'
            return Made(f, line, reads=paths_of([relation]))
        case "own many":
            relation = choices.pick(model.sets)
            return Made(
                f, f'{f} = NameField(source="{relation.name}", many=True, read_only=True)', reads=[(relation.name,)]
            )
        case "nested":
            chain = chain_of_ones(choices, model)
            nested, reads = make_serializer(choices, written, chain[-1].target, prefix, depth + 1)
            source = _dotted(choices, chain)
            before = tuple(r.name for r in chain)
            line = f'{f} = {nested}(source="{source}", read_only=True)'
            return Made(f, line, reads=[*paths_of(chain), *((*before, *read) for read in reads)])
        case "nested many":
            relation = choices.pick(model.sets)
            nested, reads = make_serializer(choices, written, relation.target, prefix, depth + 1)
            all_of = choices.pick(["", "", ".all"])
            choices.made("source: .all of a set" if all_of else "source: a set")
            source = relation.name + all_of
            line = f'{f} = {nested}(source="{source}", many=True, read_only=True)'
            return Made(f, line, reads=[(relation.name,), *((relation.name, *read) for read in reads)])
        case "keys":
            relation = choices.pick(model.sets)
            if choices.often() and relation.name != "notes":
                choices.made("meta: extra_kwargs")
                extra = f'"{relation.name}": {{"read_only": True}}'
                return Made(relation.name, reads=[(relation.name,)], extra=extra)
            line = f'{f} = serializers.PrimaryKeyRelatedField(source="{relation.name}", many=True, read_only=True)'
            return Made(f, line, reads=[(relation.name,)])
        case "slugs":
            relation = choices.pick(model.sets)
            keys = [r for r in relation.target.forward if not r.may_be_absent]
            slug, reads = "name", [(relation.name,)]
            if keys and choices.often():
                choices.made("source: slug over a relation of a set")
                key = choices.pick(keys)
                slug, reads = f"{key.name}__name", [(relation.name,), (relation.name, key.name)]
            line = f'{f} = serializers.SlugRelatedField(source="{relation.name}", slug_field="{slug}", '
            return Made(f, line + "many=True, read_only=True)", reads=reads)
        case "strings":
            relation = choices.pick(model.sets)
            further = [(relation.name, *read) for read in relation.target.text_reads]
            line = f'{f} = serializers.StringRelatedField(source="{relation.name}", many=True)'
            return Made(f, line, reads=[(relation.name,), *further])
        case "count source":
            relation = choices.pick(model.sets)
            line = f'{f} = serializers.IntegerField(source="{relation.name}.count", read_only=True)'
            return Made(f, line, reads=[(relation.name,)])
        case "write only":
            relation = choices.pick(model.sets)
            line = f'{f} = serializers.SlugRelatedField(source="{relation.name}", slug_field="name", many=True, '
            return Made(f, line + f"queryset={relation.target.name}._base_manager.all(), write_only=True)")
        case "property":
            name, reads = choices.pick(model.properties)
            return Made(name, reads=list(reads))
        case "generic":
            line = f'{f} = serializers.CharField(source="about.name", read_only=True)'
            return Made(f, line, reads=[("about",)])
        case "to_attr":
            relation = choices.pick(model.sets)
            name = f"listed_{relation.name}"
            written.to_attrs.append((name, relation))
            chain = chain_of_ones(choices, relation.target, 1) if choices.often() else []
            leaf = f"row.{chain[0].name}" if chain and not chain[0].may_be_absent else "row"
            read = choices.pick([f"obj.{name}", f'getattr(obj, "{name}", [])'])
            return _method(f, f"[{leaf}.name for row in {read}]", [])
        case "annotation":
            relation = choices.pick(model.sets)
            if relation.name == "notes":
                return None
            name = f"counted_{relation.name}"
            written.counts.append((name, relation))
            return Made(name, f"{name} = serializers.IntegerField(read_only=True)")
        case "method":
            text, reads = expression(choices, model)
            if choices.seldom():
                choices.made("method: through a helper")
                helper = f"helper_{prefix.lower()}"
                written.helpers.append(f"def {helper}(obj):\n    return {text}\n")
                text = f"{helper}(obj)"
            return _method(f, text, reads)
        case _:
            return None


def _method(name: str, text: str, reads: list[Path]) -> Made:
    return Made(
        name,
        f"{name} = serializers.SerializerMethodField()",
        [f"def get_{name}(self, obj):", f"    return {text}"],
        reads,
    )
