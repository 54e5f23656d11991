"""Files: which there are, and their text. With `config`, the only room that reads the project's files."""

from __future__ import annotations

from djlint_spec.source.commit import CommitTree
from djlint_spec.source.environment import Environment, find_environment
from djlint_spec.source.git import GitError, Repository
from djlint_spec.source.tree import DiskTree, MemoryTree, Overlay, Source, Tree, Unreadable, decode

__all__ = [
    "CommitTree", "DiskTree", "Environment", "GitError", "MemoryTree", "Overlay", "Repository", "Source", "Tree",
    "Unreadable", "decode", "find_environment",
]  # fmt: skip
