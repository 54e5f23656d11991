"""The flake8 plugin: codes `DJS...`, active wherever djlint-spec and flake8 are installed together.

flake8 parses every file itself and has a code of its own for broken ones: DJS001 and DJS002 are left to the command.
"""

from __future__ import annotations

import ast
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from djlint_spec import __version__
from djlint_spec.config import ConfigError
from djlint_spec.engine.by_file import FaceOptions, project_at

if TYPE_CHECKING:
    from flake8.options.manager import OptionManager

_LEFT_OUT = frozenset({"DJS001", "DJS002"})
_NO_FILE = frozenset({"stdin", "-", "(none)"})


class Plugin:
    """Yields the findings of the whole project that lie in one file."""

    name = "djlint-spec"
    version = __version__
    options: ClassVar[FaceOptions] = FaceOptions()

    def __init__(self, tree: ast.AST, filename: str, lines: Sequence[str]) -> None:
        del tree  # flake8 hands over a tree only to plugins that take one; the facts are our own
        self._path = Path(filename)
        self._text = "".join(lines)

    @classmethod
    def add_options(cls, manager: OptionManager) -> None:
        """Called by flake8 before its configuration is read."""
        manager.add_option(
            "--djlint-spec-config", default="", parse_from_config=True, help="Configuration file of djlint-spec."
        )
        manager.add_option(
            "--djlint-spec-cache-dir",
            default="",
            parse_from_config=True,
            help="Where djlint-spec keeps facts of files.",
        )

    @classmethod
    def parse_options(cls, options: Namespace) -> None:
        """Called by flake8 with its configuration: refuses ours if it cannot be used."""
        cls.options = FaceOptions(
            Path(options.djlint_spec_config) if options.djlint_spec_config else None,
            Path(options.djlint_spec_cache_dir) if options.djlint_spec_cache_dir else None,
        )
        try:
            project_at(Path.cwd(), cls.options)
        except ConfigError as error:
            print(f"djlint-spec: {error}", file=sys.stderr)
            sys.exit(2)

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """Row, column from 0, `CODE message` and this class for each finding."""
        if self._path.name in _NO_FILE:
            return
        try:
            found = project_at(self._path, self.options).findings(self._path, self._text)
        except ConfigError as error:  # of a project below the one that flake8 runs in
            yield 1, 0, f"DJS000 djlint-spec: {error}", type(self)
            return
        for finding in found:
            if finding.code not in _LEFT_OUT:
                yield finding.span.row, finding.span.column - 1, f"{finding.code} {finding.message}", type(self)
