"""What prefetch_related leaves on rows: Django's own algorithm, carried out on objects that stand for many.

`prefetch_related_objects` and `prefetch_one_level` (django/db/models/query.py) go along each lookup from the rows on,
fetch for those objects that have nothing yet, and go on with what they find: often with objects that are at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from msgspec.structs import replace

from djlint_spec.inference.loading import NOTHING_LOADED, Loading, Path, Prefetched
from djlint_spec.project import Unknown
from djlint_spec.project.fields import Relation, RelationKind
from djlint_spec.project.models import Model
from djlint_spec.project.tracking import Kept, Tracking

_DEPTH_OF_BARE_JOIN = 5
_LONGEST_LOOKUP = 12
"""Managers may prefetch one another's rows without end; rows that are there end it for Django."""
_MANY_TO_MANY = frozenset({RelationKind.MANY_TO_MANY, RelationKind.REVERSE_MANY_TO_MANY})
_REVERSE_KEYS = frozenset({RelationKind.REVERSE_FOREIGN_KEY, RelationKind.REVERSE_ONE_TO_ONE})


_Reach: TypeAlias = "tuple[tuple[Objects, ...] | None, bool]"
"""What a name leads to that nothing has fetched, None where a query brings it; and whether it is joined."""


class Objects:
    """The objects that hold the rows at one place: all those that are alike in what is loaded with them.

    `loading` is what the queryset that brought them does beside its prefetches. `held` is what they lead to without a
    query, by the name of the relation or of a `to_attr`. Objects `at_hand` are one for the whole list, or the set that
    such a one has fetched: their keys are followed once. The `model` of what a generic key leads to is None.
    """

    __slots__ = (
        "_asked",
        "_reached",
        "_tracking",
        "arrived",
        "at_hand",
        "bare_joins",
        "fetched",
        "held",
        "loading",
        "model",
        "pinned",
    )

    def __init__(
        self,
        tracking: Tracking,
        model: Model | None,
        loading: Loading,
        arrived: Relation | None = None,
        *,
        at_hand: bool = False,
        bare_joins: int = 0,
        fetched: bool = False,
    ) -> None:
        self.model = model
        self.loading = loading
        self.arrived = arrived
        self.at_hand = at_hand
        self.bare_joins = bare_joins
        self.fetched = fetched
        self.pinned = loading.pinned
        self.held: dict[str, tuple[Objects, ...]] = {}
        self._tracking = tracking
        self._reached: Kept[str, _Reach] = Kept(tracking)
        self._asked: Kept[str, tuple[Objects, ...]] = Kept(tracking)

    def relation(self, name: str) -> Relation | None:
        """The relation of a name."""
        return self.model.relations.get(name) if self.model is not None else None

    def leads_to(self, name: str) -> tuple[Objects, ...] | None:
        """What a name leads to without a query: what is held, joined or at hand; None where a query brings it."""
        held = self.held.get(name)
        return held if held is not None else self._reached.made(name, lambda: self._reach(name))[0]

    def holds(self, name: str) -> bool:
        """Whether the objects hold what a name leads to, fetched or joined."""
        return name in self.held or self._reached.made(name, lambda: self._reach(name))[1]

    def _reach(self, name: str) -> _Reach:
        relation = self.relation(name)
        if relation is None:
            return None, False
        found = self._joined(relation)
        if found is not None:
            return (found,), True
        if self.at_hand and not relation.to_many:
            return (Objects(self._tracking, _target(relation), NOTHING_LOADED, relation, at_hand=True),), False
        if relation.parent_link and relation.kind is RelationKind.ONE_TO_ONE:
            # The row of the child holds every column of its parent: Django makes the parent of them.
            return (Objects(self._tracking, _target(relation), NOTHING_LOADED, relation),), False
        return None, False

    def ask(self, relation: Relation, make: Callable[[], Objects]) -> tuple[Objects, ...]:
        """What a relation leads to that runs a query for each row."""
        return self._asked.made(relation.name, lambda: (make(),))

    def knows(self, relation: Relation, owner: Objects) -> None:
        """Let the objects lead back to the one that a relation has come from."""
        back = way_back(self.model, relation)
        if back is not None:
            self.held[back.name] = (owner,)

    def _joined(self, relation: Relation) -> Objects | None:
        loading, lookup = self.loading, relation.query_name
        if (lookup,) in loading.joined:
            inner = replace(loading.columns_of(lookup), joined=_behind(loading.joined, lookup), unknown=loading.unknown)
            found = Objects(self._tracking, _target(relation), inner, relation, at_hand=self.at_hand)
        elif self._is_joined_by_all(relation):
            inner = replace(loading.columns_of(lookup), joins_all=True, unknown=loading.unknown)
            found = Objects(self._tracking, _target(relation), inner, relation, bare_joins=self.bare_joins + 1)
        else:
            return None
        found.pinned = _behind(self.pinned, lookup)
        if relation.kind is not RelationKind.FOREIGN_KEY:
            found.knows(relation, self)
        return found

    def _is_joined_by_all(self, relation: Relation) -> bool:
        follows = self.loading.joins_all and self.bare_joins < _DEPTH_OF_BARE_JOIN
        return follows and relation.kind.is_forward_key and not relation.nullable


def _target(relation: Relation) -> Model | None:
    return relation.target if not isinstance(relation.target, Unknown) else None


def _behind(paths: frozenset[Path], name: str) -> frozenset[Path]:
    return frozenset(path[1:] for path in paths if path[0] == name and len(path) > 1)


def way_back(model: Model | None, arrived: Relation) -> Relation | None:
    """The relation by which rows lead back to where one has come from; None where Django does not keep that."""
    if model is None or arrived.field is None:
        return None
    if arrived.kind in _REVERSE_KEYS:
        relation = model.relations.get(arrived.field.name)
        return relation if relation is not None and relation.goes_back(arrived) else None
    if arrived.kind is not RelationKind.ONE_TO_ONE:
        return None
    # A key that an abstract class declares leads back to each class that inherits it.
    found = [relation for relation in model.relations.values() if relation.goes_back(arrived)]
    return next((relation for relation in found if relation.target is arrived.source), next(iter(found), None))


class Prefetching:
    """Carries out prefetches; `default` tells what the rows of a relation load without a queryset of one's own."""

    def __init__(self, tracking: Tracking, default: Callable[[Relation], Loading]) -> None:
        self._tracking = tracking
        self._default = default

    def rows(self, model: Model, loading: Loading) -> Objects:
        """The rows of a queryset, with all that is loaded."""
        rows = Objects(self._tracking, model, loading)
        self._know_owner(rows)
        self.load([rows], loading.prefetched)
        return rows

    def _know_owner(self, rows: Objects) -> None:
        """Let rows lead to the one that their queryset is the set of, or that it holds them to."""
        loading = rows.loading
        if not loading.at_hand and not loading.absent:
            return
        for name in sorted(loading.at_hand | loading.absent):
            relation = rows.relation(name)
            if relation is not None and not relation.to_many:
                owner = Objects(self._tracking, _target(relation), NOTHING_LOADED, relation, at_hand=True)
                if name in loading.at_hand:
                    self.load([owner], loading.of_owner)
                rows.held[name] = (owner,)

    def anew(self, owner: Objects, relation: Relation) -> Objects:
        """What each access of a relation that is not loaded brings."""
        loading = self._default(relation)
        found = Objects(self._tracking, _target(relation), loading, relation)
        self.load([found], loading.prefetched)
        found.knows(relation, owner)
        return found

    def load(self, rows: Sequence[Objects], entries: Sequence[Prefetched]) -> None:
        """Go along each lookup: `prefetch_related_objects`."""
        if not entries:
            return
        done: dict[Path, list[Objects]] = {}
        start: Path = ()
        lookups = [(entry, start, entry.leads_to) for entry in entries][::-1]
        while lookups:
            entry, before, to = lookups.pop()
            if to in done:
                continue
            found = list(rows)
            for level, name in enumerate((*before, *entry.path)):
                if not found:
                    break
                reached = to[: level + 1]
                if reached in done:
                    found = done[reached]
                    continue
                last = level == len(to) - 1
                lacking = [one for one in found if not _is_fetched(one, name, reached[-1])]
                if not lacking:
                    found = _onwards(found, reached[-1])
                    continue
                found, further = self._one_level(lacking, name, reached[-1], entry if last else None)
                done[reached] = found
                if len(reached) < _LONGEST_LOOKUP:
                    lookups.extend((more, reached, (*reached, *more.leads_to)) for more in further[::-1])

    def _one_level(
        self, owners: Sequence[Objects], name: str, held_as: str, entry: Prefetched | None
    ) -> tuple[list[Objects], Sequence[Prefetched]]:
        """Fetch for each of the owners: `prefetch_one_level`. What was fetched, and what its queryset prefetches."""
        relation = owners[0].relation(name)
        if relation is None or isinstance(relation.target, Unknown):
            found = [Objects(self._tracking, None, NOTHING_LOADED, relation, fetched=True)]
            further: Sequence[Prefetched] = ()
        else:
            own = entry.queryset if entry is not None else None
            loading = own.rows.loading if own is not None else self._default(relation)
            further = loading.prefetched
            at_hand = any(owner.at_hand or (relation.query_name,) in owner.pinned for owner in owners)
            pinned = frozenset(
                path for owner in owners if owner.pinned for path in _behind(owner.pinned, relation.query_name)
            )
            # Over a many-to-many a row comes once for every owner that it belongs to, as another object each time.
            several = relation.kind in _MANY_TO_MANY and not at_hand
            found = [
                Objects(self._tracking, relation.target, loading, relation, at_hand=at_hand, fetched=True)
                for _ in range(2 if several else 1)
            ]
            for one in found:
                one.pinned |= pinned
                self._know_owner(one)
            self._lead_back(found, relation, owners[-1], further)
        for owner in owners:
            owner.held[held_as] = tuple(found)
        return found, further

    def _lead_back(
        self, found: Sequence[Objects], relation: Relation, owner: Objects, further: Sequence[Prefetched]
    ) -> None:
        """Let what was fetched lead back to its owner: of several objects for one row, the last is known."""
        for one in found:
            back = way_back(one.model, relation)
            if back is None:
                continue
            # The rows are gone through at once, which brings what their queryset prefetches before.
            self.load([one], further)
            # A row that the queryset of the set loads itself stays: Django does not put the parent in its place.
            if relation.kind is not RelationKind.REVERSE_FOREIGN_KEY or not one.holds(back.name):
                one.held[back.name] = (owner,)


def _is_fetched(one: Objects, name: str, held_as: str) -> bool:
    """Whether Django finds something where a lookup would put what it fetches.

    It keeps the far side of a many-to-many under the name for lookups (`book`), and looks under that of the accessor
    (`book_set`) whether it has been fetched: it never has.
    """
    relation = one.relation(name) if name == held_as else None
    if relation is not None and relation.kind is RelationKind.REVERSE_MANY_TO_MANY:
        return relation.name == relation.query_name and one.holds(name)
    return one.holds(held_as)


def _onwards(found: Iterable[Objects], name: str) -> list[Objects]:
    return list(_distinct(further for one in found for further in one.leads_to(name) or ()))


def _distinct(found: Iterable[Objects]) -> Iterator[Objects]:
    """Each of some objects once, at its last place."""
    last = list({id(one): one for one in reversed(list(found))}.values())
    return reversed(last)
