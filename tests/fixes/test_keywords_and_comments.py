"""Keywords are renamed and removed, expressions replaced, comments taken away; the rest of the line stays."""

from __future__ import annotations

import pytest

from djlint_spec.diagnostics import RemoveComment, RemoveKeyword, RenameKeyword, ReplaceExpression
from tests.fixes.lowering import at, fixed, refused


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("f(check=1)", "f(condition=1)"),
        ("f(\n    check = 1,  # why\n    b=2)", "f(\n    condition = 1,  # why\n    b=2)"),
        ('f(a, **{"check": 1})', 'f(a, **{"condition": 1})'),
    ],
)
def test_a_keyword_is_renamed(call: str, expected: str) -> None:
    text = f"x = {call}\n"
    assert fixed(text, RenameKeyword(at(text, call), "check", "condition")) == f"x = {expected}\n"


def test_a_renamed_keyword_that_makes_the_line_too_long_is_laid_out() -> None:
    call = 'models.CheckConstraint(check=Q(rating__gte=0) & Q(rating__lte=5), name="ratings")'
    text = f"x = {call}\n"
    assert fixed(text, RenameKeyword(at(text, call), "check", "condition")) == (
        'x = models.CheckConstraint(\n    condition=Q(rating__gte=0) & Q(rating__lte=5), name="ratings"\n)\n'
    )


def test_a_keyword_is_not_renamed_to_one_that_is_there() -> None:
    text = "f(check=1, condition=2)\n"
    assert (
        refused(text, RenameKeyword(at(text, text[:-1]), "check", "condition")) == "the call has a `condition` already"
    )
    assert "no `check`" in refused("f(a=1)\n", RenameKeyword(at("f(a=1)", "f(a=1)"), "check", "condition"))
    assert "no call stands" in refused("f + 1\n", RenameKeyword(at("f + 1", "f + 1"), "check", "condition"))
    assert "has changed" in refused("f\n", RenameKeyword(at("\n\n\nf()", "f()"), "check", "condition"))


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("f(a, b=1, c=2)", "f(a, c=2)"),
        ("f(a, b=1)", "f(a)"),
        ("f(b=1)", "f()"),
        ("f(\n    a,\n    b=1,\n)", "f(\n    a,\n)"),
    ],
)
def test_a_keyword_is_removed_with_its_comma(call: str, expected: str) -> None:
    text = f"x = {call}\n"
    assert fixed(text, RemoveKeyword(at(text, call), "b")) == f"x = {expected}\n"


def test_a_keyword_that_is_not_there_is_told() -> None:
    assert "no `b`" in refused("f(a=1)\n", RemoveKeyword(at("f(a=1)", "f(a=1)"), "b"))


def test_an_expression_is_replaced() -> None:
    text = 'KEY = "größe"  # ß\nOTHER = "ö"\n'
    assert fixed(text, ReplaceExpression(at(text, '"ö"'), "value()")) == 'KEY = "größe"  # ß\nOTHER = value()\n'
    assert "no expression" in refused(text, ReplaceExpression(at(text, "größe"), "value()"))


def test_an_import_that_the_fix_leaves_without_use_goes() -> None:
    text = "import os\nimport sys\nfrom shop import A, B, C\n\nx = f(A)\ny = C\n"
    assert fixed(text, ReplaceExpression(at(text, "f(A)"), "1")) == (
        "import os\nimport sys\nfrom shop import B, C\n\nx = 1\ny = C\n"
    )
    text = "import sys\n\nx = sys.path\n"
    assert fixed(text, ReplaceExpression(at(text, "sys.path"), "1")) == "x = 1\n"


@pytest.mark.parametrize(
    "text",
    [
        "import sys  # noqa: F401\n\nx = sys.path\n",
        'import sys\n\n__all__ = ["sys"]\nx = sys.path\n',
        "import sys\n\nx = sys.path\ny = sys\n",
        "import os; import sys\n\nx = sys.path\ny = os\n",
    ],
)
def test_an_import_that_others_may_use_stays(text: str) -> None:
    assert fixed(text, ReplaceExpression(at(text, "sys.path"), "1")) == text.replace("sys.path", "1")


@pytest.mark.parametrize(
    ("text", "part", "stays", "expected"),
    [
        ("x = 1  # noqa: A\ny = 2\n", "# noqa: A", "", "x = 1\ny = 2\n"),
        ("x = 1  # noqa: A", "# noqa: A", "", "x = 1"),
        ("# noqa: A\nx = 1\n", "# noqa: A", "", "x = 1\n"),
        ("x = 1\n    # noqa: A", "# noqa: A", "", "x = 1\n"),
        ("x = 1  # noqa: A, B\n", "# noqa: A, B", "# noqa: B", "x = 1  # noqa: B\n"),
        ("x = 1  # noqa: A # why\n", "# noqa: A", "", "x = 1  # why\n"),
        ("x = 1  # why # noqa: A\n", "# noqa: A", "", "x = 1  # why\n"),
    ],
)
def test_a_comment_goes_with_the_space_before_it(text: str, part: str, stays: str, expected: str) -> None:
    assert fixed(text, RemoveComment(at(text, part), stays)) == expected


def test_a_file_that_is_not_there_is_told() -> None:
    assert "not a file" in refused({}, RemoveComment(at("# a", "# a")))
    assert "does not parse" in refused("f(\n", ReplaceExpression(at("f(\n", "f"), "1"))
