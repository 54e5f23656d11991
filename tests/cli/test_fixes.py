"""`check --fix` and its relatives, as processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.test_fixing import API, FILES, on_disk

ONLY = ("--select", "DJS104,DJS201,DJS202", "--no-cache")


def run(root: Path, *arguments: str, stdin: bytes | None = None) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of `check` in a folder."""
    command = [sys.executable, "-m", "djlint_spec", "check", *ONLY, *arguments]
    done = subprocess.run(command, cwd=root, input=stdin, capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return on_disk(tmp_path)


def test_a_plain_check_says_how_many_can_be_fixed(project: Path) -> None:
    code, out, err = run(project, "--output-format", "concise")
    assert code == 1
    assert "2 can be fixed with --fix, 1 more with --unsafe-fixes." in err
    assert out.count("[*]") == 2


def test_fix_mends_and_reports_what_is_left(project: Path) -> None:
    code, out, err = run(project, "--fix", "--output-format", "concise")
    assert code == 1
    assert "DJS202" in out
    assert "DJS201" not in out
    assert "Fixed 2 findings in 2 files." in err
    assert "1 can be fixed with --fix --unsafe-fixes." in err
    code, out, err = run(project, "--fix", "--unsafe-fixes")
    assert (code, out) == (0, "")
    assert 'select_related("shelf__hub").prefetch_related("tags")' in (project / "shop/api.py").read_text("utf-8")


def test_fix_only_reports_nothing_that_is_left(project: Path) -> None:
    code, out, err = run(project, "--fix-only")
    assert (code, out) == (0, "")
    assert err == "Fixed 2 findings in 2 files.\n"


def test_show_fixes_lists_them(project: Path) -> None:
    _, _, err = run(project, "--fix", "--show-fixes")
    assert "Fixed:\n  shop/api.py\n    1 x DJS201 missing-select-related\n  shop/models.py\n" in err


def test_diff_writes_nothing_and_exits_with_1_while_there_is_one(project: Path) -> None:
    code, out, err = run(project, "--diff", "--show-fixes")
    assert code == 1
    assert "--- shop/api.py\n+++ shop/api.py\n" in out
    assert '-    queryset = Box.objects.all()\n+    queryset = Box.objects.select_related("shelf__hub")\n' in out
    assert "Would fix:" in err
    assert "Would fix 2 findings in 2 files." in err
    assert (project / "shop/api.py").read_text("utf-8") == API
    assert run(project, "--diff", "--exit-zero")[0] == 0
    run(project, "--fix")
    assert run(project, "--diff") == (0, "", "Nothing to fix.\n")


def test_diff_is_coloured_when_asked(project: Path) -> None:
    _, out, _ = run(project, "--diff", "--color", "always")
    assert "\x1b[32m+    queryset" in out
    assert "\x1b[1m--- shop/api.py" in out


def test_stdin_is_fixed_to_stdout(project: Path) -> None:
    raw = b"\xef\xbb\xbf" + API.replace("\n", "\r\n").encode().rstrip()
    code, out, err = run(project, "--fix", "--stdin-filename", "shop/api.py", stdin=raw)
    assert code == 1
    assert out == "\ufeff" + API.replace("\n", "\r\n").rstrip().replace(
        "objects.all()", 'objects.select_related("shelf__hub")'
    )
    assert "DJS202" in err
    assert (project / "shop/api.py").read_text("utf-8") == API
    code, out, _ = run(project, "--fix", "--stdin-filename", "shop/api.py", stdin=b"x = 1")
    assert (code, out) == (0, "x = 1")


def test_json_carries_the_edits(project: Path) -> None:
    _, out, _ = run(project, "--output-format", "json")
    fixes = {finding["code"]: finding["fix"] for finding in json.loads(out)}
    assert fixes["DJS201"]["applicability"] == "safe"
    assert fixes["DJS202"]["applicability"] == "unsafe"
    row = 1 + API[: API.index("Box.objects.all()")].count("\n")
    assert fixes["DJS201"]["edits"] == [
        {
            "content": 'select_related("shelf__hub"',
            "filename": "shop/api.py",
            "location": {"row": row, "column": 28},
            "end_location": {"row": row, "column": 32},
        }
    ]


def test_a_finding_that_could_not_be_fixed_says_why(project: Path) -> None:
    (project / "shop/api.py").chmod(0o444)
    code, _, err = run(project, "--fix")
    assert code == 1
    assert "shop/api.py:16:16: DJS201 not fixed: the file is read-only." in err


def test_the_final_newline_that_is_missing_is_told(tmp_path: Path) -> None:
    on_disk(tmp_path, {**FILES, "shop/api.py": API.rstrip()})
    _, out, _ = run(tmp_path, "--diff")
    assert out.count("\\ No newline at end of file\n") == 2


def test_sarif_carries_the_edits(project: Path) -> None:
    _, out, _ = run(project, "--output-format", "sarif")
    results = {result["ruleId"]: result["fixes"] for result in json.loads(out)["runs"][0]["results"]}
    change = results["DJS104"][0]["artifactChanges"][0]
    assert change["artifactLocation"]["uri"] == "shop/models.py"
    assert [part["insertedContent"]["text"] for part in change["replacements"]] == ["ondition"]
