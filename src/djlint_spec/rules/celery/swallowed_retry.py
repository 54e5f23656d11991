"""A retry is sent, and the task goes on as if it were not."""

from __future__ import annotations

from collections.abc import Iterator

from djlint_spec.diagnostics import AddImport, Applicability, Finding, Fix, LetThrough, ReplaceExpression
from djlint_spec.flow.retries import Swallowed, swallowed_retries
from djlint_spec.project import Project
from djlint_spec.project.tasks import Task
from djlint_spec.rules import rule


@rule
def check(task: Task, project: Project) -> Iterator[Finding]:
    """One finding for each retry that a path leaves behind."""
    for retry in swallowed_retries(task):
        if retry.thrown:
            yield Finding(
                retry.span,
                f"`{task.name}` is sent again here, but the exception that should end this run is swallowed: "
                "it reports success.",
                help="except Retry:\n    raise",
                fix=Fix(
                    "raise Retry again",
                    Applicability.UNSAFE,
                    (
                        LetThrough(retry.span, "celery.exceptions", "Retry"),
                        AddImport(retry.span.path, "celery.exceptions", "Retry"),
                    ),
                ),
            )
        else:
            yield Finding(
                retry.span,
                f"`{task.name}` is sent again here and runs on: throw=False raises nothing.",
                help="return self.retry(..., throw=False)",
                fix=_returned(project, retry),
            )


def _returned(project: Project, retry: Swallowed) -> Fix | None:
    text = project.source_of(retry.span)
    if text is None or not retry.alone:
        return None
    return Fix("return after the retry", Applicability.UNSAFE, (ReplaceExpression(retry.span, f"return {text}"),))
