"""Where a report goes, and in which formats: `--output-format sarif=out.sarif --output-format github`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from djlint_spec.cli.trouble import Trouble

if TYPE_CHECKING:
    from djlint_spec.engine import Report
    from djlint_spec.reporters import Style

# Named here too, so that --help need not load the reporters; a test holds the two together.
FORMATS = (
    "full", "concise", "grouped", "json", "json-lines", "sarif", "github", "gitlab", "azure", "junit", "pylint",
    "rdjson",
)  # fmt: skip
_DEFAULT = "full"


@dataclass(frozen=True, slots=True)
class Target:
    """One format, and the file it is written to; None for stdout."""

    name: str
    file: Path | None = None


def targets_of(context: click.Context, parameter: click.Parameter, values: Sequence[str]) -> tuple[Target, ...]:
    """The targets that `--output-format` names. Raises Trouble for a format that is none, or two for stdout."""
    del context, parameter
    targets = []
    for value in values:
        name, _, file = value.partition("=")
        if name not in FORMATS:
            from djlint_spec.config.options import did_you_mean

            raise Trouble(f'--output-format: unknown format "{name}"{did_you_mean(name, FORMATS)}')
        targets.append(Target(name, Path(file) if file else None))
    if sum(1 for target in targets if target.file is None) > 1:
        raise Trouble("--output-format: one format only can go to stdout; give the others a file (sarif=out.sarif)")
    return tuple(targets) or (Target(_DEFAULT),)


def redirected(targets: Sequence[Target], output_file: Path | None) -> Sequence[Target]:
    """The targets with the one for stdout sent to `--output-file`."""
    if output_file is None:
        return targets
    return [replace(target, file=target.file or output_file) for target in targets]


@dataclass(frozen=True, slots=True)
class Telling:
    """How a report is told: where it goes, how it is laid out, whether it is counted, and whether it is summed up."""

    targets: Sequence[Target]
    style: Style
    statistics: bool = False
    quiet: bool = False

    def put(self, report: Report, *, to_stderr: bool = False) -> None:
        """Write the report to each target, or only count it; and its summary to stderr.

        With `to_stderr`, stdout is taken: by a text that was fixed. Raises Trouble for a file that cannot be written.
        """
        from djlint_spec import reporters

        if self.statistics:
            click.echo(reporters.statistics(report), nl=False)
        else:
            for target in self.targets:
                self._put_one(report, target, to_stderr=to_stderr)
        if not self.quiet:
            click.echo(reporters.summary(report), err=True)

    def _put_one(self, report: Report, target: Target, *, to_stderr: bool) -> None:
        from djlint_spec import reporters

        style = self.style
        if target.file is None:
            click.echo(reporters.write(report, target.name, style), nl=False, err=to_stderr, color=style.colour)
            if report.findings and target.name == _DEFAULT and not self.quiet:
                click.echo(err=True)
            return
        text = reporters.write(report, target.name, replace(style, colour=False))
        try:
            target.file.write_text(text, encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            raise Trouble(f"{target.file}: cannot be written: {error.strerror or error}") from None


def silence(report: Report, root: Path, reason: str) -> None:
    """Put a comment on the line of every finding, and tell which files were left as they are."""
    from djlint_spec.engine.noqa import add_comments

    done, left = add_comments(root, report.findings, reason)
    for path, why in left.items():
        click.echo(f"{path}: not changed: {why}", err=True)
    click.echo(f"Silenced {sum(done.values())} findings in {len(done)} files.", err=True)
