"""The one door of the room: `link`."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Mapping, Set
from importlib import resources
from typing import TYPE_CHECKING, Any

from djlint_spec.facts.template import TemplateFacts
from djlint_spec.facts.tree import ModuleFacts
from djlint_spec.linking.graph import Graph
from djlint_spec.project.module import LowerBody, Module, Origin, template_key
from djlint_spec.project.project import Project
from djlint_spec.project.tracking import Grounds, Tracking

if TYPE_CHECKING:
    if sys.version_info >= (3, 11):
        from importlib.resources.abc import Traversable
    else:
        from importlib.abc import Traversable
    from djlint_spec.config import Config, Versions

ReadFacts = Callable[[str], "ModuleFacts | None"]
"""Facts of a text, None when it cannot be parsed."""
ReadTemplate = Callable[[str], "TemplateFacts | None"]
"""What the template at a path says, None where there is no such file."""
FindInstalled = Callable[[str], "tuple[str, str, bool] | None"]
"""Path, text and whether a package, of an installed module by its dotted name."""


def link(
    files: Mapping[str, ModuleFacts],
    config: Config,
    versions: Versions,
    *,
    lower: LowerBody,
    read_facts: ReadFacts,
    installed: FindInstalled | None = None,
    tracking: Tracking | None = None,
    read_template: ReadTemplate | None = None,
) -> Project:
    """A project over the facts of its files, keyed by path relative to the project's root, `/` between parts.

    `installed` finds modules of an environment; without one, only the bundled library stands behind the project.
    `read_template` reads a template when one is first asked for.
    """
    tracking = tracking or Tracking()
    modules = _Modules(files, lower, read_facts, installed, tracking, read_template or _no_template)
    return Project(modules, config, versions, tracking)


def _no_template(path: str) -> TemplateFacts | None:
    del path
    return None


def relink(project: Project, changed: Mapping[str, ModuleFacts], texts: Set[str]) -> Project:
    """The project anew, with other facts of some of its files. Only bodies of functions differ, and templates: those
    with the keys `texts`.

    What belongs to other files alone is not read again.
    """
    modules = project.linked
    assert isinstance(modules, _Modules)
    return Project(modules.with_facts(changed, texts), project.config, project.versions, project.tracking)


def _is_alike(one: TemplateFacts | None, other: TemplateFacts | None) -> bool:
    return one is other if one is None or other is None else one.text == other.text


_VENDORED = frozenset({"vendor", "vendored", "vendors", "third_party", "thirdparty", "extern"})
"""Folders that hold copies of packages."""


class _Modules:
    def __init__(
        self,
        files: Mapping[str, ModuleFacts],
        lower: LowerBody,
        read_facts: ReadFacts,
        installed: FindInstalled | None,
        tracking: Tracking,
        read_template: ReadTemplate,
    ) -> None:
        self._graph = Graph(files)
        self._lower = lower
        self._read_facts = read_facts
        self._installed = installed
        self._tracking = tracking
        self._read_template = read_template
        self._templates: dict[str, TemplateFacts | None] = {}
        self._library = _entries(resources.files("djlint_spec") / "library")
        self._library_folders: dict[str, Mapping[str, Traversable]] = {}
        self._found: dict[str, Module | None] = {}
        self.carried: dict[str, tuple[Any, Grounds]] = {}
        names = self._graph.names
        self._ours = {
            path: self._module(names[path], path, facts, _is_package(path), Origin.PROJECT)
            for path, facts in files.items()
        }

    def with_facts(self, changed: Mapping[str, ModuleFacts], texts: Set[str]) -> _Modules:
        """The same files, some with other facts."""
        made = copy.copy(self)
        made._templates = {path: facts for path, facts in self._templates.items() if template_key(path) not in texts}
        asked = self._tracking.keys_of
        made.carried = {key: kept for key, kept in self.carried.items() if texts.isdisjoint(asked(kept[1]))}
        names = self._graph.names
        made._ours = {
            **self._ours,
            **{
                path: self._module(names[path], path, facts, _is_package(path), Origin.PROJECT)
                for path, facts in changed.items()
            },
        }
        return made

    def project_modules(self) -> Mapping[str, Module]:
        return self._ours

    def template(self, path: str) -> TemplateFacts | None:
        if path not in self._templates:
            self._templates[path] = self._read_template(path)
        return self._templates[path]

    def changed_templates(self) -> set[str]:
        before = self._templates
        return {template_key(path) for path in before if not _is_alike(before[path], self._read_template(path))}

    def find(self, dotted: str, importer: Module | None) -> Module | None:
        ours = importer.path if importer is not None and importer.origin is Origin.PROJECT else None
        path = self._graph.find(dotted, ours, sure=True)
        if path is not None:
            return self._vendored(dotted) or self._ours[path]
        module = self._foreign(dotted)
        if module is None:
            path = self._graph.beside(dotted, ours)
            if path is not None:
                return self._ours[path]
        if module is None and not self._graph.may_be_shadowed(dotted):
            path = self._graph.find(dotted, ours, sure=False)
            # A package that the library or the environment knows is not the project's folder of that name.
            if path is not None and self._foreign(dotted.partition(".")[0]) is None:
                return self._ours[path]
        return module

    def _vendored(self, dotted: str) -> Module | None:
        """What the library knows of a package of which the project keeps a copy (`acme._vendor.rest_framework`)."""
        parts = dotted.split(".")
        for place, part in enumerate(parts[:-1]):
            if part.strip("_") in _VENDORED:
                return self._from_library(".".join(parts[place + 1 :]))
        return None

    def _foreign(self, dotted: str) -> Module | None:
        if dotted not in self._found:
            self._found[dotted] = self._from_library(dotted) or self._from_environment(dotted)
        return self._found[dotted]

    def _from_library(self, dotted: str) -> Module | None:
        # The library describes what it names completely and with its meaning, so it goes before the environment.
        package, _, name = dotted.rpartition(".")
        file = self._library_folder(package).get(f"{name}.pyi")
        is_package = file is None
        file = file or self._library_folder(dotted).get("__init__.pyi")
        if file is None:
            return None
        facts = self._read_facts(file.read_text(encoding="utf-8"))
        assert facts is not None, f"the bundled library's {dotted} does not parse"
        return self._module(dotted, f"<library>/{dotted}", facts, is_package, Origin.LIBRARY)

    def _library_folder(self, package: str) -> Mapping[str, Traversable]:
        """What the library's folder of a package holds, by name; of most packages that are asked for it has none."""
        held, place = self._library, ""
        for name in package.split(".") if package else ():
            place = f"{place}.{name}"
            if place not in self._library_folders:
                self._library_folders[place] = _entries(held.get(name))
            held = self._library_folders[place]
            if not held:
                break
        return held

    def _from_environment(self, dotted: str) -> Module | None:
        found = self._installed(dotted) if self._installed is not None else None
        if found is None:
            return None
        path, text, is_package = found
        facts = self._read_facts(text)
        return None if facts is None else self._module(dotted, path, facts, is_package, Origin.ENVIRONMENT)

    def _module(self, name: str, path: str, facts: ModuleFacts, is_package: bool, origin: Origin) -> Module:
        return Module(
            name,
            path,
            facts,
            is_package=is_package,
            origin=origin,
            lower=self._lower,
            tracking=self._tracking,
        )


def _is_package(path: str) -> bool:
    return path == "__init__.py" or path.endswith("/__init__.py")


def _entries(folder: Traversable | None) -> Mapping[str, Traversable]:
    """What a folder holds, by name; nothing where there is none."""
    return {entry.name: entry for entry in folder.iterdir()} if folder is not None and folder.is_dir() else {}
