"""The decisions that a generated project comes from, and a count of what they made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from hypothesis import strategies as st

from tests.oracle.generator.productions import PRODUCTIONS

T = TypeVar("T")


class Choices:
    """Draws from hypothesis, so that a failing project shrinks; `made` counts the productions that were used."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self._draw = draw
        self.productions: Counter[str] = Counter()

    def pick(self, options: Sequence[T]) -> T:
        """One of the options; the first is the simplest."""
        chosen: T = self._draw(st.sampled_from(options))
        return chosen

    def often(self) -> bool:
        """True half of the time."""
        return bool(self._draw(st.booleans()))

    def seldom(self) -> bool:
        """True once in six times."""
        return bool(self._draw(st.integers(0, 5)) == 5)

    def some(self, options: Sequence[T], least: int = 0, most: int = 3) -> list[T]:
        """Several of the options, each once."""
        if not options:
            return []
        places = self._draw(
            st.lists(
                st.integers(0, len(options) - 1),
                unique=True,
                min_size=min(least, len(options)),
                max_size=min(most, len(options)),
            )
        )
        return [options[place] for place in places]

    def number(self, least: int, most: int) -> int:
        """A number within bounds, both included."""
        return int(self._draw(st.integers(least, most)))

    def made(self, production: str) -> None:
        """Count a production, which must be one of those that are known."""
        assert production in PRODUCTIONS, production
        self.productions[production] += 1
