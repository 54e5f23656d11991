"""`djlint-spec init`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from djlint_spec import __version__
from djlint_spec.cli.place import place_of
from djlint_spec.cli.trouble import Trouble, told_apart

if TYPE_CHECKING:
    from djlint_spec.engine.diagnosis import Diagnosis

_HOOKS_FILE = ".pre-commit-config.yaml"
_REPOSITORY = "https://github.com/djlint-spec/djlint-spec"
_ITEM = re.compile(r"^(?P<indent>[ ]*)-[ ]+repo:", re.MULTILINE)
_TOP_LEVEL = re.compile(r"^(?P<key>[A-Za-z_][\w-]*):", re.MULTILINE)
_PACKAGES = {"Django": "django", "DRF": "drf", "Celery": "celery", "Channels": "channels"}


@dataclass(frozen=True, slots=True)
class _Change:
    """A file, what is in it now (None: there is none), and what is added at its end."""

    path: Path
    before: str | None
    added: str

    @property
    def after(self) -> str:
        """All that the file is to hold, with the line ends that it has."""
        before = self.before or ""
        return before + (self.added.replace("\n", "\r\n") if "\r\n" in before else self.added)


@click.command()
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@click.option("--dry-run", is_flag=True, help="Print what would be written, and write nothing.")
@click.option("--no-pre-commit", is_flag=True, help="Leave pre-commit's configuration alone.")
def init(path: Path, *, dry_run: bool, no_pre_commit: bool) -> None:
    """Write the configuration that fits a project as it was detected, and the entry for pre-commit.

    What is configured already stays as it is.
    """
    from djlint_spec.engine import diagnosis

    with told_apart():
        place = place_of((path,))
        found = diagnosis.diagnose(place.paths, place.config, place.root)
        changes = [_configuration(place.root, found, configured=bool(place.config.origin))]
        if not no_pre_commit:
            changes.append(_hook(place.root))
        for change in changes:
            if isinstance(change, str):
                click.echo(change, err=True)
            elif dry_run:
                click.echo(f"# {change.path.name}\n{change.added.strip()}\n")
            else:
                _write(change)
                click.echo(f"{change.path.name}: {'written' if change.before is None else 'added to'}.", err=True)
        click.echo(
            "Next: djlint-spec check; where it finds more than can be mended now, djlint-spec baseline.", err=True
        )


def _configuration(root: Path, found: Diagnosis, *, configured: bool) -> _Change | str:
    """What to add to which file; why nothing, where the project is configured already."""
    from djlint_spec.config.options import parse_config

    if configured:
        return f"{root.name}: has a configuration already, which stays as it is."
    lines = list(_options(found))
    project = root / "pyproject.toml"
    if project.is_file():
        before = _read(project)
        lead = "" if not before.strip() else "\n" if before.endswith("\n") else "\n\n"
        change = _Change(project, before, lead + "\n".join(["[tool.djlint-spec]", *lines, ""]))
        parse_config(change.after, project.name)  # a table of a shape that takes no more is an error here
        return change
    return _Change(root / "djlint-spec.toml", None, "\n".join([*lines, ""]))


def _options(found: Diagnosis) -> Iterator[str]:
    yield f"# What djlint-spec {__version__} detected; `djlint-spec doctor` tells where from."
    for name, (told, declared) in found.versions.items():
        key = _PACKAGES[name]
        if declared:
            yield f"# {key}: {told}, from {declared[0]}"
        else:
            yield f'# {key} = ">=…"  # declared nowhere: every supported version is assumed'
    if found.base_model:
        yield f"base-model = {json.dumps(found.base_model)}"
    if found.user_model != "auth.User":
        yield f"user-model = {json.dumps(found.user_model)}"
    names = [source.partition(" ")[0] for source in found.settings]
    if names:
        yield f"settings = {json.dumps(names)}"


def _hook(root: Path) -> _Change | str:
    """What to add to pre-commit's configuration; why nothing, where it has our hook or a shape that we leave alone."""
    top = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), None)
    if top is None:
        return f"{_HOOKS_FILE}: not written: no git repository."
    entry = ["- repo: " + _REPOSITORY, f"  rev: v{__version__}", "  hooks:", "    - id: djlint-spec"]
    path = top / _HOOKS_FILE
    if not path.is_file():
        return _Change(path, None, "\n".join(["repos:", *(f"  {line}" for line in entry), ""]))
    before = _read(path)
    if "djlint-spec" in before:
        return f"{_HOOKS_FILE}: has our hook already."
    items = [match["indent"] for match in _ITEM.finditer(before)]
    keys = [match["key"] for match in _TOP_LEVEL.finditer(before)]
    if not items or keys[-1:] != ["repos"] or len(set(items)) > 1:
        return "\n".join([f"{_HOOKS_FILE}: not changed; add this to its repos:", *entry])
    lead = "" if before.endswith("\n") else "\n"
    return _Change(path, before, lead + "".join(f"{items[0]}{line}\n" for line in entry))


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise Trouble(f"{path.name}: cannot be read: {error}") from None


def _write(change: _Change) -> None:
    try:
        change.path.write_text(change.after, encoding="utf-8", newline="")
    except OSError as error:
        raise Trouble(f"{change.path.name}: cannot be written: {error.strerror or error}") from None
