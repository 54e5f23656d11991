"""Reports hold to the schemas of those who read them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import xmlschema

from djlint_spec import Config, Report, check, check_sources
from djlint_spec.engine import Fault
from djlint_spec.reporters import Style, write

SCHEMAS = Path(__file__).with_name("schemas")
SHOP = Path(__file__).parents[2] / "fixtures" / "legacy_shop"
MODEL = """from django.db import models


class Größe(models.Model):
    key = models.CharField("\\N{SNOWMAN} & <b>", max_length=9, primary_key=True)
"""


def _odd() -> Report:
    """Names and texts that XML, JSON or a URI has no place for as they are."""
    files: Mapping[str, str] = {
        "größe/mödels & more.py": MODEL,
        "shop/a b%20#c.py": MODEL.replace("Größe", "Other"),
        "broken.py": "def \x01(:\n",
    }
    return check_sources(files, Config(extend_select=("DJS001", "DJS101")))


def _faulty() -> Report:
    return replace(_odd(), faults=(Fault("DJS1 x", "a.py", 1, "KeyError: 'x'", "a.py:1", ""),))


@pytest.fixture(params=["shop", "odd", "faulty", "clean"], scope="module")
def report(request: pytest.FixtureRequest) -> Report:
    match request.param:
        case "shop":
            return check([SHOP], Config(), root=SHOP)
        case "odd":
            return _odd()
        case "faulty":
            return _faulty()
        case _:
            return check_sources({"a.py": ""})


@pytest.fixture(params=[SHOP, Path("/elsewhere")], ids=["below", "absolute"])
def style(request: pytest.FixtureRequest) -> Style:
    return Style(SHOP, request.param)


def _schema(name: str) -> Mapping[str, object]:
    schema: Mapping[str, object] = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    return schema


def test_sarif_holds_to_its_schema(report: Report, style: Style) -> None:
    schema = _schema("sarif-2.1.0-rtm.5.json")
    validator = jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())
    document = json.loads(write(report, "sarif", style))
    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)] == []
    assert len(document["runs"][0]["results"]) == len(report.findings)


def test_the_shop_has_every_part_of_a_sarif_result() -> None:
    style = Style(SHOP, SHOP)
    results = json.loads(write(check([SHOP], Config(), root=SHOP), "sarif", style))["runs"][0]["results"]
    for key in ("fixes", "relatedLocations", "partialFingerprints"):
        assert any(result[key] for result in results)


def test_junit_holds_to_its_schema(report: Report, style: Style) -> None:
    schema = xmlschema.XMLSchema(SCHEMAS / "junit-10.xsd")
    assert [str(error) for error in schema.iter_errors(write(report, "junit", style))] == []


def test_gitlab_holds_to_its_schema(report: Report) -> None:
    validator = jsonschema.Draft202012Validator(_schema("gitlab-code-quality.json"))
    document = json.loads(write(report, "gitlab", Style(SHOP, SHOP)))
    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)] == []
    assert len({issue["fingerprint"] for issue in document}) == len(report.findings)


def test_the_schemas_refuse_what_is_none() -> None:
    assert not jsonschema.Draft4Validator(_schema("sarif-2.1.0-rtm.5.json")).is_valid({"version": "2.1.0", "run": []})
    assert not xmlschema.XMLSchema(SCHEMAS / "junit-10.xsd").is_valid("<testsuites><case/></testsuites>")
    assert not jsonschema.Draft202012Validator(_schema("gitlab-code-quality.json")).is_valid([{"severity": "bad"}])
