"""`--add-noqa`: a comment on every line that has a finding, so that a team can start from silence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from djlint_spec.diagnostics import Finding
from djlint_spec.facts.lines import line_starts
from djlint_spec.facts.statements import logical_lines
from djlint_spec.source import DiskTree, Source
from djlint_spec.source.replace import NotReplaced, replace_text

_OURS = re.compile(r"#\s*djlint-spec:\s*ignore\[([^\]]*)\]")
_LISTED = re.compile(r"#\s*noqa:\s*[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*", re.IGNORECASE)


def with_comments(text: str, findings: Iterable[Finding], reason: str = "") -> str:
    """The text with a suppression at the end of each statement's line that a finding stands on."""
    lines = logical_lines(text)
    codes: dict[int, set[str]] = {}
    for finding in findings:
        first, last = lines.bounds(finding.span.row)
        row = lines.comment_row(first)
        codes.setdefault(row if row in (first, last, finding.span.row) else last, set()).add(finding.code)
    starts = [*line_starts(text), len(text)]
    for row in sorted(codes, reverse=True):
        start, end = starts[row - 1], starts[row]
        line = text[start:end]
        body = line.rstrip("\r\n")
        text = text[:start] + _commented(body, sorted(codes[row]), reason) + line[len(body) :] + text[end:]
    return text


def _commented(line: str, codes: list[str], reason: str) -> str:
    if reason:
        return f"{line.rstrip()}  # djlint-spec: ignore[{', '.join(codes)}] {reason}"
    ours = _OURS.search(line)
    if ours is not None:
        held = ours[1].rstrip().rstrip(",")
        return f"{line[: ours.start(1)]}{', '.join([*([held] if held else []), *codes])}{line[ours.end(1) :]}"
    listed = _LISTED.search(line)
    if listed is not None:
        return f"{line[: listed.end()]}, {', '.join(codes)}{line[listed.end() :]}"
    return f"{line.rstrip()}  # noqa: {', '.join(codes)}"


def add_comments(
    root: Path, findings: Iterable[Finding], reason: str = ""
) -> tuple[Mapping[str, int], Mapping[str, str]]:
    """Write the comments into the project's files: findings silenced by path, and why a file was left, by path."""
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        by_path.setdefault(finding.span.path, []).append(finding)
    tree = DiskTree(root)
    done: dict[str, int] = {}
    left: dict[str, str] = {}
    for path, found in by_path.items():
        source = tree.read(path)
        if not isinstance(source, Source):
            left[path] = source.reason
            continue
        try:
            replace_text(root / path, source, with_comments(source.text, found, reason))
        except NotReplaced as why:
            left[path] = str(why)
        else:
            done[path] = len(found)
    return done, left
