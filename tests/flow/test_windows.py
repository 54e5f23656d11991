"""Windows of rate limits: as fakeredis counts them, and the ways around a reset that the page does not show."""

from __future__ import annotations

import time
from textwrap import dedent, indent

import fakeredis
import pytest

from djlint_spec.facts import tree as t
from djlint_spec.flow.windows import window_resets
from djlint_spec.project import Function
from tests.linked import linked, symbol

LIMIT = 3
WINDOW = 60
"""Milliseconds."""


@pytest.mark.parametrize(("nx", "let_in"), [(False, LIMIT), (True, None)])
def test_steady_traffic_is_let_in_again_with_nx_only(nx: bool, let_in: int | None) -> None:
    client = fakeredis.FakeRedis(version=(7,))
    admitted = 0
    for _ in range(15):
        pipe = client.pipeline()
        pipe.incr("rate")
        pipe.pexpire("rate", WINDOW, nx=nx)
        admitted += pipe.execute()[0] <= LIMIT
        time.sleep(WINDOW / 5000)
    assert admitted == let_in if let_in is not None else admitted > LIMIT


def resets(body: str) -> list[str]:
    """The text of each call that sets a window anew in a function of that body."""
    head = "import redis\nfrom django.core.cache import cache\nclient = redis.Redis()\n"
    text = head + "def f(key, user, options, given):\n" + indent(dedent(body).strip("\n"), "    ") + "\n"
    project = linked({"shop.py": text})
    function = symbol(project, "shop.f")
    assert isinstance(function, Function)
    found = [reset.start for reset in window_resets(project, function)]
    assert all(isinstance(start, t.Call) for start in found)
    return [function.module.text(start) for start in found]


EXPIRE = "client.expire(key, 60)"


@pytest.mark.parametrize(
    "body",
    [
        "n = client.incr(key)\nclient.expire(key, 60)\nreturn n > 3",
        "n: int = client.incr(key)\nclient.expire(key, 60)\nif n > 3:\n    raise ValueError",
        "if client.incr(key) > 3:\n    client.expire(key, 60)\nclient.expire(key, 60)",
        "with user.lock(client.incr(key)) as n:\n    client.expire(key, 60)\nreturn client.pipeline().execute() > n",
        "if user:\n    n = client.incr(name=key)\n    client.expire(key, 60)\n    return n <= 3",
        "try:\n    n = client.incr(key)\n    client.expire(key, 60)\nexcept ValueError:\n    n = 0\nreturn n <= 3",
        "for n in user:\n    m = client.incr(key)\n    client.expire(key, 60)\n    if m > 3:\n        break",
        "n = client.incr(key) or 0\nclient.expire(key, 60) if user else None\nclient.expire(key, 60)\nreturn n > 3",
        "n = 1 if client.incr(key) else 2\nclient.expire(key, 60)\nm = n\nreturn m > 3",
    ],
)
def test_each_count_sets_the_window(body: str) -> None:
    assert resets(body) == [EXPIRE]


@pytest.mark.parametrize(
    "body",
    [
        "n = client.incr(key)\nclient.expire(key, 60, **options)\nreturn n > 3",
        "n = client.incr(key)\nclient.expire(key, 60, gt=True)\nreturn n > 3",
        "n = client.incr(key)\nif n > 3:\n    return\nclient.expire(key, 60)",
        "n = client.incr(key)\nclient.expire(key, 60)\nreturn n == 3",
        "n = client.incr(key)\nclient.expire(key, 60)\nreturn given > 3",
        "n = given.incr(key)\nclient.expire(key, 60)\nreturn n > 3",
        "n = client.incr()\nclient.expire(key, 60)\nreturn n > 3",
        "n = client.incr(key)\ntry:\n    pass\nexcept ValueError:\n    client.expire(key, 60)\nreturn n > 3",
        "n = client.incr(key)\nwhile n:\n    client.expire(key, 60)\nreturn n > 3",
        "incr = 3\nexpire(key)\nreturn incr > 2",
        "n = client.incr(key)\nreturn n > 3",
    ],
)
def test_other_counts_do_not(body: str) -> None:
    assert resets(body) == []
