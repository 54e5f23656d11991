"""Constant folding through names: what a settings value, a tuple of field names or a string comes to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from djlint_spec.facts import tree as t
from djlint_spec.project.classes import Class
from djlint_spec.project.symbols import Scope, Unknown, Value

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

Constant: TypeAlias = "bool | int | float | str | bytes | tuple[Constant, ...] | dict[Constant, Constant] | None"

_DEPTH = 24


def fold(project: Project, expr: t.Expr, scope: Scope, depth: int = 0) -> Constant | Unknown:
    """The value of an expression made of constants, names, tuples, lists, sets, dicts and `+`.

    Lists and sets come out as tuples. Anything that is computed is Unknown.
    """
    if depth > _DEPTH:
        return Unknown("constant nested too deeply")
    match expr:
        case t.String(value=text):
            return text
        case t.Number(value=number):
            return number
        case t.Boolean(value=flag):
            return flag
        case t.Nothing():
            return None
        case t.Bytes(value=raw):
            return raw
        case t.TupleExpr(elements=elements) | t.ListExpr(elements=elements) | t.SetExpr(elements=elements):
            return _sequence(project, elements, scope, depth)
        case t.DictExpr(keys=keys, values=values):
            return _mapping(project, keys, values, scope, depth)
        case t.BinOp(op="+"):
            return _total(project, expr, scope, depth)
        case t.FString(parts=parts):
            texts = [fold(project, part, scope, depth + 1) for part in parts]
            return "".join(str(text) for text in texts) if not any(isinstance(x, Unknown) for x in texts) else _COMPUTED
        case t.Interpolation(value=value):
            return fold(project, value, scope, depth + 1)
        case t.Call(func=t.Name(id="tuple" | "list" | "set" | "frozenset" | "sorted"), args=(inner,), keywords=()):
            return fold(project, inner, scope, depth + 1)
        case t.Name() | t.Attribute():
            symbol = project.resolve(expr, scope)
            if isinstance(symbol, Value) and symbol.expr is not expr:
                return fold(project, symbol.expr, symbol.scope, depth + 1)
            if isinstance(symbol, Unknown):
                return symbol
            return Unknown("a class or module, not a constant") if isinstance(symbol, Class) else _COMPUTED
        case _:
            return _COMPUTED


_COMPUTED = Unknown("computed value")


def _sequence(project: Project, elements: tuple[t.Expr, ...], scope: Scope, depth: int) -> Constant | Unknown:
    values: list[Constant] = []
    for element in elements:
        inner = element.value if isinstance(element, t.Starred) else element
        value = fold(project, inner, scope, depth + 1)
        if isinstance(value, Unknown):
            return value
        if isinstance(element, t.Starred):
            if not isinstance(value, tuple):
                return _COMPUTED
            values.extend(value)
        else:
            values.append(value)
    return tuple(values)


def _mapping(
    project: Project, keys: tuple[t.Expr | None, ...], values: tuple[t.Expr, ...], scope: Scope, depth: int
) -> Constant | Unknown:
    result: dict[Constant, Constant] = {}
    for key, value in zip(keys, values, strict=True):
        folded = fold(project, value, scope, depth + 1)
        if isinstance(folded, Unknown):
            return folded
        if key is None:
            if not isinstance(folded, dict):
                return _COMPUTED
            result.update(folded)
            continue
        name = fold(project, key, scope, depth + 1)
        if isinstance(name, (Unknown, dict)):
            return _COMPUTED
        result[name] = folded
    return result


def _total(project: Project, expr: t.Expr, scope: Scope, depth: int) -> Constant | Unknown:
    # `+=` on a name, line after line, nests as deep as there are lines: walked in a loop.
    terms: list[t.Expr] = []
    while isinstance(expr, t.BinOp) and expr.op == "+":
        terms.append(expr.right)
        expr = expr.left
    total = fold(project, expr, scope, depth + 1)
    for term in reversed(terms):
        total = _sum(total, fold(project, term, scope, depth + 1))
    return total


def _sum(left: Constant | Unknown, right: Constant | Unknown) -> Constant | Unknown:
    match left, right:
        case str(), str():
            return left + right
        case tuple(), tuple():
            return left + right
        case int(), int():
            return left + right
        case _:
            return _COMPUTED


def strings(value: Constant | Unknown) -> Iterator[str]:
    """The strings of a folded string or sequence; nothing for anything else."""
    match value:
        case str():
            yield value
        case tuple():
            yield from (item for item in value if isinstance(item, str))
        case _:
            pass
