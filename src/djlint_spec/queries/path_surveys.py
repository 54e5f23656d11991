"""The relation paths of a list: which are read and where, which are loaded and by which line."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence

import msgspec

from djlint_spec.diagnostics import Span
from djlint_spec.inference.loading import Loading, Path
from djlint_spec.project import Project, Unknown
from djlint_spec.project.fields import Relation
from djlint_spec.project.models import Model
from djlint_spec.queries.coverage import Coverage
from djlint_spec.queries.estimates import prefetches
from djlint_spec.queries.rows import RowsReport


class State(enum.Enum):
    """Whether the rows at the end of a path come with the list."""

    MISSING = "not loaded"
    JOINED = "joined"
    PREFETCHED = "prefetched"
    AT_HAND = "at hand"
    """The row that a set was asked of, one for all."""
    DOUBTFUL = "not known"


class PathSurvey(msgspec.Struct, frozen=True):
    """A relation path: where it is read (nowhere: loaded in vain), and what loads it."""

    path: Path
    to_many: bool
    state: State
    read_by: tuple[Span, ...]
    loaded_by: Span | None = None


def paths_of(project: Project, reports: Sequence[RowsReport]) -> tuple[PathSurvey, ...]:
    """Every path that is read or loaded, in order; one that is missing on some way is missing."""
    return tuple(_paths(project, reports))


def _paths(project: Project, reports: Sequence[RowsReport]) -> Iterator[PathSurvey]:
    model = reports[0].model
    read: dict[Path, dict[Span, None]] = {}
    for report in reports:
        for one in report.reads:
            read.setdefault(one.path, {}).setdefault(one.span)
    missing = {one.path for report in reports for one in report.missing}
    coverage = project.once(Coverage)
    loaded = {path for report in reports for path in _loads(report.model, report.queryset.loading)}
    for path in sorted({*read, *loaded}):
        relation = _relation_at(model, path)
        states = [_state(coverage, report, path) for report in reports]
        state = State.MISSING if path in missing else next((s for s in states if s is not State.MISSING), states[0])
        if state is State.MISSING and path not in missing:
            state = State.DOUBTFUL
        loading = next((r.queryset.loading for r, s in zip(reports, states, strict=True) if s is state), None)
        by = loading and _loaded_by(project, loading, path)
        yield PathSurvey(path, relation is None or relation.to_many, state, tuple(read.get(path, ())), by or None)


def _state(coverage: Coverage, report: RowsReport, path: Path) -> State:
    loading = report.consumption.rows.loading
    way = coverage.way(report.model, loading, path)
    if way.path and not way.loaded[-1]:
        return State.MISSING
    if coverage.is_shared(report.model, loading, path):
        return State.AT_HAND
    joined = _query_path(report.model, path) in loading.joined
    return State.JOINED if joined or coverage.joined_by_all(report.model, loading, path) else State.PREFETCHED


def _loads(model: Model, loading: Loading) -> Iterator[Path]:
    """The paths that a queryset names for loading, by the names of the relations."""
    yield from prefetches(model, loading)
    for path in loading.joined:
        named = _accessor_path(model, path)
        if named is not None:
            yield named


def _relation_at(model: Model, path: Path) -> Relation | None:
    """The last relation of a path; None where something else lies there, such as a prefetched list."""
    relation = None
    held: Model | Unknown = model
    for name in path:
        relation = held.relations.get(name) if isinstance(held, Model) else None
        if relation is None:
            return None
        held = relation.target
    return relation


def _query_path(model: Model, path: Path) -> Path:
    """A path as select_related spells it."""
    names: list[str] = []
    held: Model | Unknown = model
    for name in path:
        relation = held.relations.get(name) if isinstance(held, Model) else None
        names.append(relation.query_name if relation is not None else name)
        held = relation.target if relation is not None else Unknown("path")
    return tuple(names)


def _accessor_path(model: Model, path: Path) -> Path | None:
    """A path of select_related as attributes of the rows spell it; None where it names no relation."""
    names: list[str] = []
    held: Model | Unknown = model
    for name in path:
        found = held.lookups.get(name) if isinstance(held, Model) else None
        if found is None:
            return None
        names.append(found.name)
        held = found.target
    return tuple(names)


def _loaded_by(project: Project, loading: Loading, path: Path) -> Span | None:
    """The place of the name that loads a path."""
    for joined, span in loading.joins:
        if joined[: len(path)] == path:
            return _line_of(project, span, "__".join(joined))
    for entry in loading.prefetched:
        reached = (*entry.path[:-1], entry.to_attr) if entry.to_attr is not None else entry.path
        if reached[: len(path)] == path and entry.span is not None:
            return _line_of(project, entry.span, "__".join(entry.path))
        if entry.queryset is not None and path[: len(reached)] == reached:
            found = _loaded_by(project, entry.queryset.loading, path[len(reached) :])
            if found is not None:
                return found
    return None


def _line_of(project: Project, span: Span, lookup: str) -> Span:
    """Where a name stands within a call, the call itself where it is not written out there."""
    text = project.source_of(span) or ""
    at = max(text.rfind(f'"{lookup}"'), text.rfind(f"'{lookup}'"))
    if at < 0:
        return span
    row = span.row + text.count("\n", 0, at)
    column = at - text.rfind("\n", 0, at) if "\n" in text[:at] else span.column + at
    return Span(span.path, row, column, row, column + len(lookup) + 2)
