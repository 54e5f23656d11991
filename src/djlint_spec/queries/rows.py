"""One list of rows: what a serializer reads of each, against what the queryset loads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
from msgspec.structs import replace

from djlint_spec.diagnostics import Span
from djlint_spec.inference.loading import Path
from djlint_spec.inference.reads import COLUMN, FOLLOWS_ON, HANDED, KEY, Read
from djlint_spec.inference.values import QuerySet, Rows
from djlint_spec.project import Unknown
from djlint_spec.project.models import Model
from djlint_spec.queries.costs import Ledger, RowCost
from djlint_spec.queries.coverage import Coverage, Way
from djlint_spec.queries.representation import Consumption

_NUMBERS = frozenset({"count", "acount", "exists", "aexists", "contains", "acontains"})
_FIRST = frozenset({"first", "afirst"})


class RowRead(msgspec.Struct, frozen=True):
    """A relation read for each row: the path and the place that reads it, through the calls at `chain`.

    `optional` when a field reads it that is there on some ways only.
    """

    path: Path
    to_many: bool
    span: Span
    chain: tuple[Span, ...]
    optional: bool = False


class RowQuery(msgspec.Struct, frozen=True):
    """A query that runs once for each row and that no loading of the list can take away.

    `place` is the query, or the call that leads to it, in the code that the serializer's field runs. `beside` are other
    queries of the same place.
    """

    place: Span
    span: Span
    callers: tuple[Span, ...]
    path: Path
    method: str
    model: Model | None
    prefetched: bool
    optional: bool = False
    beside: tuple[RowQuery, ...] = ()


class RowsReport(msgspec.Struct, frozen=True):
    """What one list of rows comes to on one way through the code.

    `unknown` tells why nothing can be said of it; `doubts` why nothing is said of some paths that it reads.
    `handed` are the paths of rows that code gets of which it is not known what it reads.
    """

    consumption: Consumption
    reads: tuple[RowRead, ...]
    missing: tuple[RowRead, ...]
    queries: tuple[RowQuery, ...]
    unknown: tuple[Unknown, ...]
    doubts: tuple[Unknown, ...]
    handed: tuple[Path, ...]
    costs: tuple[RowCost, ...] = ()

    @property
    def queryset(self) -> QuerySet:
        """The queryset that the rows come from."""
        return self.consumption.queryset

    @property
    def model(self) -> Model:
        """The model of the rows."""
        return self.consumption.queryset.model


def by_rows(reads: Iterable[Read]) -> Mapping[Rows, Sequence[Read]]:
    """Reads, in order, by the rows that they may tell something of; one of a set that hangs on others by both."""
    found: dict[Rows, list[Read]] = {}
    for read in reads:
        rows = read.per if read.rows is None else read.rows
        if rows is None:
            continue
        found.setdefault(rows, []).append(read)
        if rows.of is not None and rows.of.row.rows is not None:
            found.setdefault(rows.of.row.rows, []).append(read)
    return found


def report_rows(coverage: Coverage, consumption: Consumption, reads: Iterable[Read]) -> RowsReport:
    """The reads of one list of rows, judged."""
    heard = (
        read for read in reads if read.represented and (not read.readers or consumption.serializer in read.readers)
    )
    verdict = judge_rows(coverage, consumption.rows, heard)
    return RowsReport(
        consumption,
        verdict.reads,
        verdict.missing,
        verdict.queries,
        consumption.queryset.loading.unknown,
        verdict.doubts,
        verdict.handed,
        verdict.costs,
    )


class RowsVerdict(msgspec.Struct, frozen=True):
    """What reads come to, counted against one set of rows: see `RowsReport`."""

    reads: tuple[RowRead, ...]
    missing: tuple[RowRead, ...]
    queries: tuple[RowQuery, ...]
    doubts: tuple[Unknown, ...]
    handed: tuple[Path, ...]
    costs: tuple[RowCost, ...]

    def defeats(self, query: RowQuery) -> bool:
        """Whether a query asks anew for a set that is prefetched, and nothing takes its rows from there."""
        return is_defeated(query, (read.path for read in self.reads), self.handed)


def is_defeated(query: RowQuery, read: Iterable[Path], handed: Iterable[Path]) -> bool:
    """Whether a query asks anew for a prefetched set of which no row is read, by all that is known of the paths read.

    Code that was handed a row on the way to the set, or rows of it, may read them.
    """
    path = query.path
    return (
        query.prefetched
        and query.method not in (COLUMN, FOLLOWS_ON)
        and not any(other[: len(path)] == path for other in read)
        and not any(other == path[: len(other)] or other[: len(path)] == path for other in handed)
    )


def judge_rows(
    coverage: Coverage, rows: Rows, reads: Iterable[Read], repeats: Callable[[Read], bool] | None = None
) -> RowsVerdict:
    """Those of the reads that are of these rows, judged, whoever reads them.

    `repeats` tells which reads come again for further rows; it is asked of those that would be missing or query.
    """
    judge = _Judge(coverage, rows, repeats)
    for read in reads:
        judge.hear(read)
    return RowsVerdict(
        tuple(judge.own.values()),
        tuple(judge.missing.values()),
        tuple(judge.settled()),
        tuple(dict.fromkeys(judge.doubts)),
        tuple(judge.handed),
        tuple(judge.ledger.costs()),
    )


@dataclass(slots=True)
class _Judge:
    coverage: Coverage
    rows: Rows
    repeats: Callable[[Read], bool] | None
    doubts: list[Unknown] = field(default_factory=list)
    own: dict[tuple[Path, Span], RowRead] = field(default_factory=dict)
    missing: dict[tuple[Path, Span], RowRead] = field(default_factory=dict)
    queries: dict[Span, dict[tuple[Path, str], RowQuery]] = field(default_factory=dict)
    handed: dict[Path, None] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)
    ways: dict[Path, Way] = field(default_factory=dict)

    def hear(self, read: Read) -> None:
        """Take one read into account, if it is one of these rows."""
        if read.method == HANDED:
            if read.rows == self.rows:
                self.handed.setdefault(read.path)
        elif read.rows == self.rows:
            self._of_row(read)
        elif read.rows is None and read.per == self.rows and read.method is not None:
            self.ledger.query((), optional=read.optional)
            self._query(replace(read, path=()), read.method, prefetched=False)
        elif read.rows is not None and read.rows.of is not None:
            self._of_narrowed(read, read.rows)

    def _of_narrowed(self, read: Read, narrowed: Rows) -> None:
        """Enter a read of the rows that a query of its own brings for each row: no loading of the list reaches them."""
        origin = narrowed.of
        if origin is None or origin.row.rows != self.rows or read.method in (COLUMN, KEY):
            return
        way = self.coverage.way(narrowed.model, narrowed.loading, read.path)
        if way.path and not way.loaded[-1] and not way.doubts:
            at = (*origin.row.path, origin.relation.name, *way.path[:-1])
            self.ledger.query(at, optional=read.optional)

    def settled(self) -> Iterator[RowQuery]:
        """The queries, one for each place, without numbers of sets that are missing: a prefetch of those brings them.

        Of several at one place the first is told, but for a number that a prefetch would take away.
        """
        sets = {read.path for read in self.missing.values() if read.to_many}
        for found in self.queries.values():
            left = [query for query in found.values() if not (query.method in _NUMBERS and query.path in sets)]
            left.sort(key=lambda query: query.method in _NUMBERS)
            if left:
                yield replace(left[0], beside=tuple(left[1:])) if left[1:] else left[0]

    def _of_row(self, read: Read) -> None:
        if read.method == KEY and self.coverage.joined_by_all(self.rows.model, self.rows.loading, read.path):
            return
        if read.method in (COLUMN, KEY):
            if self.coverage.leaves_out(self.rows.model, self.rows.loading, read.path[:-1], read.path[-1]):
                self.ledger.column(read.path, optional=read.optional)
                self._query(read, COLUMN, prefetched=False)
            return
        way = self.ways.get(read.path)
        if way is None:
            way = self.ways[read.path] = self.coverage.way(self.rows.model, self.rows.loading, read.path)
        if not way.path:
            return  # back at the row itself
        covered = way.loaded[-1]
        if read.method == FOLLOWS_ON and covered and way.path[-2:-1] == way.path[-1:]:
            return  # the queryset reaches as far as whoever wrote it knows the chain to go
        if not covered and way.doubts and read.narrowed is None and read.method in _NUMBERS:
            self.doubts.extend(way.doubts)  # what may be prefetched may be counted for nothing
            return
        if self._asks_anew(read, covered=covered):
            self._enter_query(read, way.path, covered=covered)
            self._query(replace(read, path=way.path), read.narrowed or read.method or "all", prefetched=covered)
            return
        if covered:
            _enter(self.own, read, way.path)
            if read.to_many and self.coverage.lacks_way_back(self.rows.model, self.rows.loading, read.path):
                self.ledger.query(way.path, optional=read.optional)
                self._query(read, COLUMN, prefetched=True)
            return
        lookups = self.coverage.spelled(self.rows.model, self.rows.loading, read.path)
        for path in lookups:
            _enter(self.own, read, path)
        if way.doubts:
            self.doubts.extend(way.doubts)
            return
        (self.ledger.set if read.to_many else self.ledger.row)(lookups[0], optional=read.optional)
        if self.repeats is not None and not self.repeats(read):
            return
        for path in lookups:
            _enter(self.missing, read, path)

    def _enter_query(self, read: Read, path: Path, *, covered: bool) -> None:
        if read.narrowed == FOLLOWS_ON:
            self.ledger.chain(path, optional=read.optional)
        elif read.narrowed is None and read.method in _NUMBERS and not covered:
            self.ledger.number(path, optional=read.optional)
        else:
            self.ledger.query(path[:-1], optional=read.optional)

    def _query(self, read: Read, method: str, *, prefetched: bool) -> None:
        if self.repeats is not None and not self.repeats(read):
            return
        place = read.place
        callers = read.chain[: read.entered] if read.entered is not None else read.chain
        self.queries.setdefault(place, {}).setdefault(
            (read.path, method),
            RowQuery(place, read.span, callers, read.path, method, read.model, prefetched, read.optional),
        )

    def _asks_anew(self, read: Read, *, covered: bool) -> bool:
        """Whether a read of a set is a query that prefetching the set would not take away, or need not."""
        if read.narrowed is not None:
            return True
        if read.method in _FIRST and not self._is_ordered(read):
            return True  # first() orders by the key a set that has no order
        return not covered and read.method in _NUMBERS

    def _is_ordered(self, read: Read) -> bool:
        if read.model is not None and read.model.meta("ordering"):
            return True
        return any(
            entry.path == read.path and entry.queryset is not None and entry.queryset.loading.ordered
            for entry in self.rows.loading.prefetched
        )


def _enter(reads: dict[tuple[Path, Span], RowRead], read: Read, path: Path) -> None:
    """Enter the first read of a path at a place."""
    key = path, read.span
    if key not in reads:
        reads[key] = RowRead(path, read.to_many, read.span, read.chain, read.optional)
