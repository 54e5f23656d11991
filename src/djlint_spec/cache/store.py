"""One file a project: the facts of every text that the last run read, keyed by the text's hash.

Facts know nothing of where their file lies, so moved and renamed files are found again. The file is written by its
owner, for its owner; one that is broken, foreign, or made by another parser or another version of our extraction
counts as empty.
"""

from __future__ import annotations

import functools
import hashlib
import os
import sys
from importlib import resources
from pathlib import Path

import msgspec
import platformdirs

from djlint_spec.cache.files import digest, read_own, write_own
from djlint_spec.cache.findings import FindingsFile
from djlint_spec.facts.tree import SCHEMA, ModuleFacts


class _Stored(msgspec.Struct, array_like=True):
    schema: int
    maker: str
    facts: dict[bytes, msgspec.Raw]
    foreign: set[bytes]


def _maker() -> str:
    """What the facts of a text depend on besides the text: the parser, and the code that lowers its tree."""
    made = hashlib.blake2b(digest_size=12)
    for room in ("extract", "facts"):
        folder = resources.files("djlint_spec") / room
        for file in sorted(folder.iterdir(), key=lambda file: file.name):
            if file.name.endswith(".py"):
                made.update(file.read_bytes())
    return f"{sys.implementation.name}-{sys.version_info.major}.{sys.version_info.minor}-{made.hexdigest()}"


_SPARE = 300
"""So many modules of packages are kept though a run had no use for them."""

_decoder = msgspec.msgpack.Decoder(_Stored)
_facts = msgspec.msgpack.Decoder(ModuleFacts)
_encoder = msgspec.msgpack.Encoder()


def cache_file(root: Path, folder: Path | None = None) -> Path:
    """Where the facts of the project at `root` are kept: in `folder`, else in the user's cache directory."""
    place = folder or Path(platformdirs.user_cache_dir("djlint-spec", appauthor=False))
    name = hashlib.blake2b(os.fsencode(root.resolve()), digest_size=12).hexdigest()
    return place / f"{name}.facts"


class FactsCache:
    """Looks facts up by text, and remembers those that were made. Nothing is decoded before it is asked for.

    Beside them lie the project's findings.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._used: dict[bytes, msgspec.Raw] = {}
        self._foreign: set[bytes] = set()
        self._grown = False

    @functools.cached_property
    def _stored(self) -> _Stored:
        return _load(self._path)

    @property
    def _known(self) -> dict[bytes, msgspec.Raw]:
        return self._stored.facts

    @property
    def is_new(self) -> bool:
        """Whether no earlier run left anything."""
        return not self._known

    def get(self, text: str, *, foreign: bool = False) -> ModuleFacts | None:
        """The facts of a text, None where they are not known or cannot be read; `foreign` is that of a package."""
        key = _key(text)
        if foreign:
            self._foreign.add(key)
        raw = self._known.get(key) or self._used.get(key)
        if raw is None:
            return None
        self._used[key] = raw
        return _facts.decode(raw)

    def earlier(self, digest: str) -> ModuleFacts | None:
        """The facts of a text that an earlier run read, by the digest of its bytes, where these are UTF-8."""
        key = _key_of(digest)
        raw = self._known.get(key) or self._used.get(key)
        return None if raw is None else _facts.decode(raw)

    @functools.cached_property
    def findings(self) -> FindingsFile:
        """The findings of the project that earlier runs kept, read when first asked for."""
        return FindingsFile(self._path.with_suffix(".findings"))

    def put(self, facts: ModuleFacts) -> None:
        """Remember facts just made; those too deep to be written are left out."""
        try:
            raw = msgspec.Raw(_encoder.encode(facts))
        except RecursionError:
            return
        self._used[_key(facts.text)] = raw
        self._grown = True

    def save(self) -> None:
        """Keep what this run used, what the findings that are kept stand on, and the modules of packages, in one step;
        without a writable place nothing happens.

        A second run at the same time does the same: the last one stands, and either is right.
        """
        self.findings.save()
        spare = self._stored.foreign - self._foreign
        if len(spare) > _SPARE:
            spare.clear()
        held = {**self._grounds(), **{key: self._known[key] for key in spare if key in self._known}, **self._used}
        if self._grown or held.keys() != self._known.keys():
            write_own(self._path, _encoder.encode(_Stored(SCHEMA, _maker(), held, self._foreign | spare)))

    def _grounds(self) -> dict[bytes, msgspec.Raw]:
        grounds = self.findings.grounds
        keys = map(_key_of, grounds.modules.values()) if grounds is not None else ()
        return {key: self._known[key] for key in keys if key in self._known}


def _key_of(digest: str) -> bytes:
    try:
        return bytes.fromhex(digest)
    except ValueError:  # told of a file that could not be read
        return b""


def _key(text: str) -> bytes:
    return digest(text.encode("utf-8", "surrogatepass"))


def _load(path: Path) -> _Stored:
    nothing = _Stored(SCHEMA, _maker(), {}, set())
    payload = read_own(path)
    if payload is None:
        return nothing
    try:
        stored = _decoder.decode(payload)
    except (msgspec.MsgspecError, ValueError):
        return nothing
    return stored if (stored.schema, stored.maker) == (nothing.schema, nothing.maker) else nothing
