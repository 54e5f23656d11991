"""The walk's client that follows acquire and release: which lock is held where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import calls, statements_of
from djlint_spec.flow import advisory
from djlint_spec.flow.calls import callee, never_raises, never_returns
from djlint_spec.flow.client import Client
from djlint_spec.flow.exceptions import ANYTHING
from djlint_spec.flow.held import OWNED, Held, Lock, Seen, Standing, Status, standing_at, standing_set
from djlint_spec.flow.lock_kinds import (
    Family,
    argument,
    can_fail,
    is_async_client,
    is_django_cache,
    is_redis_client,
    lock_family,
)
from djlint_spec.flow.origins import Origins, nested_functions
from djlint_spec.flow.values import OPAQUE, Known, Outcome, State, Thing, Value, path_of
from djlint_spec.flow.walk import Walk
from djlint_spec.project import Function, Project


class Locks(Client[Held]):
    """Follows every lock that a function takes or lets go."""

    walk: Walk[Held]

    def __init__(self, project: Project, function: Function, origins: Origins) -> None:
        super().__init__(project, function)
        self._origins = origins
        self._scope = function.scope
        self.seen: dict[str, Seen] = {}
        self._own_flags = {
            path
            for statement in statements_of(function.body)
            if isinstance(statement, t.Assign)
            for target in statement.targets
            if isinstance(target, t.Attribute) and (path := path_of(target)) is not None
        }
        self._inner = [inner for inner in nested_functions(function) if inner.mentions("release", "acquire")]

    def may_take(self) -> bool:
        """Whether the function can take anything at all: told before any path is walked."""
        has = self.function.mentions
        if has("acquire", ".execute("):
            return True
        return any(
            isinstance(call.func, t.Attribute)
            and call.func.attr in _TAKES_KEY
            and self._key_family(call.func.attr, call) is not None
            for call in calls(self.function.body, into_definitions=True)
        )

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
        self.seen.setdefault(lock.key, Seen(lock))
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
        yield Outcome(standing_set(state, str(row.key), Status(Standing.HELD, status.acquire)), Known(True))
        yield Outcome(standing_set(state, str(row.key), Status(Standing.FAILED, status.acquire)), Known(False))

    def assume(self, test: t.Expr, value: Value, answer: bool, state: State[Held]) -> State[Held] | None:
        if answer and value == OPAQUE and path_of(test) in self._own_flags:
            # `self.held` may be set where the lock was taken only: what it was before, nobody here knows.
            for key in self.seen:
                if self._status(key, state).standing is not Standing.HELD:
                    state = standing_set(state, key, Status(Standing.UNKNOWN))
        return state

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
        if attr in _TAKES_KEY or attr in _DELETES:
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
                state = standing_set(state, str(value.key), Status(Standing.UNKNOWN))
        standing = [seen.lock.key for seen in self.seen.values() if not seen.lock.local]
        if standing:
            function = callee(self.project, node, self._scope)
            for key in standing:
                if function is not None and function.mentions(key):
                    state = standing_set(state, key, Status(Standing.UNKNOWN))
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
            state = standing_set(state, str(value.key), Status(Standing.UNKNOWN))
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

    def _acquire(self, seen: Seen, node: t.Call, state: State[Held]) -> Iterable[Outcome[Held]]:
        lock = seen.lock
        if node not in seen.acquires:
            seen.acquires.append(node)
        if self._status(lock.key, state).standing is Standing.HELD:
            yield Outcome(standing_set(state, lock.key, Status(Standing.UNKNOWN)))
            return
        fails = can_fail(self.project, lock.family, lock.made, node, self._scope)
        held = standing_set(state, lock.key, Status(Standing.HELD, node))
        yield Outcome(held, OPAQUE if fails is None else Known(True))
        if fails:
            yield Outcome(standing_set(state, lock.key, Status(Standing.FAILED, node)), Known(False))
        if lock.family.acquire_raises:
            yield Outcome(standing_set(state, lock.key, Status(Standing.RAISED, node)), raised=ANYTHING)

    def _release(self, seen: Seen, node: t.Call, status: Status, state: State[Held]) -> Iterable[Outcome[Held]]:
        catching = _CATCHING.get(seen.lock.family, frozenset())
        protected = self.walk.protected(
            lambda name: name is None or name in _BROAD or name.rpartition(".")[2] in catching
        ) or self.walk.taken_further_out(lambda name: name is not None and name.rpartition(".")[2] in catching)
        if seen.lock.family is Family.THREAD and status.standing is Standing.FAILED:
            protected = False  # nothing is raised: the holder loses the lock
        reached = seen.releases.setdefault(node, {})
        reached[status] = reached.get(status, True) and protected and bool(catching)
        owned = status.standing in OWNED
        after = standing_set(state, seen.lock.key, Status(Standing.RELEASED if owned else Standing.UNKNOWN))
        yield Outcome(after)
        if not owned and catching:
            yield Outcome(after, raised=ANYTHING)

    # ---------------------------------------------------------------------------------------- keys and SQL
    def _on_key(self, attr: str, node: t.Call, state: State[Held]) -> Iterable[Outcome[Held]] | None:
        assert isinstance(node.func, t.Attribute)
        family = self._key_family(attr, node)
        if family is None:
            return None
        named = _key_of(node)
        if named is None:
            return None
        text = self.function.module.text
        key = f"{text(node.func.value)}[{text(named)}]"
        if attr in _DELETES:
            if key not in self.seen or len(node.args) > 1:
                return None
            return self._release(self.seen[key], node, self._status(key, state), state)
        if self.function.mentions(f".get({text(named)}", f".aget({text(named)}"):
            return None  # compares before it deletes
        seen = self.seen.setdefault(key, Seen(Lock(key, family, None, local=True)))
        if node not in seen.acquires:
            seen.acquires.append(node)
        failed = Known(False) if family is Family.CACHE_KEY else Known(None)
        return [
            Outcome(standing_set(state, key, Status(Standing.HELD, node)), Known(True)),
            Outcome(standing_set(state, key, Status(Standing.FAILED, node)), failed),
            Outcome(state, raised=ANYTHING),
        ]

    def _key_family(self, attr: str, node: t.Call) -> Family | None:
        assert isinstance(node.func, t.Attribute)
        made = self._origins.of(node.func.value, self._scope)
        exclusive = argument(node, "nx", None)
        sets = attr == "setnx" or (isinstance(exclusive, t.Boolean) and exclusive.value)
        deletes = attr in _DELETES
        if is_django_cache(made) and (deletes or sets or attr in ("add", "aadd")):
            return Family.CACHE_KEY
        if is_redis_client(made) and (deletes or sets):
            return Family.REDIS_KEY
        return None

    def _on_execute(self, node: t.Call, state: State[Held]) -> Iterable[Outcome[Held]] | None:
        sql = self.project.constant(node.args[0], self._scope)
        text = sql if isinstance(sql, str) else self.function.module.text(node.args[0])
        statement = advisory.statement(text)
        if statement is None:
            return None
        seen = self.seen.setdefault("advisory", Seen(Lock("advisory", Family.ADVISORY, None, local=True)))
        if statement is advisory.Statement.UNLOCK:
            return self._release(seen, node, self._status("advisory", state), state)
        if node not in seen.acquires:
            seen.acquires.append(node)
        taken = Standing.PENDING if statement is advisory.Statement.TRY else Standing.HELD
        return [Outcome(standing_set(state, "advisory", Status(taken, node))), Outcome(state, raised=ANYTHING)]

    def _fetch(self, attr: str, state: State[Held]) -> Iterable[Outcome[Held]] | None:
        status = self._status("advisory", state)
        if status.standing is not Standing.PENDING:
            return None
        if attr == "scalar":
            return self._fetched(Thing("row", "advisory"), state)
        # Until the row is looked into, the path may be either way.
        waiting = standing_set(state, "advisory", Status(Standing.UNKNOWN, status.acquire))
        return [Outcome(waiting, Thing("row" if attr == "fetchone" else "rows", "advisory"))]

    def _status(self, key: str, state: State[Held]) -> Status:
        return standing_at(self.seen[key], state)


def _key_of(node: t.Call) -> t.Expr | None:
    return argument(node, "key", 0) or argument(node, "name", None)


_TAKES_KEY = frozenset({"add", "aadd", "set", "aset", "setnx"})
_DELETES = frozenset({"delete", "adelete", "unlink"})
_BROAD = frozenset({"builtins.Exception", "builtins.BaseException"})
_CATCHING = {
    Family.REDIS: frozenset({"LockError", "RedisError", "ValkeyError", "ValueError"}),
    Family.THREAD: frozenset({"RuntimeError", "ThreadError"}),
    Family.REENTRANT: frozenset({"RuntimeError", "ThreadError"}),
    Family.PROCESS: frozenset({"ValueError", "AssertionError"}),
    Family.ASYNCIO: frozenset({"RuntimeError"}),
}
