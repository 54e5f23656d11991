"""Walks over trees of facts: all parts of a node, outermost first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import msgspec

from djlint_spec.facts import tree as t

Part: TypeAlias = msgspec.Struct
_CLOSED = (t.FunctionDef, t.ClassDef, t.Lambda)


def walk(nodes: Iterable[Part], *, into_definitions: bool = False) -> Iterator[Part]:
    """Every node below `nodes`, themselves included; bodies of nested functions and classes only on request.

    Bodies that are not lowered are never entered.
    """
    stack: list[Part] = list(nodes)[::-1]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, _CLOSED) and not into_definitions:
            continue
        children: list[Part] = []
        for name in node.__struct_fields__:
            value = getattr(node, name)
            if isinstance(value, msgspec.Struct):
                children.append(value)
            elif isinstance(value, tuple):
                children.extend(item for item in value if isinstance(item, msgspec.Struct))
        stack.extend(reversed(children))


def calls(nodes: Iterable[Part], *, into_definitions: bool = False) -> Iterator[t.Call]:
    """Every call below `nodes`, outermost first."""
    return (node for node in walk(nodes, into_definitions=into_definitions) if isinstance(node, t.Call))
