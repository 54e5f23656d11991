"""How many queries the reads of a list take: each read counted as often as it runs, not only the first at its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from djlint_spec.inference.loading import Path


class RowCost(msgspec.Struct, frozen=True):
    """`times` queries for each row at the end of `at`, counted from the rows of the list.

    `missing` is the path whose loading takes them away; None for queries that no loading does. `open` when there are
    as many of them as a chain of rows is long. `optional` when a field reads it that is there on some ways only.
    """

    at: Path
    times: int
    missing: Path | None = None
    open: bool = False
    optional: bool = False


@dataclass(slots=True)
class Ledger:
    """What the reads of one list of rows cost, added up read by read.

    A related row, once loaded, stays on its row: however often it is read, it is loaded once. A set that is not
    prefetched is asked anew by each read, and so are the rows that hang on those of the set.
    """

    _rows: Counter[tuple[Path, bool]] = field(default_factory=Counter)
    _sets: Counter[tuple[Path, bool]] = field(default_factory=Counter)
    _numbers: Counter[tuple[Path, bool]] = field(default_factory=Counter)
    _queries: Counter[tuple[Path, bool]] = field(default_factory=Counter)
    _columns: dict[Path, bool] = field(default_factory=dict)
    _chains: dict[Path, bool] = field(default_factory=dict)

    def row(self, path: Path, *, optional: bool) -> None:
        """A related row is read that is not loaded."""
        self._rows[path, optional] += 1

    def set(self, path: Path, *, optional: bool) -> None:
        """A related set is gone through that is not prefetched."""
        self._sets[path, optional] += 1

    def number(self, path: Path, *, optional: bool) -> None:
        """A set that is not prefetched is asked for its number: by a query, until it is prefetched."""
        self._numbers[path, optional] += 1

    def query(self, at: Path, *, optional: bool) -> None:
        """A query runs that no loading takes away."""
        self._queries[at, optional] += 1

    def column(self, path: Path, *, optional: bool) -> None:
        """A column is read that only() or defer() left out: fetched once for each row."""
        self._columns[path] = optional and self._columns.get(path, True)

    def chain(self, at: Path, *, optional: bool) -> None:
        """Code goes on from row to row of a kind until there is no further one."""
        self._chains[at] = optional and self._chains.get(at, True)

    def costs(self) -> Iterator[RowCost]:
        """What all comes to."""
        asked = Counter[Path]()
        for (path, optional), times in self._sets.items():
            asked[path] += times
            yield RowCost(path[:-1], times, path, optional=optional)
        for (path, optional), times in self._rows.items():
            if (path, False) in self._rows and optional:
                continue
            yield RowCost(path, min(times, self._anew(path)), path, optional=optional)
        for (path, optional), times in self._numbers.items():
            yield RowCost(path[:-1], times, path if path in asked else None, optional=optional)
        for (at, optional), times in self._queries.items():
            yield RowCost(at, times, optional=optional)
        for path, optional in self._columns.items():
            yield RowCost(path[:-1], 1, optional=optional)
        for at, optional in self._chains.items():
            yield RowCost(at, 1, open=True, optional=optional)

    def _anew(self, path: Path) -> int:
        """How often the rows at the end of a path are made: once for each time that a set on the way is asked."""
        made = 1
        for length in range(1, len(path)):
            times = sum(self._sets[path[:length], optional] for optional in (True, False))
            made = max(made, times)
        return made
