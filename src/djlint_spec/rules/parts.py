"""What rules look at, part by part: how a project that changes a little is looked at anew where it changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from djlint_spec.project import Class, Function, Module, Project
from djlint_spec.project.views import View
from djlint_spec.queries import endpoints_of, loops_in
from djlint_spec.queries.changelists import Changelist
from djlint_spec.queries.defeated import DefeatedPrefetch, defeated_prefetches
from djlint_spec.queries.endpoints import ListEndpoint
from djlint_spec.queries.existence import WastefulTest, wasteful_in
from djlint_spec.queries.fragile import BrokenCall, broken_in, broken_in_lists
from djlint_spec.queries.loop_queries import LoopQuery, loop_queries_in
from djlint_spec.queries.loops import LoopReport
from djlint_spec.queries.multiplied import Multiplied, multiplied_in
from djlint_spec.queries.paths import UnknownPath, unknown_in_chains, unknown_in_declarations
from djlint_spec.queries.per_row import QueryPerRow, queries_per_row
from djlint_spec.queries.rows import RowsReport
from djlint_spec.rules.subjects import SUBJECTS

WHOLE = ""
"""The key of a part that is all of the project."""


class Parts(msgspec.Struct, frozen=True):
    """How the subjects of a type are made: `keys` names the parts of a project, `made` makes the subjects of one.

    A key tells a part by its path and name, so that it stands for the same part of the next project.
    """

    keys: Callable[[Project], Iterable[str]]
    made: Callable[[Project, str], Iterable[object]]


class Gathered(msgspec.Struct, frozen=True):
    """Subjects that are made of those of other types, all of them together.

    `of` are the other types, `made` takes their subjects in this order. Something comes only of those that `feeds`
    holds for; what has one of the `ties_of` them in common with one of these may change what comes of it.
    """

    of: tuple[type[Any], ...]
    made: Callable[..., Iterable[object]]  # takes a tuple of subjects for each type of `of`


def _paths(project: Project) -> Iterator[str]:
    return (module.path for module in project.modules)


def _by_module(made: Callable[[Project, Module], Iterable[object]]) -> Parts:
    def of_path(project: Project, path: str) -> Iterable[object]:
        module = project.module_at(path)
        return () if module is None else made(project, module)

    return Parts(_paths, of_path)


def _whole(subject: type[Any]) -> Parts:
    return Parts(lambda _: (WHOLE,), lambda project, _: SUBJECTS[subject](project))


_DECLARED = "declared"


def _unknown_paths(project: Project, key: str) -> Iterable[object]:
    if key == _DECLARED:
        return unknown_in_declarations(project)
    module = project.module_at(key)
    return () if module is None else unknown_in_chains(project, module)


_LISTED = "listed"


def _broken_calls(project: Project, key: str) -> Iterable[object]:
    if key == _LISTED:
        return broken_in_lists(project)
    module = project.module_at(key)
    return () if module is None else broken_in(project, module)


def _views(project: Project) -> Iterator[str]:
    views = project.views
    return (f"{view.module.path}:{view.target.qualname}" for view in (*views.all, *views.template_lists))


def _endpoints(project: Project, key: str) -> Iterator[ListEndpoint]:
    path, _, qualname = key.rpartition(":")
    module = project.module_at(path)
    if module is None:
        return
    targets: tuple[Class | Function, ...] = (*project.classes_in(module), *project.functions_in(module))
    for target in targets:
        if target.qualname == qualname:
            yield from endpoints_of(project).of(View(project, target))


def feeds(subject: object) -> bool:
    """Whether something may come of a subject when it is put together with others: queries are sent for its rows."""
    reports: Iterable[RowsReport]
    match subject:
        case ListEndpoint(reports=reports):
            return any(report.queries for report in reports)
        case Changelist(costly=costly):
            return any(column.report.queries for column in costly)
        case LoopReport(queries=queries):
            return bool(queries)
        case _:
            return False


def ties_of(subject: object) -> Iterator[str]:
    """The querysets that an endpoint lists, by model and file."""
    if isinstance(subject, ListEndpoint):
        for report in subject.reports:
            span = report.queryset.span
            yield f"{report.model.dotted} {span.path if span is not None else ''}"


PARTS: Mapping[type[Any], Parts] = {
    Module: _by_module(lambda _, module: (module,)),
    Class: _by_module(lambda project, module: project.classes_in(module)),
    Function: _by_module(lambda project, module: project.functions_in(module)),
    ListEndpoint: Parts(_views, _endpoints),
    LoopReport: _by_module(loops_in),
    Multiplied: _by_module(multiplied_in),
    BrokenCall: Parts(lambda project: (*_paths(project), _LISTED), _broken_calls),
    WastefulTest: _by_module(wasteful_in),
    LoopQuery: _by_module(loop_queries_in),
    UnknownPath: Parts(lambda project: (*_paths(project), _DECLARED), _unknown_paths),
}

GATHERED: Mapping[type[Any], Gathered] = {
    QueryPerRow: Gathered((ListEndpoint,), queries_per_row),
    DefeatedPrefetch: Gathered((ListEndpoint, Changelist, LoopReport), defeated_prefetches),
}


def parts_of(subject: type[Any]) -> Parts:
    """How the subjects of a type are made, those of no type of `GATHERED`; all together where nothing else is told."""
    return PARTS.get(subject) or _whole(subject)
