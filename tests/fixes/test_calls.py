"""Calls are taken away from around expressions, and put there."""

from __future__ import annotations

import ast

import pytest

from djlint_spec.diagnostics import RemoveCall, WrapCall
from tests.fixes.lowering import at, fixed, refused


def removed(text: str, call: str) -> str:
    """The text of a module without one call."""
    result = fixed(text, RemoveCall(at(text, call)))
    ast.parse(result)
    return result


@pytest.mark.parametrize(
    ("text", "call", "expected"),
    [
        ("y = f(x)  # why\n", "f(x)", "y = x  # why\n"),
        ("y = a.f(x)\n", "a.f(x)", "y = x\n"),
        ("y = x.all()\n", "x.all()", "y = x\n"),
        ("y = x.all().first()\n", "x.all()", "y = x.first()\n"),
        ("y = f(a or b).c\n", "f(a or b)", "y = (a or b).c\n"),
        ("y = f(a + b) * 2\n", "f(a + b)", "y = (a + b) * 2\n"),
        ("y = f(a + b)\n", "f(a + b)", "y = a + b\n"),
        ("y = g(f(a or b), 1)\n", "f(a or b)", "y = g(a or b, 1)\n"),
        ("y = (await x).all()\n", "(await x).all()", "y = await x\n"),
        ("y = f(1).real\n", "f(1)", "y = (1).real\n"),
        ("y = f(x)if z else 1\n", "f(x)", "y = (x)if z else 1\n"),
        ("f(y := 1)\n", "f(y := 1)", "(y := 1)\n"),
        ("y = f(x for x in z)\n", "f(x for x in z)", "y = (x for x in z)\n"),
        ("\ty = f(x)\n", "f(x)", "\ty = x\n"),
        ("y = 1\r\nz = f(x)\r\n", "f(x)", "y = 1\r\nz = x\r\n"),
        ("@f(x)\ndef g(): pass\n", "f(x)", "@x\ndef g(): pass\n"),
    ],
)
def test_a_call_is_removed(text: str, call: str, expected: str) -> None:
    text, expected = (f"if a:\n{held}" if held.startswith("\t") else held for held in (text, expected))
    assert removed(text, call) == expected


def test_comments_of_what_stays_are_kept() -> None:
    call = "x.filter(a)  # why\n    .filter(b)\n    .all()"
    assert removed(f"y = (\n    {call}\n)\n", call) == "y = (\n    x.filter(a)  # why\n    .filter(b)\n)\n"


def test_an_expression_of_several_lines_gets_brackets() -> None:
    call = "f(\n    a\n    + b\n)"
    assert ast.dump(ast.parse(removed(f"y = {call}\n", call))) == ast.dump(ast.parse("y = a + b"))


@pytest.mark.parametrize(
    ("call", "why"),
    [
        ("f()", "no single argument"),
        ("f(a, b)", "no single argument"),
        ("f(a=1)", "no single argument"),
        ("f(*a)", "unpacked"),
        ("x.all(a=1)", "no single argument"),
        ("f(\n    x  # why\n)", "a comment stands"),
        ("f.x", "no call stands"),
    ],
)
def test_a_call_that_leaves_nothing_of_its_own_stays(call: str, why: str) -> None:
    text = f"y = {call}\n"
    assert why in refused(text, RemoveCall(at(text, call)))


def test_f_strings_stay() -> None:
    text = 'y = f"{g(x)}"\n'
    assert refused(text, RemoveCall(at(text, "g(x)"))) == "the expression stands in an f-string"
    assert "no expression" in refused("y = f(x)\n", RemoveCall(at("y = f(x)", "= f")))


def wrapped(text: str, expression: str, wrapper: str = "w") -> str:
    """The text of a module with one expression wrapped."""
    result = fixed(text, WrapCall(at(text, expression), wrapper))
    ast.parse(result)
    return result


@pytest.mark.parametrize(
    ("text", "expression", "expected"),
    [
        ("y = x  # why\n", "x", "y = w(x)  # why\n"),
        ("y = a + b\n", "a + b", "y = w(a + b)\n"),
        ("y = a + b\n", "b", "y = a + w(b)\n"),
        ("y = a, b\n", "a, b", "y = w((a, b))\n"),
        ("y = (a, b)\n", "(a, b)", "y = w((a, b))\n"),
        ("y = (yield)\n", "yield", "y = (w((yield)))\n"),
        ("y = f(x)\n", "x", "y = f(w(x))\n"),
        ("y = f(x for x in z)\n", "(x for x in z)", "y = f(w(x for x in z))\n"),
        ("y = f((x for x in z))\n", "(x for x in z)", "y = f(w((x for x in z)))\n"),
        ("y = [*x]\n", "x", "y = [*w(x)]\n"),
        ('y = 1 if"a"else 2\n', '"a"', 'y = 1 if w("a")else 2\n'),
        ("y = (\n    a  # why\n    + b\n)\n", "a  # why\n    + b", "y = (\n    w(a  # why\n    + b)\n)\n"),
        ("y = 1\r\nz = x\r\n", "x", "y = 1\r\nz = w(x)\r\n"),
        ("@x\ndef g():\n    pass\n", "x", "@w(x)\ndef g():\n    pass\n"),
    ],
)
def test_an_expression_is_wrapped(text: str, expression: str, expected: str) -> None:
    tree = "def g():\n    {}" if "yield" in text else "{}"
    made = wrapped(tree.format(text), expression)
    assert ast.dump(ast.parse(made)) == ast.dump(ast.parse(tree.format(expected)))
    assert made.count("# why") == text.count("# why")
    assert made.count("\r") == text.count("\r")


def test_a_wrapper_that_makes_the_line_too_long_is_laid_out() -> None:
    call = f"{'f' * 40}({'a' * 30}, b)"
    assert wrapped(f"y = {call}\n", call, "transaction.on_commit") == (f"y = transaction.on_commit(\n    {call}\n)\n")


@pytest.mark.parametrize(
    ("text", "expression", "why"),
    [
        ("y = w(x)\n", "x", "stands in `w()` already"),
        ("y = 1\n", "y", "assigned to"),
        ("del y\n", "y", "assigned to"),
        ("[*x]\n", "*x", "no place for the change"),
        ("match a:\n    case 1:\n        pass\n", "1", "is a pattern"),
        ("y = x\n", "= x", "no expression stands"),
    ],
)
def test_an_expression_that_cannot_be_an_argument_stays(text: str, expression: str, why: str) -> None:
    assert why in refused(text, WrapCall(at(text, expression), "w"))


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            f"def g({'a' * 40}, b={'c' * 34}):",
            f"def g(\n        {'a' * 40},\n        b=transaction.on_commit({'c' * 34}),\n    ):",
        ),
        (
            f"@register({'a' * 32}, b={'c' * 34})\n    def g():",
            f"@register(\n        {'a' * 32},\n        b=transaction.on_commit({'c' * 34}),\n    )\n    def g():",
        ),
        (
            f"class G({'a' * 40}, {'c' * 34}):",
            f"class G(\n        {'a' * 40},\n        transaction.on_commit({'c' * 34}),\n    ):",
        ),
    ],
)
def test_the_head_of_a_definition_that_gets_too_long_is_laid_out(head: str, expected: str) -> None:
    text = f"if x:\n\n    {head}\n        # why\n        return_ = 1\n"
    made = wrapped(text, "c" * 34, "transaction.on_commit")
    assert made == text.replace(head, expected)
