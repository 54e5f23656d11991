"""`djlint-spec baseline`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from djlint_spec.cli.place import place_of
from djlint_spec.cli.trouble import Trouble, told_apart


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--prune", is_flag=True, help="Only take out what is found no more.")
@click.option("--output", type=click.Path(path_type=Path), help="The file.  [default: the project's baseline]")
@click.option("--config", "config_file", type=click.Path(path_type=Path), help="Configuration file to use.")
def baseline(paths: tuple[Path, ...], output: Path | None, config_file: Path | None, *, prune: bool) -> None:
    """Write down the findings of today, so that `check` reports only new ones."""
    from djlint_spec import engine
    from djlint_spec.engine.baseline import Baseline, baseline_of, load_baseline
    from djlint_spec.engine.locating import baseline_file

    with told_apart():
        place = place_of(paths, config_file)
        file = output or baseline_file(place.root, place.config)
        known = None
        if prune:
            known = load_baseline(place.root, replace(place.config, baseline=str(file.absolute())))
        report = engine.check(place.paths, place.config, root=place.root, with_baseline=False)
        kept: Baseline = known.pruned(report) if known is not None else baseline_of(report)
        try:
            kept.write(file)
        except OSError as error:
            raise Trouble(f"{file}: cannot be written: {error.strerror or error}") from None
        gone = f", {len(known.entries) - len(kept.entries)} taken out" if known is not None else ""
        click.echo(f"{file}: {len(kept.entries)} findings{gone}.", err=True)
