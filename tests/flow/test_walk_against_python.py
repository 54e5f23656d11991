"""Every way that Python takes through a function, the walk takes; and where no loop repeats, no other."""

from __future__ import annotations

import asyncio
import inspect
import itertools
from collections.abc import Iterable, Sequence
from textwrap import dedent
from typing import Any

import pytest

from djlint_spec.facts import tree as t
from djlint_spec.flow.client import Client
from djlint_spec.flow.exceptions import ANYTHING
from djlint_spec.flow.values import OPAQUE, Known, Outcome, State, Truth, Value
from djlint_spec.flow.walk import Walk
from djlint_spec.project import Function
from tests.flow.paths import FUNCTIONS
from tests.linked import linked, symbol

Marks = tuple[str, ...]
MOST_CHOICES = 5
"""Free choices of one run; the walk looks at as many rounds of a loop."""


class Boom(Exception):
    """What `risky` raises."""


class _Enough(BaseException):
    """A run has used its choices up."""


# ----------------------------------------------------------------------------------------------- by Python
def run_all(source: str) -> set[tuple[Marks, str, object]]:
    """The marks of every run with few choices, how it ended, and with which value."""
    found: set[tuple[Marks, str, object]] = set()
    waiting: list[tuple[bool, ...]] = [()]
    while waiting:
        choices = waiting.pop()
        marks: list[str] = []
        try:
            found.add(_run(source, choices, marks))
        except _Enough:
            if len(choices) < MOST_CHOICES:
                waiting.extend([(*choices, True), (*choices, False)])
    return found


def _run(source: str, choices: tuple[bool, ...], marks: list[str]) -> tuple[Marks, str, object]:
    left = iter(choices)

    def choose() -> bool:
        for choice in left:
            return choice
        raise _Enough

    def step(mark: str) -> int:
        marks.append(mark)
        return 0

    def risky(mark: str) -> list[int]:
        marks.append(mark)
        if choose():
            raise Boom
        return [1]

    class Manager:
        def __enter__(self) -> int:
            return 1

        def __exit__(self, *_: object) -> None:
            pass

        async def __aenter__(self) -> int:
            return 1

        async def __aexit__(self, *_: object) -> None:
            pass

    async def later(mark: str) -> bool:
        marks.append(mark)
        return choose()

    async def stream() -> Any:
        yield 1

    class Box(dict[Any, Any]):
        def __getitem__(self, key: Any) -> Any:
            return 1

        def __setitem__(self, key: Any, value: Any) -> None:
            pass

    def fail_value() -> None:
        raise ValueError

    namespace: dict[str, Any] = {
        "choose": choose, "step": step, "risky": risky, "manager": Manager, "amanager": Manager, "later": later,
        "stream": stream, "box": Box, "Boom": Boom, "fail_value": fail_value, "change": lambda _: None,
        "add": lambda *_, **__: None,
    }  # fmt: skip
    text = dedent(source).replace('*step("2")', '*[step("2")]').replace('**{"k": step', '**{"k": step')
    exec(text, namespace)
    function = namespace["f"]
    arguments = [_mode(choose)] if "mode" in inspect.signature(function).parameters else []
    try:
        value = function(*arguments)
        if inspect.iscoroutine(value):
            value = asyncio.run(value)
        elif inspect.isgenerator(value):
            value = [*value] and None
    except (Boom, ValueError, LookupError, AssertionError, SystemExit, KeyboardInterrupt) as error:
        return tuple(marks), "raised", type(error).__name__
    return tuple(marks), "returned", value


def _mode(choose: Any) -> object:
    return "full" if choose() else {"key": 1} if choose() else [1] if choose() else ""


# --------------------------------------------------------------------------------------------- by the walk
class Tracer(Client[Marks]):
    """Follows `step` and `risky`; `choose` may be either, and all else raises nothing."""

    def call(self, node: t.Call, func: Value, args: Sequence[Value], state: State[Marks]) -> Iterable[Outcome[Marks]]:
        name = node.func.id if isinstance(node.func, t.Name) else ""
        if name in ("step", "risky", "later"):
            mark = node.args[0]
            assert isinstance(mark, t.String)
            state = state.with_facts((*state.facts, mark.value))
        if name == "fail_value":
            yield Outcome(state, raised="builtins.ValueError")
            return
        if name in ("choose", "step"):
            answers = (Known(True), Known(False)) if name == "choose" else (Known(0),)
            yield from (Outcome(state, answer) for answer in answers)
            return
        yield Outcome(state)
        if name == "risky":
            yield Outcome(state, raised="shop.Boom")

    def awaited(self, node: t.Await, value: Value, state: State[Marks]) -> Iterable[Outcome[Marks]]:
        yield Outcome(state, value)

    def enter(self, item: t.WithItem, value: Value, state: State[Marks]) -> Iterable[Outcome[Marks]]:
        yield Outcome(state)


def walk_all(source: str) -> set[tuple[Marks, str, Value | str]]:
    """The marks of every path that the walk finds, how it ends, and with which value."""
    boom = "class Boom(Exception):\n    pass\n\n"
    project = linked({"shop.py": boom + dedent(source)})
    function = symbol(project, "shop.f")
    assert isinstance(function, Function)
    exits = Walk(Tracer(project, function)).run(State(()))
    assert exits is not None
    returned: set[tuple[Marks, str, Value | str]] = {(s.facts, "returned", value) for s, value in exits.returned}
    return returned | {(s.facts, "raised", kind.rpartition(".")[2]) for s, kind in exits.raised}


def agrees(run: tuple[Marks, str, object], path: tuple[Marks, str, Value | str]) -> bool:
    """Whether a run went along a path."""
    if run[:2] != path[:2]:
        return False
    match path[2]:
        case Known(value=value):
            return value == run[2]
        case Truth(value=truth):
            return truth is bool(run[2])
        case str(kind):
            return kind in (ANYTHING, run[2])
        case value:
            return value == OPAQUE or not isinstance(run[2], (bool, int, type(None)))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_walk_goes_where_python_goes(name: str) -> None:
    runs, paths = run_all(FUNCTIONS[name]), walk_all(FUNCTIONS[name])
    assert runs, "nothing has run"
    missed = [run for run in runs if not any(agrees(run, path) for path in paths)]
    assert missed == []


NOT_EXACT = {
    "order of numbers": "the second time, the number is not followed",
    "while with break, continue and else": "longer runs are not tried",
    "for with else": "a loop is not counted",
    "for over what may be empty": "the tuple is empty, which the walk does not know",
    "for over a call that fails": "rounds are not counted",
    "leaving a loop through finally": "rounds are not counted",
    "leaving a loop through with": "rounds are not counted",
    "comprehensions": "may have no element",
    "await": "a stream may have no element",
    "generators": "whoever takes the values may throw",
    "a collection that a call has changed": "how it changed is not known",
    "names that come and go": "the sum is not followed",
    "flags in collections": "the call may have changed them",
    "the truth of an unknown value": "True is not all that is true",
    "parts in order": "where the chain of comparisons ends is not known",
    "match": "what a pattern of parts takes is not known",
}


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name not in NOT_EXACT])
def test_the_walk_goes_nowhere_else(name: str) -> None:
    runs, paths = run_all(FUNCTIONS[name]), walk_all(FUNCTIONS[name])
    marks = {run[:2] for run in runs}
    assert {path[:2] for path in paths} <= marks


def test_steps_called_never_are_not_on_any_path() -> None:
    for name, source in FUNCTIONS.items():
        walked = set(itertools.chain.from_iterable(marks for marks, _, _ in walk_all(source)))
        assert "never" not in walked, name
