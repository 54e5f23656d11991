"""Abstract values: what an expression may hold. Frozen and hashable, so that calls can be remembered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import msgspec
from msgspec.structs import replace

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.inference.loading import NOTHING_LOADED, Loading, Path, Prefetched
from djlint_spec.project import Class, Function, Module, Scope, Unknown
from djlint_spec.project.constants import Constant
from djlint_spec.project.fields import Relation, RelationKind
from djlint_spec.project.managers import Manager
from djlint_spec.project.models import Model
from djlint_spec.project.symbols import External

STANDS_FOR_ALL = "*"
"""Stands, in the path of a row, for whatever way leads there: its `rows` are of its own model."""

_KNOWS_OWNER = (RelationKind.REVERSE_FOREIGN_KEY, RelationKind.REVERSE_ONE_TO_ONE)


class Rows(msgspec.Struct, frozen=True):
    """The set of rows that a consumer goes through: reads are counted against what it has loaded.

    Two sets are the same when they come from the same place. `of` is the related set whose rows these are where a call
    made a queryset of its own of it: they still know the row that they hang on.
    """

    model: Model
    loading: Loading
    span: Span | None
    of: RelatedSet | None = None

    def __hash__(self) -> int:
        # What tells most sets apart; all that is loaded would be gone through anew for each question.
        return hash((id(self.model), self.span))


class Row(msgspec.Struct, frozen=True):
    """One instance of a model: of `rows`, at the end of `path`; a row of no watched set has rows None.

    `loading` is what was loaded with a row that was got by itself. `lasting` is the one object that is at hand all the
    while, as the user of a request: what it keeps of itself it asks once. `certain` once a test told that it is not
    None.
    """

    model: Model
    rows: Rows | None = None
    path: Path = ()
    loading: Loading | None = None
    lasting: bool = False
    certain: bool = False

    def __hash__(self) -> int:
        rows = self.rows
        return hash((id(self.model), None if rows is None else rows.span, self.path))

    @property
    def may_be_none(self) -> bool:
        """Whether a key that may be null leads here, as far as the way from the watched rows is known."""
        if self.certain or self.rows is None or not self.path:
            return False
        if len(self.path) == 1 and self.path[0] in self.rows.loading.at_hand:
            return False
        relation: Relation | None = None
        model: Model | Unknown = self.rows.model
        for name in self.path:
            relation = model.relations.get(name) if not isinstance(model, Unknown) else None
            if relation is not None:
                model = relation.target
            elif name != STANDS_FOR_ALL:
                return False
        return relation is not None and relation.kind.is_forward_key and relation.nullable


class Kept(msgspec.Struct, frozen=True):
    """The dict in which a row keeps its attributes, or, of `_prefetched_objects_cache`, its prefetched sets."""

    row: Row
    of_sets: bool


class RelatedSet(msgspec.Struct, frozen=True):
    """The set at the end of a to-many relation of a row; `narrowed` once a call made a query of its own of it."""

    row: Row
    relation: Relation
    narrowed: str | None = None


class QuerySet(msgspec.Struct, frozen=True):
    """A queryset: its model, what it loads, the classes that give it methods, and where it was built.

    `held` when it has its rows already: to go through it again costs nothing.
    """

    model: Model
    loading: Loading = NOTHING_LOADED
    classes: tuple[Class, ...] = ()
    related: RelatedSet | None = None
    span: Span | None = None
    held: bool = False

    def __hash__(self) -> int:
        return hash((id(self.model), self.span))

    @property
    def rows(self) -> Rows:
        """The set that its rows are of; those of a related set know the row that it was asked of."""
        loading, related = self.loading, self.related
        if related is not None and related.relation.kind in _KNOWS_OWNER and related.relation.field is not None:
            owned = related.row.loading.prefetched if related.row.loading is not None else ()
            loading = replace(loading, at_hand=loading.at_hand | {related.relation.field.name}, of_owner=owned)
        if related is not None and related.row.loading is not None and related.narrowed is None:
            loading = related.row.loading.behind(related.relation.name, loading)
        of = related if related is not None and related.row.rows is not None else None
        return Rows(self.model, loading, self.span, of)

    @property
    def stands_alone(self) -> bool:
        """Whether it is no part of the rows of another set."""
        return self.related is None or self.related.row.rows is None


class ManagerOf(msgspec.Struct, frozen=True):
    """A manager of a model; on a related set, the manager of that set."""

    model: Model
    manager: Manager
    related: RelatedSet | None = None


class Instance(msgspec.Struct, frozen=True):
    """An object of a class; `known` are attributes whose value the analysis sets (`action`, `request`)."""

    cls: Class
    known: tuple[tuple[str, Value], ...] = ()

    def get(self, name: str) -> Value | None:
        """The value set for an attribute."""
        return next((value for key, value in self.known if key == name), None)


class SerializerOf(msgspec.Struct, frozen=True):
    """A serializer object over what it was given; `many` for a list of it.

    `child` is the serializer of the rows, of a list serializer of the project's own.
    `arguments` are those that DRF does not know: the project's own `__init__` takes them.
    """

    cls: Class
    given: Value | None
    many: bool
    context: Value | None = None
    child: Class | None = None
    arguments: tuple[tuple[str, Value], ...] = ()


class ClassValue(msgspec.Struct, frozen=True):
    """A class itself."""

    cls: Class


class Method(msgspec.Struct, frozen=True):
    """A function, bound to `receiver` unless None; `through` is the class whose MRO `super()` goes on from."""

    function: Function
    receiver: Value | None = None


class Super(msgspec.Struct, frozen=True):
    """`super()` in a method of `owner` on `receiver`."""

    owner: Class
    receiver: Value


class OrmCall(msgspec.Struct, frozen=True):
    """A bound method of Django's querysets or managers, by name."""

    receiver: QuerySet | ManagerOf
    name: str


class Builtin(msgspec.Struct, frozen=True):
    """A bound method of a plain value (`dict.get`), by name."""

    receiver: Value
    name: str


class Foreign(msgspec.Struct, frozen=True):
    """A thing of a package by its dotted name: a function or class not written in the project."""

    dotted: str


class InThread(msgspec.Struct, frozen=True):
    """What `sync_to_async(target)` makes: a call of it runs the target in another thread."""

    target: Value


class Closure(msgspec.Struct, frozen=True):
    """A lambda where it stands."""

    node: t.Lambda
    scope: Scope


class ModuleValue(msgspec.Struct, frozen=True):
    """A module."""

    module: Module


class Literal(msgspec.Struct, frozen=True):
    """A constant."""

    value: str | int | float | bool | bytes | None


class Items(msgspec.Struct, frozen=True):
    """A tuple, list or set whose elements are known one by one."""

    elements: tuple[Value, ...]


class Many(msgspec.Struct, frozen=True):
    """A list, set or iterator of things of one kind."""

    element: Value


class Mapped(msgspec.Struct, frozen=True):
    """A dict with constant keys; `open` when it may have others.

    `rest` is what keys computed at run time lead to, as in `{row.pk: row for row in rows}`; None where it is not known.
    """

    entries: tuple[tuple[Constant, Value], ...]
    open: bool = False
    rest: Value | None = None

    @property
    def values(self) -> tuple[Value, ...]:
        """All that it may hold, as far as it is known."""
        return (*(held for _, held in self.entries), *(() if self.rest is None else (self.rest,)))

    def put(self, key: Value, value: Value) -> Mapped:
        """After `mapped[key] = value`."""
        if isinstance(key, Literal):
            kept = tuple((old, entry) for old, entry in self.entries if old != key.value)
            return replace(self, entries=(*kept, (key.value, value)))
        if self.open and self.rest is None:
            return self
        return Mapped(self.entries, True, value if self.rest is None else either((self.rest, value)))

    def with_all(self, other: Mapped) -> Mapped:
        """After `mapped.update(other)`."""
        entries = tuple({**dict(self.entries), **dict(other.entries)}.items())
        if not (self.open or other.open):
            return Mapped(entries)
        rest = [one.rest for one in (self, other) if one.open]
        known = [value for value in rest if value is not None]
        return Mapped(entries, True, either(known) if len(known) == len(rest) else None)


class PrefetchValue(msgspec.Struct, frozen=True):
    """A `Prefetch(...)` object."""

    entry: Prefetched


class Scalar(msgspec.Struct, frozen=True):
    """A value that holds nothing of interest: a column, a number, a text."""


class Either(msgspec.Struct, frozen=True):
    """One of several values, each decided: `either` makes it."""

    options: tuple[Value, ...]


class Request(msgspec.Struct, frozen=True):
    """The request under way."""

    method: str | None = None


Value: TypeAlias = (
    "Row | Kept | RelatedSet | QuerySet | ManagerOf | Instance | SerializerOf | ClassValue | Method | Super | OrmCall"
    " | Builtin | Foreign | InThread | Closure | ModuleValue | Literal | Items | Many | Mapped | PrefetchValue | Scalar"
    " | Either | Request | External | Unknown"
)

SCALAR = Scalar()
NONE = Literal(None)


def options(value: Value) -> tuple[Value, ...]:
    """The values that this one may be, itself when it is decided."""
    return value.options if type(value) is Either else (value,)


def rows_in(value: Value) -> tuple[tuple[Rows, ...], bool]:
    """The sets that a value's rows are of, also beside others in a tuple; and whether it may be nothing else."""
    found: dict[Rows, None] = {}
    sure = True
    for option in options(value):
        if isinstance(option, Row) and option.rows is not None:
            found.setdefault(option.rows)
        elif isinstance(option, Items):
            inner = [rows_in(element) for element in option.elements]
            found.update(dict.fromkeys(rows for sets, _ in inner for rows in sets))
            sure = sure and all(known for sets, known in inner if sets)
        else:
            sure = False
    return tuple(found), sure


def handed(value: Value) -> Iterator[tuple[Rows, Path]]:
    """The rows that whoever gets a value gets with it, each as a path from the set that it is of."""
    match value:
        case Row(rows=rows, path=path):
            if rows is not None:
                yield rows, path
        case QuerySet(related=RelatedSet(row=Row(rows=Rows() as rows, path=path), relation=relation, narrowed=None)):
            yield rows, (*path, relation.name)
        case QuerySet():
            yield value.rows, ()
        case ManagerOf(related=RelatedSet(row=Row(rows=Rows() as rows, path=path), relation=relation, narrowed=None)):
            yield rows, (*path, relation.name)
        case Items(elements=several) | Either(options=several):
            for one in several:
                yield from handed(one)
        case Many(element=element):
            yield from handed(element)
        case Mapped(entries=entries):
            for _, one in entries:
                yield from handed(one)
        case SerializerOf(given=given, context=context):
            for held in (given, context):
                if held is not None:
                    yield from handed(held)
        case Instance(known=known):
            for _, one in known:
                yield from handed(one)
        case _:
            pass


HOLDING = frozenset({Row, QuerySet, ManagerOf, Items, Either, Many, Mapped, SerializerOf, Instance})
"""The values that rows may be handed with."""

_MOST = 12
_MOST_CONSTANTS = 100


def either(values: Iterable[Value]) -> Value:
    """One of the values; the value itself when all are the same."""
    given = list(values)
    if not given:
        return NONE
    first = given[0]
    # Hashing a value walks all of it, so the most common cases are told without.
    if len(given) == 1:
        return first
    if not isinstance(first, Either):
        if len(given) == 2 and not isinstance(given[1], (Either, QuerySet)):
            return first if given[1] is first or given[1] == first else Either((first, given[1]))
        if all(value is first for value in given):
            return first
    found: dict[Value, None] = {}
    for value in given:
        if type(value) is Either:
            found.update(dict.fromkeys(value.options))
        else:
            found[value] = None
    flat = _with_keys_of_all(tuple(found))
    if len(flat) > _MOST and (len(flat) > _MOST_CONSTANTS or not all(isinstance(one, Literal) for one in flat)):
        flat = _alike(flat)
        if len(flat) > _MOST:
            return Unknown("too many possible values")
    return flat[0] if len(flat) == 1 else Either(flat)


def _with_keys_of_all(several: tuple[Value, ...]) -> tuple[Value, ...]:
    """Values of which querysets that differ in what filters tell of keys are one, which tells what all of them tell."""
    if not any(type(one) is QuerySet and (one.loading.pinned or one.loading.absent) for one in several):
        return several
    found: dict[Value, Value] = {}
    for value in several:
        if not isinstance(value, QuerySet):
            found[value] = value
            continue
        bare = replace(value, loading=replace(value.loading, pinned=frozenset(), absent=frozenset()))
        first = found.get(bare)
        if isinstance(first, QuerySet):
            one, other = first.loading, value.loading
            told = replace(one, pinned=one.pinned & other.pinned, absent=one.absent & other.absent)
            value = first if told == one else replace(first, loading=told)
        found[bare] = value
    return tuple(found.values())


def _alike(several: tuple[Value, ...]) -> tuple[Value, ...]:
    """Values of which those querysets are one that load the same, wherever they are built and whatever they annotate.

    Names that only some of them annotate may be there.
    """
    found: dict[Value, Value] = {}
    for value in several:
        if not isinstance(value, QuerySet):
            found[value] = value
            continue
        loading = value.loading
        key = replace(value, span=None, loading=replace(loading, annotations=frozenset()))
        first = found.get(key)
        if isinstance(first, QuerySet):
            loading = replace(first.loading, annotations=first.loading.annotations | loading.annotations)
            value = replace(first, loading=loading)
        found[key] = value
    return tuple(dict.fromkeys(found.values()))
