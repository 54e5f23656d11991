"""Prefetched sets that are asked for anew: what was fetched goes unused, and each row queries all the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from djlint_spec.diagnostics import Span
from djlint_spec.inference.loading import Loading, Path
from djlint_spec.project.models import Model
from djlint_spec.queries.changelists import Changelist
from djlint_spec.queries.endpoints import ListEndpoint
from djlint_spec.queries.loops import LoopReport
from djlint_spec.queries.rows import RowQuery, is_defeated


class DefeatedPrefetch(msgspec.Struct, frozen=True):
    """A query for a set that the rows bring along already, and who goes through the rows.

    `source` is the model of the rows that are listed, `prefetches` are the calls that fetch the set.
    """

    query: RowQuery
    source: Model
    reader: str
    prefetches: tuple[Span, ...]

    @property
    def span(self) -> Span:
        """Where the set is asked for."""
        return self.query.span


def defeated_prefetches(
    endpoints: Iterable[ListEndpoint], changelists: Iterable[Changelist], loops: Iterable[LoopReport]
) -> tuple[DefeatedPrefetch, ...]:
    """Every read that a prefetch was made for and does not serve, each place once, in order of place."""
    found: dict[Span, DefeatedPrefetch] = {}
    for one in (*_of_endpoints(tuple(endpoints)), *_of_changelists(changelists), *_of_loops(loops)):
        if not one.span.path.startswith("<"):
            found.setdefault(one.span, one)
    return tuple(found[span] for span in sorted(found))


def _of_endpoints(endpoints: tuple[ListEndpoint, ...]) -> Iterator[DefeatedPrefetch]:
    """Those of endpoints; a queryset that several endpoints list serves all of them."""
    uses: dict[tuple[Model, Span | None], tuple[list[Path], list[Path]]] = {}
    for endpoint in endpoints:
        for report in endpoint.reports:
            read, handed = uses.setdefault((report.model, report.queryset.span), ([], []))
            read.extend(one.path for one in report.reads)
            handed.extend(report.handed)
    for endpoint in endpoints:
        for report in endpoint.reports:
            read, handed = uses[report.model, report.queryset.span]
            if report.unknown or report.doubts:
                continue
            for query in report.queries:
                if not query.optional and is_defeated(query, read, handed):
                    spans = _prefetches(report.queryset.loading, query.path)
                    yield DefeatedPrefetch(query, report.model, endpoint.title, spans)


def _of_changelists(changelists: Iterable[Changelist]) -> Iterator[DefeatedPrefetch]:
    for changelist in changelists:
        for column in changelist.costly:
            for query in column.report.queries:
                if is_defeated(query, changelist.read, column.report.handed) and not changelist.unknown:
                    spans = _prefetches(column.report.queryset.loading, query.path)
                    reader = f"The list of {changelist.admin.cls.name}"
                    yield DefeatedPrefetch(query, column.report.model, reader, spans)


def _of_loops(loops: Iterable[LoopReport]) -> Iterator[DefeatedPrefetch]:
    for loop in loops:
        for query in loop.defeated:
            spans = _prefetches(loop.rows.loading, query.path)
            yield DefeatedPrefetch(query, loop.model, f"The loop over `{loop.model.name}`", spans)


def _prefetches(loading: Loading, path: Path) -> tuple[Span, ...]:
    """The calls that fetch the set at the end of a path."""
    spans: Mapping[Span, None] = {
        entry.span: None
        for entry in loading.prefetched
        if entry.span is not None and entry.path[: len(path)] == path and entry.to_attr is None
    }
    return tuple(spans)
