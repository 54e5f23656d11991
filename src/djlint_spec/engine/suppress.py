"""Suppression comments: which findings they silence, and which of them silence nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from djlint_spec.diagnostics import Applicability, Finding, Fix, RemoveComment, Span
from djlint_spec.project import Module

_NOQA = re.compile(r"#\s*noqa(?::[\s]?(?P<codes>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?(?!\w)", re.IGNORECASE)
_OURS = re.compile(r"#\s*djlint-spec:\s*(?P<kind>ignore-file|ignore)\[(?P<codes>[^\]]*)\]")


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment. No codes: everything. `whole_file`: wherever in the file; else on its own row."""

    span: Span
    codes: tuple[str, ...]
    whole_file: bool

    def covers(self, finding: Finding) -> bool:
        """Whether the comment silences a finding: on the first or the last row of what it underlines."""
        if self.codes and finding.code not in self.codes and finding.name not in self.codes:
            return False
        return self.whole_file or self.span.row in (finding.span.row, finding.span.end_row)


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
            codes = tuple(code.upper() for code in named)
            if not codes or any(code.startswith("DJS") for code in codes):
                yield Suppression(span, codes, whole_file=False)


def apply(findings: Iterable[Finding], comments: Collection[Suppression]) -> tuple[list[Finding], set[Suppression]]:
    """The findings that no comment silences, and the comments that silenced one."""
    kept: list[Finding] = []
    used: set[Suppression] = set()
    for finding in findings:
        silencing = [comment for comment in comments if comment.covers(finding)]
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
