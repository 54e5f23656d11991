"""What each call in a function runs: one evaluation of the whole body tells it, for the arguments at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.inference.evaluate import Evaluator
from djlint_spec.inference.frames import Frame
from djlint_spec.inference.values import Method, Value, options
from djlint_spec.project import Function, Project, Unknown

DEEPEST = 5
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


class Target(msgspec.Struct, frozen=True):
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


class Reached:
    """The calls that one root runs, with what each of them runs."""

    def __init__(self, root: Running, met: Mapping[Running, Mapping[tuple[int, int], Mapping[Target, None]]]) -> None:
        self._callers: dict[Running, list[Running]] = {root: []}
        going = [root]
        while going:
            caller = going.pop()
            for callee in {target.running for found in met.get(caller, {}).values() for target in found}:
                if callee is None or callee not in met:
                    continue
                if callee not in self._callers:
                    self._callers[callee] = []
                    going.append(callee)
                self._callers[callee].append(caller)

    def reaching(self, tells: Callable[[Function], bool]) -> frozenset[Running]:
        """The calls whose function, or one that it runs, is one that `tells`."""
        telling = {function for function in self.functions if tells(function)}
        going = [running for running in self._callers if running.function in telling]
        reached = set(going)
        while going:
            for caller in self._callers[going.pop()]:
                if caller not in reached:
                    reached.add(caller)
                    going.append(caller)
        return frozenset(reached)

    @property
    def functions(self) -> Iterator[Function]:
        """The functions that run, each once."""
        return iter(dict.fromkeys(running.function for running in self._callers))


class Targets(Evaluator):
    """Evaluates functions and everything that they call, and keeps what each call runs; made once for many roots."""

    def __init__(self, project: Project) -> None:
        super().__init__(project)
        self._under_way: list[Running] = []
        self._met: dict[Running, dict[tuple[int, int], dict[Target, None]]] = {}
        self._cuts = 0
        # Calls below this root, and below earlier ones, with something too deep in them: how deep they lay themselves.
        self._cut_short: dict[tuple[object, ...], int] = {}
        self._cut_before: dict[tuple[object, ...], int] = {}

    def evaluate(self, running: Running) -> Reached:
        """Run a function for what its calls run."""
        self._cut_before.update(self._cut_short)
        self._cut_short.clear()
        self.journal.reads.clear()
        self.set_attributes.clear()
        self.steps = 0
        self.call(Method(running.function, running.receiver), running.args, dict(running.kwargs), None)
        return Reached(running, self._met)

    def given(self, parameter: t.Parameter, function: Function) -> Value:
        """What a parameter holds that no visible call gives."""
        return self.annotated(parameter, function)

    def of(self, running: Running, call: t.Call) -> tuple[Target, ...]:
        """What a call in the body of a function runs; empty where the evaluation did not come."""
        return tuple(self._met.get(running, {}).get((call.start, call.end), ()))

    def call(self, method: Method, args: Sequence[Value], kwargs: Mapping[str, Value], span: Span | None) -> Value:
        if len(self._under_way) >= DEEPEST:
            self._cuts += 1
            return Unknown("calls nested too deeply", method.function.dotted)
        running = Running(method.function, method.receiver, tuple(args), tuple(kwargs.items()))
        self._met.setdefault(running, {})
        key, depth, cuts = self.call_key(method, args, kwargs), len(self._under_way), self._cuts
        if self._cut_before.get(key, 0) > depth:
            # What lay too deep below another root may lie near enough below this one.
            self.forget_call(key)
            del self._cut_before[key]
        self._under_way.append(running)
        try:
            return super().call(method, args, kwargs, span)
        finally:
            self._under_way.pop()
            if self._cuts > cuts:
                self._cut_short[key] = depth

    def met(
        self, call: t.Call, target: Value, args: Sequence[Value], kwargs: Mapping[str, Value], frame: Frame
    ) -> None:
        if not self._under_way or frame.scope.function is not self._under_way[-1].function:
            return
        found = self._met[self._under_way[-1]].setdefault((call.start, call.end), {})
        for option in options(target):
            found[Target(option, tuple(args), tuple(kwargs.items()))] = None
