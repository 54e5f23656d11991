"""A task option that Celery does not read has no effect."""

from __future__ import annotations

from collections.abc import Iterator

from djlint_spec.diagnostics import Applicability, Finding, Fix, RenameKeyword
from djlint_spec.project import Project
from djlint_spec.project.celery_options import is_ineffective, meant_option
from djlint_spec.project.tasks import Task
from djlint_spec.rules import rule


@rule
def check(task: Task, project: Project) -> Iterator[Finding]:
    """One finding for each keyword of the decorator that only looks like an option."""
    call = task.decorator_span
    if call is None or task.may_read_more:
        return
    for option in task.own_options:
        if not is_ineffective(option.name) or task.reads(option.name):
            continue
        meant = meant_option(option.name)
        if meant is None or meant in task.options:
            yield Finding(option.span, f"Celery does not read `{option.name}` from a task: it has no effect.")
            continue
        yield Finding(
            option.span,
            f"Celery does not read `{option.name}` from a task: it has no effect. The option is `{meant}`.",
            help=f"{meant}={option.scope.module.text(option.value)}",
            fix=Fix(
                f"Rename `{option.name}` to `{meant}`",
                Applicability.UNSAFE,
                (RenameKeyword(call, option.name, meant),),
            ),
        )
