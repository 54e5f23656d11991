"""One run of a function, path by path: the walk's client that keeps each path's `History`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.flow import outside
from djlint_spec.flow.calls import never_raises
from djlint_spec.flow.client import Client
from djlint_spec.flow.exceptions import FAINT, MAIL, RETRY, SPENT
from djlint_spec.flow.expressions import TooComplex
from djlint_spec.flow.fresh import FreshIn
from djlint_spec.flow.guards import is_lock
from djlint_spec.flow.history import History, widened
from djlint_spec.flow.lock_kinds import is_django_cache
from djlint_spec.flow.looks import DOUBT, Looks, is_ours
from djlint_spec.flow.packages import MAIL_OBJECT, PackageCall, answered, on_package, part_of, quiet, sends_on, sent
from djlint_spec.flow.rows import RowCall, is_delta, model_method, new_row, on_row, on_rows
from djlint_spec.flow.targets import Running, Target
from djlint_spec.flow.values import OPAQUE, Known, Outcome, State, Thing, Value, path_of
from djlint_spec.inference.values import (
    Builtin,
    ClassValue,
    Foreign,
    ManagerOf,
    Method,
    OrmCall,
    QuerySet,
    Row,
    Scalar,
)
from djlint_spec.project import Class, Function, Origin, Unknown
from djlint_spec.project.models import Model

if TYPE_CHECKING:
    from djlint_spec.flow.runs import Runs

_RETRY_METHOD = "celery.app.task.Task.retry"
_SAVES = (".save(", ".asave(", "update(", "setattr(")
_ATOMIC = "django.db.transaction.atomic"

Outcomes = Iterable[Outcome[History]]


class Attempt(Client[History]):
    """Follows one function; what its calls do comes from the targets that `runs` knows for `running`."""

    widens = True

    def __init__(self, runs: Runs, running: Running) -> None:
        super().__init__(runs.project, running.function)
        self._runs = runs
        self._running = running
        self._scope = running.function.scope
        self._looks = Looks(runs, running)

    def widened(self, states: list[State[History]]) -> list[State[History]]:
        # Of the values of names, those stay that may turn out to be guards.
        things: dict[str, Value] = {}
        for state in states:
            things.update((name, value) for name, value in state.env if isinstance(value, Thing))
        kept = frozenset(things.items())
        return [State(history, kept) for history in widened(state.facts for state in states)]

    # ---------------------------------------------------------------------------------------------- calls
    def call(self, node: t.Call, func: Value, args: Sequence[Value], state: State[History]) -> Outcomes:
        if not self._runs.spend():
            raise TooComplex
        found = list(self._called(node, func, args, state))
        for outcome in found if len(found) < 2 else dict.fromkeys(found):
            self._looks.result(node, outcome.value)
            yield outcome

    def _called(self, node: t.Call, func: Value, args: Sequence[Value], state: State[History]) -> Outcomes:
        if self._is_retry(node):
            yield from self._retried(node, state)
            return
        locked = self._taken(node, state)
        if locked is not None:
            yield from locked
            return
        if isinstance(func, Thing) and func.kind == "new" and isinstance(node.func, t.Attribute):
            yield from self._on_new(node, node.func, func, state)
            return
        if isinstance(func, Thing) and func.kind == "response":
            yield from answered(node, state)
            return
        targets = self._runs.targets.of(self._running, node)
        if not targets:
            yield from self._outside(node, func, args, state)
        for target in targets:
            yield from self._target(node, target, func, args, state)

    def _target(
        self, node: t.Call, target: Target, func: Value, args: Sequence[Value], state: State[History]
    ) -> Outcomes:
        match target.value:
            case OrmCall(receiver=receiver, name=name):
                yield from on_rows(RowCall(receiver.model, name, node, self._span(node), self._fresh(state)), state)
            case Method(function=function) if function.module.origin is Origin.PROJECT:
                yield from self._followed(node, function, target, args, state)
            case Method(function=function):
                yield from self._library(node, function, func, state)
            case ClassValue(cls=cls):
                yield from self._constructed(node, cls, func, args, state)
            case Foreign(dotted=dotted):
                found = model_method(self.project, dotted)
                if found is not None:
                    model, name = found
                    call = RowCall(model, name, node, self._span(node), self._fresh(state))
                    yield from on_row(call, None, state)
                else:
                    yield from self._named(node, dotted, args, state)
            case Builtin() | Scalar():
                yield from quiet(state)
            case Unknown(cause="parameter"):
                yield from quiet(state)  # a method of what the message carries: the same on each run
            case _:
                yield from self._outside(node, func, args, state)

    def _outside(self, node: t.Call, func: Value, args: Sequence[Value], state: State[History]) -> Outcomes:
        """A call of something that the evaluation does not know: told by where it comes from, if at all."""
        dotted = self._origin(node.func, func)
        if dotted is not None:
            yield from self._named(node, dotted, args, state)
        elif never_raises(self.project, node, self._scope):
            yield Outcome(state)
        else:
            yield from self._unknown(node, state)

    def _unknown(
        self, node: t.Call, state: State[History], function: Function | None = None, *, of_ours: bool = False
    ) -> Outcomes:
        """A call that is not followed: where it may save rows, it may set what has been tested."""
        saves = function.mentions(*_SAVES) if function is not None else of_ours or self._hands_rows(node)
        tested = [marker for marker in state.facts.tested if saves and marker[0] == "field"]
        yield Outcome(state.with_facts(state.facts.mark(tested)), DOUBT)
        yield Outcome(state, raised=FAINT)

    def _hands_rows(self, node: t.Call) -> bool:
        """Whether a call gets rows, or it cannot be told what it gets."""
        targets = self._runs.targets.of(self._running, node)
        given = [value for target in targets for value in (*target.args, *(value for _, value in target.kwargs))]
        return not targets or any(isinstance(value, (Row, QuerySet, ManagerOf)) for value in given)

    def _origin(self, expr: t.Expr, receiver: Value) -> str | None:
        match expr, receiver:
            case t.Attribute(attr=attr), Thing(kind="made", key=str(dotted)):
                return f"{dotted}.{attr}"
            case ((t.Name() | t.Attribute()), _):
                made = self._runs.origins.of(expr, self._scope)
                return None if made is None else made.dotted
            case _:
                return None

    def _followed(
        self, node: t.Call, function: Function, target: Target, args: Sequence[Value], state: State[History]
    ) -> Outcomes:
        running = target.running
        assert running is not None
        if not self._runs.tells(running):
            yield from quiet(state)
            return
        saves = function.name in ("save", "asave") and function.owner is not None
        model = self.project.models.of(function.owner) if saves and function.owner is not None else None
        summary = self._runs.summary(running, self._given(function, node, args, running))
        before = state
        if model is not None:
            call = RowCall(model, function.name, node, self._span(node), self._fresh(state))
            kept = [outcome for outcome in on_row(call, None, state) if outcome.raised is None]
            before = kept[0].state
        if summary is None:
            yield from self._unknown(node, before, function)
            return
        rows = _paths(function, node, bound=running.receiver is not None)
        for history, value in summary.returned:
            yield Outcome(self._composed(node, before, history.renamed(rows)), value)
        for history, kind in summary.raised:
            yield Outcome(self._composed(node, state, history.renamed(rows)), raised=kind)

    def _composed(self, node: t.Call, state: State[History], inner: History) -> State[History]:
        after = state.facts.after(inner, node.start)
        return state if after == state.facts else state.with_facts(after)

    def _given(self, function: Function, node: t.Call, args: Sequence[Value], running: Running) -> Mapping[str, Value]:
        """The things that the callee's parameters hold, as far as this path follows them."""
        names = [p.name for p in function.params if p.kind in ("positional", "normal")]
        if running.receiver is not None:
            names = names[1:]
        by_name = [keyword.name for keyword in node.keywords]
        pairs = [*zip(names, args[: len(node.args)]), *zip(by_name, args[len(node.args) :])]  # noqa: B905
        return {
            name: value
            for name, value in pairs
            if name is not None and isinstance(value, Thing) and value.kind != "field"
        }

    def _library(self, node: t.Call, function: Function, func: Value, state: State[History]) -> Outcomes:
        owner = function.owner
        if owner is not None and function.name in ("send", "asend") and outside.is_message(owner):
            yield from sent(self._package(node, ()), "sends mail", MAIL, state)
        elif owner is not None and function.name == "save" and owner.dotted == "django.db.models.Model":
            yield Outcome(state.with_facts(state.facts.save(None)))
        else:
            yield from self._named(node, function.dotted, (), state)

    def _constructed(
        self, node: t.Call, cls: Class, func: Value, args: Sequence[Value], state: State[History]
    ) -> Outcomes:
        model = self.project.models.of(cls)
        if model is not None:
            yield Outcome(state, new_row(RowCall(model, "", node, self._span(node), self._fresh(state))))
        elif outside.is_message(cls):
            yield Outcome(state, MAIL_OBJECT)
        elif cls.module.origin is Origin.PROJECT:
            yield from quiet(state)
        else:
            yield from self._named(node, cls.dotted, args, state)

    def _on_new(self, node: t.Call, func: t.Attribute, row: Thing, state: State[History]) -> Outcomes:
        model = self._model_of(node, row)
        if model is None:
            yield from quiet(state)
            return
        call = RowCall(model, func.attr, node, self._span(node), self._fresh(state))
        base = path_of(func.value)
        for outcome in on_row(call, row, state):
            # Once saved, a row is as one that was loaded.
            saved = call.method == "save" and outcome.raised is None and base is not None
            yield Outcome(outcome.state.bind(base, OPAQUE), raised=None) if saved and base is not None else outcome

    def _model_of(self, node: t.Call, row: Thing) -> Model | None:
        assert isinstance(row.key, tuple)
        for dotted in (f"{row.key[0]}.save", *self._row_methods(node)):
            found = model_method(self.project, dotted)
            if found is not None:
                return found[0]
        return None

    def _row_methods(self, node: t.Call) -> Iterator[str]:
        for target in self._runs.targets.of(self._running, node):
            match target.value:
                case Foreign(dotted=dotted):
                    yield dotted
                case Method(function=function):
                    yield function.dotted
                case _:
                    pass

    def _named(self, node: t.Call, dotted: str, args: Sequence[Value], state: State[History]) -> Outcomes:
        """A call of something that is told by its dotted name only."""
        if sends_on(dotted):
            yield from quiet(state)
        elif is_ours(self.project, dotted):
            yield from self._unknown(node, state, of_ours=True)
        else:
            yield from on_package(self._package(node, args), dotted, state)

    def _package(self, node: t.Call, args: Sequence[Value]) -> PackageCall:
        return PackageCall(self.project, self._scope, node, tuple(args), self._runs.requests)

    # ---------------------------------------------------------------------------------------------- retry
    def _is_retry(self, node: t.Call) -> bool:
        func = node.func
        if not isinstance(func, t.Attribute) or func.attr != "retry":
            return False
        for target in self._runs.targets.of(self._running, node):
            match target.value:
                case Method(function=function) if function.dotted == _RETRY_METHOD:
                    return True
                case _:
                    pass
        symbol = self.project.resolve(func.value, self._scope)
        return isinstance(symbol, Function) and any(task.function is symbol for task in self.project.tasks)

    def _retried(self, node: t.Call, state: State[History]) -> Outcomes:
        given = {keyword.name: keyword.value for keyword in node.keywords}
        carries = bool({"args", "kwargs", None} & set(given)) or bool(node.args)
        # Arguments of its own may carry how far this run has come.
        span = None if carries else self._span(node)
        history = state.facts
        again = state.with_facts(replace(history, retried=history.retried or span))
        throws = given.get("throw")
        if isinstance(throws, t.Boolean) and not throws.value:
            yield Outcome(again)
        else:
            yield Outcome(again, raised=RETRY)
        if "exc" not in given:
            yield Outcome(state, raised=SPENT)
        else:
            yield Outcome(state, raised=FAINT)

    # ---------------------------------------------------------------------------------------------- locks
    def _taken(self, node: t.Call, state: State[History]) -> Outcomes | None:
        """Locks and keys that only one run gets."""
        func = node.func
        if not isinstance(func, t.Attribute):
            return None
        if func.attr in ("acquire", "aacquire"):
            return [Outcome(state.with_facts(replace(state.facts, once=True))), Outcome(state, raised=FAINT)]
        exclusive = outside.argument(node, "nx", 99)
        is_set = func.attr == "setnx" or (isinstance(exclusive, t.Boolean) and exclusive.value)
        if is_set or (func.attr in ("add", "aadd") and self._is_cache(func.value)):
            return [Outcome(state, Thing("once", node.start, truth=None)), Outcome(state, raised=FAINT)]
        if func.attr in ("get", "aget", "get_many", "has_key", "get_or_set", "incr") and self._is_cache(func.value):
            return [Outcome(state, DOUBT), Outcome(state, raised=FAINT)]
        return None

    def _is_cache(self, expr: t.Expr) -> bool:
        return is_django_cache(self._runs.origins.of(expr, self._scope))

    def enter(self, item: t.WithItem, value: Value, state: State[History]) -> Outcomes:
        if self._is_atomic(item.context):
            yield Outcome(state.with_facts(state.facts.begin()), value)
            return
        if is_lock(self.project, item.context, self._scope):
            state = state.with_facts(replace(state.facts, held=state.facts.held + 1))
        yield Outcome(state, value)
        yield Outcome(state, raised=FAINT)

    def leave(self, item: t.WithItem, value: Value, state: State[History], raised: str | None) -> State[History]:
        if self._is_atomic(item.context):
            history = state.facts
            return state.with_facts(history.commit() if raised is None else history.roll_back())
        if is_lock(self.project, item.context, self._scope):
            return state.with_facts(replace(state.facts, held=state.facts.held - 1))
        return state

    def _is_atomic(self, context: t.Expr) -> bool:
        named = context.func if isinstance(context, t.Call) else context
        return isinstance(named, (t.Name, t.Attribute)) and self.project.dotted(named, self._scope) == _ATOMIC

    # --------------------------------------------------------------------------------------------- values
    def attribute(self, node: t.Attribute, base: Value, state: State[History]) -> Value:
        return part_of(base, node.attr)

    def subscript(self, node: t.Subscript, base: Value, state: State[History]) -> Outcomes:
        doubtful = isinstance(base, Thing) and base.kind in ("doubt", "made", "response")
        yield Outcome(state, DOUBT if doubtful else OPAQUE)
        yield Outcome(state, raised=FAINT)

    def awaited(self, node: t.Await, value: Value, state: State[History]) -> Outcomes:
        yield Outcome(state, value)

    def assign(self, target: t.Expr, expr: t.Expr | None, value: Value, state: State[History]) -> State[History]:
        if isinstance(target, t.Name):
            self._looks.named(target.id, value)
        if not isinstance(target, t.Attribute) or expr is None:
            return state
        base = path_of(target.value)
        history = state.facts
        if base is None:
            return state
        if target.attr in ("pk", "id") and value == Known(None):
            return state.bind(base, Thing("new", ("", None)))  # a copy, with all the values of the other
        if is_delta(expr, base, target.attr):
            return state.with_facts(_changed(history, base, target.attr))
        return state.with_facts(_assigned(history, base, target.attr))

    def augment(self, node: t.AugAssign, state: State[History]) -> State[History]:
        match node.target:
            case t.Attribute(value=value, attr=attr) if node.op in ("+", "-"):
                base = path_of(value)
                known = base is None or (base, attr) in state.facts.pending
                return state if known or base is None else state.with_facts(_changed(state.facts, base, attr))
            case _:
                return state

    def assume(self, test: t.Expr, value: Value, answer: bool, state: State[History]) -> State[History] | None:
        return self._looks.after(test, value, answer, state)

    def _fresh(self, state: State[History]) -> FreshIn:
        return FreshIn(self.project, self._scope, state)

    def _span(self, node: t.Node) -> Span:
        return self.function.module.span(node)


def _paths(function: Function, node: t.Call, *, bound: bool) -> Mapping[str, str]:
    """The caller's paths of what a callee's parameters hold."""
    names = [p.name for p in function.params if p.kind in ("positional", "normal")]
    given: list[t.Expr] = list(node.args)
    if bound and isinstance(node.func, t.Attribute):
        given.insert(0, node.func.value)
    pairs = [*zip(names, given, strict=False), *((k.name, k.value) for k in node.keywords)]
    paths = ((name, path_of(expr)) for name, expr in pairs if name is not None)
    return {name: path for name, path in paths if path is not None}


def _changed(history: History, base: str, attr: str) -> History:
    return replace(history, deltas=history.deltas | {(base, attr)})


def _assigned(history: History, base: str, attr: str) -> History:
    return replace(history, pending=history.pending | {(base, attr)}, deltas=history.deltas - {(base, attr)})
