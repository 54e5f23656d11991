"""Which versions of Django, DRF, Celery and Channels a project allows, from whatever file says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from djlint_spec.config import requirements as r
from djlint_spec.config.options import Config, ConfigError
from djlint_spec.config.requirements import Requirement

_SERIES: Mapping[str, tuple[str, ...]] = {
    "django": ("4.2", "5.0", "5.1", "5.2", "6.0", "6.1"),
    "djangorestframework": ("3.14", "3.15", "3.16", "3.17", "3.18"),
    "celery": ("5.0", "5.1", "5.2", "5.3", "5.4", "5.5", "5.6", "5.7"),
    "channels": ("4.0", "4.1", "4.2", "4.3"),
}
"""The supported release series of each package, oldest first; Django's calendar versions will follow 6.2."""

_PATCHES = 60


class _Files(Protocol):
    def text(self, path: str) -> str | None: ...
    def names(self, folder: str = "") -> Iterable[str]: ...


@dataclass(frozen=True, slots=True)
class Declaration:
    """One place that says which versions of a package are allowed."""

    path: str
    row: int
    specifier: str


@dataclass(frozen=True, slots=True)
class VersionRange:
    """The release series of a package that the project allows; all supported ones when nothing says (`known`)."""

    series: tuple[str, ...]
    known: bool
    declared: tuple[Declaration, ...] = ()

    @property
    def lower(self) -> Version:
        """The oldest series allowed."""
        return Version(self.series[0])

    @property
    def upper(self) -> Version:
        """The newest series allowed, as far as it is released."""
        return Version(self.series[-1])

    def all_at_least(self, version: str) -> bool:
        """Whether every allowed series is `version` or newer."""
        return self.lower >= Version(version)

    def some_at_least(self, version: str) -> bool:
        """Whether an allowed series is `version` or newer."""
        return self.upper >= Version(version)

    def __str__(self) -> str:
        first, last = self.series[0], self.series[-1]
        return first if first == last else f"{first}-{last}"


@dataclass(frozen=True, slots=True)
class Versions:
    """The ranges that rules gate on."""

    django: VersionRange
    drf: VersionRange
    celery: VersionRange
    channels: VersionRange
    declared_packages: frozenset[str] = field(default_factory=frozenset)


def detect_versions(files: _Files, config: Config, installed: Mapping[str, str] | None = None) -> Versions:
    """The ranges that the option, else the files at the root of the project, else its environment, allow.

    Raises ConfigError for an option that is no version range.
    """
    found: dict[str, list[tuple[Requirement, str]]] = {}
    for path, requirement in _requirements(files):
        found.setdefault(requirement.name, []).append((requirement, path))
    if not found and installed:
        for name, version in installed.items():
            found[name] = [(Requirement(name, f"=={version}", 1), "installed")]
    given = {
        "django": config.django,
        "djangorestframework": config.drf,
        "celery": config.celery,
        "channels": config.channels,
    }
    ranges = {name: _range(name, found.get(name, []), option) for name, option in given.items()}
    return Versions(
        ranges["django"], ranges["djangorestframework"], ranges["celery"], ranges["channels"], frozenset(found)
    )


def _range(name: str, found: Iterable[tuple[Requirement, str]], option: str | None) -> VersionRange:
    series = _SERIES[name]
    if option is not None:
        try:
            allowed = _allowed(series, SpecifierSet(option))
        except InvalidSpecifier:
            raise ConfigError(f'{name}: "{option}" is no version range (write ">=4.2,<6")') from None
        return VersionRange(allowed or series, bool(allowed), (Declaration("configuration", 1, option),))
    allowed, declared = series, []
    for requirement, path in found:
        if not requirement.specifier:
            continue
        try:
            narrowed = _allowed(allowed, SpecifierSet(requirement.specifier))
        except InvalidSpecifier:
            continue
        if narrowed:  # files that contradict each other: the first one stands
            allowed = narrowed
            declared.append(Declaration(path, requirement.row, requirement.specifier))
    return VersionRange(allowed, bool(declared), tuple(declared))


def _allowed(series: tuple[str, ...], specifiers: SpecifierSet) -> tuple[str, ...]:
    return tuple(
        name
        for name in series
        if any(specifiers.contains(f"{name}.{patch}", prereleases=True) for patch in range(_PATCHES))
    )


def _requirements(files: _Files) -> Iterator[tuple[str, Requirement]]:
    names = list(files.names())
    for name in names:
        read = r.READERS.get(name)
        if read is not None:
            text = files.text(name)
            if text is not None:
                yield from ((name, requirement) for requirement in read(text))
    seen: set[str] = set()
    for name in names:
        if r.is_requirements_file(name):
            yield from _requirement_files(files, name, seen)
        elif name == "requirements":
            for inner in files.names(name):
                if inner.endswith((".txt", ".in")):
                    yield from _requirement_files(files, f"{name}/{inner}", seen)
        elif name.endswith((".dist-info", ".egg-info")):
            for inner in ("METADATA", "PKG-INFO"):
                text = files.text(f"{name}/{inner}")
                if text is not None:
                    yield from ((f"{name}/{inner}", requirement) for requirement in r.from_metadata(text))
    text = files.text("PKG-INFO")
    if text is not None:
        yield from (("PKG-INFO", requirement) for requirement in r.from_metadata(text))


def _requirement_files(files: _Files, path: str, seen: set[str]) -> Iterator[tuple[str, Requirement]]:
    if path in seen:
        return
    seen.add(path)
    text = files.text(path)
    if text is None:
        return
    folder = path.rpartition("/")[0]
    for requirement in r.from_requirements(text):
        yield path, requirement
    for included in r.includes(text):
        yield from _requirement_files(files, f"{folder}/{included}".lstrip("/"), seen)
