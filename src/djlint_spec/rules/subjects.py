"""What rules look at: for each type of subject, how a project's subjects of it are enumerated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from djlint_spec.project import Class, Function, Module, Project
from djlint_spec.project.models import Model
from djlint_spec.project.serializers import Serializer
from djlint_spec.project.views import View
from djlint_spec.queries import endpoints_of
from djlint_spec.queries.endpoints import ListEndpoint
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
    View: lambda project: project.views.all,
    ListEndpoint: lambda project: endpoints_of(project).lists,
    QueryPerRow: lambda project: queries_per_row(endpoints_of(project).lists),
}
