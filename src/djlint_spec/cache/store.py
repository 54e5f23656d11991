"""One file a project: the facts of every text that the last run read, keyed by the text's hash.

Facts know nothing of where their file lies, so moved and renamed files are found again. The file is written by its
owner, for its owner; one that is broken, foreign, or made by another parser or another version of our extraction
counts as empty.
"""

from __future__ import annotations

import hashlib
import os
import sys
from importlib import resources
from pathlib import Path

import msgspec
import platformdirs

from djlint_spec.cache.files import digest, read_own, write_own
from djlint_spec.facts.tree import SCHEMA, ModuleFacts


class _Stored(msgspec.Struct, array_like=True):
    schema: int
    maker: str
    facts: dict[bytes, msgspec.Raw]


def _maker() -> str:
    """What the facts of a text depend on besides the text: the parser, and the code that lowers its tree."""
    made = hashlib.blake2b(digest_size=12)
    for room in ("extract", "facts"):
        folder = resources.files("djlint_spec") / room
        for file in sorted(folder.iterdir(), key=lambda file: file.name):
            if file.name.endswith(".py"):
                made.update(file.read_bytes())
    return f"{sys.implementation.name}-{sys.version_info.major}.{sys.version_info.minor}-{made.hexdigest()}"


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
        write_own(self._path, _encoder.encode(_Stored(SCHEMA, _maker(), self._used)))


def _key(text: str) -> bytes:
    return digest(text.encode("utf-8", "surrogatepass"))


def _load(path: Path) -> dict[bytes, msgspec.Raw]:
    payload = read_own(path)
    if payload is None:
        return {}
    try:
        stored = _stored.decode(payload)
    except (msgspec.MsgspecError, ValueError):
        return {}
    if (stored.schema, stored.maker) != (SCHEMA, _maker()):
        return {}
    return stored.facts
