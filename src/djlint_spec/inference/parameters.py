"""What the parameters of a function hold: what a call gives them, their defaults, or what their annotations say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from djlint_spec.facts import tree as t
from djlint_spec.inference.frames import Frame
from djlint_spec.inference.values import Instance, Items, Mapped, Row, Value
from djlint_spec.project import Class, Function, Unknown
from djlint_spec.project import Value as Named

if TYPE_CHECKING:
    from djlint_spec.inference.evaluate import Evaluator


def bound(
    ev: Evaluator, function: Function, receiver: Value | None, args: Sequence[Value], kwargs: Mapping[str, Value]
) -> dict[str, Value]:
    """What each parameter of a function holds in a call of it."""
    given = list(args)
    if receiver is not None:
        given.insert(0, receiver)
    env: dict[str, Value] = {}
    rest = dict(kwargs)
    defaults = Frame(function.defining_scope, {})
    for parameter in function.params:
        name = parameter.name
        match parameter.kind:
            case "args":
                env[name] = Items(tuple(given))
                given = []
            case "kwargs":
                env[name] = Mapped(tuple(rest.items()), open="**" in rest)
            case "positional" | "normal" if given:
                env[name] = given.pop(0)
            case _ if name in rest:
                env[name] = rest.pop(name)
            case _ if parameter.default is not None:
                env[name] = ev.eval(parameter.default, defaults)
            case _:
                env[name] = ev.annotated(parameter, function)
    return env


def annotated(ev: Evaluator, parameter: t.Parameter, function: Function) -> Value:
    """What a parameter holds that no visible call gives: an instance of a model, by its annotation."""
    annotation = parameter.annotation
    if annotation is None:
        return Unknown("parameter", parameter.name)
    if isinstance(annotation, t.BinOp):
        annotation = annotation.left
    symbol = ev.project.resolve(annotation, function.defining_scope)
    if isinstance(symbol, Named) and isinstance(symbol.expr, t.String):
        symbol = ev.project.lookup(symbol.expr.value, function.defining_scope)
    if isinstance(symbol, Class):
        model = ev.project.models.of(symbol)
        return Row(model) if model is not None else Instance(symbol)
    return Unknown("parameter", parameter.name)
