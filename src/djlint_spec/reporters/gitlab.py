"""GitLab's code quality report."""

from __future__ import annotations

import json

from djlint_spec.diagnostics import Severity
from djlint_spec.engine import Report
from djlint_spec.engine.fingerprint import fingerprints
from djlint_spec.reporters.lines import level
from djlint_spec.reporters.style import Style

_LEVELS = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.CONVENTION: "info"}


def gitlab(report: Report, style: Style) -> str:
    """A list of issues with stable fingerprints; paths are relative to the working directory."""
    issues = [
        {
            "description": f"{finding.code} {finding.name}: {finding.message}",
            "check_name": finding.code,
            "fingerprint": fingerprint,
            "severity": _LEVELS[level(finding)],
            "location": {
                "path": style.path(finding.span.path),
                "positions": {
                    "begin": {"line": finding.span.row, "column": finding.span.column},
                    "end": {"line": finding.span.end_row, "column": finding.span.end_column},
                },
            },
        }
        for finding, fingerprint in fingerprints(report)
    ]
    return json.dumps(issues, indent=2, ensure_ascii=False) + "\n"
