"""Walks over trees of facts: all parts of a node, outermost first."""

from __future__ import annotations

import typing
from collections.abc import Iterable, Iterator
from typing import TypeAlias

import msgspec

from djlint_spec.facts import tree as t

Part: TypeAlias = msgspec.Struct
_CLOSED = frozenset({t.FunctionDef, t.ClassDef, t.Lambda})
_PLAIN: tuple[object, ...] = (int, float, str, bytes, bool, type(None), ...)


def walk(nodes: Iterable[Part], *, into_definitions: bool = False) -> Iterator[Part]:
    """Every node below `nodes`, themselves included; bodies of nested functions and classes only on request.

    Bodies that are not lowered are never entered.
    """
    stack: list[Part] = list(nodes)[::-1]
    closed = frozenset() if into_definitions else _CLOSED
    while stack:
        node = stack.pop()
        yield node
        cls = type(node)
        fields = _FIELDS[cls]
        if not fields or cls in closed:
            continue
        for name in fields:
            value = getattr(node, name)
            if type(value) is not tuple:
                if value is not None:
                    stack.append(value)
            elif len(value) == 1 and value[0] is not None:
                stack.append(value[0])
            elif value:
                stack.extend([item for item in value[::-1] if item is not None])


class _Fields(dict[type, tuple[str, ...]]):
    """By class of nodes: its fields that may hold nodes, the last first."""

    def __missing__(self, cls: type) -> tuple[str, ...]:
        hints = typing.get_type_hints(cls, vars(t))
        assert issubclass(cls, msgspec.Struct)
        names = tuple(name for name in reversed(cls.__struct_fields__) if not _is_plain(hints[name]))
        self[cls] = names
        return names


_FIELDS = _Fields()


def _is_plain(hint: object) -> bool:
    parts = typing.get_args(hint)
    return all(map(_is_plain, parts)) if parts else hint in _PLAIN


def calls(nodes: Iterable[Part], *, into_definitions: bool = False) -> Iterator[t.Call]:
    """Every call below `nodes`, outermost first."""
    return (node for node in walk(nodes, into_definitions=into_definitions) if isinstance(node, t.Call))
