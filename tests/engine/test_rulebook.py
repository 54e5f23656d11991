"""Options of rules, as the page has them and as the user sets them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from djlint_spec.config import Config, ConfigError
from djlint_spec.engine import rulebook

PAGE = replace(
    rulebook().pages["DJS201"],
    options={"depth": {"default": 3, "help": "how far"}, "names": {"default": ["a"], "help": "which"}},
)


def options(**tables: Mapping[str, object]) -> dict[str, object]:
    config = Config(rules=tables, origin="pyproject.toml: [tool.djlint-spec]")
    return dict(rulebook().options(PAGE, config))


def test_defaults_stand_where_nothing_is_set() -> None:
    assert options() == {"depth": 3, "names": ["a"]}


def test_a_table_is_named_by_code_or_name() -> None:
    assert options(DJS201={"depth": 5})["depth"] == 5
    assert options(**{"missing-select-related": {"names": ["b"]}})["names"] == ["b"]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"dept": 1}, 'rules.DJS201: unknown option "dept" (did you mean depth?)'),
        ({"depth": "deep"}, "rules.DJS201.depth: must be of the kind of its default, 3"),
        ({"depth": True}, "rules.DJS201.depth: must be of the kind of its default, 3"),
    ],
)
def test_a_mistake_names_file_table_and_option(table: dict[str, object], told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        options(DJS201=table)
    assert str(caught.value) == f"pyproject.toml: [tool.djlint-spec] {told}"
