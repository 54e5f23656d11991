"""A run over files on disk: what is checked, what is reported, and that no bytes bring it down."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from djlint_spec import Config, Report, check, check_sources
from djlint_spec.config import ConfigError
from djlint_spec.diagnostics import Severity
from tests.files import public_folder, without_rights, write_files

FAULT = """\
from django.db import models


class {name}(models.Model):
    id = models.AutoField(primary_key=True)
"""
KEYS = Config(select=("DJS001", "DJS101"))


def places(report: Report) -> list[tuple[str, str]]:
    return [(finding.span.path, finding.code) for finding in report.findings]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write_files(
        tmp_path,
        {
            "manage.py": "",
            "orders/models.py": FAULT.format(name="Order"),
            "crm/models.py": FAULT.format(name="Customer"),
            "docs/index.md": "",
        },
    )


class TestPaths:
    def test_the_whole_project_is_linked_and_only_the_named_paths_are_reported_on(self, shop: Path) -> None:
        base = FAULT.format(name="Base") + "\n    class Meta:\n        abstract = True\n"
        write_files(
            shop,
            {"orders/base.py": base, "crm/models.py": "from orders.base import Base\n\n\nclass A(Base):\n    pass\n"},
        )
        report = check([shop / "crm"], KEYS)
        assert places(report) == [("crm/models.py", "DJS101")]
        assert report.files == 1

    def test_several_paths_have_the_project_above_them_in_common(self, shop: Path) -> None:
        report = check([shop / "crm" / "models.py", shop / "orders"], KEYS)
        assert places(report) == [("crm/models.py", "DJS101"), ("orders/models.py", "DJS101")]

    def test_a_place_without_python_is_told(self, shop: Path) -> None:
        report = check([shop / "docs", shop / "crm"], KEYS)
        assert (report.empty, report.files) == (("docs",), 1)

    def test_a_file_named_outright_is_checked_where_excludes_leave_it_out(self, shop: Path) -> None:
        write_files(shop, {"build/models.py": FAULT.format(name="Built")})
        assert places(check([shop / "build" / "models.py"], KEYS)) == [("build/models.py", "DJS101")]
        assert places(check([shop], KEYS)) == [("crm/models.py", "DJS101"), ("orders/models.py", "DJS101")]

    def test_a_folder_without_marks_is_a_project_of_its_own(self, tmp_path: Path) -> None:
        write_files(tmp_path, {"models.py": FAULT.format(name="Order")})
        assert places(check([tmp_path], KEYS)) == [("models.py", "DJS101")]

    def test_no_path_is_the_current_folder(self, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(shop)
        assert len(check([], KEYS).findings) == 2

    def test_unsaved_text_lies_over_the_files(self, shop: Path) -> None:
        report = check(
            [shop / "crm"], KEYS, unsaved={"crm/models.py": b"\n\n" + FAULT.format(name="Customer").encode()}
        )
        assert [finding.span.row for finding in report.findings] == [7]


class TestConfiguration:
    def test_excludes_and_ignores_by_file_are_heard(self, shop: Path) -> None:
        assert places(check([shop], Config(select=("DJS101",), extend_exclude=("crm",)))) == [
            ("orders/models.py", "DJS101")
        ]
        assert places(check([shop], Config(select=("DJS101",), per_file_ignores={"crm/*": ("models",)}))) == [
            ("orders/models.py", "DJS101")
        ]

    @pytest.mark.parametrize(
        ("config", "told"),
        [
            (Config(select=("DJS9999",)), "select: unknown rule"),
            (Config(ignore=("DJS9999",)), "ignore: unknown rule"),
            (Config(per_file_ignores={"*": ("x",)}), "per-file-ignores: unknown rule"),
            (Config(rules={"DJS1O1": {}}), 'rules: unknown rule "DJS1O1" (did you mean DJS101?)'),
            (Config(rules={"DJS101": {"dept": 1}}), 'rules.DJS101: unknown option "dept"'),
            (Config(python="nowhere"), 'python: no environment at "nowhere"'),
            (Config(django="x"), 'django: "x" is no version range'),
        ],
    )
    def test_what_cannot_be_used_is_told(self, shop: Path, config: Config, told: str) -> None:
        with pytest.raises(ConfigError) as caught:
            check([shop], config)
        assert told in str(caught.value)

    def test_a_named_environment_stands_behind_the_project(self, tmp_path: Path) -> None:
        package = """\
        from django.db import models

        class Keyed(models.Model):
            key = models.AutoField(primary_key=True)
            class Meta:
                abstract = True
        """
        write_files(
            tmp_path,
            {
                "env/lib/python3.11/site-packages/acme/models.py": package,
                "env/lib/python3.11/site-packages/acme/__init__.py": "",
                "env/lib/python3.11/site-packages/django-5.1.dist-info/METADATA": "",
                "env/bin/python": "",
                "shop/models.py": "from acme.models import Keyed\n\n\nclass Order(Keyed):\n    pass\n",
            },
        )
        report = check([tmp_path], Config(select=("DJS101",), python="env/bin/python"))
        assert places(report) == [("shop/models.py", "DJS101")]
        assert report.versions is not None
        assert str(report.versions.django) == "5.1"


class TestFigures:
    def test_they_tell_what_the_run_looked_at(self, shop: Path) -> None:
        assert dict(check([shop], KEYS).figures().of) == {"models": 2}
        assert dict(check([shop], Config(select=("DJS101", "DJS201"))).figures().of) == {
            "models": 2,
            "list endpoints": 0,
        }

    def test_a_base_of_a_package_not_at_hand_is_not_resolved(self) -> None:
        text = "from acme import Base\nfrom django.db import models\n\n\nclass A(Base, models.Model):\n    pass\n"
        report = check_sources({"a/models.py": text, "b/models.py": FAULT.format(name="B")}, KEYS)
        figures = report.figures()
        assert (figures.resolved, figures.asked) == (1, 2)


BAD_BYTES = {
    "binary": bytes(range(256)) * 50,
    "utf-16": "x = 1\n".encode("utf-16"),
    "latin-1 without a cookie": "x = 'é'\n".encode("latin-1"),
    "a cookie that is none": b"# coding: klingon\n",
    "NUL": b"x = '\0'\n",
    "a syntax error": b"def f(:\n",
    "a tab error": b"if a:\n\tb\n        c\n",
    "an open string": b"x = '''\n",
    "an int too long": b"x = " + b"9" * 5000 + b"\n",
    "only half a character": b"x = '\xe4\xbd'\n",
}


class TestBadInput:
    @pytest.mark.parametrize("raw", BAD_BYTES.values(), ids=list(BAD_BYTES))
    def test_a_file_that_cannot_be_read_is_a_finding_and_the_rest_is_checked(self, shop: Path, raw: bytes) -> None:
        write_files(shop, {"crm/bad.py": raw})
        report = check([shop], KEYS)
        assert places(report) == [("crm/bad.py", "DJS001"), ("crm/models.py", "DJS101"), ("orders/models.py", "DJS101")]
        assert report.findings[0].severity is Severity.ERROR
        assert "\n" not in report.findings[0].message
        assert report.faults == ()

    def test_a_syntax_error_is_told_where_it_is(self, shop: Path) -> None:
        write_files(shop, {"crm/bad.py": "x = 1\ny = (1 +\n"})
        finding = check([shop / "crm" / "bad.py"], KEYS).findings[0]
        assert finding.message.startswith("Syntax error: '(' was never closed")
        assert (finding.span.row, finding.span.column) == (2, 5)

    def test_newer_syntax_than_the_running_python_is_told_apart(self, shop: Path) -> None:
        newer = "type Name[T] = list[T]\n" if sys.version_info < (3, 12) else "x = t'{a}'\n"
        write_files(shop, {"crm/new.py": newer})
        report = check([shop], KEYS)
        running = f"{sys.version_info.major}.{sys.version_info.minor}"
        assert f"Newer syntax than Python {running}" in next(
            finding.message for finding in report.findings if finding.code == "DJS001"
        )

    def test_links_that_lead_nowhere_are_findings(self, shop: Path) -> None:
        (shop / "crm" / "a.py").symlink_to("nowhere.py")
        (shop / "crm" / "b.py").symlink_to("b.py")
        report = check([shop], KEYS)
        assert places(report)[:2] == [("crm/a.py", "DJS001"), ("crm/b.py", "DJS001")]
        assert len(report.findings) == 4

    def test_what_may_not_be_read_is_a_finding(self) -> None:
        with public_folder() as root:
            write_files(root, {"a.py": "", "shut/b.py": "", "models.py": FAULT.format(name="Order")})
            (root / "a.py").chmod(0)
            (root / "shut").chmod(0)
            check([root], KEYS)  # loads every module of ours while it may be read
            with without_rights():
                report = check([root], KEYS)
        assert places(report) == [("a.py", "DJS001"), ("models.py", "DJS101"), ("shut", "DJS001")]

    @pytest.mark.parametrize(
        "text",
        [
            "x = " + "(" * 500 + "1" + ")" * 500,
            "x = " + "[" * 150 + "]" * 150,
            "x = " + "-" * 500 + "1",
            "x = " + "a." * 5_000 + "b",
            "x = " + "a + " * 5_000 + "b",
            "x = a" + "(b)" * 500,
            "\n".join(f"{' ' * depth}if a:" for depth in range(99)) + "\n" + " " * 99 + "pass",
            "\n".join(f"{' ' * depth}if a:" for depth in range(500)) + "\n" + " " * 500 + "pass",
            "\n".join(f"{' ' * depth}def f():" for depth in range(99)) + "\n" + " " * 99 + "pass",
            "\n".join(f"{' ' * depth}class A:" for depth in range(99)) + "\n" + " " * 99 + "pass",
            "if a: pass\n" + "elif a: pass\n" * 3_000,
            "x = " + "lambda: " * 500 + "1",
            "x = " + "not " * 800 + "a",
        ],
        ids=lambda text: text[:12].strip() + str(len(text)),
    )
    def test_code_of_500_levels_is_read_or_told(self, shop: Path, text: str) -> None:
        write_files(shop, {"crm/deep.py": text + "\n"})
        report = check([shop], Config())
        assert report.faults == ()
        assert {code for path, code in places(report) if path == "crm/deep.py"} <= {"DJS001"}
        assert ("orders/models.py", "DJS101") in places(report)

    def test_a_file_of_50_000_lines_is_read(self, shop: Path) -> None:
        lines = "".join(f"NAME_{number} = 'a{number}'\n" for number in range(50_000))
        write_files(shop, {"crm/long.py": lines + dedent(FAULT.format(name="Last"))})
        report = check([shop / "crm" / "long.py"], KEYS)
        assert [finding.span.row for finding in report.findings] == [50_005]

    @pytest.mark.parametrize("text", ["", "\n", "\f\n", "# only a comment", "\r", "x = 1\r\ry = 2\r", "\\\n", ";"])
    def test_odd_and_empty_files_are_no_trouble(self, text: str) -> None:
        report = check_sources({"a.py": text}, Config())
        assert {finding.code for finding in report.findings} <= {"DJS001"}
        assert report.faults == ()


def test_rows_and_columns_count_characters_over_every_kind_of_line_end() -> None:
    model = "class Größe(models.Model):\r\n    名 = 1; id = models.AutoField(primary_key=True)\r\n"
    text = f"from django.db import models\r\n\r\n\r\n{model}"
    (finding,) = check_sources({"a/models.py": text}, KEYS).findings
    assert (finding.span.row, finding.span.column) == (5, 17)


def test_what_only_fixes_need_is_not_loaded_for_a_check() -> None:
    told = "import sys; from djlint_spec.engine import rulebook; rulebook(); print('libcst' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
