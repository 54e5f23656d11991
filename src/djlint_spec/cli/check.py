"""`djlint-spec check`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from djlint_spec.cli.completion import formats, selectors
from djlint_spec.cli.fixes import FixWish, fix_options, tell_fixes
from djlint_spec.cli.output import FORMATS, Target, Telling, redirected, silence, targets_of
from djlint_spec.cli.place import Place, place_of, style_of
from djlint_spec.cli.progress import shown_progress
from djlint_spec.cli.since import since_of, since_options
from djlint_spec.cli.trouble import REPORT, Trouble, told_apart

if TYPE_CHECKING:
    from djlint_spec.config import Config
    from djlint_spec.engine import Fault, Report


def _selectors(_: click.Context, __: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--select", multiple=True, callback=_selectors, shell_complete=selectors, help="Rules to run, and no others."
)
@click.option("--ignore", multiple=True, callback=_selectors, shell_complete=selectors, help="Rules to leave out.")
@click.option(
    "--extend-select", multiple=True, callback=_selectors, shell_complete=selectors, help="Rules to run as well."
)
@click.option(
    "--output-format",
    "targets",
    multiple=True,
    callback=targets_of,
    metavar="FORMAT[=FILE]",
    shell_complete=formats,
    help=f"One of {', '.join(FORMATS)}; several at a time, all but one to files.  [default: full]",
)
@click.option("--output-file", type=click.Path(path_type=Path), help="Write to this file instead of stdout.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 though there are findings.")
@click.option("--config", "config_file", type=click.Path(path_type=Path), help="Configuration file to use.")
@click.option("--stdin-filename", type=click.Path(path_type=Path), help="Check stdin as this file's unsaved text.")
@since_options
@fix_options
@click.option(
    "--force-exclude", is_flag=True, help="Leave out what the excludes leave out though it is among PATHS, or stdin's."
)
@click.option("--statistics", is_flag=True, help="Count the findings of each rule instead of printing them.")
@click.option(
    "--add-noqa",
    is_flag=False,
    flag_value="",
    metavar="[=REASON]",
    help="Silence every finding by a comment on its line.",
)
@click.option("--no-baseline", is_flag=True, help="Report what the baseline knows as well.")
@click.option("--color", "colour", type=click.Choice(("auto", "always", "never")), default="auto", show_default=True)
@click.option("--watch", is_flag=True, help="Report again whenever a file changes, until interrupted.")
@click.option("-q", "--quiet", is_flag=True, help="Print findings and nothing else.")
@click.option("--verbose", is_flag=True, help="Tell what could not be resolved, and where a rule failed.")
@click.option("--no-cache", is_flag=True, help="Neither read nor write what earlier runs extracted.")
@click.option("--cache-dir", type=click.Path(path_type=Path), help="Where to keep it.  [default: the user's cache]")
def check(
    paths: tuple[Path, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    extend_select: tuple[str, ...],
    targets: tuple[Target, ...],
    output_file: Path | None,
    config_file: Path | None,
    stdin_filename: Path | None,
    colour: str,
    cache_dir: Path | None,
    add_noqa: str | None,
    revision: str | None,
    *,
    elsewhere: bool,
    force_exclude: bool,
    statistics: bool,
    no_baseline: bool,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    fix_only: bool,
    show_fixes: bool,
    exit_zero: bool,
    watch: bool,
    quiet: bool,
    verbose: bool,
    no_cache: bool,
) -> None:
    """Check files and folders (the current folder by default).

    Rules are named by code, beginning of a code, name, family or severity; several by commas.
    """
    from djlint_spec import engine
    from djlint_spec.cache import FactsCache, cache_file

    with told_apart():
        _refuse_together(click.get_current_context())
        place = place_of(
            (stdin_filename,) if stdin_filename else paths, config_file, unsaved=stdin_filename is not None
        )

        def selected(config: Config) -> Config:
            chosen = _selected(config, select, ignore, extend_select)
            return replace(chosen, force_exclude=force_exclude or chosen.force_exclude)

        config = selected(place.config)
        cache = None if no_cache else FactsCache(cache_file(place.root, cache_dir))
        style = style_of(place.root, colour)
        telling = Telling(redirected(targets, output_file), style, statistics=statistics, quiet=quiet)
        if watch:
            from djlint_spec.cli.watch import watch as watch_project

            def told(report: Report) -> None:
                telling.put(report)
                _tell_faults(report.faults, verbose=verbose)

            wanted = [_from_root(path, place) for path in place.paths]
            watch_project(place.root, wanted, lambda: selected(place_of(paths, config_file).config), cache, told)
            sys.exit(0)
        unsaved = {_from_root(stdin_filename, place): sys.stdin.buffer.read()} if stdin_filename else None
        wish = FixWish(fix=fix, unsafe=unsafe_fixes, diff=diff, only=fix_only, show=show_fixes)
        since = since_of(revision, paths, elsewhere=elsewhere)
        looked_at = [place.root, *place.paths] if since and since.whole else place.paths
        if wish.wanted:
            with shown_progress(quiet=quiet) as progress:
                fixing = engine.fix(
                    looked_at,
                    config,
                    root=place.root,
                    unsaved=unsaved,
                    cache=cache,
                    unsafe=wish.unsafe,
                    write=not diff,
                    since=since,
                    progress=progress,
                )
            report = fixing.report
            tell_fixes(fixing, wish, style, unsaved, quiet=quiet)
        else:
            fixing = None
            with shown_progress(quiet=quiet) as progress:
                report = engine.check(
                    looked_at,
                    config,
                    root=place.root,
                    unsaved=unsaved,
                    cache=cache,
                    with_baseline=not no_baseline,
                    since=since,
                    progress=progress,
                )
        if add_noqa is not None:
            silence(report, place.root, add_noqa)
            sys.exit(0)
        if statistics or not wish.only_fixes:
            telling.put(report, to_stderr=bool(fixing and unsaved))
        _tell_faults((*report.faults, *(fixing.faults if fixing else ())), verbose=verbose)
        if verbose:
            from djlint_spec.engine import diagnosis

            click.echo(diagnosis.diagnose(place.paths, config, place.root).unresolved_text(), err=True)
    if report.faults or (fixing and fixing.faults):
        sys.exit(2)
    found = bool(fixing and fixing.after) if diff else bool(report.findings) and not fix_only
    sys.exit(1 if found and not exit_zero else 0)


_NOT_WATCHED = ("fix", "diff", "fix_only", "stdin_filename", "add_noqa", "revision", "elsewhere", "no_baseline")


def _refuse_together(context: click.Context) -> None:
    """Raise Trouble for options that exclude each other."""
    given = context.params
    options = {parameter.name: parameter.opts[-1] for parameter in context.command.params}
    if given["watch"]:
        for name in _NOT_WATCHED:
            if given[name] not in (None, False):
                raise Trouble(f"--watch: not together with {options[name]}")
    if given["quiet"] and given["verbose"]:
        raise Trouble("--quiet: not together with --verbose")


def _selected(
    config: Config, select: tuple[str, ...], ignore: tuple[str, ...], extend_select: tuple[str, ...]
) -> Config:
    """The configuration with what the command line selects. Raises ConfigError for a word that names no rule."""
    from djlint_spec.config import matching
    from djlint_spec.engine import rulebook

    pages = rulebook().pages.values()
    for option, words in (("--select", select), ("--ignore", ignore), ("--extend-select", extend_select)):
        for word in words:
            matching(pages, word, option)
    return replace(
        config,
        select=select or config.select,
        ignore=(*config.ignore, *ignore),
        extend_select=(*config.extend_select, *extend_select),
    )


def _from_root(file: Path, place: Place) -> str:
    relative = file.resolve().relative_to(place.root).as_posix()
    return "" if relative == "." else relative


def _tell_faults(faults: Sequence[Fault], *, verbose: bool) -> None:
    for fault in faults:
        place = f"{fault.path}:{fault.row}" if fault.path else "the whole project"
        if verbose:
            click.echo(fault.traceback, err=True, nl=False)
        click.echo(
            f"djlint-spec: a fault of ours in {fault.rule} on {place}: {fault.error} at {fault.raised_at} ({REPORT})",
            err=True,
        )
