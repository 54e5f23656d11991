"""`djlint-spec server`."""

from __future__ import annotations

import click

from djlint_spec.cli.trouble import Trouble


@click.command()
def server() -> None:
    """Speak the Language Server Protocol on stdin and stdout, for editors."""
    try:
        from djlint_spec.lsp import make_server
    except ModuleNotFoundError as error:
        raise Trouble(f"server: {error.name} is not installed (pip install djlint-spec[server])") from None
    make_server().start_io()
