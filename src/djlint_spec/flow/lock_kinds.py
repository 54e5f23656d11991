"""What is a lock, told by where it comes from, and when its acquire can fail (redis-py 8.1, CPython 3.11)."""

from __future__ import annotations

import enum
import re

from djlint_spec.facts import tree as t
from djlint_spec.flow.origins import Made
from djlint_spec.project import Project, Scope, Unknown
from djlint_spec.project.constants import Constant


class Family(enum.Enum):
    """Kinds of locks that behave alike."""

    REDIS = "redis"
    THREAD = "thread"
    REENTRANT = "reentrant thread"
    PROCESS = "process"
    ASYNCIO = "asyncio"
    CACHE_KEY = "cache key"
    REDIS_KEY = "redis key"
    ADVISORY = "advisory"

    @property
    def is_object(self) -> bool:
        """Whether there is a lock object with acquire and release."""
        return self not in (Family.CACHE_KEY, Family.REDIS_KEY, Family.ADVISORY)

    @property
    def acquire_raises(self) -> bool:
        """Whether an acquire may raise: a lost connection, a cancelled wait."""
        return self in (Family.REDIS, Family.ASYNCIO)


_CLIENT = r"(?:redis|valkey|aioredis|fakeredis)\b[\w.]*\(\)(?:\.\w+\(\))*"
_CONNECTION = r"(?:django_redis(?:\.\w+)*\.get_redis_connection|django_valkey(?:\.\w+)*\.get_valkey_connection)\(\)"
_CACHE = r"django\.core\.cache\.(?:cache|caches\[\])"

_REDIS_LOCK = re.compile(
    rf"(?:{_CLIENT}|{_CONNECTION}|{_CACHE}(?:\.\w+(?:\(\))?)*)\.lock\(\)"
    r"|(?:redis|valkey)(?:\.asyncio)?\.lock\.Lock\(\)"
)
_REDIS_CLIENT = re.compile(rf"{_CLIENT}|{_CONNECTION}(?:\.\w+\(\))*|{_CACHE}\.client\.get_client\(\)")
_DJANGO_CACHE = re.compile(_CACHE)
_LOCKS = {
    "threading.Lock()": Family.THREAD,
    "_thread.allocate_lock()": Family.THREAD,
    "threading.RLock()": Family.REENTRANT,
    "multiprocessing.Lock()": Family.PROCESS,
    "multiprocessing.RLock()": Family.PROCESS,
    "multiprocessing.synchronize.Lock()": Family.PROCESS,
    "multiprocessing.get_context().Lock()": Family.PROCESS,
    "multiprocessing.Manager().Lock()": Family.PROCESS,
    "billiard.Lock()": Family.PROCESS,
    "asyncio.Lock()": Family.ASYNCIO,
    "asyncio.locks.Lock()": Family.ASYNCIO,
}


def lock_family(made: Made | None) -> Family | None:
    """The family of a lock object; None for what is no lock, or not known to be one."""
    if made is None or not made.dotted.endswith("()"):
        return None
    return _LOCKS.get(made.dotted) or (Family.REDIS if _REDIS_LOCK.fullmatch(made.dotted) else None)


def is_redis_client(made: Made | None) -> bool:
    """Whether this is a client of Redis or Valkey."""
    return made is not None and _REDIS_CLIENT.fullmatch(made.dotted) is not None


def is_django_cache(made: Made | None) -> bool:
    """Whether this is one of Django's caches."""
    return made is not None and _DJANGO_CACHE.fullmatch(made.dotted) is not None


def is_async_client(made: Made | None) -> bool:
    """Whether a lock made by this is one whose methods are awaited."""
    return made is not None and (".asyncio" in made.dotted or made.dotted.startswith(("aioredis", "asyncio")))


def can_fail(project: Project, family: Family, made: Made | None, call: t.Call, scope: Scope) -> bool | None:
    """Whether an acquire may return False; None when arguments that are not known decide."""
    if any(keyword.name is None for keyword in call.keywords):
        return None
    if any(isinstance(argument, t.Starred) for argument in call.args):
        return None
    match family:
        case Family.REDIS:
            blocking = argument(call, "blocking", 1)
            timeout = argument(call, "blocking_timeout", 2)
            if isinstance(timeout, t.Nothing):
                timeout = None  # the constructor's stands
            own = _fails(project, blocking, timeout, scope)
            if own or own is None or (blocking is not None and timeout is not None):
                return own
            return _constructed(project, made, blocking is not None, timeout is not None)
        case Family.THREAD | Family.REENTRANT:
            return _fails(project, argument(call, "blocking", 0), argument(call, "timeout", 1), scope)
        case Family.PROCESS:
            return _fails(project, argument(call, "block", 0), argument(call, "timeout", 1), scope)
        case _:
            return False


def _constructed(project: Project, made: Made | None, has_blocking: bool, has_timeout: bool) -> bool | None:
    if made is None or made.call is None or made.scope is None:
        return False
    call = made.call
    if any(keyword.name is None for keyword in call.keywords):
        return None
    direct = made.dotted.endswith(".Lock()")
    shift = 1 if direct else 0
    blocking = argument(call, "blocking", 3 + shift)
    timeout = argument(call, "blocking_timeout", 4 + shift)
    if made.dotted.startswith("django.core.cache") and "get_client" not in made.dotted:
        # django-redis puts `version` second; its fifth is `blocking` in 7.0 and was `blocking_timeout` in older ones.
        fifth = argument(call, "blocking", 4)
        blocking = fifth if isinstance(fifth, t.Boolean) else None
        timeout = argument(call, "blocking_timeout", 4 if blocking is None else 5)
    return _fails(project, None if has_blocking else blocking, None if has_timeout else timeout, made.scope)


def _fails(project: Project, blocking: t.Expr | None, timeout: t.Expr | None, scope: Scope) -> bool | None:
    block: Constant | Unknown = True if blocking is None else project.constant(blocking, scope)
    if block is False or (block == 0 and block is not None):
        return True
    waits: Constant | Unknown = None if timeout is None else project.constant(timeout, scope)
    if isinstance(waits, Unknown) and timeout is not None:
        return None if _may_be_absent(timeout, scope) else True
    if isinstance(waits, (int, float)) and waits >= 0:
        return True
    return None if isinstance(block, Unknown) else False


def _may_be_absent(expr: t.Expr, scope: Scope) -> bool:
    # `def take(timeout=None): lock.acquire(blocking_timeout=timeout)`: the caller decides.
    if not isinstance(expr, t.Name) or scope.function is None:
        return not isinstance(expr, (t.Attribute, t.BinOp, t.Call))
    for parameter in scope.function.params:
        if parameter.name == expr.id:
            return isinstance(parameter.default, (t.Nothing, t.Number))
    return False


def argument(call: t.Call, name: str, position: int | None) -> t.Expr | None:
    """An argument by keyword or position."""
    for keyword in call.keywords:
        if keyword.name == name:
            return keyword.value
    if position is not None and len(call.args) > position:
        return call.args[position]
    return None
