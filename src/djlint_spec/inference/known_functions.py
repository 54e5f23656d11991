"""Functions of Python, Django and DRF that are known by name: what a call of each gives, and what it reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from djlint_spec.diagnostics import Span
from djlint_spec.inference import attributes, calls, keys, orm
from djlint_spec.inference.values import (
    NONE,
    SCALAR,
    ClassValue,
    Instance,
    InThread,
    Items,
    Literal,
    ManagerOf,
    Many,
    Mapped,
    OrmCall,
    QuerySet,
    Request,
    Row,
    Rows,
    SerializerOf,
    Value,
    either,
    options,
)
from djlint_spec.project import Unknown
from djlint_spec.project.models import Model

if TYPE_CHECKING:
    from djlint_spec.inference.evaluate import Evaluator

_QUERYSET = "django.db.models.QuerySet"

Args = Sequence[Value]
Kwargs = Mapping[str, Value]


def _column(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    return keys.COLUMN


def first(args: Args, kwargs: Kwargs) -> Value:
    """The first argument of a call."""
    return args[0] if args else Unknown("missing argument")


def _as_list(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    if not args:
        return Items(())
    value = args[0]
    if isinstance(value, Items):
        return value
    return Many(ev.iterate(value, span))


def _sized(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    for value in args:
        for option in options(value):
            if isinstance(option, QuerySet):
                ev.evaluated(option, "len", span)
    return SCALAR


def _consumed(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    for value in args[:1]:
        ev.iterate(value, span)
    return SCALAR


def _next(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    found = ev.iterate(first(args, kwargs), span)
    return either((found, args[1])) if len(args) > 1 else found


def _extreme(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    return either(args) if len(args) > 1 else ev.iterate(first(args, kwargs), span)


def _sorted(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    element = ev.iterate(first(args, kwargs), span)
    key = kwargs.get("key")
    if key is not None:
        calls.invoke(ev, key, [element], {}, span)
    return Many(element)


def _enumerate(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    return Many(Items((SCALAR, ev.iterate(first(args, kwargs), span))))


def _zip(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    return Many(Items(tuple(ev.iterate(value, span) for value in args)))


def _map(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    if len(args) < 2:
        return Unknown("map without arguments")
    return Many(calls.invoke(ev, args[0], [ev.iterate(value, span) for value in args[1:]], {}, span))


def _filter(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    if len(args) < 2:
        return Unknown("filter without arguments")
    element = ev.iterate(args[1], span)
    if args[0] != NONE:
        calls.invoke(ev, args[0], [element], {}, span)
    return Many(element)


def _getattr(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    match list(args):
        case [held, Literal(value=str(name)), *default]:
            found: list[Value] = []
            for option in options(held):
                there = attributes.has_attribute(option, name)
                value = attributes.attribute(ev, option, name, span)
                if default and (there is False or (isinstance(value, Unknown) and "run time" in value.cause)):
                    found.append(default[0])
                    continue
                found.append(value)
                if default and isinstance(option, Request) and name != "method":
                    found.append(default[0])  # what some middleware puts there is not on every request
            return either(found)
        case _:
            return Unknown("attribute named at run time")


def _hasattr(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    match list(args):
        case [Row() as row, Literal(value=str(name))] if (
            relation := row.model.relations.get(name)
        ) is not None and not relation.to_many:
            ev.load(row, name, span)  # hasattr of a reverse one-to-one queries
            return SCALAR
        case [Row(rows=Rows() as rows, path=()), Literal(value=str(name))] if name in ev.set_on_rows.get(rows, ()):
            return Literal(True)
        case [held, Literal(value=str(name))]:
            there = attributes.has_attribute(held, name)
            return SCALAR if there is None else Literal(there)
        case _:
            return SCALAR


def _str(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    for value in args[:1]:
        ev.text(value, span)
    return SCALAR


def _isinstance(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    match list(args):
        case [QuerySet(), ClassValue(cls=cls)]:
            return Literal(True) if cls.dotted == _QUERYSET else SCALAR
        case [Row(model=model), ClassValue(cls=cls)]:
            if cls in model.cls.mro:
                return Literal(True)
            # A model's rows are of that very class, or of one below it where something makes them so.
            return (
                SCALAR if model.cls in cls.mro or model.cls.unresolved_bases or cls.unresolved_bases else Literal(False)
            )
        case [Row() as row, Items(elements=several)]:
            answers = {_isinstance(ev, (row, one), kwargs, span) for one in several}
            return Literal(True) if Literal(True) in answers else SCALAR if SCALAR in answers else Literal(False)
        case [Instance(cls=mine), ClassValue(cls=cls)] if cls in mine.mro:
            return Literal(True)
        case _:
            return SCALAR


def _threaded(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    return InThread(args[0]) if args else Unknown("decorator made by a call")


def _object_or_404(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    return either(_one_or_404(ev, option, "get", span) for option in options(first(args, kwargs)))


def _awaited_object_or_404(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    return either(_one_or_404(ev, option, "aget", span) for option in options(first(args, kwargs)))


def _one_or_404(ev: Evaluator, held: Value, method: str, span: Span) -> Value:
    match held:
        case ClassValue(cls=cls):
            model = ev.project.models.of(cls)
            if model is None:
                return Unknown("get_object_or_404 of an unresolved model")
            return orm.call(ev, OrmCall(ManagerOf(model, model.default_manager), method), (), {}, span)
        case QuerySet() | ManagerOf():
            return orm.call(ev, OrmCall(held, method), (), {}, span)
        case _:
            return Unknown("get_object_or_404 of an unresolved model")


def _list_or_404(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    return either(_some_or_404(ev, option, span) for option in options(first(args, kwargs)))


def _some_or_404(ev: Evaluator, held: Value, span: Span) -> Value:
    match held:
        case ClassValue(cls=cls) if (model := ev.project.models.of(cls)) is not None:
            return _some_or_404(ev, ManagerOf(model, model.default_manager), span)
        case QuerySet() | ManagerOf():
            return Many(ev.iterate(orm.call(ev, OrmCall(held, "filter"), (), {}, span), span))
        case _:
            return Unknown("get_list_or_404 of an unresolved model")


def _user_model(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    user = ev.project.models.user
    return ClassValue(user.cls) if isinstance(user, Model) else user


def _get_model(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    texts = [a.value for a in args if isinstance(a, Literal) and isinstance(a.value, str)]
    model = ev.project.models.named(".".join(texts)) if texts else None
    return ClassValue(model.cls) if model is not None else Unknown("model got by a computed name")


def _copied(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    """What `copy.copy` gives: of a queryset, its rows are fetched first (`QuerySet.__getstate__`)."""
    for option in options(first(args, kwargs)):
        if isinstance(option, QuerySet):
            ev.evaluated(option, "iterate", span)
    return first(args, kwargs)


def _deeply_copied(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    return first(args, kwargs)


def _second(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    return args[1] if len(args) > 1 else Unknown("missing argument")


def _prefetch_objects(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    """`prefetch_related_objects`: what single rows are given so is at hand from then on, asked again or not."""
    rows = args[0].elements if args and isinstance(args[0], Items) else ()
    for row in (option for element in rows for option in options(element)):
        for lookup in args[1:]:
            if isinstance(row, Row) and row.rows is None and isinstance(lookup, Literal) and row.lasting:
                ev.cut()
                ev.fetched.add((row, str(lookup.value)))
    return NONE


def _type(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    match first(args, kwargs):
        case Row(model=model):
            return ClassValue(model.cls)
        case Instance(cls=cls) | SerializerOf(cls=cls):
            return ClassValue(cls)
        case _:
            return Unknown("type of a value")


def _dict(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    if args and isinstance(args[0], Mapped):
        return args[0]
    return Mapped(tuple((key, value) for key, value in kwargs.items() if key != "**"), bool(args) or "**" in kwargs)


def _scalar(ev: Evaluator, args: Args, kwargs: Kwargs, span: Span) -> Value:
    return SCALAR


KNOWN: Mapping[str, Callable[[Evaluator, Args, Kwargs, Span], Value]] = {
    "builtins.list": _as_list,
    "builtins.tuple": _as_list,
    "builtins.set": _as_list,
    "builtins.frozenset": _as_list,
    "builtins.iter": _as_list,
    "builtins.reversed": _as_list,
    "builtins.len": _sized,
    "builtins.bool": _sized,
    "builtins.sum": _consumed,
    "builtins.any": _consumed,
    "builtins.all": _consumed,
    "builtins.next": _next,
    "builtins.max": _extreme,
    "builtins.min": _extreme,
    "builtins.sorted": _sorted,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "builtins.map": _map,
    "builtins.filter": _filter,
    "builtins.getattr": _getattr,
    "builtins.hasattr": _hasattr,
    "builtins.str": _str,
    "builtins.repr": _str,
    "builtins.format": _str,
    "builtins.isinstance": _isinstance,
    "builtins.type": _type,
    "builtins.dict": _dict,
    "builtins.int": _scalar,
    "builtins.float": _scalar,
    "builtins.print": _scalar,
    "typing.cast": _second,
    "asgiref.sync.sync_to_async": _threaded,
    "channels.db.database_sync_to_async": _threaded,
    "copy.copy": _copied,
    "copy.deepcopy": _deeply_copied,
    "django.shortcuts.get_object_or_404": _object_or_404,
    "rest_framework.generics.get_object_or_404": _object_or_404,
    "django.shortcuts.aget_object_or_404": _awaited_object_or_404,
    "django.shortcuts.get_list_or_404": _list_or_404,
    "django.contrib.auth.get_user_model": _user_model,
    "django.apps.apps.get_model": _get_model,
    "django.db.models.F": _column,
    "django.db.models.OuterRef": _column,
    "django.db.models.Prefetch": orm.prefetch_object,
    "django.db.models.query.Prefetch": orm.prefetch_object,
    "django.db.models.prefetch_related_objects": _prefetch_objects,
    "django.db.models.query.prefetch_related_objects": _prefetch_objects,
}
