"""Which lock is held where: the walk's client that follows acquire and release, and what it finds wrong."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from djlint_spec.facts import tree as t
from djlint_spec.flow import advisory
from djlint_spec.flow.calls import callee, never_raises, never_returns, within
from djlint_spec.flow.exceptions import ANYTHING
from djlint_spec.flow.expressions import Client
from djlint_spec.flow.lock_kinds import (
    Family,
    argument,
    can_fail,
    is_async_client,
    is_django_cache,
    is_redis_client,
    lock_family,
)
from djlint_spec.flow.origins import Made, Origins, nested_functions, statements_of
from djlint_spec.flow.values import OPAQUE, Known, Outcome, State, Thing, Value, path_of
from djlint_spec.flow.walk import Walk
from djlint_spec.project import Function, Project


class Standing(enum.Enum):
    """How a path stands to a lock."""

    HELD = "held"
    FAILED = "failed"
    RAISED = "raised"
    NEVER = "never"
    ENTRY = "entry"
    RELEASED = "released"
    PENDING = "pending"
    UNKNOWN = "unknown"


_OWNED = frozenset({Standing.HELD, Standing.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Status:
    """A standing, and the acquire that led to it."""

    standing: Standing
    acquire: t.Call | None = None


Held: TypeAlias = "frozenset[tuple[str, Status]]"


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock of the function under way; `local` when the function itself makes it."""

    key: str
    family: Family
    made: Made | None
    local: bool


@dataclass(frozen=True, slots=True)
class FaultyRelease:
    """A release that is reached without the lock: how, after which acquire, and whether behind `locked()`."""

    function: Function
    family: Family
    lock: str
    release: t.Call
    acquire: t.Call
    standing: Standing
    behind_locked: bool


@dataclass(slots=True)
class _Seen:
    lock: Lock
    acquires: list[t.Call] = field(default_factory=list)
    releases: dict[t.Call, dict[Status, bool]] = field(default_factory=dict)
    locked: list[t.Call] = field(default_factory=list)
    escaped: bool = False


def faulty_releases(project: Project, function: Function) -> Iterator[FaultyRelease]:
    """The releases in a function, and in those within it, that a path reaches without owning the lock."""
    if not _has_both_sides(function):
        return
    origins = Origins(project)
    for each in (function, *nested_functions(function)):
        if _has_both_sides(each):
            yield from _judge(project, each, origins)


def _has_both_sides(function: Function) -> bool:
    """Whether a function's text can have both taking and letting go in any of the shapes."""
    has = function.mentions
    if has("release"):
        if has("acquire"):
            return True
    elif not has(".delete(", ".adelete(", ".unlink(", "advisory_unlock"):
        return False
    if has("advisory_unlock"):
        return has("advisory_lock")
    return has("cache.add(", "cache.aadd(", "nx=True", "setnx(") or (has("].add(", ").add(") and has("caches["))


def _judge(project: Project, function: Function, origins: Origins) -> Iterator[FaultyRelease]:
    client = Locks(project, function, origins)
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


_GRAVITY = [
    Standing.FAILED,
    Standing.PENDING,
    Standing.RAISED,
    Standing.NEVER,
    Standing.ENTRY,
    Standing.RELEASED,
]


def _fault(seen: _Seen, release: t.Call, reached: dict[Status, bool], statements: Sequence[t.Stmt]) -> Status | None:
    standings = {status.standing for status in reached}
    family = seen.lock.family
    if not family.is_object and not _is_lock_by_key(seen, standings, statements):
        return None
    wrong = [status for status, protected in reached.items() if status.standing not in _OWNED and not protected]
    if not family.is_object:
        wrong = [status for status in wrong if status.standing in (Standing.FAILED, Standing.PENDING)]
    elif not seen.lock.local and not _cleans_up(seen, release, statements):
        # The caller may hold a lock that was there before, unless this function itself failed to take it.
        wrong = [status for status in wrong if status.standing not in (Standing.ENTRY, Standing.RELEASED)]
    return min(wrong, key=lambda status: _GRAVITY.index(status.standing), default=None)


def _is_lock_by_key(seen: _Seen, standings: set[Standing], statements: Sequence[t.Stmt]) -> bool:
    """Whether a key is used as a lock: the result of taking it is looked at, and a taken one is let go."""
    if Standing.HELD not in standings and Standing.PENDING not in standings:
        return False
    if seen.lock.family is Family.ADVISORY:
        return True
    dropped = {_bare(s.value) for s in statements if isinstance(s, t.ExprStmt)}
    return not any(acquire in dropped for acquire in seen.acquires)


def _cleans_up(seen: _Seen, release: t.Call, statements: Sequence[t.Stmt]) -> bool:
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
    return function.module.text(release.args[0])


def _bare(expr: t.Expr) -> t.Expr:
    return expr.value if isinstance(expr, t.Await) else expr


class Locks(Client[Held]):
    """Follows every lock that a function takes or lets go."""

    walk: Walk[Held]

    def __init__(self, project: Project, function: Function, origins: Origins) -> None:
        super().__init__(project, function)
        self._origins = origins
        self._scope = function.scope
        self.seen: dict[str, _Seen] = {}
        self._inner = [inner for inner in nested_functions(function) if inner.mentions("release", "acquire")]

    # --------------------------------------------------------------------------------------------- values
    def name(self, node: t.Name, state: State[Held]) -> Value:
        if node.id in self.function.bindings.names:
            return OPAQUE  # a local that this path has not set
        return self._standing_lock(node, node.id)

    def attribute(self, node: t.Attribute, base: Value, state: State[Held]) -> Value:
        if isinstance(base, Thing) and base.kind == "lock":
            if node.attr in ("release", "acquire"):
                self.seen[str(base.key)].escaped = True
            return OPAQUE
        path = path_of(node)
        return OPAQUE if path is None else self._standing_lock(node, path)

    def _standing_lock(self, node: t.Expr, path: str) -> Value:
        made = self._origins.of(node, self._scope)
        family = lock_family(made)
        return OPAQUE if family is None else self._thing(Lock(path, family, made, local=False))

    def _thing(self, lock: Lock) -> Value:
        self.seen.setdefault(lock.key, _Seen(lock))
        return Thing("lock", lock.key)

    def assign(self, target: t.Expr, expr: t.Expr | None, value: Value, state: State[Held]) -> State[Held]:
        match target, value:
            case t.Name(id=name), Thing(kind="lock", key=key):
                if any(inner.mentions(f"{name}.release", f"{name}.acquire") for inner in self._inner):
                    self.seen[str(key)].escaped = True
            case t.Attribute(value=t.Attribute(value=owner)), _:
                # `lock.local.token = ...` hands a lock over
                if lock_family(self._origins.of(owner, self._scope)) is not None:
                    for seen in self.seen.values():
                        seen.escaped = seen.escaped or seen.lock.family is Family.REDIS
            case _:
                pass
        return state

    def subscript(self, node: t.Subscript, base: Value, state: State[Held]) -> Iterable[Outcome[Held]]:
        if isinstance(base, Thing) and base.kind in ("row", "rows"):
            yield from self._fetched(base, state)
        else:
            yield Outcome(state)

    def unpack(self, target: t.Expr, value: Value, state: State[Held]) -> Iterable[Outcome[Held]]:
        if isinstance(value, Thing) and value.kind == "row":
            yield from self._fetched(value, state)
        else:
            yield Outcome(state)

    def _fetched(self, row: Thing, state: State[Held]) -> Iterable[Outcome[Held]]:
        if row.kind == "rows":
            yield Outcome(state, Thing("row", row.key))
            return
        status = self._status(str(row.key), state)
        yield Outcome(_set(state, str(row.key), Status(Standing.HELD, status.acquire)), Known(True))
        yield Outcome(_set(state, str(row.key), Status(Standing.FAILED, status.acquire)), Known(False))

    # ---------------------------------------------------------------------------------------------- calls
    def call(self, node: t.Call, func: Value, args: Sequence[Value], state: State[Held]) -> Iterable[Outcome[Held]]:
        known = self._known_call(node, func, args, state)
        if known is not None:
            yield from known
            return
        if never_returns(self.project, node, self._scope):
            yield Outcome(state, raised=ANYTHING)
            return
        made = self._origins.of(node, self._scope)
        family = lock_family(made)
        if family is not None:
            yield Outcome(state, self._thing(Lock(f"@{node.start}", family, made, local=True)))
            return
        after = self._touched(node, args, state)
        yield Outcome(after)
        if not never_raises(self.project, node, self._scope):
            yield Outcome(after, raised=ANYTHING)

    def _known_call(
        self, node: t.Call, func: Value, args: Sequence[Value], state: State[Held]
    ) -> Iterable[Outcome[Held]] | None:
        if not isinstance(node.func, t.Attribute):
            return self._wait_for(node, args, state)
        attr = node.func.attr
        if isinstance(func, Thing) and func.kind == "lock":
            return self._on_lock(str(func.key), attr, node, state)
        if attr in ("add", "aadd", "set", "aset", "setnx", "delete", "adelete", "unlink") and node.args:
            return self._on_key(attr, node, state)
        if attr == "execute" and node.args:
            return self._on_execute(node, state)
        if attr in ("fetchone", "fetchall", "scalar") and "advisory" in self.seen:
            return self._fetch(attr, state)
        return self._wait_for(node, args, state)

    def _wait_for(self, node: t.Call, args: Sequence[Value], state: State[Held]) -> Iterable[Outcome[Held]] | None:
        if args and isinstance(args[0], Thing) and args[0].kind == "pending":
            return [Outcome(state, args[0])]
        return None

    def _touched(self, node: t.Call, args: Sequence[Value], state: State[Held]) -> State[Held]:
        """A callee that gets a lock, or that names it, may take it or let it go."""
        for value in args:
            if isinstance(value, Thing) and value.kind == "lock":
                state = _set(state, str(value.key), Status(Standing.UNKNOWN))
        standing = [seen.lock.key for seen in self.seen.values() if not seen.lock.local]
        if standing:
            function = callee(self.project, node, self._scope)
            for key in standing:
                if function is not None and function.mentions(key):
                    state = _set(state, key, Status(Standing.UNKNOWN))
        return state

    def awaited(self, node: t.Await, value: Value, state: State[Held]) -> Iterable[Outcome[Held]]:
        if isinstance(value, Thing) and value.kind == "pending":
            key, call = value.key if isinstance(value.key, tuple) else ("", None)
            assert isinstance(call, t.Call)
            yield from self._acquire(self.seen[str(key)], call, state)
        else:
            yield from super().awaited(node, value, state)

    def enter(self, item: t.WithItem, value: Value, state: State[Held]) -> Iterable[Outcome[Held]]:
        if isinstance(value, Thing) and value.kind == "lock":
            state = _set(state, str(value.key), Status(Standing.UNKNOWN))
        yield Outcome(state, value)
        yield Outcome(state, raised=ANYTHING)

    # ---------------------------------------------------------------------------------------- lock objects
    def _on_lock(self, key: str, attr: str, node: t.Call, state: State[Held]) -> Iterable[Outcome[Held]]:
        seen = self.seen[key]
        status = self._status(key, state)
        match attr:
            case "acquire":
                if is_async_client(seen.lock.made) or seen.lock.family is Family.ASYNCIO:
                    yield Outcome(state, Thing("pending", (key, node)))
                else:
                    yield from self._acquire(seen, node, state)
            case "release" | "do_release":
                yield from self._release(seen, node, status, state)
            case "owned":
                owned = Known(status.standing is Standing.HELD)
                unsure = status.standing in (Standing.UNKNOWN, Standing.ENTRY)
                yield Outcome(state, OPAQUE if unsure else owned)
            case "locked":
                seen.locked.append(node)
                yield Outcome(state, Known(True) if status.standing is Standing.HELD else OPAQUE)
            case _:
                yield Outcome(state)
                yield Outcome(state, raised=ANYTHING)

    def _acquire(self, seen: _Seen, node: t.Call, state: State[Held]) -> Iterable[Outcome[Held]]:
        lock = seen.lock
        if node not in seen.acquires:
            seen.acquires.append(node)
        if self._status(lock.key, state).standing is Standing.HELD:
            yield Outcome(_set(state, lock.key, Status(Standing.UNKNOWN)))
            return
        fails = can_fail(self.project, lock.family, lock.made, node, self._scope)
        held = _set(state, lock.key, Status(Standing.HELD, node))
        yield Outcome(held, OPAQUE if fails is None else Known(True))
        if fails:
            yield Outcome(_set(state, lock.key, Status(Standing.FAILED, node)), Known(False))
        if lock.family.acquire_raises:
            yield Outcome(_set(state, lock.key, Status(Standing.RAISED, node)), raised=ANYTHING)

    def _release(self, seen: _Seen, node: t.Call, status: Status, state: State[Held]) -> Iterable[Outcome[Held]]:
        catching = _CATCHING.get(seen.lock.family, frozenset())
        protected = self.walk.protected(
            lambda name: name is None or name in _BROAD or name.rpartition(".")[2] in catching
        )
        if seen.lock.family is Family.THREAD and status.standing is Standing.FAILED:
            protected = False  # nothing is raised: the holder loses the lock
        seen.releases.setdefault(node, {})[status] = protected and bool(catching)
        owned = status.standing in _OWNED
        after = _set(state, seen.lock.key, Status(Standing.RELEASED if owned else Standing.UNKNOWN))
        yield Outcome(after)
        if not owned and catching:
            yield Outcome(after, raised=ANYTHING)

    # ---------------------------------------------------------------------------------------- keys and SQL
    def _on_key(self, attr: str, node: t.Call, state: State[Held]) -> Iterable[Outcome[Held]] | None:
        assert isinstance(node.func, t.Attribute)
        family = self._key_family(attr, node)
        if family is None:
            return None
        text = self.function.module.text
        key = f"{text(node.func.value)}[{text(node.args[0])}]"
        if attr in ("delete", "adelete", "unlink"):
            if key not in self.seen or len(node.args) != 1:
                return None
            seen = self.seen[key]
            return self._release(seen, node, self._status(key, state), state)
        if self.function.mentions(f".get({text(node.args[0])}", f".aget({text(node.args[0])}"):
            return None  # compares before it deletes
        seen = self.seen.setdefault(key, _Seen(Lock(key, family, None, local=True)))
        if node not in seen.acquires:
            seen.acquires.append(node)
        failed = Known(False) if family is Family.CACHE_KEY else Known(None)
        return [
            Outcome(_set(state, key, Status(Standing.HELD, node)), Known(True)),
            Outcome(_set(state, key, Status(Standing.FAILED, node)), failed),
            Outcome(state, raised=ANYTHING),
        ]

    def _key_family(self, attr: str, node: t.Call) -> Family | None:
        assert isinstance(node.func, t.Attribute)
        made = self._origins.of(node.func.value, self._scope)
        exclusive = argument(node, "nx", None)
        sets = attr == "setnx" or (isinstance(exclusive, t.Boolean) and exclusive.value)
        deletes = attr in ("delete", "adelete", "unlink")
        if is_django_cache(made) and (deletes or sets or attr in ("add", "aadd")):
            return Family.CACHE_KEY
        if is_redis_client(made) and (deletes or sets):
            return Family.REDIS_KEY
        return None

    def _on_execute(self, node: t.Call, state: State[Held]) -> Iterable[Outcome[Held]] | None:
        statement = advisory.statement(self.function.module.text(node.args[0]))
        if statement is None:
            return None
        seen = self.seen.setdefault("advisory", _Seen(Lock("advisory", Family.ADVISORY, None, local=True)))
        if statement is advisory.Statement.UNLOCK:
            return self._release(seen, node, self._status("advisory", state), state)
        if node not in seen.acquires:
            seen.acquires.append(node)
        taken = Standing.PENDING if statement is advisory.Statement.TRY else Standing.HELD
        return [Outcome(_set(state, "advisory", Status(taken, node))), Outcome(state, raised=ANYTHING)]

    def _fetch(self, attr: str, state: State[Held]) -> Iterable[Outcome[Held]] | None:
        status = self._status("advisory", state)
        if status.standing is not Standing.PENDING:
            return None
        if attr == "scalar":
            return self._fetched(Thing("row", "advisory"), state)
        # Until the row is looked into, the path may be either way.
        waiting = _set(state, "advisory", Status(Standing.UNKNOWN, status.acquire))
        return [Outcome(waiting, Thing("row" if attr == "fetchone" else "rows", "advisory"))]

    def _status(self, key: str, state: State[Held]) -> Status:
        for name, status in state.facts:
            if name == key:
                return status
        return Status(Standing.NEVER if self.seen[key].lock.local else Standing.ENTRY)


_BROAD = frozenset({"builtins.Exception", "builtins.BaseException"})
_CATCHING = {
    Family.REDIS: frozenset({"LockError", "RedisError", "ValkeyError", "ValueError"}),
    Family.THREAD: frozenset({"RuntimeError", "ThreadError"}),
    Family.REENTRANT: frozenset({"RuntimeError", "ThreadError"}),
    Family.PROCESS: frozenset({"ValueError", "AssertionError"}),
    Family.ASYNCIO: frozenset({"RuntimeError"}),
}


def _set(state: State[Held], key: str, status: Status) -> State[Held]:
    return state.with_facts(frozenset({*(pair for pair in state.facts if pair[0] != key), (key, status)}))
