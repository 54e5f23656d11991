"""Dotted names of the project's files, as `import` would see them from within the project."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from posixpath import basename, commonprefix, dirname

import msgspec


class Home(msgspec.Struct, frozen=True):
    """One way to import a file: its path, and whether the folder it is imported from is surely on the path."""

    path: str
    root: str
    sure: bool


class Graph:
    """Which dotted names mean which files; a file below several import roots has several names.

    Folders without `__init__.py` may be import roots or namespace packages: both readings are kept, and the
    one that the importing file shares the longest way with wins.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = sorted(paths)

    @cached_property
    def _packages(self) -> frozenset[str]:
        return frozenset(dirname(path) for path in self._paths if basename(path) == "__init__.py")

    @cached_property
    def _sure_roots(self) -> frozenset[str]:
        built = {dirname(path) for path in self._paths if basename(path) == "setup.py"}
        sources = {f"{folder}/src".lstrip("/") for folder in built}
        # Python puts the folder of the script on the path, so that of manage.py counts even when it is a package.
        managed = {dirname(path) for path in self._paths if basename(path) == "manage.py"}
        return frozenset(({"", "src"} | built | sources) - self._packages | managed)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The canonical dotted name of each path: below the nearest folder that is surely an import root."""
        return {path: self._canonical(path) for path in self._paths}

    def _canonical(self, path: str) -> str:
        for root in _ancestors(path):
            if root in self._sure_roots and root not in self._packages:
                return _dotted(path, root)
        return _dotted(path, "")

    @cached_property
    def _homes(self) -> Mapping[str, tuple[Home, ...]]:
        homes: dict[str, list[Home]] = {}
        for path in self._paths:
            for root in _ancestors(path):
                if root not in self._packages or root in self._sure_roots:
                    homes.setdefault(_dotted(path, root), []).append(Home(path, root, root in self._sure_roots))
        return {name: tuple(found) for name, found in homes.items()}

    def find(self, dotted: str, importer: str | None, *, sure: bool) -> str | None:
        """The path that `dotted` means within the file `importer`; with `sure`, from sure roots only."""
        return self._nearest([home for home in self._homes.get(dotted, ()) if home.sure or not sure], importer)

    def beside(self, dotted: str, importer: str | None) -> str | None:
        """The path that `dotted` means for a script that lies beside its modules.

        A file never means itself (`config/celery.py` that says `from celery import Celery`).
        """
        if importer is None:
            return None
        root = self._own_root(importer)
        homes = self._homes.get(dotted, ())
        return self._nearest([home for home in homes if home.root == root and home.path != importer], importer)

    @staticmethod
    def _nearest(candidates: Sequence[Home], importer: str | None) -> str | None:
        if len(candidates) < 2:
            return candidates[0].path if candidates else None
        near = importer or ""
        best = max(candidates, key=lambda home: (len(commonprefix([home.path, near])), home.sure, -len(home.path)))
        return best.path

    def _own_root(self, path: str) -> str:
        # The project's root itself may be a package: then it is where a script's modules lie.
        return next((root for root in _ancestors(path) if root not in self._packages), "")

    @staticmethod
    def may_be_shadowed(dotted: str) -> bool:
        """Whether the name's top is a module of the standard library, which a doubtful root must not hide."""
        return dotted.partition(".")[0] in sys.stdlib_module_names


def _ancestors(path: str) -> Iterable[str]:
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        yield folder


def _dotted(path: str, root: str) -> str:
    relative = path[len(root) + 1 :] if root else path
    relative = relative.removesuffix(".py").removesuffix("/__init__")
    return "" if relative == "__init__" else relative.replace("/", ".")
