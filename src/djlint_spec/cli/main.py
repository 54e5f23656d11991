"""`djlint-spec`: check, rule, rules, doctor. Exit codes: 0 clean, 1 findings, 2 the tool could not do its work."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from djlint_spec import __version__
from djlint_spec.config import Config, ConfigError, find_config, parse_config

if TYPE_CHECKING:
    from djlint_spec.reporters import Style

_FORMATS = ("full", "concise", "json")


class _Trouble(click.ClickException):
    """Something of the user's that keeps the tool from its work: one line, exit code 2."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Print the line."""
        click.echo(f"djlint-spec: {self.message}", err=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="djlint-spec")
def main() -> None:
    """Hold a Django project to its conventions."""


def _selectors(_: click.Context, __: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--select", multiple=True, callback=_selectors, help="Rules to run, and no others.")
@click.option("--ignore", multiple=True, callback=_selectors, help="Rules to leave out.")
@click.option("--extend-select", multiple=True, callback=_selectors, help="Rules to run as well.")
@click.option("--output-format", type=click.Choice(_FORMATS), help="How findings are printed.  [default: full]")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 though there are findings.")
@click.option("--config", "config_file", type=click.Path(path_type=Path), help="Configuration file to use.")
@click.option("--stdin-filename", type=click.Path(path_type=Path), help="Check stdin as this file's unsaved text.")
@click.option("--verbose", is_flag=True, help="Tell what could not be resolved.")
@click.option("--no-cache", is_flag=True, help="Neither read nor write what earlier runs extracted.")
@click.option("--cache-dir", type=click.Path(path_type=Path), help="Where to keep it.  [default: the user's cache]")
def check(
    paths: tuple[Path, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    extend_select: tuple[str, ...],
    output_format: str | None,
    config_file: Path | None,
    stdin_filename: Path | None,
    cache_dir: Path | None,
    *,
    exit_zero: bool,
    verbose: bool,
    no_cache: bool,
) -> None:
    """Check files and folders (the current folder by default)."""
    from djlint_spec import engine, reporters
    from djlint_spec.cache import FactsCache, cache_file
    from djlint_spec.engine.run import root_of

    if stdin_filename is not None:
        paths = (stdin_filename,)
    places = paths or (Path(),)
    for place in places:
        if not place.exists() and stdin_filename is None:
            raise _Trouble(f"{place}: no such file or folder")
    config = _config(places[0], config_file)
    config = replace(
        config,
        select=select or config.select,
        ignore=(*config.ignore, *ignore),
        extend_select=(*config.extend_select, *extend_select),
    )
    root = root_of(places)
    unsaved = None
    if stdin_filename is not None:
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
        unsaved = {stdin_filename.resolve().relative_to(root).as_posix(): text}
    try:
        cache = None if no_cache else FactsCache(cache_file(root, cache_dir))
        report = engine.check(places, config, unsaved=unsaved, cache=cache)
    except ConfigError as error:
        raise _Trouble(str(error)) from None
    style = _style(root)
    click.echo(reporters.write(report, output_format or "full", style), nl=False)
    click.echo(reporters.summary(report), err=True)
    if verbose:
        _tell_unresolved(places, config)
    for fault in report.faults:
        click.echo(
            f"djlint-spec: a fault of ours in {fault.rule} on {fault.path}: {fault.error}"
            f" (report it with djlint-spec {__version__})",
            err=True,
        )
    if report.faults:
        sys.exit(2)
    sys.exit(1 if report.findings and not exit_zero else 0)


@main.command()
@click.argument("word", metavar="CODE|NAME")
def rule(word: str) -> None:
    """Print a rule's page."""
    from djlint_spec.catalog import page_of
    from djlint_spec.config.options import did_you_mean
    from djlint_spec.engine import rulebook

    pages = rulebook().pages.values()
    page = page_of(pages, word)
    if page is None:
        known = [name for page in pages for name in (page.code, page.name)]
        raise _Trouble(f'unknown rule "{word}"{did_you_mean(word, known)}')
    click.echo(f"{page.code} {page.name} · {page.family} · {page.level} · fix: {page.fix} · since {page.since}")
    if page.gate:
        click.echo(f"Needs {page.gate}.")
    click.echo(f"Spec: {page.spec}\n")
    click.echo(page.text, nl=False)


@main.command()
@click.option("--output-format", type=click.Choice(("text", "json")), default="text")
def rules(output_format: str) -> None:
    """List the catalogue."""
    from djlint_spec.engine import rulebook

    pages = list(rulebook().pages.values())
    if output_format == "json":
        click.echo(
            json.dumps(
                [
                    {
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
                        "options": {key: dict(entry) for key, entry in page.options.items()},
                    }
                    for page in pages
                ],
                indent=2,
            )
        )
        return
    width = max(len(page.name) for page in pages)
    for page in pages:
        off = "" if page.default else " (off by default)"
        click.echo(f"{page.code}  {page.name:<{width}}  {page.level:<10}  {page.summary}{off}")


@main.command()
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@click.option("--output-format", type=click.Choice(("text", "json")), default="text")
def doctor(path: Path, output_format: str) -> None:
    """Tell what was detected in a project, and what could not be resolved."""
    from djlint_spec.engine import diagnosis

    if not path.exists():
        raise _Trouble(f"{path}: no such file or folder")
    try:
        found = diagnosis.diagnose((path,), _config(path, None))
    except ConfigError as error:
        raise _Trouble(str(error)) from None
    click.echo(json.dumps(found.as_json(), indent=2) if output_format == "json" else found.as_text())


def _tell_unresolved(places: Sequence[Path], config: Config) -> None:
    from djlint_spec.engine import diagnosis

    click.echo(diagnosis.diagnose(places, config).unresolved_text(), err=True)


def _config(place: Path, given: Path | None) -> Config:
    path = given or find_config(place)
    if path is None:
        return Config()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _Trouble(f"{path}: cannot be read: {error}") from None
    try:
        return parse_config(text, os.path.relpath(path))
    except ConfigError as error:
        raise _Trouble(str(error)) from None


def _style(root: Path) -> Style:
    from djlint_spec.reporters import Style

    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if terminal else 120
    return Style(root, Path.cwd(), width, colour=terminal and "NO_COLOR" not in os.environ)
