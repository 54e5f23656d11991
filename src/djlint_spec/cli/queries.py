"""`djlint-spec queries`."""

from __future__ import annotations

from pathlib import Path

import click

from djlint_spec.cli.place import place_of, style_of
from djlint_spec.cli.trouble import Trouble, told_apart


@click.command()
@click.argument("views", nargs=-1, metavar="[VIEW]...")
@click.option("--project", "folder", type=click.Path(path_type=Path), default=Path(), help="The project's folder.")
@click.option("--output-format", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.option("--config", "config_file", type=click.Path(path_type=Path), help="Configuration file to use.")
@click.option("--color", "colour", type=click.Choice(("auto", "always", "never")), default="auto", show_default=True)
@click.option("--no-cache", is_flag=True, help="Neither read nor write what earlier runs extracted.")
@click.option("--cache-dir", type=click.Path(path_type=Path), help="Where to keep it.  [default: the user's cache]")
def queries(
    views: tuple[str, ...],
    folder: Path,
    output_format: str,
    config_file: Path | None,
    colour: str,
    cache_dir: Path | None,
    *,
    no_cache: bool,
) -> None:
    """Tell what lists read for each row, what they load, and how many queries a page takes.

    A VIEW is the name of a class or function, `module.Class`, `Class.action`, or an admin class. All by default.
    """
    from djlint_spec import reporters
    from djlint_spec.cache import FactsCache, cache_file
    from djlint_spec.engine import surveying

    with told_apart():
        place = place_of((folder,), config_file)
        cache = None if no_cache else FactsCache(cache_file(place.root, cache_dir))
        try:
            found = surveying.survey(views, place.config, place.root, cache=cache)
        except surveying.UnknownView as unknown:
            near = f" (did you mean {' or '.join(unknown.near)}?)" if unknown.near else ""
            raise Trouble(f'no view or admin class is called "{unknown.word}"{near}') from None
        style = style_of(place.root, colour)
        if output_format == "json":
            click.echo(reporters.survey_json(found, style), nl=False)
            return
        click.echo(reporters.survey_text(found, style), nl=False, color=style.colour)
        click.echo(reporters.survey_summary(found), err=True)
