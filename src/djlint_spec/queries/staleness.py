"""Loops that change what they read: loaded before the loop, it would be old when its turn comes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import msgspec

from djlint_spec.inference.loading import Path
from djlint_spec.inference.orm import CHANGES, MAKES
from djlint_spec.inference.reads import Loop, Read
from djlint_spec.project import Unknown
from djlint_spec.project.fields import Relation, RelationKind
from djlint_spec.project.models import Model

_OF_ONE_ROW = frozenset(
    {
        RelationKind.ONE_TO_ONE,
        RelationKind.REVERSE_ONE_TO_ONE,
        RelationKind.REVERSE_FOREIGN_KEY,
        RelationKind.GENERIC_RELATION,
    }
)
"""Relations by which no two rows lead to the same one."""


class Writing(msgspec.Struct, frozen=True):
    """What a loop, or code that it calls, writes to a table: `adds` where it only makes new rows."""

    model: Model
    adds: bool


def written_in(reads: Iterable[Read]) -> dict[Loop, dict[Writing, None]]:
    """What each loop writes, in order."""
    found: dict[Loop, dict[Writing, None]] = {}
    for read in reads:
        if read.method in CHANGES and read.model is not None:
            writing = Writing(read.model.concrete, read.method in MAKES)
            for loop in read.loops:
                found.setdefault(loop, {})[writing] = None
    return found


def relations(model: Model, path: Path) -> Iterator[Relation]:
    """The relations that a path goes over, as far as they are known."""
    for name in path:
        relation = model.relations.get(name)
        if relation is None:
            return
        yield relation
        if isinstance(relation.target, Unknown):
            return
        model = relation.target


def goes_stale(model: Model, path: Path, written: Collection[Writing], assigned: Collection[Path]) -> bool:
    """Whether a loop over rows of a model changes what it reads at a path of them.

    It writes to a table that the path leads to, or sets a column (`assigned`, by path) of a row that others lead to as
    well. A row that is new is missing from a set, and changes no row that is there.
    """
    shared = False
    for length, relation in enumerate(relations(model, path), 1):
        shared = shared or relation.kind not in _OF_ONE_ROW
        if not isinstance(relation.target, Model):
            continue
        reached = relation.target
        if any(one.model is reached.concrete and (relation.to_many or not one.adds) for one in written):
            return True
        set_here = (column[length] for column in assigned if column[:-1] == path[:length])
        if shared and any(name in reached.fields or name in reached.attnames for name in set_here):
            return True
    return False
