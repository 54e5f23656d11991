"""What an earlier run kept of a project, and whether what it stood on is as it was."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping
from pathlib import Path

import djlint_spec
from djlint_spec.cache import FactsCache, Grounds
from djlint_spec.catalog.pages import own_pages
from djlint_spec.config import Config
from djlint_spec.diagnostics import Finding
from djlint_spec.engine.watched import WatchedEnvironment, WatchedTree, digest_of, listed
from djlint_spec.rules import rule_folders
from djlint_spec.source import Environment, Tree


class Standing:
    """A project as it is looked at by one run, beside what an earlier one kept of it."""

    def __init__(self, tree: Tree, config: Config, environment: Environment | None, cache: FactsCache) -> None:
        self.tree = WatchedTree(tree)
        self.environment = environment
        self.config = config
        self.cache = cache
        self.maker = _maker(config, environment)
        grounds = cache.findings.grounds
        self.earlier: Grounds | None = grounds if grounds is not None and grounds.maker == self.maker else None
        """What the findings stand on that an earlier run of the same tool kept."""
        self.is_kept = False
        """Whether what this run found is kept."""

    def told(self, asked: str) -> Mapping[str, list[Finding]] | None:
        """What was reported to who asked so, by file; None where nothing was, or what it stands on has changed."""
        told, earlier = self.cache.findings.told(asked), self.earlier
        if told is None or earlier is None:
            return None
        for path in self.tree.python_files():
            self.tree.read(path)
        same = self.tree.modules == earlier.modules and self.surroundings_stand() and not self.changed_templates()
        return told if same else None

    def tell(self, asked: str, by_file: Mapping[str, list[Finding]]) -> None:
        """Keep what was reported to who asked so; only where what it stands on is kept."""
        if self.is_kept:
            self.cache.findings.tell(asked, by_file)

    def surroundings_stand(self) -> bool:
        """Whether what lies around the modules and the templates is as it was; nothing is where nothing was kept."""
        earlier, tree = self.earlier, self.tree.tree
        watched = WatchedEnvironment(self.environment) if self.environment is not None else None
        return (
            earlier is not None
            and all(digest_of(tree.text(path)) == name for path, name in earlier.texts.items())
            and all(listed(tree.names(folder)) == name for folder, name in earlier.names.items())
            and (watched is None or all(watched.named(key) == name for key, name in earlier.packages.items()))
        )

    def changed_templates(self) -> dict[str, str | None]:
        """The templates that say something else by now, came or went, each with its digest."""
        templates = self.earlier.templates if self.earlier is not None else {}
        now = {path: digest_of(self.tree.tree.text(path)) for path in templates}
        return {path: name for path, name in now.items() if name != templates[path]}


_AFTERWARDS = frozenset(
    {
        "select", "ignore", "extend_select", "per_file_ignores", "exclude", "extend_exclude", "respect_gitignore",
        "force_exclude", "fixable", "unfixable", "extend_safe_fixes", "extend_unsafe_fixes", "baseline", "origin",
    }
)  # fmt: skip
"""Options that say which files and rules there are, and what becomes of findings: none changes what a rule says."""


def _maker(config: Config, environment: Environment | None) -> str:
    """What findings stand on besides the project: the tool, the Python that runs it, what is set, what is known.

    Code and pages are told by the size and time of their files, so that a checkout that is worked on counts as another;
    so are those of packages that offer rules.
    """
    ours = Path(djlint_spec.__file__).parent
    folders = {ours, *(Path(str(folder)) for folder in (own_pages(), *rule_folders()))}
    files = {file for folder in folders for file in folder.rglob("*") if file.suffix in (".py", ".pyi", ".md")}
    stamps = sorted(f"{file} {found.st_size} {found.st_mtime_ns}" for file in files for found in (file.stat(),))
    options = [
        f"{option.name}={getattr(config, option.name)!r}"
        for option in dataclasses.fields(config)
        if option.name not in _AFTERWARDS
    ]
    packages = str(environment.site_packages) if environment is not None else ""
    return listed([sys.version, *stamps, *options, packages])
