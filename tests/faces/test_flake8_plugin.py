"""flake8, run as a process, finds what the command finds."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flake8.main.application import Application

from djlint_spec.flake8_plugin import Plugin
from tests.faces.conftest import Places

_LINE = re.compile(r"^(?:\./)?(.+?):(\d+):(\d+): (DJS\d+) ")


def flake8(root: Path, *arguments: str, stdin: str | None = None) -> tuple[int, Places, str]:
    command = [sys.executable, "-m", "flake8", "--select=DJS", f"--djlint-spec-cache-dir={root.parent / 'cache'}"]
    run = subprocess.run([*command, *arguments], cwd=root, input=stdin, capture_output=True, text=True, check=False)
    matches = [match for line in run.stdout.splitlines() if (match := _LINE.match(line))]
    return run.returncode, {(m[1], int(m[2]), int(m[3]), m[4]) for m in matches}, run.stderr


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_whole_project_gives_the_findings_of_the_command(
    project: Path, found: Callable[[Path], Places], jobs: str
) -> None:
    code, places, errors = flake8(project, f"-j{jobs}", ".")
    assert places == found(project), errors
    assert code == 1


def test_unsaved_text_from_stdin_is_what_counts(shop: Path) -> None:
    text = (shop / "billing" / "views.py").read_text()
    _, before, _ = flake8(shop, "billing/views.py")
    _, moved, _ = flake8(shop, "--stdin-display-name=billing/views.py", "-", stdin=f"# one more line\n{text}")
    assert before
    assert {(path, row - 1, column, code) for path, row, column, code in moved} == before
    assert flake8(shop, "-", stdin=text)[1] == set(), "a text without a file belongs to no project"


def test_a_file_with_other_line_ends_is_the_saved_one(shop: Path) -> None:
    views = shop / "billing" / "views.py"
    _, before, _ = flake8(shop, "billing/views.py")
    views.write_bytes(views.read_bytes().replace(b"\n", b"\r\n"))
    assert flake8(shop, "billing/views.py")[1] == before


def test_a_bad_configuration_is_one_line_and_no_result(shop: Path) -> None:
    (shop / "djlint-spec.toml").write_text('select = ["DJS2O1"]\nselct = []\n')
    code, places, errors = flake8(shop, "billing/views.py")
    assert (code, places) == (2, set())
    assert errors.strip().startswith('djlint-spec: djlint-spec.toml: unknown key "selct"')


def test_a_corrupt_baseline_is_one_line_and_no_result(shop: Path) -> None:
    (shop / "djlint-spec-baseline.json").write_text("{")
    code, places, errors = flake8(shop, "billing/views.py")
    assert (code, places) == (2, set())
    assert errors.strip().startswith("djlint-spec: djlint-spec-baseline.json: not a baseline")


def test_a_bad_configuration_of_a_project_below_is_told_in_its_files(shop: Path) -> None:
    (shop / "billing" / "djlint-spec.toml").write_text("selct = []\n")
    code, places, _ = flake8(shop, "-j1", "billing/views.py")
    assert (code, places) == (1, {("billing/views.py", 1, 1, "DJS000")})


def test_in_one_process_with_its_caller(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop)
    application = Application()
    application.run(["--select=DJS", "-j1", f"--djlint-spec-cache-dir={shop.parent / 'cache'}", "billing", "--quiet"])
    assert application.result_count > 0
    (shop / "djlint-spec.toml").write_text("select = 1\n")
    with pytest.raises(SystemExit) as ended:
        Application().run(["--select=DJS", "billing"])
    assert ended.value.code == 2


def test_text_without_a_file_has_no_findings() -> None:
    assert list(Plugin(ast.parse(""), "stdin", ["x = 1\n"]).run()) == []
