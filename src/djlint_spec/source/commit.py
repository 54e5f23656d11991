"""A project as it was in a commit. What git does not keep, such as ignored files, stands as it does now."""

from __future__ import annotations

import functools
import os
import posixpath
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from djlint_spec.source.discovery import Entry, discover
from djlint_spec.source.git import Blob, Repository
from djlint_spec.source.tree import LARGEST, DiskTree, Source, Unreadable, decode

_MOST_LINKS = 10


class CommitTree:
    """The files of a commit below the folder of a tree on disk, chosen as that tree chooses its own.

    Without a commit there are none. Files on disk that git neither has in the commit nor tracks now belong to both
    sides; but for those that it does not ignore, with `untracked_are_new`.
    """

    def __init__(self, repository: Repository, commit: str | None, disk: DiskTree, *, untracked_are_new: bool) -> None:
        self._repository = repository
        self._disk = disk
        self._every = repository.files(commit) if commit is not None else {}
        prefix = repository.prefix
        self._files = {
            path[len(prefix) :]: blob
            for path, blob in self._every.items()
            if path.startswith(prefix) and not blob.is_submodule
        }
        self._folders = _folders(self._files)
        self._not_beside = {*self._files, *repository.tracked()}
        if untracked_are_new:
            self._not_beside |= repository.untracked()
        self._above_not_beside = {parent for path in self._not_beside for parent in _parents(path)}

    def python_files(self) -> Iterator[str]:
        """Paths of the Python files, sorted."""
        disk = self._disk
        listing = _CommitListing(self)
        kept = discover(listing, disk.exclude, disk.extend_exclude, gitignore=disk.gitignore)
        return iter(sorted({*kept, *filter(self._is_beside, disk.python_files())}))

    def read(self, path: str) -> Source | Unreadable:
        """One Python file."""
        blob = self._files.get(path)
        if blob is None:
            if self._is_beside(path):
                return self._disk.read(path)
            return Unreadable(path, "cannot be read: no such file")
        if blob.is_link:
            return self._read_link(path)
        if blob.size > LARGEST:
            return Unreadable(path, f"larger than {LARGEST // 1024 // 1024} MiB")
        return decode(path, self._contents[blob.oid] if blob.oid in self._contents else self._content(blob))

    def text(self, path: str) -> str | None:
        """Text of any other file."""
        blob = self._files.get(path)
        if blob is not None:
            return self._content(blob).decode("utf-8-sig", "replace")
        return self._disk.text(path) if self._is_beside(path) else None

    def names(self, folder: str = "") -> Sequence[str]:
        """Names in a folder."""
        lead = f"{folder}/" if folder else ""
        beside = {name for name in self._disk.names(folder) if self._is_beside(lead + name)}
        return sorted({*self._folders.get(folder, {}), *beside})

    def entries(self, folder: str) -> Sequence[Entry]:
        """What a folder holds of the commit."""
        held = self._folders.get(folder, {})
        return [Entry(name, is_folder, not is_folder) for name, is_folder in sorted(held.items())]

    def ignores_above(self) -> Sequence[tuple[str, str]]:
        """The .gitignore files of the commit between the top of the repository and the root."""
        below = self._repository.prefix
        found: list[tuple[str, str]] = []
        for folder in _parents(below.rstrip("/") + "/x"):
            blob = self._every.get(f"{folder}/.gitignore".lstrip("/"))
            inner = below[len(folder) :].lstrip("/")
            if blob is not None and inner:
                found.append((inner, self._content(blob).decode("utf-8", "replace")))
        return found

    def _is_beside(self, path: str) -> bool:
        return path not in self._not_beside and path not in self._above_not_beside

    @functools.cached_property
    def _contents(self) -> Mapping[str, bytes]:
        """All Python files at once: to ask for one at a time would take a process each."""
        wanted = [b for path, b in self._files.items() if path.endswith(".py") and not b.is_link and b.size <= LARGEST]
        return self._repository.contents(wanted)

    def _content(self, blob: Blob) -> bytes:
        return self._repository.contents([blob])[blob.oid]

    def _read_link(self, path: str) -> Source | Unreadable:
        """What a link leads to: a file of the commit, or one outside of what git keeps."""
        place = path
        for _ in range(_MOST_LINKS):
            blob = self._files.get(place)
            if blob is None:
                read = self._disk.read(place)
                return replace(read, path=path)
            if not blob.is_link:
                return decode(path, self._content(blob))
            target = os.fsdecode(self._content(blob))
            place = posixpath.normpath(posixpath.join(posixpath.dirname(place), target))
        return Unreadable(path, "cannot be read: Too many levels of symbolic links (a link)")


class _CommitListing:
    def __init__(self, tree: CommitTree) -> None:
        self._tree = tree

    def entries(self, folder: str) -> Sequence[Entry]:
        return self._tree.entries(folder)

    def ignores(self, folder: str) -> str | None:
        return self._tree.text(f"{folder}/.gitignore" if folder else ".gitignore")

    def ignores_above(self) -> Sequence[tuple[str, str]]:
        return self._tree.ignores_above()


def _folders(files: Mapping[str, Blob]) -> Mapping[str, Mapping[str, bool]]:
    """For each folder the names in it, and whether each is a folder."""
    found: dict[str, dict[str, bool]] = {}
    for path in files:
        folder, _, name = path.rpartition("/")
        found.setdefault(folder, {})[name] = False
        while folder and folder.rpartition("/")[2] not in found.setdefault(folder.rpartition("/")[0], {}):
            folder, _, name = folder.rpartition("/")
            found[folder][name] = True
    return found


def _parents(path: str) -> Iterator[str]:
    """The folders above a path, the top (the empty string) first."""
    parts = path.split("/")[:-1]
    for count in range(len(parts) + 1):
        yield "/".join(parts[:count])
