"""A copy of a fixture project, and what the command finds in it: what every face has to find too."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

import djlint_spec

FIXTURES = Path(__file__).parents[2] / "fixtures"
LEFT_OUT = ("DJS001", "DJS002")

Places: TypeAlias = "set[tuple[str, int, int, str]]"


@pytest.fixture(params=sorted(entry.name for entry in FIXTURES.iterdir() if (entry / "EXPECTED.toml").is_file()))
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The root of a copy, outside any checkout."""
    root = tmp_path / str(request.param)
    shutil.copytree(FIXTURES / str(request.param), root)
    return root


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A copy of the legacy shop."""
    root = tmp_path / "legacy_shop"
    shutil.copytree(FIXTURES / "legacy_shop", root)
    return root


@pytest.fixture
def found() -> Callable[[Path], Places]:
    """File, row, column and code of all that the engine finds below a folder."""

    def places(root: Path) -> Places:
        report = djlint_spec.check([root], djlint_spec.Config(ignore=LEFT_OUT))
        return {(f.span.path, f.span.row, f.span.column, f.code) for f in report.findings}

    return places
