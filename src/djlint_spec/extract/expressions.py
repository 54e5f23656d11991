"""Expressions of the running Python's syntax tree to those of `facts`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence

from djlint_spec.extract.positions import Positions
from djlint_spec.facts import tree as t

_LONG = 256
"""A literal collection with more elements than this, all constants, is dropped: it is data, not code."""

BINARY: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.MatMult: "@", ast.LShift: "<<", ast.RShift: ">>", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^",
}  # fmt: skip
_UNARY: dict[type[ast.unaryop], str] = {ast.Not: "not", ast.USub: "-", ast.UAdd: "+", ast.Invert: "~"}
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "is",
    ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip


class Expressions(Positions):
    """Lowers the expressions of one file, or of one body cut out of it."""

    def expression(self, node: ast.expr) -> t.Expr:
        """One expression, lowered."""
        return EXPRESSIONS[type(node)](self, node)

    def _optional(self, node: ast.expr | None) -> t.Expr | None:
        return None if node is None else EXPRESSIONS[type(node)](self, node)

    # Most sequences have no element, or one.
    def _expressions(self, nodes: Sequence[ast.expr]) -> tuple[t.Expr, ...]:
        if not nodes:
            return ()
        if len(nodes) == 1:
            node = nodes[0]
            return (EXPRESSIONS[type(node)](self, node),)
        return tuple([EXPRESSIONS[type(node)](self, node) for node in nodes])

    def _keywords(self, nodes: Sequence[ast.keyword]) -> tuple[t.Keyword, ...]:
        if not nodes:
            return ()
        if len(nodes) == 1:
            return (self._keyword(nodes[0]),)
        return tuple([self._keyword(node) for node in nodes])

    # Nine nodes of ten are of these few kinds: what `_at` says is written out in them.
    def _keyword(self, node: ast.keyword) -> t.Keyword:
        rows, value = self._rows, node.value
        return t.Keyword(
            rows[node.lineno] + node.col_offset,
            rows[node.end_lineno] + node.end_col_offset,  # type: ignore[index,operator]
            node.arg,
            EXPRESSIONS[type(value)](self, value),
        )

    def _name(self, node: ast.Name) -> t.Expr:
        rows = self._rows
        return t.Name(
            rows[node.lineno] + node.col_offset,
            rows[node.end_lineno] + node.end_col_offset,  # type: ignore[index,operator]
            node.id,
        )

    def _attribute(self, node: ast.Attribute) -> t.Expr:
        rows, value = self._rows, node.value
        return t.Attribute(
            rows[node.lineno] + node.col_offset,
            rows[node.end_lineno] + node.end_col_offset,  # type: ignore[index,operator]
            EXPRESSIONS[type(value)](self, value),
            node.attr,
        )

    def _call(self, node: ast.Call) -> t.Expr:
        rows, func = self._rows, node.func
        return t.Call(
            rows[node.lineno] + node.col_offset,
            rows[node.end_lineno] + node.end_col_offset,  # type: ignore[index,operator]
            EXPRESSIONS[type(func)](self, func),
            self._expressions(node.args),
            self._keywords(node.keywords),
        )

    def _constant(self, node: ast.Constant) -> t.Expr:
        rows, value = self._rows, node.value
        start = rows[node.lineno] + node.col_offset
        end = rows[node.end_lineno] + node.end_col_offset  # type: ignore[index,operator]
        if type(value) is str:
            if value.isascii():
                return t.String(start, end, value)
            return t.String(start, end, value.encode("utf-8", "replace").decode() if _has_surrogate(value) else value)
        if isinstance(value, bool):
            return t.Boolean(start, end, value)
        if value is None:
            return t.Nothing(start, end)
        if isinstance(value, int) and not -(2**63) <= value < 2**63:
            return t.Elided(start, end)
        if isinstance(value, (int, float)):
            return t.Number(start, end, value)
        if isinstance(value, bytes):
            return t.Bytes(start, end, value)
        return t.Dots(start, end) if value is ... else t.Elided(start, end)

    def _collection(self, node: ast.List | ast.Tuple | ast.Set) -> t.Expr:
        if len(node.elts) > _LONG and _all_constant(node.elts):
            return t.Elided(*self._at(node))
        return _COLLECTIONS[type(node)](*self._at(node), self._expressions(node.elts))

    def _dict(self, node: ast.Dict) -> t.Expr:
        if len(node.values) > _LONG and _all_constant(node.values):
            return t.Elided(*self._at(node))
        return t.DictExpr(
            *self._at(node), tuple([self._optional(key) for key in node.keys]), self._expressions(node.values)
        )

    def _fstring(self, node: ast.expr) -> t.Expr:
        values: Sequence[ast.expr] = getattr(node, "values")  # noqa: B009 - JoinedStr, and TemplateStr of 3.14
        return t.FString(*self._at(node), self._expressions(values))

    def _interpolation(self, node: ast.expr) -> t.Expr:
        value: ast.expr = getattr(node, "value")  # noqa: B009 - FormattedValue, and Interpolation of 3.14
        return t.Interpolation(*self._at(node), self.expression(value))

    def _subscript(self, node: ast.Subscript) -> t.Expr:
        rows, value, index = self._rows, node.value, node.slice
        return t.Subscript(
            rows[node.lineno] + node.col_offset,
            rows[node.end_lineno] + node.end_col_offset,  # type: ignore[index,operator]
            EXPRESSIONS[type(value)](self, value),
            EXPRESSIONS[type(index)](self, index),
        )

    def _slice(self, node: ast.Slice) -> t.Expr:
        return t.SliceExpr(
            *self._at(node), self._optional(node.lower), self._optional(node.upper), self._optional(node.step)
        )

    def _starred(self, node: ast.Starred) -> t.Expr:
        return t.Starred(*self._at(node), self.expression(node.value))

    def _binary(self, node: ast.BinOp) -> t.Expr:
        # A long sum nests to the left a level for each term: walked in a loop, not by recursion.
        chain = [node]
        while type(chain[-1].left) is ast.BinOp:
            chain.append(chain[-1].left)
        result = self.expression(chain[-1].left)
        for link in reversed(chain):
            result = t.BinOp(*self._at(link), result, BINARY[type(link.op)], self.expression(link.right))
        return result

    def _unary(self, node: ast.UnaryOp) -> t.Expr:
        start, end = self._at(node)
        operand = self.expression(node.operand)
        if type(operand) is t.Number and type(node.op) is ast.USub:
            return t.Number(start, end, -operand.value)
        return t.UnaryOp(start, end, _UNARY[type(node.op)], operand)

    def _boolean(self, node: ast.BoolOp) -> t.Expr:
        return t.BoolOp(*self._at(node), "and" if type(node.op) is ast.And else "or", self._expressions(node.values))

    def _compare(self, node: ast.Compare) -> t.Expr:
        return t.Compare(
            *self._at(node),
            self.expression(node.left),
            tuple(_COMPARE[type(op)] for op in node.ops),
            self._expressions(node.comparators),
        )

    def _conditional(self, node: ast.IfExp) -> t.Expr:
        return t.IfExp(
            *self._at(node),
            self.expression(node.test),
            self.expression(node.body),
            self.expression(node.orelse),
        )

    def _walrus(self, node: ast.NamedExpr) -> t.Expr:
        return t.NamedExpr(*self._at(node), self.expression(node.target), self.expression(node.value))

    def _lambda(self, node: ast.Lambda) -> t.Expr:
        return t.Lambda(*self._at(node), self._parameters(node.args), self.expression(node.body))

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> t.Expr:
        return t.Comprehension(
            *self._at(node),
            _COMPREHENSIONS[type(node)],
            None,
            self.expression(node.elt),
            self._generators(node.generators),
        )

    def _dict_comprehension(self, node: ast.DictComp) -> t.Expr:
        return t.Comprehension(
            *self._at(node),
            "dict",
            self.expression(node.key),
            self.expression(node.value),
            self._generators(node.generators),
        )

    def _generators(self, nodes: Iterable[ast.comprehension]) -> tuple[t.Generator, ...]:
        return tuple(
            t.Generator(
                self.expression(node.target),
                self.expression(node.iter),
                self._expressions(node.ifs),
                bool(node.is_async),
            )
            for node in nodes
        )

    def _await(self, node: ast.Await) -> t.Expr:
        return t.Await(*self._at(node), self.expression(node.value))

    def _yield(self, node: ast.Yield | ast.YieldFrom) -> t.Expr:
        return t.Yield(*self._at(node), self._optional(node.value), type(node) is ast.YieldFrom)

    def _parameters(self, args: ast.arguments) -> tuple[t.Parameter, ...]:
        if not (args.defaults or args.vararg or args.kwarg or args.kwonlyargs or args.posonlyargs):
            return tuple([self._parameter(argument, "normal", None) for argument in args.args])
        result: list[t.Parameter] = []
        plain = [*args.posonlyargs, *args.args]
        defaults: list[ast.expr | None] = [None] * (len(plain) - len(args.defaults))
        defaults += args.defaults
        for index, (argument, default) in enumerate(zip(plain, defaults, strict=True)):
            result.append(
                self._parameter(argument, "positional" if index < len(args.posonlyargs) else "normal", default)
            )
        if args.vararg:
            result.append(self._parameter(args.vararg, "args", None))
        for argument, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
            result.append(self._parameter(argument, "keyword", default))
        if args.kwarg:
            result.append(self._parameter(args.kwarg, "kwargs", None))
        return tuple(result)

    def _parameter(self, node: ast.arg, kind: str, default: ast.expr | None) -> t.Parameter:
        rows, annotation = self._rows, node.annotation
        return t.Parameter(
            rows[node.lineno] + node.col_offset,
            rows[node.end_lineno] + node.end_col_offset,  # type: ignore[index,operator]
            node.arg,
            kind,
            None if annotation is None else EXPRESSIONS[type(annotation)](self, annotation),
            None if default is None else EXPRESSIONS[type(default)](self, default),
        )


def _all_constant(nodes: Iterable[ast.expr]) -> bool:
    return all(type(node) is ast.Constant for node in nodes)


def _has_surrogate(value: str) -> bool:
    # A lone surrogate ("\ud800" in the source) cannot be written to the cache.
    return any("\ud800" <= character <= "\udfff" for character in value)


_COLLECTIONS: dict[type[ast.expr], type[t.ListExpr] | type[t.TupleExpr] | type[t.SetExpr]] = {
    ast.List: t.ListExpr, ast.Tuple: t.TupleExpr, ast.Set: t.SetExpr,
}  # fmt: skip
_COMPREHENSIONS: dict[type[ast.expr], str] = {
    ast.ListComp: "list", ast.SetComp: "set", ast.GeneratorExp: "generator",
}  # fmt: skip

# The table is keyed by the node's type, which mypy cannot follow into the methods' parameters: hence `...`.
EXPRESSIONS: dict[type[ast.expr], Callable[..., t.Expr]] = {
    ast.Name: Expressions._name, ast.Attribute: Expressions._attribute, ast.Call: Expressions._call,
    ast.Constant: Expressions._constant, ast.List: Expressions._collection, ast.Tuple: Expressions._collection,
    ast.Set: Expressions._collection, ast.Dict: Expressions._dict, ast.JoinedStr: Expressions._fstring,
    ast.FormattedValue: Expressions._interpolation, ast.Subscript: Expressions._subscript,
    ast.Slice: Expressions._slice,
    ast.Starred: Expressions._starred, ast.BinOp: Expressions._binary, ast.UnaryOp: Expressions._unary,
    ast.BoolOp: Expressions._boolean, ast.Compare: Expressions._compare, ast.IfExp: Expressions._conditional,
    ast.NamedExpr: Expressions._walrus, ast.Lambda: Expressions._lambda, ast.ListComp: Expressions._comprehension,
    ast.SetComp: Expressions._comprehension, ast.GeneratorExp: Expressions._comprehension,
    ast.DictComp: Expressions._dict_comprehension, ast.Await: Expressions._await, ast.Yield: Expressions._yield,
    ast.YieldFrom: Expressions._yield,
}  # fmt: skip
# Nodes of newer Pythons, where the running one has them.
for _newer, _lower in (("TemplateStr", Expressions._fstring), ("Interpolation", Expressions._interpolation)):
    if hasattr(ast, _newer):
        EXPRESSIONS[getattr(ast, _newer)] = _lower
