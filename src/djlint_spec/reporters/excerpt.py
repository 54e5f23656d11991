"""Source lines for people: the stretch of a finding underlined, never wider than the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from djlint_spec.diagnostics import Finding, Span
from djlint_spec.engine import Report
from djlint_spec.reporters.cells import cut, cut_around, printable
from djlint_spec.reporters.style import Style

_MOST_ROWS = 4
_MOST_ABOVE = 2
_NEWLINE = re.compile(r"\r\n?|\n")


class Sources:
    """The lines of the files of a report."""

    def __init__(self, report: Report) -> None:
        self._texts = report.sources
        self._lines: dict[str, Sequence[str]] = {}

    def line(self, path: str, row: int) -> str | None:
        """The source line as it may be shown, None where the file has none."""
        found = self.raw_line(path, row)
        return None if found is None else printable(found).rstrip()

    def raw_line(self, path: str, row: int) -> str | None:
        """The source line as it stands, None where the file has none."""
        if path not in self._lines:
            text = self._texts.get(path)
            self._lines[path] = _NEWLINE.split(text) if text is not None else ()
        lines = self._lines[path]
        return lines[row - 1] if 0 < row <= len(lines) else None

    def underlined(self, finding: Finding, style: Style) -> Iterator[str]:
        """The lines of a finding with its stretch underlined, and up to two lines of the block above them."""
        span = finding.span
        shown = range(span.row, min(span.end_row, span.row + _MOST_ROWS - 1) + 1)
        gutter = len(str(shown[-1]))
        room = style.width - gutter - 5
        for row in self._above(span):
            yield f"  {row:>{gutter}} | {cut(self.line(span.path, row) or '', room)}".rstrip()
        for row in shown:
            line = self.raw_line(span.path, row)
            if line is None:
                return
            start, end = _on_row(span, row, line)
            lead, stretch = printable(line[:start]), printable(line[start:end])
            text = (lead + stretch + printable(line[end:])).rstrip()
            text, left, right = cut_around(text, len(lead), len(lead) + len(stretch), room)
            yield f"  {row:>{gutter}} | {text}".rstrip()
            yield f"  {'':>{gutter}} | {' ' * left}{style.paint('^' * max(right - left, 1), 'red')}"
        if span.end_row > shown[-1]:
            yield f"  {'':>{gutter}} | …"

    def _above(self, span: Span) -> Sequence[int]:
        """Rows above that tell what the first one belongs to: of the same block."""
        first = self.raw_line(span.path, span.row)
        if first is None or not first[:1].isspace():
            return ()
        rows: list[int] = []
        for row in range(span.row - 1, max(span.row - 1 - _MOST_ABOVE, 0), -1):
            line = self.raw_line(span.path, row)
            if line is None or not line.strip():
                break
            rows.append(row)
        return rows[::-1]


def _on_row(span: Span, row: int, line: str) -> tuple[int, int]:
    """The part of a span that lies on one of its rows, as character offsets of the line."""
    start = span.column - 1 if row == span.row else len(line) - len(line.lstrip())
    end = span.end_column - 1 if row == span.end_row else len(line.rstrip())
    return start, max(start, end)
