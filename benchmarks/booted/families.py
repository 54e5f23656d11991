"""Rows for every model of a real project, in families that belong to one another.

A project's models refuse rows that are not theirs (constraints, overridden `save()`, signals that call services), so
rows are written below `save()`, with signals silent, and a project says in recipes what its constraints ask for. A row
that the database refuses is left out and told; rows that exist already (`given`: the organizer of the URL, the reader)
are what every family's keys to their model hold.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, models, transaction
from django.db.models.signals import ModelSignal

from tests.oracle.inside.rows import in_order, value_of

# Models and fields of Django are untyped here: Any stands for what a booted project defines.
Model = Any
Row = Any
Recipe = Callable[["Family"], Mapping[str, Any]]


class Family:
    """One row of each model, related to one another; `serial` tells the family from all others."""

    def __init__(self, serial: int, given: Iterable[Row], before: Family | None = None) -> None:
        self.serial = serial
        self.before = before
        self._held: dict[Model, Row] = {}
        for row in given:
            self.hold(row)

    def hold(self, row: Row) -> None:
        """Make a row the family's own of its model, and of the parents that have none yet."""
        self._held[type(row)] = row
        for parent in type(row)._meta.get_parent_list():
            self._held.setdefault(parent, parent._base_manager.get(pk=row.pk))

    def of(self, model: Model) -> Row | None:
        """The family's row of a model, or of the model that a proxy stands for."""
        return self._held.get(model) or self._held.get(model._meta.concrete_model)

    def named(self, label: str) -> Row | None:
        """The family's row of the model with a label as in `app.Model`."""
        return next((row for model, row in self._held.items() if model._meta.label == label), None)


class Families:
    """Makes families of rows. `left_out` tells which models' rows the database refused, and why."""

    def __init__(
        self,
        found: Iterable[Model],
        *,
        given: Iterable[Row],
        recipes: Mapping[str, Recipe],
        without: frozenset[str] = frozenset(),
        start: int = 1,
    ) -> None:
        self.left_out: dict[str, str] = {}
        self._given = tuple(given)
        self._recipes = recipes
        self._last: Family | None = None
        self._serial = itertools.count(start)
        self._value = itertools.count(1 + start * 1000)
        self._models = in_order(
            model
            for model in found
            if model._meta.managed
            and not model._meta.proxy
            and not model._meta.auto_created
            and model not in {type(row) for row in self._given}
            and model._meta.label not in without
            and model._meta.app_label not in ("contenttypes", "sessions", "admin")
        )

    def add(self, count: int) -> list[Family]:
        """The families that are made."""
        with _signals_silent():
            return [self._add(Family(next(self._serial), self._given, self._last)) for _ in range(count)]

    def _add(self, family: Family) -> Family:
        made: list[Row] = []
        self._last = family
        for model in self._models:
            try:
                with transaction.atomic():
                    row = self._row(model, family)
            except Exception as error:  # noqa: BLE001 - a project's own field may raise anything
                self.left_out.setdefault(model._meta.label, f"{type(error).__name__}: {str(error)[:200]}")
                continue
            if row is not None:
                family.hold(row)
                made.append(row)
        for row in made:
            self._relate(row, family)
        for row in self._given:
            _fill_many(row, family)
        return family

    def _row(self, model: Model, family: Family) -> Row | None:
        own = self._told(model, family)
        values: dict[str, Any] = {}
        for field in model._meta.concrete_fields:
            if field.name in own or field.attname in own or getattr(field.remote_field, "parent_link", False):
                continue
            if field.is_relation:
                target = self._target(field, family)
                if target is not None:
                    values[field.name] = target
            elif not isinstance(field, models.AutoField) and not (field.primary_key and field.has_default()):
                values.update(self._plain(field, family))
        row = model(**values, **own)
        models.Model.save_base(row, force_insert=True)
        return row

    def _told(self, model: Model, family: Family) -> Mapping[str, Any]:
        recipe = self._recipes.get(model._meta.label)
        return recipe(family) if recipe is not None else {}

    def _plain(self, field: Any, family: Family) -> dict[str, Any]:
        if field.choices and not field.unique:
            return {} if field.has_default() else {field.name: field.flatchoices[0][0]}
        return value_of(field, next(self._value))

    @staticmethod
    def _target(field: Any, family: Family) -> Row | None:
        if field.related_model is ContentType:
            return ContentType.objects.get_for_model(field.model)
        return family.of(field.related_model)

    def _relate(self, row: Row, family: Family) -> None:
        """Fill what could not be filled when the row was made: keys to later models, and the to-many relations."""
        late: dict[str, Any] = {}
        told = self._told(type(row), family)
        for field in row._meta.local_concrete_fields:
            if not field.is_relation or not field.null or field.name in told or getattr(row, field.attname) is not None:
                continue
            # Rows that hang on others of their model do so in chains of four.
            own = issubclass(type(row), field.related_model)
            source = (family.before if family.serial % 4 else None) if own else family
            target = source.of(type(row) if own else field.related_model) if source is not None else None
            if target is not None:
                late[field.attname] = getattr(target, field.target_field.attname)
        for name, value in late.items():
            # A constraint between keys may refuse one: of two owners, say, only one may be there.
            with suppress(DatabaseError), transaction.atomic():
                type(row)._base_manager.filter(pk=row.pk).update(**{name: value})
        _fill_many(row, family)


def _fill_many(row: Row, family: Family) -> None:
    for field in row._meta.local_many_to_many:
        target = family.of(field.related_model)
        if target is not None and field.remote_field.through._meta.auto_created:
            getattr(row, field.name).add(target)


@contextmanager
def _signals_silent() -> Iterator[None]:
    send = ModelSignal.send
    ModelSignal.send = lambda *_, **__: []
    try:
        yield
    finally:
        ModelSignal.send = send
