"""What one list reads per row, loads, lacks and costs, for people who ask for it by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from djlint_spec.diagnostics import Span
from djlint_spec.inference.loading import Path
from djlint_spec.inference.reads import COLUMN, FOLLOWS_ON
from djlint_spec.project import Class, Project, Unknown
from djlint_spec.project.admins import Column
from djlint_spec.project.models import Model
from djlint_spec.project.pagination import Pagination
from djlint_spec.queries.advice import advise_all, paging_of, queryset_to_write, source_of
from djlint_spec.queries.changelists import Changelist, Changelists, ColumnReport
from djlint_spec.queries.column_advice import advice_for
from djlint_spec.queries.endpoints import Lack, ListEndpoint
from djlint_spec.queries.estimates import Estimate, estimate
from djlint_spec.queries.mends import mend_for
from djlint_spec.queries.path_surveys import PathSurvey, paths_of
from djlint_spec.queries.per_row import QueryPerRow
from djlint_spec.queries.rows import RowQuery, RowsReport

_ADMIN_PAGE = 100
"""`ModelAdmin.list_per_page`."""


class QuerySurvey(msgspec.Struct, frozen=True):
    """A query that runs for each row whatever is loaded: what it is, where, and what to do about it."""

    path: Path
    what: str
    span: Span
    mend: str


class ListSurvey(msgspec.Struct, frozen=True):
    """The list of one queryset. `written` is its code; `unknown` says why it is not judged."""

    model: Model
    span: Span | None
    written: str
    paths: tuple[PathSurvey, ...]
    queries: tuple[QuerySurvey, ...]
    estimate: Estimate
    write: str = ""
    unknown: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True)
class Survey:
    """A list endpoint or an admin list. `unknown` says why it, or a part of it, is not judged."""

    name: str
    title: str
    span: Span
    lists: tuple[ListSurvey, ...]
    unknown: tuple[Unknown, ...] = ()
    paged: bool = False
    names: tuple[str, ...] = field(default=(), compare=False)
    """What it can be asked for by, besides its name."""

    @property
    def dearest(self) -> ListSurvey | None:
        """The list that takes most queries."""
        return max(self.lists, key=lambda one: one.estimate.now, default=None)


def survey_endpoint(project: Project, endpoint: ListEndpoint) -> Survey:
    """One list endpoint."""
    paging = paging_of(project, endpoint)
    grouped: dict[tuple[Model, Span | None], list[RowsReport]] = {}
    for report in endpoint.reports:
        grouped.setdefault((report.model, report.queryset.span), []).append(report)
    lacks: dict[tuple[Model, Span | None], dict[bool, Lack]] = {}
    for to_many in (False, True):
        for lack in endpoint.lacks(to_many=to_many):
            lacks.setdefault((lack.queryset.model, lack.queryset.span), {})[to_many] = lack
    lists = []
    for key, reports in grouped.items():
        missing = lacks.get(key, {})
        taken = {path for lack in missing.values() for path in lack.paths}
        lookups = advise_all(missing).prefetch_related
        dearest = max((estimate(report, taken, lookups, paging) for report in reports), key=lambda one: one.now)
        queries = {query.place: query for report in reports for query in report.queries}
        surveys = tuple(
            QuerySurvey(
                query.path,
                _named(query),
                query.place,
                mend_for(project, QueryPerRow(query, (endpoint,), (reports[0].queryset.span,), reports[0].model)).help,
            )
            for query in queries.values()
        )
        write = queryset_to_write(project, missing) if missing else ""
        lists.append(_list(project, reports, surveys, dearest, write))
    view = endpoint.view
    names = (view.name, f"{view.name}.{endpoint.action.name}", f"{view.dotted}.{endpoint.action.name}")
    return Survey(
        endpoint.name, endpoint.title, view.name_span, tuple(lists), endpoint.unknown, paging is not None, names
    )


def survey_changelist(project: Project, changelist: Changelist) -> Survey:
    """The list of an admin class on one model."""
    admin = changelist.admin
    title = f"Admin list of {admin.model.label} ({admin.cls.name})"
    names = (admin.cls.name, f"{admin.cls.name}.changelist_view", f"{admin.cls.dotted}.changelist_view")
    found = changelist.queryset is not None and not changelist.unknown and project.once(Changelists).rows(changelist)
    if not found:
        return Survey(admin.cls.dotted, title, admin.name_span, (), changelist.unknown, True, names)
    missing = tuple(dict.fromkeys(read.path for read in found.missing))
    whole = ColumnReport(Column(admin.name_span, admin.cls.name), missing, found)
    advice = advice_for(changelist, whole) if missing else None
    paging = Pagination(_per_page(project, admin.cls), counts=True)
    lookups = advice.prefetch_related if advice is not None else ()
    dearest = estimate(found, missing, lookups, paging, beside=_counts_all(project, admin.cls))
    surveys = tuple(
        QuerySurvey(query.path, _named(query), query.place, "annotate it in the admin's get_queryset(), and read that")
        for query in found.queries
    )
    listed = _list(project, [found], surveys, dearest, advice.help if advice is not None else "")
    return Survey(admin.cls.dotted, title, admin.name_span, (listed,), (), True, names)


def _per_page(project: Project, cls: Class) -> int:
    member = cls.find("list_per_page")
    size = project.constant(member.value, member.scope) if member is not None and member.value is not None else None
    return size if isinstance(size, int) and size > 0 else _ADMIN_PAGE


def _counts_all(project: Project, cls: Class) -> int:
    """The query for the number of all rows, whatever is filtered, that `show_full_result_count` asks for."""
    member = cls.find("show_full_result_count")
    told = project.constant(member.value, member.scope) if member is not None and member.value is not None else True
    return 0 if told is False else 1


# ------------------------------------------------------------------------------------------------------- parts
def _list(
    project: Project, reports: Sequence[RowsReport], queries: tuple[QuerySurvey, ...], found: Estimate, write: str
) -> ListSurvey:
    first = reports[0]
    queryset = first.queryset
    unknown = tuple(dict.fromkeys(doubt for report in reports for doubt in (*report.unknown, *report.doubts)))
    return ListSurvey(
        first.model,
        queryset.span,
        source_of(project, queryset) or f"rows of {first.model.name}",
        paths_of(project, reports),
        queries,
        found,
        write,
        unknown,
    )


def _named(query: RowQuery) -> str:
    if query.method == COLUMN:
        return f"the column {query.path[-1]}"
    if query.method == FOLLOWS_ON:
        return "each further one"
    return f".{query.method}()" if query.path else f"{query.model.name if query.model else ''}.{query.method}()"
