"""Several formats in one run, to stdout and to files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from djlint_spec.cli import main

MODELS = """from django.db import models


class Order(models.Model):
    number = models.CharField(max_length=9, primary_key=True)
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "manage.py").write_text("")
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "models.py").write_text(MODELS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["check", "--no-cache", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_one_format_goes_to_stdout_and_the_others_to_files(project: Path) -> None:
    code, out, _ = run("--output-format", "sarif=out.sarif", "--output-format", "github", "--output-format=json=f.json")
    assert code == 1
    assert out.startswith("::notice title=DJS101")
    assert json.loads((project / "out.sarif").read_text())["runs"][0]["results"][0]["ruleId"] == "DJS101"
    assert [f["code"] for f in json.loads((project / "f.json").read_text())] == ["DJS101"]


def test_an_output_file_takes_what_stdout_would(project: Path) -> None:
    code, out, _ = run("--output-format", "json", "--output-file", "found.json", "--color", "always")
    assert (code, out) == (1, "")
    assert [f["code"] for f in json.loads((project / "found.json").read_text())] == ["DJS101"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--output-format", "gihub"], 'unknown format "gihub" (did you mean github?)'),
        (["--output-format", "github", "--output-format", "json"], "one format only can go to stdout"),
        (["--output-format", "json=no/such/folder.json"], "cannot be written"),
    ],
)
def test_mistakes_are_one_line_and_exit_code_2(project: Path, arguments: list[str], told: str) -> None:
    code, _, errors = run(*arguments)
    assert code == 2
    (line,) = [line for line in errors.splitlines() if line.startswith("djlint-spec: ")]
    assert told in line
