"""Files: which there are, and their text. With `config`, the only room that reads the project's files."""

from __future__ import annotations

from djlint_spec.source.environment import Environment, find_environment
from djlint_spec.source.tree import DiskTree, MemoryTree, Overlay, Source, Tree, Unreadable, decode

__all__ = [
    "DiskTree", "Environment", "MemoryTree", "Overlay", "Source", "Tree", "Unreadable", "decode",
    "find_environment",
]  # fmt: skip
