"""Which rows a statement's own line goes over, and where on them a comment can stand."""

from __future__ import annotations

import io
import tokenize
from bisect import bisect_left, bisect_right

import msgspec

_BETWEEN = frozenset({tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER})


class LogicalLines(msgspec.Struct, frozen=True):
    """The logical lines of a text: simple statements, and the headers of compound ones; rows from 1.

    `firsts` and `lasts` are the first and the last row of each; `open_rows` are those at whose end a comment can
    stand: not within a string, not before a backslash.
    """

    firsts: tuple[int, ...]
    lasts: tuple[int, ...]
    open_rows: tuple[int, ...]

    def bounds(self, row: int) -> tuple[int, int]:
        """First and last row of the logical line that goes over `row`; the row itself when none does."""
        at = bisect_right(self.firsts, row) - 1
        if at >= 0 and row <= self.lasts[at]:
            return self.firsts[at], self.lasts[at]
        return row, row

    def comment_row(self, row: int) -> int:
        """The first row from `row` on that a comment can end."""
        at = bisect_left(self.open_rows, row)
        return self.open_rows[at] if at < len(self.open_rows) else row


def logical_lines(text: str) -> LogicalLines:
    """The logical lines of a text, as far as it can be told into tokens."""
    firsts: list[int] = []
    lasts: list[int] = []
    open_rows: list[int] = []
    first: int | None = None
    try:
        for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
            row = token.start[0]
            if token.type == tokenize.NEWLINE:
                firsts.append(row if first is None else first)
                lasts.append(row)
                open_rows.append(row)
                first = None
            elif token.type == tokenize.NL:
                open_rows.append(row)
            elif first is None and token.type not in _BETWEEN:
                first = row
    except (tokenize.TokenError, SyntaxError):
        pass  # what was told so far stands
    return LogicalLines(tuple(firsts), tuple(lasts), tuple(open_rows))
