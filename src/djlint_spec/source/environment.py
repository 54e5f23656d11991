"""Installed packages: an environment's site-packages, read as text and never imported."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from djlint_spec.source.tree import Unreadable, decode


class Environment:
    """The packages of one environment."""

    def __init__(self, site_packages: Path) -> None:
        self.site_packages = site_packages

    def find(self, dotted: str) -> tuple[str, str, bool] | None:
        """Path, text and whether a package, of the module of a dotted name; None when it is not installed."""
        parts = dotted.split(".")
        if not all(part.isidentifier() for part in parts):
            return None
        folder = self.site_packages.joinpath(*parts)
        for path, is_package in ((folder / "__init__.py", True), (folder.with_suffix(".py"), False)):
            try:
                raw = path.read_bytes()
            except OSError:
                continue
            source = decode(str(path), raw)
            return None if isinstance(source, Unreadable) else (str(path), source.text, is_package)
        return None

    def versions(self) -> Mapping[str, str]:
        """Installed distributions and their versions, names in lower case with `-` between words."""
        found: dict[str, str] = {}
        for entry in self.site_packages.glob("*.dist-info"):
            name, _, version = entry.name.removesuffix(".dist-info").rpartition("-")
            found[name.lower().replace("_", "-")] = version
        return found


def find_environment(root: Path, python: Path | None, variables: Mapping[str, str] = os.environ) -> Environment | None:
    """The project's environment: that of `python`, else `.venv` or `venv` in `root`, else VIRTUAL_ENV.

    The environment that djlint-spec itself runs in does not count as the project's when only VIRTUAL_ENV names it
    and Django is not installed in it.
    """
    if python is not None:
        return _site_packages(python if python.is_dir() else python.parent.parent)
    for name in (".venv", "venv"):
        found = _site_packages(root / name)
        if found is not None:
            return found
    active = variables.get("VIRTUAL_ENV")
    if not active:
        return None
    found = _site_packages(Path(active))
    if found is not None and Path(active) == Path(sys.prefix) and not (found.site_packages / "django").exists():
        return None
    return found


def _site_packages(prefix: Path) -> Environment | None:
    for pattern in ("lib/python*/site-packages", "Lib/site-packages"):
        for folder in sorted(prefix.glob(pattern), reverse=True):
            return Environment(folder)
    return None
