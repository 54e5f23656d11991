"""What a run comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from djlint_spec.config import Versions
from djlint_spec.diagnostics import Applicability, Edit, Finding, Severity
from djlint_spec.fixes import Lowered, Lowering, Refused


class Fault(msgspec.Struct, frozen=True):
    """A bug of ours: the rule that failed, the place of what it looked at, the error and where in our code it rose."""

    rule: str
    path: str
    row: int
    error: str
    raised_at: str
    traceback: str


class Judgement(msgspec.Struct, frozen=True):
    """What one rule said of one subject."""

    code: str
    findings: tuple[Finding, ...]


class Figures(msgspec.Struct, frozen=True):
    """How many there are `of` what a run looked at, by name; how many of the names that it asked about were resolved,
    of how many.
    """

    of: Mapping[str, int] = {}
    resolved: int = 0
    asked: int = 0


@dataclass(frozen=True)
class Report:
    """The findings of a run, sorted by place.

    `paths` are the files that were checked, `empty` are the places that hold none. `sources` has the text of every
    file that a finding or what it relates to lies in, by path, with every secret covered by stars. `figures` makes the
    figures of the summary: few who are given a report show one, and most of the project is asked for it.
    `known` findings of the baseline are left out; of `gone` entries of it the finding is no more. So are `older` ones
    that are not owed to the change that was asked about.
    """

    findings: tuple[Finding, ...]
    paths: tuple[str, ...]
    empty: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    versions: Versions | None = None
    judgements: tuple[Judgement, ...] = ()
    known: int = 0
    gone: int = 0
    older: int = 0
    lowering: Lowering | None = field(default=None, compare=False)
    figures: Callable[[], Figures] = field(default=Figures, compare=False)
    masker: Callable[[Iterable[str]], Callable[[str], str]] | None = field(default=None, compare=False)

    def lowered(self, finding: Finding) -> Lowered | Refused | None:
        """The edits of a finding's fix, worked out when first asked for, or why it has none; None without a fix."""
        if finding.fix is None or self.lowering is None:
            return None
        return self.lowering.lower(finding.fix)

    def edits(self, finding: Finding) -> tuple[Edit, ...]:
        """The edits with which --fix --unsafe-fixes would mend a finding, as they may be shown.

        None where it would not, and where the lines that an edit lays out anew hold a secret.
        """
        if finding.fix is None or finding.fix.applicability is Applicability.DISPLAY:
            return ()
        lowered = self.lowered(finding)
        if not isinstance(lowered, Lowered):
            return ()
        mask = self.masker({edit.span.path for edit in lowered.edits}) if self.masker is not None else str
        return () if any(mask(edit.text) != edit.text for edit in lowered.edits) else lowered.edits

    def is_fixable(self, finding: Finding, *, unsafe: bool = False) -> bool:
        """Whether --fix would mend a finding, or with `unsafe` --unsafe-fixes; a fix without a place would not."""
        wanted = {Applicability.SAFE, Applicability.UNSAFE} if unsafe else {Applicability.SAFE}
        if finding.fix is None or finding.fix.applicability not in wanted:
            return False
        return not isinstance(self.lowered(finding), Refused)

    @property
    def files(self) -> int:
        """How many files were checked."""
        return len(self.paths)

    def count(self, severity: Severity) -> int:
        """How many findings are of a severity."""
        return sum(1 for finding in self.findings if finding.severity is severity)
