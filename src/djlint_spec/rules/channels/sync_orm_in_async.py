"""A query runs in asynchronous code without being waited for: Django refuses it."""

from __future__ import annotations

from collections.abc import Iterator

from djlint_spec.diagnostics import Finding, Related
from djlint_spec.project import Project
from djlint_spec.queries.async_advice import advice_for
from djlint_spec.queries.async_queries import DATA, LOADS, AsyncQuery
from djlint_spec.rules import rule


@rule
def check(query: AsyncQuery, project: Project) -> Iterator[Finding]:
    """One finding for each place of an `async def` that queries synchronously."""
    advice = advice_for(query, project)
    yield Finding(
        query.span,
        f"{_what(query)} in `async def {query.function.name}` raises SynchronousOnlyOperation.",
        help=advice.help,
        fix=advice.fix,
        related=() if query.direct else (Related(query.query, "the query runs here"),),
        data={"function": query.function.dotted, "method": query.method},
    )


def _what(query: AsyncQuery) -> str:
    """What is done at a place, in a few words."""
    name = query.model.name if query.model is not None else ""
    if not query.direct:
        return f"The query behind `{_called(query)}`"
    match query.method:
        case "iterate":
            return f"Going through a queryset of {name}"
        case "len" | "bool" | "index" | "contains":
            return f"Evaluating a queryset of {name}"
        case method if method == LOADS:
            return f"Loading `{'.'.join(query.path)}` of {name}"
        case method if method == DATA:
            return f"The data of a serializer over a queryset of {name}"
        case method if "." in method:
            return f"`{'.'.join(method.split('.')[-2:])}()`"
        case method:
            return f"`.{method}()`{f' on {name}' if name else ''}"


def _called(query: AsyncQuery) -> str:
    text = query.module.facts.text
    starts, span = query.module.line_starts, query.span
    written = text[starts[span.row - 1] + span.column - 1 : starts[span.end_row - 1] + span.end_column - 1]
    return " ".join(written.partition("(")[0].split())
