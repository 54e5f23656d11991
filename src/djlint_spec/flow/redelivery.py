"""Which effect a task repeats when its message is run a second time."""

from __future__ import annotations

import enum
from collections.abc import Iterator

import msgspec

from djlint_spec.diagnostics import Span
from djlint_spec.flow.exceptions import (
    ANYTHING,
    DATABASE,
    HTTP,
    MAIL,
    PACKAGE,
    RETRY,
    Catches,
    catches,
    exception_names,
)
from djlint_spec.flow.guards import is_guarding_class, is_guarding_name
from djlint_spec.flow.history import Effect, History
from djlint_spec.flow.markers import Readings
from djlint_spec.flow.origins import Origins
from djlint_spec.flow.runs import TELLING, Runs, Summary
from djlint_spec.flow.sizes import Sizes
from djlint_spec.flow.targets import Running, Targets
from djlint_spec.inference.values import Instance, Value
from djlint_spec.project import Class, External, Project, Unknown
from djlint_spec.project.celery_settings import Option
from djlint_spec.project.tasks import Task

_TASK_CLASS = "celery.app.task.Task"
_FAMILIES = frozenset({DATABASE, HTTP, MAIL})
_MOST_CALLS = 300
"""Calls in the text of what a task runs; the walk comes to no end where there are more."""
_ANY_CALL = ("(", "raise ")
"""What may raise anything but an exception of the project's own."""
_BROAD = frozenset({"builtins.Exception", "builtins.BaseException"})


class Cause(enum.Enum):
    """Why a message runs a second time."""

    RETRY = "self.retry"
    AUTORETRY = "autoretry_for"
    ACKS_LATE = "acks_late"


class Repeat(msgspec.Struct, frozen=True):
    """An effect that a second run has again, why there may be one, and where that is said."""

    effect: Effect
    cause: Cause
    place: Span
    after: Span | None = None


class Redeliveries:
    """Answers for the tasks of one project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._targets = Targets(project)
        self._origins = Origins(project)
        self._readings = Readings(project)
        self._sizes = Sizes(project, TELLING)

    def repeat(self, task: Task) -> Repeat | None:
        """The first effect that a task repeats; None when there is none, and when it cannot be told."""
        if not _may_run_twice(task) or _is_kept_out(task) or self._sizes.exceeds(task.function, _MOST_CALLS):
            return None
        raising = self._raising(task)
        runs = Runs(
            self._project,
            self._root(task),
            targets=self._targets,
            origins=self._origins,
            readings=self._readings,
            own=() if task.decorator is None else (task.decorator,),
            words=raising,
        )
        if task.acked_late is None and not runs.reaches(raising):
            return None
        summary = runs.of_root()
        if summary is None:
            return None
        found = [*self._retried(task, summary), *self._acked_late(task, summary)]
        return min(found, key=_place, default=None)

    def _root(self, task: Task) -> Running:
        function = task.function
        receiver: Value | None = None
        params = list(function.params)
        if task.is_bound and params:
            params = params[1:]
            cls = task.cls or (task.base if isinstance(task.base, Class) else None)
            found = cls or self._project.dotted_symbol(_TASK_CLASS)
            receiver = Instance(found) if isinstance(found, Class) else Unknown("task", task.name)
        # A default is what the message may leave out, not what it holds.
        given = ((p.name, self._targets.given(p, function)) for p in params if p.kind not in ("args", "kwargs"))
        return Running(function, receiver, (), tuple(given))

    # ------------------------------------------------------------------------------------------ why again
    def _retried(self, task: Task, summary: Summary) -> Iterator[Repeat]:
        """Effects before the message is sent again, by `retry()` or by an exception that is retried."""
        if task.never_retries:
            return
        for history in _ends(summary):
            if history.retried is not None:
                for effect in history.repeated:
                    yield Repeat(effect, Cause.RETRY, history.retried)
        option = task.option("autoretry_for")
        if option is None:
            return
        retried = self._exceptions(option)
        spared = self._exceptions(task.option("dont_autoretry_for"))
        for history, kind in summary.raised:
            if kind != RETRY and self._is_retried(kind, retried, spared):
                for effect in history.repeated:
                    yield Repeat(effect, Cause.AUTORETRY, option.span)

    def _raising(self, task: Task) -> tuple[str, ...]:
        """Words of functions that may raise what is retried, or send the message again by themselves.

        An exception of the project's own comes only from where it, or a class that derives from it, is named.
        """
        words = [".retry("]
        for name in self._exceptions(task.option("autoretry_for")):
            cls = self._project.dotted_symbol(name)
            if name in _BROAD or not (isinstance(cls, Class) and cls.is_ours):
                return (*words, *_ANY_CALL)
            words.extend(self._family(cls))
        return tuple(words)

    def _family(self, cls: Class) -> Iterator[str]:
        yield cls.name
        for other in self._project.classes:
            if other is not cls and cls in other.mro:
                yield other.name

    def _exceptions(self, option: Option | None) -> tuple[str, ...]:
        if option is None:
            return ()
        names = exception_names(self._project, option.value, option.scope)
        return tuple(name for name in names if name is not None)

    def _is_retried(self, kind: str, retried: tuple[str, ...], spared: tuple[str, ...]) -> bool:
        if any(catches(self._project, name, kind) is Catches.YES for name in spared):
            return False
        return any(self._meets(name, kind) for name in retried)

    def _meets(self, name: str, kind: str) -> bool:
        """Whether an exception of this kind is one that is retried; what nothing is known of is not."""
        if kind == ANYTHING or kind in _FAMILIES:
            known = name in _BROAD or kind in _FAMILIES
            return known and catches(self._project, name, kind) is not Catches.NO
        if kind.startswith(PACKAGE):
            return name in _BROAD or name.startswith(f"{kind.removeprefix(PACKAGE)}.")
        return not kind.startswith("*") and catches(self._project, name, kind) is Catches.YES

    def _acked_late(self, task: Task, summary: Summary) -> Iterator[Repeat]:
        """Effects of a whole run: a worker that is lost, or slow, before the message is acknowledged."""
        option = task.acked_late
        if option is not None:
            for history, _ in summary.returned:
                for effect in history.repeated:
                    yield Repeat(effect, Cause.ACKS_LATE, option.span)


def _ends(summary: Summary) -> Iterator[History]:
    yield from (history for history, _ in summary.returned)
    yield from (history for history, _ in summary.raised)


def _place(repeat: Repeat) -> tuple[int, Span, Span]:
    return list(Cause).index(repeat.cause), repeat.effect.span, repeat.place


def _may_run_twice(task: Task) -> bool:
    retries = task.option("autoretry_for") is not None or task.function.module.has(".retry(")
    return (retries and not task.never_retries) or task.acked_late is not None


def _is_kept_out(task: Task) -> bool:
    """Whether an option or the base class of a task, by its name or code, lets only one run in."""
    if any(is_guarding_name(name) for name in task.options):
        return True
    match task.cls or task.base:
        case Class() as cls:
            return is_guarding_class(cls)
        case External(dotted=dotted):
            return is_guarding_name(dotted.rpartition(".")[2])
        case Unknown():
            return True
        case None:
            return False
