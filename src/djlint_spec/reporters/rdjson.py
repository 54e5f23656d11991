"""The Reviewdog Diagnostic Format."""

from __future__ import annotations

import json

from djlint_spec.diagnostics import JsonValue, Severity, Span
from djlint_spec.engine import Report
from djlint_spec.reporters.excerpt import Sources
from djlint_spec.reporters.lines import level
from djlint_spec.reporters.style import Style

_LEVELS = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.CONVENTION: "INFO"}


def rdjson(report: Report, style: Style) -> str:
    """One object with a diagnostic for each finding; columns count UTF-8 bytes from 1, as the format has them."""
    sources = Sources(report)

    def place(span: Span, row: int, column: int) -> JsonValue:
        line = sources.raw_line(span.path, row) or ""
        return {"line": row, "column": len(line[: column - 1].encode("utf-8", "surrogatepass")) + 1}

    def location(span: Span) -> JsonValue:
        whole: JsonValue = {
            "start": place(span, span.row, span.column),
            "end": place(span, span.end_row, span.end_column),
        }
        return {"path": style.path(span.path), "range": whole}

    diagnostics: list[JsonValue] = [
        {
            "message": finding.message,
            "location": location(finding.span),
            "severity": _LEVELS[level(finding)],
            "code": {"value": finding.code, "url": finding.url},
            "related_locations": [
                {"message": related.message, "location": location(related.span)} for related in finding.related
            ],
        }
        for finding in report.findings
    ]
    source: JsonValue = {"name": "djlint-spec", "url": "https://djlint-spec.readthedocs.io/"}
    return json.dumps({"source": source, "diagnostics": diagnostics}, indent=2, ensure_ascii=False) + "\n"
