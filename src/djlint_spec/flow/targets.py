"""What each call in a function runs: one evaluation of the whole body tells it, for the arguments at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.inference.evaluate import Evaluator
from djlint_spec.inference.frames import Frame
from djlint_spec.inference.values import Method, Value, options
from djlint_spec.project import Function, Project, Unknown

_DEEPEST = 5
"""Calls within calls that are followed: each further one multiplies the work, and few effects lie so deep."""


@dataclass(frozen=True, slots=True)
class Running:
    """A function with what it is given: the same ones run alike."""

    function: Function
    receiver: Value | None = None
    args: tuple[Value, ...] = ()
    kwargs: tuple[tuple[str, Value], ...] = ()
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Every call on every path asks for it, and the values are walked to their last part.
        object.__setattr__(self, "_hash", hash((self.function, self.receiver, self.args, self.kwargs)))

    def __hash__(self) -> int:
        return self._hash


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that a call may run, and what it is given."""

    value: Value
    args: tuple[Value, ...]
    kwargs: tuple[tuple[str, Value], ...]

    @property
    def running(self) -> Running | None:
        """The call of a function, None for anything else."""
        match self.value:
            case Method(function=function, receiver=receiver):
                return Running(function, receiver, self.args, self.kwargs)
            case _:
                return None


class Targets(Evaluator):
    """Evaluates a function and everything that it calls, and keeps what each call runs."""

    def __init__(self, project: Project) -> None:
        super().__init__(project)
        self._under_way: list[Running] = []
        self._met: dict[Running, dict[tuple[int, int], dict[Target, None]]] = {}
        self._callers: dict[Running, list[Running]] | None = None

    def evaluate(self, running: Running) -> None:
        """Run a function for what its calls run."""
        self._callers = None
        self.call(Method(running.function, running.receiver), running.args, dict(running.kwargs), None)

    def given(self, parameter: t.Parameter, function: Function) -> Value:
        """What a parameter holds that no visible call gives."""
        return self.annotated(parameter, function)

    def of(self, running: Running, call: t.Call) -> tuple[Target, ...]:
        """What a call in the body of a function runs; empty where the evaluation did not come."""
        return tuple(self._met.get(running, {}).get((call.start, call.end), ()))

    def reaching(self, tells: Callable[[Function], bool]) -> frozenset[Running]:
        """The calls whose function, or one that it runs, is one that `tells`."""
        callers = self._callers
        if callers is None:
            callers = self._callers = {}
            for running, calls in self._met.items():
                for inner in {target.running for found in calls.values() for target in found}:
                    if inner is not None:
                        callers.setdefault(inner, []).append(running)
        going = [running for running in self._met if tells(running.function)]
        reached = set(going)
        while going:
            for caller in callers.get(going.pop(), ()):
                if caller not in reached:
                    reached.add(caller)
                    going.append(caller)
        return frozenset(reached)

    @property
    def functions(self) -> Iterator[Function]:
        """The functions that ran, each once."""
        return iter(dict.fromkeys(running.function for running in self._met))

    def call(self, method: Method, args: Sequence[Value], kwargs: Mapping[str, Value], span: Span | None) -> Value:
        if len(self._under_way) >= _DEEPEST:
            return Unknown("calls nested too deeply", method.function.dotted)
        running = Running(method.function, method.receiver, tuple(args), tuple(kwargs.items()))
        self._met.setdefault(running, {})
        self._under_way.append(running)
        try:
            return super().call(method, args, kwargs, span)
        finally:
            self._under_way.pop()

    def met(
        self, call: t.Call, target: Value, args: Sequence[Value], kwargs: Mapping[str, Value], frame: Frame
    ) -> None:
        if not self._under_way or frame.scope.function is not self._under_way[-1].function:
            return
        found = self._met[self._under_way[-1]].setdefault((call.start, call.end), {})
        for option in options(target):
            found[Target(option, tuple(args), tuple(kwargs.items()))] = None
