"""Memoised derivations that record what they stood on, so that a later run re-judges only what changed."""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, Protocol, TypeAlias, TypeVar


class Grounds:
    """What one derivation stood on: keys that it asked about itself, and the grounds of others that it made use of.

    Compared by identity. Grounds are linked, not copied: they are told of a few derivations only, and kept of all.
    """

    __slots__ = ("keys", "parts")

    def __init__(self) -> None:
        self.keys: set[str] = set()
        self.parts: set[Grounds] = set()

    def all(self) -> frozenset[str]:
        """Every key, of the parts too."""
        found: set[str] = set()
        seen = {self}
        queue = [self]
        while queue:
            grounds = queue.pop()
            found |= grounds.keys
            queue.extend(grounds.parts - seen)
            seen |= grounds.parts
        return frozenset(found)


Memo: TypeAlias = dict[Hashable, tuple[Any, Grounds]]
"""Values of every derivation of an object, so of many types, each with its grounds."""


class Tracking:
    """Collects the keys (paths of modules, names of indexes) that running derivations ask about."""

    __slots__ = ("frames",)

    def __init__(self) -> None:
        self.frames: list[Grounds] = []

    def touch(self, key: str) -> None:
        """Note that the derivation under way depends on `key`."""
        if self.frames:
            self.frames[-1].keys.add(key)

    @contextmanager
    def record(self) -> Iterator[Grounds]:
        """What, when the block ends, holds every key asked about within it."""
        grounds = Grounds()
        self.begin(grounds)
        try:
            yield grounds
        finally:
            self.end()

    def begin(self, grounds: Grounds) -> None:
        """Collect in `grounds` all that is asked about until the matching `end`."""
        self.frames.append(grounds)

    def end(self) -> None:
        """Close the innermost frame; the one around it depends on all that it did."""
        grounds = self.frames.pop()
        if self.frames:
            self.frames[-1].parts.add(grounds)


class Tracked(Protocol):
    """What a derivation hangs on: a memo of its own and the project's tracking."""

    @property
    def memo(self) -> Memo: ...

    @property
    def tracking(self) -> Tracking: ...


S = TypeVar("S", bound=Tracked)
P = ParamSpec("P")
R = TypeVar("R")


def derived(
    cycle: Callable[[], object],
) -> Callable[[Callable[Concatenate[S, P], R]], Callable[Concatenate[S, P], R]]:
    """Memoise a method by its (hashable, positional) arguments and record its dependencies.

    `cycle` makes the answer, of the method's own type, for a derivation that in its course asks for itself.
    """

    def decorate(method: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
        name = method.__name__

        @functools.wraps(method)
        def wrapper(self: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
            memo = self.memo
            key = (name, *args)
            known = memo.get(key)
            tracking = self.tracking
            if known is not None:
                if tracking.frames:
                    tracking.frames[-1].parts.add(known[1])
                value: R = known[0]
                return value
            assert not kwargs, "derivations take positional arguments"
            grounds = Grounds()
            memo[key] = (cycle(), grounds)
            tracking.begin(grounds)
            try:
                result = method(self, *args, **kwargs)
            except BaseException:
                del memo[key]
                raise
            finally:
                tracking.end()
            memo[key] = (result, grounds)
            return result

        return wrapper

    return decorate
