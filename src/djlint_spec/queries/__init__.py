"""The relation solver: what a consumer reads of each row, what the queryset loads, and the difference."""

from __future__ import annotations

from collections.abc import Iterator

from djlint_spec.project import Module, Project
from djlint_spec.queries.changelists import Changelist, Changelists
from djlint_spec.queries.endpoints import Endpoints
from djlint_spec.queries.loops import LoopReport, Loops

__all__ = ["changelists_of", "endpoints_of", "loops_in", "loops_of"]


def endpoints_of(project: Project) -> Endpoints:
    """The list endpoints of a project, judged once for all who ask."""
    return project.once(Endpoints)


def changelists_of(project: Project) -> tuple[Changelist, ...]:
    """The changelists of a project's admin, judged once for all who ask."""
    return project.once(Changelists).all


def loops_of(project: Project) -> tuple[LoopReport, ...]:
    """The loops of a project that query for each of their rows, judged once for all who ask."""
    return project.once(Loops).all


def loops_in(project: Project, module: Module) -> Iterator[LoopReport]:
    """Those that the functions of one module lead to."""
    return project.once(Loops).in_module(module)
