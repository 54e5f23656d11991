"""A loop over a queryset runs a query for each of its rows."""

from __future__ import annotations

from collections.abc import Iterator

from djlint_spec.diagnostics import Finding, Related, Span
from djlint_spec.project import Project
from djlint_spec.queries.loop_advice import advice_for
from djlint_spec.queries.loops import LoopReport
from djlint_spec.rules import rule


@rule
def check(loop: LoopReport, project: Project) -> Iterator[Finding]:
    """One finding for what a loop's queryset leaves unloaded, one for the sets that the loop asks anew."""
    if loop.missing:
        advice = advice_for(loop, project)
        first = {read.path: read.span for read in reversed(loop.missing)}
        paths = tuple(dict.fromkeys(read.path for read in loop.missing))
        yield Finding(
            loop.span,
            f"The loop over `{loop.model.name}` loads "
            f"{_listed([f'`{_dotted(path)}` (read {_at(loop, first[path])})' for path in paths])} again for each row.",
            help=advice.help,
            fix=advice.fix,
            related=(*_built(loop), *(Related(first[path], f"reads {_dotted(path)}") for path in paths)),
            data={
                "model": loop.model.label,
                "missing_select_related": list(advice.loading.select_related),
                "missing_prefetch_related": list(advice.loading.prefetch_related),
            },
        )
    if loop.queries:
        queries = tuple({(query.path, query.method): query for query in reversed(loop.queries)}.values())[::-1]
        paths = tuple(dict.fromkeys(query.path for query in queries))
        wasted = (
            " A prefetch of a set is no help to a call that asks anew." if any(q.prefetched for q in queries) else ""
        )
        yield Finding(
            loop.span,
            f"The loop over `{loop.model.name}` runs "
            f"{_listed([f'`.{q.method}()` on `{_dotted(q.path)}` ({_at(loop, q.span)})' for q in queries])}"
            f" for each row.{wasted}",
            help="; ".join(
                f'prefetch_related(Prefetch("{"__".join(path)}", queryset=..., to_attr="..."))' for path in paths
            )
            + ", or annotate the queryset",
            related=(*_built(loop), *(Related(query.span, "the query runs here") for query in queries)),
            data={"model": loop.model.label, "missing_select_related": [], "missing_prefetch_related": []},
        )


def _dotted(path: tuple[str, ...]) -> str:
    return ".".join(path)


def _at(loop: LoopReport, span: Span) -> str:
    return f"in line {span.row}" if span.path == loop.span.path else f"in {span.path}:{span.row}"


def _built(loop: LoopReport) -> Iterator[Related]:
    span = loop.rows.span
    if span is not None and not span.path.startswith("<") and span != loop.span:
        yield Related(span, "the queryset is built here")


def _listed(named: list[str]) -> str:
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
