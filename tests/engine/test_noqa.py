"""`--add-noqa` silences every finding by a comment, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from djlint_spec.cli import main

MODELS = """from django.db import models


class Order(models.Model):
    number = models.CharField(
        max_length=9,
        primary_key=True,
    )


class Line(models.Model):
    number = models.CharField(max_length=9, primary_key=True)  # noqa: A003


class Note(models.Model):
    number = models.CharField(max_length=9, primary_key=True)  # the printed one
"""


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "manage.py").write_text("")
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "models.py").write_bytes(MODELS.replace("\n", "\r\n").encode())
    monkeypatch.chdir(tmp_path)
    return tmp_path / "shop" / "models.py"


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["check", "--no-cache", "--select", "DJS101,DJS002", *arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("option", ["--add-noqa", "--add-noqa=shared with the old system"])
def test_every_finding_is_silent_afterwards_and_every_comment_of_use(models: Path, option: str) -> None:
    code, _, errors = run(option)
    assert (code, errors.strip().splitlines()[-1]) == (0, "Silenced 3 findings in 1 files.")
    assert run()[:2] == (0, "")
    lines = models.read_bytes().decode().split("\r\n")
    assert [line.partition("  # ")[0] for line in lines] == [line.partition("  # ")[0] for line in MODELS.split("\n")]


def test_codes_join_a_comment_that_lists_some(models: Path) -> None:
    run("--add-noqa")
    text = models.read_text()
    assert "primary_key=True)  # noqa: A003, DJS101\n" in text
    assert "# the printed one  # noqa: DJS101\n" in text


def test_a_file_that_cannot_be_written_is_told(models: Path) -> None:
    models.chmod(0o444)
    _, _, errors = run("--add-noqa")
    assert "shop/models.py: not changed: the file is read-only" in errors


def test_statistics_count_by_rule(models: Path) -> None:
    code, out, _ = run("--statistics")
    assert (code, out) == (1, "3  DJS101  [ ]  non-uuid-primary-key\n")
