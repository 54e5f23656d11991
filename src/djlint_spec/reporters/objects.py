"""Findings as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache

from djlint_spec.diagnostics import Applicability, Edit, Finding, JsonValue, Severity
from djlint_spec.engine import Report
from djlint_spec.facts.statements import LogicalLines, logical_lines
from djlint_spec.fixes import Refused
from djlint_spec.reporters.style import Style


def as_json(report: Report, style: Style) -> str:
    """A list of objects, one for each finding."""
    return json.dumps(list(objects(report, style)), indent=2, ensure_ascii=False) + "\n"


def objects(report: Report, style: Style) -> Iterator[JsonValue]:
    """An object for each finding. Rows and columns count from 1, columns in code points."""

    @cache
    def lines(path: str) -> LogicalLines:
        return logical_lines(report.sources.get(path, ""))

    for finding in report.findings:
        yield _object(report, finding, lines(finding.span.path), style)


def _object(report: Report, finding: Finding, lines: LogicalLines, style: Style) -> JsonValue:
    span = finding.span
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": (finding.severity or Severity.WARNING).value,
        "message": finding.message,
        "filename": style.path(span.path),
        "location": {"row": span.row, "column": span.column},
        "end_location": {"row": span.end_row, "column": span.end_column},
        "fix": _fix(report, finding, style),
        "noqa_row": lines.comment_row(span.row),
        "url": finding.url,
        "data": {**finding.data, **_refusal(report, finding)},
    }


def _fix(report: Report, finding: Finding, style: Style) -> JsonValue:
    """The fix with its edits; none for one that is only to be read, or that has no place in the code as it is."""
    if finding.fix is None:
        return None
    return {
        "applicability": finding.fix.applicability.value,
        "message": finding.fix.message,
        "edits": [_edit(edit, style) for edit in report.edits(finding)],
    }


def _refusal(report: Report, finding: Finding) -> dict[str, JsonValue]:
    """Why a fix that might be applied has no place in the code as it is."""
    if finding.fix is None or finding.fix.applicability is Applicability.DISPLAY:
        return {}
    lowered = report.lowered(finding)
    return {"not_fixed_because": lowered.why} if isinstance(lowered, Refused) else {}


def _edit(edit: Edit, style: Style) -> JsonValue:
    span = edit.span
    return {
        "content": edit.text,
        "filename": style.path(span.path),
        "location": {"row": span.row, "column": span.column},
        "end_location": {"row": span.end_row, "column": span.end_column},
    }
