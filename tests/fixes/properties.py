"""What must hold of any project after its fixes, whatever is in it."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

import black
import libcst

from djlint_spec.diagnostics import Finding
from djlint_spec.engine import Fixing, Report
from djlint_spec.engine.fixing import fix_tree
from djlint_spec.source import Overlay, Tree
from tests.fixes.formatting import news_of_black


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
