"""A task that may run twice for one message does its work twice."""

from __future__ import annotations

from collections.abc import Iterator

from djlint_spec.diagnostics import Finding, Related
from djlint_spec.flow.history import Store
from djlint_spec.flow.redelivery import Cause, Redeliveries, Repeat
from djlint_spec.project import Project
from djlint_spec.project.tasks import Task
from djlint_spec.rules import rule


@rule
def check(task: Task, project: Project) -> Iterator[Finding]:
    """One finding for a task with an effect that a second run of the same message repeats."""
    repeat = project.once(Redeliveries).repeat(task)
    if repeat is None:
        return
    effect = repeat.effect
    yield Finding(
        task.span,
        f"`{task.name}` {effect.what} again when its message is run a second time, {_why(repeat, task)}.",
        help=_HELP[effect.store],
        related=(Related(effect.span, effect.what), Related(repeat.place, _SAYS[repeat.cause])),
    )


_SAYS = {
    Cause.RETRY: "sends the message again",
    Cause.AUTORETRY: "sends the message again after these exceptions",
    Cause.ACKS_LATE: "the message is acknowledged only after the run",
}
_HELP = {
    Store.DATABASE: (
        "row, created = Model.objects.get_or_create(...), or a marker that the task sets in the same transaction:\n"
        "with transaction.atomic():\n"
        "    row = Model.objects.select_for_update().get(pk=pk)\n"
        "    if row.processed_at: return"
    ),
    Store.OUTSIDE: (
        "a marker that the task sets first, so that a second run stops at it:\n"
        "if not Model.objects.filter(pk=pk, sent_at=None).update(sent_at=now()): return"
    ),
}


def _why(repeat: Repeat, task: Task) -> str:
    match repeat.cause:
        case Cause.RETRY:
            return f"as it is after the retry in line {repeat.place.row}{_elsewhere(repeat, task)}"
        case Cause.AUTORETRY:
            return f"as it is after an exception of autoretry_for{_elsewhere(repeat, task)}"
        case Cause.ACKS_LATE:
            return f"as it is with acks_late{_elsewhere(repeat, task)} when a worker is lost"


def _elsewhere(repeat: Repeat, task: Task) -> str:
    place = repeat.place
    return "" if place.path == task.span.path else f" (set at {place.path}:{place.row})"
