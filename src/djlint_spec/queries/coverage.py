"""Whether a relation path is loaded with the rows: the semantics of select_related, prefetch_related, Prefetch."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator

import msgspec

from djlint_spec.inference.evaluate import Evaluator
from djlint_spec.inference.loading import NOTHING_LOADED, Loading, Path, Prefetched
from djlint_spec.inference.orm import base_queryset
from djlint_spec.inference.values import ManagerOf, QuerySet, options
from djlint_spec.project import Project, Unknown
from djlint_spec.project.fields import Relation, RelationKind
from djlint_spec.project.models import Model
from djlint_spec.project.tracking import Kept, Tracking
from djlint_spec.queries.prefetching import Objects, Prefetching

_Place = tuple[Objects, ...]
"""The objects at the end of a path, alike or not in what is loaded with them; none where it is not known."""


class Way(msgspec.Struct, frozen=True):
    """A path without the hops that lead back to a row at hand: whether each is loaded, and what might load more."""

    path: Path
    loaded: tuple[bool, ...]
    doubts: tuple[Unknown, ...]
    places: tuple[_Place, ...]
    """The objects from the rows on, before and behind each hop."""

    @property
    def end(self) -> _Place:
        """The objects that the path leads to."""
        return self.places[-1]


class _Answers:
    """What was worked out for one loading: of each model, its rows, and the ways from them."""

    __slots__ = ("rows", "spelled", "ways")

    def __init__(self, tracking: Tracking) -> None:
        self.rows: Kept[Model, Objects] = Kept(tracking)
        self.ways: Kept[tuple[Model, Path], Way] = Kept(tracking)
        self.spelled: Kept[tuple[Model, Path], tuple[Path, ...]] = Kept(tracking)


class Coverage:
    """Answers for one project which hops of a path run a query."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._prefetching = Prefetching(project.tracking, self._default_loading)
        self._defaults: Kept[Model, Loading] = Kept(project.tracking)
        self._answers: dict[Loading, _Answers] = {}
        # By the loading itself, as all that it holds takes long to hash; it is kept so that its id stays its.
        self._of_same: dict[int, tuple[Loading, _Answers]] = {}

    def way(self, model: Model, loading: Loading, path: Path) -> Way:
        """How `path` leads on from rows of `model`: by which hops, and which of them run a query for each row."""
        return self._way(self._of(loading), model, loading, path)

    def spelled(self, model: Model, loading: Loading, read: Path) -> tuple[Path, ...]:
        """By which lookups to load what is read, beside what is loaded: the direct path, or those around to its rows.

        Some sets Django fetches anew for each lookup that goes another way to them, and with them what they had loaded;
        and it goes on with those rows alone that a lookup has fetched, though others were at hand.
        """
        if not loading.prefetched:
            return (self.way(model, loading, read).path,)
        return self._of(loading).spelled.made((model, read), lambda: self._spelled_anew(model, loading, read))

    def _spelled_anew(self, model: Model, loading: Loading, read: Path) -> tuple[Path, ...]:
        way = self.way(model, loading, read)
        path = way.path
        if _leads_to_new_rows(way):
            return (path,)
        wanted = (read, *(entry.leads_to for entry in loading.prefetched))
        before = [self.way(model, loading, one).loaded for one in wanted]
        others = tuple(dict.fromkeys((read, *_others(loading, path))))
        for lookups in ((path,), *((other,) for other in others), *((path, other) for other in others)):
            more = loading.prefetch(*(Prefetched(lookup) for lookup in lookups))
            rows = _at(self._prefetching.rows(model, more))
            after = [functools.reduce(self._onwards, one, rows).loaded for one in wanted]
            if all(after[0]) and not any(_is_lost(was, now) for was, now in zip(before, after, strict=True)):
                return lookups
        return (path,)

    def leaves_out(self, model: Model, loading: Loading, path: Path, column: str) -> bool:
        """Whether the rows at the end of `path` come without a column, which each row then loads by itself."""
        return any(_leaves_out(one, column) for one in self.way(model, loading, path).end)

    def joined_by_all(self, model: Model, loading: Loading, path: Path) -> bool:
        """Whether a select_related() without names brings the rows at the end of `path`: no key leads to them then."""
        if not loading.joins_all:
            return False
        place = self.way(model, loading, path).end
        return bool(place) and all(one.bare_joins for one in place)

    def is_found_by_key(self, model: Model, loading: Loading, path: Path) -> bool:
        """Whether a prefetch of `path` finds its last hop by a key that each row holds: not one that is at hand."""
        before = self.way(model, loading, path[:-1]).end
        return any(
            one.fetched
            for owner in before
            if (relation := owner.relation(path[-1])) is not None and relation.kind.is_forward_key
            for one in owner.held.get(path[-1], ())
            if one.arrived is relation
        )

    def is_shared(self, model: Model, loading: Loading, path: Path) -> bool:
        """Whether the end of `path` is the same object for all rows."""
        place = self.way(model, loading, path).end
        return bool(place) and all(one.at_hand for one in place)

    def lacks_way_back(self, model: Model, loading: Loading, path: Path) -> bool:
        """Whether the rows of a prefetched set come without the key by which Django sorts them to their parents."""
        return any(
            one.arrived is not None
            and one.arrived.kind is RelationKind.REVERSE_FOREIGN_KEY
            and one.arrived.field is not None
            and one.loading.leaves_out(one.arrived.field.name, f"{one.arrived.field.name}_id")
            for one in self.way(model, loading, path).end
        )

    def _of(self, loading: Loading) -> _Answers:
        known = self._of_same.get(id(loading))
        if known is None:
            answers = self._answers.get(loading)
            if answers is None:
                answers = self._answers[loading] = _Answers(self._project.tracking)
            known = self._of_same[id(loading)] = loading, answers
        return known[1]

    def _way(self, answers: _Answers, model: Model, loading: Loading, path: Path) -> Way:
        return answers.ways.made(
            (model, path),
            lambda: (
                self._onwards(self._way(answers, model, loading, path[:-1]), path[-1])
                if path
                else _at(answers.rows.made(model, lambda: self._prefetching.rows(model, loading)))
            ),
        )

    def _onwards(self, way: Way, name: str) -> Way:
        """A way with one hop more."""
        place = way.places[-1]
        found = [(one, one.leads_to(name)) for one in place]
        onwards = _distinct(further for _, held in found for further in held or ())
        loaded = bool(place) and all(held is not None for _, held in found)
        if loaded and onwards and len(way.places) > 1 and all(one in way.places[-2] for one in onwards):
            # Back at the rows, or at those objects of them that the way back leads to.
            return Way(way.path[:-1], way.loaded[:-1], way.doubts, (*way.places[:-2], onwards))
        # What the rows behind the last hop load is no matter of the path.
        doubts = tuple(dict.fromkeys((*way.doubts, *(unknown for one in place for unknown in one.loading.unknown))))
        if not loaded:
            lacking = [one for one, held in found if held is None]
            onwards = _distinct((*onwards, *(further for one in lacking for further in self._fetched(one, name))))
        return Way((*way.path, name), (*way.loaded, loaded), doubts, (*way.places, onwards))

    def _fetched(self, owner: Objects, name: str) -> _Place:
        """Where a hop leads that nothing loaded: to rows that each access fetches anew."""
        relation = owner.relation(name)
        if relation is None or isinstance(relation.target, Unknown):
            return ()
        return owner.ask(relation, lambda: self._prefetching.anew(owner, relation))

    def _default_loading(self, relation: Relation) -> Loading:
        # Forward keys go through the base manager, which loads nothing; sets go through the default manager.
        target = relation.target
        if not relation.to_many or isinstance(target, Unknown):
            return NOTHING_LOADED
        return self._defaults.made(target, lambda: self._default_of(target))

    def _default_of(self, target: Model) -> Loading:
        found = base_queryset(Evaluator(self._project), ManagerOf(target, target.default_manager))
        for option in options(found):
            if isinstance(option, QuerySet):
                return option.loading
        return NOTHING_LOADED.doubt(Unknown("default manager not resolved", target.name))


def _at(rows: Objects) -> Way:
    """The way that leads nowhere yet."""
    return Way((), (), tuple(dict.fromkeys(rows.loading.unknown)), ((rows,),))


def _leads_to_new_rows(way: Way) -> bool:
    """Whether a prefetch of a path comes to no rows that are there, and brings none that prefetch on their own."""
    return way.loaded[:1] == (False,) and not any(one.loading.prefetched for place in way.places[1:] for one in place)


def _leaves_out(one: Objects, column: str) -> bool:
    if one.model is None:
        return False
    key = one.model.primary_key.field
    if column in ("pk", "id") or (key is not None and column == key.name):
        return False
    return one.loading.leaves_out(column, f"{column}_id", column.removesuffix("_id"))


def _is_lost(before: tuple[bool, ...], after: tuple[bool, ...]) -> bool:
    """Whether a hop that was loaded no longer is."""
    return any(was and not now for was, now in zip(before, after, strict=False))


def _others(loading: Loading, path: Path) -> Iterator[Path]:
    """Lookups that might load a path: over the beginning of one that is there, to rows that some part of it reads."""
    there = tuple(_lookups(loading))
    for length in range(len(path) - 1, 0, -1):
        for lookup in there:
            for end in range(len(lookup), length, -1):
                if lookup[end - 1] == path[length - 1]:
                    yield (*lookup[:end], *path[length:])


def _lookups(loading: Loading) -> Iterator[Path]:
    """The lookups of a loading, and those that the queryset of a `Prefetch` brings to its rows."""
    for entry in loading.prefetched:
        yield entry.path
        if entry.queryset is not None:
            yield from ((*entry.leads_to, *inner) for inner in _lookups(entry.queryset.loading))


def _distinct(found: Iterable[Objects]) -> _Place:
    return tuple({id(one): one for one in found}.values())
