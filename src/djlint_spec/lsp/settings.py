"""What a client sets: in `initializationOptions`, or in the section `djlint-spec` of its configuration."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from pathlib import Path

import msgspec

from djlint_spec.engine.by_file import FaceOptions


class Scope(enum.Enum):
    """Whose diagnostics are pushed."""

    OPEN = "open"
    PROJECT = "project"


class SettingsError(Exception):
    """Settings that cannot be used; the message says which and why."""


class Settings(msgspec.Struct, frozen=True):
    """`options` go over the project's own configuration; `fix_on_save` mends a file before each save."""

    options: FaceOptions = msgspec.field(default_factory=FaceOptions)
    scope: Scope = Scope.OPEN
    fix_on_save: bool = False


def settings_of(given: object) -> Settings:
    """The settings in what a client sent, below `djlint-spec` where it has that section.

    Raises SettingsError for one of another kind than it has to be. Keys that are not ours are passed over.
    """
    if isinstance(given, Mapping):
        given = given.get("djlint-spec", given)
    if given is None:
        return Settings()
    if not isinstance(given, Mapping):
        raise SettingsError("djlint-spec: the settings must be an object")
    scope = given.get("scope", Scope.OPEN.value)
    if scope not in [member.value for member in Scope]:
        raise SettingsError('djlint-spec.scope: must be "open" or "project"')
    fix_on_save = given.get("fixOnSave", False)
    if not isinstance(fix_on_save, bool):
        raise SettingsError("djlint-spec.fixOnSave: must be true or false")
    return Settings(
        FaceOptions(
            config_file=_path(given, "config"),
            cache_folder=_path(given, "cacheFolder"),
            select=_words(given, "select"),
            ignore=_words(given, "ignore"),
            extend_select=_words(given, "extendSelect"),
        ),
        Scope(scope),
        fix_on_save,
    )


def _path(given: Mapping[str, object], key: str) -> Path | None:
    value = given.get(key)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise SettingsError(f"djlint-spec.{key}: must be a string")
    return Path(value)


def _words(given: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = given.get(key)
    if value is None:
        return ()
    if not isinstance(value, (list, tuple)) or not all(isinstance(word, str) for word in value):
        raise SettingsError(f"djlint-spec.{key}: must be a list of strings")
    return tuple(value)
