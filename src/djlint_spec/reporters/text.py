"""The formats for people: `full` and `concise`."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from djlint_spec.diagnostics import Applicability, Finding, Severity
from djlint_spec.engine import Report
from djlint_spec.reporters.cells import cells, cut, printable
from djlint_spec.reporters.excerpt import Sources
from djlint_spec.reporters.style import Style

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.CONVENTION: "cyan"}
_MARKS = {Applicability.SAFE: "[fix]", Applicability.UNSAFE: "[unsafe fix]"}
_LABEL = 8
_WIDEST = 40


def concise(report: Report, style: Style) -> str:
    """A line for each finding."""
    return "".join(f"{_concise(report, finding, style)}\n" for finding in report.findings)


def _concise(report: Report, finding: Finding, style: Style) -> str:
    mark = f"{style.paint('[*]', 'cyan')} " if report.is_fixable(finding) else ""
    advice = "" if "\n" in finding.help else finding.help.removeprefix("write ")
    message = finding.message.rstrip(".") if advice else finding.message
    told = f"{message}: {advice}" if advice else message
    return f"{_place(finding, style)}: {_code(finding, style)} {mark}{printable(told)}"


def full(report: Report, style: Style) -> str:
    """A paragraph for each finding: what happens, the source underlined, what it relates to, and what to write."""
    sources = Sources(report)
    return "\n".join("\n".join(_full(report, finding, sources, style)) + "\n" for finding in report.findings)


def _full(report: Report, finding: Finding, sources: Sources, style: Style) -> Iterator[str]:
    mark = _MARKS[finding.fix.applicability] if finding.fix and report.is_fixable(finding, unsafe=True) else ""
    header = f"{_place(finding, style)}  {_code(finding, style)} {finding.name}"
    yield f"{header}  {style.paint(mark, 'cyan')}" if mark else header
    yield from _wrapped(printable(finding.message), "  ", "  ", style)
    excerpt = list(sources.underlined(finding, style))
    if excerpt:
        yield ""
        yield from excerpt
    table = list(_table(finding, sources, style))
    if table:
        yield ""
        yield from table


def _place(finding: Finding, style: Style) -> str:
    span = finding.span
    return f"{style.paint(printable(style.path(span.path)), 'bold')}:{span.row}:{span.column}"


def _code(finding: Finding, style: Style) -> str:
    return style.paint(finding.code, _COLOURS[finding.severity or Severity.WARNING])


# ------------------------------------------------------------------------------------------------------- table
def _table(finding: Finding, sources: Sources, style: Style) -> Iterator[str]:
    """What the finding relates to, what it costs and what to write, in columns."""
    rows = [
        (
            printable(related.label or related.message),
            printable(related.subject),
            printable(f"{style.path(related.span.path)}:{related.span.row}"),
            _source_of(finding, sources, related.span.path, related.span.row),
        )
        for related in finding.related
    ]
    label = max([_LABEL, *(cells(row[0]) for row in rows)])
    widths = [min(max((cells(row[column]) for row in rows), default=0), _WIDEST) for column in (1, 2)]
    before = ""
    for name, subject, place, source in rows:
        columns = [_padded("" if name == before else name, label)]
        if widths[0]:
            columns.append(_padded(subject, widths[0]))
        columns.append(_padded(place, widths[1]))
        yield "  " + cut("  ".join([*columns, source.strip()]).rstrip(), style.width - 2)
        before = name
    if finding.cost:
        yield from _labelled("cost", finding.cost, label, style)
    if finding.help.startswith("write "):
        yield from _labelled("write", finding.help.removeprefix("write "), label, style)
    elif finding.help:
        yield from _labelled("help", finding.help, label, style)


def _source_of(finding: Finding, sources: Sources, path: str, row: int) -> str:
    return sources.line(path, row) or ""


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cells(text))


def _labelled(label: str, text: str, width: int, style: Style) -> Iterator[str]:
    beside = " " * (width + 4)
    for number, line in enumerate(text.splitlines()):
        shown = printable(line)
        indent = beside + " " * (len(shown) - len(shown.lstrip()))
        lead = f"  {_padded(label, width)}  " if number == 0 else indent
        yield from _wrapped(shown.lstrip(), lead, indent, style) if shown.strip() else [""]


def _wrapped(text: str, first: str, rest: str, style: Style) -> Iterator[str]:
    yield from textwrap.wrap(
        text, max(style.width, len(first) + 20), initial_indent=first, subsequent_indent=rest,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
