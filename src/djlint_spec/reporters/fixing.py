"""What was fixed, or would be: the difference, a list, and the last line."""

from __future__ import annotations

import difflib
import io
from collections import Counter
from collections.abc import Iterator

from djlint_spec.engine import Fixing
from djlint_spec.reporters.cells import printable
from djlint_spec.reporters.style import Style

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def diff(fixing: Fixing, style: Style) -> str:
    """A unified difference of all changed files, secrets masked."""
    return "".join(line for path in sorted(fixing.after) for line in _file_diff(fixing, path, style))


def _file_diff(fixing: Fixing, path: str, style: Style) -> Iterator[str]:
    before, after = (_lines(fixing.mask(texts[path])) for texts in (fixing.before, fixing.after))
    name = style.path(path)
    for line in difflib.unified_diff(before, after, name, name):
        ended = line.endswith(("\n", "\r"))
        text = line.rstrip("\r\n")
        if text.startswith(("+++", "---")):
            yield f"{style.paint(text, 'bold')}\n"
            continue
        yield (style.paint(text, _COLOURS[text[0]]) if text[:1] in _COLOURS else text) + "\n"
        if not ended:
            yield "\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    return io.StringIO(text, newline="").readlines()


def fixes(fixing: Fixing, style: Style, *, done: bool) -> str:
    """How many findings of each rule were fixed in each file."""
    counts: dict[str, Counter[tuple[str, str]]] = {}
    for finding in fixing.fixed:
        counts.setdefault(finding.span.path, Counter())[finding.code, finding.name] += 1
    lines = ["Fixed:" if done else "Would fix:"] if counts else []
    for path, found in sorted(counts.items()):
        lines.append(f"  {printable(style.path(path))}")
        lines += [f"    {count} x {code} {name}" for (code, name), count in sorted(found.items())]
    return "".join(f"{line}\n" for line in lines)


def fix_summary(fixing: Fixing, style: Style, *, done: bool) -> str:
    """How many findings were fixed, what is left to do by hand, and which fixes were not applied and why."""
    count = len(fixing.fixed)
    files = len(fixing.after)
    lines: list[str] = []
    if count:
        told = f"{count} finding{'s' if count != 1 else ''} in {files} file{'s' if files != 1 else ''}"
        lines.append(f"Fixed {told}." if done else f"Would fix {told}.")
    elif not done:
        lines.append("Nothing to fix.")
    lines += [
        f"{printable(style.path(finding.span.path))}: {printable(finding.fix.then)}"
        for finding in fixing.fixed
        if finding.fix is not None and finding.fix.then
    ]
    for unfixed in fixing.unfixed:
        span = unfixed.finding.span
        place = f"{printable(style.path(span.path))}:{span.row}:{span.column}"
        lines.append(f"{place}: {unfixed.finding.code} not fixed: {printable(unfixed.why)}.")
    return "\n".join(lines)
