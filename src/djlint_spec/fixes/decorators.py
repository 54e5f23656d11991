"""Put a decorator on a function or class, or in another place among those that it has."""

from __future__ import annotations

import ast

from djlint_spec.diagnostics import InsertDecorator, MoveDecorator, Span
from djlint_spec.fixes.document import CannotPlace, Change, Definition, Document


def insert_decorator(document: Document, intent: InsertDecorator) -> Change:
    """A line with the decorator above all others, or right below one of them."""
    found = _definition(document, intent.function)
    if intent.text in (document.text_of(decorator) for decorator in found.decorator_list):
        raise CannotPlace(f"`@{intent.text}` stands there already")
    start = document.whole_extent(found)[0]
    index, at = 0, document.line_start(start)
    if intent.below:
        upper = _decorator(found, intent.below)
        index, at = found.decorator_list.index(upper) + 1, _lines(document, found, upper)[1]
    change = Change(at, at, f"{document.indent(start)}@{intent.text}\n", whole=True)
    made = _decorators_after(document, found, change)
    _check(made[:index] + made[index + 1 :], found.decorator_list)
    return change


def move_decorator(document: Document, intent: MoveDecorator) -> Change:
    """The lines of the decorator, with the comments right above them, before those of the other."""
    found = _definition(document, intent.function)
    moving, other = _decorator(found, intent.name), _decorator(found, intent.above)
    decorators = found.decorator_list
    if decorators.index(moving) in (decorators.index(other), decorators.index(other) - 1):
        raise CannotPlace(f"`@{intent.name}` stands there already")
    start, end = _lines(document, found, moving)
    at = _lines(document, found, other)[0]
    text = document.slice(start, end)
    if at < start:
        change = Change(at, end, text + document.slice(at, start), whole=True)
    else:
        change = Change(start, at, document.slice(end, at) + text, whole=True)
    wanted = [held for held in decorators if held is not moving]
    wanted.insert(wanted.index(other), moving)
    _check(_decorators_after(document, found, change), wanted)
    return change


def _decorators_after(document: Document, found: Definition, change: Change) -> list[ast.expr]:
    number = _definitions(document.tree).index(found)
    return _definitions(document.tree_after(change))[number].decorator_list


def _definitions(tree: ast.Module) -> list[Definition]:
    return [node for node in ast.walk(tree) if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))]


def _check(made: list[ast.expr], wanted: list[ast.expr]) -> None:
    """Lines may end within a decorator's brackets: then a line between them is no decorator, though it parses."""
    if [*map(ast.dump, made)] != [*map(ast.dump, wanted)]:
        raise CannotPlace("the decorators are written in a way that leaves no place between them")


def _definition(document: Document, name: Span) -> Definition:
    found = document.definition_at(name)
    if found is None:
        raise CannotPlace("no function or class stands where it was read")
    return found


def _decorator(found: Definition, name: str) -> ast.expr:
    """The outermost decorator of a name, which may be the last part of a dotted one."""
    for decorator in found.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(target, (ast.Name, ast.Attribute)) and f".{ast.unparse(target)}".endswith(f".{name}"):
            return decorator
    raise CannotPlace(f"`{found.name}` has no decorator `{name}`")


def _lines(document: Document, found: Definition, decorator: ast.expr) -> tuple[int, int]:
    """The whole lines of a decorator with its comments; those above the outermost speak of the whole."""
    start, end = document.extent(decorator)
    first = document.line_start(start)
    index = found.decorator_list.index(decorator)
    if index:
        least = document.next_line(document.extent(found.decorator_list[index - 1])[1])
        while first > least:
            above = document.line_start(first - 1)
            if not document.text[above:first].lstrip().startswith("#"):
                break
            first = above
    return first, document.next_line(end)
