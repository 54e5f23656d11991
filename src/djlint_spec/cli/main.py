"""`djlint-spec` and its commands. Exit codes: 0 clean, 1 findings, 2 the tool could not do its work."""

from __future__ import annotations

import io
import sys

import click

from djlint_spec import __version__
from djlint_spec.cli.baseline import baseline
from djlint_spec.cli.catalogue import rule, rules
from djlint_spec.cli.check import check
from djlint_spec.cli.doctor import doctor
from djlint_spec.cli.init import init
from djlint_spec.cli.queries import queries
from djlint_spec.cli.server import server


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="djlint-spec", message="%(prog)s %(version)s")
def main() -> None:
    """Hold a Django project to its conventions."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Paths and source may hold what the terminal's encoding, or any, has no bytes for.
            stream.reconfigure(errors="backslashreplace")


for command in (check, queries, rule, rules, doctor, baseline, init, server):
    main.add_command(command)
