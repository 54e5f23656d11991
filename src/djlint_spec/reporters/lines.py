"""Formats of one line for each finding, as other tools and CI systems read them."""

from __future__ import annotations

import json
from itertools import groupby

from djlint_spec.diagnostics import Finding, Severity
from djlint_spec.engine import Report
from djlint_spec.reporters.cells import printable
from djlint_spec.reporters.objects import objects
from djlint_spec.reporters.style import Style

_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.CONVENTION: "notice"}
_AZURE = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.CONVENTION: "warning"}


def github(report: Report, style: Style) -> str:
    """Workflow commands of GitHub Actions, which become annotations."""
    return "".join(f"{_github(finding, style)}\n" for finding in report.findings)


def _github(finding: Finding, style: Style) -> str:
    span = finding.span
    properties = {
        "title": f"{finding.code} {finding.name}",
        "file": style.path(span.path),
        "line": span.row,
        "col": span.column,
        "endLine": span.end_row,
        # An annotation over several lines takes no columns.
        **({"endColumn": span.end_column} if span.row == span.end_row else {}),
    }
    told = ",".join(f"{key}={_github_property(str(value))}" for key, value in properties.items())
    return f"::{_GITHUB[level(finding)]} {told}::{_github_text(_with_help(finding))}"


def _github_text(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _github_property(text: str) -> str:
    return _github_text(text).replace(":", "%3A").replace(",", "%2C")


def azure(report: Report, style: Style) -> str:
    """Logging commands of Azure Pipelines."""
    return "".join(f"{_azure(finding, style)}\n" for finding in report.findings)


def _azure(finding: Finding, style: Style) -> str:
    span = finding.span
    properties = {
        "type": _AZURE[level(finding)],
        "sourcepath": style.path(span.path),
        "linenumber": span.row,
        "columnnumber": span.column,
        "code": finding.code,
    }
    told = "".join(f"{key}={_azure_property(str(value))};" for key, value in properties.items())
    return f"##vso[task.logissue {told}]{_azure_text(f'{finding.name}: {_with_help(finding)}')}"


def _azure_text(text: str) -> str:
    return text.replace("%", "%AZP25").replace("\r", "%0D").replace("\n", "%0A")


def _azure_property(text: str) -> str:
    return _azure_text(text).replace(";", "%3B").replace("]", "%5D")


def pylint(report: Report, style: Style) -> str:
    """pylint's parseable format, which many CI systems read."""
    return "".join(
        f"{printable(style.path(finding.span.path))}:{finding.span.row}: "
        f"[{finding.code}({finding.name})] {printable(finding.message)}\n"
        for finding in report.findings
    )


def grouped(report: Report, style: Style) -> str:
    """The findings of each file below its path."""
    parts: list[str] = []
    for path, findings in groupby(report.findings, key=lambda finding: finding.span.path):
        lines = [
            f"  {finding.span.row}:{finding.span.column}  {finding.code} {finding.name}: {printable(finding.message)}"
            for finding in findings
        ]
        parts.append("\n".join([style.paint(printable(style.path(path)), "bold"), *lines]) + "\n")
    return "\n".join(parts)


def json_lines(report: Report, style: Style) -> str:
    """The objects of the JSON format, each on a line of its own."""
    return "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in objects(report, style))


def level(finding: Finding) -> Severity:
    """The severity of a finding of a run."""
    return finding.severity or Severity.WARNING


def _with_help(finding: Finding) -> str:
    return f"{finding.message}\n{finding.help}" if finding.help else finding.message
