"""From our rows and columns to a client's lines and characters, and back."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from lsprotocol import types as lsp

from djlint_spec.diagnostics import Edit, Span
from djlint_spec.facts.lines import line_starts


def _utf8(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


UNITS: dict[str, Callable[[str], int]] = {
    lsp.PositionEncodingKind.Utf8.value: _utf8,
    lsp.PositionEncodingKind.Utf16.value: _utf16,
    lsp.PositionEncodingKind.Utf32.value: len,
}
"""How many units of an encoding a text takes."""


@dataclass(frozen=True)
class Lines:
    """The text of one document and the encoding in which the client counts its characters."""

    text: str
    encoding: str = lsp.PositionEncodingKind.Utf16.value

    @cached_property
    def _starts(self) -> list[int]:
        return line_starts(self.text)

    def _line(self, row: int) -> str:
        """The text of a row, without its end."""
        starts = self._starts
        if not 1 <= row <= len(starts):
            return ""
        end = starts[row] if row < len(starts) else len(self.text)
        return self.text[starts[row - 1] : end].rstrip("\r\n")

    def position(self, row: int, column: int) -> lsp.Position:
        """A place of ours as the client counts; within a line that is all ASCII both count alike."""
        line = self._line(row)
        character = column - 1 if line.isascii() else UNITS[self.encoding](line[: column - 1])
        return lsp.Position(row - 1, character)

    def range(self, span: Span) -> lsp.Range:
        """A span as the client counts."""
        return lsp.Range(self.position(span.row, span.column), self.position(span.end_row, span.end_column))

    def edit(self, edit: Edit) -> lsp.TextEdit:
        """An edit as the client counts."""
        return lsp.TextEdit(self.range(edit.span), edit.text)

    def place(self, position: lsp.Position) -> tuple[int, int]:
        """Row and column, from 1, of a place of the client's; one beyond the end of its line is that end."""
        line = self._line(position.line + 1)
        if line.isascii():
            return position.line + 1, min(position.character, len(line)) + 1
        units = UNITS[self.encoding]
        column, left = 0, position.character
        while column < len(line) and left > 0:
            left -= units(line[column])
            column += 1
        return position.line + 1, column + 1

    def edits_to(self, text: str) -> list[lsp.TextEdit]:
        """The edits, each of whole lines, that turn the text into another."""
        old, new = _lines_of(self.text), _lines_of(text)
        matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
        return [
            lsp.TextEdit(lsp.Range(self._start(i), self._start(j)), "".join(new[k:m]))
            for tag, i, j, k, m in matcher.get_opcodes()
            if tag != "equal"
        ]

    def _start(self, number: int) -> lsp.Position:
        """Where a line (from 0) begins; that behind the last one is the end of the text."""
        last = len(self._starts)
        return lsp.Position(number, 0) if number < last else self.position(last, len(self._line(last)) + 1)


def _lines_of(text: str) -> list[str]:
    starts = [*line_starts(text), len(text)]
    return [text[start:end] for start, end in itertools.pairwise(starts)]


def covers(span: Span, row: int, column: int) -> bool:
    """Whether a place, or the gap before it, lies in a span."""
    return (span.row, span.column) <= (row, column) <= (span.end_row, span.end_column)
