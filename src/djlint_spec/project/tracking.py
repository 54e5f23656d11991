"""Memoised derivations that record what they stood on, so that a later run re-judges only what changed."""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Iterable
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeAlias, TypeVar, cast, overload


class Grounds:
    """What one derivation stood on: keys that it asked about, itself or by others that it made use of.

    Compared by identity. `keys` has a bit for each, which `Tracking` knows by name; `parts` are others that were not
    done yet when it was.
    """

    __slots__ = ("is_done", "keys", "parts")

    def __init__(self) -> None:
        self.is_done = False
        self.keys = 0
        self.parts: set[Grounds] = set()

    def close(self) -> None:
        """Take over what the parts that are done stood on."""
        keys, left = self.keys, set()
        for part in self.parts:
            if part.is_done:
                keys |= part.keys
                left |= part.parts
            else:
                left.add(part)
        self.keys = keys
        self.parts = left
        self.is_done = True

    def all(self) -> int:
        """Every key, of the parts too."""
        if not self.parts:
            return self.keys
        found = 0
        seen = {self}
        queue = [self]
        while queue:
            grounds = queue.pop()
            found |= grounds.keys
            queue.extend(grounds.parts - seen)
            seen |= grounds.parts
        return found


_NOTHING = Grounds()
"""What is recorded where nothing is collected."""

Memo: TypeAlias = dict[Hashable, tuple[Any, Grounds]]
"""Values of every derivation of an object, so of many types, each with its grounds."""


class Tracking:
    """Collects the keys (of bodies of functions, of templates) that running derivations ask about.

    `words` are those that texts of whole modules were searched for, by whomever: a change of text that touches none of
    them changes no such search. Nothing is collected unless tracking is `active`: a run that ends with its report has
    no use for it.
    """

    __slots__ = ("_bits", "_names", "active", "frames", "words")

    def __init__(self, *, active: bool = False) -> None:
        self.active = active
        self.words: set[str] = set()
        self.frames: list[Grounds] = []
        self._bits: dict[str, int] = {}
        self._names: list[str] = []

    def touch(self, key: str) -> None:
        """Note that the derivation under way depends on `key`."""
        if self.frames:
            bit = self._bits.get(key)
            if bit is None:
                bit = self._bits[key] = 1 << len(self._names)
                self._names.append(key)
            self.frames[-1].keys |= bit

    def keys_of(self, grounds: Grounds) -> frozenset[str]:
        """The names of all that something stood on."""
        bits, found = f"{grounds.all():b}"[::-1], []
        at = bits.find("1")
        while at >= 0:
            found.append(self._names[at])
            at = bits.find("1", at + 1)
        return frozenset(found)

    def search(self, words: Iterable[str]) -> None:
        """Note that a module's text is searched for words."""
        if self.active:
            self.words.update(words)

    def absorb(self, grounds: Grounds) -> None:
        """Note that the derivation under way depends on all that another one stood on."""
        if self.frames:
            self.frames[-1].parts.add(grounds)

    def record(self) -> Recording:
        """What, when the block ends, holds every key asked about within it; nothing unless tracking is active."""
        return Recording(self)

    def begin(self, grounds: Grounds) -> None:
        """Collect in `grounds` all that is asked about until the matching `end`."""
        self.frames.append(grounds)

    def end(self) -> None:
        """Close the innermost frame; the one around it depends on all that it did."""
        grounds = self.frames.pop()
        grounds.close()
        if self.frames:
            self.frames[-1].parts.add(grounds)


class Recording:
    """The block of a `Tracking.record`. Not a generator: there is one for each call that is evaluated."""

    __slots__ = ("_grounds", "_tracking")

    def __init__(self, tracking: Tracking) -> None:
        self._tracking = tracking
        self._grounds = Grounds() if tracking.active else _NOTHING

    def __enter__(self) -> Grounds:
        if self._tracking.active:
            self._tracking.begin(self._grounds)
        return self._grounds

    def __exit__(self, *_: object) -> None:
        if self._tracking.active:
            self._tracking.end()


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
        made = cast("Callable[..., R]", method)

        def work_out(self: S, key: Hashable, args: tuple[Any, ...]) -> R:
            memo, tracking = self.memo, self.tracking
            active = tracking.active
            grounds = Grounds() if active else _NOTHING
            memo[key] = (cycle(), grounds)
            if active:
                tracking.begin(grounds)
            try:
                result = made(self, *args)
            except BaseException:
                del memo[key]
                raise
            finally:
                if active:
                    tracking.end()
            memo[key] = (result, grounds)
            return result

        # Called a hundred thousand times: without keywords, of which an empty dict would be made each time.
        @functools.wraps(method)
        def wrapper(self: S, /, *args: Any) -> R:
            key = (name, args)
            known = self.memo.get(key)
            if known is None:
                return work_out(self, key, args)
            frames = self.tracking.frames
            if frames:
                frames[-1].parts.add(known[1])
            value: R = known[0]
            return value

        return cast("Callable[Concatenate[S, P], R]", wrapper)

    return decorate


K = TypeVar("K")


class cached_property(Generic[R]):
    """A property worked out once for each object; with tracking active, what it stood on is recorded with it.

    For objects that belong to a project: they have a `tracking`, or know their project.
    """

    # Any: the object that the property is of.
    def __init__(self, method: Callable[[Any], R], cycle: Callable[[Any], object] | None = None) -> None:
        self._method = method
        self._cycle = cycle
        self._name = method.__name__
        self._kept = f"{method.__name__} and what it stood on"
        self.__doc__ = method.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> cached_property[R]: ...

    @overload
    def __get__(self, instance: object, owner: type) -> R: ...

    def __get__(self, instance: object | None, owner: type) -> cached_property[R] | R:
        if instance is None:
            return self
        held = instance.__dict__
        known: tuple[R, Grounds, list[Grounds]] | None = held.get(self._kept)
        if known is not None:
            frames = known[2]
            if frames:
                frames[-1].parts.add(known[1])
            return known[0]
        tracking = _tracking_of(instance)
        if tracking.active:
            return self._recorded(instance, held, tracking)
        # Found by Python itself from now on.
        name = self._name
        if self._cycle is not None:
            held[name] = self._cycle(instance)
        try:
            value = held[name] = self._method(instance)
        except BaseException:
            held.pop(name, None)
            raise
        return value

    def _recorded(self, instance: object, held: dict[str, Any], tracking: Tracking) -> R:
        name, frames = self._kept, tracking.frames
        with tracking.record() as grounds:
            if self._cycle is not None:
                held[name] = self._cycle(instance), grounds, frames
            try:
                value = self._method(instance)
            except BaseException:
                held.pop(name, None)
                raise
        held[name] = value, grounds, frames
        return value


def circular(cycle: Callable[[Any], object]) -> Callable[[Callable[[Any], R]], cached_property[R]]:
    """A `cached_property` that may come to ask for itself: `cycle` makes what it is told then, of the object."""
    return lambda method: cached_property(method, cycle)


def _tracking_of(instance: Any) -> Tracking:  # any object that belongs to a project
    held = instance.__dict__
    project = held.get("project") or held.get("_project") or getattr(instance, "project", instance)
    found: Tracking = project.tracking
    return found


class Kept(Generic[K, R]):
    """Answers by key, each worked out once; with tracking active, what each stood on is recorded with it."""

    def __init__(self, tracking: Tracking) -> None:
        self._tracking = tracking
        self._frames = tracking.frames
        self._known: dict[K, tuple[R, Grounds]] = {}

    # Both are called a hundred thousand times: what `absorb` does is written out in them.
    def get(self, key: K) -> R | None:
        """What is known for a key, None where nothing is."""
        known = self._known.get(key)
        if known is None:
            return None
        if self._frames:
            self._frames[-1].parts.add(known[1])
        return known[0]

    def __contains__(self, key: K) -> bool:
        return key in self._known

    def put(self, key: K, value: R, grounds: Grounds) -> None:
        """Keep an answer with its grounds."""
        self._known[key] = (value, grounds)

    def made(self, key: K, make: Callable[[], R], cycle: Callable[[], R] | None = None) -> R:
        """What is kept for a key, made if it is not; `cycle` makes what stands for it while it is made."""
        known = self._known.get(key)
        if known is not None:
            if self._frames:
                self._frames[-1].parts.add(known[1])
            return known[0]
        active = self._tracking.active
        grounds = Grounds() if active else _NOTHING
        if cycle is not None:
            self._known[key] = (cycle(), grounds)
        if active:
            self._tracking.begin(grounds)
        try:
            value = make()
        except BaseException:
            self._known.pop(key, None)
            raise
        finally:
            if active:
                self._tracking.end()
        self._known[key] = (value, grounds)
        return value
