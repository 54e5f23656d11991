"""Rounds of fixes: apply what does not overlap, check again, until nothing changes; then write the files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import msgspec

from djlint_spec.diagnostics import Applicability, Edit, Finding, Span
from djlint_spec.engine.report import Fault, Report
from djlint_spec.fixes import Lowered, Refused, parses, touches
from djlint_spec.source import Overlay, Source, Tree, Unreadable
from djlint_spec.source.replace import NotReplaced, remove_leftovers, replace_text, why_not_replaceable

MOST_ROUNDS = 30
"""A bound that no project comes near: each round but the last mends at least one finding."""

CheckTree: TypeAlias = "Callable[[Tree], Report]"
Mask: TypeAlias = "Callable[[str], str]"
Frozen: TypeAlias = "Callable[[str], str | None]"
Chosen: TypeAlias = "Callable[[Finding], bool]"
_Identity: TypeAlias = "tuple[str, str, str]"


class Unfixed(msgspec.Struct, frozen=True):
    """A finding whose fix was not applied, and why."""

    finding: Finding
    why: str


class Fixing(msgspec.Struct, frozen=True):
    """What fixing came to: the report on the texts as they are now, and what was done.

    `before` and `after` hold the texts of the files that changed, by path; `mask` covers the secrets in
    them.
    """

    report: Report
    fixed: tuple[Finding, ...]
    unfixed: tuple[Unfixed, ...]
    before: Mapping[str, str]
    after: Mapping[str, str]
    mask: Mask = str
    faults: tuple[Fault, ...] = ()


class _Candidate(msgspec.Struct, frozen=True):
    finding: Finding
    edits: tuple[Edit, ...]

    @property
    def identity(self) -> _Identity:
        return _identity(self.finding)

    @property
    def paths(self) -> frozenset[str]:
        return frozenset(edit.span.path for edit in self.edits)


@dataclass(slots=True)
class _Run:
    """The state of one run of rounds.

    `frozen` tells why a file must stay as it is, None when it need not; `chosen`, whether a finding is to be fixed.
    """

    tree: Tree
    check: CheckTree
    applicabilities: frozenset[Applicability]
    frozen: Frozen
    chosen: Chosen
    texts: dict[str, str] = field(default_factory=dict)
    fixed: list[Finding] = field(default_factory=list)
    dropped: dict[_Identity, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    masker: Callable[[Iterable[str]], Mask] | None = None

    def rounds(self) -> Report:
        report = self.check(self.tree)
        self.masker = report.masker
        for _ in range(MOST_ROUNDS):
            batch = self._batch(report)
            if not batch:
                break
            report = self._apply(report, batch)
        return report

    # --------------------------------------------------------------------------------------------- one round
    def _batch(self, report: Report) -> list[_Candidate]:
        """The fixes of a report that do not meet each other, in order of place."""
        chosen: list[_Candidate] = []
        taken: dict[str, list[Span]] = {}
        known: set[Edit] = set()
        for finding in report.findings:
            lowered = self._lowered(report, finding)
            if lowered is None:
                continue
            # Fixes that write the very same do not meet.
            if not known.issuperset(lowered.edits):
                if any(touches(area, other) for area in lowered.areas for other in taken.get(area.path, ())):
                    continue
                for area in lowered.areas:
                    taken.setdefault(area.path, []).append(area)
            known.update(lowered.edits)
            chosen.append(_Candidate(finding, lowered.edits))
        return chosen

    def _lowered(self, report: Report, finding: Finding) -> Lowered | None:
        if finding.fix is None or finding.fix.applicability not in self.applicabilities:
            return None
        if _identity(finding) in self.dropped or not self.chosen(finding):
            return None
        lowered = report.lowered(finding)
        if not isinstance(lowered, Lowered) or any(self.frozen(edit.span.path) for edit in lowered.edits):
            return None
        return lowered

    def _apply(self, report: Report, batch: Sequence[_Candidate]) -> Report:
        """The report after the fixes of a batch; those that do harm are dropped."""
        kept, after = self._sound(report, [], batch)
        self.fixed.extend(candidate.finding for candidate in kept)
        self.texts.update(self._texts_of(report, kept))
        return after

    def _sound(
        self, report: Report, kept: list[_Candidate], batch: Sequence[_Candidate]
    ) -> tuple[list[_Candidate], Report]:
        """The fixes that do no harm together with those kept already, found by halves; and the report with them."""
        together = [*kept, *batch]
        texts = self._texts_of(report, together)
        broken = next((path for path, text in texts.items() if not parses(path, text)), None)
        after = report if broken else self.check(Overlay(self.tree, {**self.texts, **texts}))
        harm = f"breaks {broken}" if broken else _harm(report, after, together)
        if harm is None:
            return together, after
        if len(batch) == 1:
            self._drop(batch[0], harm)
            return kept, self._checked(report, kept)
        middle = len(batch) // 2
        kept, after = self._sound(report, kept, batch[:middle])
        return self._sound(report, kept, batch[middle:])

    def _checked(self, report: Report, candidates: Sequence[_Candidate]) -> Report:
        if not candidates:
            return report
        return self.check(Overlay(self.tree, {**self.texts, **self._texts_of(report, candidates)}))

    @staticmethod
    def _texts_of(report: Report, candidates: Iterable[_Candidate]) -> dict[str, str]:
        assert report.lowering is not None
        return report.lowering.apply(dict.fromkeys(edit for candidate in candidates for edit in candidate.edits))

    def _drop(self, candidate: _Candidate, harm: str) -> None:
        finding = candidate.finding
        self.dropped[candidate.identity] = f"its fix {harm}, which is a fault of djlint-spec"
        rule = f"the fix of {finding.code} {finding.name}"
        self.faults.append(Fault(rule, finding.span.path, finding.span.row, f"it {harm}", "fixes", ""))

    # --------------------------------------------------------------------------------------------- afterwards
    def mask(self, paths: Iterable[str]) -> Mask:
        """What covers the secrets that files held before."""
        return self.masker(paths) if self.masker is not None else str

    def unfixed(self, report: Report) -> list[Unfixed]:
        """The findings that are left although they have a fix that may be applied."""
        found: list[Unfixed] = []
        for finding in report.findings:
            if finding.fix is None or finding.fix.applicability not in self.applicabilities:
                continue
            if not self.chosen(finding):
                continue
            lowered = report.lowered(finding)
            match lowered:
                case Refused(why=why):
                    found.append(Unfixed(finding, why))
                case Lowered(edits=edits):
                    why = self.dropped.get(_identity(finding), "")
                    frozen = next(filter(None, (self.frozen(edit.span.path) for edit in edits)), None)
                    found.append(Unfixed(finding, frozen or why or "other fixes came before it"))
                case None:
                    pass
        return found


def _identity(finding: Finding) -> _Identity:
    return finding.code, finding.span.path, finding.message


def _harm(before: Report, after: Report, applied: Sequence[_Candidate]) -> str | None:
    """What a batch made worse; None when it only mended."""
    held, left = (Counter(map(_identity, report.findings)) for report in (before, after))
    held_codes, left_codes = (
        Counter((f.code, f.span.path) for f in report.findings if f.code != "DJS002") for report in (before, after)
    )
    # A mended finding may leave a suppression without use; what is told of it is no harm.
    for code, path in left_codes - held_codes:
        return f"adds a {code} in {path}"
    mended = Counter(candidate.identity for candidate in applied)
    for identity, count in mended.items():
        if left[identity] > held[identity] - count:
            return "does not mend the finding"
    return None


def _nothing_frozen(_: str) -> str | None:
    return None


def _all_chosen(_: Finding) -> bool:
    return True


def fix_tree(
    tree: Tree,
    check: CheckTree,
    *,
    unsafe: bool = False,
    frozen: Frozen = _nothing_frozen,
    chosen: Chosen | None = None,
) -> Fixing:
    """Fix in memory what `check` reports on a tree. Nothing is written.

    `frozen` tells of a path why its file must stay as it is, None when it need not; `chosen`, whether a finding is to
    be fixed: each is, without it.
    """
    wanted = {Applicability.SAFE, Applicability.UNSAFE} if unsafe else {Applicability.SAFE}
    run = _Run(tree, check, frozenset(wanted), frozen, chosen or _all_chosen)
    report = run.rounds()
    before: dict[str, str] = {}
    for path in run.texts:
        source = tree.read(path)
        assert isinstance(source, Source)
        before[path] = source.text
    changed = {path: text for path, text in run.texts.items() if text != before[path]}
    return Fixing(
        report,
        tuple(run.fixed),
        tuple(run.unfixed(report)),
        {path: before[path] for path in changed},
        changed,
        run.mask(changed),
        tuple(run.faults),
    )


def fix_files(
    root: Path, tree: Tree, check: CheckTree, *, unsafe: bool = False, chosen: Chosen | None = None
) -> Fixing:
    """Fix the files below `root`, each replaced in one step.

    A file that cannot be replaced stays as it is, with all that fixes of several files would have changed elsewhere.
    """
    remove_leftovers(sorted({(root / path).parent for path in tree.python_files()}))
    held = _Held(tree)
    # A file that cannot be put back is told once, and ends the work.
    frozen: dict[str, str] = {}
    written: dict[str, Source] = {}
    while True:
        fixing = fix_tree(held, check, unsafe=unsafe, frozen=frozen.get, chosen=chosen)
        refused = _unreplaceable(root, fixing.after)
        if not refused:
            # What an earlier turn wrote and this one leaves alone goes back to what it was.
            wanted = {**{path: held.source(path).text for path in written}, **fixing.after}
            refused = _write(root, wanted, held, written)
        if refused.keys() <= frozen.keys():
            return fixing
        frozen.update(refused)


class _Held:
    """A tree whose files are read once, so that all turns see the same texts."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._read: dict[str, Source | Unreadable] = {}

    def read(self, path: str) -> Source | Unreadable:
        """One file, as it was when first read."""
        if path not in self._read:
            self._read[path] = self._tree.read(path)
        return self._read[path]

    def python_files(self) -> Iterator[str]:
        """Paths of the Python files."""
        return self._tree.python_files()

    def text(self, path: str) -> str | None:
        """Text of any other file."""
        return self._tree.text(path)

    def names(self, folder: str = "") -> Sequence[str]:
        """Names of the files in a folder."""
        return self._tree.names(folder)

    def source(self, path: str) -> Source:
        """A file that was readable."""
        found = self.read(path)
        assert isinstance(found, Source)
        return found


def _unreplaceable(root: Path, texts: Iterable[str]) -> dict[str, str]:
    told = {path: why_not_replaceable(root / path) for path in texts}
    return {path: why for path, why in told.items() if why is not None}


def _write(root: Path, texts: Mapping[str, str], held: _Held, written: dict[str, Source]) -> dict[str, str]:
    """Write the texts; the files that could not be written, and why, once one fails."""
    for path, text in sorted(texts.items()):
        now = written.get(path) or held.source(path)
        if now.text == text:
            continue
        try:
            written[path] = replace_text(root / path, now, text)
        except NotReplaced as error:
            return {path: str(error)}
    return {}
