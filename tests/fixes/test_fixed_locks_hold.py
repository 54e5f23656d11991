"""Proven by running: a lock that was fixed lets one thread in at a time, and is given back by its holder only."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from textwrap import dedent

import fakeredis
import pytest
import redis.exceptions

from djlint_spec.config import Config
from djlint_spec.engine import fix_sources

THREADS = 6
REDIS = """
import redis

client = redis.Redis()


def work(step):
    lock = client.lock("orders", timeout=30)
"""
THREADING = """
import threading

lock = threading.Lock()


def work(step):
"""
DROPPED = """\
    lock.acquire(blocking=False)
    try:
        step()
    finally:
        lock.release()
"""
RELEASED_ALL_THE_SAME = """\
    acquired = lock.acquire(blocking=False)
    try:
        if acquired:
            step()
    finally:
        lock.release()
"""
IN_THE_TRY = """\
    try:
        lock.acquire(blocking=False)
        step()
    finally:
        lock.release()
"""
LOCKED = """\
    try:
        if lock.acquire(blocking=False):
            step()
    finally:
        if lock.locked():
            lock.release()
"""
REFUSED = "The lock is held elsewhere."
"""What the fixed code raises where nothing told what to do without the lock."""


@dataclass
class Race:
    """What happened when threads ran the same work at once: the most of them in it, their number, and their errors."""

    within: int = 0
    most: int = 0
    done: int = 0
    errors: list[BaseException] = field(default_factory=list)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def step(self) -> None:
        """The work that one at a time may do."""
        with self._guard:
            self.within += 1
            self.most = max(self.most, self.within)
        time.sleep(0.05)
        with self._guard:
            self.within -= 1
            self.done += 1


def raced(work: Callable[[Callable[[], None]], None]) -> Race:
    """Threads that all begin the work in one moment, and one more that comes while another is in it."""
    race = Race()
    ready = threading.Barrier(THREADS)

    def run(delay: float) -> None:
        ready.wait()
        time.sleep(delay)
        try:
            work(race.step)
        except (RuntimeError, redis.exceptions.LockError) as error:
            race.errors.append(error)

    threads = [threading.Thread(target=run, args=(0.01 * number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return race


def loaded(text: str) -> Callable[[Callable[[], None]], None]:
    """The `work` of a module, on a Redis of its own."""
    names: dict[str, object] = {}
    exec(compile(text, "shop.py", "exec"), names)
    if "client" in names:
        names["client"] = fakeredis.FakeRedis()
    work = names["work"]
    assert callable(work)
    return work


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(DROPPED, id="dropped"),
        pytest.param(RELEASED_ALL_THE_SAME, id="released all the same"),
        pytest.param(IN_THE_TRY, id="in the try"),
        pytest.param(LOCKED, id="locked"),
    ],
)
@pytest.mark.parametrize("kind", [pytest.param(REDIS, id="redis"), pytest.param(THREADING, id="threading")])
def test_under_contention_one_at_a_time_works_and_its_holder_releases(kind: str, shape: str) -> None:
    text = dedent(kind) + shape
    before = raced(loaded(text))
    assert before.most > 1 or before.errors
    fixed = fix_sources({"shop.py": text}, Config(select=("DJS501",)), unsafe=True).after["shop.py"]
    work = loaded(fixed)
    after = raced(work)
    assert after.most == 1
    assert {str(error) for error in after.errors} <= {REFUSED}
    assert after.done >= 1
    again = Race()
    work(again.step)
    assert again.done == 1, "the lock was given back"
