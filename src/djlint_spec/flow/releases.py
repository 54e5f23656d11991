"""Releases that a path reaches without the lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import statements_of
from djlint_spec.flow.calls import within
from djlint_spec.flow.held import OWNED, Lock, Seen, Standing, Status
from djlint_spec.flow.lock_kinds import Family, argument
from djlint_spec.flow.locks import Locks
from djlint_spec.flow.origins import Origins, nested_functions
from djlint_spec.flow.values import State
from djlint_spec.flow.walk import Walk
from djlint_spec.project import Function, Module, Project


class FaultyRelease(msgspec.Struct, frozen=True):
    """A release that is reached without the lock: how, after which acquire, and whether behind `locked()`."""

    function: Function
    family: Family
    lock: str
    release: t.Call
    acquire: t.Call
    standing: Standing
    behind_locked: bool


def faulty_releases_in(project: Project, module: Module) -> Iterator[FaultyRelease]:
    """Those of all functions of a module."""
    if _has_both_sides(module.has, module):
        for function in project.functions_in(module):
            yield from faulty_releases(project, function)


def faulty_releases(project: Project, function: Function) -> Iterator[FaultyRelease]:
    """The releases in a function, and in those within it, that a path reaches without owning the lock."""
    if not _has_both_sides(function.mentions, function.module):
        return
    origins = Origins(project)
    for each in (function, *nested_functions(function)):
        if _has_both_sides(each.mentions, each.module):
            yield from _judge(project, each, origins)


def _has_both_sides(has: Callable[..., bool], module: Module) -> bool:
    """Whether a text, of a module or of a function in it, can have both taking and letting go in any of the shapes."""
    file_has = module.mentions
    if has("acquire") and has("release"):
        return True
    if has("delete(", ".unlink(") and (has("nx=True", "setnx(") or (file_has("cache") and has(".add(", ".aadd("))):
        return True
    return has(".execute(") and file_has("advisory_unlock") and file_has("advisory_lock")


def _judge(project: Project, function: Function, origins: Origins) -> Iterator[FaultyRelease]:
    client = Locks(project, function, origins)
    if not client.may_take():
        return
    walk = Walk(client)
    client.walk = walk
    if walk.run(State(frozenset())) is None:
        return
    statements = tuple(statements_of(function.body))
    for seen in client.seen.values():
        if not seen.acquires or seen.escaped:
            continue
        for release, reached in sorted(seen.releases.items(), key=lambda pair: pair[0].start):
            fault = _fault(seen, release, reached, statements)
            if fault is not None:
                acquire = fault.acquire or seen.acquires[0]
                guards = [s.test for s in statements if isinstance(s, t.If) and within(release, s.body)]
                yield FaultyRelease(
                    function,
                    seen.lock.family,
                    _lock_text(function, release, seen.lock),
                    release,
                    acquire,
                    fault.standing,
                    any(g.start <= call.start <= g.end for g in guards for call in seen.locked),
                )


_ANOTHERS = frozenset({Standing.FAILED, Standing.PENDING, Standing.RELEASED})
_GRAVITY = [
    Standing.FAILED,
    Standing.PENDING,
    Standing.RAISED,
    Standing.NEVER,
    Standing.ENTRY,
    Standing.RELEASED,
]


def _fault(seen: Seen, release: t.Call, reached: dict[Status, bool], statements: Sequence[t.Stmt]) -> Status | None:
    standings = {status.standing for statuses in seen.releases.values() for status in statuses}
    family = seen.lock.family
    if not family.is_object and not _is_lock_by_key(seen, standings, statements):
        return None
    wrong = [status for status, protected in reached.items() if status.standing not in OWNED and not protected]
    if not family.is_object:
        # What fails while a key is set most often fails again while it is deleted.
        wrong = [status for status in wrong if status.standing in _ANOTHERS]
    elif not seen.lock.local and not _cleans_up(seen, release, statements):
        # The caller may hold a lock that was there before, unless this function itself failed to take it.
        wrong = [status for status in wrong if status.standing not in (Standing.ENTRY, Standing.RELEASED)]
    return min(wrong, key=lambda status: _GRAVITY.index(status.standing), default=None)


def _is_lock_by_key(seen: Seen, standings: set[Standing], statements: Sequence[t.Stmt]) -> bool:
    """Whether a key is used as a lock: the result of taking it is looked at, and a taken one is let go."""
    if Standing.HELD not in standings and Standing.PENDING not in standings:
        return False
    if seen.lock.family is Family.ADVISORY:
        return True
    dropped = {_bare(s.value) for s in statements if isinstance(s, t.ExprStmt)}
    return not any(acquire in dropped for acquire in seen.acquires)


def _cleans_up(seen: Seen, release: t.Call, statements: Sequence[t.Stmt]) -> bool:
    for statement in statements:
        if isinstance(statement, t.Try):
            cleanup = (*statement.finalbody, *(s for handler in statement.handlers for s in handler.body))
            if within(release, cleanup) and any(within(a, statement.body) for a in seen.acquires):
                return True
    return False


def _lock_text(function: Function, release: t.Call, lock: Lock) -> str:
    if lock.family.is_object and isinstance(release.func, t.Attribute):
        return function.module.text(release.func.value)
    if lock.family is Family.ADVISORY:
        return "the advisory lock"
    key = argument(release, "key", 0)
    return function.module.text(release if key is None else key)


def _bare(expr: t.Expr) -> t.Expr:
    return expr.value if isinstance(expr, t.Await) else expr
