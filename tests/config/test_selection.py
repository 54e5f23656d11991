"""Which rules run, and where they are left out."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from djlint_spec.config import Config, ConfigError, FileIgnores, matching, select_rules


@dataclass(frozen=True)
class Info:
    code: str
    name: str
    family: str
    level: str
    default: bool = True


RULES = (
    Info("DJS101", "non-uuid-primary-key", "models", "convention"),
    Info("DJS104", "check-constraint", "models", "error"),
    Info("DJS201", "missing-select-related", "drf", "warning"),
    Info("DJS204", "serializer-all-fields", "drf", "warning", default=False),
)


def selected(**options: tuple[str, ...]) -> set[str]:
    return set(select_rules(RULES, Config(**options)))  # type: ignore[arg-type]  # only the lists of selectors


def test_without_a_selection_the_rules_on_by_default_run() -> None:
    assert selected() == {"DJS101", "DJS104", "DJS201"}


@pytest.mark.parametrize(
    ("selector", "codes"),
    [
        ("DJS101", {"DJS101"}),
        ("DJS1", {"DJS101", "DJS104"}),
        ("DJS", {"DJS101", "DJS104", "DJS201", "DJS204"}),
        ("missing-select-related", {"DJS201"}),
        ("drf", {"DJS201", "DJS204"}),
        ("error", {"DJS104"}),
        ("ALL", {"DJS101", "DJS104", "DJS201", "DJS204"}),
    ],
)
def test_a_selector_is_a_code_a_beginning_a_name_a_family_or_a_severity(selector: str, codes: set[str]) -> None:
    assert selected(select=(selector,)) == codes


def test_the_more_specific_selector_wins() -> None:
    assert selected(select=("DJS1",), ignore=("DJS101",)) == {"DJS104"}
    assert selected(select=("DJS101",), ignore=("DJS1",)) == {"DJS101"}
    assert selected(select=("models",), ignore=("DJS1",)) == set()
    assert selected(select=("DJS1",), ignore=("convention",)) == {"DJS101", "DJS104"}


def test_extend_select_adds_to_the_selection_or_to_the_defaults() -> None:
    assert selected(extend_select=("DJS204",)) == {"DJS101", "DJS104", "DJS201", "DJS204"}
    assert selected(select=("DJS104",), extend_select=("DJS204",)) == {"DJS104", "DJS204"}


def test_ignore_alone_takes_from_the_defaults() -> None:
    assert selected(ignore=("drf",)) == {"DJS101", "DJS104"}


@pytest.mark.parametrize(
    ("word", "near"), [("DJS2O1", "DJS201"), ("djs104", "DJS104"), ("mising-select-related", "missing-select-related")]
)
def test_a_selector_that_names_nothing_is_told_with_the_nearest(word: str, near: str) -> None:
    config = Config(select=(word,), origin="pyproject.toml: [tool.djlint-spec]")
    with pytest.raises(ConfigError) as caught:
        select_rules(RULES, config)
    told = f'pyproject.toml: [tool.djlint-spec] select: unknown rule "{word}" (did you mean {near}?)'
    assert str(caught.value) == told


def test_nothing_near_is_suggested_for_a_word_that_is_like_none() -> None:
    with pytest.raises(ConfigError, match=r'^--select: unknown rule "zzzzzz"$'):
        matching(RULES, "zzzzzz", "--select")


class TestFileIgnores:
    @pytest.mark.parametrize(
        ("pattern", "path", "left_out"),
        [
            ("legacy/*", "legacy/a.py", True),
            ("legacy/*", "legacy/b/a.py", True),
            ("legacy/*", "shop/legacy.py", False),
            ("__init__.py", "shop/__init__.py", True),
            ("**/tests/**", "tests/a.py", True),
            ("!shop/**", "legacy/a.py", True),
            ("!shop/**", "shop/a.py", False),
        ],
    )
    def test_patterns_are_those_of_gitignore(self, pattern: str, path: str, *, left_out: bool) -> None:
        ignores = FileIgnores(RULES, Config(per_file_ignores={pattern: ("DJS1", "drf")}))
        assert ignores.cover(path, "DJS101") is left_out
        assert ignores.cover(path, "DJS201") is left_out

    def test_only_the_named_rules_are_left_out(self) -> None:
        ignores = FileIgnores(RULES, Config(per_file_ignores={"*": ("DJS1",)}))
        assert not ignores.cover("a.py", "DJS201")

    def test_an_unknown_rule_is_told(self) -> None:
        config = Config(per_file_ignores={"*": ("DJS9",)}, origin="djlint-spec.toml:")
        with pytest.raises(ConfigError, match=r'^djlint-spec\.toml: per-file-ignores: unknown rule "DJS9"'):
            FileIgnores(RULES, config)
