"""The formats: `full`, `concise` and `json`."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator, Mapping

from djlint_spec.diagnostics import Finding, JsonValue, Severity
from djlint_spec.engine import Report
from djlint_spec.reporters.style import Style

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.CONVENTION: "cyan"}
_MOST_LINES = 4


def write(report: Report, name: str, style: Style) -> str:
    """The findings of a report in one of FORMATS; the empty string when text formats have nothing to say."""
    return FORMATS[name](report, style)


# -------------------------------------------------------------------------------------------------------- text
def _concise(report: Report, style: Style) -> str:
    return "".join(
        f"{_place(finding, style)}: {_code(finding, style)} {finding.message}"
        f"{' ' + finding.help if finding.help else ''}\n"
        for finding in report.findings
    )


def _full(report: Report, style: Style) -> str:
    return "\n".join("\n".join(_lines(report, finding, style)) + "\n" for finding in report.findings)


def _place(finding: Finding, style: Style) -> str:
    return f"{style.paint(style.path(finding.span.path), 'bold')}:{finding.span.row}:{finding.span.column}"


def _code(finding: Finding, style: Style) -> str:
    return style.paint(finding.code, _COLOURS[finding.severity or Severity.WARNING])


def _lines(report: Report, finding: Finding, style: Style) -> Iterator[str]:
    yield f"{_place(finding, style)}  {_code(finding, style)} {finding.name}"
    yield from _wrapped(finding.message, "  ", style)
    source = report.sources.get(finding.span.path)
    if source is not None:
        yield ""
        yield from _underlined(source, finding, style)
    if finding.related or finding.help:
        yield ""
    for related in finding.related:
        place = f"{style.path(related.span.path)}:{related.span.row}"
        yield style.clip(f"  {related.message:<28}  {place}")
    if finding.help:
        yield from _wrapped(finding.help, "  ", style)


def _wrapped(text: str, lead: str, style: Style) -> Iterator[str]:
    yield from textwrap.wrap(
        text, max(style.width, 20), initial_indent=lead, subsequent_indent=lead, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def _underlined(source: str, finding: Finding, style: Style) -> Iterator[str]:
    span = finding.span
    lines = source.splitlines()
    shown = range(span.row, min(span.end_row, span.row + _MOST_LINES - 1) + 1)
    gutter = len(str(shown[-1]))
    for row in shown:
        if row > len(lines):
            return
        line = lines[row - 1].rstrip().replace("\t", " ")
        first = span.column if row == span.row else len(line) - len(line.lstrip()) + 1
        last = span.end_column if row == span.end_row else len(line) + 1
        if finding.data.get("masked"):
            line = f"{line[: first - 1]}***{line[last - 1 :]}"
            last = first + 3
        yield style.clip(f"  {row:>{gutter}} | {line}")
        marks = " " * (first - 1) + "^" * max(last - first, 1)
        yield style.paint(style.clip(f"  {'':>{gutter}} | {marks}"), "red").rstrip()
    if span.end_row > shown[-1]:
        yield f"  {'':>{gutter}} | …"


# -------------------------------------------------------------------------------------------------------- JSON
def _json(report: Report, style: Style) -> str:
    return (
        json.dumps([_object(report, finding, style) for finding in report.findings], indent=2, ensure_ascii=False)
        + "\n"
    )


def _object(report: Report, finding: Finding, style: Style) -> Mapping[str, JsonValue]:
    span = finding.span
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": (finding.severity or Severity.WARNING).value,
        "message": finding.message,
        "filename": style.path(span.path),
        "location": {"row": span.row, "column": span.column},
        "end_location": {"row": span.end_row, "column": span.end_column},
        # Fixes are told once they can be lowered to edits.
        "fix": None,
        "noqa_row": span.row,
        "url": finding.url,
        "data": dict(finding.data),
    }


FORMATS: Mapping[str, Callable[[Report, Style], str]] = {"full": _full, "concise": _concise, "json": _json}
