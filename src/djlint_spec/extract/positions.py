"""Where nodes stand: rows and byte columns of the syntax tree to offsets of characters."""

from __future__ import annotations

import ast
from bisect import bisect_right
from itertools import pairwise
from typing import TypeAlias

_Positioned: TypeAlias = "ast.expr | ast.stmt | ast.keyword | ast.arg | ast.excepthandler | ast.pattern"


class Positions:
    """The offsets of one file, or of one body cut out of it.

    `shift` is what turns a row of the parsed text into an index of `starts`; -1 for a whole file. `part` is the
    stretch of the text that is parsed, None for all of it.
    """

    def __init__(self, text: str, starts: list[int], *, shift: int = -1, part: tuple[int, int] | None = None) -> None:
        self._text = text
        begin, stop = part or (0, len(text))
        # By row of the parsed text: `rows[row] + column` is the place of a character.
        self._rows: list[int] = [0, *starts] if shift < 0 else starts[shift : bisect_right(starts, stop) + 1]
        for index, line in _wide_lines(text, starts, begin, stop):
            self._rows[index - shift] = _WideLine.of(starts[index], line)

    def _at(self, node: _Positioned) -> tuple[int, int]:
        end_row, end_column = node.end_lineno, node.end_col_offset
        assert end_row is not None and end_column is not None
        return self._rows[node.lineno] + node.col_offset, self._rows[end_row] + end_column


class _WideLine(int):
    """Where a line begins that holds more than ASCII: `ast` counts its columns in UTF-8 bytes, we count code points."""

    _line: bytes

    @classmethod
    def of(cls, start: int, line: str) -> _WideLine:
        made = cls(start)
        made._line = line.encode()
        return made

    def __add__(self, byte_column: int) -> int:
        return int(self) + len(self._line[:byte_column].decode(errors="ignore"))


def _wide_lines(text: str, starts: list[int], begin: int, end: int) -> list[tuple[int, str]]:
    """The lines that hold more than ASCII within a stretch of a text, each with its index."""
    if text.isascii():
        return []
    first = bisect_right(starts, begin) - 1
    bounds = [*starts[first : bisect_right(starts, end - 1)], end]
    lines = [text[start:stop] for start, stop in pairwise(bounds)]
    return [(index, line) for index, line in enumerate(lines, first) if not line.isascii()]
