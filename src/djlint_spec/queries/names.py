"""What a function does with each of its names: what it gives to them, and how it uses them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import walk
from djlint_spec.project import Function

OTHERWISE = ""
"""A use of a name that is no call of one of its methods."""


@dataclass(slots=True)
class Names:
    """The names of one function: the values assigned to each, and its uses, by place, with the method that is called.

    A use within a function or class that is defined inside counts as one whose place is that of the definition.
    """

    given: dict[str, list[t.Expr]] = field(default_factory=dict)
    uses: dict[str, dict[int, str]] = field(default_factory=dict)
    _closed: list[tuple[int, str]] = field(default_factory=list)

    def used(self, name: str, *, beside: int) -> frozenset[str]:
        """The methods called on a name, and `OTHERWISE` for any other use of it, but for the use at a place."""
        found = {method for place, method in self.uses.get(name, {}).items() if place != beside}
        if any(name in text and re.search(rf"\b{name}\b", text) for _, text in self._closed):
            found.add(OTHERWISE)
        return frozenset(found)

    def made(self, name: str) -> Sequence[t.Expr]:
        """The values assigned to a name."""
        return self.given.get(name, ())


def names_of(function: Function) -> Names:
    """The names of a function, gathered in one walk."""
    names = Names()
    bound: set[int] = set()
    for node in walk(function.body):
        match node:
            case t.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, t.Name):
                        bound.add(target.start)
                        names.given.setdefault(target.id, []).append(value)
            case t.AnnAssign(target=t.Name(id=name) as target, value=value):
                bound.add(target.start)
                if value is not None:
                    names.given.setdefault(name, []).append(value)
            case t.Call(func=t.Attribute(value=t.Name(id=name) as receiver, attr=method)):
                names.uses.setdefault(name, {})[receiver.start] = method
            case t.Name(id=name):
                if node.start not in bound:
                    names.uses.setdefault(name, {}).setdefault(node.start, OTHERWISE)
            case t.FunctionDef() | t.Lambda() | t.ClassDef():
                names._closed.append((node.start, function.module.text(node)))
            case _:
                pass
    return names
