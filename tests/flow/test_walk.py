"""What the walk does by itself: nothing is known, every call may raise, and too many ways end it."""

from __future__ import annotations

from collections.abc import Hashable
from textwrap import indent

import pytest

from djlint_spec.flow.client import Client, Exits
from djlint_spec.flow.values import OPAQUE, Display, Known, State, Truth
from djlint_spec.flow.walk import Walk
from djlint_spec.project import Function
from tests.linked import linked, symbol


class Widening(Client[Hashable]):
    widens = True


def exits_of(body: str, kind: type[Client[Hashable]] = Client, params: str = "a, b") -> Exits[Hashable] | None:
    project = linked({"shop.py": f"async def f({params}):\n{indent(body, '    ')}\n"})
    function = symbol(project, "shop.f")
    assert isinstance(function, Function)
    return Walk(kind(project, function)).run(State("start"))


def branches(count: int, then: str = "x{n} = True", orelse: str = "x{n} = False") -> str:
    return "\n".join(f"if a[{n}]:\n    {then.format(n=n)}\nelse:\n    {orelse.format(n=n)}" for n in range(count))


@pytest.mark.parametrize("body", ["a()", "await a", "with a:\n    pass", "x = yield", "yield 1"])
def test_what_is_not_known_may_raise(body: str) -> None:
    exits = exits_of(body)
    assert exits is not None
    assert {kind for _, kind in exits.raised} == {"*"}
    assert {state.facts for state, _ in exits.returned} == {"start"}


@pytest.mark.parametrize("body", ["return a", "return a.b.c", "return a[0]", "(x,) = a\nreturn x", "return a + b"])
def test_nothing_is_known_of_a_value(body: str) -> None:
    exits = exits_of(body)
    assert exits is not None
    assert {value for _, value in exits.returned} == {OPAQUE}
    assert not exits.raised


def test_changes_and_rounds_leave_the_facts_alone() -> None:
    exits = exits_of("x = 1\nx += a\nfor n in a:\n    x -= n\nreturn x")
    assert exits is not None
    assert {(state.facts, value) for state, value in exits.returned} == {("start", OPAQUE)}


def test_a_function_of_too_many_ways_is_given_up() -> None:
    assert exits_of(branches(4)) is not None
    assert exits_of(branches(12)) is None


@pytest.mark.parametrize(
    "body",
    [
        "return (" + ", ".join(f"(y{n} := a[{n}] and b[{n}])" for n in range(12)) + ")",
        "a(" + ", ".join(f"True if a[{n}] else False" for n in range(12)) + ")",
    ],
)
def test_an_expression_of_too_many_ways_is_given_up(body: str) -> None:
    assert exits_of(body) is None


def test_an_expression_that_is_nested_deeply_is_walked() -> None:
    assert exits_of("return " + "a[" * 90 + "0" + "]" * 90) is not None


def test_a_client_that_widens_would_rather_forget_what_names_hold() -> None:
    exits = exits_of(branches(12) + "\nreturn x0", Widening)
    assert exits is not None
    assert {value for _, value in exits.returned} <= {OPAQUE, Known(True), Known(False)}


def test_a_long_display_is_not_followed() -> None:
    short = exits_of("return (" + "1, " * 3 + ")")
    long = exits_of("return (" + "1, " * 30 + ")")
    starred = exits_of("return (*a, 1)")
    assert short is not None and long is not None and starred is not None
    assert {value for _, value in short.returned} == {Display(tuple((n, Known(1)) for n in range(3)))}
    assert {value for _, value in long.returned} == {OPAQUE}
    assert {value for _, value in starred.returned} == {OPAQUE}


def test_the_last_value_of_a_boolean_operator_of_unknowns() -> None:
    exits = exits_of("return a or b")
    assert exits is not None
    assert {value for _, value in exits.returned} == {Truth(True), OPAQUE}


def test_a_test_of_what_is_not_a_name_teaches_nothing() -> None:
    exits = exits_of(
        "if a() == 1:\n    pass\nif a in b:\n    pass\nif a < b:\n    pass\nif a() < 1 < b():\n    pass\nreturn 1"
    )
    assert exits is not None
    assert exits.returned


def test_what_hangs_on_a_name_is_forgotten_with_it() -> None:
    body = "a.b = True\na['c'] = True\na = 1\nreturn (a.b, a['c'])"
    exits = exits_of(body)
    assert exits is not None
    assert {value for _, value in exits.returned} == {Display(((0, OPAQUE), (1, OPAQUE)))}
