"""Statements: what they bind, which ways lead through them, and whether control goes on behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import statements_of
from djlint_spec.inference import caches, decide, mutations
from djlint_spec.inference.frames import Frame
from djlint_spec.inference.values import (
    NONE,
    ClassValue,
    Foreign,
    Instance,
    Items,
    Literal,
    Mapped,
    Method,
    PrefetchValue,
    Request,
    Row,
    Value,
    either,
    options,
)
from djlint_spec.project import Unknown
from djlint_spec.project.symbols import target_names

if TYPE_CHECKING:
    from djlint_spec.inference.evaluate import Evaluator

MOST_STEPS = 30_000
_MOST_ROUNDS = 2
_MOST_ELEMENTS = 12


def block(ev: Evaluator, statements: Sequence[t.Stmt], frame: Frame) -> bool:
    """Run statements; whether control can reach their end."""
    for place, statement in enumerate(statements, 1):
        if not run(ev, statement, frame):
            return False
        if type(statement) is t.If and caches.answers(ev, statement, statements, place, frame):
            with ev.journal.muted():
                return block(ev, statements[place:], frame)
    return True


def run(ev: Evaluator, statement: t.Stmt, frame: Frame) -> bool:
    """Run one statement; whether control can go on after it."""
    ev.steps += 1
    if ev.steps > MOST_STEPS:
        ev.cut()
        if ev.steps == MOST_STEPS + 1:
            ev.doubt("body too large to follow")
        return False
    return _RUN[type(statement)](ev, statement, frame)


def _expression(ev: Evaluator, statement: t.ExprStmt, frame: Frame) -> bool:
    value = statement.value
    ev.dropped = frame.module.span(value)
    ev.by_kind[type(value)](ev, value, frame)
    return True


def _assign(ev: Evaluator, statement: t.Assign, frame: Frame) -> bool:
    value = statement.value
    result = ev.by_kind[type(value)](ev, value, frame)
    for target in statement.targets:
        if type(target) is t.Name:
            frame.env[target.id] = result
        else:
            ev.assign(target, result, frame)
    return True


def _annotated(ev: Evaluator, statement: t.AnnAssign, frame: Frame) -> bool:
    if statement.value is not None:
        ev.assign(statement.target, ev.eval(statement.value, frame), frame)
    return True


def _augmented(ev: Evaluator, statement: t.AugAssign, frame: Frame) -> bool:
    value = ev.eval(statement.value, frame)
    if isinstance(statement.target, t.Name):
        name = statement.target.id
        frame.env[name] = decide.binary(statement.op, frame.env.get(name, Unknown("unbound name", name)), value)
    elif isinstance(statement.target, t.Attribute):
        ev.assign(statement.target, decide.binary(statement.op, ev.eval(statement.target, frame), value), frame)
    return True


def _return(ev: Evaluator, statement: t.Return, frame: Frame) -> bool:
    frame.returns.append(NONE if statement.value is None else ev.eval(statement.value, frame))
    return False


def _raise(ev: Evaluator, statement: t.Raise, frame: Frame) -> bool:
    if statement.exception is not None:
        ev.eval(statement.exception, frame)
    return False


def _for(ev: Evaluator, statement: t.For, frame: Frame) -> bool:
    source = ev.eval(statement.iterable, frame)
    if isinstance(source, Items) and _is_written_out(source):
        return _unrolled(ev, statement.target, source, statement.body, frame) and block(ev, statement.orelse, frame)
    span = frame.module.span(statement.iterable)
    element = ev.iterate(source, span)
    before = dict(frame.env)
    ev.assign(statement.target, element, frame)
    with ev.journal.for_each(element, span):
        block(ev, statement.body, frame)
    mutations.repeated(frame.env, before)
    _merge(frame.env, before)
    return block(ev, statement.orelse, frame)


def _while(ev: Evaluator, statement: t.While, frame: Frame) -> bool:
    _go_round(ev, statement.test, statement.body, frame)
    return block(ev, statement.orelse, frame)


def _with(ev: Evaluator, statement: t.With, frame: Frame) -> bool:
    for item in statement.items:
        entered = ev.eval(item.context, frame)
        if item.target is not None:
            ev.assign(item.target, entered, frame)
    return block(ev, statement.body, frame)


def _function(ev: Evaluator, statement: t.FunctionDef, frame: Frame) -> bool:
    frame.env[statement.name] = Method(ev.project.function(frame.module, statement, None, frame.scope.function))
    return True


def _class(ev: Evaluator, statement: t.ClassDef, frame: Frame) -> bool:
    frame.env[statement.name] = ClassValue(ev.project.cls(frame.module, statement, None, frame.scope.function))
    return True


def _jump(ev: Evaluator, statement: t.Jump, frame: Frame) -> bool:
    return statement.kind not in ("break", "continue")


def _delete(ev: Evaluator, statement: t.Delete, frame: Frame) -> bool:
    for target in statement.targets:
        for name in target_names(target):
            frame.env.pop(name, None)
    return True


def _assert(ev: Evaluator, statement: t.Assert, frame: Frame) -> bool:
    ev.eval(statement.test, frame)
    return True


def _nothing(ev: Evaluator, statement: t.Import | t.Scoping, frame: Frame) -> bool:
    return True


def _is_written_out(source: Items) -> bool:
    return 0 < len(source.elements) <= _MOST_ELEMENTS and all(
        isinstance(element, (Literal, PrefetchValue)) or (isinstance(element, Items) and _is_written_out(element))
        for element in source.elements
    )


def _unrolled(ev: Evaluator, target: t.Expr, source: Items, body: Sequence[t.Stmt], frame: Frame) -> bool:
    """A loop over constants, round by round; whether control can go on after it."""
    jumps = any(isinstance(node, t.Jump) for node in statements_of(body))
    for element in source.elements:
        before = dict(frame.env)
        ev.assign(target, element, frame)
        goes_on = block(ev, body, frame)
        if jumps:
            _merge(frame.env, before)
        elif not goes_on:
            return False
    return True


def _go_round(ev: Evaluator, test: t.Expr, body: Sequence[t.Stmt], frame: Frame) -> None:
    """Go round until nothing new is bound; a row that leads on to the next one each time is followed twice."""
    before = dict(frame.env)
    for _ in range(_MOST_ROUNDS):
        before = dict(frame.env)
        holds(ev, test, frame)
        block(ev, body, frame)
        _merge(frame.env, before)
        if frame.env == before:
            return
    mutations.repeated(frame.env, before)
    for name, value in frame.env.items():
        row = _furthest(value)
        earlier = _furthest(before.get(name, NONE))
        if row is not None and earlier is not None and len(row.path) > len(earlier.path):
            ev.follows_on(row, frame.module.span(test))


def _furthest(value: Value) -> Row | None:
    rows = [option for option in options(value) if isinstance(option, Row) and option.rows is not None]
    return max(rows, key=lambda row: len(row.path), default=None)


def _if(ev: Evaluator, statement: t.If, frame: Frame) -> bool:
    test, body, orelse = statement.test, statement.body, statement.orelse
    truth = holds(ev, test, frame)
    if truth is False:
        decide.narrow(ev, test, False, frame)
        return block(ev, orelse, frame)
    before = dict(frame.env)
    fills = caches.fills(ev, test, body, frame)
    decide.narrow(ev, test, True, frame)
    if fills:
        with ev.journal.muted():
            after_body = block(ev, body, frame)
    else:
        after_body = block(ev, body, frame)
    if truth:
        return after_body
    body_env, frame.env = frame.env, before
    decide.narrow(ev, test, False, frame)
    after_else = block(ev, orelse, frame) if orelse else True
    if after_body and after_else:
        _merge(frame.env, body_env)
    elif after_body:
        frame.env = body_env
    return after_body or after_else


def holds(ev: Evaluator, test: t.Expr, frame: Frame) -> bool | None:
    """Whether a test holds; None when both may be. What the test itself reads is recorded."""
    truth = decide.truth_of(ev, test, frame)
    if truth is not None or not ev.tells_ways_apart:
        return truth
    if not isinstance(test, t.BoolOp) and not (isinstance(test, t.UnaryOp) and test.op == "not"):
        # A test deep in a model or a serializer is of no use to tell ways through a view apart.
        of_view = frame.receiver is None or isinstance(frame.receiver, Instance)
        is_deep = not of_view or ev.journal.is_representing
        if is_deep and not ev.assumed:
            return None
        text = _told(ev, test, frame)
        if is_deep and text not in ev.assumed:
            return None
        ev.undecided[text] = ev.undecided.get(text, 0) + 1
        if isinstance(frame.receiver, Instance) or len(ev.active) == 1:
            ev.asked_by_views.add(text)
        return ev.assumed.get(text)
    return truth


def _told(ev: Evaluator, test: t.Expr, frame: Frame) -> str:
    """A test as text, the same wherever the same thing is asked: a call by what it calls, not by how it gets there."""
    text = " ".join(frame.module.text(test).split())
    if not isinstance(test, t.Call):
        return text
    with ev.journal.muted():
        target = ev.eval(test.func, frame)
    match target:
        case Method(function=function, receiver=Row(rows=None) | Instance() | None):
            called = function.dotted
        case Foreign(dotted=dotted):
            called = dotted
        case _:
            return text
    return f"{called}({text.partition('(')[2].replace('( ', '(').replace(' )', ')').strip()}"


def _try(ev: Evaluator, statement: t.Try, frame: Frame) -> bool:
    before = dict(frame.env)
    goes_on = block(ev, statement.body, frame)
    if goes_on:
        goes_on = block(ev, statement.orelse, frame)
    after_body = frame.env
    for handler in statement.handlers:
        frame.env = dict(before)
        _merge(frame.env, after_body)
        # A handler is the way out when the usual way failed: what it reads is no cost of each row.
        with ev.journal.muted():
            handled = block(ev, handler.body, frame)
        if handled:
            after_body = {**after_body, **{k: either((v, after_body.get(k, v))) for k, v in frame.env.items()}}
            goes_on = True
    frame.env = after_body
    return block(ev, statement.finalbody, frame) and goes_on


def _match(ev: Evaluator, statement: t.Match, frame: Frame) -> bool:
    value = ev.eval(statement.subject, frame)
    before = dict(frame.env)
    outcomes: list[dict[str, Value]] = []
    exhausted = False
    for case in statement.cases:
        truth = decide.matches(ev, value, case, frame)
        if truth is False:
            continue
        captured = dict.fromkeys(case.captures, value if case.irrefutable else Unknown("matched part"))
        frame.env = {**before, **captured}
        if case.guard is not None:
            ev.eval(case.guard, frame)
        if block(ev, case.body, frame):
            outcomes.append(frame.env)
        if truth is True:
            exhausted = True
            break
    if not exhausted:
        outcomes.append(before)
    frame.env = {}
    for outcome in outcomes:
        _merge(frame.env, outcome)
    return bool(outcomes)


def assign(ev: Evaluator, target: t.Expr, value: Value, frame: Frame) -> None:
    """Bind what an assignment's target names."""
    match target:
        case t.Name(id=name):
            frame.env[name] = value
        case t.TupleExpr(elements=elements) | t.ListExpr(elements=elements):
            match value:
                case Items(elements=values) if len(values) == len(elements):
                    for element, part in zip(elements, values, strict=True):
                        ev.assign(element, part, frame)
                case _:
                    for element in elements:
                        ev.assign(element, Unknown("unpacked value"), frame)
        case t.Starred(value=inner):
            ev.assign(inner, Unknown("unpacked value"), frame)
        case t.Attribute(value=inner, attr=attr):
            held = ev.eval(inner, frame)
            if isinstance(held, Request):
                ev.assigned_to_request.setdefault(attr, []).append(value)
            elif isinstance(held, Instance) and isinstance(inner, t.Name):
                others = tuple((key, old) for key, old in held.known if key != attr)
                frame.env[inner.id] = Instance(held.cls, (*others, (attr, value)))
            else:
                _set_on_rows(ev, held, attr, value)
        case t.Subscript(value=t.Name(id=name), index=index):
            mapped = frame.env.get(name)
            if isinstance(mapped, Mapped):
                frame.env[name] = mapped.put(ev.eval(index, frame), value)
        case t.Subscript(value=t.Attribute(value=inner, attr="__dict__"), index=t.String(value=key)):
            _set_on_rows(ev, ev.eval(inner, frame), key, value)
        case _:
            pass


def _set_on_rows(ev: Evaluator, held: Value, name: str, value: Value) -> None:
    """Code that goes through the rows of a list by itself gives each an attribute, as a cached property keeps it.

    A serializer gives the row that it writes out what a field of its own then reads; and a relation that is set is
    at hand, wherever it is set.
    """
    for row in options(held):
        if not isinstance(row, Row):
            continue
        ev.cut()
        relation = row.model.relations.get(name)
        if ev.journal.is_representing or (relation is not None and not relation.to_many):
            ev.set_attributes.set(row, name, value)
        elif row.rows is not None and not row.path:
            ev.set_on_rows.setdefault(row.rows, set()).add(name)


def _merge(env: dict[str, Value], other: Mapping[str, Value]) -> None:
    for name, value in other.items():
        mine = env.get(name)
        if mine is not value:
            env[name] = value if mine is None else either((mine, value))


_RUN: Mapping[type[t.Stmt], Callable[..., bool]] = {
    t.ExprStmt: _expression, t.Assign: _assign, t.AnnAssign: _annotated, t.AugAssign: _augmented, t.Return: _return,
    t.Raise: _raise, t.If: _if, t.For: _for, t.While: _while, t.Try: _try, t.With: _with, t.Match: _match,
    t.FunctionDef: _function, t.ClassDef: _class, t.Jump: _jump, t.Delete: _delete, t.Assert: _assert,
    t.Import: _nothing, t.Scoping: _nothing,
}  # fmt: skip
"""What runs each kind of statement, called as `(evaluator, statement, frame)`: whether control can go on after it."""
