"""Lookup paths (`author__name__icontains`): followed through the fields and relations of models, part by part."""

from __future__ import annotations

import difflib
import enum
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from djlint_spec.project.fields import Relation, RelationKind
from djlint_spec.project.models import KeyKind, Model
from djlint_spec.project.openness import Openness
from djlint_spec.project.symbols import Unknown

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

_RELATION_LOOKUPS = frozenset(["exact", "in", "gt", "gte", "lt", "lte", "isnull", "range"])
"""What a relation itself can be compared by (django/db/models/fields/related_lookups.py)."""


class Names(enum.Enum):
    """Which names a path is made of."""

    LOOKUP = "field or query name"
    """Fields and query names, transforms and lookups behind a column: filter, order_by, values, F."""
    JOIN = "to-one relation"
    """Query names of to-one relations: select_related."""
    ACCESSOR = "relation"
    """Accessors of relations: prefetch_related."""
    FIELD = "field of its own"
    """Fields of the model's own, no path: unique_together, the fields of an index."""


class Found(msgspec.Struct, frozen=True):
    """Every part leads somewhere; `steps` are the relations that the path goes through."""

    steps: tuple[Relation, ...]


class NotFound(msgspec.Struct, frozen=True):
    """The part at `at` names nothing that `model` has; `nearest` is the path with the likeliest name in its place."""

    model: Model
    parts: tuple[str, ...]
    at: int
    nearest: str | None
    reason: str = ""

    @property
    def part(self) -> str:
        """The part that names nothing."""
        return self.parts[self.at]


Resolved: TypeAlias = "Found | NotFound | Unknown"


class Lookups:
    """The lookup paths of a project's models."""

    def __init__(self, project: Project) -> None:
        self._openness = project.once(Openness)

    def resolve(self, model: Model, path: str, names: Names = Names.LOOKUP) -> Resolved:
        """Where a path leads from a model; Unknown where it may name what is not seen."""
        parts = tuple(path.split("__"))
        steps: list[Relation] = []
        here = model
        for at, part in enumerate(parts):
            if not part:
                return Unknown("lookup path with an empty part", path)
            relation = (here.relations if names is Names.ACCESSOR else here.lookups).get(part)
            if relation is None and names is Names.LOOKUP:
                relation = here.attnames.get(part)
            if relation is None:
                if names is Names.LOOKUP and (part == "pk" or self._is_column(here, part)):
                    return Found(tuple(steps))
                if names is Names.FIELD and self._is_column(here, part):
                    return Found(())
                if at and names is Names.LOOKUP and self._is_lookup(part):
                    return Found(tuple(steps))
                return self._missing(here, parts, at, names)
            if names is Names.FIELD:
                return Found(())
            if relation.kind is RelationKind.GENERIC_FOREIGN_KEY and names is not Names.ACCESSOR:
                return Unknown("generic foreign key in a lookup path", path)
            if names is Names.JOIN and relation.to_many:
                return NotFound(here, parts, at, None, f"`{part}` leads to many rows")
            steps.append(relation)
            if isinstance(relation.target, Unknown):
                return relation.target
            here = relation.target
        return Found(tuple(steps))

    def _is_lookup(self, part: str) -> bool:
        return part in _RELATION_LOOKUPS or part in self._openness.lookups

    @staticmethod
    def _is_column(model: Model, name: str) -> bool:
        if name in model.fields or name in model.attnames:
            return True
        if name == "id":
            return any(one.primary_key.kind is KeyKind.IMPLICIT for one in model.lineage if not one.abstract)
        return (name == "_order" and model.meta("order_with_respect_to") is not None) or any(
            name == f"{link}_id" for parent in model.lineage for link in parent.parent_links
        )

    def _missing(self, model: Model, parts: tuple[str, ...], at: int, names: Names) -> NotFound | Unknown:
        part = parts[at]
        if names is Names.JOIN and (self._is_column(model, part) or part in model.attnames):
            return NotFound(model, parts, at, None, f"`{part}` is a column, not a relation")
        doubt = self._openness.doubt(model, part)
        if doubt is not None:
            return doubt
        if names is Names.ACCESSOR and model.cls.find(part) is not None:
            return Unknown("prefetch of an attribute that is no relation", part)
        if names is Names.ACCESSOR and (self._is_column(model, part) or part in model.attnames):
            return Unknown("prefetch of a column", part)
        return NotFound(model, parts, at, _nearest(model, parts, at, names))


def _nearest(model: Model, parts: tuple[str, ...], at: int, names: Names) -> str | None:
    part = parts[at]
    if names is Names.ACCESSOR:
        known: Iterable[str] = model.relations
        swapped = next((one.name for one in model.relations.values() if one.query_name == part), None)
    elif names is Names.JOIN:
        known = [name for name, relation in model.lookups.items() if not relation.to_many]
        swapped = None
    else:
        known = [*model.fields, *(model.lookups if names is Names.LOOKUP else ())]
        swapped = next((one.query_name for one in model.reverse.values() if one.name == part), None)
    found = swapped or next(iter(difflib.get_close_matches(part, list(dict.fromkeys(known)), n=1, cutoff=0.7)), None)
    return "__".join((*parts[:at], found, *parts[at + 1 :])) if found else None
