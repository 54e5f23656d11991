"""What a run comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from djlint_spec.config import Versions
from djlint_spec.diagnostics import Finding, Severity


@dataclass(frozen=True, slots=True)
class Fault:
    """A bug of ours: the rule that failed, the place of what it looked at, the error and where in our code it rose."""

    rule: str
    path: str
    row: int
    error: str
    raised_at: str
    traceback: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one rule said of one subject, and the modules and indexes that it asked about."""

    code: str
    findings: tuple[Finding, ...]
    depends_on: frozenset[str]


@dataclass(frozen=True)
class Report:
    """The findings of a run, sorted by place, and the figures of its summary.

    `paths` are the files that were checked, `empty` are the places that hold none. `sources` has the text of every
    file that a finding or what it relates to lies in, by path, with every secret covered by stars. `resolved` is how
    many of the names that the run asked about were resolved, of how many.
    """

    findings: tuple[Finding, ...]
    paths: tuple[str, ...]
    empty: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    versions: Versions | None = None
    figures: Mapping[str, int] = field(default_factory=dict)
    resolved: tuple[int, int] = (0, 0)
    judgements: tuple[Judgement, ...] = ()

    @property
    def files(self) -> int:
        """How many files were checked."""
        return len(self.paths)

    def count(self, severity: Severity) -> int:
        """How many findings are of a severity."""
        return sum(1 for finding in self.findings if finding.severity is severity)
