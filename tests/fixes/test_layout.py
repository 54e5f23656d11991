"""The project's formatter settles how changed statements are laid out."""

from __future__ import annotations

from pathlib import Path

import pytest

from djlint_spec.fixes.layout import Layout, layout_of


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, Layout()),
        ({"pyproject.toml": "not toml ["}, Layout()),
        ({"pyproject.toml": "[tool]\nblack = 1"}, Layout()),
        ({"pyproject.toml": "[tool.ruff]\nline-length = 120"}, Layout(120)),
        ({"ruff.toml": 'line-length = 100\n[format]\nquote-style = "single"'}, Layout(100, quotes=False)),
        ({".ruff.toml": "[format]\nskip-magic-trailing-comma = true"}, Layout(magic_commas=False)),
        (
            {"pyproject.toml": "[tool.ruff]\nline-length = 120\n[tool.black]\nline-length = 79\npreview = true"},
            Layout(79, preview=True),
        ),
        ({"pyproject.toml": "[tool.black]\nskip-string-normalization = true"}, Layout(quotes=False)),
    ],
)
def test_the_layout_is_that_of_black_then_of_ruff(files: dict[str, str], expected: Layout) -> None:
    assert layout_of(files.get) == expected


def test_what_black_cannot_read_is_left(tmp_path: Path) -> None:
    assert Layout().format("    x = (\n", 1) is None
    assert Layout().format("x = 1", 0) == "x = 1\n"
