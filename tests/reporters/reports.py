"""Reports with findings made by hand, for tests of how they are told."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from djlint_spec.diagnostics import Finding, Severity, Span
from djlint_spec.engine import Report
from djlint_spec.reporters import Style

ROOT = Path("/project")


def style(width: int = 80, *, colour: bool = False, cwd: Path = ROOT) -> Style:
    """How text is laid out in tests."""
    return Style(ROOT, cwd, width, colour=colour)


def span(path: str, row: int, column: int, end_column: int, end_row: int | None = None) -> Span:
    """A span, of one row unless told otherwise."""
    return Span(path, row, column, end_row or row, end_column)


def finding(where: Span, message: str = "It breaks.", **more: Any) -> Finding:  # fields of a finding are of many types
    """A finding of DJS201, a warning unless told otherwise."""
    made = {
        "severity": Severity.WARNING,
        "code": "DJS201",
        "name": "missing-select-related",
        "url": "https://x/",
        **more,
    }
    return Finding(where, message, **made)


def report(*findings: Finding, sources: Mapping[str, str] | None = None, **more: Any) -> Report:  # as above
    """A report of these findings."""
    paths = tuple(f"file_{number}.py" for number in range(more.pop("files", 1)))
    return Report(findings, paths, sources=sources or {}, **more)
