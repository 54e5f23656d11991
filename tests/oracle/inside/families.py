"""Multi-table children whose keys lead to their parent's table and to one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType

# Models and fields of Django are untyped here: Any stands for what a checked project defines.
Model = Any
_DEPTHS = {2: 5, 3: 3}
_SHALLOWEST = 2


@dataclass(frozen=True)
class Family:
    """A table, those of its children that hang on rows of it or of each other, and its other children.

    Each row of a member is one of the table too: not every row can have one of each member, as there would have to be
    more rows of the members than of the table. Some levels of a tree are what there can be.
    """

    root: Model
    members: tuple[Model, ...]
    others: tuple[Model, ...]

    @property
    def depth(self) -> int:
        """How many levels its trees have: each is as many times larger than the one above as there are members."""
        return _DEPTHS.get(len(self.members), _SHALLOWEST)

    def last(self, models: Sequence[Model]) -> Model:
        """Which of the family is the last among models."""
        return max((self.root, *self.members, *self.others), key=models.index)

    def keys(self, member: Model) -> list[Any]:
        """The keys of a member that lead to rows of the family."""
        return _keys_within(member, self.root, (*self.members, *self.others))


def families(models: list[Model]) -> Iterator[Family]:
    """Each family among models in which several hang on rows of it, the members in the order of the models."""
    for root in models:
        kin = [model for model in models if root in model.__mro__[1:]]
        members = tuple(model for model in kin if _keys_within(model, root, kin))
        if len(members) > 1 and any(key.related_model is root for member in members for key in keys(member)):
            yield Family(root, members, tuple(model for model in kin if model not in members))


def _keys_within(model: Model, root: Model, kin: Iterable[Model]) -> list[Any]:
    held = (root, *kin)
    return [key for key in keys(model) if key.related_model in held and key.model is not root and not hangs_on_own(key)]


def keys(model: Model) -> Iterator[Any]:
    """The keys of a model to rows, but for types of content and the link to a parent's row."""
    for field in model._meta.concrete_fields:
        if (
            field.is_relation
            and field.related_model is not ContentType
            and not getattr(field.remote_field, "parent_link", False)
        ):
            yield field


def hangs_on_own(field: Any) -> bool:
    """Whether a key leads to the table that holds it, which may be that of a parent."""
    return field.related_model is field.model
