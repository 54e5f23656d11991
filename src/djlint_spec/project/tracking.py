"""Memoised derivations that record what they stood on, so that a later run re-judges only what changed."""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar


class Tracking:
    """Collects the keys (paths of modules, names of indexes) that running derivations ask about."""

    def __init__(self) -> None:
        self._frames: list[set[str]] = []

    def touch(self, key: str) -> None:
        """Note that the derivation under way depends on `key`."""
        if self._frames:
            self._frames[-1].add(key)

    def absorb(self, keys: set[str]) -> None:
        """Note that the derivation under way depends on all that a memoised one stood on."""
        if self._frames:
            self._frames[-1] |= keys

    @contextmanager
    def record(self) -> Iterator[set[str]]:
        """A set that, when the block ends, holds every key asked about within it."""
        frame: set[str] = set()
        self.begin(frame)
        try:
            yield frame
        finally:
            self.end()

    def begin(self, frame: set[str]) -> None:
        """Collect in `frame` all that is asked about until the matching `end`."""
        self._frames.append(frame)

    def end(self) -> None:
        """Close the innermost frame; the one around it depends on all that it did."""
        frame = self._frames.pop()
        if self._frames:
            self._frames[-1] |= frame


class Tracked(Protocol):
    """What a derivation hangs on: a memo of its own and the project's tracking."""

    @property
    def memo(self) -> dict[Hashable, tuple[Any, set[str]]]: ...  # values of every derivation of the object

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
            assert not kwargs, "derivations take positional arguments"
            memo = self.memo
            key = (name, *args)
            known = memo.get(key)
            tracking = self.tracking
            if known is not None:
                tracking.absorb(known[1])
                value: R = known[0]
                return value
            keys: set[str] = set()
            memo[key] = (cycle(), keys)
            tracking.begin(keys)
            try:
                result = method(self, *args, **kwargs)
            except BaseException:
                del memo[key]
                raise
            finally:
                tracking.end()
            memo[key] = (result, keys)
            return result

        return wrapper

    return decorate
