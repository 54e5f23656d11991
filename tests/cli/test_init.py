"""`djlint-spec init`: what it writes is what was detected, and nothing that is there is lost."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml

from tests.cli.running import run
from tests.files import write_files
from tests.repositories import repository

SHOP = Path(__file__).parents[2] / "fixtures" / "legacy_shop"
HOOKS = """\
# ours
repos:
-   repo: https://example.org/other
    rev: v1
    hooks:
    -   id: other
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "shop"
    shutil.copytree(SHOP, root)
    repository(root, {})
    monkeypatch.chdir(root)
    return root


def hooks(root: Path) -> list[str]:
    document = yaml.safe_load((root / ".pre-commit-config.yaml").read_text())
    return [hook["id"] for repo in document["repos"] for hook in repo["hooks"]]


def test_what_is_written_changes_nothing_of_what_is_detected(shop: Path) -> None:
    before = json.loads(run("doctor", "--output-format", "json").out)
    ended = run("init")
    assert ended.code == 0, ended.err
    assert ended.err.startswith("djlint-spec.toml: written.\n.pre-commit-config.yaml: written.\n")
    text = (shop / "djlint-spec.toml").read_text()
    assert 'base-model = "core.models.abstract.Dated"' in text
    assert "# django: 5.1-5.2, from requirements.txt:1" in text
    assert json.loads(run("doctor", "--output-format", "json").out) == before
    assert hooks(shop) == ["djlint-spec"]


@pytest.mark.parametrize("text", ["", '[project]\nname = "x"', '[project]\r\nname = "x"\r\n[tool.black]\r\n'])
def test_it_is_added_to_what_is_there(shop: Path, text: str) -> None:
    write_files(shop, {"pyproject.toml": text.encode(), ".pre-commit-config.yaml": HOOKS})
    ended = run("init")
    assert ended.err.startswith("pyproject.toml: added to.\n.pre-commit-config.yaml: added to.\n")
    raw = (shop / "pyproject.toml").read_bytes()
    assert raw.startswith(text.encode())
    assert (b"\r\n" in raw) is ("\r\n" in text)
    assert b"\n" not in raw.replace(b"\r\n", b"") or "\r\n" not in text
    assert run("check", "--exit-zero").code == 0
    assert (shop / ".pre-commit-config.yaml").read_text().startswith(HOOKS)
    assert hooks(shop) == ["other", "djlint-spec"]


def test_a_second_time_changes_nothing(shop: Path) -> None:
    run("init")
    before = {path: (shop / path).read_bytes() for path in ("djlint-spec.toml", ".pre-commit-config.yaml")}
    ended = run("init")
    assert ended.code == 0
    assert "has a configuration already, which stays as it is" in ended.err
    assert ".pre-commit-config.yaml: has our hook already." in ended.err
    assert {path: (shop / path).read_bytes() for path in before} == before


@pytest.mark.parametrize(
    "text", ["repos: []\n", f"{HOOKS}default_stages: [pre-commit]\n", f"{HOOKS}  - repo: x\n    hooks: []\n"]
)
def test_hooks_of_another_shape_are_left_alone(shop: Path, text: str) -> None:
    write_files(shop, {".pre-commit-config.yaml": text})
    ended = run("init")
    assert ".pre-commit-config.yaml: not changed; add this to its repos:\n- repo: https://" in ended.err
    assert (shop / ".pre-commit-config.yaml").read_text() == text


def test_the_hook_lies_at_the_top_of_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = repository(tmp_path / "mono", {"server/manage.py": "", "server/app/models.py": ""})
    monkeypatch.chdir(made.folder / "server")
    run("init")
    assert hooks(made.folder) == ["djlint-spec"]
    assert (made.folder / "server" / "djlint-spec.toml").is_file()


def test_without_a_repository_there_is_no_hook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, {"manage.py": "", "app/models.py": "", "pyproject.toml": ""})
    monkeypatch.chdir(tmp_path)
    assert ".pre-commit-config.yaml: not written: no git repository." in run("init").err
    assert not (tmp_path / ".pre-commit-config.yaml").exists()
    assert (tmp_path / "pyproject.toml").read_text().startswith("[tool.djlint-spec]\n")


def test_a_dry_run_and_a_run_without_the_hook(shop: Path) -> None:
    names = sorted(path.name for path in shop.iterdir())
    ended = run("init", "--dry-run")
    assert "# djlint-spec.toml\n# What djlint-spec " in ended.out
    assert "    - id: djlint-spec\n" in ended.out
    assert sorted(path.name for path in shop.iterdir()) == names
    run("init", "--no-pre-commit")
    assert not (shop / ".pre-commit-config.yaml").exists()


@pytest.mark.parametrize(("text", "told"), [(b"tool = {}\n", "not valid TOML"), (b"[x\n", "not valid TOML")])
def test_a_file_that_takes_no_table_is_2(shop: Path, text: bytes, told: str) -> None:
    write_files(shop, {"pyproject.toml": text})
    ended = run("init")
    assert (ended.code, (shop / "pyproject.toml").read_bytes()) == (2, text)
    assert told in ended.err
    assert ended.err.count("\n") == 1


def test_what_cannot_be_read_or_written_is_2(shop: Path) -> None:
    (shop / ".pre-commit-config.yaml").write_bytes(b"\xff\xfe")
    ended = run("init")
    assert ended.code == 2
    assert ".pre-commit-config.yaml: cannot be read" in ended.err
    (shop / ".pre-commit-config.yaml").unlink()
    (shop / ".pre-commit-config.yaml").symlink_to(shop / "nowhere" / "file")
    ended = run("init")
    assert ended.code == 2
    assert ".pre-commit-config.yaml: cannot be written" in ended.err
