"""What keeps the tool from its work."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import click

from djlint_spec import __version__

REPORT = f"report it with djlint-spec {__version__} and Python {sys.version_info.major}.{sys.version_info.minor}"


class Trouble(click.ClickException):
    """Something of the user's that keeps the tool from its work: one line, exit code 2."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Print the line."""
        click.echo(f"djlint-spec: {' '.join(self.message.split())}", err=True)


@contextmanager
def told_apart() -> Iterator[None]:
    """Mistakes of the user's end in one line; a bug of ours in its traceback and what to do; both with exit code 2."""
    from djlint_spec.config import ConfigError
    from djlint_spec.source import GitError

    try:
        yield
    except (ConfigError, GitError) as error:
        raise Trouble(str(error)) from None
    except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
        raise
    except Exception as error:  # noqa: BLE001 - the last resort: anything else is a fault of ours
        traceback.print_exc()
        click.echo(f"djlint-spec: a fault of ours, {type(error).__name__}: {error} ({REPORT})", err=True)
        sys.exit(2)
