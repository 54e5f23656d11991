"""What changed between two trees of a project: which file was which, and which rows of it are new."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property

from djlint_spec.source import Source, Tree

_NEWLINE = re.compile(r"\r\n?|\n")
_LIKE = 0.5
"""The part of their lines that two files share from which one counts as the other, renamed: as git counts."""
_MOST_PAIRS = 20_000
"""Of files that went and files that came; above, none counts as renamed, and what was moved as new."""


class Changes:
    """The way back from the files and rows of one tree to those of an earlier one."""

    def __init__(self, before: Tree, after: Tree) -> None:
        self._before = before
        self._after = after
        self._origins = cache(self._compared)

    def path_before(self, path: str) -> str | None:
        """Where a file lay before; None for a new one."""
        return path if path in self._held else self._renamed.get(path)

    def row_before(self, path: str, row: int) -> int | None:
        """The row that a row of a file was before; None for one that was added or changed."""
        origins = self._origins(path)
        return row if origins is None else origins[row - 1] if row <= len(origins) else None

    def touches(self, path: str, rows: Iterable[int]) -> bool:
        """Whether one of the rows of a file was added or changed."""
        return any(self.row_before(path, row) is None for row in rows)

    @cached_property
    def _held(self) -> frozenset[str]:
        return frozenset(self._before.python_files())

    @cached_property
    def _renamed(self) -> Mapping[str, str]:
        """New paths of files that lie elsewhere now: the same text first, then the one that is most alike."""
        now = set(self._after.python_files())
        gone = {path: _counted(_lines(self._before, path)) for path in sorted(self._held - now)}
        added = {path: _counted(_lines(self._after, path)) for path in sorted(now - self._held)}
        if len(gone) * len(added) > _MOST_PAIRS:
            return {}
        pairs = [
            (-likeness, _name(new) != _name(old), new, old)
            for new, lines in added.items()
            for old, others in gone.items()
            if (likeness := _likeness(lines, others)) >= _LIKE
        ]
        found: dict[str, str] = {}
        for _, _, new, old in sorted(pairs):
            if new not in found and old not in found.values():
                found[new] = old
        return found

    def _compared(self, path: str) -> Sequence[int | None] | None:
        """For each row of a file the row that it was before; None where every row is what it was."""
        old = self.path_before(path)
        now, before = _lines(self._after, path), _lines(self._before, old) if old is not None else ()
        if now == before:
            return None
        origins: list[int | None] = [None] * len(now)
        start, end = _same_ends(before, now)
        for row in range(start):
            origins[row] = row + 1
        for back in range(1, end + 1):
            origins[-back] = len(before) - back + 1
        middle = difflib.SequenceMatcher(None, before[start : len(before) - end], now[start : len(now) - end])
        for old_row, new_row, size in middle.get_matching_blocks():
            for offset in range(size):
                origins[start + new_row + offset] = start + old_row + offset + 1
        return origins


def _lines(tree: Tree, path: str) -> Sequence[str]:
    read = tree.read(path)
    return _NEWLINE.split(read.text) if isinstance(read, Source) else ()


def _counted(lines: Sequence[str]) -> Counter[str]:
    return Counter(line for line in lines if line.strip())


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _likeness(some: Counter[str], others: Counter[str]) -> float:
    shorter, longer = sorted((some.total(), others.total()))
    if not longer or shorter < _LIKE * longer:
        return 0.0
    return (some & others).total() / longer


def _same_ends(some: Sequence[str], others: Sequence[str]) -> tuple[int, int]:
    """How many lines two texts share at their beginning, and how many at their end."""
    shorter = min(len(some), len(others))
    start = next((at for at in range(shorter) if some[at] != others[at]), shorter)
    end = next((at for at in range(shorter - start) if some[-at - 1] != others[-at - 1]), shorter - start)
    return start, end
