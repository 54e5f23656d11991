"""`djlint-spec doctor`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from djlint_spec.cli.place import place_of
from djlint_spec.cli.trouble import told_apart


@click.command()
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@click.option("--output-format", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.option("--config", "config_file", type=click.Path(path_type=Path), help="Configuration file to use.")
def doctor(path: Path, output_format: str, config_file: Path | None) -> None:
    """Tell what was detected in a project, and what could not be resolved."""
    from djlint_spec.engine import diagnosis

    with told_apart():
        place = place_of((path,), config_file)
        found = diagnosis.diagnose(place.paths, place.config, place.root)
        click.echo(json.dumps(found.as_json(), indent=2) if output_format == "json" else found.as_text())
