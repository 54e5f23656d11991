"""Constants through names, and what is not one."""

from __future__ import annotations

import pytest

from djlint_spec.facts import tree as t
from djlint_spec.project import Unknown
from djlint_spec.project.constants import fold, strings
from tests.linked import linked

HEAD = """
    from shop.other import LIMIT, Kind, missing
    NAME = "ada"
    PAIR = ("a", "b")
    TABLE = {"x": 1}
    LOOP = LOOP_TOO
    LOOP_TOO = LOOP
    class Local:
        VALUE = 3
"""


def value(text: str) -> object:
    project = linked(
        {"shop/here.py": f"{HEAD}    RESULT = {text}\n", "shop/other.py": "LIMIT = 5\nclass Kind:\n    A = 'a'"}
    )
    module = next(module for module in project.modules if module.path == "shop/here.py")
    return project.constant(t.Name(0, 0, "RESULT"), module.scope)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'a'", "a"),
        ("1.5", 1.5),
        ("True", True),
        ("None", None),
        ("b'x'", b"x"),
        ("[1, 2]", (1, 2)),
        ("{1}", (1,)),
        ("(*PAIR, 'c')", ("a", "b", "c")),
        ("{'a': 1, **TABLE}", {"a": 1, "x": 1}),
        ("'a' + 'b' + NAME", "abada"),
        ("[1] + [2]", (1, 2)),
        ("LIMIT + 1", 6),
        ("f'{NAME}-{LIMIT}'", "ada-5"),
        ("tuple(['a'])", ("a",)),
        ("Local.VALUE", 3),
        ("Kind.A", "a"),
    ],
)
def test_an_expression_of_constants_comes_to_its_value(text: str, expected: object) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "call()",
        "[call()]",
        "[*NAME]",
        "[*call()]",
        "{'a': call()}",
        "{**NAME}",
        "{**call()}",
        "{call(): 1}",
        "{{}: 1}",
        "f'{call()}'",
        "'a' + 1",
        "NAME * 2",
        "Kind",
        "Local",
        "missing",
        "undefined",
        "LOOP",
    ],
)
def test_what_is_computed_is_unknown(text: str) -> None:
    assert isinstance(value(text), Unknown)


def test_a_constant_nested_beyond_reason_is_unknown() -> None:
    project = linked({"shop/here.py": "X = " + "[" * 30 + "]" * 30})
    assert isinstance(fold(project, t.Name(0, 0, "X"), project.modules[0].scope), Unknown)


def test_the_strings_of_a_value_are_its_own_or_its_items() -> None:
    assert list(strings("a")) == ["a"]
    assert list(strings(("a", 1, "b"))) == ["a", "b"]
    assert list(strings(None)) == []
