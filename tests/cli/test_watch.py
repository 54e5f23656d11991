"""`check --watch`, run as a process."""

from __future__ import annotations

import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO

import pytest

from djlint_spec.cache import FactsCache
from djlint_spec.cli.watch import watch
from djlint_spec.config import Config, ConfigError, find_config, load_config
from djlint_spec.engine import Report
from tests.books import FILES, READS_AUTHOR, SERIALIZERS
from tests.cli.running import run
from tests.files import write_files

_PATIENCE = 60


class Watching:
    """A process that watches, and what it prints."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._lines: queue.Queue[str] = queue.Queue()
        assert process.stdout is not None
        threading.Thread(target=self._read, args=(process.stdout,), daemon=True).start()

    def _read(self, stream: IO[str]) -> None:
        for line in stream:
            self._lines.put(line.rstrip())

    def report(self) -> list[str]:
        """The lines up to the next wait."""
        found: list[str] = []
        while not found or not found[-1].startswith("Waiting for changes"):
            found.append(self._lines.get(timeout=_PATIENCE))
        return [line for line in found if line][:-1]


@contextmanager
def watching(folder: Path, *arguments: str) -> Iterator[Watching]:
    command = [sys.executable, "-m", "djlint_spec", "check", "--watch", "--no-cache", "--output-format=concise"]
    process = subprocess.Popen(
        [*command, "--select=DJS201", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield Watching(process)
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def books(tmp_path: Path) -> Path:
    return write_files(tmp_path.resolve(), FILES)


def test_each_change_is_followed_by_a_report(books: Path) -> None:
    with watching(books) as watch:
        assert watch.report()[0].startswith("Nothing to report in 6 files.")
        write_files(books, {"books/serializers.py": READS_AUTHOR})
        assert watch.report()[0].startswith("books/views.py:9:16: DJS201")
        write_files(books, {"books/serializers.py": SERIALIZERS})
        assert watch.report()[0].startswith("Nothing to report")
        (books / "notes.log").write_text("x")
        write_files(books, {"people/broken.py": "def (:\n"})
        assert watch.report()[0].startswith("Nothing to report in 7 files.")
        watch.process.send_signal(signal.SIGINT)
        assert watch.process.wait(timeout=_PATIENCE) == 0


def test_only_below_the_paths_that_are_named(books: Path) -> None:
    with watching(books, "people", "books/models.py") as watch:
        assert watch.report()[0].startswith("Nothing to report in 2 files.")
        write_files(books, {"books/serializers.py": READS_AUTHOR})
        assert watch.report()[0].startswith("Nothing to report in 2 files.")


def test_a_mistake_in_the_configuration_is_told_and_waited_for(books: Path) -> None:
    with watching(books) as watch:
        watch.report()
        write_files(books, {"djlint-spec.toml": "selct = 1\n"})
        assert watch.report() == ['djlint-spec: djlint-spec.toml: unknown key "selct" (did you mean select?)']
        write_files(books, {"djlint-spec.toml": "extend-exclude = ['people']\n"})
        assert watch.report()[0].startswith("Nothing to report in 5 files.")


@pytest.mark.parametrize("option", ["--fix", "--diff", "--since=HEAD", "--elsewhere", "--add-noqa", "--no-baseline"])
def test_what_makes_no_sense_together_is_2(books: Path, option: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(books)
    ended = run("check", "--watch", option)
    assert (ended.code, ended.err) == (2, f"djlint-spec: --watch: not together with {option.partition('=')[0]}\n")


def test_without_the_package_that_watches_it_is_2(books: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(books)
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    ended = run("check", "--watch")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == 'djlint-spec: --watch needs the package watchfiles: pip install "djlint-spec[watch]"\n'


def test_in_one_process_each_change_is_told_until_interrupted(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told: list[list[str]] = []
    steps: list[Callable[[], object]] = [
        lambda: write_files(books, {"books/serializers.py": READS_AUTHOR, "requirements.txt": "django\n"}),
        lambda: write_files(books, {"djlint-spec.toml": "selct = 1\n"}),
        lambda: write_files(books, {"djlint-spec.toml": ""}),
        lambda: signal.raise_signal(signal.SIGINT),
    ]

    def configured() -> Config:
        file = find_config(books)
        try:
            return replace(load_config(file) if file else Config(), select=("DJS201",))
        except ConfigError:
            steps.pop(0)()  # a mistake is mended: nothing else is told of it
            raise

    def tell(report: Report) -> None:
        told.append([finding.span.path for finding in report.findings])
        steps.pop(0)()

    watch(books, ["books"], configured, FactsCache(books.parent / "x.facts"), tell)
    assert told == [[], ["books/views.py"], ["books/views.py"]]
    assert 'unknown key "selct"' in capsys.readouterr().err
