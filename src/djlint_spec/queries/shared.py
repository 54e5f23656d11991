"""What serializers read of one row, worked out once for all the places that the row may stand in."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from djlint_spec.inference import paths
from djlint_spec.inference.evaluate import Evaluator
from djlint_spec.inference.loading import Loading, Prefetched
from djlint_spec.inference.reads import Read
from djlint_spec.inference.values import RelatedSet, Row, Rows, SerializerOf
from djlint_spec.project import Unknown
from djlint_spec.project.tracking import Grounds

if TYPE_CHECKING:
    from djlint_spec.queries.representation import Consumption


class Known(msgspec.Struct, frozen=True):
    """What representing one row of a model comes to: reads from that row onwards, and what else was met."""

    rows: Rows
    reads: Sequence[Read]
    undecided: Sequence[tuple[str, int]]
    unknowns: Sequence[Unknown]
    consumed: Sequence[Consumption]
    uses_context: bool


@dataclass(slots=True)
class Shared:
    """Representations by serializer, its arguments and the model of the row.

    The annotations and to_attr lists that rows carry, be it by the queryset of a Prefetch, are part of the key.
    """

    _known: dict[Hashable, tuple[Known, Grounds]] = field(default_factory=dict)
    _under_way: set[Hashable] = field(default_factory=set)

    def read(
        self,
        ev: Evaluator,
        serializer: SerializerOf,
        row: Row,
        consumed: list[Consumption],
        work_out: Callable[[Row], None],
    ) -> None:
        """Note what `serializer` reads of `row`; `work_out` does it for a row that stands for all of its kind."""
        rows = row.rows
        assert rows is not None
        # Whether some columns stay behind tells that columns are to be noted; which, is asked of the rows themselves.
        loading = Loading(deferred=frozenset({"*"})) if rows.loading.defers else Loading()
        here = paths.loaded_at(row)
        if here is not None:
            named = here.annotations if row.path else here.annotations | ev.set_on_rows.get(rows, set())
            carried = tuple(entry for entry in here.prefetched if _carries(entry))
            loading = replace(loading, annotations=named, prefetched=carried)
            if not row.path:
                loading = replace(loading, at_hand=here.at_hand, absent=here.absent)
        stand_in = Row(row.model, Rows(row.model, loading, None), row.path and paths.DEEPER)
        given = ev.set_attributes.behind(row)
        key = (
            serializer.cls,
            serializer.arguments,
            stand_in,
            frozenset(ev.assumed.items()),
            frozenset(ev.fetched),
            given,
            given and ev.set_attributes.state,
        )
        with_context = (key, serializer.context)
        held = self._known.get(key) or self._known.get(with_context)
        if held is not None:
            known, grounds = held
            ev.project.tracking.absorb(grounds)
        else:
            if key in self._under_way:
                return  # nested in itself: the outer one tells all that is read
            self._under_way.add(key)
            try:
                with ev.set_attributes.only(stand_in, given, row), ev.project.tracking.record() as grounds:
                    known = self._work_out(ev, stand_in, consumed, work_out)
            finally:
                self._under_way.discard(key)
            self._known[with_context if known.uses_context else key] = known, grounds
        if known.uses_context:
            ev.context_uses += 1
        for text, places in known.undecided:
            ev.undecided[text] = ev.undecided.get(text, 0) + places
        ev.unknowns.extend(known.unknowns)
        consumed.extend(known.consumed)
        ev.journal.replay(list(_moved(known, row)), None)

    @staticmethod
    def _work_out(ev: Evaluator, stand_in: Row, consumed: list[Consumption], work_out: Callable[[Row], None]) -> Known:
        undecided, unknowns, held, uses = ev.undecided, ev.unknowns, list(consumed), ev.context_uses
        ev.undecided, ev.unknowns = {}, []
        consumed.clear()
        try:
            outer = ev.journal.begin_call()
            try:
                work_out(stand_in)
            finally:
                reads = ev.journal.end_call(outer)
            assert stand_in.rows is not None
            return Known(
                stand_in.rows, reads, tuple(ev.undecided.items()), ev.unknowns, tuple(consumed), ev.context_uses > uses
            )
        finally:
            ev.undecided, ev.unknowns = undecided, unknowns
            consumed[:] = held


def _carries(entry: Prefetched) -> bool:
    """Whether a prefetch puts more on rows than those of the relation: attributes of their own."""
    if entry.to_attr is not None:
        return True
    inner = entry.queryset.loading if entry.queryset is not None else None
    return inner is not None and (bool(inner.annotations) or any(_carries(further) for further in inner.prefetched))


def _hung_on(rows: Rows, origin: RelatedSet, row: Row, skipped: int) -> Rows:
    """A set that a query brings for one row, as it hangs on where `row` stands."""
    held = replace(origin.row, rows=row.rows, path=(*row.path, *origin.row.path[skipped:]))
    return replace(rows, of=replace(origin, row=held))


def _moved(known: Known, row: Row) -> Iterator[Read]:
    """The reads from where `row` stands."""
    skipped = len(paths.DEEPER) if row.path else 0
    for read in known.reads:
        rows, path, per = read.rows, read.path, read.per
        if rows == known.rows:
            rows, path = row.rows, (*row.path, *path[skipped:])
        elif rows is not None and rows.of is not None and rows.of.row.rows == known.rows:
            rows = _hung_on(rows, rows.of, row, skipped)
        if per == known.rows:
            per = row.rows
        # Not `replace`, which takes several times as long: most reads of an endpoint come from here.
        yield Read(
            read.span,
            rows,
            path,
            read.to_many,
            read.method,
            read.model,
            read.chain,
            read.narrowed,
            per,
            read.readers,
            read.represented,
            read.entered,
            read.optional,
        )
