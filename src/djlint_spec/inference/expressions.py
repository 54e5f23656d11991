"""Expressions: what they hold, and what evaluating them reads."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from djlint_spec.facts import tree as t
from djlint_spec.inference import attributes, caches, calls, decide, mutations
from djlint_spec.inference.frames import Frame
from djlint_spec.inference.values import (
    NONE,
    SCALAR,
    ClassValue,
    Closure,
    Either,
    Foreign,
    Items,
    Literal,
    Many,
    Mapped,
    Method,
    ModuleValue,
    Scalar,
    Super,
    Value,
    either,
    options,
)
from djlint_spec.project import Class, Function, Module, Project, Scope, Unknown
from djlint_spec.project import Value as Named
from djlint_spec.project.symbols import External, Symbol

if TYPE_CHECKING:
    from djlint_spec.inference.evaluate import Evaluator


_MOST_ELEMENTS = 200


def evaluate(ev: Evaluator, expr: t.Expr, frame: Frame) -> Value:
    """What an expression holds; what evaluating it reads is recorded."""
    match expr:
        case t.Name(id=name):
            return _name(ev, name, expr, frame)
        case t.Attribute(value=value, attr=attr):
            held = ev.eval(value, frame)
            span = frame.module.span(expr)
            if not isinstance(held, Either):
                return attributes.attribute(ev, held, attr, span)
            return either(attributes.attribute(ev, option, attr, span) for option in _with_attributes(held))
        case t.Call():
            return _call(ev, expr, frame)
        case t.String(value=text):
            return Literal(text)
        case t.Number(value=number):
            return Literal(number)
        case t.Boolean(value=flag):
            return Literal(flag)
        case t.Nothing():
            return NONE
        case t.Bytes(value=raw):
            return Literal(raw)
        case t.Await(value=value) | t.Starred(value=value):
            return ev.eval(value, frame)
        case t.TupleExpr(elements=elements) | t.ListExpr(elements=elements) | t.SetExpr(elements=elements):
            return _items(ev, elements, frame)
        case t.DictExpr(keys=keys, values=values):
            return _dict(ev, keys, values, frame)
        case t.Subscript(value=value, index=index):
            return calls.index(ev, ev.eval(value, frame), index, frame)
        case t.BoolOp(op=op, values=values):
            return _bool(ev, op, values, frame)
        case t.UnaryOp(op="not", operand=operand):
            truth = ev.test(operand, frame)
            return SCALAR if truth is None else Literal(not truth)
        case t.UnaryOp(operand=operand):
            ev.eval(operand, frame)
            return SCALAR
        case t.BinOp(left=left, op=op, right=right):
            return decide.binary(op, ev.eval(left, frame), ev.eval(right, frame))
        case t.Compare():
            truth = decide.compare(ev, expr, frame)
            return SCALAR if truth is None else Literal(truth)
        case t.IfExp(test=test, body=body, orelse=orelse):
            truth = ev.test(test, frame)
            if truth is not None:
                return ev.eval(body if truth else orelse, frame)
            return either((ev.eval(body, frame), ev.eval(orelse, frame)))
        case t.NamedExpr(target=target, value=value):
            result = ev.eval(value, frame)
            ev.assign(target, result, frame)
            return result
        case t.Comprehension():
            return _comprehension(ev, expr, frame)
        case t.FString(parts=parts):
            for part in parts:
                ev.eval(part, frame)
            return SCALAR
        case t.Interpolation(value=value):
            ev.text(ev.eval(value, frame), frame.module.span(value))
            return SCALAR
        case t.Lambda():
            return Closure(expr, frame.scope)
        case t.Yield(value=value, delegates=delegates):
            if value is not None:
                held = ev.eval(value, frame)
                frame.yields.append(ev.iterate(held, frame.module.span(value)) if delegates else held)
            return Unknown("sent value")
        case t.SliceExpr() | t.Dots() | t.Elided():
            return SCALAR


def _with_attributes(held: Value) -> tuple[Value, ...]:
    """What a value may be where an attribute of it is read: a way on which it is None or a flag ends there."""
    several = tuple(options(held))
    kept = tuple(one for one in several if not (isinstance(one, Literal) and isinstance(one.value, (bool, type(None)))))
    return kept or several


def _name(ev: Evaluator, name: str, expr: t.Name, frame: Frame) -> Value:
    held = frame.env.get(name)
    if held is not None:
        return held
    if name == "super":
        return Foreign("builtins.super")
    outer = frame.scope.function
    if outer is not None and outer.parent is not None and name in outer.parent.bindings.names:
        return Unknown("name of an enclosing function", name)
    return ev.symbol(ev.project.lookup(name, _without_class(frame.scope)), expr)


def named(ev: Evaluator, symbol: Symbol, expr: t.Expr | None = None) -> Value:
    """The value of what a name stands for."""
    match symbol:
        case Class():
            return ClassValue(symbol)
        case Function():
            return Method(symbol)
        case Module():
            return ModuleValue(symbol)
        case External(dotted=dotted):
            return Foreign(dotted)
        case Named(expr=inner, scope=scope):
            if inner is expr or scope.function is not None:
                return Unknown("name of an enclosing function")
            return _named_value(ev, inner, scope)
        case Unknown():
            return symbol


@dataclass(slots=True)
class _NamedValues:
    """What names of modules and classes hold; the same for every question."""

    project: Project
    known: dict[tuple[t.Expr, Scope], Value] = field(default_factory=dict)


def _named_value(ev: Evaluator, expr: t.Expr, scope: Scope) -> Value:
    known = ev.project.once(_NamedValues).known
    held = known.get((expr, scope))
    if held is not None:
        return held
    key = ("value", expr, scope.module)
    if key in ev.active:
        return Unknown("name defined by itself")
    ev.active.append(key)
    try:
        with ev.journal.muted():
            held = ev.eval(expr, Frame(scope, {}))
    finally:
        ev.active.pop()
    if not any(kind == "value" for kind, *_ in ev.active):
        known[expr, scope] = held  # what is found on the way of another's definition may be cut short
    return held


def _call(ev: Evaluator, call: t.Call, frame: Frame) -> Value:
    span = frame.module.span(call)
    if isinstance(call.func, t.Name) and call.func.id == "super":
        return _super(ev, call, frame)
    target = ev.eval(call.func, frame)
    args: list[Value] = []
    for argument in call.args:
        value = ev.eval(argument, frame)
        if isinstance(argument, t.Starred):
            args.extend(value.elements if isinstance(value, Items) else [Unknown("unpacked arguments")])
        else:
            args.append(value)
    kwargs: dict[str, Value] = {}
    for keyword in call.keywords:
        value = ev.eval(keyword.value, frame)
        if keyword.name is not None:
            kwargs[keyword.name] = value
        elif isinstance(value, Mapped):
            kwargs.update({key: entry for key, entry in value.entries if isinstance(key, str)})
            if value.open:
                kwargs["**"] = Unknown("unpacked arguments")
        else:
            kwargs["**"] = Unknown("unpacked arguments")
    ev.met(call, target, args, kwargs, frame)
    if isinstance(target, Either):
        result = either(calls.invoke(ev, option, args, kwargs, span) for option in options(target))
    else:
        result = calls.invoke(ev, target, args, kwargs, span)
    if isinstance(call.func, t.Attribute) and isinstance(call.func.value, t.Name) and call.func.value.id in frame.env:
        name = call.func.value.id
        frame.env[name] = mutations.mutated(frame.env[name], call.func.attr, args, kwargs)
    if caches.is_lookup(call) and all(isinstance(option, (Unknown, Scalar)) for option in options(result)):
        return Unknown(caches.LOOKED_UP)
    return result


def _super(ev: Evaluator, call: t.Call, frame: Frame) -> Value:
    owner, receiver = frame.owner, frame.receiver
    if len(call.args) == 2:
        named = ev.project.resolve(call.args[0], frame.scope)
        owner = named if isinstance(named, Class) else owner
    if owner is None or receiver is None:
        return Unknown("super() outside a method")
    return Super(owner, receiver)


def _items(ev: Evaluator, elements: Sequence[t.Expr], frame: Frame) -> Value:
    if len(elements) > _MOST_ELEMENTS:
        return Many(Unknown("too many elements"))
    values: list[Value] = []
    for element in elements:
        value = ev.eval(element, frame)
        if not isinstance(element, t.Starred):
            values.append(value)
        elif isinstance(value, Items):
            values.extend(value.elements)
        else:
            return Many(ev.iterate(value, frame.module.span(element)))
    return Items(tuple(values))


def _dict(ev: Evaluator, keys: Sequence[t.Expr | None], values: Sequence[t.Expr], frame: Frame) -> Value:
    if len(keys) > _MOST_ELEMENTS:
        return Mapped((), open=True)
    made = Mapped(())
    for key, value in zip(keys, values, strict=True):
        held = ev.eval(value, frame)
        if key is not None:
            made = made.put(ev.eval(key, frame), held)
        elif isinstance(held, Mapped):
            made = made.with_all(held)
        else:
            made = Mapped(made.entries, open=True)
    return made


def _bool(ev: Evaluator, op: str, values: Sequence[t.Expr], frame: Frame) -> Value:
    results: list[Value] = []
    for value in values[:-1]:
        held = ev.eval(value, frame)
        truth = decide.truthy(held)
        if truth is None:
            results.append(held if op == "or" else SCALAR)
        elif truth is (op == "or"):
            return either((*results, held))
    return either((*results, ev.eval(values[-1], frame)))


def _comprehension(ev: Evaluator, expr: t.Comprehension, frame: Frame) -> Value:
    inner = Frame(frame.scope, dict(frame.env), frame.owner, frame.receiver, frame.returns, frame.yields)
    with ExitStack() as loops:
        for generator in expr.generators:
            source = ev.eval(generator.iterable, inner)
            span = frame.module.span(generator.iterable)
            row = ev.iterate(source, span)
            loops.enter_context(ev.journal.for_each(row, span))
            ev.assign(generator.target, row, inner)
            for condition in generator.conditions:
                ev.test(condition, inner)
        if expr.key is not None:
            ev.eval(expr.key, inner)
        element = ev.eval(expr.element, inner)
    return Mapped((), open=True, rest=element) if expr.kind == "dict" else Many(element)


def _without_class(scope: Scope) -> Scope:
    # A method's body does not see the names of its class.
    return Scope(scope.module, scope.cls if scope.function is None else None, scope.function)
