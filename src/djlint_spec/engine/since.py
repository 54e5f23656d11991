"""What a change brings: findings on the lines that it touched, and those elsewhere that it caused."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from djlint_spec.diagnostics import Finding
from djlint_spec.engine.changes import Changes
from djlint_spec.engine.fingerprint import identity
from djlint_spec.engine.report import Fault, Report
from djlint_spec.engine.settling import is_wanted
from djlint_spec.source import Tree


class Since(msgspec.Struct, frozen=True):
    """From when on a change counts: the merge base with a revision; without one, the last commit.

    `whole` are files and folders whose findings are all wanted, changed or not. Files that git neither tracks nor
    ignores are part of the change with `untracked_are_new`; otherwise they count as there before.
    """

    revision: str | None = None
    whole: Sequence[Path] = ()
    untracked_are_new: bool = True


@dataclass(slots=True)
class Earlier:
    """The project as it was, and how to check it by some rules only: a second run, made when it is first needed."""

    tree: Tree
    check: Callable[[Collection[str]], Report]
    whole: Sequence[str] = ()
    _reports: dict[frozenset[str], Report] = field(default_factory=dict)

    def apply(self, report: Report, now: Tree) -> Report:
        """The report on the project as it is now without what it owes to the past; `older` counts that."""
        brought, faults = self._brought(report, now)
        kept = tuple(finding for finding in report.findings if id(finding) in brought)
        older = len(report.findings) - len(kept)
        # Without the whole of the earlier run nobody can tell what is new.
        return replace(report, findings=kept, older=older, faults=(*report.faults, *faults))

    def brought(self, report: Report, now: Tree) -> Callable[[Finding], bool]:
        """Whether a finding, of this report or of one made after some fixes, is owed to the change.

        Where there are files that are wanted whole, those alone are spoken of.
        """
        inside = self.whole or ("",)
        found = (f for f in self.apply(report, now).findings if is_wanted(f.span.path, inside))
        owed = {(f.code, f.span.path, f.message) for f in found}
        return lambda finding: (finding.code, finding.span.path, finding.message) in owed

    def _brought(self, report: Report, now: Tree) -> tuple[set[int], Sequence[Fault]]:
        changes = Changes(self.tree, now)
        brought = {
            id(finding)
            for finding in report.findings
            if is_wanted(finding.span.path, self.whole)
            or changes.touches(finding.span.path, range(finding.span.row, finding.span.end_row + 1))
        }
        rest = [finding for finding in report.findings if id(finding) not in brought]
        before = self._report({finding.code for finding in rest}) if rest else None
        if before is None:
            return brought, ()
        return brought | {id(finding) for finding in _caused(report, rest, before, changes)}, before.faults

    def _report(self, codes: Collection[str]) -> Report:
        key = frozenset(codes)
        if key not in self._reports:
            self._reports[key] = self.check(codes)
        return self._reports[key]


def _caused(report: Report, findings: Iterable[Finding], before: Report, changes: Changes) -> Iterable[Finding]:
    """The findings, on rows that are what they were, that the earlier report does not have.

    Equal ones of a file are told apart by their rows.
    """
    known: dict[tuple[str, str, str], list[int]] = {}
    for finding in before.findings:
        known.setdefault(identity(before, finding), []).append(finding.span.row)
    left: list[tuple[Finding, list[int]]] = []
    for finding in findings:
        code, path, underlined = identity(report, finding)
        rows = known.get((code, changes.path_before(path) or path, underlined), [])
        row = changes.row_before(path, finding.span.row)
        if row in rows:
            rows.remove(row)
        else:
            left.append((finding, rows))
    for finding, rows in left:
        if rows:
            rows.pop()
        else:
            yield finding
