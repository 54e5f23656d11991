"""The part of `check` that asks what a change brings: its options, and what they come to."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from djlint_spec.cli.trouble import Trouble

if TYPE_CHECKING:
    from djlint_spec.engine import Since

_Command = TypeVar("_Command", bound=Callable[..., object])

_OPTIONS = (
    click.option(
        "--since",
        "revision",
        metavar="REV",
        help="Only findings on lines changed since the merge base with REV, and those elsewhere that this caused.",
    ),
    click.option(
        "--elsewhere",
        is_flag=True,
        help="Besides all findings in PATHS, those that the change since the last commit caused in other files.",
    ),
)
_RANGE_START = "PRE_COMMIT_FROM_REF"
"""Set by pre-commit where it is run on a range of commits instead of on what is about to be committed."""


def since_options(command: _Command) -> _Command:
    """Give a command the options of asking what a change brings."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def since_of(revision: str | None, paths: Sequence[Path], *, elsewhere: bool) -> Since | None:
    """What the command line asks for; None where every finding is wanted. Raises Trouble."""
    from djlint_spec.engine import Since

    if revision is not None and elsewhere:
        raise Trouble("--elsewhere: --since reports on other files anyway; give one of the two")
    if revision is not None:
        return Since(revision)
    if not elsewhere or not paths:
        return None
    return Since(os.environ.get(_RANGE_START) or None, whole=paths, untracked_are_new=False)
