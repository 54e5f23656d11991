"""Counters of a rate limit whose window every call starts anew."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import calls, walk
from djlint_spec.flow.lock_kinds import argument, is_django_cache, is_redis_client
from djlint_spec.flow.origins import Origins
from djlint_spec.project import Function, Project
from djlint_spec.project.symbols import Assigned

_COUNTS = frozenset({"incr", "incrby", "aincr"})
_STARTS = frozenset({"expire", "pexpire", "touch", "atouch"})
_ORDER = frozenset({"<", "<=", ">", ">="})
_CONDITIONS = frozenset({"nx", "xx", "gt", "lt"})
_TIME = re.compile(
    r"time\(|now\(|today\(|date\(|strftime|isoformat|//|bucket|minute|hour|window_start|timestamp", re.IGNORECASE
)
_DEEPEST = 4


class WindowReset(msgspec.Struct, frozen=True):
    """A counter, and what sets its time to live with every count."""

    count: t.Call
    start: t.Call


class _Standing(msgspec.Struct, frozen=True):
    """A call that its statement surely makes, and the conditional blocks around it from the outside in."""

    call: t.Call
    blocks: tuple[t.Stmt, ...]


COUNTS = ("incr",)
"""A function's text holds one of these where it counts."""


def window_resets(project: Project, function: Function) -> Iterator[WindowReset]:
    """The counters that are compared with a limit and whose time to live is set, unasked, after each count."""
    if not function.mentions(*(f"{name}(" for name in _STARTS)):
        return
    origins = Origins(project)
    found = list(_standing(function.body, ()))
    for start in found:
        if _attr(start.call) not in _STARTS or not _is_store(origins, start.call, function):
            continue
        if any(keyword.name is None or keyword.name in _CONDITIONS for keyword in start.call.keywords):
            continue
        for count in found:
            if (
                _attr(count.call) in _COUNTS
                and count.call.end < start.call.end
                and start.blocks == count.blocks[: len(start.blocks)]
                and _key(count.call, function) == _key(start.call, function) is not None
                and _is_store(origins, count.call, function)
                and not _leaves_between(function.body, count.call, start.call)
                and not _names_its_time(count.call, function)
                and _is_limited(count.call, function)
            ):
                yield WindowReset(count.call, start.call)
                break


def _standing(statements: Iterable[t.Stmt], blocks: tuple[t.Stmt, ...]) -> Iterator[_Standing]:
    """The calls that surely run when their block does."""
    for statement in statements:
        match statement:
            case t.If(test=test, body=body, orelse=orelse) | t.While(test=test, body=body, orelse=orelse):
                yield from (_Standing(call, blocks) for call in _sure(test))
                yield from _standing(body, (*blocks, statement))
                yield from _standing(orelse, (*blocks, statement))
            case t.For(body=body, orelse=orelse):
                yield from _standing((*body, *orelse), (*blocks, statement))
            case t.With(items=items, body=body):
                for item in items:
                    yield from (_Standing(call, blocks) for call in _sure(item.context))
                yield from _standing(body, blocks)
            case t.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
                yield from _standing((*body, *orelse, *finalbody), blocks)
                for handler in handlers:
                    yield from _standing(handler.body, (*blocks, statement))
            case t.Assign(value=value) | t.ExprStmt(value=value) | t.AugAssign(value=value):
                yield from (_Standing(call, blocks) for call in _sure(value))
            case t.Return(value=value) | t.AnnAssign(value=value) if value is not None:
                yield from (_Standing(call, blocks) for call in _sure(value))
            case _:
                pass


def _sure(expr: t.Expr) -> Iterator[t.Call]:
    """The calls of an expression that no short circuit leaves out."""
    match expr:
        case t.BoolOp(values=(first, *_)):
            yield from _sure(first)
        case t.IfExp(test=test):
            yield from _sure(test)
        case _:
            yield from calls([expr])


def _leaves_between(statements: Iterable[t.Stmt], count: t.Call, start: t.Call) -> bool:
    """Whether some way leaves the block between the two: then it is asked before the window is set."""
    return any(
        isinstance(node, (t.Return, t.Raise)) or (isinstance(node, t.Jump) and node.kind != "pass")
        for node in walk(statements)
        if isinstance(node, t.Node) and count.end <= node.start and node.end <= start.start
    )


def _attr(call: t.Call) -> str:
    return call.func.attr if isinstance(call.func, t.Attribute) else ""


def _is_store(origins: Origins, call: t.Call, function: Function) -> bool:
    assert isinstance(call.func, t.Attribute)
    made = origins.of(call.func.value, function.scope)
    return is_redis_client(made) or is_django_cache(made)


def _key(call: t.Call, function: Function) -> str | None:
    key = argument(call, "key", 0) or argument(call, "name", 0)
    return None if key is None else function.module.text(key)


def _names_its_time(call: t.Call, function: Function) -> bool:
    key = argument(call, "key", 0) or argument(call, "name", 0)
    return key is not None and any(_TIME.search(text) for text in _texts(key, function, _DEEPEST))


def _texts(expr: t.Expr, function: Function, depth: int) -> Iterator[str]:
    """The text of an expression and of what its local names were given."""
    yield function.module.text(expr)
    for node in walk([expr]) if depth else ():
        if isinstance(node, t.Name):
            for binding in function.bindings.names.get(node.id, ()):
                if isinstance(binding, Assigned) and binding.value is not None:
                    yield from _texts(binding.value, function, depth - 1)


def _is_limited(count: t.Call, function: Function) -> bool:
    """Whether the function compares what it has counted, or what its pipeline gives, with something."""
    for node in walk(function.body):
        if isinstance(node, t.Compare) and _ORDER.intersection(node.ops):
            for side in (node.left, *node.comparators):
                if any(_counts(part, count, function) for part in walk([side])):
                    return True
    return False


def _counts(part: object, count: t.Call, function: Function, depth: int = _DEEPEST) -> bool:
    match part:
        case t.Call():
            return part == count or _attr(part) == "execute"
        case t.Name(id=name) if depth:
            return any(
                _counts(inner, count, function, depth - 1)
                for binding in function.bindings.names.get(name, ())
                if isinstance(binding, Assigned) and binding.value is not None
                for inner in walk([binding.value])
            )
        case _:
            return False
