"""Where an object comes from: through names, attributes, calls and files."""

from __future__ import annotations

import pytest

from djlint_spec.facts import tree as t
from djlint_spec.flow.origins import Origins, nested_functions
from djlint_spec.project import Function
from tests.linked import linked, symbol

FILES = {
    "shop/__init__.py": "",
    "shop/connections.py": """
        import redis
        from django.core.cache import cache, caches

        main = redis.Redis()
        spare = None
        both = redis.Redis()
        both = open("both")
        typed: redis.Redis
        one, other = redis.Redis(), 3
        _shared = None

        def connection():
            return main

        def either(flag):
            if flag:
                return cache
            return caches["other"]

        def nothing():
            pass

        def shared():
            global _shared
            if _shared is None:
                _shared = redis.Redis()
            return _shared

        class Pool:
            size = 3
            client = redis.Redis()

            def get(self):
                return self.client
        """,
    "shop/jobs.py": """
        import functools
        from typing import Optional, cast
        import redis as r
        import shop.connections
        from redis import Redis
        from redis.lock import Lock
        from django.utils.functional import cached_property
        from shop import connections
        from shop.connections import Pool, connection, main, spare, typed
        from shop.missing import gone

        class Base:
            lock = None

            def __init__(self):
                self.client = r.Redis()
                self.pool = Pool()
                self.noted: Redis = make()
                self.declared: Redis
                self.two = r.Redis()

            @property
            def made(self):
                return self.client.lock("x")

            @cached_property
            def kept(self):
                return self.client.lock("x")

            def method(self):
                return self.client

            def again(self):
                self.two = open("x")

        class Job(Base):
            limit = Redis()

            def run(self, client: Redis, maybe: "Redis | None", old: Optional[Redis], joined: Redis | None,
                    free, lock=None):
                ANSWER
        """,
}

ORIGINS = {
    "r.Redis()": "redis.Redis()",
    "Redis()": "redis.Redis()",
    "Redis.from_url('x')": "redis.Redis.from_url()",
    "Lock(main, 'x')": "redis.lock.Lock()",
    "main": "redis.Redis()",
    "main.lock('x')": "redis.Redis().lock()",
    "connections.main": "redis.Redis()",
    "shop.connections.main": "redis.Redis()",
    "connections.one": "redis.Redis()",
    "connections.both": None,
    "connections.typed": "redis.Redis()",
    "typed": "redis.Redis()",
    "connections.missing": None,
    "connection()": "redis.Redis()",
    "connections.connection()": "redis.Redis()",
    "connections.either(1)": "django.core.cache.cache",
    "connections.nothing()": None,
    "connections.shared()": "redis.Redis()",
    "connections.cache": "django.core.cache.cache",
    "connections.caches['x']": "django.core.cache.caches[]",
    "Pool()": "shop.connections.Pool()",
    "Pool().client": "redis.Redis()",
    "Pool.client": "redis.Redis()",
    "Pool.get": "shop.connections.Pool.get",
    "Pool.missing": "shop.connections.Pool.missing",
    "self.client": "redis.Redis()",
    "self.pool.client": "redis.Redis()",
    "self.noted": None,
    "self.declared": "redis.Redis()",
    "self.two": None,
    "self.lock": None,
    "self.limit": "redis.Redis()",
    "self.made": "redis.Redis().lock()",
    "self.kept": "redis.Redis().lock()",
    "self.method": "shop.jobs.Base.method",
    "self.method()": "redis.Redis()",
    "self.nothing": None,
    "client": "redis.Redis()",
    "old": "redis.Redis()",
    "joined": "redis.Redis()",
    "free": None,
    "lock or client.lock('x')": "redis.Redis().lock()",
    "client if free else main": "redis.Redis()",
    "client if free else None": "redis.Redis()",
    "client if free else open('x')": None,
    "(taken := client)": "redis.Redis()",
    "await client": "redis.Redis()",
    "cast('Redis', client)": "redis.Redis()",
    "self.cast('Redis', client)": None,
    "functools.partial": "functools.partial",
    "len": "builtins.len",
    "spare": None,
    "gone": "shop.missing.gone",
    "3": None,
    "free()": None,
    "free().lock": None,
    "(lambda: 1)()": None,
}


def _function(answer: str, rest: str = "") -> Function:
    files = dict(FILES)
    body = "\n".join(" " * 16 + line for line in (f"x = {answer}", *rest.splitlines()))
    files["shop/jobs.py"] = (
        files["shop/jobs.py"].replace("                ANSWER", body).replace("def run", "async def run")
    )
    found = symbol(linked(files), "shop.jobs.Job.run")
    assert isinstance(found, Function)
    return found


@pytest.mark.parametrize("expression", ORIGINS)
def test_an_expression_comes_from(expression: str) -> None:
    function = _function(expression)
    statement = function.body[0]
    assert isinstance(statement, t.Assign)
    made = Origins(function.project).of(statement.value, function.scope)
    assert (made.dotted if made else None) == ORIGINS[expression]


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("y = main", "redis.Redis()"),
        ("with r.Redis() as y:\n    pass", "redis.Redis().__enter__()"),
        ("with free as y:\n    pass", None),
        ("for y in free:\n    pass", None),
        ("y, z = main, 1", "redis.Redis()"),
        ("y, z = free", None),
        ("y = None\nif free:\n    y = main", "redis.Redis()"),
        ("y = main\nif free:\n    y = free", None),
        ("try:\n    from redis import Redis as y\nexcept ImportError:\n    from shop.missing import y", "redis.Redis"),
        ("y: Redis", "redis.Redis()"),
        ("y: int | None", "builtins.int()"),
        ("def y():\n    return main", "shop.jobs.Job.run.y"),
        ("class y:\n    pass", "shop.jobs.Job.run.y"),
        ("y = y", None),
    ],
)
def test_a_local_name_comes_from(rest: str, expected: str | None) -> None:
    function = _function("y", rest)
    statement = function.body[0]
    assert isinstance(statement, t.Assign)
    made = Origins(function.project).of(statement.value, function.scope)
    assert (made.dotted if made else None) == expected


def test_an_enclosing_function_s_names_are_seen() -> None:
    outer = _function("1", "def inner():\n    z = client\n    def deepest(self):\n        return self.x")
    inner, deepest = nested_functions(outer)
    statement = inner.body[0]
    assert isinstance(statement, t.Assign)
    made = Origins(outer.project).of(statement.value, inner.scope)
    assert made is not None and made.dotted == "redis.Redis()"
    returned = deepest.body[0]
    assert isinstance(returned, t.Return) and returned.value is not None
    assert Origins(outer.project).of(returned.value, deepest.scope) is None


def test_a_chain_that_is_too_long_has_no_origin() -> None:
    chain = "\n".join(f"a{n} = a{n + 1}" for n in range(20))
    function = _function("a0", f"{chain}\na20 = main")
    statement = function.body[0]
    assert isinstance(statement, t.Assign)
    assert Origins(function.project).of(statement.value, function.scope) is None
