"""Which Python files a folder holds, as .gitignore and the excludes leave them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from pathspec import GitIgnoreSpec

DEFAULT_EXCLUDE = (
    ".git", ".hg", ".svn", ".tox", ".nox", ".venv", "venv", "env", ".env", "virtualenv", "site-packages",
    "dist-packages", "node_modules", "bower_components", "__pycache__", "__pypackages__", ".eggs", "*.egg-info",
    "build", "dist", "_build", "buck-out", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".direnv",
    ".ipynb_checkpoints", ".pyenv", ".idea", ".vscode", ".cache", ".#*",
)  # fmt: skip
"""Names of folders that are never entered, and of editors' lock files, unless `exclude` is set."""


def discover(root: Path, exclude: Sequence[str], extend_exclude: Sequence[str], *, gitignore: bool) -> Iterator[str]:
    """Paths of the `.py` files below `root`, relative to it; links to folders are not followed.

    What cannot be looked into (a folder that may not be listed, a link that leads nowhere or round in a circle)
    is given too: reading it tells why.
    """
    patterns = (*(exclude or DEFAULT_EXCLUDE), *extend_exclude)
    excluded = GitIgnoreSpec.from_lines(patterns)
    yield from _folder(root, "", excluded, _ignores_above(root) if gitignore else (), gitignore=gitignore)


_Ignores = tuple[tuple[str, GitIgnoreSpec], ...]


def discovers(root: Path, path: str, exclude: Sequence[str], extend_exclude: Sequence[str], *, gitignore: bool) -> bool:
    """Whether `discover` gives, or would give once it is there, the Python file at a path relative to `root`."""
    excluded = GitIgnoreSpec.from_lines((*(exclude or DEFAULT_EXCLUDE), *extend_exclude))
    ignores = _ignores_above(root) if gitignore else ()
    folder, parts = "", path.split("/")
    for number, part in enumerate(parts):
        place = root / folder
        if folder and (place.is_symlink() or (place / "pyvenv.cfg").exists()):
            return False
        spec = _read_ignores(place / ".gitignore") if gitignore else None
        if spec is not None:
            ignores = (*ignores, (folder, spec))
        found = f"{folder}/{part}" if folder else part
        told = found if number == len(parts) - 1 else f"{found}/"
        if excluded.match_file(told) or _is_ignored(told, ignores):
            return False
        folder = found
    return path.endswith(".py")


def _folder(root: Path, folder: str, excluded: GitIgnoreSpec, ignores: _Ignores, *, gitignore: bool) -> Iterator[str]:
    try:
        with os.scandir(root / folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError:
        yield folder or "."
        return
    if gitignore and any(entry.name == ".gitignore" for entry in entries):
        spec = _read_ignores(root / folder / ".gitignore")
        if spec is not None:
            ignores = (*ignores, (folder, spec))
    if folder and any(entry.name == "pyvenv.cfg" for entry in entries):
        return
    for entry in entries:
        path = f"{folder}/{entry.name}" if folder else entry.name
        is_folder = entry.is_dir(follow_symlinks=False)
        if not (is_folder or (entry.name.endswith(".py") and _is_file(entry))):
            continue
        told = f"{path}/" if is_folder else path
        if excluded.match_file(told) or _is_ignored(told, ignores):
            continue
        if is_folder:
            yield from _folder(root, path, excluded, ignores, gitignore=gitignore)
        else:
            yield path


def _is_file(entry: os.DirEntry[str]) -> bool:
    if not entry.is_symlink():
        return entry.is_file()
    try:
        mode = Path(entry.path).stat().st_mode
    except OSError:
        return True
    return stat.S_ISREG(mode)


def _is_ignored(path: str, ignores: _Ignores) -> bool:
    ignored = False
    for base, spec in ignores:
        if base.startswith("../"):
            told = base[3:] + path
        else:
            told = path[len(base) + 1 :] if base else path
        verdict = spec.check_file(told).include
        if verdict is not None:
            ignored = verdict
    return ignored


def _ignores_above(root: Path) -> _Ignores:
    """The .gitignore files between the top of the repository and `root`, outermost first."""
    found: list[tuple[str, GitIgnoreSpec]] = []
    below = ""
    folder = root.resolve()
    while not os.path.lexists(folder / ".git"):
        if folder.parent == folder:
            return ()  # no repository: nothing above speaks for us
        below = f"{folder.name}/{below}"
        folder = folder.parent
        spec = _read_ignores(folder / ".gitignore")
        if spec is not None:
            found.append((f"../{below}", spec))
    return tuple(reversed(found))


def _read_ignores(path: Path) -> GitIgnoreSpec | None:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    return GitIgnoreSpec.from_lines([line for line in lines if _is_pattern(line)])


def _is_pattern(line: str) -> bool:
    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:  # git passes over a line that is no pattern
        return False
    return True
