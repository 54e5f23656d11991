"""The last lines of a run, for stderr."""

from __future__ import annotations

from collections.abc import Iterator

from djlint_spec.diagnostics import Severity
from djlint_spec.engine import Report


def summary(report: Report) -> str:
    """How many findings in how many files, and what the project was taken for."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    total = len(report.findings)
    if not report.files:
        yield "No Python files found."
        return
    if total:
        where = len({finding.span.path for finding in report.findings})
        kinds = [
            f"{report.count(severity)} {word}{'s' if report.count(severity) != 1 else ''}"
            for severity, word in (
                (Severity.ERROR, "error"),
                (Severity.WARNING, "warning"),
                (Severity.CONVENTION, "convention"),
            )
            if report.count(severity)
        ]
        findings = "findings" if total != 1 else "finding"
        yield f"Found {total} {findings} ({', '.join(kinds)}) in {where} of {report.files} files."
    else:
        yield f"Nothing to report in {report.files} file{'s' if report.files != 1 else ''}."
    if report.versions is not None:
        versions = report.versions
        known = [
            f"{name} {found}"
            for name, found in (
                ("Django", versions.django),
                ("DRF", versions.drf),
                ("Celery", versions.celery),
                ("Channels", versions.channels),
            )
            if found.known
        ]
        figures = [f"{count} {what}" for what, count in report.figures.items() if count]
        parts = [", ".join(part) for part in (known, figures) if part]
        if parts:
            yield " · ".join(parts)
