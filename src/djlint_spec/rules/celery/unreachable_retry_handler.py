"""A handler waits for MaxRetriesExceededError where the task's retries never raise it."""

from __future__ import annotations

from collections.abc import Iterator

from djlint_spec.diagnostics import Finding
from djlint_spec.flow.retries import unreachable_handlers
from djlint_spec.project import Project
from djlint_spec.project.tasks import Task
from djlint_spec.rules import rule


@rule
def check(task: Task, project: Project) -> Iterator[Finding]:
    """One finding for each handler that never runs."""
    for span in unreachable_handlers(task):
        yield Finding(
            span,
            "This handler never runs: when the retries are spent, "
            + (
                "autoretry_for raises the original exception, outside the body."
                if task.option("autoretry_for") is not None
                else "retry(exc=...) raises that exception."
            ),
            help="def on_failure(self, exc, task_id, args, kwargs, einfo): ...  # of the task's base class",
        )
