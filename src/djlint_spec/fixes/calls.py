"""Take a call away from around an expression, and put one there."""

from __future__ import annotations

import ast
import io
import tokenize

from djlint_spec.diagnostics import RemoveCall, Span, WrapCall
from djlint_spec.fixes.document import CannotPlace, Change, Document


def remove_call(document: Document, intent: RemoveCall) -> Change:
    """The argument, or what the method was called on, in the place of the call; in brackets where it needs them."""
    call = _expression(document, intent.call)
    match call:
        case ast.Call(args=[ast.Starred()]):
            raise CannotPlace("the call takes arguments that are unpacked")
        case ast.Call(args=[kept], keywords=[]) | ast.Call(func=ast.Attribute(value=kept), args=[], keywords=[]):
            pass
        case ast.Call():
            raise CannotPlace("the call has no single argument that could stay")
        case _:
            raise CannotPlace("no call stands where it was read")
    start, end = document.extent(call)
    text = document.text_of(kept)
    if _comments(document.slice(start, end)) != _comments(text):
        raise CannotPlace("a comment stands in the call")
    bracketed = Change(start, end, f"({text})")
    meant = ast.dump(document.tree_after(bracketed))
    bare = Change(start, end, text)
    try:
        return bare if ast.dump(document.tree_after(bare)) == meant else bracketed
    except CannotPlace:
        return bracketed


def wrap_call(document: Document, intent: WrapCall) -> Change:
    """The wrapper called with the expression alone, in the expression's place."""
    found = _expression(document, intent.expression)
    if not isinstance(getattr(found, "ctx", ast.Load()), ast.Load):
        raise CannotPlace("the expression is assigned to, or deleted")
    start, end = document.extent(found)
    text = document.slice(start, end)
    match document.parents[found]:
        case ast.Call(func=func, args=[held], keywords=[]) as call if held is found:
            if document.text_of(func) == intent.wrapper:
                raise CannotPlace(f"the expression stands in `{intent.wrapper}()` already")
            if isinstance(found, ast.GeneratorExp) and document.extent(call)[1] == end:
                return Change(start, end, f"({intent.wrapper}{text})")  # its brackets are those of the call
        case _:
            pass
    made = f"{intent.wrapper}({text})" if _is_argument(text) else f"{intent.wrapper}(({text}))"
    before = document.text[start - 1 : start]
    apart = " " if before == "_" or before.isalnum() else ""
    change = Change(start, end, f"{apart}{made}")
    document.tree_after(change)
    return change


def _expression(document: Document, span: Span) -> ast.expr:
    found = document.expression_at(*document.range_of(span))
    if found is None:
        raise CannotPlace("no expression stands where it was read")
    if any(isinstance(node, ast.JoinedStr) for node in document.above(found)):
        raise CannotPlace("the expression stands in an f-string")
    if any(isinstance(node, ast.pattern) for node in document.above(found)):
        raise CannotPlace("the expression is a pattern")  # where a call means another thing
    return found


def _is_argument(text: str) -> bool:
    """Whether a text between a call's brackets is one positional argument."""
    try:
        made = ast.parse(f"_({text})", mode="eval").body
    except SyntaxError:
        return False
    return isinstance(made, ast.Call) and len(made.args) == 1 and not isinstance(made.args[0], ast.Starred)


def _comments(text: str) -> int:
    tokens = tokenize.generate_tokens(io.StringIO(f"({text}\n)").readline)
    return sum(token.type == tokenize.COMMENT for token in tokens)
