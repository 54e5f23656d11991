"""Findings as JSON."""

from __future__ import annotations

import json

import pytest

from djlint_spec.diagnostics import Applicability, Fix, Severity
from djlint_spec.fixes import Lowering
from djlint_spec.reporters import write
from tests.reporters.reports import finding, report, span, style


def test_a_finding_has_exactly_these_keys() -> None:
    one = finding(
        span("orders/views.py", 2, 16, 35),
        "It loads `größe` again.",
        severity=Severity.ERROR,
        data={"reads": [{"path": "a.b", "row": 3}]},
    )
    text = write(report(one, sources={"orders/views.py": "a\nb\n"}), "json", style())
    assert json.loads(text) == [
        {
            "code": "DJS201",
            "name": "missing-select-related",
            "severity": "error",
            "message": "It loads `größe` again.",
            "filename": "orders/views.py",
            "location": {"row": 2, "column": 16},
            "end_location": {"row": 2, "column": 35},
            "fix": None,
            "noqa_row": 2,
            "url": "https://x/",
            "data": {"reads": [{"path": "a.b", "row": 3}]},
        }
    ]
    assert "größe" in text


@pytest.mark.parametrize("applicability", Applicability)
def test_a_fix_has_its_applicability_and_message(applicability: Applicability) -> None:
    one = finding(span("a.py", 1, 1, 2), fix=Fix("mend it", applicability, ()))
    (told,) = json.loads(write(report(one), "json", style()))
    assert told["fix"] == {"applicability": applicability.value, "message": "mend it", "edits": []}


def test_a_fix_without_a_place_has_no_edits_and_tells_why_in_the_data() -> None:
    lowering = Lowering({"a.py": "x = 1\n"}.get)
    one = finding(span("a.py", 1, 1, 2), fix=Fix("mend it", Applicability.SAFE, ()), data={"a": 1})
    shown = finding(span("a.py", 1, 1, 2), fix=Fix("mend it", Applicability.DISPLAY, ()))
    first, second = json.loads(write(report(one, shown, lowering=lowering), "json", style()))
    assert first["fix"] == {"applicability": "safe", "message": "mend it", "edits": []}
    assert first["data"] == {"a": 1, "not_fixed_because": "there is nothing to change"}
    assert second["data"] == {}


def test_the_row_for_a_comment_is_where_one_can_stand() -> None:
    one = finding(span("a.py", 1, 1, 2))
    (told,) = json.loads(write(report(one, sources={"a.py": "x = '''\n\n'''\n"}), "json", style()))
    assert told["noqa_row"] == 3


def test_no_findings_are_an_empty_list() -> None:
    assert json.loads(write(report(), "json", style())) == []
