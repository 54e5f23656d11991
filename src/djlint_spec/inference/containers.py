"""What dicts, lists and texts give by their subscripts and methods; rows of a queryset by their place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.inference.frames import Frame
from djlint_spec.inference.values import (
    NONE,
    SCALAR,
    Builtin,
    ClassValue,
    Either,
    Items,
    Literal,
    Many,
    Mapped,
    QuerySet,
    Value,
    either,
    options,
)
from djlint_spec.project import Unknown

if TYPE_CHECKING:
    from djlint_spec.inference.evaluate import Evaluator


def index(ev: Evaluator, value: Value, at: t.Expr, frame: Frame) -> Value:
    """What `value[at]` gives."""
    span = frame.module.span(at)
    if isinstance(at, t.SliceExpr):
        bounds = tuple(NONE if part is None else ev.eval(part, frame) for part in (at.lower, at.upper, at.step))
        return either(_sliced(option, bounds) for option in options(value))
    key = ev.eval(at, frame)
    if type(value) is not Either:
        return _index(ev, value, key, span)
    several = [option for option in options(value) if option != Mapped(())]  # a dict before anything is put in
    return either(_index(ev, option, key, span) for option in several or options(value))


def _sliced(value: Value, bounds: tuple[Value, ...]) -> Value:
    match value:
        case QuerySet():
            return replace(value, loading=replace(value.loading, sliced=True))
        case Items(elements=elements):
            match bounds:
                case (
                    Literal(value=int() | None as lower),
                    Literal(value=int() | None as upper),
                    Literal(value=int() | None as step),
                ) if step != 0:
                    return Items(elements[lower:upper:step])
                case _:
                    return Many(either(elements)) if elements else value
        case Many() | Unknown():
            return value
        case _:
            return SCALAR if value == SCALAR else Unknown("part of a value")


def _index(ev: Evaluator, value: Value, key: Value, span: Span) -> Value:
    match value:
        case QuerySet():
            ev.evaluated(value, "index", span)
            return ev.element(value)
        case Items(elements=elements):
            match key:
                case Literal(value=int(position)) if -len(elements) <= position < len(elements):
                    return elements[position]
                case _:
                    return either(elements) if elements else Unknown("element of an empty list")
        case Many(element=element):
            return element
        case Mapped(entries=entries, open=is_open, rest=rest):
            match key:
                case Literal(value=wanted):
                    for name, held in entries:
                        if name == wanted:
                            return held
                    return rest if rest is not None else Unknown("key not in the mapping", str(wanted))
                case _ if value.values and (not is_open or rest is not None):
                    return either(value.values)
                case _:
                    return Unknown("key computed at run time")
        case Unknown():
            return value
        case ClassValue():
            return value  # `Generic[T]`
        case _:
            return SCALAR if value == SCALAR else Unknown("element of a value")


def of_plain(ev: Evaluator, method: Builtin, args: Sequence[Value], span: Span) -> Value:
    """What a method of a plain value gives: of a dict, a list, a text."""
    receiver = method.receiver
    match receiver, method.name:
        case Mapped(entries=entries, open=is_open, rest=rest), "get" | "pop" | "setdefault":
            default = args[1] if len(args) > 1 else NONE
            match args[0] if args else None:
                case Literal(value=wanted):
                    for key, held in entries:
                        if key == wanted:
                            return held
                    if not is_open:
                        return default
                    return either((Unknown("key computed at run time") if rest is None else rest, default))
                case _:
                    return either((*receiver.values, default))
        case Mapped(), "values":
            return Many(either(receiver.values)) if receiver.values else Unknown("values of a mapping")
        case Mapped(entries=entries, rest=rest), "items":
            if not receiver.values:
                return Unknown("items of a mapping")
            pairs = [
                Items((Literal(key) if not isinstance(key, (tuple, dict)) else SCALAR, held)) for key, held in entries
            ]
            return Many(either(pairs if rest is None else (*pairs, Items((SCALAR, rest)))))
        case Mapped(), "keys":
            return Many(SCALAR)
        case Mapped(), "copy":
            return receiver
        case ((Items() | Many()), "copy"):
            return receiver
        case ((Items() | Many()), "pop"):
            return ev.iterate(receiver, span)
        case Literal(value=str(text)), "split":
            return _split(text, args)
        case _:
            return SCALAR


def _split(text: str, args: Sequence[Value]) -> Value:
    match list(args):
        case [Literal(value=str(by))] if by:
            return Items(tuple(Literal(part) for part in text.split(by)))
        case _:
            return SCALAR
