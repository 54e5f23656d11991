"""What a rule is, and how rules are found."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import metadata, resources
from types import ModuleType
from typing import TYPE_CHECKING, Any

import msgspec

from djlint_spec.diagnostics import Finding

if TYPE_CHECKING:
    if sys.version_info >= (3, 11):
        from importlib.resources.abc import Traversable
    else:
        from importlib.abc import Traversable
    from djlint_spec.project import Project

ENTRY_POINTS = "djlint_spec.rules"


class RuleError(Exception):
    """A rule module that is not of the form; the message says which and why."""


class Options(Mapping[str, object]):
    """The options of one rule: the page's defaults with what the user set."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = dict(values)

    def __getitem__(self, key: str) -> object:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def number(self, key: str) -> int:
        """An option that is a whole number."""
        value = self._values[key]
        assert isinstance(value, int)
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """An option that is a list of strings."""
        value = self._values[key]
        assert isinstance(value, (list, tuple))
        return tuple(str(item) for item in value)


# A rule's first parameter is of any type that `subjects` can enumerate, and the third is left out by most.
Check = Callable[..., Iterable[Finding]]


class Rule(msgspec.Struct, frozen=True):
    """A rule's function, the type of its subjects, and the name that ties it to its page."""

    name: str
    subject: type[Any]  # whatever `subjects` enumerates
    check: Check
    takes_options: bool

    def run(self, subject: object, project: Project, options: Options) -> Iterable[Finding]:
        """The findings on one subject."""
        return self.check(subject, project, options) if self.takes_options else self.check(subject, project)


def rule(check: Check) -> Check:
    """Mark a function as its module's rule. Its first parameter's annotation says which subjects it sees."""
    setattr(check, "_is_rule", True)  # noqa: B010 - a mark on a function, which has no such attribute
    return check


def load_rules() -> tuple[Rule, ...]:
    """Every rule of ours and of packages that offer some.

    Raises RuleError for a module with no rule or with several.
    """
    packages = (importlib.import_module("djlint_spec.rules"), *_offering())
    return tuple(rule for package in packages for rule in rules_in(package))


def rule_folders() -> tuple[Traversable, ...]:
    """The folders of the packages that offer rules: of these, and of their pages."""
    return tuple(resources.files(package.__name__) for package in _offering())


def _offering() -> Iterator[ModuleType]:
    return (entry.load() for entry in metadata.entry_points(group=ENTRY_POINTS))


def rules_in(package: ModuleType) -> Iterator[Rule]:
    """The rules of a package's modules, sorted by module; modules directly in ours are the machinery."""
    for info in sorted(pkgutil.walk_packages(package.__path__, f"{package.__name__}."), key=lambda info: info.name):
        if info.ispkg or (package.__name__ == "djlint_spec.rules" and info.name.count(".") == 2):
            continue
        yield rule_in(importlib.import_module(info.name))


def rule_in(module: ModuleType) -> Rule:
    """The one rule of a module."""
    found = [value for value in vars(module).values() if getattr(value, "_is_rule", False)]
    if len(found) != 1:
        raise RuleError(f"{module.__name__}: has {len(found)} functions marked @rule, one is needed")
    check = found[0]
    parameters = list(inspect.signature(check).parameters)
    hints = typing.get_type_hints(check)
    if not 2 <= len(parameters) <= 3 or not isinstance(hints.get(parameters[0]), type):
        raise RuleError(f"{module.__name__}: a rule takes a subject with a type, the project, and maybe options")
    name = module.__name__.rpartition(".")[2].replace("_", "-")
    return Rule(name, hints[parameters[0]], check, len(parameters) == 3)
