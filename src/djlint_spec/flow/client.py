"""What an analysis adds to the walk over a function, and the ways in which the walk leaves a block."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic

from djlint_spec.facts import tree as t
from djlint_spec.flow.exceptions import ANYTHING
from djlint_spec.flow.values import OPAQUE, Outcome, S, State, Value
from djlint_spec.project import Function, Project


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

    def widened(self, states: list[State[S]]) -> list[State[S]]:
        """Fewer states that stand for all of these, where a client that `widens` has too many."""
        return list(dict.fromkeys(State(state.facts) for state in states))


@dataclass(slots=True)
class Exits(Generic[S]):
    """Where a block is left other than at its end. Dicts stand for ordered sets."""

    raised: dict[tuple[State[S], str], None] = field(default_factory=dict)
    returned: dict[tuple[State[S], Value], None] = field(default_factory=dict)
    broke: dict[State[S], None] = field(default_factory=dict)
    continued: dict[State[S], None] = field(default_factory=dict)
