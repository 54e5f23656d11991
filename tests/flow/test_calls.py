"""Calls that are known by name: those that never come back, that never raise, and what they run."""

from __future__ import annotations

import pytest

from djlint_spec.facts import tree as t
from djlint_spec.flow.calls import callee, never_raises, never_returns
from djlint_spec.project import Function
from tests.linked import linked, symbol

SHOP = """
    import logging
    import os
    import sys
    import time
    from typing import NoReturn

    import typing

    logger = logging.getLogger(__name__)

    def fails():
        raise ValueError

    def may_fail(flag):
        if flag:
            return 1
        raise ValueError

    def not_written():
        raise NotImplementedError

    def streams():
        yield 1
        raise ValueError

    def leaves() -> NoReturn:
        sys.exit(1)

    def leaves_too() -> typing.Never:
        sys.exit(1)

    def empty():
        "A raise in a docstring"

    class Made:
        def __init__(self):
            pass

    class Task:
        def refuse(self):
            raise ValueError

        def accept(self):
            return 1

        def run(self, other, table):
            CALL
            def inner():
                INNER
    """


def _call(text: str, inner: str = "pass") -> tuple[Function, t.Call]:
    project = linked({"shop.py": SHOP.replace("CALL", text).replace("INNER", inner)})
    function = symbol(project, "shop.Task.run")
    assert isinstance(function, Function)
    statement = function.body[0]
    assert isinstance(statement, t.ExprStmt) and isinstance(statement.value, t.Call)
    return function, statement.value


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("sys.exit(1)", True),
        ("os._exit(1)", True),
        ("exit()", True),
        ("fails()", True),
        ("may_fail(1)", False),
        ("not_written()", False),
        ("streams()", False),
        ("empty()", False),
        ("leaves()", True),
        ("leaves_too()", True),
        ("self.refuse()", True),
        ("self.accept()", False),
        ("self.retry(countdown=1)", True),
        ("self.retry(throw=False)", False),
        ("self.fail('x')", True),
        ("other.retry()", False),
        ("unknown()", False),
        ("table[0]()", False),
    ],
)
def test_calls_that_never_come_back(call: str, expected: bool) -> None:
    function, node = _call(call)
    assert never_returns(function.project, node, function.scope) is expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("len(other)", True),
        ("logger.info('x')", True),
        ("self.logger.exception('x')", True),
        ("other.info('x')", False),
        ("other().info('x')", False),
        ("time.monotonic()", True),
        ("time.sleep(1)", False),
        ("table[0]()", False),
        ("fails()", False),
    ],
)
def test_calls_that_never_raise(call: str, expected: bool) -> None:
    function, node = _call(call)
    assert never_raises(function.project, node, function.scope) is expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("fails()", "shop.fails"),
        ("Made()", "shop.Made.__init__"),
        ("self.refuse()", "shop.Task.refuse"),
        ("self.missing()", None),
        ("other.refuse()", None),
        ("table[0]()", None),
        ("sys.exit()", None),
    ],
)
def test_what_a_call_runs(call: str, expected: str | None) -> None:
    function, node = _call(call)
    found = callee(function.project, node, function.scope)
    assert (found.dotted if found else None) == expected
