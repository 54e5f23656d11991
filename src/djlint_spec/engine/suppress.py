"""Suppression comments: which findings they silence, and which of them silence nothing."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from djlint_spec.diagnostics import Applicability, Finding, Fix, RemoveComment, Span
from djlint_spec.facts.statements import LogicalLines, logical_lines
from djlint_spec.facts.tree import ClassDef, Comment, FunctionDef, Stmt
from djlint_spec.project import Module

_NOQA = re.compile(r"#\s*noqa(?::[\s]?(?P<codes>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?(?!\w)", re.IGNORECASE)
_OURS = re.compile(r"#\s*djlint-spec:\s*(?P<kind>ignore-file|ignore)\[(?P<codes>[^\]]*)\]")


class Suppression(msgspec.Struct, frozen=True):
    """One comment. No codes: everything. `whole_file`: wherever in the file; else about its statement.

    `extent` goes on over the reason that stands behind it; `text` is the comment, its codes at `text[start:end]`.
    """

    span: Span
    codes: tuple[str, ...]
    whole_file: bool
    extent: Span
    text: str
    start: int
    end: int

    def covers(self, finding: Finding, lines: _Lines) -> bool:
        """Whether the comment silences a finding.

        One that is not for the whole file does on the first and the last row of what the finding underlines, and on
        those of the statement (or the header of a compound one) that holds it.
        """
        if self.codes and finding.code not in self.codes and finding.name not in self.codes:
            return False
        if self.whole_file:
            return True
        span, row = finding.span, self.span.row
        return row in (span.row, span.end_row) or row in lines.bounds(span.row, row)


class _Lines:
    """The logical lines of a module, told into tokens only between the definitions where somebody asks for them."""

    def __init__(self, module: Module) -> None:
        self._module = module
        # A definition begins a logical line, and so does what follows it: none goes on from before to behind.
        self._rows = [module.row(start) for start in _boundaries(module.facts.body)]
        self._known: dict[int, LogicalLines] = {}

    def bounds(self, row: int, other: int) -> tuple[int, int]:
        """First and last row of the logical line that goes over `row`; the row itself where `other` is on none."""
        part = bisect_right(self._rows, row)
        if part != bisect_right(self._rows, other):
            return row, row
        first = self._rows[part - 1] if part else 1
        if part not in self._known:
            starts = self._module.line_starts
            end = starts[self._rows[part] - 1] if part < len(self._rows) else None
            self._known[part] = logical_lines(self._module.facts.text[starts[first - 1] : end])
        begin, end = self._known[part].bounds(row - first + 1)
        return begin + first - 1, end + first - 1


def _boundaries(body: Iterable[Stmt]) -> Iterator[int]:
    """Where functions and classes begin and where what stands behind them does, those within functions left out."""
    behind = False
    for statement in body:
        match statement:
            case FunctionDef(decorators=decorators) | ClassDef(decorators=decorators):
                yield decorators[0].start if decorators else statement.start
                if isinstance(statement, ClassDef):
                    yield from _boundaries(statement.body)
                behind = True
            case _:
                if behind:
                    yield statement.start
                behind = False


def concerns_us(module: Module) -> bool:
    """Whether a comment of a file is for this tool, or names one of its codes."""
    texts = map(module.text, module.facts.comments)
    return any("DJS" in text or "djlint-spec:" in text for text in texts)


def suppressions(module: Module) -> Iterator[Suppression]:
    """The suppression comments of a file."""
    for comment in module.facts.comments:
        text = module.text(comment)
        for match in _OURS.finditer(text):
            codes = tuple(code.strip() for code in match["codes"].split(",") if code.strip())
            yield _suppression(module, comment, match, codes, whole_file=match["kind"] == "ignore-file")
        for match in _NOQA.finditer(text):
            named = re.findall(r"[A-Z]+[0-9]+", match["codes"] or "", re.IGNORECASE)
            codes = tuple(code.upper() for code in named)
            yield _suppression(module, comment, match, codes, whole_file=False)


def _suppression(
    module: Module, comment: Comment, match: re.Match[str], codes: tuple[str, ...], *, whole_file: bool
) -> Suppression:
    following = match.string.find("#", match.end())
    until = len(match.string.rstrip()) if following < 0 else following
    start, end = match.span("codes")
    return Suppression(
        module.span_of(comment.start + match.start(), comment.start + match.end()),
        codes,
        whole_file,
        module.span_of(comment.start + match.start(), comment.start + until),
        match[0],
        start - match.start(),
        end - match.start(),
    )


def apply(
    findings: Iterable[Finding], comments: Collection[Suppression], module: Module
) -> tuple[list[Finding], set[tuple[Suppression, str]]]:
    """The findings of a file that no comment silences, and the comments' codes that silenced one."""
    if not comments:
        return list(findings), set()
    lines = _Lines(module)
    kept: list[Finding] = []
    used: set[tuple[Suppression, str]] = set()
    for finding in findings:
        silencing = [comment for comment in comments if comment.covers(finding, lines)]
        used.update((comment, word) for comment in silencing for word in (finding.code, finding.name))
        if not silencing:
            kept.append(finding)
    return kept, used


def unused(
    comments: Iterable[Suppression],
    used: Collection[tuple[Suppression, str]],
    ran: Collection[str],
    known: Collection[str],
) -> Iterator[Finding]:
    """A finding for each comment with codes of ours that silence nothing although they ran, or that name no rule."""
    for comment in comments:
        ours = [code for code in comment.codes if code.startswith("DJS") or code in known]
        unknown = [code for code in ours if code not in known]
        idle = [code for code in ours if code in ran and (comment, code) not in used]
        told = [f"no rule is named {_named(unknown)}"] if unknown else []
        if idle:
            told.append(f"{_named(idle)} {'reports' if len(idle) == 1 else 'report'} nothing here")
        if told:
            yield _finding(comment, "; ".join(told), [code for code in comment.codes if code not in (*unknown, *idle)])


def _named(codes: Sequence[str]) -> str:
    return ", ".join(f"`{code}`" for code in codes)


def _finding(comment: Suppression, why: str, left: Sequence[str]) -> Finding:
    if not left:
        fix = Fix("remove the comment", Applicability.SAFE, (RemoveComment(comment.extent),))
        return Finding(comment.span, f"This suppression silences nothing: {why}.", help="remove it", fix=fix)
    written = comment.text[comment.start : comment.end]
    separator = ", " if ", " in written else "," if "," in written else " "
    stays = comment.text[: comment.start] + separator.join(left) + comment.text[comment.end :]
    fix = Fix("remove the codes", Applicability.SAFE, (RemoveComment(comment.span, stays),))
    return Finding(comment.span, f"A part of this suppression silences nothing: {why}.", help=f"write {stays}", fix=fix)
