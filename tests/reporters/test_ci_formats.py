"""The formats that CI systems read, held to what reads them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as xml

import pytest

from djlint_spec.cli.output import FORMATS as NAMED
from djlint_spec.config import Config
from djlint_spec.engine import Report, check_sources
from djlint_spec.reporters import FORMATS, Style, write

FILES = {
    "pyproject.toml": '[project]\nname = "x"\nversion = "1"\ndependencies = ["django>=5.2,<6"]\n',
    "shop/__init__.py": "",
    "shop/models.py": (
        "from django.db import models\n\n\n"
        "class Order(models.Model):\n"
        '    née = "é"; number = models.CharField(max_length=9, primary_key=True)\n\n\n'
        "class Line(models.Model):\n"
        "    number = models.CharField(\n        max_length=9, primary_key=True\n    )\n"
    ),
}


@pytest.fixture(scope="module")
def report() -> Report:
    found = check_sources(FILES, Config(select=("DJS101",)))
    assert len(found.findings) == 2
    return found


@pytest.fixture
def style(tmp_path: Path) -> Style:
    return Style(tmp_path, tmp_path)


@pytest.fixture
def clean() -> Report:
    return check_sources({"a.py": "x = 1\n"}, Config(select=("DJS101",)))


def test_the_command_names_every_format() -> None:
    assert tuple(FORMATS) == NAMED


def test_github_escapes_what_would_end_an_annotation(report: Report, style: Style) -> None:
    first, second = write(report, "github", style).splitlines()
    assert first.startswith(
        "::notice title=DJS101 non-uuid-primary-key,file=shop/models.py,line=5,col=25,endLine=5,endColumn=73::"
    )
    assert "endColumn" not in second.partition("::notice ")[2].partition("::")[0]
    assert "%0A" in first


def test_azure_gives_type_place_and_code(report: Report, style: Style) -> None:
    line = write(report, "azure", style).splitlines()[0]
    assert line.startswith(
        "##vso[task.logissue type=warning;sourcepath=shop/models.py;linenumber=5;columnnumber=25;code=DJS101;]"
    )


def test_pylints_parseable_lines(report: Report, style: Style) -> None:
    assert write(report, "pylint", style).splitlines()[0].startswith(
        "shop/models.py:5: [DJS101(non-uuid-primary-key)] "
    )  # fmt: skip


def test_grouped_names_a_file_once(report: Report, style: Style) -> None:
    lines = write(report, "grouped", style).splitlines()
    assert lines[0] == "shop/models.py"
    assert [line.split()[0] for line in lines[1:]] == ["5:25", "9:14"]


def test_json_lines_are_the_objects_of_the_json_format(report: Report, style: Style) -> None:
    lines = [json.loads(line) for line in write(report, "json-lines", style).splitlines()]
    assert lines == json.loads(write(report, "json", style))


def test_rdjson_counts_columns_in_bytes(report: Report, style: Style) -> None:
    diagnostic = json.loads(write(report, "rdjson", style))["diagnostics"][0]
    start = diagnostic["location"]["range"]["start"]
    line = FILES["shop/models.py"].splitlines()[4]
    assert line.encode()[start["column"] - 1 :].startswith(b"models.CharField")
    assert diagnostic["severity"] == "INFO"


def test_gitlab_has_a_fingerprint_of_its_own_for_each(report: Report, style: Style) -> None:
    issues = json.loads(write(report, "gitlab", style))
    assert {issue["severity"] for issue in issues} == {"info"}
    assert len({issue["fingerprint"] for issue in issues}) == 2
    assert issues[0]["location"]["path"] == "shop/models.py"


def test_junit_counts_what_it_lists(report: Report, clean: Report, style: Style) -> None:
    root = xml.fromstring(write(report, "junit", style))
    (suite,) = root.findall("testsuite")
    assert suite.get("tests") == suite.get("failures") == str(len(suite.findall("testcase/failure"))) == "2"
    passed = xml.fromstring(write(clean, "junit", style))
    assert [len(case) for case in passed.iter("testcase")] == [0]


def test_sarif_is_read_by_the_tools_that_read_sarif(report: Report, style: Style, tmp_path: Path) -> None:
    file = tmp_path / "out.sarif"
    file.write_text(write(report, "sarif", style))
    run = subprocess.run(
        [sys.executable, "-m", "sarif", "summary", str(file)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert "note: 2" in run.stdout
    assert "DJS101" in run.stdout


def test_sarif_names_rule_place_and_a_stable_fingerprint(report: Report, style: Style) -> None:
    (run,) = json.loads(write(report, "sarif", style))["runs"]
    rule = run["tool"]["driver"]["rules"][0]
    assert (rule["id"], rule["name"]) == ("DJS101", "non-uuid-primary-key")
    result = run["results"][0]
    assert result["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 5, "startColumn": 25, "endLine": 5, "endColumn": 73,
    }  # fmt: skip
    moved = {**FILES, "shop/models.py": "\n\n" + FILES["shop/models.py"].replace("max_length=9, ", "max_length=9,  ")}
    again = json.loads(write(check_sources(moved, Config(select=("DJS101",))), "sarif", style))["runs"][0]["results"]
    assert [r["partialFingerprints"] for r in again] == [r["partialFingerprints"] for r in run["results"]]
    assert again[0]["locations"] != result["locations"]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_takes_a_clean_project(clean: Report, style: Style, name: str) -> None:
    text = write(clean, name, style)
    assert text == "" or text.endswith("\n")
