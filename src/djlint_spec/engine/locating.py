"""Where a project lies: its root, its files, its installed packages."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from djlint_spec.config import Config, ConfigError
from djlint_spec.source import DiskTree, Environment, find_environment

BASELINE = "djlint-spec-baseline.json"
"""The file beside the project's configuration that counts where no option names another."""
_ROOT_MARKERS = ("djlint-spec.toml", "pyproject.toml", "setup.py", "setup.cfg", "manage.py", ".git")


def disk_tree(root: Path, config: Config) -> DiskTree:
    """The files of a project, as the configuration leaves them."""
    return DiskTree(
        root, exclude=config.exclude, extend_exclude=config.extend_exclude, gitignore=config.respect_gitignore
    )


def environment_of(root: Path, config: Config) -> Environment | None:
    """The project's installed packages, None where no environment is found.

    Raises ConfigError when the option names one that is none.
    """
    environment = find_environment(root, root / config.python if config.python else None)
    if config.python and environment is None:
        raise ConfigError(f'{config.where("python")}: no environment at "{config.python}" (name it or its interpreter)')
    return environment


def root_of(paths: Sequence[Path]) -> Path:
    """The project's root: the nearest folder, at or above the paths, that looks like one; else their own folder."""
    start = common_folder(paths)
    return next((folder for folder in (start, *start.parents) if is_root(folder)), start)


def is_root(folder: Path) -> bool:
    """Whether a folder looks like a project's root."""
    return any(os.path.lexists(folder / marker) for marker in _ROOT_MARKERS)


def common_folder(paths: Sequence[Path]) -> Path:
    """The deepest folder that holds all the paths, or is the only one of them; the current one for none."""
    resolved = [path.resolve() for path in paths] or [Path.cwd()]
    common = Path(os.path.commonpath(resolved))
    return common if common.is_dir() else common.parent


def baseline_file(root: Path, config: Config) -> Path:
    """Where the baseline of a project lies, or would."""
    return root / (config.baseline or BASELINE)
