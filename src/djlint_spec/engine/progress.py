"""How far a run has come."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Progress: TypeAlias = "Callable[[str, int, int], None]"
"""Told what is under way, how many steps of it are done, and of how many."""


def untold(what: str, done: int, of: int) -> None:
    """For a run that nobody waits for."""
