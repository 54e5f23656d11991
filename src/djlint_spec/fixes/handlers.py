"""Handlers of exceptions that are to take less than they do."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from djlint_spec.diagnostics import LetThrough
from djlint_spec.fixes.classes import FUNCTIONS
from djlint_spec.fixes.document import CannotPlace, Change, Document

_BROAD = frozenset({"Exception", "BaseException"})


def let_through(document: Document, intent: LetThrough) -> Iterator[Change]:
    """`except Name: raise` before the first handler that takes any exception, in each `try` around the call."""
    start, end = document.range_of(intent.call)
    call = document.expression_at(start, end)
    if call is None:
        raise CannotPlace("no call stands where one was read")
    if _is_another(document, intent):
        raise CannotPlace(f"`{intent.name}` is another one in this file")
    inner: ast.AST = call
    for node in document.above(call):
        if isinstance(node, (*FUNCTIONS, ast.Lambda)):
            return
        if isinstance(node, ast.Try) and inner in node.body:
            broad = next((handler for handler in node.handlers if _takes_any(handler)), None)
            if broad is not None:
                at = document.extent(broad)[0]
                line, indent = document.line_start(at), document.indent(at)
                step = document.indent(document.extent(node.body[0])[0])
                if not step.startswith(indent) or step == indent:
                    raise CannotPlace("the `try` stands on one line")
                yield Change(line, line, f"{indent}except {intent.name}:\n{step}raise\n", whole=True)
        inner = node


def _takes_any(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(one, ast.Name) and one.id in _BROAD for one in types)


def _is_another(document: Document, intent: LetThrough) -> bool:
    """Whether the file gives the name to something else."""
    for node in ast.walk(document.tree):
        match node:
            case ast.ImportFrom(module=module, names=names):
                if any((alias.asname or alias.name) == intent.name for alias in names) and module != intent.module:
                    return True
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.Name(id=name, ctx=ast.Store()):
                if name == intent.name:
                    return True
            case _:
                pass
    return False
