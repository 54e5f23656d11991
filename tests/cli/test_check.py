"""`djlint-spec check`: what it prints where, and with which code it ends."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from djlint_spec.cli.progress import shown_progress
from djlint_spec.engine import rulebook
from djlint_spec.rules import Rule
from tests.cli.running import run, run_process
from tests.files import write_files

FAULT = """\
from django.db import models


class Order(models.Model):
    id = models.AutoField(primary_key=True)
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_files(tmp_path, {"manage.py": "", "orders/models.py": FAULT, "crm/clean.py": "", "docs/a.md": ""})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def codes(*arguments: str | Path, stdin: bytes = b"") -> list[str]:
    ended = run("check", *arguments, "--output-format", "json", stdin=stdin)
    return [finding["code"] for finding in json.loads(ended.out)]


class TestExitCodes:
    def test_findings_are_1(self, shop: Path) -> None:
        ended = run("check")
        assert ended.code == 1
        assert ended.out.startswith("orders/models.py:5:10  DJS101 non-uuid-primary-key\n")
        assert "Found 1 finding (1 convention) in 1 of 3 files." in ended.err

    def test_nothing_to_report_is_0(self, shop: Path) -> None:
        ended = run("check", "crm")
        assert (ended.code, ended.out) == (0, "")
        assert ended.err.startswith("Nothing to report in 1 file.")

    def test_findings_are_0_when_asked_to(self, shop: Path) -> None:
        assert run("check", "--exit-zero").code == 0

    def test_a_folder_without_python_is_0_with_a_note(self, shop: Path) -> None:
        ended = run("check", "docs")
        assert (ended.code, ended.out, ended.err) == (0, "", "No Python files found.\n")
        ended = run("check", "docs", "crm")
        assert ended.err.startswith("docs: no Python files.\nNothing to report in 1 file.")

    def test_a_path_that_does_not_exist_is_2(self, shop: Path) -> None:
        ended = run("check", "nowhere", "orders")
        assert (ended.code, ended.out, ended.err) == (2, "", "djlint-spec: nowhere: no such file or folder\n")

    def test_a_dangling_link_is_a_finding(self, shop: Path) -> None:
        (shop / "link.py").symlink_to("nowhere.py")
        ended = run("check", "--output-format", "concise")
        assert ended.code == 1
        assert "link.py:1:1: DJS001 cannot be read: No such file or directory (a link)." in ended.out

    @pytest.mark.parametrize("text", ["[broken\n", b"\xff\xfe"])
    def test_a_broken_pyproject_is_2_in_one_line(self, shop: Path, text: str | bytes) -> None:
        write_files(shop, {"pyproject.toml": text})
        ended = run("check")
        assert (ended.code, ended.out) == (2, "")
        assert ended.err.startswith("djlint-spec: pyproject.toml: not ")
        assert ended.err.count("\n") == 1

    @pytest.mark.parametrize(
        ("body", "told"),
        [
            (
                'select = ["DJS1O1"]',
                'pyproject.toml: [tool.djlint-spec] select: unknown rule "DJS1O1" (did you mean DJS101?)',
            ),
            ("slect = []", 'pyproject.toml: [tool.djlint-spec]: unknown key "slect" (did you mean select?)'),
            ("select = 1", "pyproject.toml: [tool.djlint-spec] select: must be a list of strings"),
            ("rules.DJS1O1 = {}", '[tool.djlint-spec] rules: unknown rule "DJS1O1"'),
        ],
    )
    def test_a_mistake_in_the_configuration_is_2_in_one_line(self, shop: Path, body: str, told: str) -> None:
        write_files(shop, {"pyproject.toml": f"[tool.djlint-spec]\n{body}\n"})
        ended = run("check")
        assert (ended.code, ended.out) == (2, "")
        assert told in ended.err
        assert ended.err.count("\n") == 1

    @pytest.mark.parametrize("option", ["--select", "--ignore", "--extend-select"])
    def test_a_word_on_the_command_line_that_names_no_rule_is_2(self, shop: Path, option: str) -> None:
        ended = run("check", option, "DJS101,DJS1O4")
        assert ended.err == f'djlint-spec: {option}: unknown rule "DJS1O4" (did you mean DJS104?)\n'
        assert ended.code == 2

    def test_a_configuration_file_that_is_not_there_is_2(self, shop: Path) -> None:
        ended = run("check", "--config", "nowhere.toml")
        assert (ended.code, ended.err) == (2, "djlint-spec: nowhere.toml: cannot be read: No such file or directory\n")


class TestCache:
    def told(self, shop: Path, cache: Path) -> tuple[int, str, str]:
        command = [sys.executable, "-m", "djlint_spec", "check", "--output-format=concise", f"--cache-dir={cache}"]
        done = subprocess.run(command, cwd=shop, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    def test_one_that_is_corrupt_changes_nothing(self, shop: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
        cache = tmp_path_factory.mktemp("cache")
        first = self.told(shop, cache)
        (kept,) = cache.iterdir()
        for content in (b"", b"\0" * 10_000, kept.read_bytes()[:-1]):
            kept.write_bytes(content)
            assert self.told(shop, cache) == first

    def test_a_place_that_is_none_changes_nothing(self, shop: Path) -> None:
        code, out, _ = self.told(shop, shop / "manage.py" / "x")
        assert (code, out.count("\n")) == (1, 1)


class TestFaultsOfOurs:
    def test_a_rule_that_fails_is_a_line_and_code_2_and_the_rest_is_done(
        self, shop: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from djlint_spec.project import Module

        def broken(module: object, project: object) -> list[object]:
            raise KeyError("x")

        page = rulebook().pages["DJS201"]
        monkeypatch.setitem(rulebook().rules, "DJS201", Rule(page.name, Module, broken, takes_options=False))  # type: ignore[arg-type]
        ended = run("check", "orders", "--output-format", "concise")
        assert ended.code == 2
        assert "orders/models.py:5:10: DJS101" in ended.out
        lines = [line for line in ended.err.splitlines() if line.startswith("djlint-spec:")]
        assert "a fault of ours in DJS201 missing-select-related on orders/models.py:1: KeyError: 'x' at" in "".join(
            lines
        )
        assert "Traceback" not in ended.err
        assert "Traceback" in run("check", "--verbose").err

    def test_a_run_that_fails_shows_its_traceback_and_is_2(self, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("djlint_spec.engine.check", lambda *_, **__: 1 / 0)
        ended = run("check")
        assert ended.code == 2
        assert ended.err.splitlines()[-1].startswith(
            "djlint-spec: a fault of ours, ZeroDivisionError: division by zero ("
        )


class TestSelection:
    def test_rules_are_named_by_commas_and_by_repetition(self, shop: Path) -> None:
        write_files(shop, {"bad.py": "def (\n"})
        assert codes("--select", "DJS001,DJS101") == ["DJS001", "DJS101"]
        assert codes("--select", "DJS001", "--select", "DJS101") == ["DJS001", "DJS101"]
        assert codes("--select", "models") == ["DJS101"]
        assert codes("--select", "error") == ["DJS001"]
        assert codes("--ignore", "convention") == ["DJS001"]
        assert codes("--select", "DJS001", "--extend-select", "non-uuid-primary-key") == ["DJS001", "DJS101"]

    def test_the_command_line_goes_before_the_configuration(self, shop: Path) -> None:
        write_files(shop, {"pyproject.toml": '[tool.djlint-spec]\nselect = ["DJS001"]\n'})
        assert codes() == []
        assert codes("--select", "DJS101") == ["DJS101"]

    def test_the_folder_of_the_configuration_is_the_root_that_its_patterns_start_from(self, shop: Path) -> None:
        write_files(shop, {"pyproject.toml": "[tool.djlint-spec]\nper-file-ignores = {'/orders/*' = ['DJS1']}\n"})
        write_files(shop, {"orders/manage.py": ""})
        assert codes("orders") == []

    def test_a_named_configuration_takes_the_place_of_the_found_one(self, shop: Path) -> None:
        write_files(shop, {"djlint-spec.toml": "ignore = ['DJS1']\n", "other.toml": "[tool.djlint-spec]\n"})
        assert codes() == []
        assert codes("--config", "other.toml") == ["DJS101"]


class TestStdin:
    def test_it_stands_for_the_file(self, shop: Path) -> None:
        ended = run(
            "check", "--stdin-filename", "orders/models.py", "--output-format", "json", stdin=b"\n\n" + FAULT.encode()
        )
        assert [finding["location"]["row"] for finding in json.loads(ended.out)] == [7]

    def test_the_file_need_not_be_there(self, shop: Path) -> None:
        assert codes("--stdin-filename", "orders/new.py", stdin=FAULT.encode()) == ["DJS101"]
        assert codes("--stdin-filename", "orders/models.py", stdin=b"") == []

    def test_its_bytes_are_decoded_as_those_of_a_file(self, shop: Path) -> None:
        latin = f"# coding: latin-1\n{FAULT}# é\n".encode("latin-1")
        assert codes("--stdin-filename", "orders/models.py", stdin=latin) == ["DJS101"]
        assert codes("--stdin-filename", "orders/models.py", stdin="# é\n".encode("latin-1")) == ["DJS001"]


class TestOutput:
    def test_colour_is_for_terminals_or_when_asked_for(self, shop: Path) -> None:
        assert "\x1b[" not in run("check").out
        assert "\x1b[36mDJS101\x1b[0m" in run("check", "--color", "always").out
        assert "\x1b[" in run("check", "--color", "always", NO_COLOR="1").out
        assert "\x1b[" not in run("check", "--color", "never").out

    @pytest.mark.parametrize(
        ("environment", "coloured"),
        [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
    )
    def test_a_terminal_gets_colour_unless_it_cannot_or_must_not(
        self, shop: Path, environment: dict[str, str], *, coloured: bool
    ) -> None:
        import pty

        ours, theirs = pty.openpty()
        plain = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS")}
        command = [sys.executable, "-m", "djlint_spec", "check", "--no-cache"]
        done = subprocess.run(
            command,
            cwd=shop,
            stdout=theirs,
            stderr=subprocess.DEVNULL,
            env={**plain, "TERM": "xterm", **environment},
            check=False,
        )
        os.close(theirs)
        told = os.read(ours, 100_000)
        os.close(ours)
        assert done.returncode == 1
        assert (b"\x1b[" in told) is coloured

    def test_the_width_is_the_terminals(self, shop: Path) -> None:
        assert max(len(line) for line in run("check", COLUMNS="60").out.splitlines()) <= 60

    def test_names_that_no_encoding_has_are_printed_all_the_same(self, shop: Path) -> None:
        name = os.fsdecode(b"orders/gr\xfcn.py")
        write_files(shop, {name: FAULT.replace("Order", "Other"), "orders/größe.py": FAULT.replace("Order", "Größe")})
        for encoding in ("utf-8", "ascii"):
            for form in ("full", "concise", "json"):
                ended = run_process("check", "--no-cache", "--output-format", form, cwd=shop, PYTHONIOENCODING=encoding)
                assert ended.code == 1, ended.err
                assert ("gr\\udcfcn.py" in ended.out) is (form == "json" and encoding == "utf-8")

    def test_what_could_not_be_resolved_is_told_when_asked(self, shop: Path) -> None:
        text = "from acme import Base\nfrom django.db import models\nclass A(Base, models.Model): pass\n"
        write_files(shop, {"orders/more.py": text})
        told = run("check", "--verbose").err
        assert "base class of a package not at hand" in told
        assert "acme.Base" in told


class TestQuiet:
    def test_only_findings_are_printed(self, shop: Path) -> None:
        ended = run("check", "--quiet", "--output-format", "concise")
        assert (ended.code, ended.err) == (1, "")
        assert ended.out.count("\n") == 1
        assert run("check", "-q", "--statistics").err == ""
        ended = run("check", "-q", "--fix")
        assert (ended.code, ended.err) == (1, "")

    def test_what_keeps_it_from_its_work_is_told_all_the_same(self, shop: Path) -> None:
        assert run("check", "-q", "nowhere").err == "djlint-spec: nowhere: no such file or folder\n"
        assert run("check", "-q", "--verbose").err == "djlint-spec: --quiet: not together with --verbose\n"


class TestForceExclude:
    """pre-commit and editors name every file that changed, those that the excludes leave out as well."""

    @pytest.fixture(autouse=True)
    def excluded(self, shop: Path) -> None:
        write_files(shop, {"djlint-spec.toml": "extend-exclude = ['old']\n", "old/models.py": FAULT})

    def test_a_file_that_is_named_is_checked_unless_excludes_are_forced(self, shop: Path) -> None:
        assert codes("old/models.py") == ["DJS101"]
        ended = run("check", "--force-exclude", "old/models.py")
        assert (ended.code, ended.out) == (0, "")
        assert ended.err == "No Python files found.\n"
        assert codes("--force-exclude", "old/models.py", "orders/models.py") == ["DJS101"]

    def test_the_configuration_can_ask_for_it(self, shop: Path) -> None:
        write_files(shop, {"djlint-spec.toml": "extend-exclude = ['old']\nforce-exclude = true\n"})
        assert codes("old/models.py") == []

    def test_nothing_of_it_is_mended(self, shop: Path) -> None:
        run("check", "--force-exclude", "--fix", "--unsafe-fixes", "old/models.py")
        assert (shop / "old" / "models.py").read_text() == FAULT

    def test_the_text_of_stdin_is_left_out_by_its_files_name(self, shop: Path) -> None:
        given = ("--stdin-filename", "old/models.py")
        assert codes(*given, stdin=FAULT.encode()) == ["DJS101"]
        assert codes(*given, "--force-exclude", stdin=FAULT.encode()) == []
        ended = run("check", *given, "--force-exclude", "--fix", stdin=FAULT.encode())
        assert (ended.code, ended.out) == (0, FAULT)


class TestProgress:
    def told(self, shop: Path, *arguments: str, **environment: str) -> bytes:
        """What a run that takes long writes to stderr, which is a terminal."""
        import pty

        ours, theirs = pty.openpty()
        script = (
            "import sys, djlint_spec.cli.progress as p\np._PATIENCE = -1.0\n"
            "from djlint_spec.cli import main\nmain(sys.argv[1:])"
        )
        command = [sys.executable, "-c", script, "check", "--no-cache", *arguments]
        environment = {**os.environ, "TERM": "xterm", **environment}
        process = subprocess.Popen(command, cwd=shop, stdout=subprocess.DEVNULL, stderr=theirs, env=environment)
        os.close(theirs)
        told = b""
        with suppress(OSError):  # the end of a terminal
            while part := os.read(ours, 1000):
                told += part
        os.close(ours)
        process.wait()
        return told

    def test_a_bar_on_a_terminal_that_is_gone_afterwards(self, shop: Path) -> None:
        told = self.told(shop)
        assert b"reading files" in told
        assert b"checking rules" in told
        bar, _, rest = told.rpartition(b"\r\x1b[2K\x1b[?25h")
        assert bar.rindex(b"checking rules")
        assert rest.lstrip().startswith(b"Found 1 finding")

    def test_a_run_that_mends_shows_one_as_well(self, shop: Path) -> None:
        told = self.told(shop, "--diff")
        assert b"checking rules" in told
        assert told.endswith(b"\r\x1b[2K\x1b[?25h") or b"checking rules" not in told.rpartition(b"\x1b[?25h")[2]

    def test_in_one_process(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Terminal(io.StringIO):
            def isatty(self) -> bool:
                return True

        terminal = Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setenv("TERM", "xterm")
        with shown_progress() as told:
            told("reading files", 0, 2)
        assert terminal.getvalue() == "", "a run that is over soon shows nothing"
        monkeypatch.setattr("djlint_spec.cli.progress._PATIENCE", 0.0)
        with shown_progress() as told:
            told("reading files", 0, 2)
            told("reading files", 1, 2)
            told("checking rules", 1, 3)
        assert "reading files" in terminal.getvalue() and "checking rules" in terminal.getvalue()
        assert terminal.getvalue().endswith("\r\x1b[2K\x1b[?25h")

    def test_none_when_quiet_or_on_a_terminal_that_cannot_erase(self, shop: Path) -> None:
        assert self.told(shop, "--quiet").strip() == b""
        assert b"reading" not in self.told(shop, TERM="dumb")

    def test_none_elsewhere(self, shop: Path) -> None:
        assert "reading" not in run_process("check", "--no-cache", cwd=shop).err


class TestStart:
    @pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["check", "--help"]])
    def test_asking_for_help_loads_no_engine(self, arguments: list[str]) -> None:
        script = (
            "import sys\nfrom djlint_spec.cli import main\n"
            f"try: main({arguments!r})\nexcept SystemExit: pass\n"
            "print(sorted(n for n in sys.modules if n.startswith(('djlint_spec.', 'libcst', 'msgspec', 'ast'))))"
        )
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        loaded = done.stdout.splitlines()[-1]
        for room in ("engine", "project", "linking", "extract", "config", "libcst", "msgspec"):
            assert room not in loaded

    def test_the_version_is_told(self) -> None:
        from djlint_spec import __version__

        assert run("--version").out == f"djlint-spec {__version__}\n"
