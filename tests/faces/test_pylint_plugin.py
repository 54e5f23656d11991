"""pylint, run as a process in every way that people run it, finds what the command finds."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pylint.lint import Run
from pylint.reporters import CollectingReporter

from tests.faces.conftest import Places


def pylint(root: Path, *arguments: str, stdin: str | None = None) -> tuple[int, list[dict[str, Any]], str]:
    """Exit code, messages (JSON of pylint's own shape) and stderr."""
    command = [sys.executable, "-m", "pylint", "--load-plugins=djlint_spec.pylint_plugin", "--output-format=json2"]
    command += [f"--djlint-spec-cache-dir={root.parent / 'cache'}", "--persistent=n", *arguments]
    run = subprocess.run(command, cwd=root, input=stdin, capture_output=True, text=True, check=False)
    return run.returncode, json.loads(run.stdout)["messages"] if run.stdout.strip() else [], run.stderr


def places(messages: list[dict[str, Any]]) -> Places:
    """The places of our own messages, and nothing else."""
    return {
        (Path(m["path"]).as_posix(), m["line"], m["column"] + 1, f"DJS{m['messageId'][2:]}")
        for m in messages
        if m["messageId"][1] == "7"
    }


def python_files(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*.py"))


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_whole_project_gives_the_findings_of_the_command(
    project: Path, found: Callable[[Path], Places], jobs: str
) -> None:
    _, messages, errors = pylint(project, "--disable=all", "--enable=E,W,C", f"-j{jobs}", *python_files(project))
    assert places(messages) == found(project), errors
    assert not any(m["symbol"] == "astroid-error" for m in messages)


def test_one_file_gives_its_own_findings(shop: Path, found: Callable[[Path], Places]) -> None:
    _, messages, _ = pylint(shop, "billing/views.py")
    expected = {place for place in found(shop) if place[0] == "billing/views.py"}
    assert expected
    assert places(messages) == expected


def test_unsaved_text_from_stdin_is_what_counts(shop: Path) -> None:
    text = (shop / "billing" / "views.py").read_text()
    _, before, _ = pylint(shop, "billing/views.py")
    _, moved, _ = pylint(shop, "--from-stdin", "billing/views.py", stdin=f"# one more line\n{text}")
    assert {(path, row - 1, column, code) for path, row, column, code in places(moved)} == places(before)
    mended = text.replace("Invoice.objects.all()", 'Invoice.objects.select_related("order__customer")')
    _, none, _ = pylint(shop, "--from-stdin", "billing/views.py", stdin=mended)
    assert not any(place[3] == "DJS201" for place in places(none))


def test_pylints_own_comments_silence_by_name_and_by_id(shop: Path) -> None:
    views = shop / "billing" / "views.py"
    text = views.read_text()
    line = "invoices = Invoice.objects.all()"
    assert line in text
    for word in ("missing-select-related", "W7201"):
        views.write_text(text.replace(line, f"{line}  # pylint: disable={word}"))
        _, messages, _ = pylint(shop, "billing/views.py")
        assert not any(place[3] == "DJS201" for place in places(messages))
    views.write_text(text.replace(line, f"{line}  # noqa: DJS201"))
    _, messages, _ = pylint(shop, "billing/views.py")
    assert not any(place[3] == "DJS201" for place in places(messages))


def test_rules_are_chosen_in_pylints_own_configuration(shop: Path) -> None:
    (shop / ".pylintrc").write_text(
        "[MAIN]\n[djlint-spec-project]\ndjlint-spec-select=drf\ndjlint-spec-ignore=DJS201\n"
    )
    _, messages, errors = pylint(shop, "--rcfile=.pylintrc", *python_files(shop))
    assert {place[3] for place in places(messages)} == {"DJS202", "DJS203"}, errors


def test_a_bad_configuration_is_one_line_and_no_result(shop: Path) -> None:
    (shop / "djlint-spec.toml").write_text('selct = ["DJS1"]\n')
    code, _, errors = pylint(shop, "billing/views.py")
    assert code == 32
    assert errors.strip().splitlines()[-1].startswith('djlint-spec: djlint-spec.toml: unknown key "selct"')


def test_a_corrupt_baseline_is_one_line_and_no_result(shop: Path) -> None:
    (shop / "djlint-spec-baseline.json").write_text("[")
    code, _, errors = pylint(shop, "billing/views.py")
    assert code == 32
    assert errors.strip().splitlines()[-1].startswith("djlint-spec: djlint-spec-baseline.json: not a baseline")


def test_a_bad_configuration_of_a_project_below_is_told_in_its_files(shop: Path) -> None:
    (shop / "billing" / "djlint-spec.toml").write_text("selct = []\n")
    _, messages, _ = pylint(shop, "billing/views.py")
    assert any('unknown key "selct"' in message["message"] for message in messages)


def test_a_corrupt_cache_changes_nothing(shop: Path, found: Callable[[Path], Places]) -> None:
    expected = {place for place in found(shop) if place[0] == "billing/views.py"}
    for content in (b"", b"\xff" * 1000):
        _, messages, _ = pylint(shop, "billing/views.py")
        assert places(messages) == expected
        for kept in (shop.parent / "cache").iterdir():
            kept.write_bytes(content)
    assert places(pylint(shop, "billing/views.py")[1]) == expected


def test_a_broken_file_is_left_to_pylint(shop: Path) -> None:
    (shop / "billing" / "views.py").write_text("def broken(:\n")
    _, messages, _ = pylint(shop, "billing/views.py", "catalog/views.py")
    assert ("syntax-error", "billing/views.py") in {(m["symbol"], m["path"]) for m in messages}
    assert any(place[0] == "catalog/views.py" for place in places(messages))


def test_in_one_process_with_its_caller(
    shop: Path, found: Callable[[Path], Places], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shop)
    reporter = CollectingReporter()
    arguments = ["--load-plugins=djlint_spec.pylint_plugin", "--persistent=n", "--disable=all", "--enable=E,W,C"]
    Run([*arguments, f"--djlint-spec-cache-dir={shop.parent / 'cache'}", "catalog"], reporter=reporter, exit=False)
    messages = [{"path": m.path, "line": m.line, "column": m.column, "messageId": m.msg_id} for m in reporter.messages]
    assert places(messages) == {place for place in found(shop) if place[0].startswith("catalog/")}


def test_in_one_process_a_bad_configuration_ends_it(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop)
    (shop / "djlint-spec.toml").write_text("select = 1\n")
    with pytest.raises(SystemExit) as ended:
        Run(["--load-plugins=djlint_spec.pylint_plugin", "--persistent=n", "catalog"], exit=False)
    assert ended.value.code == 32
