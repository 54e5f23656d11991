"""Names and options as Meta writes them, folded as far as they go, each name with the place that gives it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.project.symbols import Scope, Unknown, Value

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

_DEPTH = 24
_COPIES = frozenset({"tuple", "list", "set", "frozenset", "sorted"})


class NameList(msgspec.Struct, frozen=True):
    """The names of a list, in order, and why there may be others."""

    names: Mapping[str, Span]
    unknown: tuple[Unknown, ...]


def names_in(project: Project, expr: t.Expr, scope: Scope) -> NameList:
    """The strings of a sequence made of literals, names, `+`, `-`, `*` and copies of other sequences."""
    names: dict[str, Span] = {}
    unknown: list[Unknown] = []
    for found in _names(project, expr, scope, 0):
        if isinstance(found, Unknown):
            unknown.append(found)
        else:
            names.setdefault(*found)
    return NameList(names, tuple(unknown))


def _names(project: Project, expr: t.Expr, scope: Scope, depth: int) -> Iterator[tuple[str, Span] | Unknown]:
    if depth > _DEPTH:
        yield Unknown("list of names nested too deeply")
        return
    match expr:
        case t.TupleExpr(elements=elements) | t.ListExpr(elements=elements) | t.SetExpr(elements=elements):
            for element in elements:
                yield from _element(project, element, scope, depth)
        case t.BinOp(op="+" | "|"):
            for term in _terms(expr):
                yield from _names(project, term, scope, depth + 1)
        case t.BinOp(left=left, op="-", right=right):
            yield from _without(_names(project, left, scope, depth + 1), names_in(project, right, scope))
        case t.Call(func=t.Name(id=name), args=(inner,)) if name in _COPIES:
            yield from _names(project, inner, scope, depth + 1)
        case t.Comprehension(kind="list" | "set" | "generator", generators=(generator,)) if (
            isinstance(generator.target, t.Name)
            and isinstance(expr.element, t.Name)
            and expr.element.id == generator.target.id
        ):
            names = _names(project, generator.iterable, scope, depth + 1)
            for condition in generator.conditions:
                names = _filtered(project, names, condition, scope)
            yield from names
        case t.Name() | t.Attribute():
            symbol = project.resolve(expr, scope)
            if isinstance(symbol, Value) and symbol.expr is not expr:
                yield from _names(project, symbol.expr, symbol.scope, depth + 1)
            else:
                yield symbol if isinstance(symbol, Unknown) else Unknown("names listed at run time")
        case _:
            yield Unknown("names listed at run time")


def _element(project: Project, element: t.Expr, scope: Scope, depth: int) -> Iterator[tuple[str, Span] | Unknown]:
    match element:
        case t.String(value=name):
            yield name, scope.module.span(element)
        case t.Starred(value=value):
            yield from _names(project, value, scope, depth + 1)
        case _:
            folded = project.constant(element, scope)
            if isinstance(folded, str):
                yield folded, scope.module.span(element)
            else:
                yield folded if isinstance(folded, Unknown) else Unknown("name that is no string")


def _terms(expr: t.Expr) -> Iterable[t.Expr]:
    terms: list[t.Expr] = []
    while isinstance(expr, t.BinOp) and expr.op in ("+", "|"):
        terms.append(expr.right)
        expr = expr.left
    return (expr, *reversed(terms))


def _without(names: Iterator[tuple[str, Span] | Unknown], left_out: NameList) -> Iterator[tuple[str, Span] | Unknown]:
    yield from (found for found in names if isinstance(found, Unknown) or found[0] not in left_out.names)
    yield from left_out.unknown


def _filtered(
    project: Project, names: Iterator[tuple[str, Span] | Unknown], condition: t.Expr, scope: Scope
) -> Iterator[tuple[str, Span] | Unknown]:
    match condition:
        case t.Compare(left=t.Name(), ops=("not in",), comparators=(others,)):
            return _without(names, names_in(project, others, scope))
        case t.Compare(left=t.Name(), ops=("!=",), comparators=(t.String() as other,)):
            return _without(names, NameList({other.value: scope.module.span(other)}, ()))
        case _:
            return iter([*names, Unknown("names filtered at run time")])


def entries_in(project: Project, expr: t.Expr, scope: Scope, depth: int = 0) -> Mapping[str, Value]:
    """The entries of a dict made of literals, `dict(...)`, `|`, `**` and names, as far as their keys are known."""
    found: dict[str, Value] = {}
    if depth > _DEPTH:
        return found
    match expr:
        case t.DictExpr(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if key is None:
                    found.update(entries_in(project, value, scope, depth + 1))
                else:
                    name = project.constant(key, scope)
                    if isinstance(name, str):
                        found[name] = Value(value, scope)
        case t.Call(func=t.Name(id="dict"), args=args, keywords=keywords):
            for argument in args:
                found.update(entries_in(project, argument, scope, depth + 1))
            for keyword in keywords:
                if keyword.name is None:
                    found.update(entries_in(project, keyword.value, scope, depth + 1))
                else:
                    found[keyword.name] = Value(keyword.value, scope)
        case t.BinOp(left=left, op="|", right=right):
            found.update(entries_in(project, left, scope, depth + 1))
            found.update(entries_in(project, right, scope, depth + 1))
        case t.Name() | t.Attribute():
            symbol = project.resolve(expr, scope)
            if isinstance(symbol, Value) and symbol.expr is not expr:
                found.update(entries_in(project, symbol.expr, symbol.scope, depth + 1))
        case _:
            pass
    return found
