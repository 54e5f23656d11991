"""How many queries a page of rows takes, as it is and with everything loaded that its rows read."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

import msgspec

from djlint_spec.inference.loading import Loading, Path
from djlint_spec.project import Unknown
from djlint_spec.project.fields import Relation, RelationKind
from djlint_spec.project.models import Model
from djlint_spec.project.pagination import Pagination
from djlint_spec.queries.rows import RowsReport

UNPAGED = 100
"""The rows that a list is taken to have that is not paged."""


class Estimate(msgspec.Struct, frozen=True):
    """Queries for a page of `rows` rows, no relation of them empty: now, and `mended`.

    `least` when a row may take more: it has sets, and each is counted as one row here, or a chain of rows.
    """

    rows: int
    now: int
    mended: int
    least: bool

    @property
    def text(self) -> str:
        """`201 queries for a page of 100`."""
        queries = "query" if self.now == 1 else "queries"
        return f"{'at least ' if self.least else ''}{self.now} {queries} for a page of {self.rows}"


def estimate(
    report: RowsReport, taken: Container[Path], lookups: Iterable[str], paging: Pagination | None, beside: int = 0
) -> Estimate:
    """What one list comes to; `taken` are the missing paths that are loaded in the mend, `lookups` those prefetched.

    `beside` are the queries that the view runs once for a page, besides the list and its number.
    """
    page = paging.size if paging is not None else UNPAGED
    there = prefetches(report.model, report.queryset.loading)
    new = {tuple(lookup.split("__")[:length]) for lookup in lookups for length in range(1, lookup.count("__") + 2)}
    fixed = 1 + len(there) + (paging is not None and paging.counts) + beside
    left = sum(cost.times for cost in report.costs if cost.missing is None or cost.missing not in taken)
    return Estimate(
        page,
        fixed + page * sum(cost.times for cost in report.costs),
        fixed + len(new - there) + page * left,
        any(cost.open or _goes_through_sets(report.model, cost.at) for cost in report.costs),
    )


def _goes_through_sets(model: Model, path: Path) -> bool:
    for name in path:
        relation = model.relations.get(name)
        if relation is None or relation.to_many:
            return True
        if relation.kind is RelationKind.GENERIC_FOREIGN_KEY or not isinstance(relation.target, Model):
            return False
        model = relation.target
    return False


def prefetches(model: Model, loading: Loading) -> frozenset[Path]:
    """The hops that prefetching follows by a query of its own: neither what is joined nor the way back."""
    return frozenset(_hops(model, loading, ()))


def _hops(model: Model, loading: Loading, start: Path) -> Iterator[Path]:
    for entry in loading.prefetched:
        way = start
        arrived: list[Relation] = []
        held: Model | Unknown = model
        for length, name in enumerate(entry.path, 1):
            relation = held.relations.get(name) if isinstance(held, Model) else None
            held = relation.target if relation is not None else Unknown("no relation")
            if relation is not None and arrived and relation.goes_back(arrived[-1]):
                way = way[:-1]
                arrived.pop()
                continue
            way = (*way, entry.to_attr if entry.to_attr is not None and length == len(entry.path) else name)
            arrived = [*arrived, relation] if relation is not None else []
            if entry.queryset is not None or len(arrived) < length or not _is_joined(loading, arrived):
                yield way
        if entry.queryset is not None:
            yield from _hops(entry.queryset.model, entry.queryset.loading, way)


def _is_joined(loading: Loading, way: Sequence[Relation]) -> bool:
    if loading.joins_all:
        return all(relation.kind.is_forward_key and not relation.nullable for relation in way)
    return tuple(relation.query_name for relation in way) in loading.joined
