"""Loops that are to wait for each row."""

from __future__ import annotations

import ast

from djlint_spec.diagnostics import AwaitEach
from djlint_spec.fixes.document import CannotPlace, Change, Document


def await_each(document: Document, intent: AwaitEach) -> Change:
    """`async` before the `for` that goes through an expression."""
    wanted = document.range_of(intent.iterable)
    for node in ast.walk(document.tree):
        if isinstance(node, ast.For) and document.extent(node.iter) == wanted:
            start, _ = document.extent(node)
            return Change(start, start, "async ")
        if isinstance(node, ast.comprehension) and not node.is_async and document.extent(node.iter) == wanted:
            start = document.text.rindex("for", 0, document.extent(node.target)[0])
            return Change(start, start, "async ")
    raise CannotPlace("no loop goes through what stands there")
