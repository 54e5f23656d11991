"""What a run asks of files, folders and packages, kept in mind for later runs to compare with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from djlint_spec.source import Environment, Source, Tree, Unreadable


@dataclass(slots=True)
class WatchedTree:
    """A tree that keeps in mind what was asked of it: each file and folder with a digest, None for what is not there.

    Nothing is read twice.
    """

    tree: Tree
    modules: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str | None] = field(default_factory=dict)
    listings: dict[str, str] = field(default_factory=dict)
    _sources: dict[str, Source | Unreadable] = field(default_factory=dict)

    def python_files(self) -> Iterator[str]:
        return self.tree.python_files()

    def read(self, path: str) -> Source | Unreadable:
        source = self._sources.get(path)
        if source is None:
            source = self._sources[path] = self.tree.read(path)
            self.modules[path] = source.digest if isinstance(source, Source) else f"{source.row}: {source.reason}"
        return source

    def text(self, path: str) -> str | None:
        text = self.tree.text(path)
        self.texts[path] = digest_of(text)
        return text

    def names(self, folder: str = "") -> Sequence[str]:
        names = self.tree.names(folder)
        self.listings[folder] = listed(names)
        return names


_VERSIONS = ""
"""Stands among the dotted names of packages for the versions of all of them."""


class WatchedEnvironment(Environment):
    """An environment that keeps in mind what was asked of it."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment.site_packages)
        self.packages: dict[str, str | None] = {}

    def find(self, dotted: str) -> tuple[str, str, bool] | None:
        found = super().find(dotted)
        self.packages[dotted] = None if found is None else f"{found[0]} {found[2]} {digest_of(found[1])}"
        return found

    def versions(self) -> Mapping[str, str]:
        found = super().versions()
        self.packages[_VERSIONS] = listed(f"{name}={version}" for name, version in sorted(found.items()))
        return found

    def named(self, key: str) -> str | None:
        """What stands among `packages` under a key, asked anew."""
        if key == _VERSIONS:
            self.versions()
        else:
            self.find(key)
        return self.packages[key]


def digest_of(text: str | None) -> str | None:
    """A short name for a text, None for one that is not there."""
    return None if text is None else digest(text.encode("utf-8", "surrogatepass"))


def listed(names: Iterable[str]) -> str:
    """A short name for some words in their order."""
    return digest("\0".join(names).encode("utf-8", "surrogatepass"))


def digest(content: bytes) -> str:
    """A short name for some bytes, the same as for a file that holds them."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()
