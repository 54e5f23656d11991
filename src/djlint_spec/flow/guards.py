"""Guards told by their names and shapes: locks in `with`, decorators that let one run in, tests that keep runs out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import walk
from djlint_spec.flow.calls import never_returns
from djlint_spec.flow.values import path_of
from djlint_spec.project import Class, Function, Origin, Project, Scope

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_LOCKS = frozenset({"lock", "locks", "locked", "locking", "rlock", "mutex", "semaphore", "exclusive", "exclusively"})
_GUARDS = _LOCKS | {
    "once", "idempotent", "idempotency", "singleton", "unique", "throttle", "throttled", "ratelimit", "dedup",
    "deduplicate", "debounce", "debounced", "reentrant", "concurrent",
}  # fmt: skip
_SHAPES = (".acquire(", "cache.add(", "nx=True", ".lock(", "select_for_update", "get_or_create(", ".exists()")


def _words(name: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(name)}


def is_lock(project: Project, context: t.Expr, scope: Scope) -> bool:
    """Whether what a `with` enters is a lock: by its name, or by what the project's context manager does."""
    target = context.func if isinstance(context, t.Call) else context
    while isinstance(target, t.Attribute):
        if _words(target.attr) & _LOCKS:
            return True
        target = target.value
    if isinstance(target, t.Name) and _words(target.id) & _LOCKS:
        return True
    named = context.func if isinstance(context, t.Call) else context
    symbol = project.resolve(named, scope) if isinstance(named, (t.Name, t.Attribute)) else None
    return isinstance(symbol, Function) and symbol.mentions(".acquire(", "cache.add(", "nx=True", ".lock(")


def has_guard(function: Function, own: Iterable[t.Expr] = ()) -> bool:
    """Whether a decorator of a function, but those that are its `own`, may keep a second run out."""
    for decorator in function.node.decorators:
        if decorator in own:
            continue
        target = decorator.func if isinstance(decorator, t.Call) else decorator
        path = path_of(target)
        if path is None or _words(path) & _GUARDS:
            return True
        symbol = function.project.resolve(target, function.defining_scope)
        if isinstance(symbol, Function) and symbol.module.origin is Origin.PROJECT and symbol.mentions(*_SHAPES):
            return True
    return False


def is_guarding_class(cls: Class) -> bool:
    """Whether a base class of tasks lets only one run in, by its name or by its `__call__`."""
    for owner in cls.mro:
        if _words(owner.name) & _GUARDS:
            return True
        call = owner.own_member("__call__")
        if call is not None and call.function is not None and call.function.mentions(*_SHAPES):
            return True
    return False


def is_guarding_name(name: str) -> bool:
    """Whether a class or an option of a package, by its name, lets only one run in (`QueueOnce`, `unique_on`)."""
    return bool(_words(name) & _GUARDS)


class Extents:
    """How far the tests of a function may keep a run out: to the end of their block, or of the function."""

    def __init__(self, project: Project, function: Function) -> None:
        self._project = project
        self._function = function
        self._extents = sorted(self._of_block(function.body), key=lambda extent: extent[1] - extent[0])

    def until(self, test: t.Expr) -> int:
        """The offset up to which a test decides whether code runs."""
        for start, end, until in self._extents:
            if start <= test.start and test.end <= end:
                return until
        return test.end

    def _of_block(self, block: tuple[t.Stmt, ...]) -> Iterator[tuple[int, int, int]]:
        for node in walk(block):
            match node:
                case t.If(test=test, body=body, orelse=orelse):
                    leaves = self._leaves(body) or self._leaves(orelse)
                    yield test.start, test.end, self._function.node.end if leaves else node.end
                case t.While(test=test):
                    yield test.start, test.end, node.end
                case t.Assert(test=test):
                    yield test.start, test.end, self._function.node.end
                case t.Match(subject=subject):
                    yield subject.start, subject.end, self._function.node.end
                case t.IfExp() | t.BoolOp() | t.Comprehension():
                    yield node.start, node.end, node.end
                case _:
                    pass

    def _leaves(self, block: tuple[t.Stmt, ...]) -> bool:
        match block[-1] if block else None:
            case t.Return() | t.Raise():
                return True
            case t.Jump(kind=kind):
                return kind != "pass"
            case t.ExprStmt(value=t.Call() as call):
                return never_returns(self._project, call, self._function.scope)
            case t.If(body=body, orelse=orelse):
                return self._leaves(body) or self._leaves(orelse)
            case t.With(body=body) | t.Try(body=body):
                return self._leaves(body)
            case _:
                return False
