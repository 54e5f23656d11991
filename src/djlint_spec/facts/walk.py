"""Walks over trees of facts: all parts of a node, outermost first."""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Any, TypeAlias, TypeVar, cast

import msgspec

from djlint_spec.facts import tree as t
from djlint_spec.facts.places import Places

Part: TypeAlias = msgspec.Struct
P = TypeVar("P", bound=Part)
_DEFINITIONS: frozenset[type[Part]] = frozenset({t.FunctionDef, t.ClassDef})
_CLOSED: frozenset[type[Part]] = frozenset({t.FunctionDef, t.ClassDef, t.Lambda})
_CALLS: frozenset[type[Part]] = frozenset({t.Call})
_PLAIN: tuple[object, ...] = (int, float, str, bytes, bool, type(None), ...)


def walk(nodes: Iterable[Part], *, into_definitions: bool = False) -> Iterator[Part]:
    """Every node below `nodes`, themselves included; bodies of nested functions and classes only on request.

    Bodies that are not lowered are never entered.
    """
    return _walk(nodes, None, frozenset() if into_definitions else _CLOSED)


def statements_of(body: Iterable[t.Stmt]) -> Iterator[t.Stmt]:
    """Every statement below some, themselves included, outermost first; bodies of nested functions and classes are not.

    For who looks for statements alone: most nodes are expressions, in which there are none.
    """
    stack = list(body)[::-1]
    while stack:
        statement = stack.pop()
        yield statement
        blocks = _BLOCKS.get(type(statement))
        if blocks is not None:
            for block in blocks(statement):
                stack += block[::-1]


_BLOCKS: dict[type, Callable[[Any], Iterable[tuple[t.Stmt, ...]]]] = {
    t.If: attrgetter("orelse", "body"),
    t.For: attrgetter("orelse", "body"),
    t.While: attrgetter("orelse", "body"),
    t.With: lambda node: (node.body,),
    t.Try: lambda node: (node.finalbody, node.orelse, *(handler.body for handler in node.handlers[::-1]), node.body),
    t.Match: lambda node: [case.body for case in node.cases[::-1]],
}
"""By class of statements that hold others: their blocks, the last first."""


def walk_for(kinds: frozenset[type[Part]], nodes: Iterable[Part], *, into_definitions: bool = False) -> Iterator[Part]:
    """The same for who looks for nodes of a few types: those alone are given."""
    return _walk(nodes, kinds, frozenset() if into_definitions else _CLOSED)


def walk_near(places: Places, kinds: frozenset[type[P]], nodes: Iterable[Part]) -> Iterator[P]:
    """The same for who looks for those that hold others and in whose text one of some places lies.

    Functions and classes are all given, and not entered: decorators stand before their text. Lambdas are entered.
    """
    between = places.between
    stack: list[Part] = list(nodes)[::-1]
    while stack:
        node = stack.pop()
        cls = type(node)
        parts = _PARTS[cls]
        if cls in _DEFINITIONS:
            if cls in kinds:
                yield cast("P", node)
        elif parts is not None and (not isinstance(node, t.Node) or between(node.start, node.end)):
            if cls in kinds:
                yield cast("P", node)
            _push(stack, node, parts)


def _walk(nodes: Iterable[Part], kinds: frozenset[type[Part]] | None, closed: frozenset[type[Part]]) -> Iterator[Part]:
    stack: list[Part] = list(nodes)[::-1]
    push = stack.append
    while stack:
        node = stack.pop()
        cls = type(node)
        if kinds is None or cls in kinds:
            yield node
        parts = _PARTS[cls]
        if parts is None or cls in closed:
            continue
        for value in (getattr(node, parts),) if isinstance(parts, str) else parts(node):
            if type(value) is not tuple:
                if value is not None:
                    push(value)
            elif value:
                for item in value[::-1]:
                    if item is not None:
                        push(item)


def _push(stack: list[Part], node: Part, parts: str | Callable[[Any], tuple[Any, ...]]) -> None:
    for value in (getattr(node, parts),) if isinstance(parts, str) else parts(node):
        if type(value) is tuple:
            stack += [item for item in value[::-1] if item is not None]
        elif value is not None:
            stack.append(value)


class _Parts(dict[type, "str | Callable[[Any], tuple[Any, ...]] | None"]):
    """By class of nodes: what gives its fields that may hold nodes, the last first; the name of the only one."""

    def __missing__(self, cls: type) -> str | Callable[[Any], tuple[Any, ...]] | None:
        hints = typing.get_type_hints(cls, vars(t))
        assert issubclass(cls, msgspec.Struct)
        names = [name for name in reversed(cls.__struct_fields__) if not _is_plain(hints[name])]
        self[cls] = attrgetter(*names) if len(names) > 1 else names[0] if names else None
        return self[cls]


_PARTS = _Parts()


def _is_plain(hint: object) -> bool:
    parts = typing.get_args(hint)
    return all(map(_is_plain, parts)) if parts else hint in _PLAIN


def calls(nodes: Iterable[Part], *, into_definitions: bool = False) -> Iterator[t.Call]:
    """Every call below `nodes`, outermost first."""
    found = walk_for(_CALLS, nodes, into_definitions=into_definitions)
    return cast("Iterator[t.Call]", found)
