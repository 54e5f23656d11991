"""Findings as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache

from djlint_spec.diagnostics import Finding, JsonValue, Severity
from djlint_spec.engine import Report
from djlint_spec.facts.statements import LogicalLines, logical_lines
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
        yield _object(finding, lines(finding.span.path), style)


def _object(finding: Finding, lines: LogicalLines, style: Style) -> JsonValue:
    span = finding.span
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": (finding.severity or Severity.WARNING).value,
        "message": finding.message,
        "filename": style.path(span.path),
        "location": {"row": span.row, "column": span.column},
        "end_location": {"row": span.end_row, "column": span.end_column},
        "fix": _fix(finding),
        "noqa_row": lines.comment_row(span.row),
        "url": finding.url,
        "data": dict(finding.data),
    }


def _fix(finding: Finding) -> JsonValue:
    if finding.fix is None:
        return None
    return {"applicability": finding.fix.applicability.value, "message": finding.fix.message, "edits": []}
