"""What code sets on rows: `line.order = order` and the like, which spares the query that reading it would run."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

from djlint_spec.inference.loading import Path
from djlint_spec.inference.values import Row, Rows, Value


class Given:
    """The attributes set so far, by the rows they are set on. `state` differs whenever what is held differs."""

    def __init__(self) -> None:
        self.state = 0
        self._held: dict[tuple[Rows, Path], Value] = {}
        self._states = itertools.count(1)

    def set(self, row: Row, name: str, value: Value) -> None:
        """Note that an attribute of a row is set."""
        if row.rows is None:
            return
        key = (row.rows, (*row.path, name))
        if self._held.get(key) != value:
            self._held[key] = value
            self.state = next(self._states)

    @property
    def rows(self) -> Iterator[Rows]:
        """The sets of rows that something is set on."""
        return (rows for rows, _ in self._held)

    def clear(self) -> None:
        """Forget all that is set: another question begins."""
        self._held.clear()
        self.state = 0

    def of(self, row: Row, name: str) -> Value | None:
        """What an attribute of a row was set to; None where it was not."""
        return self._held.get((row.rows, (*row.path, name))) if self._held and row.rows is not None else None

    def behind(self, row: Row) -> tuple[tuple[Path, Value], ...]:
        """All that is set on a row and on what it leads to, by the path from it."""
        start = len(row.path)
        return tuple(
            (path[start:], value)
            for (rows, path), value in self._held.items()
            if rows == row.rows and path[:start] == row.path
        )

    @contextmanager
    def only(self, row: Row, behind: tuple[tuple[Path, Value], ...], instead_of: Row) -> Iterator[None]:
        """Within the block nothing is set but this, on `row`; afterwards what was set before it.

        The rows that it stands `instead_of` may be what is set, and keep what is set on them.
        """
        outer = self._held, self.state
        assert row.rows is not None
        kept = {key: value for key, value in self._held.items() if key[0] == instead_of.rows} if behind else {}
        self._held = {**kept, **{(row.rows, (*row.path, *path)): value for path, value in behind}}
        self.state = next(self._states) if behind else 0
        try:
            yield
        finally:
            self._held, self.state = outer
