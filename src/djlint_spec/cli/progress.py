"""A bar on a terminal while a run takes long."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

    from djlint_spec.engine.progress import Progress

_PATIENCE = 1.0
"""Seconds after which a run takes long."""
_ERASED = "\r\x1b[2K"
_CURSOR = "\x1b[?25h"
"""Back: it is hidden while a bar is drawn."""


@contextmanager
def shown_progress(*, quiet: bool = False) -> Iterator[Progress]:
    """What an engine tells of a run, as a bar on stderr that is gone when the block ends.

    Nothing is written where stderr is no terminal.
    """
    if quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        from djlint_spec.engine.progress import untold

        yield untold
        return
    bar = _Bar()
    try:
        yield bar.told
    finally:
        bar.erase()


class _Bar:
    def __init__(self) -> None:
        self._began = time.monotonic()
        self._what = ""
        self._bar: ProgressBar[int] | None = None

    def told(self, what: str, done: int, of: int) -> None:
        if self._bar is None and time.monotonic() - self._began < _PATIENCE:
            return
        if self._bar is None or what != self._what:
            self.erase()
            self._what = what
            self._bar = click.progressbar(length=of, label=what, file=sys.stderr, show_eta=False, show_pos=True)
        self._bar.update(done - self._bar.pos)

    def erase(self) -> None:
        if self._bar is not None:
            click.echo(_ERASED + _CURSOR, nl=False, err=True, color=True)
