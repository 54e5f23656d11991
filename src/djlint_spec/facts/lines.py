"""Where the lines of a text begin."""

from __future__ import annotations

import re

_NEWLINE = re.compile(r"\n")
_ANY_NEWLINE = re.compile(r"\r\n?|\n")


def line_starts(text: str) -> list[int]:
    """Offset of the first character of each line of `text`, lines as Python's tokenizer counts them."""
    newline = _ANY_NEWLINE if "\r" in text else _NEWLINE
    return [0, *[match.end() for match in newline.finditer(text)]]
