"""Which Python files a folder holds, as .gitignore and the excludes leave them."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

import msgspec

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

DEFAULT_EXCLUDE = (
    ".git", ".hg", ".svn", ".tox", ".nox", ".venv", "venv", "env", ".env", "virtualenv", "site-packages",
    "dist-packages", "node_modules", "bower_components", "__pycache__", "__pypackages__", ".eggs", "*.egg-info",
    "build", "dist", "_build", "buck-out", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".direnv",
    ".ipynb_checkpoints", ".pyenv", ".idea", ".vscode", ".cache", ".#*",
)  # fmt: skip
"""Names of folders that are never entered, and of editors' lock files, unless `exclude` is set."""


class Entry(msgspec.Struct, frozen=True):
    """What a folder holds by a name: another folder, a file that can be read as one, or neither."""

    name: str
    is_folder: bool
    is_file: bool


class Listing(Protocol):
    """Folders to look through; paths are relative to the project's root, `/` between their parts."""

    def entries(self, folder: str) -> Sequence[Entry] | None:
        """What a folder holds, sorted by name; None where it may not be listed."""

    def ignores(self, folder: str) -> str | None:
        """The text of a folder's .gitignore, None where it has none."""

    def ignores_above(self) -> Sequence[tuple[str, str]]:
        """Those between the top of the repository and the root: the path from their folder to it, and the text."""


class FolderListing:
    """A folder on disk. Links to folders are not followed."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def entries(self, folder: str) -> Sequence[Entry] | None:
        """What a folder holds."""
        try:
            with os.scandir(self._root / folder) as listing:
                found = sorted(listing, key=lambda entry: entry.name)
        except OSError:
            return None
        return [_entry(entry) for entry in found]

    def ignores(self, folder: str) -> str | None:
        """The text of a folder's .gitignore."""
        return _text_of(self._root / folder / ".gitignore")

    def ignores_above(self) -> Sequence[tuple[str, str]]:
        """Those above the root, outermost first."""
        found: list[tuple[str, str]] = []
        below = ""
        folder = self._root.resolve()
        while not os.path.lexists(folder / ".git"):
            if folder.parent == folder:
                return ()  # no repository: nothing above speaks for us
            below = f"{folder.name}/{below}"
            folder = folder.parent
            text = _text_of(folder / ".gitignore")
            if text is not None:
                found.append((below, text))
        return found[::-1]


def discover(
    listing: Listing, exclude: Sequence[str], extend_exclude: Sequence[str], *, gitignore: bool
) -> Iterator[str]:
    """Paths of the `.py` files of a listing, relative to its root.

    What cannot be looked into (a folder that may not be listed, a link that leads nowhere or round in a circle)
    is given too: reading it tells why.
    """
    excluded = _Excluded((*(exclude or DEFAULT_EXCLUDE), *extend_exclude))
    yield from _folder(listing, "", excluded, _above(listing) if gitignore else (), gitignore=gitignore)


class _Excluded:
    """The patterns of what is left out. Most are names, which are looked up: others are tried one by one."""

    def __init__(self, patterns: Sequence[str]) -> None:
        negates = any(pattern.startswith("!") for pattern in patterns)
        names = [] if negates else [pattern for pattern in patterns if _NAME.fullmatch(pattern)]
        self._names = frozenset(names)
        self._ends = tuple(name[1:] for name in names if name.startswith("*"))
        self._starts = tuple(name[:-1] for name in names if name.endswith("*"))
        others = [pattern for pattern in patterns if pattern not in self._names]
        self._spec = _spec_of(others) if others else None

    def covers(self, name: str, path: str) -> bool:
        """Whether what has a name in a folder that is not left out is, by the whole path of it."""
        return (
            name in self._names
            or name.endswith(self._ends)
            or name.startswith(self._starts)
            or (self._spec is not None and self._spec.match_file(path))
        )


_NAME = re.compile(r"\*?[\w.-][\w.#-]*|[\w.-][\w.#-]*\*")
"""A name, or the end or the beginning of one."""
_Ignores: TypeAlias = "tuple[tuple[str, GitIgnoreSpec], ...]"


def discovers(root: Path, path: str, exclude: Sequence[str], extend_exclude: Sequence[str], *, gitignore: bool) -> bool:
    """Whether `discover` gives, or would give once it is there, the Python file at a path relative to `root`."""
    excluded = _Excluded((*(exclude or DEFAULT_EXCLUDE), *extend_exclude))
    listing = FolderListing(root)
    ignores = _above(listing) if gitignore else ()
    folder, parts = "", path.split("/")
    for number, part in enumerate(parts):
        place = root / folder
        if folder and (place.is_symlink() or (place / "pyvenv.cfg").exists()):
            return False
        text = listing.ignores(folder) if gitignore else None
        if text is not None:
            ignores = (*ignores, (folder, _spec(text)))
        found = f"{folder}/{part}" if folder else part
        told = found if number == len(parts) - 1 else f"{found}/"
        if excluded.covers(part, told) or _is_ignored(told, ignores):
            return False
        folder = found
    return path.endswith(".py")


def _folder(listing: Listing, folder: str, excluded: _Excluded, ignores: _Ignores, *, gitignore: bool) -> Iterator[str]:
    entries = listing.entries(folder)
    if entries is None:
        yield folder or "."
        return
    if gitignore and any(entry.name == ".gitignore" for entry in entries):
        text = listing.ignores(folder)
        if text is not None:
            ignores = (*ignores, (folder, _spec(text)))
    if folder and any(entry.name == "pyvenv.cfg" for entry in entries):
        return
    for entry in entries:
        if not (entry.is_folder or (entry.is_file and entry.name.endswith(".py"))):
            continue
        path = f"{folder}/{entry.name}" if folder else entry.name
        told = f"{path}/" if entry.is_folder else path
        if excluded.covers(entry.name, told) or _is_ignored(told, ignores):
            continue
        if entry.is_folder:
            yield from _folder(listing, path, excluded, ignores, gitignore=gitignore)
        else:
            yield path


def _above(listing: Listing) -> _Ignores:
    return tuple((f"../{below}", _spec(text)) for below, text in listing.ignores_above())


def _entry(entry: os.DirEntry[str]) -> Entry:
    is_folder = entry.is_dir(follow_symlinks=False)
    # Only files that may be ours are looked at: a look follows a link.
    return Entry(entry.name, is_folder, not is_folder and entry.name.endswith(".py") and _is_file(entry))


def _is_file(entry: os.DirEntry[str]) -> bool:
    if not entry.is_symlink():
        return entry.is_file()
    try:
        mode = Path(entry.path).stat().st_mode
    except OSError:
        return True
    return stat.S_ISREG(mode)


def _is_ignored(path: str, ignores: _Ignores) -> bool:
    ignored = False
    for base, spec in ignores:
        if base.startswith("../"):
            told = base[3:] + path
        else:
            told = path[len(base) + 1 :] if base else path
        verdict = spec.check_file(told).include
        if verdict is not None:
            ignored = verdict
    return ignored


def _text_of(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None


def _spec_of(patterns: Iterable[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec  # not for projects that have no such patterns

    return GitIgnoreSpec.from_lines(patterns)


def _spec(text: str) -> GitIgnoreSpec:
    return _spec_of([line for line in text.splitlines() if _is_pattern(line)])


def _is_pattern(line: str) -> bool:
    try:
        _spec_of([line])
    except ValueError:  # git passes over a line that is no pattern
        return False
    return True
