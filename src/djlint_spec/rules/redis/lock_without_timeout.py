"""A distributed lock that never expires, or that a request waits for without end."""

from __future__ import annotations

from collections.abc import Iterator

from djlint_spec.diagnostics import Finding
from djlint_spec.flow.origins import functions_mentioning
from djlint_spec.flow.waits import LOCKS, WAITS, locks_without_end, waits_without_end
from djlint_spec.project import Class, Function, Module, Project
from djlint_spec.project.views import API_VIEW
from djlint_spec.rules import rule

_VIEWS = (API_VIEW, "django.views.generic.base.View")


@rule
def check(module: Module, project: Project) -> Iterator[Finding]:
    """One finding for each lock without a timeout, and in views for each wait without one."""
    for function in functions_mentioning(project, module, *LOCKS):
        yield from _without_end(function, project)
    for function in functions_mentioning(project, module, *WAITS) if _holds_views(module, project) else ():
        if _answers_requests(function, project):
            for wait in waits_without_end(project, function):
                yield Finding(
                    module.span(wait),
                    f"`{function.qualname}` waits without limit for this lock, and its worker with it",
                    help="Give the wait an end: blocking_timeout=3.",
                )


def _without_end(function: Function, project: Project) -> Iterator[Finding]:
    module = function.module
    for call, version in locks_without_end(project, function):
        mistaken = f" ({module.text(version)} is the version of its key)" if version is not None else ""
        yield Finding(
            module.span(call),
            f"This lock never expires{mistaken}: when the process that holds it dies, nobody gets it again",
            help="Give it a time to live: timeout=60.",
        )


def _holds_views(module: Module, project: Project) -> bool:
    """A look before that for words that most modules have."""
    return any(_is_view(cls) for cls in project.classes_in(module)) or any(
        function.module is module for function in project.views.functions
    )


def _is_view(cls: Class) -> bool:
    return cls.derives_from(_VIEWS[0]) is True or cls.derives_from(_VIEWS[1]) is True


def _answers_requests(function: Function, project: Project) -> bool:
    if function.owner is not None:
        return _is_view(function.owner)
    return function in project.views.functions
