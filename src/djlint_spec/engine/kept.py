"""The findings of a project as it lies on disk, kept between processes for as long as nothing they stand on changes."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import djlint_spec
from djlint_spec.cache import FactsCache, Grounds, load_findings, save_findings
from djlint_spec.catalog.pages import own_pages
from djlint_spec.config import Config, select_rules
from djlint_spec.diagnostics import Finding
from djlint_spec.engine.baseline import baseline_file, load_baseline
from djlint_spec.engine.rulebook import rulebook
from djlint_spec.engine.run import check_tree, disk_tree, environment_of
from djlint_spec.source import Environment, Source, Tree, Unreadable


def findings_on_disk(root: Path, config: Config, cache_file: Path) -> Mapping[str, Sequence[Finding]]:
    """The findings by file, for every file of the project: those that an earlier process kept, or made and kept.

    Facts, and the findings beside them, are in the cache afterwards. Raises ConfigError for a configuration or a
    baseline that cannot be used.
    """
    kept_file = cache_file.with_suffix(".findings")
    environment = environment_of(root, config)
    maker = _maker(root, config, environment)
    kept = load_findings(kept_file)
    if kept is not None and _holds(kept[0], maker, disk_tree(root, config), environment):
        return kept[1]
    tree = _WatchedTree(disk_tree(root, config))
    watched = _WatchedEnvironment(environment) if environment is not None else None
    cache = FactsCache(cache_file)
    report = check_tree(tree, config, environment=watched, cache=cache)
    cache.save()
    baseline = load_baseline(root, config)
    if baseline is not None:
        report = baseline.apply(report, select_rules(rulebook().pages.values(), config), ("",))
    by_file: dict[str, list[Finding]] = {path: [] for path in report.paths}
    for finding in report.findings:
        by_file.setdefault(finding.span.path, []).append(finding)
    if not report.faults:
        packages = watched.packages if watched is not None else {}
        save_findings(kept_file, Grounds(maker, tree.modules, tree.texts, tree.listings, packages), by_file)
    return by_file


def _holds(grounds: Grounds, maker: str, tree: Tree, environment: Environment | None) -> bool:
    """Whether all that findings stood on is as it was."""
    return (
        grounds.maker == maker
        and {path: _read(tree.read(path)) for path in tree.python_files()} == grounds.modules
        and all(_named(tree.text(path)) == name for path, name in grounds.texts.items())
        and all(_listed(tree.names(folder)) == name for folder, name in grounds.names.items())
        and (environment is None or all(_found(environment, key) == name for key, name in grounds.packages.items()))
    )


@dataclass(slots=True)
class _WatchedTree:
    """A tree that keeps in mind what was asked of it."""

    tree: Tree
    modules: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str | None] = field(default_factory=dict)
    listings: dict[str, str] = field(default_factory=dict)

    def python_files(self) -> Iterator[str]:
        return self.tree.python_files()

    def read(self, path: str) -> Source | Unreadable:
        source = self.tree.read(path)
        self.modules[path] = _read(source)
        return source

    def text(self, path: str) -> str | None:
        text = self.tree.text(path)
        self.texts[path] = _named(text)
        return text

    def names(self, folder: str = "") -> Sequence[str]:
        names = self.tree.names(folder)
        self.listings[folder] = _listed(names)
        return names


_VERSIONS = ""
"""Stands among the dotted names of packages for the versions of all of them."""


class _WatchedEnvironment(Environment):
    """An environment that keeps in mind what was asked of it."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment.site_packages)
        self.packages: dict[str, str | None] = {}

    def find(self, dotted: str) -> tuple[str, str, bool] | None:
        found = super().find(dotted)
        self.packages[dotted] = _told(found)
        return found

    def versions(self) -> Mapping[str, str]:
        found = super().versions()
        self.packages[_VERSIONS] = _listed(f"{name}={version}" for name, version in sorted(found.items()))
        return found


def _found(environment: Environment, key: str) -> str | None:
    watched = _WatchedEnvironment(environment)
    if key == _VERSIONS:
        watched.versions()
    else:
        watched.find(key)
    return watched.packages[key]


def _told(found: tuple[str, str, bool] | None) -> str | None:
    return None if found is None else f"{found[0]} {found[2]} {_named(found[1])}"


def _read(source: Source | Unreadable) -> str:
    return source.digest if isinstance(source, Source) else f"{source.row}: {source.reason}"


def _named(text: str | None) -> str | None:
    return None if text is None else _digest(text.encode("utf-8", "surrogatepass"))


def _listed(names: Iterable[str]) -> str:
    return _digest("\0".join(names).encode("utf-8", "surrogatepass"))


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _maker(root: Path, config: Config, environment: Environment | None) -> str:
    """What findings stand on besides the project: the tool, the Python that runs it, what is asked, what is known.

    Code and pages are told by the size and time of their files, so that a checkout that is worked on counts as another;
    so are those of packages that offer rules.
    """
    ours = Path(djlint_spec.__file__).parent
    rules = (Path(rule.check.__code__.co_filename).parent for rule in rulebook().rules.values())
    folders = {ours, Path(str(own_pages())), *(folder for folder in rules if not folder.is_relative_to(ours))}
    files = {file for folder in folders for file in folder.rglob("*") if file.suffix in (".py", ".pyi", ".md")}
    stamps = sorted(f"{file} {found.st_size} {found.st_mtime_ns}" for file in files for found in (file.stat(),))
    baseline = baseline_file(root, config)
    known = _digest(baseline.read_bytes()) if baseline.is_file() else ""
    packages = str(environment.site_packages) if environment is not None else ""
    return _listed([sys.version, *stamps, repr(config), known, packages])
