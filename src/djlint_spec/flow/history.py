"""What has happened on a path so far: effects, the markers it has tested and set, what a rollback takes back."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

import msgspec
from msgspec.structs import replace

from djlint_spec.diagnostics import Span

Marker: TypeAlias = "tuple[str, str]"
"""A kind and a name: `("field", "processed_at")`, `("rows", "shop.models.Order")`, `("gone", "shop.models.Order")`."""

_MOST_EFFECTS = 3
"""Effects of one path that are followed; a task with more of them is reported for one of these all the same."""


class Store(enum.Enum):
    """Where an effect stays: what is in the database goes when its transaction is rolled back."""

    DATABASE = "database"
    OUTSIDE = "outside"


class Effect(msgspec.Struct, frozen=True):
    """Something that a second run does again: `what` says it, as in "creates `Order`"."""

    what: str
    span: Span
    store: Store


class Done(msgspec.Struct, frozen=True):
    """An effect that has happened, and the markers that the path had looked at before."""

    effect: Effect
    tested: frozenset[Marker]


class History(msgspec.Struct, frozen=True):
    """One path's past.

    `pending` are the attributes assigned and not saved yet, with the path of their row, `deltas` those changed by an
    amount. `once` holds for good after a key that only one run gets, `held` counts the locks held. `doubt` is
    the offset in the function's module up to which a test that is not resolved may keep a second run out. `retried`
    is where the message was sent again. `saved` are the transactions under way, each with what there was before it.
    """

    done: frozenset[Done] = frozenset()
    tested: frozenset[Marker] = frozenset()
    marked: frozenset[Marker] = frozenset()
    pending: frozenset[tuple[str, str]] = frozenset()
    deltas: frozenset[tuple[str, str]] = frozenset()
    once: bool = False
    held: int = 0
    doubt: int = -1
    retried: Span | None = None
    saved: tuple[tuple[frozenset[Done], frozenset[Marker]], ...] = ()

    @property
    def is_alone(self) -> bool:
        """Whether no other run gets here."""
        return self.once or self.held > 0

    # ------------------------------------------------------------------------------------------- happening
    def act(self, effect: Effect, at: int) -> History:
        """After an effect at the offset `at`; an effect that only one run has leaves no trace."""
        if self.is_alone or at < self.doubt:
            return self
        return replace(self, done=_most({*self.done, Done(effect, self.tested)}))

    def test(self, markers: Iterable[Marker]) -> History:
        """After a look at markers."""
        more = self.tested.union(markers)
        return self if more == self.tested else replace(self, tested=more)

    def mark(self, markers: Iterable[Marker]) -> History:
        """After markers were stored."""
        more = self.marked.union(markers)
        return self if more == self.marked else replace(self, marked=more)

    def save(self, row: str | None) -> History:
        """After the row at a path was saved, for None any row: what was assigned to it before is stored."""
        stored = {pair for pair in self.pending if row is None or pair[0] == row}
        changed = {pair for pair in self.deltas if row is None or pair[0] == row}
        marked = self.mark(("field", name) for _, name in stored)
        return replace(marked, pending=self.pending - stored, deltas=self.deltas - changed)

    def of(self, row: str) -> frozenset[str]:
        """The attributes of the row at a path that are assigned and not saved."""
        return frozenset(name for path, name in self.pending if path == row)

    def dropped(self, row: str) -> History:
        """Without what is known of the row at a path."""
        pending = frozenset(pair for pair in self.pending if pair[0] != row)
        return replace(self, pending=pending, deltas=frozenset(pair for pair in self.deltas if pair[0] != row))

    def renamed(self, rows: Mapping[str, str]) -> History:
        """The past of a callee as its caller sees it: the rows that its parameters hold by the caller's paths."""
        if not self.pending and not self.deltas:
            return self
        return replace(self, pending=_renamed(self.pending, rows), deltas=_renamed(self.deltas, rows))

    # ----------------------------------------------------------------------------------------- transactions
    def begin(self) -> History:
        """Within a transaction."""
        return replace(self, saved=(*self.saved, (self.done, self.marked)))

    def commit(self) -> History:
        """After the transaction."""
        return replace(self, saved=self.saved[:-1])

    def roll_back(self) -> History:
        """After the transaction was taken back: effects outside the database stay."""
        done, marked = self.saved[-1]
        stayed = {each for each in self.done if each.effect.store is Store.OUTSIDE or each in done}
        return replace(self, done=frozenset(stayed), marked=self.marked & marked, saved=self.saved[:-1])

    # ----------------------------------------------------------------------------------------------- calls
    def after(self, inner: History, at: int) -> History:
        """After a call at the offset `at` whose own past is `inner`."""
        kept = self.done
        if not self.is_alone and at >= self.doubt:
            kept = _most({*kept, *(Done(each.effect, each.tested | self.tested) for each in inner.done)})
        return replace(
            self,
            done=kept,
            tested=self.tested | inner.tested,
            marked=self.marked | inner.marked,
            pending=self.pending | inner.pending,
            deltas=self.deltas | inner.deltas,
            once=self.once or inner.once,
            retried=self.retried or inner.retried,
        )

    @property
    def repeated(self) -> Iterator[Effect]:
        """The effects that a second run does again: no marker that was looked at before them has been set."""
        for each in self.done:
            if not each.tested & self.marked:
                yield each.effect


def _renamed(pairs: frozenset[tuple[str, str]], rows: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset((rows[path], name) for path, name in pairs if path in rows)


def _most(done: Iterable[Done]) -> frozenset[Done]:
    return frozenset(sorted(done, key=lambda each: (each.effect.span, each.effect.what))[:_MOST_EFFECTS])


def widened(histories: Iterable[History]) -> list[History]:
    """Fewer histories that stand for all: those with the same effects, guarded alike, become one with all guards."""
    groups: dict[object, History] = {}
    for each in histories:
        effects = frozenset(done.effect for done in each.done)
        key = (effects, frozenset(each.repeated), each.once, each.held, each.retried, len(each.saved))
        known = groups.get(key)
        groups[key] = each if known is None else _joined(known, each)
    return list(groups.values())


def _joined(one: History, other: History) -> History:
    tested: dict[Effect, frozenset[Marker]] = {}
    for done in (*one.done, *other.done):
        tested[done.effect] = tested.get(done.effect, frozenset()) | done.tested
    return replace(
        one,
        done=frozenset(Done(effect, markers) for effect, markers in tested.items()),
        tested=one.tested | other.tested,
        marked=one.marked | other.marked,
        pending=one.pending | other.pending,
        deltas=one.deltas | other.deltas,
        doubt=max(one.doubt, other.doubt),
    )
