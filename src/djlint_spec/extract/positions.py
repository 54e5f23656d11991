"""Where nodes stand: rows and byte columns of the syntax tree to offsets of characters."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import TypeAlias

_Positioned: TypeAlias = "ast.expr | ast.stmt | ast.keyword | ast.arg | ast.excepthandler | ast.pattern"
_WIDE = re.compile(r"[^\x00-\x7f]+")


class Positions:
    """The offsets of one file, or of one body cut out of it.

    `shift` is what turns a row of the parsed text into an index of `starts`; -1 for a whole file. `part` is the
    stretch of the text that is parsed, None for all of it.
    """

    def __init__(self, text: str, starts: list[int], *, shift: int = -1, part: tuple[int, int] | None = None) -> None:
        self._text = text
        self._starts = starts
        self._shift = shift
        # `ast` counts columns in UTF-8 bytes, we count code points: the same but on these lines.
        self._wide = frozenset(_wide_lines(text, starts, *(part or (0, len(text)))))

    def _offset(self, index: int, byte_column: int) -> int:
        start = self._starts[index]
        if index not in self._wide:
            return start + byte_column
        end = self._starts[index + 1] if index + 1 < len(self._starts) else len(self._text)
        line = self._text[start:end]
        return start + len(line.encode()[:byte_column].decode(errors="ignore"))

    def _at(self, node: _Positioned) -> tuple[int, int]:
        row, end_row, column, end_column = node.lineno, node.end_lineno, node.col_offset, node.end_col_offset
        assert end_row is not None and end_column is not None
        first, last = row + self._shift, end_row + self._shift
        if self._wide and (first in self._wide or last in self._wide):
            return self._offset(first, column), self._offset(last, end_column)
        return self._starts[first] + column, self._starts[last] + end_column


def _wide_lines(text: str, starts: list[int], begin: int, end: int) -> Iterator[int]:
    """The indices of the lines that hold more than ASCII within a stretch of a text."""
    if not text.isascii():
        for match in _WIDE.finditer(text, begin, end):
            yield from range(bisect_right(starts, match.start()) - 1, bisect_right(starts, match.end() - 1))
