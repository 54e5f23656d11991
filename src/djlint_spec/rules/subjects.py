"""What rules look at: for each type of subject, how a project's subjects of it are enumerated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from djlint_spec.diagnostics import Span
from djlint_spec.project import Class, Function, Module, Project
from djlint_spec.project.models import Model
from djlint_spec.project.serializers import Serializer
from djlint_spec.project.tasks import Task
from djlint_spec.project.views import View
from djlint_spec.queries import changelists_of, endpoints_of, loops_of
from djlint_spec.queries.async_queries import AsyncQuery, async_queries
from djlint_spec.queries.changelists import Changelist
from djlint_spec.queries.defeated import DefeatedPrefetch, defeated_prefetches
from djlint_spec.queries.endpoints import ListEndpoint
from djlint_spec.queries.existence import WastefulTest, wasteful_tests
from djlint_spec.queries.fragile import BrokenCall, broken_calls
from djlint_spec.queries.loop_queries import LoopQuery, loop_queries
from djlint_spec.queries.loops import LoopReport
from djlint_spec.queries.multiplied import Multiplied, multiplied_aggregates
from djlint_spec.queries.paths import UnknownPath, unknown_paths
from djlint_spec.queries.per_row import QueryPerRow, queries_per_row


def _functions(project: Project) -> Iterable[Function]:
    return (function for module in project.modules for function in project.functions_in(module))


# Keyed by the subjects' types, each of which its own function enumerates.
SUBJECTS: Mapping[type[Any], Callable[[Project], Iterable[object]]] = {
    Project: lambda project: (project,),
    Module: lambda project: project.modules,
    Class: lambda project: project.classes,
    Function: _functions,
    Model: lambda project: project.models.all,
    Serializer: lambda project: project.serializers.all,
    Task: lambda project: project.tasks,
    View: lambda project: project.views.all,
    Changelist: changelists_of,
    ListEndpoint: lambda project: endpoints_of(project).lists,
    Multiplied: lambda project: project.once(multiplied_aggregates),
    UnknownPath: lambda project: project.once(unknown_paths),
    LoopReport: loops_of,
    BrokenCall: lambda project: project.once(broken_calls),
    DefeatedPrefetch: lambda project: defeated_prefetches(
        endpoints_of(project).lists, changelists_of(project), loops_of(project)
    ),
    WastefulTest: lambda project: project.once(wasteful_tests),
    AsyncQuery: lambda project: project.once(async_queries),
    LoopQuery: lambda project: project.once(loop_queries),
    QueryPerRow: lambda project: queries_per_row(endpoints_of(project).lists),
}


def place_of(subject: object) -> tuple[str, int]:
    """Path and row of a subject, for messages about a rule that failed on it; an empty path for the whole project."""
    match subject:
        case Module():
            return subject.path, 1
        case Model() | Serializer():
            place: object = subject.cls.name_span
        case Changelist():
            place = subject.admin.name_span
        case ListEndpoint():
            place = subject.view.name_span
        case _:
            place = getattr(subject, "name_span", None) or getattr(subject, "span", None)
    return (place.path, place.row) if isinstance(place, Span) else ("", 1)
