"""The ways out of `try` and `with`: which handler takes what, and the way through finally."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence

import msgspec

from djlint_spec.facts import tree as t
from djlint_spec.flow.client import Client, Exits
from djlint_spec.flow.exceptions import ANYTHING, Catches, catches, exception_names
from djlint_spec.flow.expressions import Expressions
from djlint_spec.flow.values import Caught, S, State


class Protection(msgspec.Struct, frozen=True):
    """The handlers around a point, or (None) the start of a finally or a handler, which they do not share."""

    types: tuple[str | None, ...] | None


class Unwinding(Expressions[S]):
    """What a walk does at `try` and `with`."""

    def __init__(self, client: Client[S]) -> None:
        super().__init__(client)
        self._project = client.project
        self._scope = client.function.scope
        self._protections: list[Protection] = []
        self._handling: list[str] = []
        self._unwinding = False

    def protected(self, catching: Callable[[str | None], bool]) -> bool:
        """Whether a handler that `catching` holds of stands close by, within the same finally or handler."""
        for protection in reversed(self._protections):
            if protection.types is None:
                return False
            if any(catching(name) for name in protection.types):
                return True
        return False

    def taken_further_out(self, catching: Callable[[str | None], bool]) -> bool:
        """Whether some outer handler that `catching` holds of takes what is raised here, in no other's place."""
        return not self._unwinding and any(
            catching(name) for protection in self._protections for name in protection.types or ()
        )

    @abstractmethod
    def block(self, statements: Iterable[t.Stmt], states: Sequence[State[S]]) -> list[State[S]]:
        """The states at the end of a block."""

    # -------------------------------------------------------------------------------------- try and with
    def try_(self, statement: t.Try, states: list[State[S]]) -> list[State[S]]:
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
            within, self._unwinding = self._unwinding, True
            self._handling.append(kind)
            self._protections.append(Protection(None))
            ends.extend(self.block(handler.body, self.limited(entered)))
            self._protections.pop()
            self._handling.pop()
            self._unwinding = within
        return ends

    def _finally(self, finalbody: tuple[t.Stmt, ...], ends: list[State[S]], level: Exits[S]) -> list[State[S]]:
        known: dict[tuple[State[S], bool], list[State[S]]] = {}
        within = self._unwinding

        def after(state: State[S], unwinding: bool = False) -> list[State[S]]:
            # A finally has its own end for each way in, so that a return stays a return.
            self._unwinding = within or unwinding
            key = (state, self._unwinding)
            if key not in known:
                known[key] = self.block(finalbody, [state])
            return known[key]

        self._protections.append(Protection(None))
        outer = self.exits
        finished = self.limited(s for state in self.limited(ends) for s in after(state))
        for state, kind in level.raised:
            outer.raised.update(((s, kind), None) for s in after(state, unwinding=True))
        for state, value in level.returned:
            outer.returned.update(((s, value), None) for s in after(state))
        for state in level.broke:
            outer.broke.update(dict.fromkeys(after(state)))
        for state in level.continued:
            outer.continued.update(dict.fromkeys(after(state)))
        self._protections.pop()
        self._unwinding = within
        return finished

    def with_(self, items: tuple[t.WithItem, ...], body: tuple[t.Stmt, ...], states: list[State[S]]) -> list[State[S]]:
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
                finished = self.with_(rest, body, self.limited(started))
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
