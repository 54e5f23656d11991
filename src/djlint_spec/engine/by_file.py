"""Findings for faces that are handed one file at a time: the whole project is checked once, and asked by file."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from djlint_spec.cache import FactsCache, cache_file
from djlint_spec.config import Config, find_config, load_config
from djlint_spec.diagnostics import Finding
from djlint_spec.engine.kept import findings_on_disk
from djlint_spec.engine.locating import baseline_file, common_folder, environment_of, root_of
from djlint_spec.engine.rulebook import check_config
from djlint_spec.source import Source, decode


class FaceOptions(msgspec.Struct, frozen=True):
    """What another tool's configuration says of ours; what is empty is left to the project's own."""

    config_file: Path | None = None
    cache_folder: Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()

    def config(self, root: Path) -> Config:
        """The configuration of the project at `root`. Raises ConfigError for one that cannot be used."""
        file = self.config_file or find_config(root)
        config = load_config(file) if file is not None else Config()
        return replace(
            config,
            select=self.select or config.select,
            ignore=(*config.ignore, *self.ignore),
            extend_select=(*config.extend_select, *self.extend_select),
        )


class OpenProject:
    """One project as it lies on disk, and the findings of its files.

    Raises ConfigError for a configuration or a baseline that cannot be used.
    """

    def __init__(self, root: Path, options: FaceOptions) -> None:
        self._root = root
        self._config = options.config(root)
        # What makes a check refuse its work is told at once, and not for each file.
        check_config(self._config)
        environment_of(root, self._config)
        if self._config.baseline or baseline_file(root, self._config).is_file():
            from djlint_spec.engine.baseline import load_baseline  # loads what reports are made of, as below

            load_baseline(root, self._config)
        self._cache_file = cache_file(root, options.cache_folder)

    @functools.cached_property
    def _cache(self) -> FactsCache:
        return FactsCache(self._cache_file)

    def findings(self, path: Path, text: str) -> Sequence[Finding]:
        """The findings in the file at `path`, whose text is `text` whether saved or not."""
        place = path.resolve().relative_to(self._root).as_posix()
        if text.splitlines() == _saved(path).splitlines():
            found = self.on_disk
            # A file that the project leaves out is checked all the same when it is opened.
            return found[place] if place in found else self._checked(path, {}).get(place, ())
        return self._checked(path, {place: text}).get(place, ())

    @functools.cached_property
    def on_disk(self) -> Mapping[str, Sequence[Finding]]:
        """The findings by file, as saved; they are in the cache afterwards, for other processes to read."""
        return findings_on_disk(self._root, self._config, self._cache)

    def _checked(self, opened: Path, unsaved: Mapping[str, str]) -> Mapping[str, Sequence[Finding]]:
        from djlint_spec.engine.run import check

        report = check([self._root, opened], self._config, root=self._root, unsaved=unsaved, cache=self._cache)
        by_file: dict[str, list[Finding]] = {}
        for finding in report.findings:
            by_file.setdefault(finding.span.path, []).append(finding)
        return by_file


def project_at(path: Path, options: FaceOptions) -> OpenProject:
    """The project that a file or folder belongs to: the same one for all of its files within a process.

    That is the nearest one with a configuration. Without one, what lies below the working directory belongs to the
    project that a run there is about, so that both find the same.

    Raises ConfigError for a configuration or a baseline that cannot be used.
    """
    configured = find_config(common_folder([path])) if options.config_file is None else None
    if configured is not None:
        return _project(configured.resolve().parent, options)
    here = Path.cwd()
    return _project(root_of([here if path.resolve().is_relative_to(here) else path]), options)


_project = functools.lru_cache(maxsize=16)(OpenProject)


def _saved(path: Path) -> str:
    try:
        read = decode(path.name, path.read_bytes())
    except OSError:
        return ""
    return read.text if isinstance(read, Source) else ""
