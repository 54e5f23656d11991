"""Evaluation of expressions along paths: values, short circuits, tests that narrow, calls that may raise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeAlias, TypeVar

from djlint_spec.facts import tree as t
from djlint_spec.flow.client import Client, Exits
from djlint_spec.flow.exceptions import ANYTHING
from djlint_spec.flow.learning import compared, learn, remembered
from djlint_spec.flow.parts import children
from djlint_spec.flow.values import OPAQUE, Display, Known, Outcome, S, State, Truth, Value, path_of, truth

MOST_STATES = 400
"""More ways to be at one point than this, and the function is given up as too complex to judge."""

MANY_STATES = 6
"""More than this, and a client that widens is asked for fewer."""

_MOST_PARTS = 12
"""Parts of a display that are followed; longer ones are tables of constants."""

Pairs: TypeAlias = "list[tuple[State[S], Value]]"
V = TypeVar("V")


class TooComplex(Exception):
    """The paths of a function are too many."""


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
            case t.Subscript():
                return self._subscript(expr, state)
            case t.TupleExpr(elements=elements) | t.ListExpr(elements=elements):
                return self._display(tuple(enumerate(elements)), state)
            case t.DictExpr(keys=keys, values=values) if all(isinstance(key, t.String) for key in keys):
                names = [key.value for key in keys if isinstance(key, t.String)]
                return self._display(tuple(zip(names, values, strict=True)), state)
            case t.Comprehension():
                return [(s, OPAQUE) for s in self._comprehension(expr, state)]
            case _:
                return [(s, OPAQUE) for s in self.all_of(children(expr), state)]

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
        found = list(states)
        if len(found) < 2:
            return found
        found = list(dict.fromkeys(found))
        if self.client.widens and len(found) > MANY_STATES:
            found = self.client.widened(found)
        if len(found) > MOST_STATES:
            raise TooComplex
        return found

    def all_of(self, exprs: Iterable[t.Expr], state: State[S]) -> list[State[S]]:
        """The states after all of some expressions, in order."""
        states = [state]
        for expr in exprs:
            states = self.limited(s for before in states for s, _ in self.evaluate(expr, before))
        return states

    def _display(self, parts: tuple[tuple[int | str, t.Expr], ...], state: State[S]) -> Pairs[S]:
        if len(parts) > _MOST_PARTS or any(isinstance(part, t.Starred) for _, part in parts):
            return [(s, OPAQUE) for s in self.all_of((part for _, part in parts), state)]
        found: list[tuple[State[S], tuple[tuple[int | str, Value], ...]]] = [(state, ())]
        for key, part in parts:
            found = [(after, (*before, (key, value))) for s, before in found for after, value in self.evaluate(part, s)]
            found = self._fewer(found, lambda known: tuple((name, OPAQUE) for name, _ in known))
        return [(s, Display(values)) for s, values in found]

    def _subscript(self, expr: t.Subscript, state: State[S]) -> Pairs[S]:
        path = path_of(expr)
        known = state.get(path) if path is not None else None
        if known is not None:
            return [(state, known)]
        found: Pairs[S] = []
        for s, base in self.evaluate(expr.value, state):
            for inner, index in self.evaluate(expr.index, s):
                match base, index:
                    case Display(parts=parts), Known(value=int() | str() as key) if key in dict(parts):
                        found.append((inner, dict(parts)[key]))
                    case _:
                        found.extend(self.settle(self.client.subscript(expr, base, inner)))
        return found

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
                going = [(s, (*args, v)) for mid, args in calls for s, v in self.evaluate(arg, mid)]
                calls = self._fewer(going, lambda args: (OPAQUE,) * len(args))
            for s, args in calls:
                value = _read(node, args, s)
                if value is not None:
                    found.append((s, value))
                else:
                    found.extend(self.settle(self.client.call(node, receiver, args, _handed_over(node, s))))
        return self._fewer(found, lambda value: OPAQUE)

    def _fewer(self, pairs: list[tuple[State[S], V]], forget: Callable[[V], V]) -> list[tuple[State[S], V]]:
        """What `limited` does, for states that each have something beside them."""
        if len(pairs) <= MANY_STATES:
            return pairs
        fewer = self._grouped(pairs)
        if self.client.widens and len(fewer) > MANY_STATES:
            fewer = self._grouped([(state, forget(beside)) for state, beside in fewer])
        if len(fewer) > MOST_STATES:
            raise TooComplex
        return fewer

    def _grouped(self, pairs: list[tuple[State[S], V]]) -> list[tuple[State[S], V]]:
        found: dict[V, list[State[S]]] = {}
        for state, beside in pairs:
            found.setdefault(beside, []).append(state)
        return [(state, beside) for beside, states in found.items() for state in self.limited(states)]

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
        if len(expr.ops) == 1:
            return [
                (after, self._compared(expr, left, right, after))
                for s, left in self.evaluate(expr.left, state)
                for after, right in self.evaluate(expr.comparators[0], s)
            ]
        found: Pairs[S] = []
        going = [s for before in self.all_of((expr.left,), state) for s in self.all_of(expr.comparators[:1], before)]
        for comparator in expr.comparators[1:]:
            found.extend((s, Truth(False)) for s in going)  # one that does not hold ends the chain
            going = self.limited(s for before in going for s, _ in self.evaluate(comparator, before))
        return [*found, *((s, OPAQUE) for s in going)]

    def _compared(self, expr: t.Compare, left: Value, right: Value, state: State[S]) -> Value:
        answer = compared(expr.ops[0], left, right)
        if answer is not None:
            return Known(answer)
        return remembered(expr, state) or OPAQUE

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
                    learned = learn(test, answer, s) if known is None else s
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
            case t.Subscript(value=collection):
                path = path_of(target)
                if path is not None:
                    return state.bind(path, value)
                path = path_of(collection)
                return state if path is None else state.forget_parts(path)
            case t.TupleExpr(elements=elements) | t.ListExpr(elements=elements):
                exprs = expr.elements if isinstance(expr, (t.TupleExpr, t.ListExpr)) else ()
                parts = value.parts if isinstance(value, Display) else ()
                fits = not any(isinstance(element, t.Starred) for element in elements)
                for index, element in enumerate(elements):
                    inner = exprs[index] if fits and len(exprs) == len(elements) else None
                    known = parts[index][1] if fits and len(parts) == len(elements) else OPAQUE
                    state = self.assign(element, inner, known, state)
                return state
            case t.Starred(value=inner):
                return self.assign(inner, None, OPAQUE, state)
            case _:
                return state


_READS = frozenset({"get", "items", "keys", "values", "copy"})


def _read(node: t.Call, args: Sequence[Value], state: State[S]) -> Value | None:
    """The value of `bool(flag)` and of `flags.get("name")`, where it is known."""
    match node.func, node.args:
        case t.Name(id="bool"), (_,):
            answer = truth(args[0])
            return OPAQUE if answer is None else Known(answer)
        case t.Attribute(value=value, attr="get"), (t.String() as key, *_):
            path = path_of(t.Subscript(node.start, node.end, value, key))
            return None if path is None else state.get(path)
        case _:
            return None


def _handed_over(node: t.Call, state: State[S]) -> State[S]:
    """The state in which a call that gets a collection, or is its method, may have changed it."""
    exprs = [*node.args, *(keyword.value for keyword in node.keywords)]
    if isinstance(node.func, t.Attribute) and node.func.attr not in _READS:
        exprs.append(node.func.value)
    for expr in exprs:
        path = path_of(expr)
        if path is not None and state.has_parts(path):
            state = state.forget_parts(path)
    return state
