"""A baseline holds back what is known, outlives moved lines and formatting, and shrinks when asked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from djlint_spec.cli import main
from djlint_spec.engine.locating import BASELINE

ROOT = Path(__file__).parents[2]
MODELS = """from django.db import models


class Order(models.Model):
    number = models.CharField("the number that is printed on it", max_length=9, primary_key=True)


class Line(models.Model):
    number = models.CharField(max_length=9, primary_key=True)


class Note(models.Model):
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
    result = CliRunner().invoke(main, list(arguments))
    return result.exit_code, result.stdout, result.stderr


def check(*arguments: str) -> tuple[int, list[int], str]:
    code, out, errors = run("check", "--no-cache", "--select", "DJS101", "--output-format", "json", *arguments)
    return code, [finding["location"]["row"] for finding in json.loads(out)], errors


def test_what_is_known_is_not_reported_and_what_is_new_is(project: Path) -> None:
    assert run("baseline")[0] == 0
    code, rows, errors = check()
    assert (code, rows) == (0, [])
    assert "3 known findings of the baseline are not shown." in errors
    models = project / "shop" / "models.py"
    models.write_text(f"{MODELS}\n\nclass Extra(models.Model):\n    number = models.TextField(primary_key=True)\n")
    code, rows, _ = check()
    assert (code, rows) == (1, [17])
    assert check("--no-baseline")[1] == [5, 9, 13, 17]


def test_moved_and_reformatted_code_is_known_still(project: Path) -> None:
    run("baseline")
    head, order, line, note = MODELS.split("\n\n\n")
    (project / "shop" / "models.py").write_text("\n\n\n".join([f"# moved\n{head}", note.rstrip(), line, order]) + "\n")
    black = [sys.executable, "-m", "black", "-q", "--line-length", "40", "shop/models.py"]
    subprocess.run(black, check=True)
    assert 'models.CharField(\n        "the number that' in (project / "shop" / "models.py").read_text()
    assert check()[:2] == (0, [])


def test_equal_findings_of_a_file_are_counted(project: Path) -> None:
    run("baseline")
    more = "\n\nclass Again(models.Model):\n    number = models.CharField(max_length=9, primary_key=True)\n"
    (project / "shop" / "models.py").write_text(MODELS + more)
    assert check()[1] == [17]


def test_it_tells_when_it_can_shrink_and_shrinks(project: Path) -> None:
    run("baseline")
    (project / "shop" / "models.py").write_text(MODELS.replace("class Line(models.Model)", "class Line"))
    assert "1 entry of the baseline is found no more" in check()[2]
    before = json.loads((project / BASELINE).read_text())["findings"]
    assert "1 taken out" in run("baseline", "--prune")[2]
    after = json.loads((project / BASELINE).read_text())["findings"]
    assert len(after) == len(before) - 1
    assert all(entry in before for entry in after)
    assert "found no more" not in check()[2]


def test_the_option_names_another_file(project: Path) -> None:
    (project / "djlint-spec.toml").write_text('baseline = "known.json"\n')
    code, _, errors = run("check")
    assert code == 2
    assert 'djlint-spec.toml: baseline: no file "known.json"' in errors
    run("baseline")
    assert (project / "known.json").is_file()
    assert check()[:2] == (0, [])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"version": 2, "findings": []}',
        b'{"version": 1, "findings": {}}',
        b'{"version": 1, "findings": [{}]}',
        b'{"version": 1, "findings": [{"fingerprint": 1, "code": "", "path": "", "message": ""}]}',
    ],
)
def test_a_corrupt_baseline_is_one_clear_line(project: Path, content: bytes) -> None:
    (project / BASELINE).write_bytes(content)
    code, _, errors = run("check")
    assert code == 2
    assert errors.startswith(f"djlint-spec: {BASELINE}: ")
    assert len(errors.splitlines()) == 1


@pytest.mark.parametrize(("fixture", "length"), [("legacy_shop", "50"), ("specialist", "70")])
def test_all_of_a_project_is_known_after_black_and_moves(fixture: str, length: str) -> None:
    script = str(ROOT / "benchmarks" / "baseline_moves.py")
    command = [sys.executable, script, "--length", length, str(ROOT / "fixtures" / fixture)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "0 new, 0 lost" in done.stdout, done.stdout + done.stderr


def test_a_baseline_that_cannot_be_written_is_one_clear_line(project: Path) -> None:
    code, _, errors = run("baseline", "--output", "no/such/folder.json")
    assert code == 2
    assert "cannot be written" in errors
