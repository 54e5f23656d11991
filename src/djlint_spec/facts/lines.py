"""Where the lines of a text begin."""

from __future__ import annotations

import itertools
import re

_NEWLINE = re.compile(r"\r\n?|\n")


def line_starts(text: str) -> list[int]:
    """Offset of the first character of each line of `text`, lines as Python's tokenizer counts them."""
    if "\r" in text:
        return [0, *(match.end() for match in _NEWLINE.finditer(text))]
    return [0, *itertools.accumulate(len(line) + 1 for line in text.split("\n")[:-1])]
