"""Turn a query that runs for each row into an annotation of the list, and a read of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

import libcst as cst

from djlint_spec.diagnostics import AnnotateQuery, Span
from djlint_spec.fixes import chains
from djlint_spec.fixes.chains import Chain
from djlint_spec.fixes.document import CannotPlace, Change, Document


def annotate_query(intent: AnnotateQuery, documents: Mapping[str, Document]) -> Iterator[tuple[Document, Change]]:
    """The changes at each queryset, and at the query: rows that come from elsewhere still ask for themselves."""
    if intent.query.path not in documents or any(span.path not in documents for span in intent.querysets):
        raise CannotPlace("a queryset is built outside the project's own files")
    for span in intent.querysets:
        document = documents[span.path]
        yield document, _annotated(document, span, intent)
    document = documents[intent.query.path]
    yield document, _read(document, intent)


def _annotated(document: Document, span: Span, intent: AnnotateQuery) -> Change:
    start, end = document.range_of(span)
    if document.expression_at(start, end) is None:
        raise CannotPlace("no expression stands where the queryset was read")
    chain = Chain(chains.parse(document.slice(start, end)))
    chain.check_rows()
    if chain.sliced:
        raise CannotPlace("a sliced queryset takes no annotation")
    if any(
        arg.keyword is not None and arg.keyword.value == intent.name
        for name, call in chain.calls()
        if name in ("annotate", "alias")
        for arg in call.args
    ):
        raise CannotPlace(f"the queryset annotates `{intent.name}` already")
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    value = cst.parse_expression(intent.expression)
    chain.append("annotate", [cst.Arg(value, keyword=cst.Name(intent.name), equal=equal)])
    return Change(start, end, chain.code)


def _read(document: Document, intent: AnnotateQuery) -> Change:
    query = document.expression_at(*document.range_of(intent.query))
    row = _row(query)
    if query is None or row is None:
        raise CannotPlace("the query is not a call on a related set of the row")
    match query, document.parents[query]:
        case ast.Call(func=ast.Attribute(attr="aggregate")), ast.Subscript(slice=ast.Constant()) as item:
            query = item
        case ast.Call(func=ast.Attribute(attr="aggregate")), _:
            raise CannotPlace("the aggregate's dict is used as a whole")
        case _:
            pass
    start, end = document.extent(query)
    held, text = document.text_of(row), document.slice(start, end)
    made = f"{held}.{intent.name} if hasattr({held}, {document.quoted(intent.name)}) else {text}"
    return Change(start, end, f"({made})" if _needs_brackets(document, query) else made)


def _row(query: ast.expr | None) -> ast.expr | None:
    """The row in `row.relation.filter(...).count()`."""
    match query:
        case ast.Call(func=ast.Attribute(value=ast.Call() as inner)):
            return _row(inner)
        case ast.Call(func=ast.Attribute(value=ast.Attribute(value=ast.Name() | ast.Attribute() as row))):
            return row
        case _:
            return None


def _needs_brackets(document: Document, query: ast.expr) -> bool:
    parent = document.parents[query]
    match parent:
        case ast.Return() | ast.Assign() | ast.AnnAssign() | ast.Expr() | ast.keyword() | ast.List() | ast.Tuple():
            return False
        case ast.Call(args=args):
            return query not in args
        case _:
            return True
