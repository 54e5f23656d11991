"""Findings that an earlier process kept hold for as long as nothing that they stand on changes."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from djlint_spec.cache import FactsCache
from djlint_spec.cache.files import write_own
from djlint_spec.config import Config
from djlint_spec.engine.kept import findings_on_disk
from tests.books import BOOK, FILES, READS_AUTHOR
from tests.files import write_files

CONFIG = Config(select=("DJS101", "DJS104", "DJS201"))
CHECK = '\n    class Meta:\n        constraints = [models.CheckConstraint(check=models.Q(number=1), name="one")]\n'


@pytest.fixture
def books(tmp_path: Path) -> Path:
    files = {**FILES, "books/models.py": BOOK + CHECK, "requirements.txt": "django==5.0\n"}
    return write_files(tmp_path / "books", files)


def written(books: Path) -> tuple[int, int]:
    """Which file of findings it is: each run that is made leaves a new one."""
    status = (books.parent / "cache" / "x.findings").stat()
    return status.st_ino, status.st_mtime_ns


def found(books: Path, config: Config = CONFIG) -> dict[str, list[tuple[str, int]]]:
    by_file = findings_on_disk(books, config, FactsCache(books.parent / "cache" / "x.facts"))
    return {path: [(f.code, f.span.row) for f in findings] for path, findings in by_file.items() if findings}


def test_nothing_is_run_again_while_nothing_changes(books: Path) -> None:
    first = found(books)
    assert first == {"books/models.py": [("DJS101", 6), ("DJS101", 11)]}
    made = written(books)
    assert found(books) == first
    assert written(books) == made
    assert stat.S_IMODE((books.parent / "cache" / "x.findings").stat().st_mode) == 0o600


def test_every_file_of_the_project_is_told_and_each_finding_as_it_was_made(books: Path) -> None:
    cache = books.parent / "cache" / "x.facts"
    made, read = (findings_on_disk(books, CONFIG, FactsCache(cache)) for _ in range(2))
    assert made.keys() == read.keys() == {path for path in FILES if path.endswith(".py")}
    for path, findings in made.items():
        told = [(f.span, f.code, f.name, f.message) for f in findings]
        assert told == [(f.span, f.code, f.name, f.message) for f in read[path]]


def _environment(books: Path) -> None:
    write_files(books, {".venv/lib/python3.12/site-packages/x/__init__.py": ""})


@pytest.mark.parametrize(
    ("change", "then"),
    [
        (lambda b: write_files(b, {"books/serializers.py": READS_AUTHOR}), {"books/views.py": [("DJS201", 9)]}),
        (lambda b: write_files(b, {"requirements.txt": "django==6.0\n"}), {"books/models.py": [("DJS104", 14)]}),
        (lambda b: write_files(b, {"more/models.py": BOOK.replace("Book", "M")}), {"more/models.py": [("DJS101", 6)]}),
        (lambda b: (b / "books" / "models.py").unlink(), {}),
        (lambda b: write_files(b, {".gitignore": "books/models.py\n"}), {}),
        (lambda b: write_files(b, {"djlint-spec-baseline.json": '{"version": 1, "findings": []}'}), {}),
        (_environment, {}),
    ],
)
def test_any_change_is_taken_in(
    books: Path, change: Callable[[Path], object], then: dict[str, list[tuple[str, int]]]
) -> None:
    found(books)
    first = written(books)
    change(books)
    after = found(books)
    for path, findings in then.items():
        assert set(findings) <= set(after[path])
    second = written(books)
    assert second != first
    assert found(books) == after
    assert written(books) == second


def test_installed_packages_are_watched(books: Path) -> None:
    package = ".venv/lib/python3.12/site-packages/acme/__init__.py"
    model = "from acme import Base\n\n\nclass Mine(Base):\n    pass\n"
    base = "from django.db import models\n\n\nclass Base(models.Model):\n    class Meta:\n        abstract = True\n"
    write_files(books, {"mine/models.py": model, package: base})
    assert found(books)["mine/models.py"] == [("DJS101", 4)]
    first = written(books)
    found(books)
    assert written(books) == first
    write_files(books, {package: base.replace("    class", "    id = models.UUIDField(primary_key=True)\n\n    class")})
    assert "mine/models.py" not in found(books)


def test_other_questions_have_other_answers(books: Path) -> None:
    found(books)
    assert found(books, Config(select=("DJS201",))) == {}
    assert found(books) == {"books/models.py": [("DJS101", 6), ("DJS101", 11)]}


@pytest.mark.parametrize("content", [b"", b"x" * 100])
def test_what_is_kept_may_be_corrupt(books: Path, content: bytes) -> None:
    first = found(books)
    (books.parent / "cache" / "x.findings").write_bytes(content)
    assert found(books) == first
    assert (books.parent / "cache" / "x.findings").read_bytes() != content


def test_what_is_whole_and_of_another_shape_counts_as_none(books: Path) -> None:
    write_own(books.parent / "cache" / "x.findings", b"\x93\x01\x02\x03")
    first = written(books)
    assert found(books)
    assert written(books) != first


def test_names_that_are_no_text_are_not_kept(books: Path) -> None:
    write_files(books, {os.fsdecode(b"books/gr\xfcn.py"): ""})
    assert found(books) == found(books)
    assert not (books.parent / "cache" / "x.findings").exists()
