"""How text is laid out: width and colour of where it goes, and paths as the user knows them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_CODES = {"bold": "1", "dim": "2", "red": "31", "yellow": "33", "cyan": "36", "green": "32"}


@dataclass(frozen=True, slots=True)
class Style:
    """Colour or none, a width in columns, and the folders between which paths are turned."""

    root: Path
    cwd: Path
    width: int = 100
    colour: bool = False

    def paint(self, text: str, name: str) -> str:
        """The text in a colour, or plain."""
        return f"\x1b[{_CODES[name]}m{text}\x1b[0m" if self.colour else text

    def path(self, path: str) -> str:
        """A path of the project, relative to the working directory where it lies below it."""
        absolute = self.root / path
        try:
            return absolute.relative_to(self.cwd).as_posix()
        except ValueError:
            return os.fspath(absolute)
