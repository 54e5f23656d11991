"""One file a project: the facts of every text that the last run read, keyed by the text's hash.

Facts know nothing of where their file lies, so moved and renamed files are found again. The file is written by its
owner, for its owner; one that is broken, foreign, or made by another parser or another version of our extraction
counts as empty.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from importlib import resources
from pathlib import Path

import msgspec
import platformdirs

from djlint_spec.facts.tree import SCHEMA, ModuleFacts

_MODE = 0o600
_DIGEST = 16


class _Stored(msgspec.Struct, array_like=True):
    schema: int
    maker: str
    facts: dict[bytes, msgspec.Raw]


def _maker() -> str:
    """What the facts of a text depend on besides the text: the parser, and the code that lowers its tree."""
    digest = hashlib.blake2b(digest_size=12)
    for room in ("extract", "facts"):
        folder = resources.files("djlint_spec") / room
        for file in sorted(folder.iterdir(), key=lambda file: file.name):
            if file.name.endswith(".py"):
                digest.update(file.read_bytes())
    return f"{sys.implementation.name}-{sys.version_info.major}.{sys.version_info.minor}-{digest.hexdigest()}"


_stored = msgspec.msgpack.Decoder(_Stored)
_facts = msgspec.msgpack.Decoder(ModuleFacts)
_encoder = msgspec.msgpack.Encoder()


def cache_file(root: Path, folder: Path | None = None) -> Path:
    """Where the facts of the project at `root` are kept: in `folder`, else in the user's cache directory."""
    place = folder or Path(platformdirs.user_cache_dir("djlint-spec", appauthor=False))
    name = hashlib.blake2b(os.fsencode(root.resolve()), digest_size=12).hexdigest()
    return place / f"{name}.facts"


class FactsCache:
    """Looks facts up by text, and remembers those that were made. Nothing is decoded before it is asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = _load(path)
        self._used: dict[bytes, msgspec.Raw] = {}
        self._grown = False

    def get(self, text: str) -> ModuleFacts | None:
        """The facts of a text, None where they are not known or cannot be read."""
        key = _key(text)
        raw = self._known.get(key) or self._used.get(key)
        if raw is None:
            return None
        self._used[key] = raw
        return _facts.decode(raw)

    def put(self, facts: ModuleFacts) -> None:
        """Remember facts just made; those too deep to be written are left out."""
        try:
            raw = msgspec.Raw(_encoder.encode(facts))
        except RecursionError:
            return
        self._used[_key(facts.text)] = raw
        self._grown = True

    def save(self) -> None:
        """Keep what this run used, in one step; without a writable place nothing happens.

        A second run at the same time does the same: the last one stands, and either is right.
        """
        if not self._grown and len(self._used) == len(self._known):
            return
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            payload = _encoder.encode(_Stored(SCHEMA, _maker(), self._used))
            descriptor, name = tempfile.mkstemp(dir=self._path.parent, prefix=f"{self._path.name}.")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(_digest(payload))
                    file.write(payload)
                Path(name).chmod(_MODE)
                Path(name).replace(self._path)
            except BaseException:
                Path(name).unlink()
                raise


def _key(text: str) -> bytes:
    return _digest(text.encode("utf-8", "surrogatepass"))


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_DIGEST).digest()


def _load(path: Path) -> dict[bytes, msgspec.Raw]:
    try:
        with path.open("rb") as file:
            if hasattr(os, "getuid") and os.fstat(file.fileno()).st_uid != os.getuid():
                return {}  # another's file is no authority on our project
            digest, payload = file.read(_DIGEST), file.read()
    except OSError:
        return {}
    if _digest(payload) != digest:
        return {}
    try:
        stored = _stored.decode(payload)
    except (msgspec.MsgspecError, ValueError):
        return {}
    if (stored.schema, stored.maker) != (SCHEMA, _maker()):
        return {}
    return stored.facts
