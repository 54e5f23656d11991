"""Which versions of Django, DRF, Celery and Channels a project allows, from whatever file says so."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

import msgspec
from packaging.version import Version

from djlint_spec.config import requirements as r
from djlint_spec.config.options import Config, ConfigError
from djlint_spec.config.requirements import Requirement

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

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


class Declaration(msgspec.Struct, frozen=True):
    """One place that says which versions of a package are allowed."""

    path: str
    row: int
    specifier: str


class VersionRange(msgspec.Struct, frozen=True):
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


class Versions(msgspec.Struct, frozen=True):
    """The ranges that rules gate on."""

    django: VersionRange
    drf: VersionRange
    celery: VersionRange
    channels: VersionRange
    declared_packages: frozenset[str] = msgspec.field(default_factory=frozenset)


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
    ranges = {
        name: _range(name, found.get(name, []), config, key)
        for name, key in (
            ("django", "django"),
            ("djangorestframework", "drf"),
            ("celery", "celery"),
            ("channels", "channels"),
        )
    }
    return Versions(
        ranges["django"], ranges["djangorestframework"], ranges["celery"], ranges["channels"], frozenset(found)
    )


def _range(name: str, found: Iterable[tuple[Requirement, str]], config: Config, key: str) -> VersionRange:
    option: str | None = getattr(config, key)
    if option is not None:
        allowed = _supported(name, [option])
        if allowed is None:
            raise ConfigError(f'{config.where(key)}: "{option}" is no version range (write ">=4.2,<6")')
        return VersionRange(allowed, True, (Declaration("configuration", 1, option),))
    series, declared = _SERIES[name], []
    by_file: dict[str, list[Requirement]] = {}
    for requirement, path in found:
        if requirement.specifier:
            by_file.setdefault(path, []).append(requirement)
    for path, requirements in by_file.items():
        firm = [requirement for requirement in requirements if not requirement.alternative]
        if firm:
            groups = [[requirement] for requirement in firm]
        else:
            groups = [requirements]
        for group in groups:
            allowed = _supported(name, [requirement.specifier for requirement in group])
            narrowed = tuple(one for one in series if one in (allowed or ()))
            if narrowed:  # files that contradict each other: the first one stands
                series = narrowed
                declared += [Declaration(path, requirement.row, requirement.specifier) for requirement in group]
    return VersionRange(series, bool(declared), tuple(declared))


def _supported(name: str, specifiers: Iterable[str]) -> tuple[str, ...] | None:
    """The supported series that one of the specifiers allows; None when none of them can be read.

    A range that lies wholly before or after what is supported comes to the nearest series.
    """
    series = _SERIES[name]
    readable = [found for found in map(_specifier_set, specifiers) if found is not None]
    if not readable:
        return None
    allowed = [_allowed(series, found) for found in readable]
    union = tuple(one for one in series if any(one in some for some in allowed))
    if union:
        return union
    newest = Version(series[-1])
    bounds = (Version(one.version.removesuffix(".*")) for found in readable for one in found)
    return series[-1:] if any(bound > newest for bound in bounds) else series[:1]


def _specifier_set(text: str) -> SpecifierSet | None:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        return SpecifierSet(text)
    except InvalidSpecifier:
        return None


def _allowed(series: tuple[str, ...], specifiers: SpecifierSet) -> tuple[str, ...]:
    return tuple(
        name
        for name in series
        if any(specifiers.contains(f"{name}.{patch}", prereleases=True) for patch in range(_PATCHES))
    )


def _requirements(files: _Files) -> Iterator[tuple[str, Requirement]]:
    found = list(_in_folder(files, ""))
    if not found:  # a folder for the server's code beside one for the browser's
        below = [name for name in files.names() if not name.startswith(".")]
        found = [entry for name in below if "manage.py" in files.names(name) for entry in _in_folder(files, name)]
    yield from found


def _in_folder(files: _Files, folder: str) -> Iterator[tuple[str, Requirement]]:
    lead = f"{folder}/" if folder else ""
    names = list(files.names(folder))
    for name in names:
        read = r.READERS.get(name)
        if read is not None:
            yield from _read_with(files, lead + name, read)
    seen: set[str] = set()
    for name in names:
        if r.is_requirements_file(name):
            yield from _requirement_files(files, lead + name, seen)
        elif name == "requirements":
            for inner in files.names(lead + name):
                if inner.endswith((".txt", ".in")):
                    yield from _requirement_files(files, f"{lead}{name}/{inner}", seen)
        elif name.endswith((".dist-info", ".egg-info")):
            for inner in ("METADATA", "PKG-INFO"):
                yield from _read_with(files, f"{lead}{name}/{inner}", r.from_metadata)
    yield from _read_with(files, f"{lead}PKG-INFO", r.from_metadata)


def _read_with(
    files: _Files, path: str, read: Callable[[str], Iterator[Requirement]]
) -> Iterator[tuple[str, Requirement]]:
    text = files.text(path)
    if text is not None:
        yield from ((path, requirement) for requirement in read(text))


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
        yield from _requirement_files(files, posixpath.normpath(posixpath.join(folder, included)), seen)
