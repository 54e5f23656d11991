"""Paths of accessors as Django follows them: over ways back to where one came from, over properties that are a set."""

from __future__ import annotations

from msgspec.structs import replace

from djlint_spec.facts import tree as t
from djlint_spec.inference.loading import Loading, Path, Prefetched
from djlint_spec.inference.values import STANDS_FOR_ALL, Row
from djlint_spec.project import Unknown
from djlint_spec.project.fields import Relation
from djlint_spec.project.models import Model

DEEPER: Path = (STANDS_FOR_ALL,)
"""Stands for the path to a row that is not of the list itself, where it does not matter which."""


def loaded_at(row: Row) -> Loading | None:
    """What a `Prefetch` loads with a row itself; None where nothing tells."""
    if row.rows is None:
        return None
    loading = row.rows.loading
    path = row.path[len(DEEPER) :] if row.path[: len(DEEPER)] == DEEPER else row.path
    if not path:
        return loading
    if not loading.has_own_rows:
        return None
    names: list[str] = []
    arrived: list[Relation] = []
    models = [row.rows.model]
    for name in path:
        here = loading.at(tuple(names))
        entry = here.to_attr(name) if here is not None else None
        relation = models[-1].relations.get(entry.path[0] if entry is not None else name)
        if relation is None or isinstance(relation.target, Unknown):
            return _brought(loading, path)
        if arrived and relation.goes_back(arrived[-1]):
            for steps in (names, arrived, models):
                steps.pop()
            continue
        names.append(name)
        arrived.append(relation)
        models.append(relation.target)
    return _brought(loading, tuple(names))


def _brought(loading: Loading, path: Path) -> Loading | None:
    """What is loaded with the rows at the end of a path: by the queryset of a Prefetch, or further along the path."""
    here = loading.at(path)
    further = tuple(
        replace(entry, path=entry.path[len(path) :])
        for entry in loading.prefetched
        if path and entry.to_attr is not None and len(entry.path) > len(path) and entry.path[: len(path)] == path
    )
    if not further:
        return here
    own = here or Loading()
    return replace(own, prefetched=(*own.prefetched, *further))


def by_relations(model: Model, path: Path) -> Path:
    """A path of prefetch_related, where it goes over a property that returns a related manager, by its relation."""
    names: list[str] = []
    for place, name in enumerate(path):
        relation = model.relations.get(name) or model.relations.get(_set_of(model, name) or "")
        if relation is None or isinstance(relation.target, Unknown):
            return (*names, *path[place:])
        names.append(relation.name)
        model = relation.target
    return tuple(names)


def _set_of(model: Model, name: str) -> str | None:
    """The relation that a property gives as it is: `return self.all_lines(manager="objects")`."""
    member = model.cls.find(name)
    if member is None or member.function is None or not member.function.body:
        return None
    *before, last = member.function.body
    if any(not isinstance(statement, t.ExprStmt) for statement in before) or not isinstance(last, t.Return):
        return None
    held = last.value.func if isinstance(last.value, t.Call) else last.value
    match held:
        case t.Attribute(value=t.Name(id="self"), attr=attr) if attr in model.relations:
            return attr if model.relations[attr].to_many else None
        case _:
            return None


def prefetched(model: Model, entry: Prefetched) -> Prefetched:
    """An entry of prefetch_related by the relations that it goes over."""
    path = by_relations(model, entry.path)
    return entry if path == entry.path else Prefetched(path, entry.queryset, entry.to_attr, entry.span)
