"""A serializer runs a query for each row of a list that no prefetch can take away."""

from __future__ import annotations

from collections.abc import Iterator

from djlint_spec.diagnostics import Finding, Related
from djlint_spec.project import Project
from djlint_spec.queries.mends import mend_for
from djlint_spec.queries.per_row import QueryPerRow
from djlint_spec.rules import rule


@rule
def check(query: QueryPerRow, project: Project) -> Iterator[Finding]:
    """One finding for each place that queries per row, naming the endpoints that come there."""
    mend = mend_for(project, query)
    yield Finding(
        query.span,
        f"{query.title} runs {mend.what} for each row: {mend.advice}",
        help=mend.help,
        fix=mend.fix,
        related=tuple(_related(query)),
        data=query.data,
    )


def _related(query: QueryPerRow) -> Iterator[Related]:
    if not query.direct:
        yield Related(query.query.span, "the query runs here")
    for span in query.callers:
        yield Related(span, "called for each row here")
