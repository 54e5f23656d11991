"""Suppression comments: which findings they silence, and which of them silence nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from djlint_spec.diagnostics import Applicability, Finding, Fix, RemoveComment, Span
from djlint_spec.facts.statements import LogicalLines, logical_lines
from djlint_spec.project import Module

_NOQA = re.compile(r"#\s*noqa(?::[\s]?(?P<codes>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?(?!\w)", re.IGNORECASE)
_OURS = re.compile(r"#\s*djlint-spec:\s*(?P<kind>ignore-file|ignore)\[(?P<codes>[^\]]*)\]")


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment. No codes: everything. `whole_file`: wherever in the file; else about its statement."""

    span: Span
    codes: tuple[str, ...]
    whole_file: bool

    def covers(self, finding: Finding, lines: LogicalLines) -> bool:
        """Whether the comment silences a finding.

        One that is not for the whole file does on the first and the last row of what the finding underlines, and on
        those of the statement (or the header of a compound one) that holds it.
        """
        if self.codes and finding.code not in self.codes and finding.name not in self.codes:
            return False
        if self.whole_file:
            return True
        span = finding.span
        return self.span.row in (span.row, span.end_row, *lines.bounds(span.row))


def suppressions(module: Module) -> Iterator[Suppression]:
    """The suppression comments of a file."""
    for comment in module.facts.comments:
        text = module.text(comment)
        for match in _OURS.finditer(text):
            codes = tuple(code.strip() for code in match["codes"].split(",") if code.strip())
            span = module.span_of(comment.start + match.start(), comment.start + match.end())
            yield Suppression(span, codes, match["kind"] == "ignore-file")
        for match in _NOQA.finditer(text):
            named = re.findall(r"[A-Z]+[0-9]+", match["codes"] or "", re.IGNORECASE)
            span = module.span_of(comment.start + match.start(), comment.start + match.end())
            yield Suppression(span, tuple(code.upper() for code in named), whole_file=False)


def apply(
    findings: Iterable[Finding], comments: Collection[Suppression], text: str
) -> tuple[list[Finding], set[Suppression]]:
    """The findings of a file with this text that no comment silences, and the comments that silenced one."""
    if not comments:
        return list(findings), set()
    lines = logical_lines(text)
    kept: list[Finding] = []
    used: set[Suppression] = set()
    for finding in findings:
        silencing = [comment for comment in comments if comment.covers(finding, lines)]
        used.update(silencing)
        if not silencing:
            kept.append(finding)
    return kept, used


def unused(
    comments: Iterable[Suppression], used: Collection[Suppression], ran: Collection[str], known: Collection[str]
) -> Iterator[Finding]:
    """A finding for each comment of ours that silences nothing although its rules ran, or that names no rule."""
    for comment in comments:
        ours = [code for code in comment.codes if code.startswith("DJS") or code in known]
        unknown = [code for code in ours if code not in known]
        if unknown:
            yield _finding(comment, f"no rule is named {', '.join(f'`{code}`' for code in unknown)}", comment.codes)
        elif ours and comment not in used and all(code in ran for code in ours):
            yield _finding(comment, f"{', '.join(f'`{code}`' for code in ours)} reports nothing here", comment.codes)


def _finding(comment: Suppression, why: str, codes: tuple[str, ...]) -> Finding:
    others = [code for code in codes if not code.startswith("DJS")]
    stays = f"# noqa: {', '.join(others)}" if others else ""
    fix = Fix("remove the comment", Applicability.SAFE, (RemoveComment(comment.span, stays),))
    return Finding(comment.span, f"This suppression silences nothing: {why}.", help="remove it", fix=fix)
