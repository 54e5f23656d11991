"""The walk over a function's statements: every path, through try, with, loops, match and early exits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from djlint_spec.facts import tree as t
from djlint_spec.flow.exceptions import ANYTHING, Catches, catches, exception_names
from djlint_spec.flow.expressions import Client, Exits, Expressions, TooComplex
from djlint_spec.flow.values import OPAQUE, Caught, Known, S, State
from djlint_spec.project.symbols import target_names

_MOST_ROUNDS = 6
"""Rounds of a loop until its states are taken as settled; values are few, so two or three do."""

_ENDLESS = frozenset({"range", "count", "cycle", "repeat"})
"""Iterables that are taken to have an element: nobody writes a retry loop of none."""


@dataclass(frozen=True, slots=True)
class Protection:
    """The handlers around a point, or (None) the start of a finally or a handler, which they do not share."""

    types: tuple[str | None, ...] | None


class Walk(Expressions[S]):
    """Walks one function for one client.

    After `run`, `exits` tells how the function may be left: normal ends are returns of None.
    """

    def __init__(self, client: Client[S]) -> None:
        super().__init__(client)
        self._project = client.project
        self._scope = client.function.scope
        self._protections: list[Protection] = []
        self._handling: list[str] = []

    def run(self, state: State[S]) -> Exits[S] | None:
        """The exits of the function entered in `state`; None when its paths are too many."""
        try:
            for end in self.block(self.client.function.body, [state]):
                self.exits.returned[(end, Known(None))] = None
        except (TooComplex, RecursionError):
            return None
        return self.exits

    def protected(self, catching: Callable[[str | None], bool]) -> bool:
        """Whether a handler that `catching` holds of stands close by, within the same finally or handler."""
        for protection in reversed(self._protections):
            if protection.types is None:
                return False
            if any(catching(name) for name in protection.types):
                return True
        return False

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
                return self._try(statement, states)
            case t.With(items=items, body=body):
                return self._with(items, body, states)
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
                    case (t.TupleExpr(elements=(t.Name() as only,)) | t.ListExpr(elements=(t.Name() as only,)),):
                        for after, inner in self.settle(self.client.unpack(only, v, s)):
                            found.append(self.assign(only, None, inner, after))
                    case _:
                        for target in targets:
                            s = self.assign(target, value, v, s)
                        found.append(s)
        return found

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
        going = [s for state in states for s, _ in self.evaluate(statement.subject, state)]
        ends: list[State[S]] = []
        for case in statement.cases:
            taken = going
            for name in case.captures:
                taken = [state.bind(name, OPAQUE) for state in taken]
            refused = [] if case.irrefutable else list(going)
            if case.guard is not None:
                taken, failed = self.branch(case.guard, taken)
                refused.extend(failed)
            ends.extend(self.block(case.body, taken))
            going = self.limited(refused)
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

    # -------------------------------------------------------------------------------------- try and with
    def _try(self, statement: t.Try, states: list[State[S]]) -> list[State[S]]:
        outer = self.exits
        level: Exits[S] = Exits()
        handlers = [
            (handler, tuple(exception_names(self._project, handler.type, self._scope)))
            for handler in statement.handlers
        ]
        self.exits = Exits()
        self._protections.append(Protection(tuple(name for _, names in handlers for name in names)))
        ends = self.block(statement.body, states)
        self._protections.pop()
        body, self.exits = self.exits, level
        level.returned.update(body.returned)
        level.broke.update(body.broke)
        level.continued.update(body.continued)
        ends = self.block(statement.orelse, ends)
        ends.extend(self._handle(handlers, body))
        self.exits = outer
        if not statement.finalbody:
            _merge(outer, level)
            return ends
        return self._finally(statement.finalbody, ends, level)

    def _handle(self, handlers: list[tuple[t.Handler, tuple[str | None, ...]]], body: Exits[S]) -> list[State[S]]:
        caught: dict[tuple[int, str], dict[State[S], None]] = {}
        for state, kind in body.raised:
            for index, (_, names) in enumerate(handlers):
                answers = [(catches(self._project, name, kind), name) for name in names]
                answer, name = max(answers, key=lambda pair: _CERTAINTY[pair[0]])
                if answer is Catches.NO:
                    continue
                narrowed = name if kind.startswith(ANYTHING) and _is_narrow(name) else kind
                caught.setdefault((index, narrowed or ANYTHING), {})[state] = None
                if answer is Catches.YES:
                    break
            else:
                self.throw(state, kind)
        ends: list[State[S]] = []
        for (index, kind), found in caught.items():
            handler = handlers[index][0]
            entered = list(found)
            if handler.name is not None:
                entered = [state.bind(handler.name, Caught(kind)) for state in entered]
            self._handling.append(kind)
            self._protections.append(Protection(None))
            ends.extend(self.block(handler.body, self.limited(entered)))
            self._protections.pop()
            self._handling.pop()
        return ends

    def _finally(self, finalbody: tuple[t.Stmt, ...], ends: list[State[S]], level: Exits[S]) -> list[State[S]]:
        known: dict[State[S], list[State[S]]] = {}

        def after(state: State[S]) -> list[State[S]]:
            # A finally has its own end for each way in, so that a return stays a return.
            if state not in known:
                known[state] = self.block(finalbody, [state])
            return known[state]

        self._protections.append(Protection(None))
        outer = self.exits
        finished = self.limited(s for state in self.limited(ends) for s in after(state))
        for state, kind in level.raised:
            outer.raised.update(((s, kind), None) for s in after(state))
        for state, value in level.returned:
            outer.returned.update(((s, value), None) for s in after(state))
        for state in level.broke:
            outer.broke.update(dict.fromkeys(after(state)))
        for state in level.continued:
            outer.continued.update(dict.fromkeys(after(state)))
        self._protections.pop()
        return finished

    def _with(self, items: tuple[t.WithItem, ...], body: tuple[t.Stmt, ...], states: list[State[S]]) -> list[State[S]]:
        if not items:
            return self.block(body, states)
        item, rest = items[0], items[1:]
        suppressed = self._suppressed(item.context)
        ends: list[State[S]] = []
        for state in states:
            for ready, value in self.evaluate(item.context, state):
                outer, self.exits = self.exits, Exits()
                entered = [] if suppressed is not None else self.settle(self.client.enter(item, value, ready))
                _merge(outer, self.exits)
                self.exits = Exits()
                started = [ready] if suppressed is not None else [
                    s if item.target is None else self.assign(item.target, None, inner, s)
                    for s, inner in entered
                ]  # fmt: skip
                self._protections.append(Protection(suppressed or ()))
                finished = self._with(rest, body, self.limited(started))
                self._protections.pop()
                inner_exits, self.exits = self.exits, outer
                leave = self.client.leave
                ends.extend(leave(item, value, s, None) for s in finished)
                for s, kind in inner_exits.raised:
                    left = leave(item, value, s, kind)
                    verdict = max(
                        (catches(self._project, name, kind) for name in suppressed or ()),
                        key=_CERTAINTY.__getitem__,
                        default=Catches.NO,
                    )
                    if verdict is not Catches.NO:
                        ends.append(left)
                    if verdict is not Catches.YES:
                        outer.raised[(left, kind)] = None
                for s, returned in inner_exits.returned:
                    outer.returned[(leave(item, value, s, None), returned)] = None
                for s in inner_exits.broke:
                    outer.broke[leave(item, value, s, None)] = None
                for s in inner_exits.continued:
                    outer.continued[leave(item, value, s, None)] = None
        return self.limited(ends)

    def _suppressed(self, context: t.Expr) -> tuple[str | None, ...] | None:
        match context:
            case t.Call(func=func, args=args) if self._project.dotted(func, self._scope) == "contextlib.suppress":
                return tuple(name for arg in args for name in exception_names(self._project, arg, self._scope))
            case _:
                return None


_CERTAINTY = {Catches.NO: 0, Catches.MAYBE: 1, Catches.YES: 2}


def _is_narrow(name: str | None) -> bool:
    return name is not None and name not in ("builtins.Exception", "builtins.BaseException")


def _merge(into: Exits[S], exits: Exits[S]) -> None:
    into.raised.update(exits.raised)
    into.returned.update(exits.returned)
    into.broke.update(exits.broke)
    into.continued.update(exits.continued)


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
