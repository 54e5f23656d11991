"""Whether a relation path is loaded with the rows: the semantics of select_related, prefetch_related, Prefetch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from msgspec.structs import replace

from djlint_spec.inference.evaluate import Evaluator
from djlint_spec.inference.loading import Loading, Path, Prefetched
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


class _Answers:
    """What was worked out for one loading."""

    __slots__ = ("loading", "spelled", "walked")

    def __init__(self, loading: Loading, tracking: Tracking) -> None:
        self.loading = loading
        self.walked: Kept[tuple[Model, Path], tuple[Way, _Place]] = Kept(tracking)
        self.spelled: Kept[tuple[Model, Path], tuple[Path, ...]] = Kept(tracking)


class Coverage:
    """Answers for one project which hops of a path run a query."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._prefetching = Prefetching(self._default_loading)
        # By the loading itself, not by what it holds, which takes long to hash; it is kept so that its id stays its.
        self._answers: dict[int, _Answers] = {}

    def way(self, model: Model, loading: Loading, path: Path) -> Way:
        """How `path` leads on from rows of `model`: by which hops, and which of them run a query for each row."""
        return self._walk(model, loading, path)[0]

    def spelled(self, model: Model, loading: Loading, read: Path) -> tuple[Path, ...]:
        """By which lookups to load what is read, beside what is loaded: the direct path, or those around to its rows.

        Some sets Django fetches anew for each lookup that goes another way to them, and with them what they had loaded;
        and it goes on with those rows alone that a lookup has fetched, though others were at hand.
        """
        if not loading.prefetched:
            return (self.way(model, loading, read).path,)
        return self._of(loading).spelled.made((model, read), lambda: self._spelled_anew(model, loading, read))

    def _spelled_anew(self, model: Model, loading: Loading, read: Path) -> tuple[Path, ...]:
        path = self.way(model, loading, read).path
        wanted = (read, *(entry.leads_to for entry in loading.prefetched))
        before = self._loaded(model, loading, wanted)
        others = tuple(dict.fromkeys((read, *_others(loading, path))))
        for lookups in ((path,), *((other,) for other in others), *((path, other) for other in others)):
            more = replace(loading, prefetched=(*loading.prefetched, *(Prefetched(lookup) for lookup in lookups)))
            after = self._loaded(model, more, wanted)
            if all(after[0]) and not any(_is_lost(was, now) for was, now in zip(before, after, strict=True)):
                return lookups
        return (path,)

    def leaves_out(self, model: Model, loading: Loading, path: Path, column: str) -> bool:
        """Whether the rows at the end of `path` come without a column, which each row then loads by itself."""
        return any(_leaves_out(one, column) for one in self._walk(model, loading, path)[1])

    def joined_by_all(self, model: Model, loading: Loading, path: Path) -> bool:
        """Whether a select_related() without names brings the rows at the end of `path`: no key leads to them then."""
        if not loading.joins_all:
            return False
        place = self._walk(model, loading, path)[1]
        return bool(place) and all(one.bare_joins for one in place)

    def is_found_by_key(self, model: Model, loading: Loading, path: Path) -> bool:
        """Whether a prefetch of `path` finds its last hop by a key that each row holds: not one that is at hand."""
        before = self._walk(model, loading, path[:-1])[1]
        return any(
            one.fetched
            for owner in before
            if (relation := owner.relation(path[-1])) is not None and relation.kind.is_forward_key
            for one in owner.held.get(path[-1], ())
            if one.arrived is relation
        )

    def is_shared(self, model: Model, loading: Loading, path: Path) -> bool:
        """Whether the end of `path` is the same object for all rows."""
        place = self._walk(model, loading, path)[1]
        return bool(place) and all(one.at_hand for one in place)

    def lacks_way_back(self, model: Model, loading: Loading, path: Path) -> bool:
        """Whether the rows of a prefetched set come without the key by which Django sorts them to their parents."""
        return any(
            one.arrived is not None
            and one.arrived.kind is RelationKind.REVERSE_FOREIGN_KEY
            and one.arrived.field is not None
            and one.loading.leaves_out(one.arrived.field.name, f"{one.arrived.field.name}_id")
            for one in self._walk(model, loading, path)[1]
        )

    def _walk(self, model: Model, loading: Loading, path: Path) -> tuple[Way, _Place]:
        return self._of(loading).walked.made((model, path), lambda: self._walk_anew(model, loading, path))

    def _of(self, loading: Loading) -> _Answers:
        known = self._answers.get(id(loading))
        if known is None:
            known = self._answers[id(loading)] = _Answers(loading, self._project.tracking)
        return known

    def _walk_anew(self, model: Model, loading: Loading, path: Path) -> tuple[Way, _Place]:
        return self._walk_from(self._prefetching.rows(model, loading), path)

    def _walk_from(self, rows: Objects, path: Path) -> tuple[Way, _Place]:
        places: list[_Place] = [(rows,)]
        hops: list[tuple[str, bool]] = []
        doubts: list[Unknown] = list(rows.loading.unknown)
        for name in path:
            place = places[-1]
            found = [(one, one.leads_to(name)) for one in place]
            onwards = tuple(_distinct(further for _, held in found for further in held or ()))
            loaded = bool(place) and all(held is not None for _, held in found)
            if loaded and onwards and len(places) > 1 and all(one in places[-2] for one in onwards):
                places[-2:] = [onwards]  # back at the rows, or at those objects of them that the way back leads to
                hops.pop()
                continue
            # What the rows behind the last hop load is no matter of the path.
            doubts.extend(unknown for one in place for unknown in one.loading.unknown)
            hops.append((name, loaded))
            if not loaded:
                lacking = [one for one, held in found if held is None]
                onwards = tuple(_distinct((*onwards, *(o for one in lacking for o in self._fetched(one, name)))))
            places.append(onwards)
        names, done = tuple(name for name, _ in hops), tuple(done for _, done in hops)
        return Way(names, done, tuple(dict.fromkeys(doubts))), places[-1]

    def _fetched(self, owner: Objects, name: str) -> _Place:
        """Where a hop leads that nothing loaded: to rows that each access fetches anew."""
        relation = owner.relation(name)
        if relation is None or isinstance(relation.target, Unknown):
            return ()
        return owner.ask(relation, lambda: self._prefetching.anew(owner, relation))

    def _loaded(self, model: Model, loading: Loading, paths: Iterable[Path]) -> list[tuple[bool, ...]]:
        rows = self._prefetching.rows(model, loading)
        return [self._walk_from(rows, path)[0].loaded for path in paths]

    def _default_loading(self, relation: Relation) -> Loading:
        # Forward keys go through the base manager, which loads nothing; sets go through the default manager.
        target = relation.target
        if not relation.to_many or isinstance(target, Unknown):
            return Loading()
        found = base_queryset(Evaluator(self._project), ManagerOf(target, target.default_manager))
        for option in options(found):
            if isinstance(option, QuerySet):
                return option.loading
        return Loading().doubt(Unknown("default manager not resolved", target.name))


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
    for length in range(len(path) - 1, 0, -1):
        for entry in loading.prefetched:
            for end in range(len(entry.path), length, -1):
                if entry.path[end - 1] == path[length - 1]:
                    yield (*entry.path[:end], *path[length:])


def _distinct(found: Iterable[Objects]) -> Iterator[Objects]:
    return iter({id(one): one for one in found}.values())
