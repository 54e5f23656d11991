"""Locks without a time to live, and waits without an end, beyond what the page of DJS502 shows."""

from __future__ import annotations

import pytest

from djlint_spec.flow.waits import locks_without_end, waits_without_end
from djlint_spec.project import Function
from tests.linked import linked, symbol

HEAD = """
import redis
from django.core.cache import cache
client = redis.Redis()
TIMEOUT = None
def made():
    return client.lock("x", 3)
def f(given, options):
    """


def _function(statement: str) -> Function:
    function = symbol(linked({"shop.py": f"{HEAD.strip()}\n    {statement}\n"}), "shop.f")
    assert isinstance(function, Function)
    return function


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("lock = client.lock('x')", 1),
        ("lock = client.lock('x', TIMEOUT)", 1),
        ("lock = client.lock('x', timeout=given)", 0),
        ("lock = client.lock(*options)", 0),
        ("lock = made()", 0),
        ("lock = given.lock('x')", 0),
        ("lock = cache.client.get_client().lock('x', 60)", 0),
        ("lock = 3", 0),
    ],
)
def test_a_lock_that_never_expires(statement: str, found: int) -> None:
    function = _function(statement)
    assert len(list(locks_without_end(function.project, function))) == found


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("with client.lock('x', 3): pass", 1),
        ("with made() as lock: pass", 1),
        ("made().acquire()", 1),
        ("made().acquire(blocking=given)", 0),
        ("made().acquire(blocking=False)", 0),
        ("with client.lock('x', 3, blocking_timeout=3): pass", 0),
        ("with given: given.acquire()", 0),
        ("return 3", 0),
    ],
)
def test_a_wait_that_never_ends(statement: str, found: int) -> None:
    function = _function(statement)
    assert len(list(waits_without_end(function.project, function))) == found
