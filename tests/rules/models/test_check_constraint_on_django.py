"""What the installed Django does with the two spellings: the ground that DJS104 stands on."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

_QUESTION = """
import json, sys, warnings
import django
from django.conf import settings
settings.configure()
from django.db.models import CheckConstraint, Q, UniqueConstraint

def outcome(kind, **arguments):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            kind(name="c", **arguments)
        except TypeError:
            return "TypeError"
    return "deprecated" if any("deprecated" in str(warning.message) for warning in caught) else "taken"

print(json.dumps({
    "version": django.VERSION[:2],
    "check": outcome(CheckConstraint, check=Q(a=1)),
    "condition": outcome(CheckConstraint, condition=Q(a=1)),
    "condition of a unique constraint": outcome(UniqueConstraint, fields=["a"], condition=Q(a=1)),
    "check of a unique constraint": outcome(UniqueConstraint, fields=["a"], check=Q(a=1)),
}))
"""


def _expected(version: tuple[int, int]) -> dict[str, str]:
    if version < (5, 1):
        return {"check": "taken", "condition": "TypeError"}
    return {"check": "deprecated" if version < (6, 0) else "TypeError", "condition": "taken"}


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    answer = subprocess.run([sys.executable, "-c", _QUESTION], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    outcomes: dict[str, Any] = json.loads(answer.stdout)
    return outcomes


def test_the_spellings_are_taken_deprecated_or_refused_as_the_rule_says(told: dict[str, Any]) -> None:
    major, minor = told["version"]
    expected = _expected((major, minor))
    assert {spelling: told[spelling] for spelling in expected} == expected


def test_a_unique_constraint_has_a_condition_of_its_own_and_no_check(told: dict[str, Any]) -> None:
    assert told["condition of a unique constraint"] == "taken"
    assert told["check of a unique constraint"] == "TypeError"
