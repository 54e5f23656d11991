"""Decorators are put on functions and classes, and moved among those that stand there."""

from __future__ import annotations

import ast

import pytest

from djlint_spec.diagnostics import InsertDecorator, MoveDecorator, RenameKeyword
from tests.fixes.lowering import at, fixed, refused

DEF = "def g():\n    pass\n"


def inserted(text: str, name: str, below: str = "") -> str:
    """The text of a module with `@new(1)` on a definition."""
    result = fixed(text, InsertDecorator(at(text, name), "new(1)", below))
    ast.parse(result)
    return result


@pytest.mark.parametrize(
    ("text", "below", "expected"),
    [
        (DEF, "", f"@new(1)\n{DEF}"),
        (f"# says\n{DEF}", "", f"# says\n@new(1)\n{DEF}"),
        (f"@a  # why\n{DEF}", "", f"@new(1)\n@a  # why\n{DEF}"),
        (f"@a  # why\n{DEF}", "a", f"@a  # why\n@new(1)\n{DEF}"),
        (f"@x.a(\n    1,\n)\n# says\n@b\n{DEF}", "a", f"@x.a(\n    1,\n)\n@new(1)\n# says\n@b\n{DEF}"),
        (f"@x.a\n@b\n{DEF}", "x.a", f"@x.a\n@new(1)\n@b\n{DEF}"),
        ("async def g(): pass\n", "", "@new(1)\nasync def g(): pass\n"),
        ("class g: pass\n", "", "@new(1)\nclass g: pass\n"),
        ("class A:\n\t@a\n\tdef g(self): pass\n", "a", "class A:\n\t@a\n\t@new(1)\n\tdef g(self): pass\n"),
        ("@a\r\ndef g(): pass\r\n", "a", "@a\r\n@new(1)\r\ndef g(): pass\r\n"),
    ],
)
def test_a_decorator_is_put_on_a_definition(text: str, below: str, expected: str) -> None:
    assert inserted(text, "g", below) == expected


@pytest.mark.parametrize(
    ("text", "below", "why"),
    [
        (f"@new(1)\n@a\n{DEF}", "a", "`@new(1)` stands there already"),
        (f"@ba\n@a[0]\n{DEF}", "a", "`g` has no decorator `a`"),
        (f"@[\n    a][\n    0\n]\n{DEF}", "a", "`g` has no decorator `a`"),
        (f"@(\n    a\n)\n{DEF}", "a", "no place between them"),
        ("g = 1\n", "", "no function or class stands"),
    ],
)
def test_a_definition_that_leaves_no_place_is_told(text: str, below: str, why: str) -> None:
    assert why in refused(text, InsertDecorator(at(text, "g"), "new(1)", below))


@pytest.mark.parametrize(
    ("decorators", "expected"),
    [
        ("@above\n@name\n", "@name\n@above\n"),
        ("@above\n@b\n@x.name(1)  # why\n", "@x.name(1)  # why\n@above\n@b\n"),
        ("@name(\n    1,\n)\n@b\n@above\n", "@b\n@name(\n    1,\n)\n@above\n"),
        ("# says\n@above\n# of the name\n@name\n", "# says\n# of the name\n@name\n@above\n"),
        ("@a\n\n# of the other\n@above\n@name\n", "@a\n\n@name\n# of the other\n@above\n"),
        ("@a\n# of the other\n@above\n@name\n", "@a\n@name\n# of the other\n@above\n"),
    ],
)
def test_a_decorator_is_moved(decorators: str, expected: str) -> None:
    text = decorators + DEF
    made = fixed(text, MoveDecorator(at(text, "g"), "name", "above"))
    assert made == expected + DEF
    crlf = text.replace("\n", "\r\n")
    made = fixed(crlf, MoveDecorator(at(crlf, "g"), "name", "above"))
    assert made == (expected + DEF).replace("\n", "\r\n")


def test_a_decorator_of_a_method_in_tabs_is_moved() -> None:
    text = "class A:\n\t@above\n\t@name\n\tdef g(self): pass\n"
    assert fixed(text, MoveDecorator(at(text, "g"), "name", "above")) == (
        "class A:\n\t@name\n\t@above\n\tdef g(self): pass\n"
    )


@pytest.mark.parametrize(
    ("decorators", "why"),
    [
        ("@name\n@above\n", "`@name` stands there already"),
        ("@name\n", "no decorator `above`"),
        ("@above\n", "no decorator `name`"),
        ("@above\n@(\n    name\n)\n", "no place for the change"),
    ],
)
def test_a_decorator_that_cannot_be_moved_is_told(decorators: str, why: str) -> None:
    text = decorators + DEF
    assert why in refused(text, MoveDecorator(at(text, "g"), "name", "above"))


def test_an_option_of_a_decorator_is_renamed() -> None:
    text = f"@task(old=1)  # why\n{DEF}"
    assert fixed(text, RenameKeyword(at(text, "task(old=1)"), "old", "new")) == f"@task(new=1)  # why\n{DEF}"
