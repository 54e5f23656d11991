"""A tree with new texts of some files, which are on their way to the disk."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from djlint_spec.source.tree import Source, Tree, Unreadable


class Revised:
    """A tree whose files read as their new texts; which bytes these become does not matter yet."""

    def __init__(self, under: Tree, texts: Mapping[str, str]) -> None:
        self._under = under
        self._texts = texts

    def python_files(self) -> Iterator[str]:
        """Paths of the Python files, sorted."""
        return self._under.python_files()

    def read(self, path: str) -> Source | Unreadable:
        """One Python file, its new text first."""
        text = self._texts.get(path)
        if text is None:
            return self._under.read(path)
        return Source(path, text, hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest())

    def text(self, path: str) -> str | None:
        """Text of any other file."""
        return self._under.text(path)

    def names(self, folder: str = "") -> Sequence[str]:
        """Names of the files in a folder."""
        return self._under.names(folder)
