"""Places in a text, for who asks of many stretches of it whether something stands in them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator


class Places:
    """Where in a text something stands."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._ends = [end for _, end in ordered]

    def __bool__(self) -> bool:
        return bool(self._starts)

    def between(self, start: int, end: int) -> bool:
        """Whether one lies in a stretch of the text."""
        at = bisect_left(self._starts, start)
        return at < len(self._ends) and self._ends[at] <= end


def places_of(words: Iterable[str], text: str) -> Places:
    """Where words stand, be they parts of others."""
    return Places(span for word in words for span in _found(word, text))


def _found(word: str, text: str) -> Iterator[tuple[int, int]]:
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        yield at, end
        at = text.find(word, end)


def after_word(word: str, text: str, start: int, end: int) -> Iterator[int]:
    """Where what follows a word begins, each time that it stands in a stretch of a text and is no end of a longer one.

    For who looks on with a pattern: one with the word in it had to be compiled for each.
    """
    at = text.find(word, start, end)
    while at >= 0:
        past = at + len(word)
        before = text[at - 1 : at] if at else ""
        if before != "_" and not before.isalnum():
            yield past
        at = text.find(word, past, end)
