"""`value.name`: rows lead to related rows, classes to their members, managers to their methods."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.inference import orm, paths
from djlint_spec.inference.loading import UNSEEN
from djlint_spec.inference.requests import RequestAttributes
from djlint_spec.inference.values import (
    NONE,
    SCALAR,
    Builtin,
    ClassValue,
    Foreign,
    Instance,
    Items,
    Kept,
    Literal,
    ManagerOf,
    Many,
    Mapped,
    Method,
    ModuleValue,
    OrmCall,
    QuerySet,
    RelatedSet,
    Request,
    Row,
    Rows,
    Scalar,
    SerializerOf,
    Super,
    Value,
    either,
    options,
)
from djlint_spec.project import Class, Function, Member, Unknown
from djlint_spec.project import Value as Named
from djlint_spec.project.managers import Manager
from djlint_spec.project.models import Model
from djlint_spec.project.module import Origin
from djlint_spec.project.symbols import Assigned, External

if TYPE_CHECKING:
    from djlint_spec.inference.evaluate import Evaluator

_PROPERTIES = frozenset(
    {
        "builtins.property",
        "functools.cached_property",
        "django.utils.functional.cached_property",
        "property",
        "cached_property",
    }
)
_SETTINGS = "django.conf.settings"
_SERIALIZER_DATA = ("data", "_data")


def attribute(ev: Evaluator, value: Value, name: str, span: Span) -> Value:
    """What `value.name` holds; loading a relation is recorded."""
    of = _OF.get(type(value))
    return of(ev, value, name, span) if of is not None else Unknown("attribute of a value", name)


def _of_unknown(ev: Evaluator, value: Unknown, name: str, span: Span) -> Value:
    return value


def _of_scalar(ev: Evaluator, value: Value, name: str, span: Span) -> Value:
    return SCALAR


def _of_plain(ev: Evaluator, value: Value, name: str, span: Span) -> Value:
    return Builtin(value, name)


def _of_module(ev: Evaluator, value: ModuleValue, name: str, span: Span) -> Value:
    return ev.symbol(ev.project.attribute(value.module, name))


def _of_set(ev: Evaluator, queryset: QuerySet, name: str, span: Span) -> Value:
    if name == "_result_cache":
        match queryset.related:
            case RelatedSet(row=Row(rows=Rows()), narrowed=None):
                return _kept_of_set(ev, queryset, span)
            case _:
                pass
    return of_queryset(ev, queryset, name)


def _of_manager(ev: Evaluator, manager: ManagerOf, name: str, span: Span) -> Value:
    return of_manager(ev, manager, name)


# ------------------------------------------------------------------------------------------------------ rows
def _of_row(ev: Evaluator, row: Row, name: str, span: Span) -> Value:
    model = row.model
    if row.rows is not None or row.lasting:
        ev.course.seen[id(row.rows)] = row.rows
    given = ev.set_attributes.of(row, name)
    if given is not None:
        return given
    loading = paths.loaded_at(row)
    if not row.path and row.rows is not None:
        if name in ev.set_on_rows.get(row.rows, ()):
            return SCALAR
        if name in row.rows.loading.absent:
            return NONE
    if loading is not None:
        entry = loading.to_attr(name)
        if entry is not None:
            target = model_at(model, entry.path)
            return Many(Row(target, row.rows, (*row.path, name)) if target is not None else SCALAR)
        if name in loading.annotations:
            return SCALAR
    relation = model.relations.get(name)
    if relation is not None:
        return ev.related(row, name) if relation.to_many else ev.load(row, name, span)
    if name in model.fields or name in model.attnames:
        ev.column(row, name, span)
        return SCALAR
    if name in ("pk", "id", "_meta", "_state"):
        return SCALAR
    if name in _KEPT_BY_ROWS:
        return Kept(row, name != "__dict__")
    member = model.cls.find(name)
    if member is not None and not _is_framework(member):
        if loading is not None and UNSEEN in loading.annotations and _gives_way(member):
            return Unknown("annotations not visible", f"{model.dotted}.{name}")
        return of_member(ev, member, row, span)
    if member is not None or name.startswith("get_"):
        return Foreign(f"{model.dotted}.{name}")
    if (row.path or model.unresolved) and not name.startswith("_"):
        return Unknown("attribute not found", f"{model.dotted}.{name}")
    return Unknown("attribute set at run time", f"{model.dotted}.{name}")


def _kept_of_set(ev: Evaluator, queryset: QuerySet, span: Span) -> Value:
    """The rows that a set has at hand if it was prefetched.

    Code that asks for them goes by a query of its own without: so it is the prefetch that the list lacks.
    """
    ev.evaluated(queryset, "iterate", span)
    return Many(ev.element(queryset))


def _gives_way(member: Member) -> bool:
    """Whether an annotation of the same name takes the member's place: not of a property, which cannot be set."""
    function = member.function
    return function is None or any(dotted.endswith("cached_property") for dotted, _ in function.decorator_names())


def model_at(model: Model, path: tuple[str, ...]) -> Model | None:
    """The model at the end of a path of accessors."""
    for name in path:
        relation = model.relations.get(name)
        if relation is None or isinstance(relation.target, Unknown):
            return None
        model = relation.target
    return model


def _is_framework(member: Member) -> bool:
    # The library tells that the name exists; what it does, the room `orm` knows.
    return member.owner.module.origin is Origin.LIBRARY


# --------------------------------------------------------------------------------------------------- members
def of_member(ev: Evaluator, member: Member, receiver: Value, span: Span) -> Value:
    """What a class attribute gives when read from an instance: a bound method, a property's value, a value."""
    function = member.function
    if function is not None and _adds_to_property(function):
        function = _getter(ev, member) or function
    if function is not None:
        decorators = function.decorated_by
        if decorators & _PROPERTIES or any(name.endswith("property") for name in decorators):
            before = _is_kept_already(ev, decorators, function, receiver)
            if before or _is_kept_once(decorators, receiver):
                with ev.journal.muted():
                    held = ev.call(Method(function, receiver), (), {}, span)
            else:
                held = ev.call(Method(function, receiver), (), {}, span)
            return _with_rows(held) if before else held
        if "builtins.staticmethod" in decorators:
            return Method(function)
        if "builtins.classmethod" in decorators:
            match receiver:
                case Row(model=model):
                    return Method(function, ClassValue(model.cls))
                case Instance(cls=cls) | SerializerOf(cls=cls):
                    return Method(function, ClassValue(cls))
                case _:
                    return Method(function, receiver)
        return Method(function, receiver)
    match member.binding:
        case t.ClassDef() as node:
            return ClassValue(ev.project.cls(member.owner.module, node, member.owner))
        case Assigned(value=None):
            return Unknown("declared without a value", member.name)
        case Assigned(value=value, element=None) if value is not None:
            return ev.symbol(Named(value, member.scope))
        case _:
            return ev.symbol(ev.project.resolve_binding(member.binding, member.scope))


def _is_kept_once(decorators: frozenset[str], receiver: Value) -> bool:
    """Whether a property keeps its value on an object that all rows of a list share."""
    lasts = isinstance(receiver, SerializerOf) or (isinstance(receiver, Row) and receiver.lasting)
    return lasts and any(name.endswith("cached_property") for name in decorators)


def _is_kept_already(ev: Evaluator, decorators: frozenset[str], function: Function, receiver: Value) -> bool:
    """Whether a row has the value of a cached property from before, where what each row keeps is minded."""
    if (
        ev.kept is None
        or not isinstance(receiver, Row)
        or not any(one.endswith("cached_property") for one in decorators)
    ):
        return False
    known = (function, receiver) in ev.kept
    ev.kept.add((function, receiver))
    return known


def _with_rows(value: Value) -> Value:
    return either(replace(one, held=True) if isinstance(one, QuerySet) else one for one in options(value))


def _adds_to_property(function: Function) -> bool:
    return any(isinstance(d, t.Attribute) and d.attr in ("setter", "deleter") for d in function.node.decorators)


def _getter(ev: Evaluator, member: Member) -> Function | None:
    """The property that a `@name.setter` adds to: the first of the functions of that name."""
    first = member.owner.own[member.name][0]
    return ev.project.function(member.owner.module, first, member.owner) if isinstance(first, t.FunctionDef) else None


def _of_instance(ev: Evaluator, instance: Instance, name: str, span: Span) -> Value:
    known = instance.get(name)
    if known is not None:
        ev.context_uses += name == "context"
        return known
    if name == "__class__":
        return ClassValue(instance.cls)
    member = instance.cls.find(name)
    if member is not None:
        return of_member(ev, member, instance, span)
    if instance.cls.unresolved_bases:
        return ev.doubt("attribute of an unresolved base", f"{instance.cls.dotted}.{name}")
    return Unknown("attribute set at run time", f"{instance.cls.dotted}.{name}")


_KEPT_BY_ROWS = frozenset({"__dict__", "_prefetched_objects_cache"})
"""Where a row keeps what was loaded; the second comes with the first prefetch, which is what code asks it for."""


def has_attribute(value: Value, name: str) -> bool | None:
    """Whether `hasattr(value, name)` holds; None when it may."""
    match value:
        case QuerySet(classes=classes) | ManagerOf(manager=Manager(classes=classes)):
            if name in orm.METHODS or any(cls.find(name) is not None for cls in classes):
                return True
            return None if any(cls.unresolved_bases for cls in classes) else False
        case ClassValue(cls=cls) if cls.module.origin is Origin.PROJECT:
            return cls.find(name) is not None or (None if cls.unresolved_bases else False)
        case Instance() if value.get(name) is not None or value.cls.find(name) is not None:
            return True
        case Row() if name in _KEPT_BY_ROWS or has_loaded(value, name):
            return True
        case Row(model=model) if name in model.fields or model.cls.find(name) is not None:
            return True
        case Row(model=model, rows=rows) if rows is not None and not model.unresolved and name not in model.relations:
            return None if has_loaded(value, UNSEEN) else False
        case _:
            return None


def has_loaded(row: Row, name: str) -> bool:
    """Whether the queryset puts an attribute of its own on a row: an annotation, or a Prefetch's `to_attr`."""
    loading = paths.loaded_at(row)
    return loading is not None and (name in loading.annotations or loading.to_attr(name) is not None)


def _of_serializer(ev: Evaluator, serializer: SerializerOf, name: str, span: Span) -> Value:
    if name in _SERIALIZER_DATA:
        return ev.serialize(serializer, span)
    if name in ("context", "_context"):
        ev.context_uses += 1
        return serializer.context or Mapped((), open=True)
    if name == "instance":
        return serializer.given if serializer.given is not None and not serializer.many else NONE
    member = serializer.cls.find(name)
    if member is not None and not _is_framework(member):
        return of_member(ev, member, serializer, span)
    if member is not None and member.function is not None:
        return Method(member.function, serializer)
    return Unknown("attribute set at run time", f"{serializer.cls.dotted}.{name}")


def _of_class(ev: Evaluator, value: ClassValue, name: str, span: Span) -> Value:
    cls = value.cls
    model = ev.project.models.of(cls)
    if model is not None:
        if name == "_default_manager":
            return ManagerOf(model, model.default_manager)
        if name == "_base_manager":
            return ManagerOf(model, model.base_manager)
        manager = model.managers.get(name)
        if manager is not None:
            return ManagerOf(model, manager)
    member = cls.find(name)
    if member is None:
        return Unknown("attribute not found", f"{cls.dotted}.{name}")
    function = member.function
    if function is None:
        return of_member(ev, member, ClassValue(cls), span)
    decorators = function.decorated_by
    return Method(function, ClassValue(cls) if "builtins.classmethod" in decorators else None)


def _of_super(ev: Evaluator, value: Super, name: str, span: Span) -> Value:
    receiver = value.receiver
    match receiver:
        case Instance(cls=cls) | SerializerOf(cls=cls) | ClassValue(cls=cls):
            member = cls.after(value.owner, name)
        case Row(model=model):
            member = model.cls.after(value.owner, name)
        case ManagerOf(manager=manager):
            member = _after(manager.classes, value.owner, name)
        case QuerySet(classes=classes):
            member = _after(classes, value.owner, name)
        case _:
            return Unknown("super() of an unknown object")
    if member is not None and isinstance(receiver, (QuerySet, ManagerOf)) and _is_framework(member):
        member = None
    if member is not None:
        return of_member(ev, member, receiver, span)
    match receiver:
        case QuerySet() | ManagerOf():
            return OrmCall(receiver, name)
        case Instance(cls=cls) | SerializerOf(cls=cls) if cls.unresolved_bases:
            return ev.doubt("super() of an unresolved base", f"{cls.dotted}.{name}")
        case _:
            return Unknown("super() without such a member", name)


def _after(classes: tuple[Class, ...], owner: Class, name: str) -> Member | None:
    for cls in classes:
        if owner in cls.mro:
            return cls.after(owner, name)
    return None


# ------------------------------------------------------------------------------------------------------- ORM
def of_queryset(ev: Evaluator, queryset: QuerySet, name: str) -> Value:
    """A method of a queryset: the project's own where its class defines it, else Django's."""
    for cls in queryset.classes:
        member = cls.find(name)
        if member is not None and not _is_framework(member):
            return of_member(ev, member, queryset, Span("", 1, 1, 1, 1))
    if name == "model":
        return ClassValue(queryset.model.cls)
    if name in ("query", "db", "_db", "_hints", "_prefetch_related_lookups"):
        return SCALAR
    return OrmCall(queryset, name)


def of_manager(ev: Evaluator, manager: ManagerOf, name: str) -> Value:
    """A method of a manager; one that its queryset class brings works on the manager's queryset."""
    if name == "get_queryset":
        return OrmCall(manager, "all")
    found = manager.manager.method(name)
    if found is not None and not _is_framework(found[1]):
        cls, member = found
        del cls
        if _is_of_queryset(member.owner) and member.function is not None:
            return Method(member.function, orm.base_queryset(ev, manager))
        return of_member(ev, member, manager, Span("", 1, 1, 1, 1))
    if name == "model":
        return ClassValue(manager.model.cls)
    if name in ("_db", "db", "_queryset_class", "instance"):
        return SCALAR
    return OrmCall(manager, name)


def _is_of_queryset(owner: Class) -> bool:
    # A manager made by `from_queryset` counts the queryset among its bases; its own methods are a manager's.
    return owner.derives_from("django.db.models.QuerySet") is True and not owner.derives_from(
        "django.db.models.manager.BaseManager"
    )


# ------------------------------------------------------------------------------------------------------ rest
def _of_foreign(ev: Evaluator, value: Foreign, name: str, span: Span) -> Value:
    dotted = value.dotted
    if dotted == _SETTINGS:
        return _setting(ev, name)
    symbol = ev.project.dotted_symbol(f"{dotted}.{name}")
    return Foreign(symbol.dotted) if isinstance(symbol, External) else ev.symbol(symbol)


def _setting(ev: Evaluator, name: str) -> Value:
    """A list of constants that the project's settings write out; of what else they hold each deployment may decide."""
    given = ev.project.setting(name)
    if given is not None and isinstance(given.expr, (t.ListExpr, t.TupleExpr)):
        held = ev.symbol(given)
        if isinstance(held, Items) and all(isinstance(element, Literal) for element in held.elements):
            return held
    return Foreign(f"{_SETTINGS}.{name}")


def _of_request(ev: Evaluator, request: Request, name: str, span: Span) -> Value:
    if name == "method":
        return Literal(request.method) if request.method else SCALAR
    if name == "user":
        user = ev.project.models.user
        return Row(user, lasting=True) if isinstance(user, Model) else user
    return ev.project.once(RequestAttributes).value(name, ev)


_OF: Mapping[type, Callable[..., Value]] = {
    Unknown: _of_unknown, Scalar: _of_scalar, Row: _of_row, QuerySet: _of_set, ManagerOf: _of_manager,
    Instance: _of_instance, SerializerOf: _of_serializer, ClassValue: _of_class, Super: _of_super,
    ModuleValue: _of_module, Foreign: _of_foreign, Request: _of_request, Mapped: _of_plain, Items: _of_plain,
    Many: _of_plain, Literal: _of_plain,
}  # fmt: skip
"""What tells an attribute of each kind of value, called as `(evaluator, value, name, span)`."""

PLACELESS = frozenset(
    {Unknown, Scalar, ManagerOf, ModuleValue, ClassValue, Foreign, Request, Mapped, Items, Many, Literal}
)
"""Values of which no attribute is a query: where it is read does not matter."""
