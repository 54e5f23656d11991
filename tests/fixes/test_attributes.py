"""A class gets an attribute, or another value for one that it has."""

from __future__ import annotations

import ast

import pytest

from djlint_spec.diagnostics import ExtendAttribute, SetAttribute
from tests.fixes.lowering import at, fixed, refused


def made(text: str, cls: str = "A", value: str = "10") -> str:
    """The text of a module after `size` of a class is set."""
    result = fixed(text, SetAttribute(at(text, cls), "size", value))
    ast.parse(result)
    return result


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("    size = 5  # why\n", "    size = 10  # why\n"),
        ("    size: int = 5\n", "    size: int = 10\n"),
        ("    size: int  # why\n", "    size: int = 10  # why\n"),
        ("    size = 5\n    size = 6\n", "    size = 5\n    size = 10\n"),
        ("    size = (\n        # why\n        5\n    )\n", "    size = (\n        # why\n        10\n    )\n"),
        ("    x = 1\n", "    x = 1\n    size = 10\n"),
        ("    x = [size for size in y]\n", "    x = [size for size in y]\n    size = 10\n"),
        ("\tx = 1\n", "\tx = 1\n\tsize = 10\n"),
        ("    x = 1\r\n", "    x = 1\r\n    size = 10\r\n"),
        ("    pass  # for now\n", "    size = 10  # for now\n"),
        ("    class Meta:\n        pass\n", "    size = 10\n\n    class Meta:\n        pass\n"),
    ],
)
def test_an_attribute_is_set(body: str, expected: str) -> None:
    head = "class A:\r\n" if "\r" in body else "class A:\n"
    assert made(head + body) == head + expected


def test_an_attribute_of_the_inner_class_is_set() -> None:
    text = "class A:\n    size = 1\n\n    class Meta:\n        size = 2\n"
    assert made(text, "Meta") == text.replace("2", "10")


def test_a_value_that_makes_the_line_too_long_is_laid_out() -> None:
    value = f"['{'a' * 50}', '{'b' * 50}']"
    expected = f'    size = [\n        "{"a" * 50}",\n        "{"b" * 50}",\n    ]\n'
    assert made("class A:\n    size = []\n", value=value) == f"class A:\n{expected}"
    assert made("class A:\n    x = 1\n", value=value) == f"class A:\n    x = 1\n{expected}"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("class A: pass\n", "on one line"),
        ("class A:\n    size = 10\n", "nothing to change"),
        ("class A:\n    size = other = 5\n", "plain assignment"),
        ("class A:\n    if x:\n        size = 5\n", "plain assignment"),
        ("class A:\n    size = 5\n    size += 1\n", "plain assignment"),
        ("class A:\n    def size(self):\n        pass\n", "plain assignment"),
        ("class A:\n    from b import c as size\n", "plain assignment"),
        ("A = 1\n", "no class stands"),
    ],
)
def test_a_class_that_leaves_no_place_is_told(text: str, why: str) -> None:
    assert why in refused(text, SetAttribute(at(text, "A"), "size", "10"))


def test_a_list_that_is_declared_alone_is_given() -> None:
    text = "class A:\n    fields: tuple\n"
    assert fixed(text, ExtendAttribute(at(text, "A"), "fields", ("a",))) == f'{text}    fields = ("a",)\n'
