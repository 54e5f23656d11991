"""Where texts call or name what querysets and managers have: a cheap look before a dear one."""

from __future__ import annotations

import re

from djlint_spec.facts.places import Places
from djlint_spec.project import Function, Module

# A search for a pattern that begins with letters goes to the next place of them at once: what has to stand before is
# looked at after them, and no two beginnings share a pattern.
_QUERIES = (
    re.compile(
        r"\.(?:objects\b|(?:filter|exclude|all|order_by|select_related|prefetch_related|iterator|distinct|annotate"
        r"|only|defer)\()"
    ),
    re.compile(r"_(?:manager|set)\b"),
    re.compile(r"uery(?<=[qQ]uery)_?[sS]et"),
    re.compile(r"get_(?:object|list)_or_404\("),
)


def mentions_queries(text: str) -> bool:
    """Whether a text calls or names what querysets and managers have."""
    return any(pattern.search(text) is not None for pattern in _QUERIES)


def mentions_of(text: str) -> Places:
    """Where a text does so."""
    return Places(found.span() for pattern in _QUERIES for found in pattern.finditer(text))


def mentions_in(module: Module) -> Places:
    """Those of a module; who asks tells on which functions' bodies its answer hangs."""
    return module.once("mentions of queries", lambda: mentions_of(module.facts.text))


def names_queries(function: Function) -> bool:
    """Whether the text of a function has one."""
    module, node = function.module, function.node
    module.touch_body(node)
    return mentions_in(module).between(node.start, node.end)
