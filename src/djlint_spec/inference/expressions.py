"""Expressions: what they hold, and what evaluating them reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.inference import attributes, caches, calls, containers, decide, mutations
from djlint_spec.inference.frames import Frame
from djlint_spec.inference.values import (
    HOLDING,
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
    QuerySet,
    Scalar,
    Super,
    Value,
    either,
    options,
)
from djlint_spec.project import Class, Function, Module, Project, Scope, Unknown
from djlint_spec.project import Value as Named
from djlint_spec.project.symbols import External, Symbol
from djlint_spec.project.tracking import Kept

if TYPE_CHECKING:
    from djlint_spec.inference.evaluate import Evaluator


_MOST_ELEMENTS = 200
_NOWHERE = Span("", 1, 1, 1, 1)


def _attribute(ev: Evaluator, expr: t.Attribute, frame: Frame) -> Value:
    inner = expr.value
    held = ev.by_kind[type(inner)](ev, inner, frame)
    if type(held) is not Either:
        kind = type(held)
        is_method = kind is QuerySet and expr.attr != "_result_cache"
        span = _NOWHERE if kind in attributes.PLACELESS or is_method else frame.scope.module.span(expr)
        return attributes.attribute(ev, held, expr.attr, span)
    span = frame.scope.module.span(expr)
    return either([attributes.attribute(ev, option, expr.attr, span) for option in _with_attributes(held)])


def _constant(ev: Evaluator, expr: t.String | t.Number | t.Boolean | t.Bytes, frame: Frame) -> Value:
    return Literal(expr.value)


def _nothing(ev: Evaluator, expr: t.Nothing, frame: Frame) -> Value:
    return NONE


def _plain(ev: Evaluator, expr: t.SliceExpr | t.Dots | t.Elided, frame: Frame) -> Value:
    return SCALAR


def _inner(ev: Evaluator, expr: t.Await | t.Starred, frame: Frame) -> Value:
    return ev.eval(expr.value, frame)


def _display(ev: Evaluator, expr: t.TupleExpr | t.ListExpr | t.SetExpr, frame: Frame) -> Value:
    return _items(ev, expr.elements, frame)


def _dict_display(ev: Evaluator, expr: t.DictExpr, frame: Frame) -> Value:
    return _dict(ev, expr.keys, expr.values, frame)


def _subscript(ev: Evaluator, expr: t.Subscript, frame: Frame) -> Value:
    return containers.index(ev, ev.eval(expr.value, frame), expr.index, frame)


def _bool_op(ev: Evaluator, expr: t.BoolOp, frame: Frame) -> Value:
    return _bool(ev, expr.op, expr.values, frame)


def _unary(ev: Evaluator, expr: t.UnaryOp, frame: Frame) -> Value:
    if expr.op != "not":
        ev.eval(expr.operand, frame)
        return SCALAR
    truth = ev.test(expr.operand, frame)
    return SCALAR if truth is None else Literal(not truth)


def _binary(ev: Evaluator, expr: t.BinOp, frame: Frame) -> Value:
    return decide.binary(expr.op, ev.eval(expr.left, frame), ev.eval(expr.right, frame))


def _comparison(ev: Evaluator, expr: t.Compare, frame: Frame) -> Value:
    truth = decide.compare(ev, expr, frame)
    return SCALAR if truth is None else Literal(truth)


def _conditional(ev: Evaluator, expr: t.IfExp, frame: Frame) -> Value:
    truth = ev.test(expr.test, frame)
    if truth is not None:
        return ev.eval(expr.body if truth else expr.orelse, frame)
    return either((ev.eval(expr.body, frame), ev.eval(expr.orelse, frame)))


def _walrus(ev: Evaluator, expr: t.NamedExpr, frame: Frame) -> Value:
    result = ev.eval(expr.value, frame)
    ev.assign(expr.target, result, frame)
    return result


def _fstring(ev: Evaluator, expr: t.FString, frame: Frame) -> Value:
    for part in expr.parts:
        ev.eval(part, frame)
    return SCALAR


def _interpolation(ev: Evaluator, expr: t.Interpolation, frame: Frame) -> Value:
    ev.text(ev.eval(expr.value, frame), frame.module.span(expr.value))
    return SCALAR


def _closure(ev: Evaluator, expr: t.Lambda, frame: Frame) -> Value:
    return Closure(expr, frame.scope)


def _yield(ev: Evaluator, expr: t.Yield, frame: Frame) -> Value:
    if expr.value is not None:
        held = ev.eval(expr.value, frame)
        frame.yields.append(ev.iterate(held, frame.module.span(expr.value)) if expr.delegates else held)
    return Unknown("sent value")


def _with_attributes(held: Value) -> tuple[Value, ...]:
    """What a value may be where an attribute of it is read: a way on which it is None or a flag ends there."""
    several = tuple(options(held))
    kept = tuple(one for one in several if not (isinstance(one, Literal) and isinstance(one.value, (bool, type(None)))))
    return kept or several


def _name(ev: Evaluator, expr: t.Name, frame: Frame) -> Value:
    name = expr.id
    held = frame.env.get(name)
    if held is not None:
        return held
    if name == "super":
        return Foreign("builtins.super")
    symbol, held = ev.names.of(name, frame.scope)
    return ev.symbol(symbol, expr) if held is None else held


class NamedValues:
    """What the names of modules and classes stand for and hold; the same for every question.

    So they are evaluated apart from the question that first came to them, which may follow fewer calls than others.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._symbols: Kept[tuple[str, Scope], tuple[Symbol, Value | None]] = Kept(project.tracking)
        # By identity, as hashing an expression walks all of it; it is kept, so that no other takes its place.
        self._known: Kept[tuple[int, Scope], tuple[t.Expr, Value]] = Kept(project.tracking)
        self._apart: Evaluator | None = None
        """What evaluates the value under way, and those that it comes to."""

    def of(self, name: str, scope: Scope) -> tuple[Symbol, Value | None]:
        """What a name that a body does not bind stands for, and its value where no expression has to tell it."""
        return self._symbols.get((name, scope)) or self._symbols.made((name, scope), lambda: self._found(name, scope))

    def _found(self, name: str, scope: Scope) -> tuple[Symbol, Value | None]:
        function = scope.function
        symbol: Symbol
        if function is not None and function.parent is not None and name in function.parent.bindings.names:
            symbol = Unknown("name of an enclosing function", name)
        elif function is not None and function.parent is None and name not in function.bindings.names:
            if name not in function.parameter_names:
                return self.of(name, scope.module.scope)
            symbol = Unknown("parameter", name)
        else:
            symbol = self._project.lookup(name, _without_class(scope))
        return symbol, _plain_value(symbol)

    def value(self, asking: Evaluator, expr: t.Expr, scope: Scope) -> Value:
        """What an expression that a module or a class gives a name holds."""
        found = self._known.get((id(expr), scope))
        if found is not None:
            return found[1]
        outer = self._apart
        if outer is not None:
            return self._evaluated(outer, expr, scope)
        self._apart = asking.apart()
        try:
            return self._evaluated(self._apart, expr, scope)
        finally:
            self._apart = None

    def _evaluated(self, ev: Evaluator, expr: t.Expr, scope: Scope) -> Value:
        key = ("value", expr, scope.module)
        if key in ev.active:
            return Unknown("name defined by itself")
        ev.active.append(key)
        try:
            with ev.project.tracking.record() as grounds:
                held = ev.eval(expr, Frame(scope, {}))
        finally:
            ev.active.pop()
        if not any(kind == "value" for kind, *_ in ev.active):
            # What is found on the way of another's definition may be cut short.
            self._known.put((id(expr), scope), (expr, held), grounds)
        return held


def _plain_value(symbol: Symbol) -> Value | None:
    match symbol:
        case Class():
            return ClassValue(symbol)
        case Function():
            return Method(symbol)
        case Module():
            return ModuleValue(symbol)
        case External(dotted=dotted):
            return Foreign(dotted)
        case Unknown():
            return symbol
        case Named():
            return None


def named(ev: Evaluator, symbol: Symbol, expr: t.Expr | None = None) -> Value:
    """The value of what a name stands for."""
    if not isinstance(symbol, Named):
        held = _plain_value(symbol)
        assert held is not None
        return held
    inner, scope = symbol.expr, symbol.scope
    if inner is expr or scope.function is not None:
        return Unknown("name of an enclosing function")
    return ev.names.value(ev, inner, scope)


def _call(ev: Evaluator, call: t.Call, frame: Frame) -> Value:
    func = call.func
    if type(func) is t.Name and func.id == "super":
        return _super(ev, call, frame)
    by_kind = ev.by_kind
    target = by_kind[type(func)](ev, func, frame)
    args: list[Value] = []
    for argument in call.args:
        value = by_kind[type(argument)](ev, argument, frame)
        if type(argument) is t.Starred:
            args.extend(value.elements if isinstance(value, Items) else [Unknown("unpacked arguments")])
        else:
            args.append(value)
    kwargs: dict[str, Value] = {}
    for keyword in call.keywords:
        given = keyword.value
        value = by_kind[type(given)](ev, given, frame)
        if keyword.name is not None:
            kwargs[keyword.name] = value
        elif isinstance(value, Mapped):
            kwargs.update({key: entry for key, entry in value.entries if isinstance(key, str)})
            if value.open:
                kwargs["**"] = Unknown("unpacked arguments")
        else:
            kwargs["**"] = Unknown("unpacked arguments")
    if ev.meets_calls:
        ev.met(call, target, args, kwargs, frame)
    # Most calls are of what is not seen, and take nothing along: where they stand does not matter.
    takes_rows = not HOLDING.isdisjoint(map(type, (*args, *kwargs.values())))
    unseen = None if takes_rows else calls.of_unseen(target)
    if unseen is not None:
        result = unseen
    elif type(target) is Either:
        span = frame.scope.module.span(call)
        result = either([calls.invoke(ev, option, args, kwargs, span) for option in target.options])
    else:
        result = calls.invoke(ev, target, args, kwargs, frame.scope.module.span(call))
    if type(func) is t.Attribute:
        if type(func.value) is t.Name:
            held = frame.env.get(func.value.id)
            if held is not None and type(held) in mutations.GROWING:
                frame.env[func.value.id] = mutations.mutated(held, func.attr, args, kwargs)
        if caches.is_lookup(func) and all(isinstance(option, (Unknown, Scalar)) for option in options(result)):
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
        if truth is None and op == "or" and _is_given(value, held, frame):
            return either(results)
    return either((*results, ev.eval(values[-1], frame)))


def _is_given(value: t.Expr, held: Value, frame: Frame) -> bool:
    """Whether a value is a parameter that may be left out and that the caller gives: `zone or self.event.zone`."""
    function = frame.scope.function
    if function is None or not isinstance(value, t.Name) or NONE in options(held):
        return False
    return any(param.name == value.id and isinstance(param.default, t.Nothing) for param in function.params)


def _comprehension(ev: Evaluator, expr: t.Comprehension, frame: Frame) -> Value:
    inner = Frame(frame.scope, dict(frame.env), frame.owner, frame.receiver, frame.returns, frame.yields)
    element, alone = _rounds(ev, expr, expr.generators, inner)
    if expr.kind == "dict":
        return Mapped((), open=True, rest=element)
    return Items((element,)) if alone else Many(element)


def _rounds(
    ev: Evaluator, expr: t.Comprehension, generators: Sequence[t.Generator], inner: Frame
) -> tuple[Value, bool]:
    """The element of a comprehension within its loops, and whether it is one alone."""
    if not generators:
        if expr.key is not None:
            ev.eval(expr.key, inner)
        return ev.eval(expr.element, inner), True
    generator = generators[0]
    source = ev.eval(generator.iterable, inner)
    span = inner.module.span(generator.iterable)
    row = ev.iterate(source, span)
    with ev.journal.for_each(row, span):
        ev.assign(generator.target, row, inner)
        for condition in generator.conditions:
            ev.test(condition, inner)
        element, alone = _rounds(ev, expr, generators[1:], inner)
    return element, alone and isinstance(source, Items) and len(source.elements) == 1 and not generator.conditions


def _without_class(scope: Scope) -> Scope:
    # A method's body does not see the names of its class.
    return scope if scope.cls is None or scope.function is None else Scope(scope.module, None, scope.function)


EVALUATE: Mapping[type[t.Expr], Callable[..., Value]] = {
    t.Name: _name, t.Attribute: _attribute, t.Call: _call, t.String: _constant, t.Number: _constant,
    t.Boolean: _constant, t.Bytes: _constant, t.Nothing: _nothing, t.Dots: _plain, t.Elided: _plain,
    t.SliceExpr: _plain, t.Await: _inner, t.Starred: _inner, t.TupleExpr: _display, t.ListExpr: _display,
    t.SetExpr: _display, t.DictExpr: _dict_display, t.Subscript: _subscript, t.BoolOp: _bool_op, t.UnaryOp: _unary,
    t.BinOp: _binary, t.Compare: _comparison, t.IfExp: _conditional, t.NamedExpr: _walrus,
    t.Comprehension: _comprehension, t.FString: _fstring, t.Interpolation: _interpolation, t.Lambda: _closure,
    t.Yield: _yield,
}  # fmt: skip
"""What evaluates each kind of node, called as `(evaluator, node, frame)`; mypy cannot tell its type by the key."""
