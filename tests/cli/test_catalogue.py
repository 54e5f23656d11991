"""`djlint-spec rule` and `djlint-spec rules`."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from djlint_spec.catalog import load_pages
from djlint_spec.engine import rulebook
from tests.cli.running import run


@pytest.mark.parametrize("word", ["DJS101", "djs101", "non-uuid-primary-key"])
def test_a_page_is_found_by_code_or_name(word: str) -> None:
    ended = run("rule", word)
    assert ended.code == 0
    assert ended.out.startswith("DJS101 non-uuid-primary-key\nmodels · convention")


def test_it_is_coloured_when_asked() -> None:
    assert run("rule", "DJS101", "--color", "always").out.startswith("\x1b[1mDJS101")


def test_a_rule_that_is_not_there_is_2_with_the_nearest() -> None:
    ended = run("rule", "non-uid-primary-key")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == 'djlint-spec: unknown rule "non-uid-primary-key" (did you mean non-uuid-primary-key?)\n'


def test_every_rule_is_listed_with_its_sentence() -> None:
    lines = run("rules").out.splitlines()
    assert [line.split()[0] for line in lines] == [page.code for page in load_pages()]
    assert all(page.summary in line for page, line in zip(load_pages(), lines, strict=True))


def test_the_list_as_json_holds_what_the_front_matter_says() -> None:
    listed = json.loads(run("rules", "--output-format", "json").out)
    assert [entry["code"] for entry in listed] == [page.code for page in load_pages()]
    (entry,) = [entry for entry in listed if entry["code"] == "DJS104"]
    assert entry.keys() >= {"name", "family", "severity", "fix", "gate", "since", "spec", "default", "summary", "url"}
    assert (entry["severity"], entry["fix"], entry["gate"]) == ("error", "safe", "Django >= 5.1")


def test_options_of_a_rule_are_listed_with_their_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    page = replace(
        rulebook().pages["DJS101"],
        options={
            "depth": {"default": 3, "help": "how far"},
            "names": {"default": ["a"], "help": "which"},
            "since": {"default": date(2026, 1, 1), "help": "a date of TOML"},
        },
    )
    monkeypatch.setitem(rulebook().pages, "DJS101", page)
    (entry,) = [one for one in json.loads(run("rules", "--output-format", "json").out) if one["code"] == "DJS101"]
    assert entry["options"] == {
        "depth": {"default": 3, "help": "how far"},
        "names": {"default": ["a"], "help": "which"},
        "since": {"default": "2026-01-01", "help": "a date of TOML"},
    }
    assert "  names = ['a']\n      which\n" in run("rule", "DJS101").out
