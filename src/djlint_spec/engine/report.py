"""What a run comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from djlint_spec.config import Versions
from djlint_spec.diagnostics import Finding, Severity


@dataclass(frozen=True, slots=True)
class Fault:
    """A bug of ours: the rule that failed, on what, and how."""

    rule: str
    path: str
    error: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one rule said of one subject, and the modules and indexes that it asked about."""

    code: str
    findings: tuple[Finding, ...]
    depends_on: frozenset[str]


@dataclass(frozen=True)
class Report:
    """The findings of a run, sorted by place, and the figures of its summary.

    `sources` holds the text of every file that has a finding, by path.
    """

    findings: tuple[Finding, ...]
    files: int
    sources: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    versions: Versions | None = None
    figures: Mapping[str, int] = field(default_factory=dict)
    judgements: tuple[Judgement, ...] = ()

    def count(self, severity: Severity) -> int:
        """How many findings are of a severity."""
        return sum(1 for finding in self.findings if finding.severity is severity)
