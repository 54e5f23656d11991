"""What a queryset loads beside the rows themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

import msgspec
from msgspec.structs import replace

from djlint_spec.diagnostics import Span
from djlint_spec.project import Unknown

if TYPE_CHECKING:
    from djlint_spec.inference.values import QuerySet

Path: TypeAlias = "tuple[str, ...]"
"""Relation names from a row onwards."""


UNSEEN = "*"
"""Stands for annotations whose names are computed at run time; none is the name of a field (Django refuses it)."""


class Prefetched(msgspec.Struct, frozen=True):
    """One entry of prefetch_related: the path, the inner queryset of a `Prefetch` and where its rows go."""

    path: Path
    queryset: QuerySet | None = None
    to_attr: str | None = None
    span: Span | None = None

    @property
    def leads_to(self) -> Path:
        """By which names the rows are reached that it brings."""
        return self.path if self.to_attr is None else (*self.path[:-1], self.to_attr)


class Loading(msgspec.Struct, frozen=True):
    """What is loaded with the rows of a queryset.

    `joined` are the paths of select_related, `joins_all` its form without names. `annotations` are names that
    rows carry as plain attributes, `UNSEEN` among them where some are computed. `unknown` tells what could not be
    read and might load anything. `at_hand` are relations back to the one row that a related set was asked of: keys
    along them are fetched once, and `of_owner` is what that row has prefetched. `pinned` are paths over keys that a
    filter holds to one row, so that a prefetch, which makes one object of each row, gives all the same one. `absent`
    are keys that a filter holds to be empty. `rows` is False where the queryset yields no model instances
    (`values()`), `one` True where a filter leaves one row at most.
    """

    joined: frozenset[Path] = frozenset()
    joins_all: bool = False
    prefetched: tuple[Prefetched, ...] = ()
    annotations: frozenset[str] = frozenset()
    only: frozenset[str] | None = None
    deferred: frozenset[str] = frozenset()
    at_hand: frozenset[str] = frozenset()
    of_owner: tuple[Prefetched, ...] = ()
    pinned: frozenset[Path] = frozenset()
    absent: frozenset[str] = frozenset()
    rows: bool = True
    empty: bool = False
    one: bool = False
    ordered: bool = False
    sliced: bool = False
    combined: bool = False
    raw: bool = False
    locked: bool = False
    unknown: tuple[Unknown, ...] = ()
    joins: tuple[tuple[Path, Span], ...] = ()
    """Each path that a select_related names, with the call."""

    def join(self, paths: Iterator[str] | tuple[str, ...], span: Span | None = None) -> Loading:
        """With select_related of lookup paths in `a__b` form."""
        split = {tuple(path.split("__")) for path in paths}
        prefixes = {path[:length] for path in split for length in range(1, len(path) + 1)}
        named = tuple((path, span) for path in sorted(split)) if span is not None else ()
        return replace(self, joined=self.joined | prefixes, joins=(*self.joins, *named))

    def prefetch(self, *entries: Prefetched) -> Loading:
        """With prefetch_related entries."""
        return replace(self, prefetched=(*self.prefetched, *entries))

    def behind(self, name: str, own: Loading | None = None) -> Loading:
        """What is loaded with the rows that a relation leads to, beside `own`, what their queryset loads by itself."""
        loading = own or Loading()
        further: list[Prefetched] = []
        for entry in self.prefetched:
            if entry.path[0] == name and len(entry.path) > 1:
                further.append(replace(entry, path=entry.path[1:]))
            elif entry.path == (name,) and entry.queryset is not None and entry.to_attr is None:
                loading = entry.queryset.rows.loading
        joined = frozenset(path[1:] for path in self.joined if path[0] == name and len(path) > 1)
        return replace(
            loading,
            joined=loading.joined | joined,
            prefetched=(*loading.prefetched, *further),
            unknown=(*loading.unknown, *self.unknown),
        )

    def at(self, path: Path) -> Loading | None:
        """What the queryset of a `Prefetch` loads with the rows at the end of a path; None where there is none."""
        if not path:
            return self
        for entry in self.prefetched:
            reached = (entry.to_attr,) if entry.to_attr is not None and len(entry.path) == 1 else entry.path
            if entry.queryset is not None and path[: len(reached)] == reached:
                found = entry.queryset.loading.at(path[len(reached) :])
                if found is not None:
                    return found
        return None

    def doubt(self, unknown: Unknown) -> Loading:
        """With a cause that makes what is loaded uncertain."""
        return self if unknown in self.unknown else replace(self, unknown=(*self.unknown, unknown))

    def with_only(self, names: frozenset[str]) -> Loading:
        """After `only(*names)`: the last call counts, less what defer() took away before it."""
        return replace(self, only=names - self.deferred, deferred=frozenset())

    def with_deferred(self, names: frozenset[str] | None) -> Loading:
        """After `defer(*names)`: names add up, or go from only()'s; None, for `defer(None)`, loads every column."""
        if names is None:
            return replace(self, only=None, deferred=frozenset())
        if self.only is None:
            return replace(self, deferred=self.deferred | names)
        left = self.only - names
        return replace(self, only=left) if left else replace(self, only=None, deferred=names - self.only)

    @property
    def defers(self) -> bool:
        """Whether some row that is loaded lacks some of its columns."""
        if self.only is not None or self.deferred:
            return True
        for entry in self.prefetched:
            inner = entry.queryset
            if inner is not None and inner.loading.defers:
                return True
        return False

    def leaves_out(self, *names: str) -> bool:
        """Whether a column, which may go by several names (`author`, `author_id`), is not loaded with the rows."""
        if self.only is None:
            return any(name in self.deferred for name in names)
        return not any(name == wanted or wanted.startswith(f"{name}__") for name in names for wanted in self.only)

    def columns_of(self, query_name: str) -> Loading:
        """What only() and defer() say of the columns of a joined relation."""
        start = f"{query_name}__"
        only = frozenset(name.removeprefix(start) for name in self.only or () if name.startswith(start))
        deferred = frozenset(name.removeprefix(start) for name in self.deferred if name.startswith(start))
        return Loading(only=only or None, deferred=deferred)

    @property
    def has_own_rows(self) -> bool:
        """Whether some rows come by the queryset of a `Prefetch`, or under a name of their own."""
        return bool(self.prefetched) and any(entry.queryset is not None or entry.to_attr for entry in self.prefetched)

    def to_attr(self, name: str) -> Prefetched | None:
        """The prefetch that lies under a name of its own on the rows themselves; the last of that name."""
        for entry in reversed(self.prefetched):
            if entry.to_attr == name and len(entry.path) == 1:
                return entry
        return None


NOTHING_LOADED = Loading()
