"""Distributed locks that never expire, and waits for one that never end."""

from __future__ import annotations

from collections.abc import Iterator

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import calls, walk
from djlint_spec.flow.lock_kinds import Family, argument, can_fail, lock_family
from djlint_spec.flow.origins import Made, Origins
from djlint_spec.project import Function, Project, Scope

LOCKS = ("ock(",)
"""A function's text holds one of these where a lock is made in it."""
WAITS = ("acquire", "with ")
"""The same where one is waited for."""


def locks_without_end(project: Project, function: Function) -> Iterator[tuple[t.Call, t.Expr | None]]:
    """The calls that make a distributed lock without a time to live, each with what stands in the place of one.

    A function without a word of `LOCKS` has none. django-redis' `cache.lock` takes the key's version second
    (`django_redis.cache.RedisCache.lock`).
    """
    origins = Origins(project)
    for call in calls(function.body):
        made = _made_here(origins, call, function.scope)
        if made is None or _is_open(call):
            continue
        is_cache = made.dotted.startswith("django.core.cache") and "get_client" not in made.dotted
        timeout = argument(call, "timeout", 2 if is_cache or made.dotted.endswith(".Lock()") else 1)
        if timeout is None or project.constant(timeout, function.scope) is None:
            yield call, argument(call, "version", 1) if is_cache and len(call.args) > 1 else None


def waits_without_end(project: Project, function: Function) -> Iterator[t.Expr]:
    """The distributed locks that a function enters or acquires and that it may wait for without limit.

    A function without a word of `WAITS` has none.
    """
    origins, scope = Origins(project), function.scope
    for node in walk(function.body):
        match node:
            case t.With(items=items):
                for item in items:
                    made = origins.of(item.context, scope)
                    plain = t.Call(item.context.start, item.context.end, item.context, (), ())
                    if lock_family(made) is Family.REDIS and _waits(project, made, plain, scope):
                        yield item.context
            case t.Call(func=t.Attribute(value=value, attr="acquire")):
                made = origins.of(value, scope)
                if lock_family(made) is Family.REDIS and _waits(project, made, node, scope):
                    yield node
            case _:
                pass


def _made_here(origins: Origins, call: t.Call, scope: Scope) -> Made | None:
    made = origins.of(call, scope)
    return made if made is not None and lock_family(made) is Family.REDIS and made.call is call else None


def _is_open(call: t.Call) -> bool:
    return any(keyword.name is None for keyword in call.keywords) or any(isinstance(a, t.Starred) for a in call.args)


def _waits(project: Project, made: Made | None, acquire: t.Call, scope: Scope) -> bool:
    known = made is not None and made.call is not None  # what an annotation tells has no arguments to look at
    return known and can_fail(project, Family.REDIS, made, acquire, scope) is False
