"""Whether a relation path is loaded with the rows: the semantics of select_related, prefetch_related, Prefetch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec
from msgspec.structs import replace

from djlint_spec.inference.evaluate import Evaluator
from djlint_spec.inference.loading import Loading, Path, Prefetched
from djlint_spec.inference.orm import base_queryset
from djlint_spec.inference.values import ManagerOf, QuerySet, options
from djlint_spec.project import Project, Unknown
from djlint_spec.project.fields import Relation, RelationKind
from djlint_spec.project.models import Model
from djlint_spec.project.tracking import Kept

_DEPTH_OF_BARE_JOIN = 5


class _Place(msgspec.Struct, frozen=True):
    """Rows somewhere down a path: their model, what is loaded with them, how one came here.

    A place `at_hand` is one object for the whole list, or the objects of a set that such a one has fetched: their keys
    are followed once. Sets are asked anew each time, unless they are prefetched.
    `brought` are the relations that the queryset of a prefetched set loads itself, before the set finds its parents.
    """

    model: Model
    loading: Loading
    arrived: Relation | None = None
    parent: _Place | None = None
    bare_joins: int = 0
    at_hand: bool = False
    brought: frozenset[str] = frozenset()


class Way(msgspec.Struct, frozen=True):
    """A path without the hops that lead back to a row at hand: whether each is loaded, and what might load more."""

    path: Path
    loaded: tuple[bool, ...]
    doubts: tuple[Unknown, ...]


class Coverage:
    """Answers for one project which hops of a path run a query."""

    def __init__(self, project: Project) -> None:
        self._project = project
        # By the loading itself, not by what it holds, which takes long to hash; it is kept so that its id stays its.
        self._walked: dict[int, tuple[Loading, Kept[tuple[Model, Path], tuple[Way, _Place | None]]]] = {}

    def way(self, model: Model, loading: Loading, path: Path) -> Way:
        """How `path` leads on from rows of `model`: by which hops, and which of them run a query for each row."""
        return self._walk(model, loading, path)[0]

    def spelled(self, model: Model, loading: Loading, path: Path) -> Path:
        """By which path to load a further one: by that which fetches the sets on it last, where it goes a way back."""
        last = self._last_ways(model, loading) if loading.prefetched else {}
        direct = max((direct for direct in last if _is_behind(path, direct)), key=len, default=())
        return (*last[direct], *path[len(direct) :]) if direct else path

    def leaves_out(self, model: Model, loading: Loading, path: Path, column: str) -> bool:
        """Whether the rows at the end of `path` come without a column, which each row then loads by itself."""
        place = self._walk(model, loading, path)[1]
        if place is None:
            return False
        key = place.model.primary_key.field
        if column in ("pk", "id") or (key is not None and column == key.name):
            return False
        return place.loading.leaves_out(column, f"{column}_id", column.removesuffix("_id"))

    def joined_by_all(self, model: Model, loading: Loading, path: Path) -> bool:
        """Whether a select_related() without names brings the rows at the end of `path`: no key leads to them then."""
        place = self._walk(model, loading, path)[1] if loading.joins_all else None
        return place is not None and place.parent is not None and place.bare_joins > place.parent.bare_joins

    def is_found_by_key(self, model: Model, loading: Loading, path: Path) -> bool:
        """Whether a prefetch of `path` finds its last hop by a key that each row holds: not one that is at hand."""
        place = self._walk(model, loading, path[:-1])[1]
        relation = place.model.relations.get(path[-1]) if place is not None else None
        return (
            place is not None
            and relation is not None
            and relation.kind.is_forward_key
            and (relation.query_name,) not in place.loading.joined
            and not self._leads_back(place, path[-1])
            and not self.joined_by_all(model, loading, path)
        )

    def is_shared(self, model: Model, loading: Loading, path: Path) -> bool:
        """Whether the end of `path` is the same object for all rows."""
        place = self._walk(model, loading, path)[1]
        return place is not None and place.at_hand

    def lacks_way_back(self, model: Model, loading: Loading, path: Path) -> bool:
        """Whether the rows of a prefetched set come without the key by which Django sorts them to their parents."""
        place = self._walk(model, loading, path)[1]
        if place is None or place.arrived is None or place.arrived.kind is not RelationKind.REVERSE_FOREIGN_KEY:
            return False
        key = place.arrived.field
        return key is not None and place.loading.leaves_out(key.name, f"{key.name}_id")

    def _walk(self, model: Model, loading: Loading, path: Path) -> tuple[Way, _Place | None]:
        held = self._walked.get(id(loading))
        if held is None:
            held = self._walked[id(loading)] = loading, Kept(self._project.tracking)
        return held[1].made((model, path), lambda: self._walk_anew(model, loading, path))

    def _walk_anew(self, model: Model, loading: Loading, path: Path) -> tuple[Way, _Place | None]:
        place: _Place | None = _Place(model, self._with_ways_back(model, loading))
        hops: list[tuple[str, bool]] = []
        doubts: list[Unknown] = list(loading.unknown)
        for name in path:
            if place is None:
                hops.append((name, False))
                continue
            if self._leads_back(place, name):
                place = place.parent
                hops.pop()
                continue
            doubts.extend(place.loading.unknown)  # what the rows behind the last hop load is no matter of the path
            loaded = self._step(place, name)
            hops.append((name, loaded is not None))
            place = loaded or self._fetched(place, name)
        names, done = tuple(name for name, _ in hops), tuple(done for _, done in hops)
        return Way(names, done, tuple(dict.fromkeys(doubts))), place

    def _step(self, place: _Place, name: str) -> _Place | None:
        loading = place.loading
        for entry in loading.prefetched:
            if entry.to_attr == name and len(entry.path) == 1:
                relation = place.model.relations.get(entry.path[0])
                if relation is not None and not isinstance(relation.target, Unknown):
                    return self._prefetched(place, relation, relation.target, (entry,), name)
        relation = place.model.relations.get(name)
        if relation is None or isinstance(relation.target, Unknown):
            return self._at_unknown(place, name, relation)
        joined = frozenset(path[1:] for path in loading.joined if path[0] == relation.query_name and len(path) > 1)
        nested = tuple(
            replace(entry, path=entry.path[1:])
            for entry in loading.prefetched
            if entry.path[0] == name and len(entry.path) > 1
        )
        pinned = frozenset(path[1:] for path in loading.pinned if path[0] == relation.query_name and len(path) > 1)
        if not relation.to_many and (place.at_hand or name in loading.at_hand):
            held = (*nested, *loading.of_owner) if name in loading.at_hand else nested
            return _Place(relation.target, Loading(prefetched=held), relation, place, at_hand=True)
        if name in loading.absent:
            return _Place(relation.target, Loading(), relation, place, at_hand=True)
        if (relation.query_name,) in loading.joined:
            columns = loading.columns_of(relation.query_name)
            inner = replace(columns, joined=joined, prefetched=nested, pinned=pinned, unknown=loading.unknown)
            return _Place(relation.target, inner, relation, place)
        if loading.joins_all and relation.kind.is_forward_key and not relation.nullable:
            if place.bare_joins >= _DEPTH_OF_BARE_JOIN:
                return None
            columns = loading.columns_of(relation.query_name)
            inner = replace(columns, joins_all=True, prefetched=nested, pinned=pinned, unknown=loading.unknown)
            return _Place(relation.target, inner, relation, place, place.bare_joins + 1)
        entries = tuple(entry for entry in loading.prefetched if entry.path[0] == name and not _elsewhere(entry))
        if entries:
            return self._prefetched(place, relation, relation.target, entries, name)
        if relation.parent_link and relation.kind is RelationKind.ONE_TO_ONE:
            # The row of the child holds every column of its parent: Django makes the parent of them.
            return _Place(relation.target, Loading(), relation, place)
        return None

    def _at_unknown(self, place: _Place, name: str, relation: Relation | None) -> _Place | None:
        if relation is not None and place.loading.joins_all and relation.kind.is_forward_key and not relation.nullable:
            return place
        if relation is not None and not relation.to_many and place.at_hand:
            return place
        loaded = any(entry.path[0] == name for entry in place.loading.prefetched) or any(
            path[0] == name for path in place.loading.joined
        )
        return place if loaded else None

    def _fetched(self, place: _Place, name: str) -> _Place | None:
        """Where a hop leads that nothing loaded: to rows that each access fetches anew."""
        relation = place.model.relations.get(name)
        if relation is None or isinstance(relation.target, Unknown):
            return None
        return _Place(relation.target, self._default_loading(relation, relation.target), relation, place)

    @staticmethod
    def _leads_back(place: _Place, name: str) -> bool:
        relation = place.model.relations.get(name)
        if relation is None or place.arrived is None or not relation.goes_back(place.arrived):
            return False
        if place.arrived.kind is not RelationKind.REVERSE_FOREIGN_KEY:
            return True  # the sides of a one-to-one are put in each other's place whatever was loaded
        # A row that the set itself loads stays: Django does not put the parent in its place.
        return name not in place.brought and not _joins(place.loading, relation)

    def _prefetched(
        self, place: _Place, relation: Relation, target: Model, entries: tuple[Prefetched, ...], name: str
    ) -> _Place:
        own = next((entry.queryset for entry in entries if len(entry.path) == 1 and entry.queryset is not None), None)
        loading = self._with_ways_back(target, own.rows.loading if own else self._default_loading(relation, target))
        further = tuple(
            replace(entry, path=entry.path[1:])
            for entry in place.loading.prefetched
            if entry.path[0] == name and len(entry.path) > 1
        )
        pins = place.loading.pinned
        pinned = frozenset(path[1:] for path in pins if path[0] == relation.query_name and len(path) > 1)
        inner = replace(loading, prefetched=(*loading.prefetched, *further), pinned=loading.pinned | pinned)
        brought = frozenset(entry.path[0] for entry in loading.prefetched)
        at_hand = place.at_hand or (relation.query_name,) in pins
        return _Place(target, inner, relation, place, at_hand=at_hand, brought=brought)

    def _default_loading(self, relation: Relation, target: Model) -> Loading:
        # Forward keys go through the base manager, which loads nothing; sets go through the default manager.
        if not relation.to_many:
            return Loading()
        found = base_queryset(Evaluator(self._project), ManagerOf(target, target.default_manager))
        for option in options(found):
            if isinstance(option, QuerySet):
                return option.loading
        return Loading().doubt(Unknown("default manager not resolved", target.name))

    def _with_ways_back(self, model: Model, loading: Loading) -> Loading:
        """What a prefetch over a way back loads too: `lines__order__customer` loads `customer` of the order at hand."""
        last = self._last_ways(model, loading)
        further: dict[Prefetched, None] = {}
        for entry in loading.prefetched:
            for part, shorter, kept in self._shortened(model, loading, entry):
                if all(
                    last.get(direct, part[:length]) == part[:length]
                    for direct, length in _kept_apart(model, part, kept[:-1])
                ):
                    further.setdefault(replace(entry, path=shorter) if part == entry.path else Prefetched(shorter))
        if not further:
            return loading
        around = {direct for direct, way in last.items() if way != direct}
        own = (e for e in loading.prefetched if not any(_is_behind(e.path, direct) for direct in around))
        return replace(loading, prefetched=(*own, *further))

    def _shortened(
        self, model: Model, loading: Loading, entry: Prefetched
    ) -> Iterator[tuple[Path, Path, tuple[int, ...]]]:
        """Each beginning of a path that is prefetched, with each path that it comes to without ways back."""
        for length in range(2, len(entry.path) + 1):
            part = entry.path[:length]
            for shorter, kept in self._without_ways_back(model, loading, part).items():
                yield part, shorter, kept

    def _last_ways(self, model: Model, loading: Loading) -> Mapping[Path, Path]:
        """By which path sets are fetched last that each path fetches anew: by the direct path to them, or around."""
        last: dict[Path, Path] = {}
        for entry in loading.prefetched:
            for part, _, kept in self._shortened(model, loading, entry):
                for direct, length in _kept_apart(model, part, kept):
                    if _start(loading, part[:length]) > _start(loading, last.setdefault(direct, direct)):
                        last[direct] = part[:length]
        return last

    def _without_ways_back(self, model: Model, loading: Loading, path: Path) -> dict[Path, tuple[int, ...]]:
        """A path with one, several or all of its ways back left out, by the places of it that are left; never none."""
        relations = _relations(model, path)
        found: dict[Path, tuple[int, ...]] = {}
        left = [tuple(range(len(relations)))]
        while left:
            kept = left.pop()
            for index in range(1, len(kept)):
                there, back = relations[kept[index - 1]], relations[kept[index]]
                before = tuple(path[place] for place in kept[:index])
                if back.goes_back(there) and not self._brings(loading, before, there, back):
                    fewer = kept[: index - 1] + kept[index + 1 :]
                    shorter = (*(path[place] for place in fewer), *path[len(relations) :])
                    if shorter and shorter not in found:
                        found[shorter] = fewer
                        left.append(fewer)
        return found

    def _brings(self, loading: Loading, path: Path, arrived: Relation, back: Relation) -> bool:
        """Whether the queryset of the set at `path` loads the way back itself, so that it is not the row at hand."""
        if arrived.kind is not RelationKind.REVERSE_FOREIGN_KEY or isinstance(arrived.target, Unknown):
            return False
        given = (entry.queryset for entry in loading.prefetched if entry.path == path and entry.to_attr is None)
        own = next((queryset for queryset in given if queryset is not None), None)
        brought = own.rows.loading if own is not None else self._default_loading(arrived, arrived.target)
        return _joins(brought, back) or any(entry.path[0] == back.name for entry in brought.prefetched)


def _elsewhere(entry: Prefetched) -> bool:
    # A Prefetch with to_attr fills that attribute and leaves the relation's own cache empty.
    return entry.to_attr is not None and len(entry.path) == 1


def _joins(loading: Loading, relation: Relation) -> bool:
    """Whether a queryset joins a relation."""
    return (relation.query_name,) in loading.joined or (loading.joins_all and not relation.nullable)


def _relations(model: Model, path: Path) -> tuple[Relation, ...]:
    """The relations along a path, as far as they are known."""
    relations: list[Relation] = []
    for name in path:
        relation = model.relations.get(name)
        if relation is None or isinstance(relation.target, Unknown):
            break
        relations.append(relation)
        model = relation.target
    return tuple(relations)


def _is_behind(path: Path, other: Path) -> bool:
    return len(path) > len(other) and path[: len(other)] == other


def _kept_apart(model: Model, path: Path, kept: tuple[int, ...]) -> Iterator[tuple[Path, int]]:
    """The direct paths to sets on a path with ways back that Django fetches by each path anew, and how far they are.

    It keeps the far side of a many-to-many under the name for lookups (`book`), and looks under that of the accessor
    (`book_set`) whether it has been fetched: `prefetch_related_objects` (django/db/models/query.py).
    """
    relations = _relations(model, path)
    for position, place in enumerate(kept):
        if place >= len(relations):
            return
        relation = relations[place]
        direct = tuple(path[index] for index in kept[: position + 1])
        differs = relation.kind is RelationKind.REVERSE_MANY_TO_MANY and relation.name != relation.query_name
        if differs and direct != path[: place + 1]:
            yield direct, place + 1


def _start(loading: Loading, path: Path) -> int:
    """The place among all that is prefetched at which a path is first gone; -1 for one that is not."""
    for place, entry in enumerate(loading.prefetched):
        if entry.path[: len(path)] == path:
            return place
        within = path[len(entry.path) :] if _is_behind(path, entry.path) and entry.to_attr is None else ()
        if within and entry.queryset is not None and _start(entry.queryset.loading, within) >= 0:
            return place
    return -1
