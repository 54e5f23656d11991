"""Rename, set or remove a keyword of a call, and put an expression in the place of another."""

from __future__ import annotations

import ast

import libcst as cst

from djlint_spec.diagnostics import RemoveKeyword, RenameKeyword, ReplaceExpression, SetKeyword
from djlint_spec.fixes import chains
from djlint_spec.fixes.document import CannotPlace, Change, Document


def rename_keyword(document: Document, intent: RenameKeyword) -> Change:
    """The name alone changes: that of a keyword, or of a key in a dict behind `**`."""
    call = _call(document, *document.range_of(intent.call))
    if any(keyword.arg == intent.new for keyword in call.keywords):
        raise CannotPlace(f"the call has a `{intent.new}` already")
    for keyword in call.keywords:
        if keyword.arg == intent.old:
            start = document.extent(keyword)[0]
            return Change(start, start + len(intent.old), intent.new)
    for keyword in call.keywords:
        if keyword.arg is None and isinstance(keyword.value, ast.Dict):
            for key in keyword.value.keys:
                if isinstance(key, ast.Constant) and key.value == intent.old:
                    start, end = document.extent(key)
                    return Change(start, end, document.slice(start, end).replace(intent.old, intent.new))
    raise CannotPlace(f"the call has no `{intent.old}`")


def set_keyword(document: Document, intent: SetKeyword) -> Change:
    """The call with the keyword; a name or dotted name is called with it alone."""
    start, end = document.range_of(intent.call)
    found = document.expression_at(start, end)
    if isinstance(found, (ast.Name, ast.Attribute)):
        return Change(end, end, f"({intent.name}={intent.text})")
    call = _call(document, start, end)
    for keyword in call.keywords:
        if keyword.arg == intent.name:
            first, last = document.extent(keyword.value)
            return Change(first, last, intent.text)
    parsed = chains.parse(document.slice(start, end))
    assert isinstance(parsed, cst.Call)
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    arg = cst.Arg(chains.parse(intent.text), keyword=cst.Name(intent.name), equal=equal)
    return Change(start, end, chains.code(chains.extended(parsed, parsed.args, [arg])))


def remove_keyword(document: Document, intent: RemoveKeyword) -> Change:
    """The call without the keyword."""
    start, end = document.range_of(intent.call)
    _call(document, start, end)
    call = chains.parse(document.slice(start, end))
    assert isinstance(call, cst.Call)
    kept = [arg for arg in call.args if arg.keyword is None or arg.keyword.value != intent.name]
    if len(kept) == len(call.args):
        raise CannotPlace(f"the call has no `{intent.name}`")
    if kept:
        last = call.args[-1]
        kept[-1] = kept[-1].with_changes(comma=last.comma, whitespace_after_arg=last.whitespace_after_arg)
    return Change(start, end, chains.code(call.with_changes(args=kept)))


def replace_expression(document: Document, intent: ReplaceExpression) -> Change:
    """The text in the place of the expression."""
    start, end = document.range_of(intent.span)
    if document.expression_at(start, end) is None:
        raise CannotPlace("no expression stands where it was read")
    return Change(start, end, intent.text)


def _call(document: Document, start: int, end: int) -> ast.Call:
    found = document.expression_at(start, end)
    if not isinstance(found, ast.Call):
        raise CannotPlace("no call stands where it was read")
    return found
