"""Rows for every model of a project: distinct, related to rows of the same batch, no relation left empty."""

from __future__ import annotations

import datetime
import decimal
import itertools
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models

from tests.oracle.inside.families import Family, families, hangs_on_own, keys

# Models and fields of Django are untyped here: Any stands for what a checked project defines.
Model = Any
_LEVELS = 5
"""How deep children of a table hang on one another below its own rows, and a ring of them beside."""
_ROUNDS = 2
"""How often models that need each other's rows in a circle are given more."""
_LEFT_ALONE = frozenset({"contenttypes", "auth", "sessions", "admin", "messages"})


class Rows:
    """Makes batches of rows. Row i of a model belongs to row i of each model that it has a key to, if there is one.

    Rows of a model with a key to itself hang on one another in chains that end; with `rings`, in rings.
    """

    def __init__(self, found: Iterable[Model], *, rings: bool = False) -> None:
        self._rings = rings
        self._models = in_order(
            model
            for model in found
            if model._meta.managed and not model._meta.proxy and model._meta.app_label not in _LEFT_ALONE
        )
        self._between = {
            field.remote_field.through: (field.m2m_reverse_field_name(),)
            for model in self._models
            for field in model._meta.local_many_to_many
            if not field.remote_field.through._meta.auto_created
        }
        self._serial = itertools.count(1)
        self._families = tuple(families(self._models)) if rings else ()

    def add(self, count: int) -> None:
        """Make at least `count` rows of each model, enough that each row of a target has one of its own."""
        pools: dict[Model, list[Any]] = {}
        for model in self._models:
            size = self._size(model, count, pools)
            _pool(model, [self._row(model, index, size, pools) for index in range(size)], pools)
            for family in self._families:
                if family.last(self._models) is model:
                    self._hang_on_one_another(family, pools)
        for model in self._models * _ROUNDS if self._rings else ():
            for _ in range(self._lacking(model, pools)):
                self._one_more(model, pools)
        for model in self._models:
            self._fill_late_keys(model, pools)
        for model in self._models:
            _fill_many(model, pools)

    def _size(self, model: Model, count: int, pools: dict[Model, list[Any]]) -> int:
        # Of models that are left alone there are no rows: a key to one stays empty.
        single = [pools[f.related_model] for f in keys(model) if f.one_to_one and f.related_model in pools]
        if single:
            return min(len(pool) for pool in single)
        family = next((family for family in self._families if model in family.members), None)
        kin = {field.related_model for field in family.keys(model)} if family is not None else ()
        targets = [
            pools.get(field.related_model, ())
            for field in keys(model)
            if not hangs_on_own(field) and field.related_model not in kin
        ]
        generic = [
            sum(len(pools.get(target, ())) for target in _targets_of_generic(model, pools))
            for private in model._meta.private_fields
            if isinstance(private, GenericForeignKey)
        ]
        needed = max([count, *(len(pool) for pool in targets), *generic])
        if model in self._between:
            return needed + 1
        return _LEVELS * needed if self._rings and family is None and _hangs_on_parent(model) else needed

    def _lacking(self, model: Model, pools: dict[Model, list[Any]]) -> int:
        """How many rows there are too few for each target of a key to have one, as where models need each other."""
        targets = [
            len(pools.get(field.related_model, ())) for field in keys(model) if field.related_model not in model.__mro__
        ]
        single = [
            len(pools[field.related_model]) for field in keys(model) if field.unique and field.related_model in pools
        ]
        return max(0, min([max(targets, default=0), *single]) - len(pools[model]))

    def _row(self, model: Model, index: int, size: int, pools: dict[Model, list[Any]]) -> Any:
        values: dict[str, Any] = {}
        serial = next(self._serial)
        for field in model._meta.concrete_fields:
            if field.is_relation:
                if field.related_model is ContentType:
                    values[field.name] = ContentType.objects.get_for_model(model)
                elif not getattr(field.remote_field, "parent_link", False):
                    target = self._target(field, index, size, pools)
                    if target is not None:
                        values[field.name] = target
            elif not field.auto_created and not isinstance(field, models.AutoField):
                values.update(value_of(field, serial))
        for private in model._meta.private_fields:
            if isinstance(private, GenericForeignKey):
                values[private.name] = _generic_target(model, index, pools)
        row = model(**values)
        row.save(force_insert=True)
        return row

    def _hang_on_one_another(self, family: Family, pools: dict[Model, list[Any]]) -> None:
        """Give each row of a family's table, some levels deep, one row of each member that has a key to it."""
        spare = {member: list(pools[member]) for member in family.members}
        of_members = {row.pk for rows in spare.values() for row in rows}
        own = {row.pk: model for model in (family.root, *family.others) for row in pools[model]}
        level = [(model, pk) for pk, model in own.items() if pk not in of_members]
        for _ in range(family.depth):
            below: list[tuple[Model, Any]] = []
            for (owner, pk), member in itertools.product(level, family.members):
                names = [key.name for key in family.keys(member) if issubclass(owner, key.related_model)]
                if names:
                    row = spare[member].pop(0) if spare[member] else self._one_more(member, pools)
                    member._base_manager.filter(pk=row.pk).update(**dict.fromkeys(names, pk))
                    below.append((member, row.pk))
            level = below

    def _one_more(self, model: Model, pools: dict[Model, list[Any]]) -> Any:
        row = self._row(model, len(pools[model]), max(len(pool) for pool in pools.values()), pools)
        _pool(model, [row], pools)
        return row

    def _fill_late_keys(self, model: Model, pools: dict[Model, list[Any]]) -> None:
        rows = pools[model]
        family = next((family for family in self._families if model in family.members), None)
        for field in keys(model):
            if (family is not None and field in family.keys(model)) or (self._rings and field.model is not model):
                continue  # hung up already: with their family, or among all rows of the parent's table
            if hangs_on_own(field) and field.null and field.model is model:
                for index, child in enumerate(rows):
                    # A chain of four, which ends; or a ring, on which each row has one before it.
                    if index % 4 or self._rings:
                        model._base_manager.filter(pk=child.pk).update(**{field.name: rows[index - 1].pk})
            elif field.related_model in model.__mro__:
                # A child's row may belong to its parent's table or to another child: some to each.
                for child, before in _one_on_another(rows) if self._rings else zip(rows[1::2], rows[::2], strict=False):
                    model._base_manager.filter(pk=child.pk).update(**{field.name: before.pk})
            elif self._rings and not field.unique and not hangs_on_own(field):
                # Rows of children of the target may have come since.
                for index, row in enumerate(rows):
                    target = self._target(field, index, len(rows), pools)
                    if target is not None:
                        model._base_manager.filter(pk=row.pk).update(**{field.name: target.pk})
            elif field.null:
                for index, row in enumerate(rows):
                    if getattr(row, field.attname) is None:
                        target = self._target(field, index, len(rows), pools)
                        model._base_manager.filter(pk=row.pk).update(**{field.name: target})

    def _target(self, field: Any, index: int, size: int, pools: dict[Model, list[Any]]) -> Any:
        pool = pools.get(field.related_model)
        if not pool or hangs_on_own(field):
            return None
        if size < len(pool):
            # A key to one row each may leave too few rows for all targets: rows of each child of the target get some.
            return pool[index * len(pool) // size]
        # The last row between two models leads from one row to another's: these two belong to several.
        further = field.name in self._between.get(field.model, ()) and index == size - 1
        return pool[(index + further) % len(pool)]


def _pool(model: Model, made: list[Any], pools: dict[Model, list[Any]]) -> None:
    """Count rows among those of their model, and as rows of its parents."""
    for cls in (model, *model._meta.get_parent_list()):
        pools.setdefault(cls, []).extend(made if cls is model else (cls._base_manager.get(pk=row.pk) for row in made))


def _hangs_on_parent(model: Model) -> bool:
    return any(field.related_model in model.__mro__[1:] and not hangs_on_own(field) for field in keys(model))


def _one_on_another(rows: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Some rows in levels, each with the one that it hangs on: of the level before it, or of a ring on the last."""
    width = len(rows) // _LEVELS
    levels = [rows[start : start + width] for start in range(0, width * _LEVELS, width)]
    for above, level in itertools.pairwise(levels[:-1]):
        yield from zip(level, above, strict=True)
    yield from ((row, levels[-1][index - 1]) for index, row in enumerate(levels[-1]))


def _generic_target(model: Model, index: int, pools: dict[Model, list[Any]]) -> Any:
    targets = [
        row
        for pool in _targets_of_generic(model, pools)
        for row in pools[pool]
    ]  # fmt: skip
    return targets[index % len(targets)] if targets else None


def _targets_of_generic(model: Model, among: Iterable[Model]) -> list[Model]:
    return [
        target
        for target in among
        if any(isinstance(f, GenericRelation) and f.related_model is model for f in target._meta.private_fields)
    ]


def _fill_many(model: Model, pools: dict[Model, list[Any]]) -> None:
    rows = pools[model]
    for field in model._meta.local_many_to_many:
        if not field.remote_field.through._meta.auto_created:
            continue
        targets = pools.get(field.related_model, [])
        if not targets:
            continue
        for index in range(max(len(rows), len(targets))):
            held = getattr(rows[index % len(rows)], field.name)
            held.add(targets[index % len(targets)], targets[(index + 1) % len(targets)])


def in_order(found: Iterable[Model]) -> list[Model]:
    """The models, each after those whose rows it needs; generic keys last."""
    left = sorted(found, key=lambda model: (_is_generic(model), model._meta.label))
    done: list[Model] = []
    while left:
        # Where rows need one another in a circle, the needs that can wait are dropped, one kind after the other.
        ready = next(
            (model for needs in _NEEDS for model in left if not any(need in left for need in needs(model, left))),
            left[0],
        )
        left.remove(ready)
        done.append(ready)
    return done


def _needs(model: Model, among: list[Model]) -> Iterator[Model]:
    """Every model whose rows a row may be given."""
    return _keys_need(model, among, lambda field: True)


def _must_have(model: Model, among: list[Model]) -> Iterator[Model]:
    """The same, keys that may be empty left out."""
    return _keys_need(model, among, lambda field: not field.null)


def _cannot_save_without(model: Model, among: list[Model]) -> Iterator[Model]:
    """The models that keys which must not be empty name, though rows of their children would do as well."""
    return (field.related_model for field in keys(model) if not field.null and not hangs_on_own(field))


def _keys_need(model: Model, among: list[Model], counts: Callable[[Any], bool]) -> Iterator[Model]:
    for field in keys(model):
        if counts(field) and not hangs_on_own(field):
            yield field.related_model
            # A key to a parent may hold the row of a child: rows of all children are made before.
            yield from (child for child in among if child is not model and field.related_model in child.__mro__[1:])
    for private in model._meta.private_fields:
        if isinstance(private, GenericForeignKey):
            yield from _targets_of_generic(model, among)


_NEEDS = (_needs, _must_have, _cannot_save_without)


def _is_generic(model: Model) -> bool:
    return any(isinstance(field, GenericForeignKey) for field in model._meta.private_fields)


def value_of(field: Any, serial: int) -> dict[str, Any]:
    """What to give a plain field of a row by its serial number, under its name; empty where a default will do."""
    if field.choices:
        return {field.name: [key for key, _ in field.flatchoices][serial % len(field.flatchoices)]}
    if field.has_default() and field.default is not None and not field.unique:
        return {}
    match field:
        case models.DateTimeField():
            value: Any = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(hours=serial)
        case models.DateField():
            value = datetime.date(2026, 1, 1) + datetime.timedelta(days=serial % 3000)
        case models.TimeField():
            value = datetime.time(serial % 24)
        case models.DurationField():
            value = datetime.timedelta(minutes=serial)
        case models.BooleanField():
            value = True
        case models.DecimalField():
            value = decimal.Decimal(serial % 90)
        case models.FloatField() | models.IntegerField():
            value = serial
        case models.UUIDField():
            value = uuid.UUID(int=serial)
        case models.JSONField():
            value = {"serial": serial}
        case models.EmailField():
            value = f"row{serial}@example.com"
        case models.URLField():
            value = f"https://example.com/{serial}"
        case models.CharField() | models.TextField():
            value = f"{field.name}-{serial}"[-(field.max_length or 100) :]
        case _:
            return {}
    return {field.name: value}
