"""What a filter tells of the keys of all its rows: that they are empty, or that they lead to one and the same row."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from djlint_spec.inference.loading import Loading, Path
from djlint_spec.inference.values import NONE, Foreign, Items, Literal, Many, QuerySet, Value, options
from djlint_spec.project import Unknown
from djlint_spec.project.models import Model

COLUMN = Foreign("django.db.models.F")
"""What `F("name")` stands for: another value in each row."""


def filtered(model: Model, loading: Loading, kwargs: Mapping[str, Value]) -> Loading:
    """What is loaded after `filter(**kwargs)`, with what it tells of keys."""
    absent = {
        name.removesuffix("__isnull")
        for name, value in kwargs.items()
        if value == (Literal(True) if name.endswith("__isnull") else NONE)
    }
    absent = {name for name in absent if (found := model.lookups.get(name)) is not None and found.kind.is_forward_key}
    pinned = {path for name, value in kwargs.items() if _is_one(value) and (path := _key_path(model, name))}
    one = loading.one or any(_leaves_one(model, name, value) for name, value in kwargs.items())
    if not absent and not pinned and one is loading.one:
        return loading
    return replace(loading, absent=loading.absent | absent, pinned=loading.pinned | pinned, one=one)


def of_both(left: QuerySet, right: QuerySet) -> QuerySet:
    """`left | right`: it loads what the left one loads; of keys it tells what both tell."""
    one, other = left.loading, right.loading
    if not one.pinned and not one.absent and not one.one:
        return left
    return replace(
        left, loading=replace(one, pinned=one.pinned & other.pinned, absent=one.absent & other.absent, one=False)
    )


def _leaves_one(model: Model, lookup: str, value: Value) -> bool:
    """Whether `lookup=value` asks for one primary key."""
    name, _, how = lookup.partition("__")
    key = model.primary_key.field
    if name not in ("pk", "id") and (key is None or key.name != name):
        return False
    if how == "in":
        return all(isinstance(option, Items) and len(option.elements) <= 1 for option in options(value))
    return how in ("", "exact") and _is_one(value)


def _is_one(value: Value) -> bool:
    return not any(isinstance(option, (Many, Items, QuerySet)) or option in (NONE, COLUMN) for option in options(value))


def _key_path(model: Model, lookup: str) -> Path:
    """The path over keys that `lookup=value` holds to one row; empty for any other lookup."""
    names = lookup.split("__")
    path: list[str] = []
    held: Model | Unknown = model
    for place, name in enumerate(names):
        if isinstance(held, Unknown):
            return ()
        relation = held.lookups.get(name) or held.lookups.get(name.removesuffix("_id"))
        if relation is None:
            key = held.primary_key.field
            is_key = name in ("pk", "exact", key.name if key is not None else "id")
            return tuple(path) if is_key and place == len(names) - 1 else ()
        if not relation.kind.is_forward_key:
            return ()
        path.append(relation.query_name)
        held = relation.target
    return tuple(path)
