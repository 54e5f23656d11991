"""`djlint-spec rule` and `djlint-spec rules`."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import click

from djlint_spec.cli.completion import rule_words
from djlint_spec.cli.place import wants_colour
from djlint_spec.cli.trouble import Trouble, told_apart

if TYPE_CHECKING:
    from djlint_spec.catalog import Page
    from djlint_spec.diagnostics import JsonValue


@click.command()
@click.argument("word", metavar="CODE|NAME", shell_complete=rule_words)
@click.option("--color", "colour", type=click.Choice(("auto", "always", "never")), default="auto", show_default=True)
def rule(word: str, colour: str) -> None:
    """Print a rule's page."""
    from djlint_spec.catalog import page_of
    from djlint_spec.config.options import did_you_mean
    from djlint_spec.engine import rulebook
    from djlint_spec.reporters.page import page_text

    with told_apart():
        pages = rulebook().pages.values()
        page = page_of(pages, word)
        if page is None:
            known = [name for page in pages for name in (page.code, page.name)]
            raise Trouble(f'unknown rule "{word}"{did_you_mean(word, known)}')
        coloured = wants_colour(colour)
        width = min(shutil.get_terminal_size((100, 24)).columns, 100)
        click.echo(page_text(page, width, coloured=coloured), nl=False, color=coloured)


@click.command()
@click.option("--output-format", type=click.Choice(("text", "json")), default="text", show_default=True)
def rules(output_format: str) -> None:
    """List the catalogue."""
    from djlint_spec.engine import rulebook

    with told_apart():
        pages = list(rulebook().pages.values())
        if output_format == "json":
            click.echo(json.dumps([_entry(page) for page in pages], indent=2))
            return
        width = max(len(page.name) for page in pages)
        for page in pages:
            off = "" if page.default else " (off by default)"
            click.echo(f"{page.code}  {page.name:<{width}}  {page.level:<10}  {page.summary}{off}")


def _entry(page: Page) -> JsonValue:
    return {
        "code": page.code,
        "name": page.name,
        "family": page.family,
        "severity": page.level,
        "fix": page.fix,
        "gate": page.gate,
        "since": page.since,
        "spec": page.spec,
        "default": page.default,
        "summary": page.summary,
        "url": page.url,
        "options": {key: {name: _json(value) for name, value in entry.items()} for key, entry in page.options.items()},
    }


def _json(value: object) -> JsonValue:
    match value:
        case bool() | int() | float() | str() | None:
            return value
        case list() | tuple():
            return [_json(item) for item in value]
        case _:
            return str(value)
