"""`[tool.djlint-spec]` of pyproject.toml, or djlint-spec.toml: read, checked, typed."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Mapping
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


_KEYS = {entry.name.replace("_", "-"): entry for entry in fields(Config)}


def find_config(start: Path) -> Path | None:
    """The file that configures a path: `djlint-spec.toml`, or a pyproject.toml with our table, in it or above."""
    folder = start if start.is_dir() else start.parent
    for candidate in (folder, *folder.resolve().parents):
        own = candidate / "djlint-spec.toml"
        if own.is_file():
            return own
        project = candidate / "pyproject.toml"
        if project.is_file() and "tool.djlint-spec" in project.read_text(encoding="utf-8", errors="replace"):
            return project
    return None


def parse_config(text: str, name: str) -> Config:
    """The configuration in a file's text; `name` is the file's, for messages.

    Raises ConfigError for what is not TOML, unknown keys and values of the wrong kind.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: not valid TOML: {error}") from None
    if Path(name).name == "djlint-spec.toml":
        table, where = document, name
    else:
        tool = document.get("tool", {})
        table = tool.get("djlint-spec", {}) if isinstance(tool, dict) else {}
        where = f"{name}: [tool.djlint-spec]"
    if not isinstance(table, dict):
        raise ConfigError(f"{where}: must be a table")
    values: dict[str, object] = {}
    for key, value in table.items():
        if key not in _KEYS:
            raise ConfigError(f'{where}: unknown key "{key}"{did_you_mean(key, _KEYS)}')
        values[_KEYS[key].name] = _READERS.get(key, _strings)(value, f"{where} {key}")
    return Config(**values)  # type: ignore[arg-type]  # each reader gives what its field holds


def did_you_mean(word: str, known: Mapping[str, object] | list[str]) -> str:
    """` (did you mean x?)` for the nearest known word, or nothing."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" (did you mean {near[0]}?)" if near else ""


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


def _ignores(value: Toml, where: str) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise ConfigError(f"{where}: must be a table of patterns and lists of rules")
    return {str(pattern): _strings(codes, f'{where} "{pattern}"') for pattern, codes in value.items()}


def _rule_tables(value: Toml, where: str) -> Mapping[str, Mapping[str, Toml]]:
    if not isinstance(value, dict) or not all(isinstance(entry, dict) for entry in value.values()):
        raise ConfigError(f"{where}: must be a table for each rule")
    return {
        str(rule): {str(k): v for k, v in entry.items()} for rule, entry in value.items() if isinstance(entry, dict)
    }


_READERS: Mapping[str, Callable[[Toml, str], object]] = {
    "respect-gitignore": _flag,
    "per-file-ignores": _ignores,
    "rules": _rule_tables,
    **dict.fromkeys(("python", "django", "drf", "celery", "channels", "base-model", "user-model"), _string),
}
