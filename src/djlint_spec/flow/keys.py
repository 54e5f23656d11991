"""Unique keys of models: whether a row made a second time is refused by the database."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from djlint_spec.facts import tree as t
from djlint_spec.project import Unknown
from djlint_spec.project.constants import strings
from djlint_spec.project.fields import ONE_TO_ONE
from djlint_spec.project.models import Model


def unique_sets(model: Model) -> Iterator[frozenset[str]]:
    """The sets of fields whose values are unique together: single fields, unique_together and UniqueConstraint."""
    yield frozenset({"pk"})
    for name, field in model.fields.items():
        if field.flag("unique") or field.flag("primary_key") or field.is_a(ONE_TO_ONE):
            yield frozenset({name})
    yield from _together(model)
    yield from _constraints(model)


def refuses(model: Model, given: Collection[str]) -> bool:
    """Whether rows with the same values for the fields `given` are refused but for the first."""
    names = {name.removesuffix("_id") if name in model.attnames else name for name in given}
    if "id" in names and "id" not in model.fields:
        names.add("pk")
    return any(unique <= names for unique in unique_sets(model))


def has_keys(model: Model) -> bool:
    """Whether any set of fields beside an implicit key is unique."""
    return any(unique != {"pk"} for unique in unique_sets(model) if not _is_generated(model, unique))


def _is_generated(model: Model, unique: frozenset[str]) -> bool:
    key = model.primary_key.field
    return key is not None and unique == {key.name}


def _together(model: Model) -> Iterator[frozenset[str]]:
    value = model.meta("unique_together")
    if isinstance(value, Unknown) or not isinstance(value, tuple):
        return
    if all(isinstance(item, str) for item in value):
        yield frozenset(strings(value))
    else:
        yield from (frozenset(strings(item)) for item in value if isinstance(item, tuple))


def _constraints(model: Model) -> Iterator[frozenset[str]]:
    value = model.meta_value("constraints")
    if value is None or not isinstance(value.expr, (t.ListExpr, t.TupleExpr)):
        return
    for element in value.expr.elements:
        match element:
            case t.Call(func=t.Name(id="UniqueConstraint") | t.Attribute(attr="UniqueConstraint"), keywords=keywords):
                for keyword in keywords:
                    if keyword.name == "fields":
                        names = frozenset(strings(model.project.constant(keyword.value, value.scope)))
                        if names:
                            yield names
            case _:
                pass
