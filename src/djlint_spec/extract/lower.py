"""Syntax tree of the running Python to the tree of `facts`."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from djlint_spec.facts import tree as t

_LONG = 256
"""A literal collection with more elements than this, all constants, is dropped: it is data, not code."""
_QUERIES = (".objects", ".filter(", ".all(", "queryset", ".annotate(", ".order_by(", "_related(", ".exclude(")

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.MatMult: "@", ast.LShift: "<<", ast.RShift: ">>", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^",
}  # fmt: skip
_UNARY: dict[type[ast.unaryop], str] = {ast.Not: "not", ast.USub: "-", ast.UAdd: "+", ast.Invert: "~"}
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "is",
    ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip

_Positioned: TypeAlias = "ast.expr | ast.stmt | ast.keyword | ast.arg | ast.excepthandler | ast.pattern"
_WIDE = re.compile(r"[^\x00-\x7f]+")
_BLANK = re.compile(r"[\s\\]*")
_Functions = (ast.FunctionDef, ast.AsyncFunctionDef)


class Lowering:
    """Lowers one file, or one body cut out of it.

    `shift` is what turns a row of the parsed text into an index of `starts`; -1 for a whole file. `part` is the
    stretch of the text that is lowered, None for all of it.
    """

    def __init__(
        self,
        text: str,
        starts: list[int],
        *,
        shift: int = -1,
        defer: bool = True,
        part: tuple[int, int] | None = None,
    ) -> None:
        self._text = text
        self._starts = starts
        self._shift = shift
        self._defer = defer
        self.bodies: dict[int, t.Block] = {}
        """Bodies that are deferred and all the same lowered, by where they start."""
        # `ast` counts columns in UTF-8 bytes, we count code points: the same but on these lines.
        self._wide = frozenset(_wide_lines(text, starts, *(part or (0, len(text)))))

    # -------------------------------------------------------------------------------------------- positions
    def _offset(self, index: int, byte_column: int) -> int:
        start = self._starts[index]
        if index not in self._wide:
            return start + byte_column
        end = self._starts[index + 1] if index + 1 < len(self._starts) else len(self._text)
        line = self._text[start:end]
        return start + len(line.encode()[:byte_column].decode(errors="ignore"))

    def _at(self, node: _Positioned) -> tuple[int, int]:
        row, end_row, column, end_column = node.lineno, node.end_lineno, node.col_offset, node.end_col_offset
        assert end_row is not None and end_column is not None
        first, last = row + self._shift, end_row + self._shift
        if first in self._wide or last in self._wide:
            return self._offset(first, column), self._offset(last, end_column)
        return self._starts[first] + column, self._starts[last] + end_column

    def _name_start(self, after: int) -> int:
        # Not found by its text: Python takes a name in its NFKC form, whatever is written.
        blank = _BLANK.match(self._text, after)
        return blank.end() if blank is not None else after

    # ------------------------------------------------------------------------------------------- statements
    def block(self, statements: Iterable[ast.stmt]) -> tuple[t.Stmt, ...]:
        """The statements lowered, without docstrings and other bare strings."""
        return tuple(
            _STATEMENTS[type(statement)](self, statement)
            for statement in statements
            if not (type(statement) is ast.Expr and type(statement.value) is ast.Constant)
        )

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> t.FunctionDef:
        start, end = self._at(node)
        is_async = type(node) is ast.AsyncFunctionDef
        return t.FunctionDef(
            start,
            end,
            node.name,
            self._name_start(self._text.find("def", start) + 3),
            self._parameters(node.args),
            self._expressions(node.decorator_list),
            self._optional(node.returns),
            is_async,
            self._body(node),
        )

    def _body(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> t.Block | t.Deferred:
        statements = node.body
        first = statements[0]
        if len(statements) > 1 and type(first) is ast.Expr and type(first.value) is ast.Constant:
            first = statements[1]
        row = first.lineno
        if isinstance(first, (*_Functions, ast.ClassDef)) and first.decorator_list:
            row = first.decorator_list[0].lineno
        last = statements[-1].end_lineno
        assert last is not None
        if self._defer:
            start = self._starts[row + self._shift]
            index = last + self._shift + 1
            end = self._starts[index] if index < len(self._starts) else len(self._text)
            lead = self._text[start : start + first.col_offset]
            if lead.isspace():
                if self._queries(start, end):
                    self.bodies[start] = self._whole(statements)
                return t.Deferred(start, end, row)
        return self._whole(statements)

    def _whole(self, statements: Sequence[ast.stmt]) -> t.Block:
        """A body with those of the functions in it: who asks for it asks for them."""
        defer, self._defer = self._defer, False
        try:
            return t.Block(self.block(statements))
        finally:
            self._defer = defer

    def _queries(self, start: int, end: int) -> bool:
        """Whether a stretch of the text looks like queries: most bodies that do are asked for later.

        To parse them once more then takes far longer than to lower the tree that is at hand.
        """
        find = self._text.find
        return any(find(word, start, end) >= 0 for word in _QUERIES)

    def _parameters(self, args: ast.arguments) -> tuple[t.Parameter, ...]:
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
        start, end = self._at(node)
        return t.Parameter(start, end, node.arg, kind, self._optional(node.annotation), self._optional(default))

    def _class(self, node: ast.ClassDef) -> t.ClassDef:
        start, end = self._at(node)
        return t.ClassDef(
            start,
            end,
            node.name,
            self._name_start(start + 5),
            self._expressions(node.bases),
            self._keywords(node.keywords),
            self._expressions(node.decorator_list),
            self.block(node.body),
        )

    def _assign(self, node: ast.Assign) -> t.Assign:
        return t.Assign(*self._at(node), self._expressions(node.targets), self.expression(node.value))

    def _annotated(self, node: ast.AnnAssign) -> t.AnnAssign:
        return t.AnnAssign(
            *self._at(node),
            self.expression(node.target),
            self.expression(node.annotation),
            self._optional(node.value),
        )

    def _augmented(self, node: ast.AugAssign) -> t.AugAssign:
        return t.AugAssign(
            *self._at(node), self.expression(node.target), _BINARY[type(node.op)], self.expression(node.value)
        )

    def _expression_statement(self, node: ast.Expr) -> t.ExprStmt:
        return t.ExprStmt(*self._at(node), self.expression(node.value))

    def _return(self, node: ast.Return) -> t.Return:
        return t.Return(*self._at(node), self._optional(node.value))

    def _raise(self, node: ast.Raise) -> t.Raise:
        return t.Raise(*self._at(node), self._optional(node.exc), self._optional(node.cause))

    def _if(self, node: ast.If) -> t.If:
        return t.If(*self._at(node), self.expression(node.test), self.block(node.body), self.block(node.orelse))

    def _for(self, node: ast.For | ast.AsyncFor) -> t.For:
        return t.For(
            *self._at(node),
            self.expression(node.target),
            self.expression(node.iter),
            self.block(node.body),
            self.block(node.orelse),
            type(node) is ast.AsyncFor,
        )

    def _while(self, node: ast.While) -> t.While:
        return t.While(*self._at(node), self.expression(node.test), self.block(node.body), self.block(node.orelse))

    def _try(self, node: ast.Try) -> t.Try:
        handlers = tuple(
            t.Handler(*self._at(handler), self._optional(handler.type), handler.name, self.block(handler.body))
            for handler in node.handlers
        )
        return t.Try(
            *self._at(node),
            self.block(node.body),
            handlers,
            self.block(node.orelse),
            self.block(node.finalbody),
            type(node) is not ast.Try,
        )

    def _with(self, node: ast.With | ast.AsyncWith) -> t.With:
        items = tuple(
            t.WithItem(self.expression(item.context_expr), self._optional(item.optional_vars)) for item in node.items
        )
        return t.With(*self._at(node), items, self.block(node.body), type(node) is ast.AsyncWith)

    def _match(self, node: ast.Match) -> t.Match:
        cases = tuple(
            t.MatchCase(
                tuple(_captures(case.pattern)),
                tuple(self.expression(value) for value in _compared(case.pattern)),
                self._optional(case.guard),
                case.guard is None and _irrefutable(case.pattern),
                _plain(case.pattern),
                self.block(case.body),
            )
            for case in node.cases
        )
        return t.Match(*self._at(node), self.expression(node.subject), cases)

    def _delete(self, node: ast.Delete) -> t.Delete:
        return t.Delete(*self._at(node), self._expressions(node.targets))

    def _assert(self, node: ast.Assert) -> t.Assert:
        return t.Assert(*self._at(node), self.expression(node.test), self._optional(node.msg))

    def _import(self, node: ast.Import) -> t.Import:
        return t.Import(*self._at(node), None, 0, tuple(t.Alias(alias.name, alias.asname) for alias in node.names))

    def _import_from(self, node: ast.ImportFrom) -> t.Import:
        names = tuple(t.Alias(alias.name, alias.asname) for alias in node.names)
        return t.Import(*self._at(node), node.module or "", node.level, names)

    def _jump(self, node: ast.Pass | ast.Break | ast.Continue) -> t.Jump:
        return t.Jump(*self._at(node), type(node).__name__.lower())

    def _scoping(self, node: ast.Global | ast.Nonlocal) -> t.Scoping:
        return t.Scoping(*self._at(node), tuple(node.names), type(node) is ast.Nonlocal)

    def _type_alias(self, node: ast.stmt) -> t.Jump:
        return t.Jump(*self._at(node), "pass")  # `type X = ...`: types alone, nothing runs

    # ------------------------------------------------------------------------------------------ expressions
    def expression(self, node: ast.expr) -> t.Expr:
        """One expression, lowered."""
        return _EXPRESSIONS[type(node)](self, node)

    def _optional(self, node: ast.expr | None) -> t.Expr | None:
        return None if node is None else _EXPRESSIONS[type(node)](self, node)

    def _expressions(self, nodes: Iterable[ast.expr]) -> tuple[t.Expr, ...]:
        return tuple(_EXPRESSIONS[type(node)](self, node) for node in nodes)

    def _keywords(self, nodes: Iterable[ast.keyword]) -> tuple[t.Keyword, ...]:
        return tuple(t.Keyword(*self._at(node), node.arg, self.expression(node.value)) for node in nodes)

    def _name(self, node: ast.Name) -> t.Expr:
        return t.Name(*self._at(node), node.id)

    def _attribute(self, node: ast.Attribute) -> t.Expr:
        return t.Attribute(*self._at(node), self.expression(node.value), node.attr)

    def _call(self, node: ast.Call) -> t.Expr:
        return t.Call(
            *self._at(node),
            self.expression(node.func),
            self._expressions(node.args),
            self._keywords(node.keywords),
        )

    def _constant(self, node: ast.Constant) -> t.Expr:
        start, end = self._at(node)
        value = node.value
        if isinstance(value, str):
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
            *self._at(node), tuple(self._optional(key) for key in node.keys), self._expressions(node.values)
        )

    def _fstring(self, node: ast.expr) -> t.Expr:
        values: Sequence[ast.expr] = getattr(node, "values")  # noqa: B009 - JoinedStr, and TemplateStr of 3.14
        return t.FString(*self._at(node), self._expressions(values))

    def _interpolation(self, node: ast.expr) -> t.Expr:
        value: ast.expr = getattr(node, "value")  # noqa: B009 - FormattedValue, and Interpolation of 3.14
        return t.Interpolation(*self._at(node), self.expression(value))

    def _subscript(self, node: ast.Subscript) -> t.Expr:
        return t.Subscript(*self._at(node), self.expression(node.value), self.expression(node.slice))

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
            result = t.BinOp(*self._at(link), result, _BINARY[type(link.op)], self.expression(link.right))
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


def _wide_lines(text: str, starts: list[int], begin: int, end: int) -> Iterator[int]:
    """The indices of the lines that hold more than ASCII within a stretch of a text."""
    if not text.isascii():
        for match in _WIDE.finditer(text, begin, end):
            yield from range(bisect_right(starts, match.start()) - 1, bisect_right(starts, match.end() - 1))


def _all_constant(nodes: Iterable[ast.expr]) -> bool:
    return all(type(node) is ast.Constant for node in nodes)


def _has_surrogate(value: str) -> bool:
    # A lone surrogate ("\ud800" in the source) cannot be written to the cache.
    return not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value)


def _captures(pattern: ast.pattern) -> Iterable[str]:
    for node in ast.walk(pattern):
        match node:
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                yield name
            case _:
                pass


def _compared(pattern: ast.pattern) -> Iterable[ast.expr]:
    for node in ast.walk(pattern):
        match node:
            case ast.MatchValue(value=value) | ast.MatchClass(cls=value):
                yield value
            case ast.MatchSingleton(value=constant):
                yield ast.copy_location(ast.Constant(constant), node)
            case _:
                pass


def _plain(pattern: ast.pattern) -> bool:
    match pattern:
        case ast.MatchValue() | ast.MatchSingleton():
            return True
        case ast.MatchOr(patterns=patterns):
            return all(map(_plain, patterns))
        case _:
            return False


def _irrefutable(pattern: ast.pattern) -> bool:
    return isinstance(pattern, ast.MatchAs) and pattern.pattern is None


_COLLECTIONS: dict[type[ast.expr], type[t.ListExpr] | type[t.TupleExpr] | type[t.SetExpr]] = {
    ast.List: t.ListExpr, ast.Tuple: t.TupleExpr, ast.Set: t.SetExpr,
}  # fmt: skip
_COMPREHENSIONS: dict[type[ast.expr], str] = {
    ast.ListComp: "list", ast.SetComp: "set", ast.GeneratorExp: "generator",
}  # fmt: skip

# The tables are keyed by the node's type, which mypy cannot follow into the methods' parameters: hence `...`.
_STATEMENTS: dict[type[ast.stmt], Callable[..., t.Stmt]] = {
    ast.FunctionDef: Lowering._function, ast.AsyncFunctionDef: Lowering._function, ast.ClassDef: Lowering._class,
    ast.Assign: Lowering._assign, ast.AnnAssign: Lowering._annotated, ast.AugAssign: Lowering._augmented,
    ast.Expr: Lowering._expression_statement, ast.Return: Lowering._return, ast.Raise: Lowering._raise,
    ast.If: Lowering._if, ast.For: Lowering._for, ast.AsyncFor: Lowering._for, ast.While: Lowering._while,
    ast.Try: Lowering._try, ast.With: Lowering._with, ast.AsyncWith: Lowering._with, ast.Match: Lowering._match,
    ast.Delete: Lowering._delete, ast.Assert: Lowering._assert, ast.Import: Lowering._import,
    ast.ImportFrom: Lowering._import_from, ast.Pass: Lowering._jump, ast.Break: Lowering._jump,
    ast.Continue: Lowering._jump, ast.Global: Lowering._scoping, ast.Nonlocal: Lowering._scoping,
}  # fmt: skip
_EXPRESSIONS: dict[type[ast.expr], Callable[..., t.Expr]] = {
    ast.Name: Lowering._name, ast.Attribute: Lowering._attribute, ast.Call: Lowering._call,
    ast.Constant: Lowering._constant, ast.List: Lowering._collection, ast.Tuple: Lowering._collection,
    ast.Set: Lowering._collection, ast.Dict: Lowering._dict, ast.JoinedStr: Lowering._fstring,
    ast.FormattedValue: Lowering._interpolation, ast.Subscript: Lowering._subscript, ast.Slice: Lowering._slice,
    ast.Starred: Lowering._starred, ast.BinOp: Lowering._binary, ast.UnaryOp: Lowering._unary,
    ast.BoolOp: Lowering._boolean, ast.Compare: Lowering._compare, ast.IfExp: Lowering._conditional,
    ast.NamedExpr: Lowering._walrus, ast.Lambda: Lowering._lambda, ast.ListComp: Lowering._comprehension,
    ast.SetComp: Lowering._comprehension, ast.GeneratorExp: Lowering._comprehension,
    ast.DictComp: Lowering._dict_comprehension, ast.Await: Lowering._await, ast.Yield: Lowering._yield,
    ast.YieldFrom: Lowering._yield,
}  # fmt: skip
# Nodes of newer Pythons, where the running one has them.
for _newer, _lower in (("TryStar", Lowering._try), ("TypeAlias", Lowering._type_alias)):
    if hasattr(ast, _newer):
        _STATEMENTS[getattr(ast, _newer)] = _lower
for _newer, _lower_expression in (
    ("TemplateStr", Lowering._fstring),
    ("Interpolation", Lowering._interpolation),
):
    if hasattr(ast, _newer):
        _EXPRESSIONS[getattr(ast, _newer)] = _lower_expression
