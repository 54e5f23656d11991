"""A column of an admin list runs a query for each row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from djlint_spec.diagnostics import Finding, Related
from djlint_spec.project import Project
from djlint_spec.queries.changelists import CHECKBOX, Changelist, ColumnReport
from djlint_spec.queries.column_advice import advice_for
from djlint_spec.rules import rule


@rule
def check(changelist: Changelist, project: Project) -> Iterator[Finding]:
    """One finding for each column that reads what the list does not load, at its entry in `list_display`."""
    del project
    if changelist.unknown:
        return
    for costly in changelist.costly:
        advice = advice_for(changelist, costly)
        yield Finding(
            costly.column.span,
            f"The admin list of `{changelist.admin.model.label}` {advice.what} for each row"
            f"{f' ({costly.versions})' if costly.versions else ''}: {_reader(costly)} reads it.",
            help=advice.help,
            fix=advice.fix,
            related=tuple(_once_a_row(_related(costly))),
            data={
                "admin": changelist.admin.cls.dotted,
                "model": changelist.admin.model.label,
                "missing_select_related": list(advice.select_related),
                "missing_prefetch_related": list(advice.prefetch_related),
            },
        )


def _reader(costly: ColumnReport) -> str:
    if costly.column.name == CHECKBOX:
        return "the checkbox of each row, labelled by `__str__`,"
    return f"the column `{costly.column.name}`"


def _related(costly: ColumnReport) -> Iterator[Related]:
    for read in costly.report.missing:
        if read.path in costly.missing:
            yield Related(read.span, f"reads {'.'.join(read.path)}")
    for query in costly.report.queries:
        yield Related(query.place, "the query runs here")


def _once_a_row(places: Iterable[Related]) -> Iterator[Related]:
    told: set[tuple[str, int, str]] = set()
    for place in places:
        key = (place.span.path, place.span.row, place.message)
        if key not in told:
            told.add(key)
            yield place
