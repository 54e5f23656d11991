"""`[tool.djlint-spec]` of pyproject.toml, or djlint-spec.toml: read, checked, typed."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TypeAlias

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Toml: TypeAlias = "str | int | float | bool | list[Toml] | dict[str, Toml] | object"


class ConfigError(Exception):
    """The user's configuration cannot be used; the message is one line for them."""


@dataclass(frozen=True, slots=True)
class Config:
    """Every option with its default. Lists of rules are selectors: code, prefix, name, family, severity or ALL."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    extend_exclude: tuple[str, ...] = ()
    respect_gitignore: bool = True
    force_exclude: bool = False
    python: str | None = None
    django: str | None = None
    drf: str | None = None
    celery: str | None = None
    channels: str | None = None
    model_bases: tuple[str, ...] = ()
    serializer_bases: tuple[str, ...] = ()
    view_bases: tuple[str, ...] = ()
    task_decorators: tuple[str, ...] = ()
    base_model: str | None = None
    user_model: str | None = None
    settings: tuple[str, ...] = ()
    rules: Mapping[str, Mapping[str, Toml]] = field(default_factory=dict)
    fixable: tuple[str, ...] = ("ALL",)
    unfixable: tuple[str, ...] = ()
    extend_safe_fixes: tuple[str, ...] = ()
    extend_unsafe_fixes: tuple[str, ...] = ()
    baseline: str | None = None
    origin: str = ""

    def where(self, key: str) -> str:
        """How messages name an option: with the file and the table that it stands in."""
        return f"{self.origin} {key}" if self.origin else key


_KEYS = {entry.name.replace("_", "-"): entry for entry in fields(Config) if entry.name != "origin"}


def find_config(start: Path) -> Path | None:
    """The file that configures a path: `djlint-spec.toml`, or a pyproject.toml with our table, in it or above.

    The nearest pyproject.toml that is no TOML is given too: what it would say cannot be known.
    """
    folder = start if start.is_dir() else start.parent
    nearest = True
    for candidate in (folder, *folder.resolve().parents):
        own = candidate / "djlint-spec.toml"
        if os.path.isfile(own):  # noqa: PTH113 - says no for a folder that may not be entered
            return own
        project = candidate / "pyproject.toml"
        if os.path.isfile(project):  # noqa: PTH113 - as above
            if _has_our_table(project, nearest=nearest):
                return project
            nearest = False
    return None


def _has_our_table(path: Path, *, nearest: bool) -> bool:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return nearest
    mentioned = "djlint-spec" in text
    if not (mentioned or nearest):
        return False
    try:
        tool = tomllib.loads(text).get("tool")
    except tomllib.TOMLDecodeError:
        return True
    return mentioned and isinstance(tool, dict) and "djlint-spec" in tool


def load_config(path: Path) -> Config:
    """The configuration in a file.

    Raises ConfigError when the file cannot be read or says what no option takes.
    """
    name = os.path.relpath(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(f"{name}: not UTF-8") from None
    except OSError as error:
        raise ConfigError(f"{name}: cannot be read: {error.strerror or error}") from None
    return parse_config(text, name)


def parse_config(text: str, name: str) -> Config:
    """The configuration in a file's text; `name` is the file's, for messages.

    Raises ConfigError for what is not TOML, unknown keys and values of the wrong kind.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: not valid TOML: {error}") from None
    if Path(name).name == "djlint-spec.toml":
        table, where = document, f"{name}:"
    else:
        tool = document.get("tool", {})
        table = tool.get("djlint-spec", {}) if isinstance(tool, dict) else {}
        where = f"{name}: [tool.djlint-spec]"
    if not isinstance(table, dict):
        raise ConfigError(f"{where} must be a table")
    values: dict[str, object] = {}
    for key, value in table.items():
        if key not in _KEYS:
            raise ConfigError(f'{where.rstrip(":")}: unknown key "{key}"{did_you_mean(key, _KEYS)}')
        values[_KEYS[key].name] = _READERS.get(key, _strings)(value, f"{where} {key}")
    return Config(**values, origin=where)  # type: ignore[arg-type]  # each reader gives what its field holds


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` (did you mean x?)` for the nearest known word, or nothing."""
    folded = {name.lower(): name for name in known}
    meant = word.lower()
    near = difflib.get_close_matches(meant, list(folded), n=5, cutoff=0.6)
    if not near:
        return ""

    def likeness(name: str) -> tuple[float, int]:
        # Of codes that are equally near, the one with most letters in the same place: DJS1O1 is DJS101, not DJS119.
        return difflib.SequenceMatcher(None, name, meant).ratio(), sum(
            a == b for a, b in zip(name, meant, strict=False)
        )

    return f" (did you mean {folded[max(near, key=likeness)]}?)"


def _strings(value: Toml, where: str) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ConfigError(f"{where}: must be a list of strings")
    return tuple(str(item) for item in value)


def _string(value: Toml, where: str) -> str:
    if not isinstance(value, str):
        raise ConfigError(f"{where}: must be a string")
    return value


def _flag(value: Toml, where: str) -> bool:
    if not isinstance(value, bool):
        raise ConfigError(f"{where}: must be true or false")
    return value


def _patterns(value: Toml, where: str) -> tuple[str, ...]:
    patterns = _strings(value, where)
    wrong = next((pattern for pattern in patterns if not _is_pattern(pattern)), None)
    if wrong is not None:
        raise ConfigError(f'{where}: "{wrong}" is no pattern of .gitignore\'s kind')
    return patterns


def _is_pattern(text: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([text])
    except ValueError:
        return False
    return True


def _dotted_names(value: Toml, where: str) -> tuple[str, ...]:
    names = _strings(value, where)
    for name in names:
        if not all(part.isidentifier() for part in name.split(".")):
            raise ConfigError(f'{where}: "{name}" is no dotted name (write "package.module.Name")')
    return names


def _ignores(value: Toml, where: str) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise ConfigError(f"{where}: must be a table of patterns and lists of rules")
    _patterns([str(pattern) for pattern in value], where)
    return {str(pattern): _strings(codes, f'{where} "{pattern}"') for pattern, codes in value.items()}


def _rule_tables(value: Toml, where: str) -> Mapping[str, Mapping[str, Toml]]:
    if not isinstance(value, dict) or not all(isinstance(entry, dict) for entry in value.values()):
        raise ConfigError(f"{where}: must be a table for each rule")
    return {
        str(rule): {str(k): v for k, v in entry.items()} for rule, entry in value.items() if isinstance(entry, dict)
    }


_READERS: Mapping[str, Callable[[Toml, str], object]] = {
    **dict.fromkeys(("respect-gitignore", "force-exclude"), _flag),
    "per-file-ignores": _ignores,
    "exclude": _patterns,
    "extend-exclude": _patterns,
    "rules": _rule_tables,
    **dict.fromkeys(("python", "django", "drf", "celery", "channels", "base-model", "user-model", "baseline"), _string),
    **dict.fromkeys(("model-bases", "serializer-bases", "view-bases", "task-decorators", "settings"), _dotted_names),
}
