"""How rules are written and found."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from djlint_spec.diagnostics import Finding
from djlint_spec.project import Project
from djlint_spec.project.models import Model
from djlint_spec.rules import Options, Rule, RuleError, load_rules, rule_folders
from djlint_spec.rules.registry import rule_in, rules_in
from tests.files import write_files
from tests.linked import linked

HEAD = """\
from collections.abc import Iterator
from djlint_spec.diagnostics import Finding
from djlint_spec.project import Project
from djlint_spec.project.models import Model
from djlint_spec.rules import Options, rule
"""
PLAIN = HEAD + "\n@rule\ndef check(model: Model, project: Project) -> Iterator[Finding]:\n    yield from ()\n"


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


def module(folder: Path, text: str) -> ModuleType:
    write_files(folder, {"acme_one/__init__.py": "", "acme_one/no_shouting.py": text})
    return importlib.import_module("acme_one.no_shouting")


def test_a_rule_has_the_name_of_its_module_and_the_subject_of_its_annotation(packages: Path) -> None:
    found = rule_in(module(packages, PLAIN))
    assert (found.name, found.subject, found.takes_options) == ("no-shouting", Model, False)


def test_a_rule_may_take_options(packages: Path) -> None:
    text = PLAIN.replace("project: Project)", "project: Project, options: Options)")
    assert rule_in(module(packages, text)).takes_options


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD, "has 0 functions marked @rule"),
        (PLAIN + PLAIN.partition("@rule")[2].join(["\n@rule", ""]).replace("check", "other"), "has 2 functions"),
        (PLAIN.replace("model: Model, project: Project", "model: Model"), "a rule takes a subject"),
        (PLAIN.replace("model: Model, ", "model, "), "a rule takes a subject"),
        (PLAIN.replace("model: Model, ", "model: Model | None, "), "a rule takes a subject"),
    ],
)
def test_a_module_of_another_form_is_told(packages: Path, text: str, told: str) -> None:
    with pytest.raises(RuleError) as caught:
        rule_in(module(packages, text))
    assert str(caught.value).startswith("acme_one.no_shouting: ")
    assert told in str(caught.value)


def test_rules_are_found_by_walking(packages: Path) -> None:
    write_files(
        packages, {"acme_two/__init__.py": "", "acme_two/deep/__init__.py": "", "acme_two/deep/b_rule.py": PLAIN}
    )
    write_files(packages, {"acme_two/a_rule.py": PLAIN})
    assert [rule.name for rule in rules_in(importlib.import_module("acme_two"))] == ["a-rule", "b-rule"]


def test_packages_offer_rules_by_an_entry_point(packages: Path) -> None:
    write_files(
        packages,
        {
            "acme_three/__init__.py": "",
            "acme_three/a_rule.py": PLAIN,
            "acme_three-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: acme-three\nVersion: 1.0\n",
            "acme_three-1.0.dist-info/entry_points.txt": "[djlint_spec.rules]\nacme = acme_three\n",
        },
    )
    assert "a-rule" in {rule.name for rule in load_rules()}
    assert [folder.name for folder in rule_folders()] == ["acme_three"]


def test_options_are_typed_when_they_are_asked_for() -> None:
    options = Options({"depth": 3, "names": ["a", "b"]})
    assert options.number("depth") == 3
    assert options.words("names") == ("a", "b")
    assert dict(options) == {"depth": 3, "names": ["a", "b"]}
    assert len(options) == 2
    assert options["depth"] == 3


def test_a_rule_gets_options_when_it_takes_them() -> None:
    asked: list[object] = []

    def check(subject: object, project: Project, *options: Options) -> list[Finding]:
        asked.append(options)
        return []

    project = linked({})
    options = Options({})
    Rule("x", object, check, takes_options=True).run(project, project, options)
    Rule("x", object, check, takes_options=False).run(project, project, options)
    assert asked == [(options,), ()]
