"""Where a command works: the paths given, their configuration and their project's root; and where it writes."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from djlint_spec.cli.trouble import Trouble

if TYPE_CHECKING:
    from djlint_spec.config import Config
    from djlint_spec.reporters import Style

_WIDTH = 120


@dataclass(frozen=True, slots=True)
class Place:
    """The paths to work on, what is configured for them, and the root of the project that they are of."""

    paths: tuple[Path, ...]
    root: Path
    config: Config


def place_of(paths: Sequence[Path], given: Path | None = None, *, unsaved: bool = False) -> Place:
    """The place of some paths (the current folder by default), with the configuration found there or `given`.

    The folder of a configuration that was found is the project's root: its patterns are relative to it. `unsaved`
    allows a path that is not there. Raises Trouble.
    """
    from djlint_spec.config import Config, ConfigError, find_config, load_config
    from djlint_spec.engine.locating import common_folder, root_of

    places = tuple(paths) or (Path(),)
    for path in places:
        if not unsaved and not os.path.lexists(path):
            raise Trouble(f"{path}: no such file or folder")
    found = find_config(common_folder(places)) if given is None else None
    file = given or found
    try:
        config = load_config(file) if file is not None else Config()
    except ConfigError as error:
        raise Trouble(str(error)) from None
    return Place(places, root_of(places) if found is None else found.resolve().parent, config)


def style_of(root: Path, colour: str) -> Style:
    """How text is laid out on stdout: as wide as the terminal, and coloured as `colour` (auto, always, never) says."""
    from djlint_spec.reporters import Style

    width = shutil.get_terminal_size((_WIDTH, 24)).columns
    return Style(root, Path.cwd(), width, colour=wants_colour(colour))


def wants_colour(colour: str) -> bool:
    """Whether to colour: on a terminal that can and while NO_COLOR is not set, unless told outright."""
    if colour == "auto":
        return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return colour == "always"
