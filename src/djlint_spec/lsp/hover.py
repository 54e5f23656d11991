"""Hovers: the rule behind a finding, and what the rows of a queryset or a serializer's field read and load."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from djlint_spec.catalog import Page
from djlint_spec.diagnostics import Span
from djlint_spec.engine.rulebook import rulebook
from djlint_spec.lsp.positions import covers
from djlint_spec.lsp.projects import Place, Projects
from djlint_spec.queries.endpoints import ListEndpoint
from djlint_spec.queries.rows import RowsReport

_MOST = 8
"""Endpoints that one hover tells of."""


def hover(projects: Projects, file: Path, row: int, column: int) -> str | None:
    """Markdown on what stands at a place of a file, None where there is nothing to tell."""
    place = projects.place(file)
    if place is None:
        return None
    parts = [*_of_findings(place, row, column), *_of_rows(place, row, column)]
    return "\n\n---\n\n".join(parts) or None


def page_text(page: Page) -> str:
    """A rule's page without its examples."""
    prose = page.text.partition("\n## Bad:")[0].partition("\n## Good:")[0].strip()
    title, _, rest = prose.partition("\n")
    return f"**[{page.code} {title.lstrip('# ')}]({page.url})**\n{rest}"


def _of_findings(place: Place, row: int, column: int) -> Iterator[str]:
    pages = rulebook().pages
    here = (f for f in place.session.report().findings if f.span.path == place.path and covers(f.span, row, column))
    yield from (page_text(pages[code]) for code in dict.fromkeys(finding.code for finding in here))


def _of_rows(place: Place, row: int, column: int) -> Iterator[str]:
    def met(span: Span | None) -> bool:
        return span is not None and span.path == place.path and covers(span, row, column)

    told: dict[str, None] = {}
    for endpoint in place.session.endpoints:
        for report in endpoint.reports:
            if met(report.queryset.span):
                told[_queryset(endpoint, report)] = None
            else:
                told.update(dict.fromkeys(_reads(endpoint, report, place, row, column)))
    yield from list(told)[:_MOST]


def _queryset(endpoint: ListEndpoint, report: RowsReport) -> str:
    missing = {read.path for read in report.missing}
    reads = {read.path: None for read in report.reads}
    lines = [f"`{endpoint.title}` lists `{report.model.name}`"]
    if report.unknown:
        lines.append(f"- not judged: {report.unknown[0].cause}")
    lines += [f"- reads `{'.'.join(path)}`: {_verdict(path in missing)}" for path in sorted(reads)]
    if not reads:
        lines.append("- reads its own columns only")
    return "\n".join(lines)


def _reads(endpoint: ListEndpoint, report: RowsReport, place: Place, row: int, column: int) -> Iterator[str]:
    missing = {read.path for read in report.missing}
    for read in report.reads:
        if any(span.path == place.path and covers(span, row, column) for span in (read.span, *read.chain)):
            path = ".".join(read.path)
            verdict = _verdict(read.path in missing)
            yield f"`{endpoint.title}` reads `{path}` of each `{report.model.name}` here: {verdict}"


def _verdict(missing: bool) -> str:
    return "**loaded again for each row**" if missing else "loaded with the rows"
