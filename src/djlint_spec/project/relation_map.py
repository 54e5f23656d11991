"""Relations by name, each worked out when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar, overload

from djlint_spec.project.fields import Relation

T = TypeVar("T")


class RelationMap(Mapping[str, Relation]):
    """A mapping in which `find` looks a single name up, and `whole` makes what all names come to.

    Most ask for one name, and all of a model's relations are a way through every model that leads to it.
    """

    __slots__ = ("_find", "_whole")

    def __init__(self, find: Callable[[str], Relation | None], whole: Callable[[], Mapping[str, Relation]]) -> None:
        self._find = find
        self._whole = whole

    def __getitem__(self, name: str) -> Relation:
        found = self._find(name)
        if found is None:
            raise KeyError(name)
        return found

    @overload
    def get(self, name: str, /) -> Relation | None: ...

    @overload
    def get(self, name: str, /, default: Relation | T) -> Relation | T: ...

    def get(self, name: str, /, default: object = None) -> object:
        """The relation of a name, `default` where there is none."""
        found = self._find(name)
        return default if found is None else found

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._find(name) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole())

    def __len__(self) -> int:
        return len(self._whole())
