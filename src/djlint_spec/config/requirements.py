"""Requirements as the many files of Python projects write them. What cannot be read is passed over."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_INCLUDE = re.compile(r"^\s*(?:-r|--requirement|-c|--constraint)[ =]\s*(\S+)", re.MULTILINE)
_CARET_OR_TILDE = re.compile(r"^\s*([\^~])\s*(\d+)(?:\.(\d+))?(?:\.(\d+))?\S*\s*$")


class Requirement(msgspec.Struct, frozen=True):
    """A package by its canonical name and the versions allowed, as PEP 440 specifiers; the row that says so.

    An `alternative` is one of several answers (under a marker, in a group or an extra, a fork of a lock file): it
    widens what its fellows allow, where the others narrow it.
    """

    name: str
    specifier: str
    row: int
    alternative: bool = False


def is_requirements_file(name: str) -> bool:
    """Whether a file of this name lists requirements."""
    return name.endswith((".txt", ".in")) and ("requirements" in name or "constraints" in name)


def from_requirements(text: str) -> Iterator[Requirement]:
    """The lines of a requirements file."""
    for row, line in enumerate(text.splitlines(), 1):
        stripped = line.partition(" #")[0].partition(" --hash")[0].rstrip("\\ ").strip()
        if stripped and not stripped.startswith(("#", "-")):
            yield from _parsed(stripped, row)


def includes(text: str) -> Iterator[str]:
    """The files that a requirements file names by `-r` and `-c`."""
    return (match[1] for match in _INCLUDE.finditer(text))


def from_metadata(text: str) -> Iterator[Requirement]:
    """`Requires-Dist` of a distribution's metadata."""
    for row, line in enumerate(text.splitlines(), 1):
        if not line:
            return
        if line.startswith("Requires-Dist:"):
            yield from _parsed(line.partition(":")[2].strip(), row)


def from_pyproject(text: str) -> Iterator[Requirement]:
    """PEP 621 and PEP 735 dependencies, and poetry's."""
    document = _toml(text)
    project = _table(document, "project")
    for line in _strings(project.get("dependencies")):
        yield from _parsed(line, _row(text, line))
    for groups in (project.get("optional-dependencies"), document.get("dependency-groups")):
        for line in _groups(groups):
            yield from _parsed(line, _row(text, line), alternative=True)
    poetry = _table(_table(document, "tool"), "poetry")
    yield from _poetry(_table(poetry, "dependencies"), text)
    groups = [_table(group, "dependencies") for group in _table(poetry, "group").values() if isinstance(group, dict)]
    for table in (_table(poetry, "dev-dependencies"), *groups):
        yield from _poetry(table, text, alternative=True)


def from_pipfile(text: str) -> Iterator[Requirement]:
    """A Pipfile's packages."""
    document = _toml(text)
    for section in ("packages", "dev-packages"):
        yield from _poetry(_table(document, section), text)


def from_pipfile_lock(text: str) -> Iterator[Requirement]:
    """The pins of a Pipfile.lock."""
    try:
        document = json.loads(text)
    except ValueError:
        return
    for name, entry in _table(document, "default").items():
        version = entry.get("version") if isinstance(entry, dict) else None
        if isinstance(version, str):
            yield Requirement(_canonical(name), version, 1)


def from_lock(text: str) -> Iterator[Requirement]:
    """The pins of uv.lock, poetry.lock and pdm.lock."""
    packages = _toml(text).get("package")
    for package in packages if isinstance(packages, list) else ():
        if isinstance(package, dict):
            name, version = package.get("name"), package.get("version")
            if isinstance(name, str) and isinstance(version, str):
                row = _row(text, f'name = "{name}"')
                yield Requirement(_canonical(name), f"=={version}", row, alternative=True)


def from_setup_cfg(text: str) -> Iterator[Requirement]:
    """`install_requires` of setup.cfg."""
    import configparser  # few have this file

    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
    except configparser.Error:
        return
    for line in parser.get("options", "install_requires", fallback="").splitlines():
        if line.strip():
            yield from _parsed(line.strip(), _row(text, line.strip()))


def from_setup_py(text: str) -> Iterator[Requirement]:
    """The strings in setup.py's lists and tuples that read as requirements with a version; the file is not run."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return
    for node in ast.walk(tree):
        if isinstance(node, (ast.List, ast.Tuple)):
            for element in node.elts:
                if isinstance(element, ast.Constant) and isinstance(element.value, str):
                    yield from (found for found in _parsed(element.value, element.lineno) if found.specifier)


# `packaging` is loaded where a project says what it requires: that takes as long as many a check.
def _canonical(name: str) -> str:
    from packaging.utils import canonicalize_name

    return canonicalize_name(name)


def _parsed(line: str, row: int, *, alternative: bool = False) -> Iterator[Requirement]:
    from packaging.requirements import InvalidRequirement
    from packaging.requirements import Requirement as Parsed

    try:
        parsed = Parsed(line)
    except InvalidRequirement:
        return
    several = alternative or parsed.marker is not None
    yield Requirement(_canonical(parsed.name), str(parsed.specifier), row, several)


def _poetry(table: Mapping[str, object], text: str, *, alternative: bool = False) -> Iterator[Requirement]:
    for name, value in table.items():
        entries = value if isinstance(value, list) else [value]
        for entry in entries:
            version = entry.get("version") if isinstance(entry, dict) else entry
            if isinstance(version, str):
                several = alternative or len(entries) > 1
                yield Requirement(_canonical(name), _pep440(version), _row(text, name), several)


def _pep440(version: str) -> str:
    """Poetry's `^5.1`, `~5.1`, `5.1.*` and bare versions as PEP 440 writes them."""
    match = _CARET_OR_TILDE.match(version)
    if match:
        sign, major, minor, patch = match[1], int(match[2]), match[3], match[4]
        lower = ".".join(part for part in (match[2], minor, patch) if part is not None)
        if sign == "^" or minor is None:
            return f">={lower},<{major + 1}"
        return f">={lower},<{major}.{int(minor) + 1}"
    if version.strip() == "*":
        return ""
    return version if version.strip()[:1] in "<>=!~" else f"=={version.strip()}"


def _toml(text: str) -> dict[str, object]:
    try:
        found: dict[str, object] = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}
    return found


def _table(document: Mapping[str, object], key: str) -> dict[str, object]:
    value = document.get(key)
    return value if isinstance(value, dict) else {}


def _strings(value: object) -> Iterable[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _groups(value: object) -> Iterable[str]:
    return [line for lines in value.values() for line in _strings(lines)] if isinstance(value, dict) else []


def _row(text: str, needle: str) -> int:
    at = text.find(needle)
    return text.count("\n", 0, at) + 1 if at >= 0 else 1


READERS: Mapping[str, Callable[[str], Iterator[Requirement]]] = {
    "pyproject.toml": from_pyproject,
    "uv.lock": from_lock,
    "poetry.lock": from_lock,
    "pdm.lock": from_lock,
    "Pipfile": from_pipfile,
    "Pipfile.lock": from_pipfile_lock,
    "setup.cfg": from_setup_cfg,
    "setup.py": from_setup_py,
}
"""The reader of each file by its name."""
