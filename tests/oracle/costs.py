"""What the tool says a list costs, at the numbers of rows that a run has found at the ends of its paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from djlint_spec.project import Project
from djlint_spec.project.pagination import Pagination
from djlint_spec.queries import endpoints_of
from djlint_spec.queries.advice import paging_of
from djlint_spec.queries.estimates import estimate, prefetches
from djlint_spec.queries.rows import RowsReport


@dataclass(frozen=True, slots=True)
class Costed:
    """The lists of one endpoint, of which one is answered."""

    reports: tuple[RowsReport, ...]
    paging: Pagination | None

    @property
    def places(self) -> tuple[str, ...]:
        """The paths at whose ends rows have to be counted."""
        return tuple({"": None, **{"__".join(c.at): None for report in self.reports for c in report.costs}})


def costs_of(project: Project) -> dict[str, Costed]:
    """Every endpoint that is judged, by name."""
    return {
        endpoint.name: Costed(endpoint.reports, paging_of(project, endpoint))
        for endpoint in endpoints_of(project).lists
        if not endpoint.unknown
    }


def miscounted(costed: Costed, did: Mapping[str, Any], *, beside: bool, at_most: bool) -> Iterator[str]:
    """Each way in which the numbers of queries are not what the costs come to.

    With `beside` the view runs queries of its own, and only the growth is compared; with `at_most` not every query
    that the code may run for a row runs for each.
    """
    asked = [
        (rows, now, mended)
        for rows, now, mended in zip(
            did["places"], did["each"]["as it is"], did["each"].get("mended", did["each"]["as it is"]), strict=True
        )
    ]
    # Requests may lead different ways: the dearest is compared with the dearest.
    rows, now, mended = max(asked, key=lambda one: (one[1][1] - one[1][0], one[1][1]))
    counts = _counts(costed, rows, did)
    growth, growth_mended = now[1] - now[0], mended[1] - mended[0]
    if at_most:
        if growth > counts.growth:
            yield f"grows by {growth} queries, estimated at most {counts.growth}"
        return
    if (growth, growth_mended) != (counts.growth, counts.growth_mended):
        yield f"grows by {growth}, mended {growth_mended}; estimated {counts.growth} and {counts.growth_mended}"
    if not beside and now[1] != counts.total:
        yield f"takes {now[1]} queries, estimated {counts.total}"
    if not beside and counts.evenly is not None and counts.evenly != now[1]:
        yield f"takes {now[1]} queries, the estimate for a page says {counts.evenly}"


@dataclass(frozen=True, slots=True)
class _Counts:
    """`evenly` is what the estimate of a page says, where each row has one of all that hangs on it."""

    growth: int = 0
    growth_mended: int = 0
    total: int = 1
    evenly: int | None = None


def _counts(costed: Costed, rows: Mapping[str, Sequence[int | None]], did: Mapping[str, Any]) -> _Counts:
    found = [_count(report, costed.paging, rows, did["lists"]) for report in costed.reports]
    return max(found, key=lambda one: (one.growth, one.total), default=_Counts())


def _count(
    report: RowsReport, paging: Pagination | None, rows: Mapping[str, Sequence[int | None]], lists: Sequence[int]
) -> _Counts:
    def at(path: Sequence[str], many: int) -> int:
        # Rows that are written out one by one are not seen: as many as the list has.
        found = rows["__".join(path)][many]
        return lists[many] if found is None else found

    fixed = 1 + len(prefetches(report.model, report.queryset.loading)) + (paging is not None and paging.counts)
    few, many = (sum(cost.times * at(cost.at, which) for cost in report.costs) for which in (0, 1))
    left, left_many = (
        sum(cost.times * at(cost.at, which) for cost in report.costs if cost.missing is None) for which in (0, 1)
    )
    number = at((), 1)
    evenly = None
    if all(at(cost.at, 1) == number for cost in report.costs):
        page = Pagination(number, counts=paging is not None and paging.counts)
        evenly = estimate(report, (), (), page).now
    return _Counts(many - few, left_many - left, fixed + many, evenly)
