"""The locks of the libraries, watched: who holds them, and which of our releases go wrong."""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import fakeredis
import redis
import redis.asyncio
import redis.asyncio.lock
import redis.lock
import valkey
import valkey.lock
from django.core.cache.backends.locmem import LocMemCache
from django.test.utils import override_settings
from django_redis.cache import RedisCache

SHORT = 0.01
"""Seconds that stand for any wait that ends."""
PATIENCE = 8
"""Refusals after which the other lets go, so that a loop that tries for ever comes to its end."""

_Lock, _RLock, _ProcessLock = threading.Lock, threading.RLock, multiprocessing.Lock


@dataclass(frozen=True)
class Scenario:
    """What goes on around the code: another holds its locks, its work fails, taking a lock fails."""

    contended: bool = False
    work_raises: bool = False
    acquire_raises: bool = False


@dataclass
class Raised:
    """An exception of a release, where, and what was under way."""

    place: tuple[str, int]
    error: BaseException
    during: BaseException | None


@dataclass
class Watch:
    """What is known while one entry runs in one scenario."""

    scenario: Scenario = field(default_factory=Scenario)
    folder: str = ""
    foreign: set[tuple[str, int]] = field(default_factory=set)
    raised: list[Raised] = field(default_factory=list)
    holders: dict[object, str] = field(default_factory=dict)
    refusals: int = 0
    server: Any = field(default_factory=fakeredis.FakeServer)
    other: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    @property
    def another(self) -> Any:
        """The client of the other, on the same server."""
        return fakeredis.FakeRedis(server=self.server)

    def pool_options(self) -> dict[str, Any]:
        """What makes a pool of redis-py talk to the fake server."""
        return {"connection_class": fakeredis.FakeConnection, "server": self.server}

    @contextmanager
    def during(self, scenario: Scenario, folder: str, *, memory: bool) -> Iterator[None]:
        """Everything as new, for one run."""
        self.scenario, self.folder = scenario, folder
        self.foreign, self.raised, self.holders, self.refusals = set(), [], {}, 0
        self.server.connected = True
        self.another.flushall()
        LocMemCache("", {}).clear()
        backend = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
        if memory:
            with override_settings(CACHES={"default": backend, "locks": backend}):
                yield
        else:
            yield

    def wrong(self, outcome: BaseException | None) -> set[tuple[str, int]]:
        """The places of releases that took another's lock, or raised in the place of what happened."""
        hidden = {
            each.place
            for each in self.raised
            if outcome is each.error or (each.during is not None and outcome is not each.during)
        }
        return self.foreign | hidden

    def place(self) -> tuple[str, int] | None:
        """Where the code under test calls; None when it is not that code that calls, but a library."""
        frame = sys._getframe(1)
        while frame.f_back is not None and frame.f_code.co_filename == __file__:
            frame = frame.f_back
        path = frame.f_code.co_filename
        return (path.removeprefix(f"{self.folder}/"), frame.f_lineno) if path.startswith(self.folder) else None

    def takes_first(self, lock: object) -> bool:
        """Whether another takes this lock now, before us."""
        if self.scenario.contended and lock not in self.holders:
            self.holders[lock] = "another"
            return True
        return False

    def lets_go(self, lock: object, waits: bool) -> bool:
        """Whether the other lets go now: someone waits without end, or has been refused often enough."""
        if self.holders.get(lock) != "another":
            return False
        self.refusals += 1
        return waits or self.refusals > PATIENCE

    def released(self, lock: object) -> None:
        """Our release has worked: it was another's lock, or ours, which another waits for."""
        place = self.place()
        if self.holders.pop(lock, None) == "another" and place is not None:
            self.foreign.add(place)

    def failed(self, error: BaseException) -> None:
        """Our release has raised."""
        place = self.place()
        if place is not None:
            self.raised.append(Raised(place, error, error.__context__))

    # --------------------------------------------------------------------------------------------- install
    def install(self) -> None:
        """Put the watched locks in the place of the libraries' own."""
        sleep = time.sleep
        time.sleep = lambda _: sleep(SHORT / 10)
        server, client = self.server, valkey.Valkey
        replaced: list[tuple[Any, str, Any]] = [
            (threading, "Lock", lambda: WatchedLock(_Lock()) if self.place() else _Lock()),
            (threading, "RLock", lambda: WatchedLock(_RLock()) if self.place() else _RLock()),
            (multiprocessing, "Lock", lambda: WatchedLock(_ProcessLock())),
            (asyncio, "Lock", WatchedTaskLock),
            (redis, "Redis", Makes(lambda: fakeredis.FakeRedis(server=server))),
            (valkey, "Valkey", Makes(lambda: fakeredis.FakeValkey(server=server, client_class=client))),
            (redis.asyncio, "from_url", Makes(lambda: fakeredis.FakeAsyncRedis(server=server))),
        ]
        for module, name, watched in replaced:
            setattr(module, name, watched)
        for lock in (redis.lock.Lock, valkey.lock.Lock):
            _watch_redis_lock(lock)
        _watch_async_redis_lock(redis.asyncio.lock.Lock)
        for cache in (LocMemCache, RedisCache):
            _watch_cache(cache)
        _watch_client(redis.client.Redis)


watch = Watch()


@dataclass(frozen=True)
class Makes:
    """Stands for the class of a client: what it makes talks to the fake server, whatever the address."""

    make: Callable[[], Any]

    def __call__(self, *_: object, **__: object) -> Any:
        return self.make()

    def from_url(self, *_: object, **__: object) -> Any:
        return self.make()


# ------------------------------------------------------------------------------------------- local locks
class WatchedLock:
    """A lock of threading or multiprocessing, that another thread may hold first."""

    def __init__(self, lock: Any) -> None:
        self._lock = lock

    def acquire(self, blocking: bool = True, timeout: float = -1, *, block: bool | None = None) -> bool:
        blocking = blocking if block is None else block
        waits = blocking and timeout < 0
        if watch.takes_first(self):
            watch.other.submit(self._lock.acquire).result()
        if watch.lets_go(self, waits):
            watch.holders.pop(self)
            watch.other.submit(self._lock.release).result()
        got: bool = self._lock.acquire(blocking) if waits or not blocking else self._lock.acquire(True, SHORT)
        if got:
            watch.holders[self] = "us"
        return got

    def release(self) -> None:
        try:
            self._lock.release()
        except (RuntimeError, ValueError, AssertionError) as error:
            watch.failed(error)
            raise
        watch.released(self)

    def locked(self) -> bool:
        return bool(self._lock.locked())

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()


class WatchedTaskLock(asyncio.Lock):
    """A lock of asyncio, that another task may hold first."""

    async def acquire(self) -> bool:  # type: ignore[override]  # always True
        if watch.takes_first(self):
            await super().acquire()
            if not watch.scenario.acquire_raises:
                asyncio.get_running_loop().call_later(SHORT, self._let_go)
        await super().acquire()
        watch.holders[self] = "us"
        return True

    def _let_go(self) -> None:
        watch.holders.pop(self)
        super().release()

    def release(self) -> None:
        try:
            super().release()
        except RuntimeError as error:
            watch.failed(error)
            raise
        watch.released(self)


# ------------------------------------------------------------------------------------------- redis locks
def _watch_redis_lock(cls: Any) -> None:
    acquire, release = cls.acquire, cls.release

    def watched_acquire(
        self: Any, sleep: Any = None, blocking: Any = None, blocking_timeout: Any = None, token: Any = None
    ) -> bool:
        limit = self.blocking_timeout if blocking_timeout is None else blocking_timeout
        waits = limit is None and (self.blocking if blocking is None else blocking)
        if watch.takes_first(self.name):
            watch.another.set(self.name, "another")
        if watch.lets_go(self.name, waits):
            watch.holders.pop(self.name)
            watch.another.delete(self.name)
        if watch.scenario.acquire_raises:
            watch.server.connected = False
        try:
            got: bool = acquire(self, sleep, blocking, None if limit is None else SHORT, token)
        finally:
            watch.server.connected = True
        if got:
            watch.holders[self.name] = "us"
        return got

    def watched_release(self: Any) -> None:
        try:
            release(self)
        except Exception as error:
            watch.failed(error)
            raise
        watch.holders.pop(self.name, None)
        if watch.scenario.contended:
            watch.takes_first(self.name)
            watch.another.set(self.name, "another")

    cls.acquire, cls.release = watched_acquire, watched_release


def _watch_async_redis_lock(cls: Any) -> None:
    acquire, release = cls.acquire, cls.release

    async def watched_acquire(self: Any, *args: Any, **kwargs: Any) -> bool:
        if watch.takes_first(self.name):
            watch.another.set(self.name, "another")
        return bool(await acquire(self, *args, **kwargs))

    async def watched_release(self: Any) -> None:
        try:
            await release(self)
        except Exception as error:
            watch.failed(error)
            raise

    cls.acquire, cls.release = watched_acquire, watched_release


# ---------------------------------------------------------------------------------------- keys as locks
def _watch_cache(cls: Any) -> None:
    add, put, delete = cls.add, cls.set, cls.delete

    def watched_add(self: Any, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        if watch.takes_first(f"cache {key}"):
            put(self, key, "another")
        got = bool(add(self, key, value, *args, **kwargs))
        if got:
            watch.holders[f"cache {key}"] = "us"
        return got

    def watched_delete(self: Any, key: Any, *args: Any, **kwargs: Any) -> bool:
        found = bool(delete(self, key, *args, **kwargs))
        if found:
            watch.released(f"cache {key}")
            if watch.scenario.work_raises and f"cache {key}" not in watch.holders:
                # Another has waited for this.
                watch.holders[f"cache {key}"] = "another"
                put(self, key, "another")
        return found

    cls.add, cls.delete = watched_add, watched_delete


def _watch_client(cls: Any) -> None:
    put, delete = cls.set, cls.delete

    def watched_set(self: Any, name: Any, value: Any, *args: Any, **kwargs: Any) -> Any:
        if not kwargs.get("nx") or watch.place() is None:
            return put(self, name, value, *args, **kwargs)
        if watch.takes_first(f"key {name}"):
            put(self, name, "another")
        got = put(self, name, value, *args, **kwargs)
        if got:
            watch.holders[f"key {name}"] = "us"
        return got

    def watched_delete(self: Any, *names: Any) -> Any:
        found = delete(self, *names)
        if found:
            watch.released(f"key {names[0]}")
        return found

    cls.set, cls.delete = watched_set, watched_delete
