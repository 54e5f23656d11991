"""What a path knows at a point: values of names, and a client's own facts. Frozen and hashable."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from typing import Generic, TypeAlias, TypeVar

import msgspec

from djlint_spec.facts import tree as t

S = TypeVar("S", bound=Hashable)


class Known(msgspec.Struct, frozen=True):
    """A constant."""

    value: bool | int | float | str | None


class Truth(msgspec.Struct, frozen=True):
    """A value of which only the truth is known, from a test on this path."""

    value: bool


class Opaque(msgspec.Struct, frozen=True):
    """A value of which nothing is known."""


class Caught(msgspec.Struct, frozen=True):
    """The exception that a handler has bound to a name."""

    kind: str


class Thing(msgspec.Struct, frozen=True):
    """An object that a client follows by `kind` and `key`; it is true unless `truth` says else."""

    kind: str
    key: Hashable
    truth: bool | None = True


class Display(msgspec.Struct, frozen=True):
    """A tuple, list or dictionary as it is written out: its parts by index or key."""

    parts: tuple[tuple[int | str, Value], ...]


Value: TypeAlias = "Known | Truth | Opaque | Caught | Thing | Display"
OPAQUE = Opaque()


def truth(value: Value) -> bool | None:
    """Whether a value is true; None when the path does not tell."""
    match value:
        case Known(value=constant):
            return bool(constant)
        case Truth(value=answer) | Thing(truth=answer):
            return answer
        case Opaque() | Display():
            return None
        case Caught():
            return True


class State(msgspec.Struct, Generic[S], frozen=True):
    """One way to be at a point: names, paths and tests with known values, and the client's facts."""

    facts: S
    env: frozenset[tuple[str, Value]] = frozenset()

    def get(self, name: str) -> Value | None:
        """The value of a name or path, None when nothing is known."""
        for key, value in self.env:  # a generator here would take twice as long, for every name of every path
            if key == name:
                return value
        return None

    def bind(self, name: str, value: Value) -> State[S]:
        """The state after an assignment: what was known through the old value is forgotten."""
        kept = {pair for pair in self.env if name not in pair[0] or not _hangs_on(pair[0], name)}
        kept.update(_bound(name, value))
        return State(self.facts, frozenset(kept))

    def has_parts(self, path: str) -> bool:
        """Whether something is known of what a collection holds."""
        return any(key.startswith(f"{path}[") for key, _ in self.env)

    def forget_parts(self, path: str) -> State[S]:
        """The state after a collection has changed in a way that is not followed."""
        return State(self.facts, frozenset(pair for pair in self.env if f"{path}[" not in pair[0]))

    def learn(self, name: str, value: Value) -> State[S]:
        """The state with one more thing known; nothing is forgotten."""
        return State(self.facts, frozenset({*((k, v) for k, v in self.env if k != name), (name, value)}))

    def with_facts(self, facts: S) -> State[S]:
        """The state with other facts."""
        return State(facts, self.env)


class Outcome(msgspec.Struct, Generic[S], frozen=True):
    """What an operation may lead to: a value, or an exception of the kind `raised`."""

    state: State[S]
    value: Value = OPAQUE
    raised: str | None = None


def _hangs_on(key: str, name: str) -> bool:
    if key == name:
        return True
    if key.startswith("?"):
        return re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", key) is not None
    return key.startswith((f"{name}.", f"{name}["))


def _bound(name: str, value: Value) -> Iterator[tuple[str, Value]]:
    match value:
        case Opaque():
            return
        case Display(parts=parts):
            # A part may be set by itself later: each has a path of its own.
            for key, part in parts:
                yield from _bound(f"{name}[{key!r}]", part)
        case _:
            yield name, value


def path_of(expr: t.Expr) -> str | None:
    """`a.b['c']` for a name, and attributes and constant keys of it; None for anything else."""
    match expr:
        case t.Name(id=name):
            return name
        case t.Attribute(value=value, attr=attr):
            base = path_of(value)
            return None if base is None else f"{base}.{attr}"
        case t.Subscript(value=value, index=t.String(value=key) | t.Number(value=key)):
            base = path_of(value)
            return None if base is None else f"{base}[{key!r}]"
        case _:
            return None


def pure_text(expr: t.Expr) -> str | None:
    """A canonical text of a test that calls nothing, so that the same test later has the same answer."""
    match expr:
        case t.Name() | t.Attribute() | t.Subscript():
            return path_of(expr)
        case t.String(value=text):
            return repr(text)
        case t.Number(value=number):
            return repr(number)
        case t.Boolean(value=flag):
            return repr(flag)
        case t.Nothing():
            return "None"
        case t.Compare(left=left, ops=(op,), comparators=(right,)):
            one, other = pure_text(left), pure_text(right)
            return None if one is None or other is None else f"{one} {op} {other}"
        case _:
            return None
