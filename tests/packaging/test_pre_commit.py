"""The hooks, run by pre-commit itself in an environment that it makes, where there is no Django."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.books import BOOK, FILES, READS_AUTHOR, SERIALIZERS
from tests.files import write_files
from tests.repositories import Checkout, repository

ROOT = Path(__file__).resolve().parents[2]
_SHIPPED = ("src", "rules", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
_PLACE = re.compile(r"^(\S+\.py):(\d+):\d+  (DJS\d+)", re.MULTILINE)


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """What is shipped, as a repository that pre-commit clones."""
    folder = tmp_path_factory.mktemp("tool") / "djlint-spec"
    folder.mkdir()
    for name in _SHIPPED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    return repository(folder, {})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps its environments, and the tool what it extracted."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def books(tool: Checkout, tmp_path: Path) -> Checkout:
    """A project that has our hook; its lists load what they read, two of its models are keyed by numbers."""
    revision = tool.git("rev-parse", "HEAD").strip()
    config = f"repos:\n- repo: {tool.folder}\n  rev: {revision}\n  hooks:\n  - id: djlint-spec\n"
    rules = '[tool.djlint-spec]\nselect = ["DJS101", "DJS201"]\n'
    return repository(tmp_path / "books", {**FILES, ".pre-commit-config.yaml": config, "pyproject.toml": rules})


def pre_commit(project: Checkout, home: Path, *arguments: str) -> tuple[int, str]:
    outside = ("PYTHON", "COV_", "COVERAGE", "GIT_", "VIRTUAL_ENV", "PRE_COMMIT")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(outside)}
    environment |= {"PRE_COMMIT_HOME": str(home / "pre-commit"), "XDG_CACHE_HOME": str(home / "cache")}
    command = [sys.executable, "-m", "pre_commit", *arguments]
    done = subprocess.run(command, cwd=project.folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def run(project: Checkout, home: Path, *arguments: str) -> tuple[int, list[tuple[str, str, str]]]:
    """The code that pre-commit ends with, and the findings that the hook printed."""
    code, told = pre_commit(project, home, "run", *arguments)
    return code, _PLACE.findall(told)


def test_a_clone_is_tried_with_both_hooks(tool: Checkout, books: Checkout, home: Path) -> None:
    check = '\n    class Meta:\n        constraints = [models.CheckConstraint(check=models.Q(number=1), name="one")]\n'
    write_files(books.folder, {"books/models.py": BOOK + check, "requirements.txt": "django==6.0\n"})
    write_files(books.folder, {"pyproject.toml": "[tool.djlint-spec]\nselect = ['DJS104']\n"})
    books.git("add", "--all")
    code, told = pre_commit(books, home, "try-repo", str(tool.folder))
    assert code == 1
    assert told.count("books/models.py:14:47  DJS104 check-constraint-check-argument") == 1, told
    assert "Fixed 1 finding in 1 file." in told
    assert "condition=models.Q(number=1)" in (books.folder / "books/models.py").read_text()
    books.git("add", "--all")
    assert pre_commit(books, home, "try-repo", str(tool.folder), "djlint-spec")[0] == 0


def test_the_hooks_environment_has_no_django(books: Checkout, home: Path) -> None:
    assert run(books, home)[0] == 0
    pythons = list((home / "pre-commit").glob("*/py_env-*/bin/python"))
    assert pythons
    for python in pythons:
        assert subprocess.run([python, "-c", "import click"], check=False).returncode == 0
        tried = subprocess.run([python, "-c", "import django"], capture_output=True, text=True, check=False)
        assert "ModuleNotFoundError" in tried.stderr


def test_what_a_commit_causes_in_a_file_that_is_not_passed(books: Checkout, home: Path) -> None:
    write_files(books.folder, {"books/serializers.py": READS_AUTHOR})
    books.git("add", "--all")
    assert run(books, home) == (1, [("books/views.py", "9", "DJS201")])


def test_all_that_a_passed_file_has(books: Checkout, home: Path) -> None:
    write_files(books.folder, {"books/models.py": f"{BOOK}\n# more\n"})
    books.git("add", "--all")
    assert run(books, home) == (1, [("books/models.py", "6", "DJS101"), ("books/models.py", "11", "DJS101")])


def test_a_passed_file_that_the_excludes_leave_out(books: Checkout, home: Path) -> None:
    tables = "[tool.djlint-spec]\nselect = ['DJS101']\nextend-exclude = ['old']\n"
    write_files(books.folder, {"old/models.py": BOOK, "pyproject.toml": tables})
    books.git("add", "--all")
    assert run(books, home) == (0, [])


def test_what_is_not_staged_is_not_looked_at(books: Checkout, home: Path) -> None:
    write_files(books.folder, {"people/more.py": "x = 1\n"})
    books.git("add", "--all")
    write_files(books.folder, {"books/serializers.py": READS_AUTHOR, "books/new.py": BOOK.replace("Book", "New")})
    assert run(books, home) == (0, [])
    assert (books.folder / "books/serializers.py").read_text() == READS_AUTHOR


def test_a_range_of_commits(books: Checkout, home: Path) -> None:
    start = books.commit({"people/more.py": "x = 1\n"})
    end = books.commit({"books/serializers.py": READS_AUTHOR})
    assert run(books, home, "--from-ref", start, "--to-ref", end) == (1, [("books/views.py", "9", "DJS201")])
    last = books.commit({"books/serializers.py": SERIALIZERS})
    assert run(books, home, "--from-ref", end, "--to-ref", last) == (0, [])


def test_all_files(books: Checkout, home: Path) -> None:
    books.commit({"books/serializers.py": READS_AUTHOR})
    code, found = run(books, home, "--all-files")
    assert code == 1
    assert [path for path, _, _ in found] == ["books/models.py", "books/models.py", "books/views.py"]
