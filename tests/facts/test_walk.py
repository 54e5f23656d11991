"""Walks over all nodes, over statements alone, and over what lies near to places of the text."""

from __future__ import annotations

from textwrap import dedent

import pytest

from djlint_spec.extract import extract
from djlint_spec.facts import tree as t
from djlint_spec.facts.places import Places, places_of
from djlint_spec.facts.walk import statements_of, walk, walk_near

TEXT = dedent(
    """
    import a
    if one(lambda: two()):
        for x in three():
            while y:
                x += 1
            else:
                break
        else:
            del x
    else:
        with four() as f:
            assert f
    try:
        g()
    except E:
        raise
    else:
        h = 1
    finally:
        del h
    match m:
        case 1:
            n = five(six())
        case _:
            o: int = 2
    @seven
    class A(eight()):
        p = 1
    """
)


def _body() -> tuple[t.Stmt, ...]:
    facts = extract(TEXT)
    assert isinstance(facts, t.ModuleFacts)
    return facts.body


def test_statements_are_those_that_a_whole_walk_meets_in_the_same_order() -> None:
    body = _body()
    statements = list(statements_of(body))
    assert statements == [node for node in walk(body) if isinstance(node, t.Stmt)]
    assert [type(statement).__name__ for statement in statements][:6] == [
        "Import", "If", "For", "While", "AugAssign", "Jump",
    ]  # fmt: skip
    assert not any(isinstance(target, t.Name) and target.id == "p" for target in _targets(statements))


def _targets(statements: list[t.Stmt]) -> list[t.Expr]:
    return [target for statement in statements if isinstance(statement, t.Assign) for target in statement.targets]


@pytest.mark.parametrize(
    ("word", "expected"),
    [("two", ["one", "two"]), ("six", ["five", "six"]), ("four", ["four"]), ("seven", []), ("nine", [])],
)
def test_a_walk_near_places_meets_what_holds_them(word: str, expected: list[str]) -> None:
    found = walk_near(places_of([word], TEXT), frozenset({t.Call}), _body())
    assert [node.func.id for node in found if isinstance(node.func, t.Name)] == expected


def test_definitions_are_given_though_their_text_holds_no_place() -> None:
    assert [node.name for node in walk_near(Places([]), frozenset({t.ClassDef}), _body())] == ["A"]


def test_words_are_found_wherever_they_stand() -> None:
    places = places_of(["ab", "b"], "ab cab")
    assert places.between(0, 2)
    assert places.between(1, 2)
    assert not places.between(2, 4)
    assert places.between(3, 6)
    assert not places.between(4, 5)
    assert places and not places_of(["x"], "ab")
