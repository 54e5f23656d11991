"""Queries that run for each row of some list, wherever their code stands."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import TypeAlias

import msgspec

from djlint_spec.diagnostics import JsonValue, Span
from djlint_spec.inference import reads
from djlint_spec.inference.loading import Path
from djlint_spec.project.models import Model
from djlint_spec.queries.endpoints import ListEndpoint
from djlint_spec.queries.rows import RowQuery

_MOST_CALLERS = 3


class QueryPerRow(msgspec.Struct, frozen=True):
    """One place that queries for each row of a list, with every endpoint that comes there.

    `querysets` are where the lists are built, None for one that no expression of the project makes. `others` are
    queries that go away with this one: other columns of the same row, the same chain of rows from other places.
    """

    query: RowQuery
    endpoints: tuple[ListEndpoint, ...]
    querysets: tuple[Span | None, ...]
    source: Model
    others: tuple[RowQuery, ...] = ()

    @property
    def span(self) -> Span:
        """The query, or the call that leads to it, in the method or property that the serializer reads."""
        return self.query.place

    @property
    def path(self) -> Path:
        """The relation path that is queried; empty for a query on a manager."""
        return self.query.path

    @property
    def method(self) -> str:
        """The call that makes it a query of its own."""
        return self.query.method

    @property
    def direct(self) -> bool:
        """Whether the query itself stands in the method, not behind a call."""
        return self.query.place == self.query.span

    @property
    def prefetched(self) -> bool:
        """Whether the list prefetches the set, in vain."""
        return self.query.prefetched

    @property
    def model(self) -> Model | None:
        """The model that is asked for."""
        return self.query.model

    @property
    def callers(self) -> tuple[Span, ...]:
        """What leads there: the fields of serializers, outermost first."""
        return tuple(span for span in self.query.callers if not span.path.startswith("<"))[:_MOST_CALLERS]

    @property
    def title(self) -> str:
        """The endpoints, as a person would call them."""
        first = self.endpoints[0].title
        more = len(self.endpoints) - 1
        return first if not more else f"{first} and {more} more list{'s' if more > 1 else ''}"

    @property
    def data(self) -> Mapping[str, JsonValue]:
        """What JSON tells."""
        return {
            "endpoints": [endpoint.name for endpoint in self.endpoints],
            "missing_select_related": [],
            "missing_prefetch_related": [],
            "reads": [
                {"path": ".".join(query.path), "filename": query.span.path, "row": query.span.row}
                for query in (self.query, *self.query.beside, *self.others)
            ],
        }


def queries_per_row(endpoints: Iterable[ListEndpoint]) -> tuple[QueryPerRow, ...]:
    """Every place that queries per row of a list that is not in doubt, in order of place."""
    found: dict[Span, tuple[RowQuery, Model, dict[str, ListEndpoint], dict[Span | None, None]]] = {}
    for endpoint in endpoints:
        for report in endpoint.reports:
            if report.unknown:
                continue
            for query in report.queries:
                _, _, names, querysets = found.setdefault(query.place, (query, report.model, {}, {}))
                names.setdefault(endpoint.name, endpoint)
                querysets.setdefault(report.queryset.span)
    return tuple(_together(found[place] for place in sorted(found)))


_Found: TypeAlias = "tuple[RowQuery, Model, dict[str, ListEndpoint], dict[Span | None, None]]"


def _together(found: Iterable[_Found]) -> Iterator[QueryPerRow]:
    """The queries, those with one cause as one."""
    by_cause: dict[Hashable, list[_Found]] = {}
    for one in found:
        by_cause.setdefault(_cause(one[0], one[1]), []).append(one)
    for (query, source, _, _), *others in by_cause.values():
        names = {name: endpoint for one in by_cause[_cause(query, source)] for name, endpoint in one[2].items()}
        querysets = dict.fromkeys(span for one in by_cause[_cause(query, source)] for span in one[3])
        yield QueryPerRow(query, tuple(names.values()), tuple(querysets), source, tuple(one[0] for one in others))


def _cause(query: RowQuery, source: Model) -> Hashable:
    # A column that is left out costs once for each row, however often it is read; so does each row of a chain.
    match query.method:
        case reads.COLUMN:
            return source, query.path if query.prefetched else query.path[:-1], query.prefetched
        case reads.FOLLOWS_ON:
            return query.model, query.path[-1:]
        case _:
            return query.place
