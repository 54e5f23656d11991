"""What must hold of any project after its fixes, whatever is in it."""

from __future__ import annotations

import ast
import dataclasses
import difflib
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

import black
import libcst

from djlint_spec.diagnostics import Finding
from djlint_spec.engine import Fixing, Report
from djlint_spec.engine.fixing import fix_tree
from djlint_spec.fixes import Document
from djlint_spec.source import Overlay, Tree


def broken_properties(
    tree: Tree, check: Callable[[Tree], Report], *, unsafe: bool, mode: black.Mode
) -> tuple[Fixing, list[str]]:
    """The fixing of a tree, and each property that does not hold of it."""
    before = check(tree)
    fixing = fix_tree(tree, check, unsafe=unsafe)
    return fixing, [
        *_faults(fixing),
        *_texts(fixing, mode),
        *_findings(before, fixing),
        *_again(tree, check, fixing, unsafe),
    ]


def _faults(fixing: Fixing) -> Iterator[str]:
    for fault in fixing.faults:
        yield f"{fault.rule} on {fault.path}:{fault.row}: {fault.error}"


def _texts(fixing: Fixing, mode: black.Mode) -> Iterator[str]:
    for path, text in fixing.after.items():
        try:
            ast.parse(text)
            libcst.parse_module(text)
        except Exception as error:  # noqa: BLE001 - whatever they raise is told
            yield f"{path} does not parse: {error}"
            continue
        for line in news_of_black(fixing.before[path], text, mode):
            yield f"{path}: Black would change what the fix wrote: {line!r}"


def news_of_black(before: str, after: str, mode: black.Mode) -> Iterator[str]:
    """The lines that a fix wrote and Black would change, where it would have changed nothing of what stood there."""
    if Document("", before).quote == "'":
        mode = dataclasses.replace(mode, string_normalization=False)  # strings stay as the file has them
    old, new = lines_of(before), lines_of(after)
    old_told, new_told = _told_by_black(before, mode), _told_by_black(after, mode)
    for kind, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        told_before = any(row in old_told for row in range(i1 - 1, i2 + 1))
        for row in range(j1, j2):
            if row in new_told and not told_before:
                yield new[row]


def _told_by_black(text: str, mode: black.Mode) -> set[int]:
    """The lines, from 0, that Black would change or write something before."""
    try:
        made = black.format_str(text, mode=mode)
    except Exception:  # noqa: BLE001 - what Black cannot read it says nothing of
        return set()
    found: set[int] = set()
    lines = lines_of(text.replace("\r\n", "\n"))
    for kind, i1, i2, _, _ in difflib.SequenceMatcher(None, lines, lines_of(made), autojunk=False).get_opcodes():
        if kind == "delete" and not any(line.strip() for line in lines[i1:i2]):
            # Which one of several empty lines is too many cannot be told.
            while i1 and not lines[i1 - 1].strip():
                i1 -= 1
            while i2 < len(lines) and not lines[i2].strip():
                i2 += 1
        if kind != "equal":
            found.update(range(i1, max(i2, i1 + 1)))
    return found


def lines_of(text: str) -> list[str]:
    """The lines of a text with their ends, as Python splits them."""
    return io.StringIO(text, newline="").readlines()


def _findings(before: Report, fixing: Fixing) -> Iterator[str]:
    held, left = _counts(before.findings), _counts(fixing.report.findings)
    for (code, path), count in (left - held).items():
        yield f"{path} has {count} {code} more than before"
    for finding in fixing.fixed:
        if finding.fix is None:
            yield f"{finding.code} was fixed without a fix"


def _counts(findings: Iterable[Finding]) -> Counter[tuple[str, str]]:
    # A finding that is mended may leave a suppression without use.
    return Counter((finding.code, finding.span.path) for finding in findings if finding.code != "DJS002")


def _again(tree: Tree, check: Callable[[Tree], Report], fixing: Fixing, unsafe: bool) -> Iterator[str]:
    again = fix_tree(Overlay(tree, fixing.after), check, unsafe=unsafe)
    for path in again.after:
        yield f"{path} is changed by a second run"


def with_line_ends(files: Mapping[str, str], end: str) -> dict[str, str]:
    """The Python files with other line ends."""
    return {path: text.replace("\n", end) if path.endswith(".py") else text for path, text in files.items()}
