"""SARIF 2.1.0, as code scanning reads it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import PurePath
from urllib.parse import quote

from djlint_spec import __version__
from djlint_spec.catalog import Page
from djlint_spec.diagnostics import Finding, JsonValue, Related, Severity, Span
from djlint_spec.engine import Report, rulebook
from djlint_spec.engine.fingerprint import fingerprints
from djlint_spec.reporters.lines import level
from djlint_spec.reporters.style import Style

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.CONVENTION: "note"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif(report: Report, style: Style) -> str:
    """One run with its rules and results; the places that explain a finding are its related locations."""
    pages = rulebook().pages
    codes = sorted({finding.code for finding in report.findings})
    index = {code: number for number, code in enumerate(codes)}
    driver: JsonValue = {
        "name": "djlint-spec",
        "informationUri": "https://djlint-spec.readthedocs.io/",
        "semanticVersion": __version__,
        "rules": [_rule(pages[code]) for code in codes],
    }
    results: list[JsonValue] = [
        _result(report, finding, fingerprint, index[finding.code], style)
        for finding, fingerprint in fingerprints(report)
    ]
    faults: list[JsonValue] = [
        {"level": "error", "message": {"text": f"{fault.rule}: {fault.error}"}} for fault in report.faults
    ]
    run: JsonValue = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not faults, "toolExecutionNotifications": faults}],
        "results": results,
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _rule(page: Page) -> JsonValue:
    return {
        "id": page.code,
        "name": page.name,
        "shortDescription": {"text": page.summary or page.name},
        "fullDescription": {"text": page.summary or page.name},
        "help": {"text": page.text, "markdown": page.text},
        "helpUri": page.url,
        "defaultConfiguration": {"enabled": page.default, "level": _LEVELS[page.severity]},
        "properties": {"tags": [page.family]},
    }


def _result(report: Report, finding: Finding, fingerprint: str, rule: int, style: Style) -> JsonValue:
    message = f"{finding.message}\n{finding.help}" if finding.help else finding.message
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _LEVELS[level(finding)],
        "message": {"text": message},
        "locations": [{"physicalLocation": _place(finding.span, style)}],
        "relatedLocations": [_related(number, related, style) for number, related in enumerate(finding.related, 1)],
        "partialFingerprints": {"djlintSpec/v1": fingerprint},
        "fixes": list(_fixes(report, finding, style)),
    }


def _fixes(report: Report, finding: Finding, style: Style) -> Iterator[JsonValue]:
    edits = report.edits(finding)
    if finding.fix is None or not edits:
        return
    changes: list[JsonValue] = []
    for path, found in itertools.groupby(edits, key=lambda edit: edit.span.path):
        replacements: list[JsonValue] = [
            {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}} for edit in found
        ]
        changes.append({"artifactLocation": _artifact(path, style), "replacements": replacements})
    yield {"description": {"text": finding.fix.message}, "artifactChanges": changes}


def _related(number: int, related: Related, style: Style) -> JsonValue:
    return {"id": number, "physicalLocation": _place(related.span, style), "message": {"text": related.message}}


def _place(span: Span, style: Style) -> JsonValue:
    return {"artifactLocation": _artifact(span.path, style), "region": _region(span)}


def _artifact(path: str, style: Style) -> JsonValue:
    told = PurePath(style.path(path))
    return {"uri": told.as_uri() if told.is_absolute() else quote(told.as_posix())}


def _region(span: Span) -> JsonValue:
    return {
        "startLine": span.row,
        "startColumn": span.column,
        "endLine": span.end_row,
        "endColumn": span.end_column,
    }
