"""Add to the body of a class: a method, an attribute, or texts to a list that it holds."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

import libcst as cst

from djlint_spec.diagnostics import ExtendAttribute, SetAttribute, Span
from djlint_spec.fixes import chains
from djlint_spec.fixes.document import CannotPlace, Change, Document

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def extend_attribute(document: Document, intent: ExtendAttribute) -> Change:
    """The change to the attribute's list, or a new attribute behind those that the class has."""
    cls = class_at(document, intent.cls)
    held = attribute_of(cls, intent.name)
    if held is not None and held.value is not None:
        return _extended(document, held.value, intent)
    quoted = [document.quoted(text) for text in intent.texts]
    values = f"({quoted[0]},)" if len(quoted) == 1 else f"({', '.join(quoted)})"
    return add_attribute(document, cls, f"{intent.name} = {values}")


def set_attribute(document: Document, intent: SetAttribute) -> Change:
    """The change to the attribute's value, or a new attribute behind those that the class has."""
    cls = class_at(document, intent.cls)
    held = attribute_of(cls, intent.name)
    if held is None:
        return add_attribute(document, cls, f"{intent.name} = {intent.text}")
    if held.value is None:
        end = document.extent(held)[1]
        return Change(end, end, f" = {intent.text}")
    start, end = document.extent(held.value)
    return Change(start, end, intent.text)


def class_at(document: Document, name: Span) -> ast.ClassDef:
    """The class whose name stands at a span."""
    cls = document.definition_at(name)
    if not isinstance(cls, ast.ClassDef):
        raise CannotPlace("no class stands where it was read")
    return cls


def attribute_of(cls: ast.ClassDef, name: str) -> ast.Assign | ast.AnnAssign | None:
    """The assignment that gives a class an attribute; raises CannotPlace where it is bound in other ways."""
    found: ast.Assign | ast.AnnAssign | None = None
    for node in cls.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=held)]) | ast.AnnAssign(target=ast.Name(id=held)) if held == name:
                found = node
            case _ if name in bound(node):
                raise CannotPlace(f"`{name}` is not bound by a plain assignment alone")
            case _:
                pass
    return found


def bound(node: ast.AST) -> Iterator[str]:
    """The names that a statement of a class binds in it, in any branch."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name
        case ast.Import() | ast.ImportFrom():
            yield from ((alias.asname or alias.name).partition(".")[0] for alias in node.names)
        case ast.Name(ctx=ast.Store() | ast.Del()):
            yield node.id
        case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            pass  # scopes of their own
        case _:
            for child in ast.iter_child_nodes(node):
                yield from bound(child)


def _extended(document: Document, value: ast.expr, intent: ExtendAttribute) -> Change:
    if not isinstance(value, (ast.List, ast.Tuple)):
        raise CannotPlace(f"`{intent.name}` is no list that texts can be added to")
    start, end = document.extent(value)
    held = cst.parse_expression(document.slice(start, end))
    assert isinstance(held, (cst.List, cst.Tuple))
    for text in intent.texts:
        literal = cst.SimpleString(document.quoted(text))
        elements = list(held.elements)
        names = [chains.text_of(element.value) for element in elements]
        if any(name is not None and chains.covers(name, text) for name in names):
            continue
        shorter = next((i for i, name in enumerate(names) if name is not None and chains.covers(text, name)), None)
        if shorter is None:
            held = added(held, literal)
        else:
            elements[shorter] = elements[shorter].with_changes(value=literal)
            held = held.with_changes(elements=elements)
    return Change(start, end, chains.code(held))


def added(held: cst.List | cst.Tuple, value: cst.BaseExpression) -> cst.List | cst.Tuple:
    """The list or tuple with one element more, in the form of the others."""
    made = cst.Element(value)
    if not held.elements:
        comma = cst.Comma() if isinstance(held, cst.Tuple) else cst.MaybeSentinel.DEFAULT
        return held.with_changes(elements=[made.with_changes(comma=comma)])
    *before, last = held.elements
    opening, closing = _brackets(held)
    between = chains.separator([element.comma for element in before], opening)
    if isinstance(closing, cst.ParenthesizedWhitespace) and isinstance(last.comma, cst.Comma):
        # A comment at the end of the last line speaks of the element that was last.
        comma, trailing = chains.moved(last.comma.with_changes(whitespace_after=closing), between)
        held = _closed(held, trailing.whitespace_after)
        last, made = last.with_changes(comma=comma), made.with_changes(comma=cst.Comma())
    else:
        last = last.with_changes(comma=between)
    return held.with_changes(elements=[*before, last, made])


def _brackets(
    held: cst.List | cst.Tuple,
) -> tuple[cst.BaseParenthesizableWhitespace, cst.BaseParenthesizableWhitespace]:
    if isinstance(held, cst.List):
        return held.lbracket.whitespace_after, held.rbracket.whitespace_before
    if held.lpar:
        return held.lpar[0].whitespace_after, held.rpar[0].whitespace_before
    return cst.SimpleWhitespace(""), cst.SimpleWhitespace("")


def _closed(held: cst.List | cst.Tuple, space: cst.BaseParenthesizableWhitespace) -> cst.List | cst.Tuple:
    if isinstance(held, cst.List):
        return held.with_changes(rbracket=held.rbracket.with_changes(whitespace_before=space))
    return held.with_changes(rpar=[held.rpar[0].with_changes(whitespace_before=space), *held.rpar[1:]])


def add_attribute(document: Document, cls: ast.ClassDef, text: str) -> Change:
    """A statement of one line behind the attributes of a class, or at its begin where it has none."""
    first = cls.body[0]
    indent = _body_indent(document, cls)
    attributes = [
        node
        for node in itertools.takewhile(lambda node: not isinstance(node, FUNCTIONS), cls.body)
        if isinstance(node, (ast.Assign, ast.AnnAssign))
    ]
    if attributes:
        at = document.next_line(document.extent(attributes[-1])[1])
        return _line(document, at, f"{indent}{text}\n")
    if isinstance(first, ast.Pass) and len(cls.body) == 1:
        start, end = document.extent(first)
        return Change(start, end, text)
    if ast.get_docstring(cls) is not None:
        at = document.next_line(document.extent(first)[1])
        return _line(document, at, f"\n{indent}{text}\n")
    at = document.line_start(document.whole_extent(first)[0])
    return Change(at, at, f"{indent}{text}\n\n", whole=True)


def _line(document: Document, at: int, text: str) -> Change:
    ended = document.text[:at].endswith(("\n", "\r"))
    return Change(at, at, text if ended else f"\n{text.removesuffix(chr(10))}", whole=True)


def _body_indent(document: Document, cls: ast.ClassDef) -> str:
    start = document.extent(cls.body[0])[0]
    if document.line_start(start) == document.line_start(document.extent(cls)[0]):
        raise CannotPlace("the class stands on one line")
    return document.indent(start)


def add_method(document: Document, cls: ast.ClassDef, name: str, statement: str) -> Change:
    """A method of one statement at the end of a class's attributes, before its first method."""
    return add_block(document, cls, f"def {name}(self):", statement)


def add_block(document: Document, cls: ast.ClassDef, head: str, statement: str) -> Change:
    """A method or class of one statement at the end of a class's attributes, before its first method."""
    first = cls.body[0]
    indent = _body_indent(document, cls)
    step = indent[len(document.indent(document.extent(cls)[0])) :]
    text = f"{indent}{head}\n{indent}{step}{statement}\n"
    method = next((node for node in cls.body if isinstance(node, FUNCTIONS)), None)
    if method is not None and method is not first:
        before = cls.body[cls.body.index(method) - 1]
        at = _behind(document, before)
        apart = "" if _is_blank(document, at) else "\n"
        return Change(at, at, f"\n{text}{apart}", whole=True)
    if method is not None:
        at = document.line_start(document.whole_extent(method)[0])
        return Change(at, at, f"{text}\n", whole=True)
    last = cls.body[-1]
    start, end = document.extent(last)
    if isinstance(last, ast.Pass) and len(cls.body) == 1:
        return Change(document.line_start(start), document.next_line(end), text, whole=True)
    return _line(document, _behind(document, last), f"\n{text}")


def _behind(document: Document, node: ast.stmt) -> int:
    """The line behind a statement, and behind comments right below it, unless something follows these at once."""
    at = after = document.next_line(document.extent(node)[1])
    while document.text.startswith("#", after + len(document.indent(after))) and document.next_line(after) > after:
        after = document.next_line(after)
    return after if _is_blank(document, after) else at


def _is_blank(document: Document, at: int) -> bool:
    return not document.text[at : document.next_line(at)].strip()
