"""The parts of expressions that have no way of their own through them."""

from __future__ import annotations

from collections.abc import Iterator

from djlint_spec.facts import tree as t


def children(expr: t.Expr) -> Iterator[t.Expr]:
    """The direct parts of an expression, in the order of evaluation; a lambda's body is not run."""
    match expr:
        case t.Attribute(value=value) | t.Starred(value=value) | t.Interpolation(value=value):
            yield value
        case t.FString(parts=parts):
            yield from parts
        case t.SetExpr(elements=elements):
            yield from elements
        case t.DictExpr(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if key is not None:
                    yield key
                yield value
        case t.Subscript(value=value, index=index):
            yield value
            yield index
        case t.SliceExpr():
            yield from (part for part in (expr.lower, expr.upper, expr.step) if part is not None)
        case t.BinOp(left=left, right=right):
            yield left
            yield right
        case t.UnaryOp(operand=operand):
            yield operand
        case _:
            return
