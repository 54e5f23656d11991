"""The pylint plugin: `load-plugins = djlint_spec.pylint_plugin`.

One checker a family, and a message for each rule: its symbol is the rule's name, its id the letter of the severity and
7abc for DJSabc. pylint pickles its linter for each worker, so checkers hold plain values only; a worker reads the facts
that the first process left in the cache. pylint parses every file itself: DJS001 and DJS002 are left to the command.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pylint.checkers import BaseChecker

from djlint_spec.catalog import Page
from djlint_spec.config import ConfigError
from djlint_spec.diagnostics import Finding, Severity
from djlint_spec.engine import rulebook
from djlint_spec.engine.by_file import FaceOptions, project_at
from djlint_spec.source import Source, decode

if TYPE_CHECKING:
    from astroid import nodes
    from pylint.lint import PyLinter
    from pylint.typing import Options

_LETTERS = {Severity.ERROR: "E", Severity.WARNING: "W", Severity.CONVENTION: "C"}
_LEFT_OUT = frozenset({"DJS001", "DJS002"})
_USAGE = 32
"""pylint's exit code for a configuration that cannot be used."""

_OPTIONS: Options = (
    (
        "djlint-spec-config",
        {"type": "string", "metavar": "<file>", "default": "", "help": "Configuration file of djlint-spec."},
    ),
    (
        "djlint-spec-select",
        {"type": "csv", "metavar": "<rules>", "default": (), "help": "Rules of djlint-spec to run, and no others."},
    ),
    (
        "djlint-spec-ignore",
        {"type": "csv", "metavar": "<rules>", "default": (), "help": "Rules of djlint-spec to leave out."},
    ),
    (
        "djlint-spec-extend-select",
        {"type": "csv", "metavar": "<rules>", "default": (), "help": "Rules of djlint-spec to run as well."},
    ),
    (
        "djlint-spec-cache-dir",
        {"type": "string", "metavar": "<folder>", "default": "", "help": "Where djlint-spec keeps facts of files."},
    ),
)


def message_id(page: Page) -> str:
    """The pylint id of a rule: `W7201` for DJS201, a warning."""
    return f"{_LETTERS[page.severity]}7{page.code.removeprefix('DJS')}"


class FamilyChecker(BaseChecker):
    """Emits the findings of one family's rules in the module that pylint hands over."""

    def __init__(self, linter: PyLinter, family: str, pages: Sequence[Page], *, with_options: bool) -> None:
        self.name = f"djlint-spec-{family}"
        self.msgs = {message_id(page): ("%s", page.name, page.summary or page.name) for page in pages}
        self.options = _OPTIONS if with_options else ()
        self._ids = {page.code: message_id(page) for page in pages}
        super().__init__(linter)

    def visit_module(self, node: nodes.Module) -> None:
        """Report on one module; its text is what pylint read, saved or not."""
        if not node.file or node.file == "<?>":
            return
        with node.stream() as stream:
            raw = stream.read()
        try:
            found = _findings(Path(node.file), raw, _options(self.linter))
        except ConfigError as error:
            self.linter.add_message("fatal", line=1, args=f"djlint-spec: {error}")
            return
        for finding in found:
            known = self._ids.get(finding.code)
            if known is not None:
                span = finding.span
                self.add_message(
                    known,
                    node=node,  # a comment that opens a block disables all of it, as for pylint's own messages
                    line=span.row,
                    col_offset=span.column - 1,
                    end_lineno=span.end_row,
                    end_col_offset=span.end_column - 1,
                    args=(finding.message,),
                )


@functools.lru_cache(maxsize=1)  # each family's checker asks for the same module in turn
def _findings(path: Path, raw: bytes, options: FaceOptions) -> Sequence[Finding]:
    read = decode(path.name, raw)
    return project_at(path, options).findings(path, read.text) if isinstance(read, Source) else ()


def _options(linter: PyLinter) -> FaceOptions:
    config = linter.config
    return FaceOptions(
        Path(config.djlint_spec_config) if config.djlint_spec_config else None,
        Path(config.djlint_spec_cache_dir) if config.djlint_spec_cache_dir else None,
        tuple(config.djlint_spec_select),
        tuple(config.djlint_spec_ignore),
        tuple(config.djlint_spec_extend_select),
    )


def _families(pages: Iterable[Page]) -> dict[str, list[Page]]:
    families: dict[str, list[Page]] = {}
    for page in pages:
        if page.code not in _LEFT_OUT:
            families.setdefault(page.family, []).append(page)
    return families


def register(linter: PyLinter) -> None:
    """Called by pylint: add the checkers."""
    for number, (family, pages) in enumerate(_families(rulebook().pages.values()).items()):
        linter.register_checker(FamilyChecker(linter, family, pages, with_options=number == 0))


def load_configuration(linter: PyLinter) -> None:
    """Called by pylint when its options are read: refuse a bad configuration, and leave the facts for the workers."""
    try:
        project = project_at(Path.cwd(), _options(linter))
        if linter.config.jobs != 1:
            _ = project.on_disk
    except ConfigError as error:
        print(f"djlint-spec: {error}", file=sys.stderr)
        sys.exit(_USAGE)
