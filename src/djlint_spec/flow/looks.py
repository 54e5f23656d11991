"""What the tests of a function look at: markers that a run sets, keys that one run gets, and what cannot be told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import statements_of, walk
from djlint_spec.flow.guards import Extents
from djlint_spec.flow.history import History, Marker
from djlint_spec.flow.markers import fields
from djlint_spec.flow.values import State, Thing, Value
from djlint_spec.inference.values import Method
from djlint_spec.project import Origin, Project, Unknown
from djlint_spec.project.tracking import cached_property

if TYPE_CHECKING:
    from djlint_spec.flow.runs import Runs
    from djlint_spec.flow.targets import Running

DOUBT = Thing("doubt", "", truth=None)
"""A value of which it is not known whether a second run gets the same."""
DOUBTFUL = frozenset({"doubt", "made"})
_ATTEMPTS = frozenset({"retries", "redelivered"})
_MADE_ONCE = frozenset({"get_or_create", "aget_or_create", "update_or_create", "aupdate_or_create"})


class Looks:
    """The tests of one function, as one run of it meets them."""

    def __init__(self, runs: Runs, running: Running) -> None:
        self._runs = runs
        self._running = running
        self._function = running.function
        self._results: dict[int, set[Thing]] = {}
        self._names: dict[str, set[Thing]] = {}
        self._in_test: dict[tuple[int, int], tuple[str | int, ...]] = {}
        self._static: dict[tuple[int, int], tuple[frozenset[Marker], bool]] = {}

    @property
    def project(self) -> Project:
        """The project that the function is of."""
        return self._runs.project

    def result(self, call: t.Call, value: Value) -> None:
        """Note what a call has given, for tests that it is a part of."""
        if isinstance(value, Thing):
            self._results.setdefault(call.start, set()).add(value)

    def named(self, name: str, value: Value) -> None:
        """Note what a name was given: a test of it may come when the path knows no more than its truth."""
        if isinstance(value, Thing):
            self._names.setdefault(name, set()).add(value)

    def after(self, test: t.Expr, value: Value, answer: bool, state: State[History]) -> State[History]:
        """The state on the side of a test where it came out as `answer`."""
        history = state.facts
        held = [value, *self._held(test, state)]
        if answer and self._is_won(test, value):
            return state.with_facts(replace(history, once=True))
        markers, doubtful = self._looked_at(test)
        rows = {("rows", str(thing.key)) for thing in held if isinstance(thing, Thing) and thing.kind == "rows"}
        named = fields(
            name
            for thing in held
            if isinstance(thing, Thing) and thing.kind == "field"
            for name in self._runs.readings.of_name(str(thing.key))
            if self._runs.may_set(name)
        )
        history = history.test({*markers, *rows, *named})
        if doubtful or any(isinstance(thing, Thing) and thing.kind in DOUBTFUL | {"once"} for thing in held):
            history = replace(history, doubt=max(history.doubt, self._extents.until(test)))
        return state if history == state.facts else state.with_facts(history)

    def _is_won(self, test: t.Expr, value: Value) -> bool:
        if isinstance(value, Thing) and value.kind == "once":
            return True
        return isinstance(test, t.Name) and test.id in self._created

    def _held(self, test: t.Expr, state: State[History]) -> Iterator[Value]:
        for part in self._parts(test):
            if isinstance(part, str):
                known = state.get(part)
                if known is not None:
                    yield known
                yield from self._names.get(part, ())
            else:
                yield from self._results.get(part, ())

    def _parts(self, test: t.Expr) -> tuple[str | int, ...]:
        """The names in a test, and where its calls begin; each path through the function asks again."""
        key = (test.start, test.end)
        known = self._in_test.get(key)
        if known is None:
            parts = (
                node.id if isinstance(node, t.Name) else node.start
                for node in walk([test])
                if isinstance(node, (t.Name, t.Call))
            )
            known = self._in_test[key] = tuple(parts)
        return known

    def _looked_at(self, test: t.Expr) -> tuple[frozenset[Marker], bool]:
        """The markers that the attributes and calls of a test stand for, and whether it may turn on others."""
        key = (test.start, test.end)
        known = self._static.get(key)
        if known is None:
            known = self._static[key] = self._scan(test)
        return known

    def _scan(self, test: t.Expr) -> tuple[frozenset[Marker], bool]:
        names: set[str] = set()
        doubtful = False
        for node in walk([test]):
            match node:
                case t.Attribute(value=value, attr=attr):
                    names |= self._runs.readings.of_name(attr)
                    doubtful |= attr in _ATTEMPTS or (isinstance(value, t.Name) and value.id in self._handed_on)
                case t.Call():
                    for target in self._runs.targets.of(self._running, node):
                        match target.value:
                            case Method(function=function) if function.module.origin is Origin.PROJECT:
                                names |= self._runs.readings.of_function(function)
                            case _:
                                pass
                case _:
                    pass
        return fields(name for name in names if self._runs.may_set(name)), doubtful

    @cached_property
    def _extents(self) -> Extents:
        return Extents(self._runs.project, self._function)

    @cached_property
    def _created(self) -> frozenset[str]:
        """The names of the flags that `get_or_create` gives."""
        return frozenset(
            name
            for statement in statements_of(self._function.body)
            for name in _flag_of(statement)
        )  # fmt: skip

    @cached_property
    def _handed_on(self) -> frozenset[str]:
        """The names whose objects a call that is not resolved gets, and may set markers of."""
        found: set[str] = set()
        for node in walk(self._function.body):
            if isinstance(node, t.Call) and self._is_unresolved(node):
                found |= {arg.id for arg in node.args if isinstance(arg, t.Name)}
                found |= {keyword.value.id for keyword in node.keywords if isinstance(keyword.value, t.Name)}
                match node.func:
                    case t.Attribute(value=t.Name(id=name)):
                        found.add(name)
                    case _:
                        pass
        return frozenset(found)

    def _is_unresolved(self, call: t.Call) -> bool:
        targets = self._runs.targets.of(self._running, call)
        if any(not isinstance(target.value, Unknown) or target.value.cause == "parameter" for target in targets):
            return False
        made = self._runs.origins.of(call.func, self._function.scope)
        return made is None or is_ours(self._runs.project, made.dotted)


def is_ours(project: Project, dotted: str) -> bool:
    """Whether a dotted name is of the project's own packages."""
    return dotted.partition(".")[0] in project.once(_packages)


def _packages(project: Project) -> frozenset[str]:
    return frozenset(module.name.partition(".")[0] for module in project.modules)


def _flag_of(statement: t.Stmt) -> Iterator[str]:
    match statement:
        case t.Assign(
            targets=(t.TupleExpr(elements=(_, t.Name(id=name))),),
            value=t.Call(func=t.Attribute(attr=method)) | t.Await(value=t.Call(func=t.Attribute(attr=method))),
        ) if method in _MADE_ONCE:
            yield name
        case _:
            pass
