"""What must hold after every fix, on all fixture projects and all pages; and on texts of every form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import black
import pytest

from djlint_spec.catalog import load_pages
from djlint_spec.config import Config
from djlint_spec.engine import Report, check_tree, fix_sources
from djlint_spec.source import MemoryTree, Tree
from tests.fixes.properties import broken_properties, with_line_ends

ROOT = Path(__file__).resolve().parents[2]
EVERY = Config(select=("ALL",))


def projects() -> Iterator[object]:
    for folder in sorted((ROOT / "fixtures").iterdir()):
        if folder.is_dir():
            files = {
                file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8")
                for file in sorted(folder.rglob("*"))
                if file.suffix in (".py", ".txt", ".toml")
            }
            yield pytest.param(files, EVERY, id=folder.name)


def sections() -> Iterator[object]:
    for page in load_pages([ROOT / "rules"]):
        if page.fix == "none":
            continue
        for number, section in enumerate(page.sections):
            if not section.good:
                yield pytest.param(section.files, Config(select=(page.code,)), id=f"{page.code}-{number}")


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
@pytest.mark.parametrize(("files", "config"), [*projects(), *sections()])
def test_properties_hold(files: Mapping[str, str], config: Config, unsafe: bool) -> None:
    def checked(tree: Tree) -> Report:
        return check_tree(tree, config)

    _, broken = broken_properties(MemoryTree(files), checked, unsafe=unsafe, mode=black.Mode())
    assert broken == []


@pytest.mark.parametrize(("files", "config"), [*sections()])
def test_line_ends_do_not_matter(files: Mapping[str, str], config: Config) -> None:
    plain = fix_sources(files, config, unsafe=True).after
    dos = fix_sources(with_line_ends(files, "\r\n"), config, unsafe=True).after
    assert dos == with_line_ends(plain, "\r\n")


@pytest.mark.parametrize(("files", "config"), [*projects(), *sections()])
def test_what_is_suppressed_is_left_alone(files: Mapping[str, str], config: Config) -> None:
    codes = ", ".join(page.code for page in load_pages([ROOT / "rules"]) if page.fix != "none")
    quiet = {
        path: f"# djlint-spec: ignore-file[{codes}]\n{text}" if path.endswith(".py") else text
        for path, text in files.items()
    }
    # A suppression of all that can be fixed is without use in some files: DJS002 itself stays out.
    config = Config(select=config.select, ignore=("DJS002",))
    assert fix_sources(quiet, config, unsafe=True).after == {}


MODELS = """\
from django.db import models
from django.db.models import Q


class Hub(models.Model):
    class Meta:
        constraints = [
            models.CheckConstraint(check=Q(name="é"), name="named"),
        ]
"""


def fixed(text: str) -> str:
    """A models file with its constraint fixed."""
    files = {"requirements.txt": "Django>=5.1,<6\n", "shop/models.py": text}
    return fix_sources(files, Config(select=("DJS104",))).after["shop/models.py"]


@pytest.mark.parametrize(
    "change",
    [
        ("    ", "\t"),
        ("\n\n\nclass", "\n\f\n\nclass"),
        ("models.CheckConstraint(check", "models.CheckConstraint( check"),
        ("class Hub", "# fmt: off\nclass Hub"),
        ("),\n", "),  # fmt: skip\n"),
        ('"named"', "'named'"),
        ("        ]\n", "        ]"),
        ("from django.db import models\n", "# coding: utf-8\nfrom django.db import models\n"),
        ("check=", "check = \\\n                "),
    ],
)
def test_the_rest_of_a_file_keeps_its_form(change: tuple[str, str]) -> None:
    text = MODELS.replace(*change)
    assert text != MODELS
    assert fixed(text) == text.replace("check", "condition")


def test_a_statement_in_an_area_that_black_leaves_alone_keeps_its_form() -> None:
    room = "n" * (87 - len("            models.CheckConstraint(check=Q(name=''), name=''),"))
    long = MODELS.replace('Q(name="é"), name="named"', f'Q(name=""), name="{room}"')
    head, _, tail = long.partition("\n\n\nclass")
    assert "models.CheckConstraint(\n" in fixed(long)
    off = f"{head}\n\n\n# fmt: off\nclass{tail}# fmt: on\n"
    assert fixed(off) == off.replace("check=", "condition=")
