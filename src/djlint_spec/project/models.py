"""Models as Django builds them: inherited fields, keys, relations both ways, managers, labels."""

from __future__ import annotations

import enum
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from djlint_spec.facts import tree as t
from djlint_spec.project import fields as f
from djlint_spec.project.apps import app_label, library_module
from djlint_spec.project.classes import Class, Member
from djlint_spec.project.constants import Constant
from djlint_spec.project.fields import Field, Relation, RelationKind
from djlint_spec.project.symbols import Assigned, External, Scope, Unknown, Value
from djlint_spec.project.tracking import Tracking, derived

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

MODEL = "django.db.models.Model"
_FIELD_BASES = ("django.db.models.Field", f.GENERIC_FOREIGN_KEY, f.GENERIC_RELATION, f.TAGGABLE)
_MANAGER = "django.db.models.Manager"
_MODEL_ITSELF = frozenset({MODEL, "builtins.object"})


class KeyKind(enum.Enum):
    """Where a model's primary key comes from."""

    DECLARED = "declared"
    INHERITED = "inherited"
    LINKED = "linked"
    IMPLICIT = "implicit"


@dataclass(frozen=True, slots=True)
class PrimaryKey:
    """A model's key; no field for one that Django makes."""

    kind: KeyKind
    field: Field | None


@dataclass(frozen=True, slots=True)
class Manager:
    """A manager of a model: the classes that give it its methods (first wins) and its querysets theirs."""

    name: str
    classes: tuple[Class, ...]
    member: Member | None
    unresolved: Unknown | None = None

    def method(self, name: str) -> tuple[Class, Member] | None:
        """The member `name` that a call on the manager finds, with the class it was found through."""
        for cls in self.classes:
            member = cls.find(name)
            if member is not None:
                return cls, member
        return None


class Model:
    """A class that Django turns into a model. Compared by identity."""

    def __init__(self, index: Models, cls: Class) -> None:
        self._index = index
        self.cls = cls
        # Values of every derivation hung on this object, so of many types.
        self.memo: dict[Hashable, tuple[Any, set[str]]] = {}

    def __repr__(self) -> str:
        return f"Model({self.dotted!r})"

    @property
    def tracking(self) -> Tracking:
        """The project's tracking."""
        return self.cls.tracking

    @property
    def project(self) -> Project:
        """The project that the model is part of."""
        return self.cls.project

    @property
    def name(self) -> str:
        """The class's name."""
        return self.cls.name

    @property
    def dotted(self) -> str:
        """Module and qualified name of the class."""
        return self.cls.dotted

    @property
    def label(self) -> str:
        """`app_label.ModelName`."""
        return f"{self.app_label}.{self.name}"

    @cached_property
    def app_label(self) -> str:
        """The app's label: Meta.app_label, else that of the app whose package holds the module."""
        declared = self.meta("app_label")
        if isinstance(declared, str):
            return declared
        return app_label(self.project, self.cls.module)

    # ------------------------------------------------------------------------------------------------ Meta
    @derived(lambda: None)
    def meta_value(self, option: str) -> Value | None:
        """The expression of a Meta option, inherited as Django does (abstract parents' Meta, `Meta(Base.Meta)`).

        `abstract` is never inherited.
        """
        meta = self.cls.nested("Meta")
        if meta is not None:
            for cls in meta.mro:
                member = cls.own_member(option)
                if member is not None and member.value is not None:
                    if option == "abstract" and cls is not meta:
                        continue  # Django resets it to False on the child's Meta
                    return Value(member.value, member.scope)
            return None
        if option in ("abstract", "proxy", "managed", "db_table", "swappable"):
            return None
        for parent in self.cls.mro[1:]:
            if parent.own_member("Meta") is not None and parent.derives_from(MODEL):
                model = self._index.of(parent)
                if model is not None and (model.abstract or option in ("ordering", "get_latest_by")):
                    return model.meta_value(option)
                return None
        return None

    def meta(self, option: str) -> Constant | Unknown:
        """A Meta option as a constant; None when not given."""
        value = self.meta_value(option)
        return None if value is None else self.project.constant(value.expr, value.scope)

    @cached_property
    def abstract(self) -> bool:
        """Whether Meta says abstract."""
        return self.meta("abstract") is True

    @cached_property
    def proxy(self) -> bool:
        """Whether Meta says proxy."""
        return self.meta("proxy") is True

    @cached_property
    def managed(self) -> bool:
        """Whether Django makes the table."""
        return self.meta("managed") is not False

    @property
    def unresolved(self) -> tuple[Unknown, ...]:
        """Why parts of the model are not known; empty when all its bases are."""
        return self.cls.unresolved_bases

    # -------------------------------------------------------------------------------------------- parents
    @cached_property
    def lineage(self) -> tuple[Model, ...]:
        """The models of the MRO, this one first, `models.Model` itself left out."""
        found = (self._index.of(cls) for cls in self.cls.mro)
        return tuple(model for model in found if model is not None)

    @cached_property
    def concrete(self) -> Model:
        """The model whose table this is: itself, or what a proxy stands for."""
        if not self.proxy:
            return self
        return next((model for model in self.lineage[1:] if not model.abstract and not model.proxy), self)

    @cached_property
    def parents(self) -> tuple[Model, ...]:
        """Concrete models that this one extends by a table of its own."""
        if self.abstract or self.proxy:
            return ()
        return tuple(model for model in self.lineage[1:] if not model.abstract and not model.proxy)

    # --------------------------------------------------------------------------------------------- fields
    @derived(dict)
    def _all_fields(self) -> Mapping[str, Field]:
        found: dict[str, Field] = {}
        hidden: set[str] = set()
        for cls in self.cls.mro:
            model = self._index.of(cls)
            if model is None:
                continue  # fields of a plain mixin are no fields
            for name in cls.own:
                if name in found or name in hidden:
                    continue
                member = cls.own_member(name)
                field = self._index.field(member) if member is not None else None
                if field is not None:
                    found[name] = field
                elif name != "Meta":
                    hidden.add(name)  # any other attribute of that name stands in the way of an inherited field
        return found

    @property
    def fields(self) -> Mapping[str, Field]:
        """The declared fields by name, inherited ones included, the implicit key and parent links not."""
        return self._all_fields()

    @cached_property
    def primary_key(self) -> PrimaryKey:
        """The key as Django chooses it: a field with primary_key=True, a parent link, or an implicit one."""
        for field in self.fields.values():
            if field.flag("primary_key"):
                kind = KeyKind.DECLARED if field.owner is self.cls else KeyKind.INHERITED
                return PrimaryKey(kind, field)
        return PrimaryKey(KeyKind.LINKED if self.parents else KeyKind.IMPLICIT, None)

    @cached_property
    def attnames(self) -> Mapping[str, Relation]:
        """The `x_id` attributes of forward keys."""
        return {f"{relation.name}_id": relation for relation in self.forward.values() if relation.kind.is_forward_key}

    # ------------------------------------------------------------------------------------------ relations
    @derived(dict)
    def _forward(self) -> Mapping[str, Relation]:
        found: dict[str, Relation] = {}
        for name, field in self.fields.items():
            relation = self._index.forward_relation(self, name, field)
            if relation is not None:
                found[name] = relation
        return found

    @property
    def forward(self) -> Mapping[str, Relation]:
        """The relations that fields of this model make, by field name."""
        return self._forward()

    @cached_property
    def reverse(self) -> Mapping[str, Relation]:
        """The accessors that relations of other models put on this one and its parents."""
        found: dict[str, Relation] = {}
        for model in self.lineage:
            for relation in self._index.reverse_of(model):
                found.setdefault(relation.name, relation)
        return found

    @cached_property
    def relations(self) -> Mapping[str, Relation]:
        """Every relation by its accessor: reverse ones, parent links of multi-table inheritance, forward ones."""
        return {**self.reverse, **self._parent_links(), **self.forward}

    @cached_property
    def lookups(self) -> Mapping[str, Relation]:
        """Every relation by the name that lookups, select_related and values take."""
        return {relation.query_name: relation for relation in self.relations.values()}

    def _parent_links(self) -> Mapping[str, Relation]:
        linked = {id(r.target) for r in self.forward.values() if r.kind is RelationKind.ONE_TO_ONE}
        return {
            name: Relation(name, name, RelationKind.ONE_TO_ONE, self, parent, None)
            for parent in self.parents
            if id(parent) not in linked
            for name in (f"{parent.name.lower()}_ptr",)
        }

    # ------------------------------------------------------------------------------------------- managers
    @cached_property
    def managers(self) -> Mapping[str, Manager]:
        """The managers by name, in the order in which Django counts them, `objects` made where none is declared."""
        found: dict[str, Manager] = {}
        for cls in self.cls.mro:
            if self._index.of(cls) is None and not cls.dotted.startswith("django."):
                continue
            for name in cls.own:
                member = cls.own_member(name)
                if name not in found and member is not None:
                    manager = self._index.manager(name, member)
                    if manager is not None:
                        found[name] = manager
        if not found:
            plain = self.project.dotted_symbol(_MANAGER)
            found["objects"] = Manager("objects", (plain,) if isinstance(plain, Class) else (), None)
        return found

    @cached_property
    def default_manager(self) -> Manager:
        """The manager that reverse relations and `_default_manager` use."""
        named = self.meta("default_manager_name")
        if isinstance(named, str) and named in self.managers:
            return self.managers[named]
        return next(iter(self.managers.values()))


class Models:
    """All models of the project, and those of packages that they lead to."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._models: dict[Class, Model] = {}

    @property
    def tracking(self) -> Tracking:
        """The project's tracking."""
        return self.project.tracking

    @cached_property
    def memo(self) -> dict[Hashable, tuple[Any, set[str]]]:
        """Values of every derivation hung on the index, so of many types."""
        return {}

    def of(self, cls: Class) -> Model | None:
        """The model that a class is; None for `models.Model` itself, for other classes and for the undecided."""
        known = self._models.get(cls)
        if known is not None:
            return known
        if cls.dotted in _MODEL_ITSELF or not self._is_model(cls):
            return None
        self._models[cls] = model = Model(self, cls)
        return model

    def _is_model(self, cls: Class) -> bool:
        return cls.derives_from_any(MODEL, *self.project.config.model_bases) is True

    @cached_property
    def all(self) -> tuple[Model, ...]:
        """Every model written in the project, tests and migrations left out, in order of path and place."""
        found = (self.of(cls) for cls in self.project.classes if not cls.module.is_migration and not cls.module.is_test)
        return tuple(model for model in found if model is not None)

    @cached_property
    def undecided(self) -> tuple[tuple[Class, Unknown], ...]:
        """Classes that look like models (they hold model fields) but have a base that is not resolved."""
        return tuple(
            (cls, cls.unresolved_bases[0])
            for cls in self.project.classes
            if not cls.module.is_migration
            and not cls.module.is_test
            and cls.derives_from(MODEL) is None
            and any(self._has_column(cls, name) for name in cls.own)
        )

    def _has_column(self, cls: Class, name: str) -> bool:
        member = cls.own_member(name)
        field = self.field(member) if member is not None else None
        return field is not None and field.is_a(_FIELD_BASES[0]) is True

    # --------------------------------------------------------------------------------------------- labels
    @cached_property
    def _labels(self) -> Mapping[str, Model]:
        return {model.label.lower(): model for model in reversed(self.all)}

    @derived(lambda: None)
    def named(self, label: str) -> Model | None:
        """The model of `app_label.ModelName`, in the project, the library or an environment."""
        self.tracking.touch("models")
        found = self._labels.get(label.lower())
        if found is not None:
            return found
        app, _, name = label.rpartition(".")
        home = library_module(self.project, app)
        if home is None:
            return None
        for cls in self.project.classes_in(home):
            if cls.name.lower() == name.lower():
                return self.of(cls)
        symbol = self.project.attribute(home, name)
        return self.of(symbol) if isinstance(symbol, Class) else None

    @cached_property
    def user(self) -> Model | Unknown:
        """The model that AUTH_USER_MODEL names."""
        label = self.project.user_model_label
        return self.named(label) or Unknown("user model not at hand", label)

    # --------------------------------------------------------------------------------------------- fields
    def field(self, member: Member) -> Field | None:
        """The field that a class attribute declares, None when it is none."""
        match member.binding:
            case Assigned(value=t.Call() as call, element=None):
                pass
            case _:
                return None
        symbol = self.project.resolve(call.func, member.scope)
        match symbol:
            case Class():
                return (
                    Field(member.name, member, symbol, call)
                    if symbol.derives_from_any(*_FIELD_BASES)
                    else (
                        Field(member.name, member, symbol, call)
                        if symbol.derives_from(_FIELD_BASES[0]) is None and symbol.name.endswith(("Field", "Key"))
                        else None
                    )
                )
            case External(dotted=dotted) if dotted.endswith(("Field", "ForeignKey")) and symbol.package != "builtins":
                return Field(member.name, member, symbol, call)
            case _:
                return None

    def forward_relation(self, model: Model, name: str, field: Field) -> Relation | None:
        """The relation that a field makes on `model`, None for a plain column."""
        kind = _relation_kind(field)
        if kind is None:
            return None
        if kind is RelationKind.GENERIC_FOREIGN_KEY:
            return Relation(name, name, kind, model, Unknown("target of a generic foreign key"), field, nullable=True)
        if field.is_a(f.TAGGABLE):
            tag = self.project.dotted_symbol("taggit.models.Tag")
            target = self.of(tag) if isinstance(tag, Class) else None
            return Relation(name, name, kind, model, target or Unknown("taggit is not at hand"), field)
        query_name = name
        return Relation(name, query_name, kind, model, self._target(model, field), field, field.flag("null"))

    def _target(self, model: Model, field: Field) -> Model | Unknown:
        given = field.argument("to", 0)
        if given is None:
            return Unknown("relation without a visible target", field.name)
        return self.referred(given.expr, given.scope, model)

    def referred(self, expr: t.Expr, scope: Scope, model: Model) -> Model | Unknown:
        """The model that the first argument of a relation names, seen from the model that has the relation."""
        match expr:
            case t.String(value="self"):
                return model
            case t.String(value=label):
                full = label if "." in label else f"{model.app_label}.{label}"
                found = self.named(full)
                if found is None and "." not in label:
                    symbol = self.project.lookup(label, scope)
                    found = self.of(symbol) if isinstance(symbol, Class) else None
                return found or Unknown("model of that label not at hand", full)
            case t.Call(func=func) if self.project.dotted(func, scope) == "django.contrib.auth.get_user_model":
                return self.user
            case _:
                pass
        symbol = self.project.resolve(expr, scope)
        match symbol:
            case Class():
                return self.of(symbol) or Unknown("related class is not known to be a model", symbol.dotted)
            case External(dotted="django.conf.settings.AUTH_USER_MODEL"):
                return self.user
            case External(dotted=dotted) if dotted.endswith(".AUTH_USER_MODEL"):
                return self.user
            case External(dotted=dotted):
                return Unknown("model of a package not at hand", dotted)
            case Value(expr=inner, scope=where) if inner is not expr:
                return self.referred(inner, where, model)
            case _:
                return Unknown("relation to a computed model", scope.module.text(expr))

    @cached_property
    def _reverse(self) -> Mapping[int, tuple[Relation, ...]]:
        found: dict[int, list[Relation]] = {}
        seen: set[int] = set()
        queue = list(self.all)
        while queue:
            model = queue.pop(0)
            if id(model) in seen:
                continue
            seen.add(id(model))
            queue.extend(model.lineage[1:])
            if model.abstract:
                continue
            for name, relation in model.forward.items():
                target = relation.target
                if isinstance(target, Unknown):
                    continue
                queue.append(target)
                if model.proxy or not self._introduces(model, name):
                    continue
                back = _reversed(relation, model, target)
                if back is not None:
                    found.setdefault(id(target.concrete), []).append(back)
            for parent in model.parents[:1]:
                name = model.name.lower()
                link = Relation(name, name, RelationKind.REVERSE_ONE_TO_ONE, parent, model, None, nullable=True)
                found.setdefault(id(parent), []).append(link)
        return {target: tuple(relations) for target, relations in found.items()}

    @staticmethod
    def _introduces(model: Model, name: str) -> bool:
        # A field that a concrete parent has belongs to the parent's table: its reverse side is made once, there.
        return not any(name in parent.fields for parent in model.parents)

    def reverse_of(self, model: Model) -> tuple[Relation, ...]:
        """The relations of other models that end at this one."""
        self.tracking.touch("models")
        return self._reverse.get(id(model), ())

    # ------------------------------------------------------------------------------------------- managers
    def manager(self, name: str, member: Member) -> Manager | None:
        """The manager that a class attribute makes, None when it makes none."""
        match member.binding:
            case Assigned(value=t.Call() as call, element=None):
                return self._manager(name, member, call, member.scope)
            case _:
                return None

    def _manager(self, name: str, member: Member, call: t.Call, scope: Scope) -> Manager | None:
        match call.func:
            case t.Attribute(value=queryset, attr="as_manager"):
                symbol = self.project.resolve(queryset, scope)
                plain = self.project.dotted_symbol(_MANAGER)
                if isinstance(symbol, Class):
                    return Manager(name, (symbol, *((plain,) if isinstance(plain, Class) else ())), member)
                return Manager(name, (), member, Unknown("queryset class not at hand", scope.module.text(queryset)))
            case t.Call(func=t.Attribute(attr="from_queryset")) as factory:
                bases = list(self.project.bases(factory, scope))
                classes = tuple(base for base in bases if isinstance(base, Class))
                if len(classes) != len(bases):
                    return Manager(name, classes, member, Unknown("manager class not at hand", scope.module.text(call)))
                return Manager(name, classes, member)
            case _:
                pass
        symbol = self.project.resolve(call.func, scope)
        match symbol:
            case Class():
                answer = symbol.derives_from_any("django.db.models.BaseManager", _MANAGER)
                if answer or (answer is None and symbol.name.endswith("Manager")):
                    unresolved = symbol.unresolved_bases[0] if symbol.unresolved_bases else None
                    return Manager(name, (symbol,), member, unresolved)
                return None
            case Value(expr=t.Call() as inner, scope=where):
                # `OrderManager = Manager.from_queryset(OrderQuerySet)` at module level, `objects = OrderManager()`
                return self._manager(name, member, t.Call(call.start, call.end, inner, (), ()), where)
            case External(dotted=dotted) if dotted.endswith("Manager"):
                return Manager(name, (), member, Unknown("manager of a package not at hand", dotted))
            case _:
                return None


def _relation_kind(field: Field) -> RelationKind | None:
    for dotted, kind in (
        (f.ONE_TO_ONE, RelationKind.ONE_TO_ONE),
        (f.FOREIGN_KEY, RelationKind.FOREIGN_KEY),
        (f.MANY_TO_MANY, RelationKind.MANY_TO_MANY),
        (f.GENERIC_FOREIGN_KEY, RelationKind.GENERIC_FOREIGN_KEY),
        (f.GENERIC_RELATION, RelationKind.GENERIC_RELATION),
        (f.TAGGABLE, RelationKind.MANY_TO_MANY),
    ):
        if field.is_a(dotted):
            return kind
    # A field class of a package not at hand tells its kind by its name.
    name = field.kind_name
    if field.is_a("django.db.models.Field") is not None:
        return None
    if name.endswith("ForeignKey"):
        return RelationKind.FOREIGN_KEY
    if name.endswith("OneToOneField"):
        return RelationKind.ONE_TO_ONE
    return RelationKind.MANY_TO_MANY if name.endswith("ManyToManyField") else None


_REVERSED = {
    RelationKind.FOREIGN_KEY: RelationKind.REVERSE_FOREIGN_KEY,
    RelationKind.ONE_TO_ONE: RelationKind.REVERSE_ONE_TO_ONE,
    RelationKind.MANY_TO_MANY: RelationKind.REVERSE_MANY_TO_MANY,
}


def _reversed(relation: Relation, model: Model, target: Model) -> Relation | None:
    kind = _REVERSED.get(relation.kind)
    field = relation.field
    if kind is None or field is None or field.is_a(f.TAGGABLE):
        return None
    if relation.kind is RelationKind.MANY_TO_MANY and target is model:
        symmetrical = field.argument("symmetrical")
        if symmetrical is None or model.project.constant(symmetrical.expr, symmetrical.scope) is not False:
            return None
    given = field.argument("related_name")
    named = model.project.constant(given.expr, given.scope) if given else model.meta("default_related_name")
    words = {"class": model.name.lower(), "model_name": model.name.lower(), "app_label": model.app_label.lower()}
    if isinstance(named, Unknown):
        return None
    if isinstance(named, str) and named:
        for word, text in words.items():
            named = named.replace(f"%({word})s", text)
        if named.endswith("+"):
            return None
        accessor = query = named
    else:
        query = model.name.lower()
        accessor = query if kind is RelationKind.REVERSE_ONE_TO_ONE else f"{query}_set"
    queried = field.argument("related_query_name")
    if queried is not None:
        folded = model.project.constant(queried.expr, queried.scope)
        if isinstance(folded, str):
            query = folded
            for word, text in words.items():
                query = query.replace(f"%({word})s", text)
    return Relation(accessor, query, kind, target, model, field, nullable=True)
