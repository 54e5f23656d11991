"""The walk over a function's statements: every path, through try, with, loops, match and early exits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from djlint_spec.facts import tree as t
from djlint_spec.flow.client import Exits
from djlint_spec.flow.exceptions import ANYTHING, exception_names
from djlint_spec.flow.expressions import TooComplex
from djlint_spec.flow.parts import children
from djlint_spec.flow.unwinding import Unwinding
from djlint_spec.flow.values import OPAQUE, Caught, Display, Known, S, State, Value, path_of, pure_text
from djlint_spec.project.symbols import target_names

_MOST_ROUNDS = 6
"""Rounds of a loop until its states are taken as settled; values are few, so two or three do."""

_ENDLESS = frozenset({"range", "count", "cycle", "repeat"})
"""Iterables that are taken to have an element: nobody writes a retry loop of none."""


class Walk(Unwinding[S]):
    """Walks one function for one client.

    After `run`, `exits` tells how the function may be left: normal ends are returns of None.
    """

    def run(self, state: State[S]) -> Exits[S] | None:
        """The exits of the function entered in `state`; None when its paths are too many."""
        try:
            for end in self.block(self.client.function.body, [state]):
                self.exits.returned[(end, Known(None))] = None
        except (TooComplex, RecursionError):
            return None
        return self.exits

    # ----------------------------------------------------------------------------------------- statements
    def block(self, statements: Iterable[t.Stmt], states: Sequence[State[S]]) -> list[State[S]]:
        """The states at the end of a block."""
        going = list(states)
        for statement in statements:
            if not going:
                return []
            going = self.limited(self._statement(statement, going))
        return going

    def _statement(self, statement: t.Stmt, states: list[State[S]]) -> list[State[S]]:
        match statement:
            case t.ExprStmt(value=value):
                return [s for state in states for s, _ in self.evaluate(value, state)]
            case t.Assign(targets=targets, value=value):
                return self._assign(targets, value, states)
            case t.AnnAssign(target=target, value=value):
                return states if value is None else self._assign((target,), value, states)
            case t.AugAssign(target=target, value=value):
                return [
                    self.assign(target, None, OPAQUE, self.client.augment(statement, s))
                    for state in states
                    for s, _ in self.evaluate(value, state)
                ]
            case t.Return(value=value):
                for state in states:
                    pairs = [(state, Known(None))] if value is None else self.evaluate(value, state)
                    self.exits.returned.update(dict.fromkeys(pairs))
                return []
            case t.Raise():
                return self._raise(statement, states)
            case t.If(test=test, body=body, orelse=orelse):
                true, false = self.branch(test, states)
                return [*self.block(body, true), *self.block(orelse, false)]
            case t.While():
                return self._while(statement, states)
            case t.For():
                return self._for(statement, states)
            case t.Try():
                return self.try_(statement, states)
            case t.With(items=items, body=body):
                return self.with_(items, body, states)
            case t.Match():
                return self._match(statement, states)
            case t.Assert(test=test):
                true, false = self.branch(test, states)
                for state in false:
                    self.throw(state, "builtins.AssertionError")
                return true
            case t.Jump(kind="break"):
                self.exits.broke.update(dict.fromkeys(states))
                return []
            case t.Jump(kind="continue"):
                self.exits.continued.update(dict.fromkeys(states))
                return []
            case t.Delete(targets=targets):
                return [self._forget(targets, state) for state in states]
            case t.FunctionDef(name=name) | t.ClassDef(name=name):
                return [state.bind(name, OPAQUE) for state in states]
            case t.Import() | t.Scoping() | t.Jump():
                return states

    def _assign(self, targets: tuple[t.Expr, ...], value: t.Expr, states: list[State[S]]) -> list[State[S]]:
        found: list[State[S]] = []
        for state in states:
            for s, v in self.evaluate(value, state):
                match targets:
                    case (t.TupleExpr(elements=(t.Name() as only,)) | t.ListExpr(elements=(t.Name() as only,)),) if (
                        not isinstance(v, Display)
                    ):
                        for after, inner in self.settle(self.client.unpack(only, v, s)):
                            found.append(self.assign(only, None, inner, after))
                    case _:
                        found.extend(self._assign_each(targets, value, v, s))
        return found

    def _assign_each(self, targets: tuple[t.Expr, ...], value: t.Expr, known: Value, state: State[S]) -> list[State[S]]:
        states = [state]
        for target in targets:
            if isinstance(target, (t.Attribute, t.Subscript)) and path_of(target) is None:
                states = [s for before in states for s in self.all_of(children(target), before)]
            states = [self.assign(target, value, known, s) for s in states]
        return states

    def _forget(self, targets: tuple[t.Expr, ...], state: State[S]) -> State[S]:
        for target in targets:
            state = self.assign(target, None, OPAQUE, state)
        return state

    def _raise(self, statement: t.Raise, states: list[State[S]]) -> list[State[S]]:
        exception = statement.exception
        if exception is None:
            kind = self._handling[-1] if self._handling else ANYTHING
            for state in states:
                self.throw(state, kind)
            return []
        for state in states:
            for s, value in self.evaluate(exception, state):
                if isinstance(value, Caught):
                    self.throw(s, value.kind)
                else:
                    named = exception.func if isinstance(exception, t.Call) else exception
                    name = next(exception_names(self._project, named, self._scope), None)
                    self.throw(s, name or ANYTHING)
        return []

    def _match(self, statement: t.Match, states: list[State[S]]) -> list[State[S]]:
        subject = statement.subject
        going: list[State[S]] = []
        if pure_text(subject) is None:
            # The subject is evaluated once: its value gets a name that no program can have.
            subject = t.Name(subject.start, subject.end, f"match@{statement.start}")
            for state in states:
                going.extend(s.bind(subject.id, value) for s, value in self.evaluate(statement.subject, state))
        else:
            going.extend(s for state in states for s, _ in self.evaluate(subject, state))
        ends: list[State[S]] = []
        for case in statement.cases:
            taken, refused = self.branch(_fits(subject, case), going) if case.plain else (going, list(going))
            for name in case.captures:
                taken = [state.bind(name, OPAQUE) for state in taken]
            if case.irrefutable:
                refused = []
            if case.guard is not None:
                taken, failed = self.branch(case.guard, taken)
                refused.extend(failed)
            ends.extend(self.block(case.body, taken))
            going = self.limited(refused)
        if isinstance(subject, t.Name) and subject is not statement.subject:
            return [state.bind(subject.id, OPAQUE) for state in (*ends, *going)]
        return [*ends, *going]

    # ---------------------------------------------------------------------------------------------- loops
    def _while(self, statement: t.While, states: list[State[S]]) -> list[State[S]]:
        outer, self.exits = self.exits, Exits()
        seen: dict[State[S], None] = {}
        done: dict[State[S], None] = {}
        going = list(states)
        for _ in range(_MOST_ROUNDS):
            fresh = [state for state in going if state not in seen]
            if not fresh:
                break
            seen.update(dict.fromkeys(fresh))
            true, false = self.branch(statement.test, fresh)
            done.update(dict.fromkeys(false))
            going = self._round(statement.body, true)
        return self._after_loop(outer, statement.orelse, list(done))

    def _for(self, statement: t.For, states: list[State[S]]) -> list[State[S]]:
        ready = self.limited(s for state in states for s, _ in self.evaluate(statement.iterable, state))
        outer, self.exits = self.exits, Exits()
        if _may_raise(statement.iterable):
            for state in ready:
                outer.raised[(state, ANYTHING)] = None
        seen: dict[State[S], None] = {}
        done: dict[State[S], None] = {} if _has_elements(statement.iterable) else dict.fromkeys(ready)
        going = ready
        for _ in range(_MOST_ROUNDS):
            fresh = [state for state in going if state not in seen]
            if not fresh:
                break
            seen.update(dict.fromkeys(fresh))
            entered = [self.client.iterate(statement, state) for state in fresh]
            entered = [self._forget((statement.target,), state) for state in entered]
            going = self._round(statement.body, self.limited(entered))
            done.update(dict.fromkeys(going))
        names = list(target_names(statement.target))
        ends: list[State[S]] = []
        for state in done:
            for name in names:
                state = state.bind(name, OPAQUE)
            ends.append(state)
        return self._after_loop(outer, statement.orelse, ends)

    def _round(self, body: tuple[t.Stmt, ...], states: list[State[S]]) -> list[State[S]]:
        ends = self.block(body, states)
        continued, self.exits.continued = self.exits.continued, {}
        return self.limited([*ends, *continued])

    def _after_loop(self, outer: Exits[S], orelse: tuple[t.Stmt, ...], done: list[State[S]]) -> list[State[S]]:
        inner, self.exits = self.exits, outer
        outer.raised.update(inner.raised)
        outer.returned.update(inner.returned)
        return [*self.block(orelse, self.limited(done)), *inner.broke]


def _fits(subject: t.Expr, case: t.MatchCase) -> t.Expr:
    """The test that a pattern of plain values makes."""
    tests: list[t.Expr] = []
    for value in case.values:
        op = "is" if isinstance(value, (t.Boolean, t.Nothing)) else "=="
        tests.append(t.Compare(value.start, value.end, subject, (op,), (value,)))
    return tests[0] if len(tests) == 1 else t.BoolOp(subject.start, subject.end, "or", tuple(tests))


def _has_elements(iterable: t.Expr) -> bool:
    match iterable:
        case t.Call(func=t.Name(id=name) | t.Attribute(attr=name)):
            return name in _ENDLESS
        case t.ListExpr(elements=elements) | t.TupleExpr(elements=elements):
            return bool(elements)
        case _:
            return False


def _may_raise(iterable: t.Expr) -> bool:
    match iterable:
        case t.Call(func=t.Name(id="range" | "enumerate" | "zip" | "sorted")):
            return False
        case t.Call() | t.Attribute():
            return True
        case _:
            return False
