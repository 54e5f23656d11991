"""Fields of models, and the relations that some of them make."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

import msgspec

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import walk
from djlint_spec.project.classes import Class, Member
from djlint_spec.project.module import Origin
from djlint_spec.project.symbols import Assigned, External, Scope, Unknown, Value

if TYPE_CHECKING:
    from djlint_spec.project.models import Model
    from djlint_spec.project.project import Project

FIELD = "django.db.models.Field"
COMPOSITE_KEY = "django.db.models.CompositePrimaryKey"
FOREIGN_KEY = "django.db.models.ForeignKey"
ONE_TO_ONE = "django.db.models.OneToOneField"
MANY_TO_MANY = "django.db.models.ManyToManyField"
GENERIC_FOREIGN_KEY = "django.contrib.contenttypes.fields.GenericForeignKey"
GENERIC_RELATION = "django.contrib.contenttypes.fields.GenericRelation"
TAGGABLE = "taggit.managers.TaggableManager"


class RelationKind(enum.Enum):
    """How a relation leads from one model to another."""

    FOREIGN_KEY = "foreign key"
    ONE_TO_ONE = "one-to-one"
    MANY_TO_MANY = "many-to-many"
    REVERSE_FOREIGN_KEY = "reverse foreign key"
    REVERSE_ONE_TO_ONE = "reverse one-to-one"
    REVERSE_MANY_TO_MANY = "reverse many-to-many"
    GENERIC_FOREIGN_KEY = "generic foreign key"
    GENERIC_RELATION = "generic relation"

    @property
    def to_many(self) -> bool:
        """Whether the relation holds a manager rather than one row."""
        return self in _TO_MANY

    @property
    def is_forward_key(self) -> bool:
        """Whether the row itself stores the key, so that `x_id` costs nothing."""
        return self in (RelationKind.FOREIGN_KEY, RelationKind.ONE_TO_ONE)


_TO_MANY = frozenset(
    {
        RelationKind.MANY_TO_MANY,
        RelationKind.REVERSE_FOREIGN_KEY,
        RelationKind.REVERSE_MANY_TO_MANY,
        RelationKind.GENERIC_RELATION,
    }
)

_KEEPS_ORIGIN = (RelationKind.REVERSE_FOREIGN_KEY, RelationKind.REVERSE_ONE_TO_ONE, RelationKind.ONE_TO_ONE)


class Field(msgspec.Struct, frozen=True):
    """A field as one class body declares it; inherited fields keep the owner that declares them."""

    name: str
    member: Member
    kind: Class | External
    call: t.Call

    @property
    def owner(self) -> Class:
        """The class in whose body the field stands."""
        return self.member.owner

    @property
    def scope(self) -> Scope:
        """Where names of the call are looked up."""
        return self.member.scope

    @property
    def span(self) -> Span:
        """The call that makes the field."""
        return self.owner.module.span(self.call)

    @property
    def kind_name(self) -> str:
        """The field class's own name, as `CharField`."""
        return self.kind.name if isinstance(self.kind, Class) else self.kind.dotted.rpartition(".")[2]

    def is_a(self, dotted: str) -> bool | None:
        """Whether the field class is or derives from the one of that name; None when unresolved."""
        return self.kind.derives_from(dotted) if isinstance(self.kind, Class) else None

    def argument(self, name: str, position: int | None = None) -> Value | None:
        """The argument given by keyword, in a visible `**mapping`, or by position; None when absent."""
        for keyword in self.call.keywords:
            if keyword.name == name:
                return Value(keyword.value, self.scope)
            if keyword.name is None:
                found = self._mapped(keyword.value, self.scope, name)
                if found is not None:
                    return found
        if position is not None and position < len(self.call.args) and not self._is_spread(position):
            return Value(self.call.args[position], self.scope)
        return None

    def _is_spread(self, position: int) -> bool:
        return any(isinstance(argument, t.Starred) for argument in self.call.args[: position + 1])

    def _mapped(self, expr: t.Expr, scope: Scope, name: str) -> Value | None:
        found = self._mapping(expr, scope)
        if found is not None:
            mapping, where = found
            for key, value in zip(mapping.keys, mapping.values, strict=True):
                if isinstance(key, t.String) and key.value == name:
                    return Value(value, where)
        return None

    def _mapping(self, expr: t.Expr, scope: Scope) -> tuple[t.DictExpr, Scope] | None:
        """The dict display that an expression is or names, where all its keys are strings."""
        match expr:
            case t.DictExpr(keys=keys):
                return (expr, scope) if all(isinstance(key, t.String) for key in keys) else None
            case t.Name() | t.Attribute():
                symbol = self.owner.project.resolve(expr, scope)
                if isinstance(symbol, Value) and symbol.expr is not expr:
                    return self._mapping(symbol.expr, symbol.scope)
            case _:
                pass
        return None

    def flag(self, name: str) -> bool:
        """Whether a keyword is given as the constant True."""
        value = self.argument(name)
        return value is not None and self.owner.project.constant(value.expr, value.scope) is True

    @property
    def is_key(self) -> bool:
        """Whether the field is its model's primary key: by its argument, its class's own doing, or as a composite."""
        if self.argument("primary_key") is not None:
            return self.flag("primary_key")
        return isinstance(self.kind, Class) and (self.is_a(COMPOSITE_KEY) is True or _makes_key(self.kind))

    @property
    def has_unknown_arguments(self) -> bool:
        """Whether the call takes arguments from a `*` or `**` whose mapping is not seen."""
        return any(
            keyword.name is None and self._mapping(keyword.value, self.scope) is None for keyword in self.call.keywords
        ) or any(isinstance(argument, t.Starred) for argument in self.call.args)


def _makes_key(kind: Class) -> bool:
    """Whether a field class of the project gives itself `primary_key=True` in its `__init__`."""
    method = kind.method("__init__")
    if method is None or method.module.origin is not Origin.PROJECT or not method.mentions("primary_key"):
        return False
    return any(_gives_key(node) for node in walk(method.body))


def _gives_key(node: object) -> bool:
    match node:
        case t.Keyword(name="primary_key", value=t.Boolean(value=True)):
            return True
        case t.Assign(targets=(t.Subscript(index=t.String(value="primary_key")),), value=t.Boolean(value=True)):
            return True
        case t.Call(func=t.Attribute(attr="setdefault"), args=(t.String(value="primary_key"), t.Boolean(value=True))):
            return True
        case _:
            return False


FIELD_BASES = (FIELD, GENERIC_FOREIGN_KEY, GENERIC_RELATION, TAGGABLE)


def declared_field(project: Project, member: Member) -> Field | None:
    """The field that a class attribute declares, None when it is none.

    A class of a package that is not at hand counts by its name: `...Field`, `...ForeignKey`.
    """
    match member.binding:
        case Assigned(value=t.Call() as call, element=None):
            pass
        case _:
            return None
    symbol = project.resolve(call.func, member.scope)
    match symbol:
        case Class():
            known = symbol.derives_from_any(*FIELD_BASES)
            named = known is None and symbol.name.endswith(("Field", "Key"))
            return Field(member.name, member, symbol, call) if known or named else None
        case External(dotted=dotted) if dotted.endswith(("Field", "ForeignKey")) and symbol.package != "builtins":
            return Field(member.name, member, symbol, call)
        case _:
            return None


class Relation(msgspec.Struct, frozen=True):
    """One step from `source` to `target`: the accessor on rows and the name in lookups.

    `field` is the field that makes it, also for the reverse side; None for what Django adds by itself.
    `parent_link` marks both sides of the key between a table and the one that it extends.
    """

    name: str
    query_name: str
    kind: RelationKind
    source: Model
    target: Model | Unknown
    field: Field | None
    nullable: bool = False
    parent_link: bool = False

    @property
    def to_many(self) -> bool:
        """Whether the accessor is a manager."""
        return self.kind.to_many

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the row itself that say where the relation leads."""
        if self.kind.is_forward_key:
            return (self.name,)
        if self.kind is not RelationKind.GENERIC_FOREIGN_KEY or self.field is None:
            return ()
        if not self.field.is_a(GENERIC_FOREIGN_KEY):
            return ()
        given = [self.field.argument(name, place) for place, name in enumerate(("ct_field", "fk_field"))]
        named = [self.field.owner.project.constant(v.expr, v.scope) if v is not None else None for v in given]
        return tuple(
            name if isinstance(name, str) else default
            for name, default in zip(named, ("content_type", "object_id"), strict=True)
        )

    def goes_back(self, arrived: Relation) -> bool:
        """Whether this step, after `arrived`, ends at the very row that one came from, which Django keeps at hand.

        Rows of a reverse key know their parent, and both sides of a one-to-one each other (facts of Django 4.2 to 6.1).
        """
        return (
            arrived.kind in _KEEPS_ORIGIN
            and self.kind is not arrived.kind
            and self.field is not None
            and self.field == arrived.field
        )
