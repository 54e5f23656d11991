"""What is written by hand in `docs/` holds."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from djlint_spec.config import Config, parse_config
from djlint_spec.testing import FAMILIES

ROOT = Path(__file__).resolve().parents[1]
PAGES = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_option_is_documented_and_no_other() -> None:
    documented = re.findall(r"^\| `([a-z-]+)` \|", text("docs/configuration.md"), re.MULTILINE)
    options = [entry.name.replace("_", "-") for entry in fields(Config) if entry.name != "origin"]
    assert sorted(documented) == sorted(options)


@pytest.mark.parametrize("name", ["README.md", "docs/configuration.md"])
def test_the_examples_of_configuration_can_be_used(name: str) -> None:
    examples = re.findall(r"^```toml\n(\[tool\.djlint-spec\].*?)^```$", text(name), re.MULTILINE | re.DOTALL)
    assert examples
    for example in examples:
        assert parse_config(example, "pyproject.toml") != Config()


def test_every_family_is_named_with_its_codes() -> None:
    for digit, family in FAMILIES.items():
        assert f"| DJS{digit} | {family} | [rules/{family}](../rules/{family}) |" in text("docs/rules.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_within_the_repository_lead_somewhere(page: Path) -> None:
    told = re.sub(r"^(```+).*?^\1$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for link in re.findall(r"\]\((?!https?://|#)([^)#]+)", told):
        target = page.parent / link
        assert target.exists() or target.parent == ROOT / "docs" / ".." / "rules", f"{page.name}: {link}"


def test_the_page_on_architecture_names_every_room_and_no_other() -> None:
    drawn = text("docs/architecture.md").partition("## Rooms")[2].partition("```\n")[2].partition("```")[0]
    named = {word for line in drawn.splitlines() for word in re.split(r"\s{2,}", line)[0].split(" | ") if word}
    package = ROOT / "src" / "djlint_spec"
    rooms = {path.stem for path in package.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert rooms - {"__init__", "__main__"} - named == set()
    assert {
        room for room in named if not (package / room).exists() and not (package / f"{room}.py").exists()
    } <= PLANNED


PLANNED = {"docgen", "fixes"}
"""Rooms that the plan of the house has and the house has not yet."""
