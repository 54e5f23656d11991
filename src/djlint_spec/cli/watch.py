"""`check --watch`: the report anew whenever a file changes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from djlint_spec.cli.trouble import Trouble

if TYPE_CHECKING:
    from djlint_spec.cache import FactsCache
    from djlint_spec.config import Config
    from djlint_spec.engine import Report

_CONFIGURATION = ("pyproject.toml", "djlint-spec.toml")
_GATHERED = 200
"""Milliseconds within which changes count as one."""


def watch(
    root: Path,
    wanted: Sequence[str],
    configured: Callable[[], Config],
    cache: FactsCache | None,
    tell: Callable[[Report], None],
) -> None:
    """Tell the report on a project, and again after each change, until interrupted.

    A mistake in the configuration is told too, and waits to be mended. Raises Trouble without the package that watches.
    """
    from djlint_spec.config import ConfigError
    from djlint_spec.engine.session import Session

    session: Session | None = None
    with suppress(KeyboardInterrupt):
        for changed in _changes(root):
            if any(Path(path).name in _CONFIGURATION for path in changed):
                session = None
            if sys.stdout.isatty():
                click.clear()
            try:
                if session is None:
                    session = Session(root, configured(), cache=cache)
                else:
                    session.refresh(changed)
                tell(_narrowed(session.report(), wanted))
            except (ConfigError, Trouble) as error:
                session = None
                Trouble(str(error)).show()
            if cache is not None:
                cache.save()
            click.echo(f"Waiting for changes below {root}; Ctrl-C ends.", err=True)


def _changes(root: Path) -> Iterator[Sequence[str]]:
    """Paths from the root of what changed: none at first, for the report that all begins with."""
    try:
        from watchfiles import DefaultFilter, watch
    except ImportError:
        raise Trouble('--watch needs the package watchfiles: pip install "djlint-spec[watch]"') from None
    ignored = DefaultFilter()
    found = watch(
        root,
        watch_filter=lambda change, path: _counts(Path(path)) and ignored(change, path),
        debounce=_GATHERED,
        rust_timeout=_GATHERED,
        yield_on_timeout=True,
        recursive=True,
    )
    # Under way before the first report is made, so that what changes meanwhile is seen.
    next(found)
    yield ()
    for changes in found:
        if changes:
            yield [Path(path).relative_to(root).as_posix() for _, path in sorted(changes)]


def _counts(path: Path) -> bool:
    """Whether a report may depend on a file."""
    from djlint_spec.config import requirements

    name = path.name
    return (
        name.endswith(".py")
        or name in (*_CONFIGURATION, *requirements.READERS, ".gitignore")
        or requirements.is_requirements_file(name)
        or (path.parent.name == "requirements" and name.endswith((".txt", ".in")))
    )


def _narrowed(report: Report, wanted: Sequence[str]) -> Report:
    from djlint_spec.engine.settling import is_wanted

    return replace(
        report,
        findings=tuple(finding for finding in report.findings if is_wanted(finding.span.path, wanted)),
        paths=tuple(path for path in report.paths if is_wanted(path, wanted)),
    )
