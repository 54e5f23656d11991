"""Evaluation of expressions along paths: values, short circuits, tests that narrow, calls that may raise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeAlias

from djlint_spec.facts import tree as t
from djlint_spec.flow.exceptions import ANYTHING
from djlint_spec.flow.values import (
    OPAQUE,
    Known,
    Outcome,
    S,
    State,
    Thing,
    Truth,
    Value,
    path_of,
    pure_text,
    truth,
)
from djlint_spec.project import Function, Project

MOST_STATES = 400
"""More ways to be at one point than this, and the function is given up as too complex to judge."""

Pairs: TypeAlias = "list[tuple[State[S], Value]]"


class TooComplex(Exception):
    """The paths of a function are too many."""


class Client(Generic[S]):
    """What an analysis adds to the walk. The defaults know nothing and assume that every call may raise.

    A client that `widens` would rather forget the values of names than give a function up.
    """

    widens = False

    def __init__(self, project: Project, function: Function) -> None:
        self.project = project
        self.function = function

    def call(self, node: t.Call, func: Value, args: Sequence[Value], state: State[S]) -> Iterable[Outcome[S]]:
        """What a call may lead to; `func` is the value of the receiver for `receiver.method(...)`."""
        yield Outcome(state)
        yield Outcome(state, raised=ANYTHING)

    def name(self, node: t.Name, state: State[S]) -> Value:
        """The value of a name that the path knows nothing of."""
        return OPAQUE

    def attribute(self, node: t.Attribute, base: Value, state: State[S]) -> Value:
        """The value of an attribute that the path knows nothing of."""
        return OPAQUE

    def subscript(self, node: t.Subscript, base: Value, state: State[S]) -> Iterable[Outcome[S]]:
        """What `base[...]` may lead to."""
        yield Outcome(state)

    def awaited(self, node: t.Await, value: Value, state: State[S]) -> Iterable[Outcome[S]]:
        """What `await value` may lead to."""
        yield Outcome(state, value)
        yield Outcome(state, raised=ANYTHING)

    def unpack(self, target: t.Expr, value: Value, state: State[S]) -> Iterable[Outcome[S]]:
        """The value of the only name of an unpacking target, as in `(row,) = rows`."""
        yield Outcome(state)

    def assume(self, test: t.Expr, value: Value, answer: bool, state: State[S]) -> State[S] | None:
        """The state on the branch where `test` came out as `answer`; None when that cannot be."""
        return state

    def assign(self, target: t.Expr, expr: t.Expr | None, value: Value, state: State[S]) -> State[S]:
        """The state after `target = expr`; `expr` is None when the target is bound in another way."""
        return state

    def augment(self, node: t.AugAssign, state: State[S]) -> State[S]:
        """The state after `target += value`."""
        return state

    def iterate(self, node: t.For, state: State[S]) -> State[S]:
        """The state when a loop takes its next element."""
        return state

    def enter(self, item: t.WithItem, value: Value, state: State[S]) -> Iterable[Outcome[S]]:
        """What entering a `with` may lead to; the value is that of `as`."""
        yield Outcome(state)
        yield Outcome(state, raised=ANYTHING)

    def leave(self, item: t.WithItem, value: Value, state: State[S], raised: str | None) -> State[S]:
        """The state after the block of a `with` has ended, by an exception or without."""
        return state


@dataclass(slots=True)
class Exits(Generic[S]):
    """Where a block is left other than at its end. Dicts stand for ordered sets."""

    raised: dict[tuple[State[S], str], None] = field(default_factory=dict)
    returned: dict[tuple[State[S], Value], None] = field(default_factory=dict)
    broke: dict[State[S], None] = field(default_factory=dict)
    continued: dict[State[S], None] = field(default_factory=dict)


class Expressions(Generic[S]):
    """Evaluates expressions; exceptions go to `exits`, normal outcomes are returned."""

    def __init__(self, client: Client[S]) -> None:
        self.client = client
        self.exits: Exits[S] = Exits()

    def evaluate(self, expr: t.Expr, state: State[S]) -> list[tuple[State[S], Value]]:
        """Every normal outcome of an expression."""
        match expr:
            case t.Name():
                known = state.get(expr.id)
                return [(state, self.client.name(expr, state) if known is None else known)]
            case t.Attribute():
                return self._attribute(expr, state)
            case t.Call():
                return self._call(expr, state)
            case t.Boolean(value=flag):
                return [(state, Known(flag))]
            case t.Nothing():
                return [(state, Known(None))]
            case t.String(value=text):
                return [(state, Known(text))]
            case t.Number(value=number):
                return [(state, Known(number))]
            case t.NamedExpr(target=target, value=value):
                return [(self.assign(target, value, v, s), v) for s, v in self.evaluate(value, state)]
            case t.Await(value=value):
                found: Pairs[S] = []
                for s, v in self.evaluate(value, state):
                    found.extend(self.settle(self.client.awaited(expr, v, s)))
                return found
            case t.Yield(value=value):
                pairs = [(state, OPAQUE)] if value is None else self.evaluate(value, state)
                for s, _ in pairs:
                    self.throw(s, ANYTHING)
                return [(s, OPAQUE) for s, _ in pairs]
            case t.BoolOp(op=op, values=values):
                return self._bool_op(op, values, state)
            case t.UnaryOp(op="not", operand=operand):
                true, false = self.branch(operand, [state])
                return [*((s, Known(False)) for s in true), *((s, Known(True)) for s in false)]
            case t.Compare():
                return self._compare(expr, state)
            case t.IfExp(test=test, body=body, orelse=orelse):
                true, false = self.branch(test, [state])
                return [
                    *(pair for s in true for pair in self.evaluate(body, s)),
                    *(pair for s in false for pair in self.evaluate(orelse, s)),
                ]
            case t.Subscript(value=value, index=index):
                return [
                    pair
                    for s, base in self.evaluate(value, state)
                    for inner, _ in self.evaluate(index, s)
                    for pair in self.settle(self.client.subscript(expr, base, inner))
                ]
            case t.Comprehension():
                return [(s, OPAQUE) for s in self._comprehension(expr, state)]
            case _:
                return [(s, OPAQUE) for s in self._all(children(expr), state)]

    def settle(self, outcomes: Iterable[Outcome[S]]) -> Pairs[S]:
        """The normal outcomes; the others go to the exits."""
        found: Pairs[S] = []
        for outcome in outcomes:
            if outcome.raised is None:
                found.append((outcome.state, outcome.value))
            else:
                self.throw(outcome.state, outcome.raised)
        return found

    def throw(self, state: State[S], kind: str) -> None:
        """Leave by an exception."""
        self.exits.raised[(state, kind)] = None

    def limited(self, states: Iterable[State[S]]) -> list[State[S]]:
        """The states without repeats, in order. Too many of them end the analysis, or what tests have taught it."""
        found = list(dict.fromkeys(states))
        if self.client.widens and len(found) > MOST_STATES // 8:
            found = list(dict.fromkeys(State(state.facts) for state in found))
        if len(found) > MOST_STATES:
            raise TooComplex
        return found

    def _all(self, exprs: Iterable[t.Expr], state: State[S]) -> list[State[S]]:
        states = [state]
        for expr in exprs:
            states = self.limited(s for before in states for s, _ in self.evaluate(expr, before))
        return states

    def _attribute(self, expr: t.Attribute, state: State[S]) -> Pairs[S]:
        path = path_of(expr)
        known = state.get(path) if path is not None else None
        if known is not None:
            return [(state, known)]
        return [(s, self.client.attribute(expr, base, s)) for s, base in self.evaluate(expr.value, state)]

    def _call(self, node: t.Call, state: State[S]) -> Pairs[S]:
        func = node.func
        receivers = self.evaluate(func.value if isinstance(func, t.Attribute) else func, state)
        found: Pairs[S] = []
        for before, receiver in receivers:
            calls: list[tuple[State[S], tuple[Value, ...]]] = [(before, ())]
            for arg in (*node.args, *(keyword.value for keyword in node.keywords)):
                calls = [(s, (*args, v)) for mid, args in calls for s, v in self.evaluate(arg, mid)]
            for s, args in calls:
                if isinstance(func, t.Name) and func.id == "bool" and len(args) == 1:
                    answer = truth(args[0])
                    found.append((s, OPAQUE if answer is None else Known(answer)))
                else:
                    found.extend(self.settle(self.client.call(node, receiver, args, s)))
        if len(found) > MOST_STATES:
            raise TooComplex
        return found

    def _bool_op(self, op: str, values: tuple[t.Expr, ...], state: State[S]) -> Pairs[S]:
        found: Pairs[S] = []
        going = [state]
        for position, value in enumerate(values):
            last = position == len(values) - 1
            following: list[State[S]] = []
            for before in going:
                for s, v in self.evaluate(value, before):
                    answer = truth(v)
                    stops = answer is (op == "or")
                    if last or stops:
                        found.append((s, v))
                        continue
                    if answer is None:
                        found.append((s, Truth(op == "or")))
                    following.append(s)
            going = following
        return found

    def _compare(self, expr: t.Compare, state: State[S]) -> Pairs[S]:
        found: Pairs[S] = []
        for s, left in self.evaluate(expr.left, state):
            if len(expr.ops) == 1:
                for after, right in self.evaluate(expr.comparators[0], s):
                    found.append((after, self._compared(expr, left, right, after)))
            else:
                found.extend((after, OPAQUE) for after in self._all(expr.comparators, s))
        return found

    def _compared(self, expr: t.Compare, left: Value, right: Value, state: State[S]) -> Value:
        op = expr.ops[0]
        same: bool | None = None
        match left, right:
            case Known(value=one), Known(value=other):
                same = one is other or (op in ("==", "!=") and one == other)
            case (Truth(value=answer), Known(value=bool(flag))) if answer is not flag:
                same = False
            case (Truth(value=True) | Thing(truth=True), Known(value=None)):
                same = False
            case _:
                pass
        if same is not None:
            match op:
                case "is" | "==":
                    return Known(same)
                case "is not" | "!=":
                    return Known(not same)
                case _:
                    pass
        text = pure_text(expr)
        known = state.get(f"?{text}") if text is not None else None
        return OPAQUE if known is None else known

    def _comprehension(self, expr: t.Comprehension, state: State[S]) -> list[State[S]]:
        states = [state]
        skipped: list[State[S]] = []
        for generator in expr.generators:
            states = self.limited(s for before in states for s, _ in self.evaluate(generator.iterable, before))
            skipped.extend(states)
            for condition in generator.conditions:
                states, _ = self.branch(condition, states)
        parts = (expr.element,) if expr.key is None else (expr.key, expr.element)
        for part in parts:
            states = self.limited(s for before in states for s, _ in self.evaluate(part, before))
        return self.limited([*skipped, *states])

    # ---------------------------------------------------------------------------------------------- tests
    def branch(self, test: t.Expr, states: Sequence[State[S]]) -> tuple[list[State[S]], list[State[S]]]:
        """The states in which a test is true, and those in which it is false."""
        match test:
            case t.UnaryOp(op="not", operand=operand):
                true, false = self.branch(operand, states)
                return false, true
            case t.BoolOp(op="and", values=values):
                refused: list[State[S]] = []
                going = list(states)
                for value in values:
                    going, false = self.branch(value, going)
                    refused.extend(false)
                return self.limited(going), self.limited(refused)
            case t.BoolOp(values=values):
                accepted: list[State[S]] = []
                going = list(states)
                for value in values:
                    true, going = self.branch(value, going)
                    accepted.extend(true)
                return self.limited(accepted), self.limited(going)
            case _:
                return self._split(test, states)

    def _split(self, test: t.Expr, states: Sequence[State[S]]) -> tuple[list[State[S]], list[State[S]]]:
        sides: dict[bool, list[State[S]]] = {True: [], False: []}
        for state in states:
            for s, value in self.evaluate(test, state):
                known = truth(value)
                for answer in (True, False) if known is None else (known,):
                    learned = _learn(test, answer, s) if known is None else s
                    after = self.client.assume(test, value, answer, learned)
                    if after is not None:
                        sides[answer].append(after)
        return self.limited(sides[True]), self.limited(sides[False])

    # -------------------------------------------------------------------------------------------- targets
    def assign(self, target: t.Expr, expr: t.Expr | None, value: Value, state: State[S]) -> State[S]:
        """The state after an assignment to one target."""
        state = self.client.assign(target, expr, value, state)
        match target:
            case t.Name() | t.Attribute():
                path = path_of(target)
                return state if path is None else state.bind(path, value)
            case t.TupleExpr(elements=elements) | t.ListExpr(elements=elements):
                values = expr.elements if isinstance(expr, t.TupleExpr) else ()
                for index, element in enumerate(elements):
                    inner = values[index] if len(values) == len(elements) else None
                    known = self.evaluate(inner, state) if isinstance(inner, _CONSTANTS) else []
                    state = self.assign(element, inner, known[0][1] if known else OPAQUE, state)
                return state
            case t.Starred(value=inner):
                return self.assign(inner, None, OPAQUE, state)
            case _:
                return state


_CONSTANTS = (t.Boolean, t.Nothing, t.Number, t.String)


def _learn(test: t.Expr, answer: bool, state: State[S]) -> State[S]:
    match test:
        case t.Name() | t.Attribute():
            path = path_of(test)
            return state if path is None else state.learn(path, Truth(answer))
        case t.NamedExpr(target=t.Name(id=name)):
            return state.learn(name, Truth(answer))
        case t.Compare(left=left, ops=(op,), comparators=(right,)):
            text = pure_text(test)
            if text is None:
                return state
            state = state.learn(f"?{text}", Known(answer))
            opposite = {"is": "is not", "is not": "is", "==": "!=", "!=": "=="}.get(op)
            if opposite is not None:
                turned = pure_text(t.Compare(test.start, test.end, left, (opposite,), (right,)))
                state = state.learn(f"?{turned}", Known(not answer))
            path = path_of(left)
            if isinstance(right, t.Nothing) and path is not None and answer is (op in ("is", "==")):
                state = state.learn(path, Known(None))
            return state
        case _:
            return state


def children(expr: t.Expr) -> Iterator[t.Expr]:
    """The direct parts of an expression, in the order of evaluation; a lambda's body is not run."""
    match expr:
        case t.Attribute(value=value) | t.Starred(value=value) | t.Interpolation(value=value):
            yield value
        case t.Await(value=value):
            yield value
        case t.Yield(value=value):
            if value is not None:
                yield value
        case t.Call():
            yield expr.func
            yield from expr.args
            yield from (keyword.value for keyword in expr.keywords)
        case t.FString(parts=parts):
            yield from parts
        case t.ListExpr(elements=elements) | t.TupleExpr(elements=elements) | t.SetExpr(elements=elements):
            yield from elements
        case t.DictExpr(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if key is not None:
                    yield key
                yield value
        case t.Subscript(value=value, index=index):
            yield value
            yield index
        case t.SliceExpr():
            yield from (part for part in (expr.lower, expr.upper, expr.step) if part is not None)
        case t.BinOp(left=left, right=right):
            yield left
            yield right
        case t.UnaryOp(operand=operand):
            yield operand
        case t.BoolOp(values=values):
            yield from values
        case t.Compare():
            yield expr.left
            yield from expr.comparators
        case t.IfExp():
            yield expr.test
            yield expr.body
            yield expr.orelse
        case t.NamedExpr(value=value):
            yield value
        case t.Comprehension():
            for generator in expr.generators:
                yield generator.iterable
                yield from generator.conditions
            if expr.key is not None:
                yield expr.key
            yield expr.element
        case _:
            return
