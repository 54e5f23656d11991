"""Names of findings that outlive moved lines and another formatting."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from djlint_spec.diagnostics import Finding, Span
from djlint_spec.engine.report import Report
from djlint_spec.facts.lines import line_starts

_LAYOUT = re.compile(r"[\s()\\,'\"]+")
"""What a formatter may add, drop or change: white space, parentheses, commas, line joints, quotes."""


def fingerprints(report: Report) -> Iterator[tuple[Finding, str]]:
    """Each finding with its name: rule, file, and what it underlines; equal ones of a file are told apart by order."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for finding in report.findings:
        key = identity(report, finding)
        seen[key] += 1
        yield finding, _digest((*key, str(seen[key])))


def identity(report: Report, finding: Finding) -> tuple[str, str, str]:
    """What equal findings share: rule, file, and what is underlined without its layout."""
    span = finding.span
    return finding.code, span.path, _LAYOUT.sub("", _underlined(report.sources.get(span.path, ""), span))


def _digest(parts: Iterable[str]) -> str:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _underlined(text: str, span: Span) -> str:
    starts = [*line_starts(text), len(text)]
    if span.end_row >= len(starts):
        return ""
    return text[starts[span.row - 1] + span.column - 1 : starts[span.end_row - 1] + span.end_column - 1]
