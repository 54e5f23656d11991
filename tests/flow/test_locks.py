"""Which releases are told, beyond what the page of DJS501 shows."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from djlint_spec.flow.held import Standing
from djlint_spec.flow.releases import faulty_releases
from djlint_spec.project import Function
from tests.linked import linked, symbol

HEAD = """
import asyncio
import multiprocessing
import threading

import redis
from django.core.cache import cache, caches
from django.db import connection
from django_redis import get_redis_connection

client = redis.Redis()
_lock = threading.Lock()


class Holder:
    lock = threading.Lock()

    def take(self):
        self.lock.acquire()

    def other(self):
        pass


def touches():
    _lock.release()


def other():
    pass


"""


def told(body: str, params: str = "", head: str = "") -> list[tuple[int, Standing]]:
    """Row within the body and standing of each faulty release of a function with that body."""
    signature = f"async def f({params}):\n" if "await " in body else f"def f({params}):\n"
    before = dedent(HEAD + head) + signature
    project = linked({"shop.py": before + indent(dedent(body).strip("\n"), "    ") + "\n"})
    function = symbol(project, "shop.f")
    assert isinstance(function, Function)
    rows = before.count("\n")
    return [
        (function.module.span(fault.release).row - rows, fault.standing) for fault in faulty_releases(project, function)
    ]


def guarded(acquire: str, release: str = "lock.release()", made: str = "client.lock('x')") -> str:
    """An acquire whose result is dropped, then work and a release."""
    return f"lock = {made}\n{acquire}\ntry:\n    work()\nfinally:\n    {release}\n"


# ------------------------------------------------------------------------------------ what acquire may return
@pytest.mark.parametrize(
    ("acquire", "made", "fails"),
    [
        ("lock.acquire()", "client.lock('x')", False),
        ("lock.acquire(blocking=False)", "client.lock('x')", True),
        ("lock.acquire(0.1, False)", "client.lock('x')", True),
        ("lock.acquire(0.1, True, 3)", "client.lock('x')", True),
        ("lock.acquire(blocking=True, blocking_timeout=None)", "client.lock('x')", False),
        ("lock.acquire(blocking_timeout=None)", "client.lock('x', blocking_timeout=3)", True),
        ("lock.acquire(blocking=wait)", "client.lock('x')", False),
        ("lock.acquire(blocking_timeout=limit)", "client.lock('x')", False),
        ("lock.acquire(blocking_timeout=SETTINGS.limit)", "client.lock('x')", True),
        ("lock.acquire(blocking_timeout=wait)", "client.lock('x')", True),
        ("lock.acquire(blocking_timeout=limits[0])", "client.lock('x')", False),
        ("lock.acquire(**options)", "client.lock('x')", False),
        ("lock.acquire(*options)", "client.lock('x')", False),
        ("lock.acquire()", "client.lock('x', 60, 0.1, False)", True),
        ("lock.acquire()", "client.lock('x', 60, 0.1, True, 3)", True),
        ("lock.acquire()", "client.lock('x', **options)", False),
        ("lock.acquire()", "redis.lock.Lock(client, 'x', 60, 0.1, False)", True),
        ("lock.acquire()", "cache.lock('x', None, 60, 0.1, False)", True),
        ("lock.acquire()", "cache.lock('x', None, 60, 0.1, True)", False),
        ("lock.acquire()", "cache.lock('x', None, 60, 0.1, True, 3)", True),
        ("lock.acquire()", "cache.lock('x', None, 60, 0.1, 3)", True),
        ("lock.acquire(False)", "threading.Lock()", True),
        ("lock.acquire(True, 3)", "threading.Lock()", True),
        ("lock.acquire(timeout=-1)", "threading.Lock()", False),
        ("lock.acquire(blocking=0)", "threading.RLock()", True),
        ("lock.acquire(False)", "multiprocessing.Lock()", True),
        ("lock.acquire(timeout=3)", "multiprocessing.RLock()", True),
        ("lock.acquire(False)", "threading.Semaphore()", False),
        ("lock.acquire(False)", "unknown()", False),
    ],
)
def test_an_acquire_that_can_fail(acquire: str, made: str, fails: bool) -> None:
    body = guarded(acquire, made=made)
    assert told(body, "options, limits, wait=3.5 and True, limit=None") == ([(6, Standing.FAILED)] if fails else [])


# -------------------------------------------------------------------------------------- whose lock it becomes
@pytest.mark.parametrize(
    "between",
    [
        "register(lock.release)",
        "hand_over(lock)",
        "lock.local.token = token",
        "def later():\n    lock.release()\nregister(later)",
        "with lock:\n    work()",
        "lock = unknown()",
    ],
)
def test_a_lock_that_goes_to_others_is_not_judged(between: str) -> None:
    body = f"token = 1\nlock = client.lock('x')\nlock.acquire(blocking=False)\n{between}\nlock.release()"
    assert told(body) == []


def test_a_callee_that_names_the_lock_may_take_it() -> None:
    body = """
        try:
            if not _lock.acquire(False):
                return
            {}()
        finally:
            _lock.release()
        """
    assert told(body.format("touches")) == [(6, Standing.FAILED)]
    early = """
        if not _lock.acquire(False):
            {}()
        _lock.release()
        """
    assert told(early.format("touches")) == []
    assert told(early.format("other")) == [(3, Standing.FAILED)]


def test_what_other_methods_of_a_lock_do_is_followed() -> None:
    body = "lock = client.lock('x')\nlock.acquire(blocking=False)\nlock.extend(3)\nlock.release()"
    assert told(body) == [(4, Standing.FAILED)]
    assert told(body.replace("release", "do_release")) == [(4, Standing.FAILED)]


def test_a_lock_that_is_taken_twice_is_not_followed() -> None:
    body = "lock = client.lock('x')\nlock.acquire()\nlock.acquire(blocking=False)\nlock.release()"
    assert told(body) == []


def test_a_second_release_is_told() -> None:
    body = "lock = client.lock('x')\nlock.acquire()\nlock.release()\nlock.release()\nlock.release()"
    assert told(body) == [(4, Standing.RELEASED)]


def test_a_lock_of_the_module_may_be_held_by_the_caller() -> None:
    assert told("_lock.release()\nwork()\n_lock.acquire()") == []
    assert told("_lock.acquire()\n_lock.release()\n_lock.release()") == []
    assert told("if _lock.owned():\n    _lock.release()\n_lock.acquire()") == []


def test_a_path_that_nobody_can_count_is_given_up() -> None:
    branches = "".join(f"if a{n}():\n    x{n} = 1\nelse:\n    x{n} = 2\n" for n in range(12))
    assert told(guarded("lock.acquire(blocking=False)") + branches) == []


@pytest.mark.parametrize("handler", ["LookupError", "redis.RedisError", "Exception", "(KeyError, ValueError)", ""])
def test_a_handler_that_takes_the_error_of_the_release(handler: str) -> None:
    release = f"try:\n        lock.release()\n    except {handler}:\n        pass".replace("except :", "except:")
    expected = [(7, Standing.FAILED)] if handler == "LookupError" else []
    assert told(guarded("lock.acquire(blocking=False)", release)) == expected


def test_another_thread_s_lock_is_released_in_silence() -> None:
    release = "try:\n        lock.release()\n    except RuntimeError:\n        pass"
    body = guarded("lock.acquire(blocking=False)", release, "threading.Lock()")
    assert told(body) == [(7, Standing.FAILED)]


# ---------------------------------------------------------------------------------------------------- asyncio
def test_a_wait_that_is_given_a_limit() -> None:
    body = """
        lock = asyncio.Lock()
        try:
            await asyncio.wait_for(lock.acquire(), 3)
            await work()
        finally:
            lock.release()
        """
    assert told(body) == [(6, Standing.RAISED)]
    assert told(body.replace("asyncio.wait_for(lock.acquire(), 3)", "wait_for(lock.acquire(), 3)")) == [
        (6, Standing.RAISED)
    ]
    assert told(body.replace("await asyncio.wait_for(lock.acquire(), 3)", "start(lock)")) == []


# ------------------------------------------------------------------------------------------------ keys and SQL
@pytest.mark.parametrize(
    ("take", "let_go", "wrong"),
    [
        ("cache.add(key, 1)", "cache.delete(key)", True),
        ("cache.set(key, 1, nx=True)", "cache.delete(key)", True),
        ("cache.set(key, 1)", "cache.delete(key)", False),
        ("cache.set(key, 1, nx=flag)", "cache.delete(key)", False),
        ("caches['x'].add(key, 1)", "caches['x'].delete(key)", True),
        ("cache.add(key, 1)", "cache.delete(other)", False),
        ("cache.add(key, 1)", "cache.delete(key, version=2)", True),
        ("cache.add()", "cache.delete(key)", False),
        ("client.setnx(key, 1)", "client.delete(key)", True),
        ("client.set(name=key, value=1, nx=True)", "client.unlink(key)", True),
        ("client.set(key, 1, nx=True)", "client.delete(key, other)", False),
        ("client.set(key, 1, nx=True)", "print(client.get(key)) or client.delete(key)", False),
        ("get_redis_connection().set(key, 1, nx=True)", "get_redis_connection().delete(key)", True),
        ("found.add(key)", "found.delete(key)", False),
    ],
)
def test_a_key_as_a_lock(take: str, let_go: str, wrong: bool) -> None:
    body = f"got = {take}\ntry:\n    if got:\n        work()\nfinally:\n    {let_go}"
    assert told(body, "key, other, flag, found") == ([(6, Standing.FAILED)] if wrong else [])


@pytest.mark.parametrize(
    ("fetch", "expected"),
    [
        ("got = cursor.fetchone()[0]", []),
        ("(got,) = cursor.fetchone()", []),
        ("got = cursor.fetchall()[0][0]", []),
        ("row = cursor.fetchone()\ngot = row[0]", []),
        ("got = cursor.scalar()", []),
        ("got = True", [Standing.PENDING]),
        ("got = unknown()", [Standing.PENDING]),
    ],
)
def test_the_result_of_an_advisory_lock(fetch: str, expected: list[Standing]) -> None:
    body = (
        "cursor.execute('SELECT pg_try_advisory_lock(1)')\n"
        f"{fetch}\n"
        "if got:\n    work()\n    cursor.execute('SELECT pg_advisory_unlock(1)')"
    )
    assert [standing for _, standing in told(body, "cursor")] == expected


def test_other_sql_and_blocking_advisory_locks() -> None:
    body = """
        cursor.execute("SELECT 1")
        cursor.execute(statement)
        cursor.execute("SELECT pg_advisory_lock(1)")
        rows = cursor.fetchone()
        cursor.execute("SELECT pg_advisory_unlock(1)")
        """
    assert told(body, "cursor, statement") == []
    assert told('cursor.execute("SELECT pg_advisory_xact_lock(1), pg_advisory_unlock(2)")', "cursor") == []
