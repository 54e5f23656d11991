"""The keys that prefetches read of each row, which only() and defer() may have left out."""

from __future__ import annotations

from collections.abc import Iterator

from djlint_spec.diagnostics import Span
from djlint_spec.inference.loading import Loading, Path
from djlint_spec.inference.reads import COLUMN, Read
from djlint_spec.inference.values import Rows
from djlint_spec.queries.coverage import Coverage


def keys_of_prefetches(coverage: Coverage, rows: Rows) -> Iterator[Read]:
    """The reads of the keys by which each prefetch over a to-one relation finds its rows; none where all columns come.

    They happen whether or not any code reads what is prefetched: `prefetch_one_level` (django/db/models/query.py) asks
    each row for `get_local_related_value` (fields/related.py), which a column that is left out answers with a query.
    """
    if rows.loading.defers:
        for path, span in _hops(rows.loading, ()):
            if coverage.is_found_by_key(rows.model, rows.loading, path):
                yield Read(span, rows, path, False, COLUMN, rows.model, represented=True)


def _hops(loading: Loading, before: Path) -> Iterator[tuple[Path, Span]]:
    """Each beginning of each path that is prefetched, those that a queryset of a Prefetch prefetches included."""
    for entry in loading.prefetched:
        for length in range(1, len(entry.path) + 1):
            if entry.span is not None:
                yield (*before, *entry.path[:length]), entry.span
        if entry.queryset is not None:
            name = entry.to_attr or entry.path[-1]
            yield from _hops(entry.queryset.loading, (*before, *entry.path[:-1], name))
