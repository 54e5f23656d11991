"""A tree of files to check: on disk, in memory, or with unsaved text laid over it."""

from __future__ import annotations

import codecs
import hashlib
import io
import os
import stat
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from djlint_spec.source.discovery import FolderListing, discover, discovers

LARGEST = 8 * 1024 * 1024
"""Bytes; a Python file above is data, and reported as too large."""
_TOO_LARGE = f"larger than {LARGEST // 1024 // 1024} MiB"


class Source(msgspec.Struct, frozen=True):
    """A file that was read: its path below the tree's root, its text, and a digest of its bytes."""

    path: str
    text: str
    digest: str


class Unreadable(msgspec.Struct, frozen=True):
    """A file that gives no text: why, and where in it (from 1)."""

    path: str
    reason: str
    row: int = 1
    column: int = 1


class Tree(Protocol):
    """Where files come from; paths are relative to the root, `/` between their parts."""

    def python_files(self) -> Iterator[str]:
        """Paths of the Python files of the whole project, sorted."""

    def read(self, path: str) -> Source | Unreadable:
        """One Python file."""

    def text(self, path: str) -> str | None:
        """Text of any other file, None when there is none that can be read."""

    def names(self, folder: str = "") -> Sequence[str]:
        """Names of the files in a folder, sorted."""


def decode(path: str, raw: bytes) -> Source | Unreadable:
    """The text of a Python file as PEP 263 and its byte order mark say; UTF-8 without either."""
    try:
        text = _plain(raw)
        if text is None:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
            text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        return Unreadable(path, f"byte {error.object[error.start]:#04x} is not {error.encoding}", row)
    except (SyntaxError, LookupError, ValueError) as error:  # codecs of any kind may be named
        return Unreadable(path, f"encoding not understood: {error}")
    return _source(path, text, raw)


def _plain(raw: bytes) -> str | None:
    """The text of a file that says nothing of its encoding, as nearly all; None for others, and what is not UTF-8."""
    if raw.startswith(codecs.BOM_UTF8) or any(b"coding" in line for line in raw.split(b"\n", 2)[:2]):
        return None
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


def _source(path: str, text: str, raw: bytes) -> Source | Unreadable:
    if "\0" in text:
        at = text.index("\0")
        return Unreadable(path, "holds a NUL byte: not Python source", text.count("\n", 0, at) + 1)
    return Source(path, text, hashlib.blake2b(raw, digest_size=16).hexdigest())


def _unsaved(path: str, content: str | bytes) -> Source | Unreadable:
    """What is not on disk: bytes are decoded as a file's are, text has been decoded by whoever gives it."""
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    if len(raw) > LARGEST:
        return Unreadable(path, _TOO_LARGE)
    return decode(path, content) if isinstance(content, bytes) else _source(path, content, raw)


class DiskTree:
    """The files below a folder."""

    def __init__(
        self, root: Path, *, exclude: Sequence[str] = (), extend_exclude: Sequence[str] = (), gitignore: bool = True
    ) -> None:
        self.root = root
        self.exclude = exclude
        self.extend_exclude = extend_exclude
        self.gitignore = gitignore

    def python_files(self) -> Iterator[str]:
        """Paths of the Python files, sorted; what is ignored or excluded is left out."""
        listing = FolderListing(self.root)
        return iter(sorted(discover(listing, self.exclude, self.extend_exclude, gitignore=self.gitignore)))

    def includes(self, path: str) -> bool:
        """Whether a path is that of a Python file of the project, or would be once it is there."""
        return discovers(self.root, path, self.exclude, self.extend_exclude, gitignore=self.gitignore)

    def read(self, path: str) -> Source | Unreadable:
        """One Python file."""
        place = self.root / path
        try:
            found = place.stat()
            if stat.S_ISDIR(found.st_mode):
                os.scandir(place).close()  # tells why `discover` could not list it
                return Unreadable(path, "a folder, not a file")
            if not stat.S_ISREG(found.st_mode):
                return Unreadable(path, "not a regular file")
            if found.st_size > LARGEST:
                return Unreadable(path, _TOO_LARGE)
            with place.open("rb", buffering=0) as file:
                raw = file.read()
        except OSError as error:
            why = error.strerror or str(error)
            return Unreadable(path, f"cannot be read: {why}{' (a link)' if place.is_symlink() else ''}")
        return decode(path, raw)

    def text(self, path: str) -> str | None:
        """Text of any other file."""
        try:
            return (self.root / path).read_text(encoding="utf-8-sig", errors="replace")
        except OSError:
            return None

    def names(self, folder: str = "") -> Sequence[str]:
        """Names in a folder."""
        try:
            return sorted(entry.name for entry in (self.root / folder).iterdir())
        except OSError:
            return ()


class MemoryTree:
    """Files given as texts by path."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files

    def python_files(self) -> Iterator[str]:
        """Paths of the Python files, sorted."""
        return iter(sorted(path for path in self._files if path.endswith(".py")))

    def read(self, path: str) -> Source | Unreadable:
        """One Python file."""
        if path not in self._files:
            return Unreadable(path, "cannot be read: no such file")
        return _unsaved(path, self._files[path])

    def text(self, path: str) -> str | None:
        """Text of any other file."""
        return self._files.get(path)

    def names(self, folder: str = "") -> Sequence[str]:
        """Names in a folder."""
        lead = f"{folder}/" if folder else ""
        return sorted({path[len(lead) :].partition("/")[0] for path in self._files if path.startswith(lead)})


class Overlay:
    """A tree with unsaved texts laid over its files."""

    def __init__(self, under: Tree, texts: Mapping[str, str | bytes]) -> None:
        self._under = under
        self._texts = texts

    @property
    def texts(self) -> Mapping[str, str | bytes]:
        """What is laid over the files, by path."""
        return self._texts

    def python_files(self) -> Iterator[str]:
        """Paths of the Python files of both, sorted."""
        return iter(sorted({*self._under.python_files(), *(p for p in self._texts if p.endswith(".py"))}))

    def read(self, path: str) -> Source | Unreadable:
        """One Python file, the unsaved text first."""
        if path in self._texts:
            return _unsaved(path, self._texts[path])
        return self._under.read(path)

    def text(self, path: str) -> str | None:
        """Text of any other file, the unsaved text first."""
        unsaved = self._texts.get(path)
        if unsaved is None:
            return self._under.text(path)
        return unsaved if isinstance(unsaved, str) else unsaved.decode("utf-8-sig", "replace")

    def names(self, folder: str = "") -> Sequence[str]:
        """Names in a folder."""
        lead = f"{folder}/" if folder else ""
        unsaved = {path[len(lead) :].partition("/")[0] for path in self._texts if path.startswith(lead)}
        return sorted({*self._under.names(folder), *unsaved})
