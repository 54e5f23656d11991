"""Everything that one function runs, each callee walked once for each way it is called, and kept as a summary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

import msgspec

from djlint_spec.facts import tree as t
from djlint_spec.flow.attempt import Attempt
from djlint_spec.flow.guards import has_guard
from djlint_spec.flow.history import History, widened
from djlint_spec.flow.markers import Readings
from djlint_spec.flow.origins import Origins
from djlint_spec.flow.targets import Running, Targets
from djlint_spec.flow.values import OPAQUE, Known, State, Thing, Truth, Value
from djlint_spec.flow.walk import Walk
from djlint_spec.inference.values import Literal
from djlint_spec.project import Function, Project
from djlint_spec.project.tracking import Kept, cached_property

_DEEPEST = 8
_MOST_CALLS = 250
"""Calls looked at on all paths below one root; nearly all roots that come so far come to no end anyway."""

_ACTS = (
    "create(",
    "mail_",
    "postMessage",
    "save(",
    "update(",
    "send",
    "post(",
    "request(",
    "urlopen",
    "publish",
    "retry(",
)
_GUARDS = ("delete(", "lock", "acquire", "cache", "nx=", "setnx", "objects", "exists(", "filter(", "uuid")
TELLING = (*_ACTS, *_GUARDS)
"""Words of a function that may have an effect, or may keep a second run from it."""

V = TypeVar("V")


class Summary(msgspec.Struct, frozen=True):
    """How a function ends that begins with no past: what has happened by then, with its value or exception."""

    returned: tuple[tuple[History, Value], ...]
    raised: tuple[tuple[History, str], ...]


class Runs:
    """All runs below one root; made for one question and thrown away.

    `own` are the root's decorators that only make it what it is. `targets`, `origins` and `readings` serve many roots.
    Callees without any effect, guard or one of `words` are not walked.
    """

    def __init__(
        self,
        project: Project,
        root: Running,
        *,
        targets: Targets,
        origins: Origins,
        readings: Readings,
        own: Iterable[t.Expr] = (),
        words: Iterable[str] = (),
    ) -> None:
        self.project = project
        self.targets = targets
        self._reached = targets.evaluate(root)
        self.origins = origins
        self.readings = readings
        self.requests: dict[int, t.Call] = {}
        self._words = tuple(word for word in words if word != "(")
        self._root = root
        self._own = tuple(own)
        self._known: Kept[object, Summary | None] = Kept(project.tracking)
        self._depth = 0
        self._calls = 0

    def of_root(self) -> Summary | None:
        """How the root ends; None when its paths are too many to follow, or when it has no effect anyway."""
        acts = self._root in self._reached.reaching(lambda function: function.mentions(*_ACTS))
        return self.summary(self._root, {}) if acts else None

    def reaches(self, words: Iterable[str]) -> bool:
        """Whether the root, or something that it runs, has one of the words in its text."""
        given = tuple(words)
        return self._root in self._reached.reaching(lambda f: f.mentions(*given))

    @cached_property
    def _settable(self) -> frozenset[str]:
        return frozenset().union(*map(self.readings.set_by, self._reached.functions))

    @cached_property
    def _telling(self) -> frozenset[Running]:
        words = (*TELLING, *self._words)
        return self._reached.reaching(lambda function: function.mentions(*words) or _assigns(function))

    def may_set(self, name: str) -> bool:
        """Whether an attribute of that name is set anywhere in the root's runs."""
        return name in self._settable or "*" in self._settable

    def spend(self) -> bool:
        """Count one more call looked at; False when there have been too many."""
        self._calls += 1
        return self._calls <= _MOST_CALLS

    def tells(self, running: Running) -> bool:
        """Whether a call is worth a walk: something in it, or below, may be an effect or a guard."""
        return running in self._telling

    def summary(self, running: Running, given: Mapping[str, Value]) -> Summary | None:
        """How a function ends that is called so; None when that is not known (also for a call of itself)."""
        key = (running, frozenset(given.items()))
        if self._depth >= _DEEPEST and key not in self._known:
            return None
        self._depth += 1
        try:
            return self._known.made(key, lambda: self._walked(running, given), lambda: None)
        finally:
            self._depth -= 1

    def _walked(self, running: Running, given: Mapping[str, Value]) -> Summary | None:
        function = running.function
        if has_guard(function, self._own if running is self._root else ()) or function.mentions("yield"):
            return None
        atomic = "django.db.transaction.atomic" in function.decorated_by
        start = History().begin() if atomic else History()
        walk = Walk(Attempt(self, running))
        exits = walk.run(State(start, frozenset({**_literals(running), **given}.items())))
        if exits is None:
            return None
        returned = [(s.facts.commit() if atomic else s.facts, _passed(value)) for s, value in exits.returned]
        raised = [(s.facts.roll_back() if atomic else s.facts, kind) for s, kind in exits.raised]
        return Summary(tuple(_fewer(returned)), tuple(_fewer(raised)))


def _assigns(function: Function) -> bool:
    """Whether a method of a model assigns to its row's attributes."""
    owner = function.owner
    if owner is None or not function.params or function.project.models.of(owner) is None:
        return False
    text = function.module.body_text(function.node)
    return re.search(rf"\b{function.params[0].name}\.\w+\s*[-+]?=[^=]", text) is not None


def parameters(running: Running) -> Iterator[tuple[str, object]]:
    """The names of a function's parameters with the values that a call gives them by position or name."""
    names = [p.name for p in running.function.params if p.kind in ("positional", "normal")]
    values = (*(() if running.receiver is None else (running.receiver,)), *running.args)
    yield from zip(names, values, strict=False)
    yield from running.kwargs


def _literals(running: Running) -> dict[str, Value]:
    known: dict[str, Value] = {}
    for parameter in running.function.params:
        match parameter.default:
            case t.Boolean(value=flag):
                known[parameter.name] = Known(flag)
            case t.Nothing():
                known[parameter.name] = Known(None)
            case _:
                pass
    for name, value in parameters(running):
        known.pop(name, None)
        match value:
            case Literal(value=bool() | int() | float() | str() | None as constant):
                known[name] = Known(constant)
            case _:
                pass
    return known


def _passed(value: Value) -> Value:
    match value:
        case Known() | Truth():
            return value
        case Thing(kind=kind) if kind != "field":
            return value
        case _:
            return OPAQUE


def _fewer(ends: list[tuple[History, V]]) -> list[tuple[History, V]]:
    """The ends that callers need to tell apart: by value or exception, and by what was done."""
    groups: dict[V, list[History]] = {}
    for history, label in dict.fromkeys(ends):
        groups.setdefault(label, []).append(history)
    return [(history, label) for label, histories in groups.items() for history in widened(histories)]
