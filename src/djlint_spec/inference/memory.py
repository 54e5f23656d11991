"""Calls that were evaluated before: what they gave, and what an evaluator that takes one over would have met itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from djlint_spec.inference.reads import Read
from djlint_spec.inference.values import Rows, Value
from djlint_spec.project import Function, Unknown
from djlint_spec.project.tracking import Grounds

if TYPE_CHECKING:
    from djlint_spec.inference.evaluate import Evaluator

CallKey: TypeAlias = "tuple[object, ...]"
"""What tells calls apart: the function, what it is given, whether reads are noted, and last what is set on rows."""


class KnownCall(msgspec.Struct, frozen=True):
    """One call, evaluated.

    `steps` are the statements of its own, `all_steps` those of the calls in it too; `height` is how deep calls lie in
    it, and `functions` are all that run. `met` are, in order, the causes of doubt and the calls that it came to. A call
    is `whole` where nothing in it was cut short. `seen` are, by identity, the rows of which something that may be set
    on them was asked; None for one row that lasts.
    """

    value: Value
    reads: Sequence[Read]
    uses_context: bool
    grounds: Grounds
    steps: int
    all_steps: int
    height: int
    functions: frozenset[Function]
    met: Sequence[Unknown | tuple[CallKey, KnownCall]]
    whole: bool
    seen: Mapping[int, Rows | None]


class Course(msgspec.Struct):
    """What has been met of a call under way, which stands in `depth` others: the parts of the `KnownCall` to come."""

    depth: int = 0
    height: int = 0
    inner_steps: int = 0
    functions: set[Function] = msgspec.field(default_factory=set)
    met: list[Unknown | tuple[CallKey, KnownCall]] = msgspec.field(default_factory=list)
    whole: bool = True
    seen: dict[int, Rows | None] = msgspec.field(default_factory=dict)

    def take(self, key: CallKey, known: KnownCall, depth: int, steps: int) -> None:
        """Note a call in this one that stands in `depth` others, and how many statements were run for it."""
        self.inner_steps += steps
        self.height = max(self.height, depth - self.depth + known.height)
        self.functions |= known.functions
        self.whole = self.whole and known.whole
        self.seen.update(known.seen)
        self.met.append((key, known))


class SharedCalls:
    """Calls that one evaluator made, for others that ask the same question: each evaluated once for all of them.

    What an evaluator takes from here is what it would have come to by itself: so a call is kept that nothing cut
    short, and taken where nothing would.
    """

    def __init__(self) -> None:
        self._known: dict[CallKey, KnownCall] = {}

    def put(self, key: CallKey, known: KnownCall) -> None:
        """Keep a call."""
        self._known[key[:-1]] = known

    def get(self, key: CallKey) -> KnownCall | None:
        """A call that was kept, whatever is set on rows."""
        return self._known.get(key[:-1])


def is_untouched(known: KnownCall, assumed: Mapping[str, bool]) -> bool:
    """Whether no test that is fixed stands in the code of a call; where none is, all are to be met."""
    texts = (function.module.body_text(function.node) for function in known.functions)
    return bool(assumed) and not any(test in text for text in texts for test in assumed)


def is_set_on(ev: Evaluator, known: KnownCall) -> bool:
    """Whether something was set on rows that a call asked, or fetched for one, that another would not know of."""
    if not known.seen or not (ev.set_attributes.state or ev.set_on_rows or ev.fetched):
        return ev.kept is not None
    seen = set(known.seen.values())
    touched = (*ev.set_on_rows, *ev.set_attributes.rows)
    return (bool(ev.fetched) and None in seen) or any(rows in seen for rows in touched)


def taken_over(ev: Evaluator, key: CallKey, known: KnownCall) -> Iterator[tuple[CallKey, KnownCall]]:
    """The calls that an evaluator knows once it takes over one of another: as if it had evaluated them itself."""
    yield key, known
    ev.steps += known.steps
    for met in known.met:
        if isinstance(met, Unknown):
            ev.unknowns.append(met)
        else:
            inner = (*met[0][:-1], key[-1])
            if not ev.knows(inner):
                yield from taken_over(ev, inner, met[1])
