"""How wide text is on a terminal, and what of it may be sent there."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

TAB = 4
"""Columns that a tab is shown as."""


def printable(text: str) -> str:
    """The text with tabs as spaces, and without characters that a terminal would act on."""
    return "".join(_shown(character) for character in text)


def cells(text: str) -> int:
    """Columns that a terminal gives to printable text."""
    if text.isascii():
        return len(text)
    return sum(_width(character) for character in text)


def cut(text: str, width: int) -> str:
    """The text, ended by `…` where it is wider than `width` columns."""
    if cells(text) <= width:
        return text
    return "".join(_first(text, width - 1)) + "…"


def cut_around(text: str, start: int, end: int, width: int) -> tuple[str, int, int]:
    """At most `width` columns of a line that show what lies between two characters of it, as far as it fits.

    Gives the stretch, and the columns (from 0) where the underlined part begins and ends in it.
    """
    start, end = min(start, len(text)), min(max(start, end), len(text))
    if cells(text) <= width:
        return text, cells(text[:start]), cells(text[:end])
    lead = ""
    if cells(text[:end]) > width - 1:  # what is told of would be cut off: begin later
        first = start
        room = max((width - cells(text[start:end])) // 2, 0)
        while first > 0 and cells(text[first - 1 : start]) <= room:
            first -= 1
        if first > 0:
            lead, text, start, end = "…", text[first:], start - first, end - first
    shown = cut(lead + text, width)
    left = cells(lead + text[:start])
    return shown, left, min(cells(lead + text[:end]), cells(shown))


def _first(text: str, width: int) -> Iterator[str]:
    for character in text:
        width -= _width(character)
        if width < 0:
            return
        yield character


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Me", "Mn"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _shown(character: str) -> str:
    if character == "\t":
        return " " * TAB
    if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp"):
        return "\N{REPLACEMENT CHARACTER}"
    return character
