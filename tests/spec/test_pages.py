"""Every page of `rules/` is run section by section, and held to the contract and to the page format."""

from __future__ import annotations

import importlib
import sys
from collections import Counter
from pathlib import Path

import pytest

import djlint_spec.rules
from djlint_spec.catalog import Page, Section, load_pages
from djlint_spec.engine.rulebook import ENGINE_RULES
from djlint_spec.rules.registry import rules_in
from djlint_spec.testing import FAMILIES, failures

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = tomllib.loads((Path(__file__).parent / "contract.toml").read_text(encoding="utf-8"))
PAGES = load_pages([ROOT / "rules"])
HEADINGS = ("What it flags", "Why", "When to ignore it")

SECTIONS = [
    pytest.param(page, section, id=f"{page.code}-{number}-{section.title}")
    for page in PAGES
    for number, section in enumerate(page.sections, 1)
]
each_page = pytest.mark.parametrize("page", PAGES, ids=[page.code for page in PAGES])


@pytest.mark.parametrize(("page", "section"), SECTIONS)
def test_a_section_gives_the_findings_that_it_expects(page: Page, section: Section) -> None:
    assert list(failures(page, section)) == []


@each_page
def test_a_page_keeps_the_contract_of_its_code(page: Page) -> None:
    name, severity, fix, *off = CONTRACT[page.code]
    assert (page.name, page.level, page.fix, not page.default) == (name, severity, fix, bool(off))


@each_page
def test_a_page_lies_where_its_family_and_name_say(page: Page) -> None:
    assert page.family == FAMILIES[page.code[3]]
    assert (ROOT / "rules" / page.family / f"{page.name}.md").is_file()


@each_page
def test_the_front_matter_of_a_page_is_filled_in(page: Page) -> None:
    assert page.spec
    assert page.since.count(".") == 2
    for key, option in page.options.items():
        assert set(option) == {"default", "help"}, f"option {key} has a default and a help text, and no more"


@each_page
def test_a_page_says_what_why_and_when_not(page: Page) -> None:
    assert page.text.startswith(f"# {page.name}\n")
    assert page.summary.endswith(".")
    assert [heading for heading in page.headings if heading in HEADINGS] == list(HEADINGS)
    for heading, body in zip(page.headings, page.text.split("\n## ")[1:], strict=True):
        assert body.removeprefix(heading).strip(), f"{heading} is empty"


@each_page
def test_a_page_shows_faults_and_traps(page: Page) -> None:
    assert any(not section.good for section in page.sections), "no Bad section"
    assert any(section.good for section in page.sections), "no Good section"
    told = Counter(section.title for section in page.sections)
    assert [title for title, times in told.items() if times > 1] == []


@each_page
def test_every_block_of_code_belongs_to_a_labelled_file(page: Page) -> None:
    """A fence that the page format does not read would look like a test and be none."""
    for section in page.sections:
        body = page.text.split(f": {section.title}\n", 1)[1].split("\n## ", 1)[0]
        assert body.count("\n```") == 2 * len(section.blocks), section.title
        for block in section.blocks:
            assert not (block.fixed and block.expected), f"{section.title}: a fixed block expects a finding"
            if block.fixed:
                assert block.path in section.files, f"{section.title}: {block.path} is fixed but not there before"


def test_pages_and_rule_modules_match_one_to_one() -> None:
    ours = {rule.name: rule.check.__module__ for rule in rules_in(djlint_spec.rules)}
    assert set(ours) == {page.name for page in PAGES} - set(ENGINE_RULES)
    for page in PAGES:
        if page.name not in ENGINE_RULES:
            assert ours[page.name] == f"djlint_spec.rules.{page.family}.{page.name.replace('-', '_')}"


def test_every_code_has_one_page() -> None:
    assert len({page.code for page in PAGES}) == len(PAGES)
    assert len({page.name for page in PAGES}) == len(PAGES)


def test_a_rule_module_says_in_a_sentence_what_it_reports() -> None:
    for rule in rules_in(djlint_spec.rules):
        text = importlib.import_module(rule.check.__module__).__doc__
        assert text is not None
        assert text.strip().endswith("."), rule.name
