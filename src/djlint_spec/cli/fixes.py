"""The part of `check` that fixes: its options, and what it tells of what was done."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from djlint_spec.engine import Fixing
    from djlint_spec.reporters import Style

_Command = TypeVar("_Command", bound=Callable[..., object])

_OPTIONS = (
    click.option("--fix", is_flag=True, help="Mend what can be mended safely."),
    click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: also mend what may change behaviour."),
    click.option("--diff", is_flag=True, help="Print what --fix would change, and write nothing."),
    click.option("--fix-only", is_flag=True, help="Mend, and report nothing that is left.  Implies --fix."),
    click.option("--show-fixes", is_flag=True, help="List what was mended."),
)


@dataclass(frozen=True, slots=True)
class FixWish:
    """What the command line asks for."""

    fix: bool
    unsafe: bool
    diff: bool
    only: bool
    show: bool

    @property
    def wanted(self) -> bool:
        """Whether anything is to be fixed, or shown as fixed."""
        return self.fix or self.only or self.diff

    @property
    def only_fixes(self) -> bool:
        """Whether findings that are left go untold."""
        return self.only or self.diff


def fix_options(command: _Command) -> _Command:
    """Give a command the options of fixing."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def tell_fixes(
    fixing: Fixing, wish: FixWish, style: Style, unsaved: Mapping[str, bytes] | None, *, quiet: bool = False
) -> None:
    """Print the difference, or the fixed text of stdin; and on stderr what was fixed, what was not and why."""
    from djlint_spec import reporters

    if wish.diff:
        click.echo(reporters.diff(fixing, style), nl=False, color=style.colour)
    elif unsaved:
        for path, raw in unsaved.items():
            sys.stdout.buffer.write(_as_bytes(fixing, path, raw))
        sys.stdout.buffer.flush()
    if wish.show:
        click.echo(reporters.fixes(fixing, style, done=not wish.diff), err=True, nl=False)
    told = reporters.fix_summary(fixing, style, done=not wish.diff)
    if told and not quiet:
        click.echo(told, err=True)


def _as_bytes(fixing: Fixing, path: str, raw: bytes) -> bytes:
    from djlint_spec.source.replace import encoded

    return encoded(raw, fixing.after[path]) if path in fixing.after else raw
