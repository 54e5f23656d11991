"""Syntax tree of the running Python to the tree of `facts`."""

from __future__ import annotations

import ast
import enum
import re
from collections.abc import Callable, Iterable, Sequence

from djlint_spec.extract.expressions import BINARY, EXPRESSIONS, Expressions
from djlint_spec.extract.patterns import captures, compared, irrefutable, plain
from djlint_spec.facts import tree as t

_QUERIES = (".objects", ".filter(", ".all(", "queryset", ".annotate(", ".order_by(", "_related(", ".exclude(")

_BLANK = re.compile(r"[\s\\]*")
_Functions = (ast.FunctionDef, ast.AsyncFunctionDef)


class Bodies(enum.Enum):
    """Which bodies of functions, all of them deferred, are lowered with their file: the tree of another is forgotten,
    and its text is parsed once more when it is asked for, which takes three times as long.
    """

    ALL = enum.auto()
    LIKELY = enum.auto()
    """Those that look like queries: of what is written, and read again whole."""
    NONE = enum.auto()


class Lowering(Expressions):
    """Lowers one file, or one body cut out of it.

    `shift` is what turns a row of the parsed text into an index of `starts`; -1 for a whole file. `part` is the
    stretch of the text that is lowered, None for all of it. `deferred` are the bodies of functions that stand apart, of
    which some are lowered all the same; None where none do.
    """

    def __init__(
        self,
        text: str,
        starts: list[int],
        *,
        shift: int = -1,
        deferred: Bodies | None = Bodies.LIKELY,
        part: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(text, starts, shift=shift, part=part)
        self._deferred = deferred
        self.bodies: dict[int, t.Block] = {}
        """Bodies that are deferred and all the same lowered, by where they start."""

    def _name_start(self, after: int) -> int:
        # Not found by its text: Python takes a name in its NFKC form, whatever is written.
        blank = _BLANK.match(self._text, after)
        return blank.end() if blank is not None else after

    # ------------------------------------------------------------------------------------------- statements
    def block(self, statements: Iterable[ast.stmt]) -> tuple[t.Stmt, ...]:
        """The statements lowered, without docstrings and other bare strings."""
        return tuple(
            [
                _STATEMENTS[type(statement)](self, statement)
                for statement in statements
                if not (type(statement) is ast.Expr and type(statement.value) is ast.Constant)
            ]
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
        if self._deferred is not None:
            start = int(self._rows[row])
            end = int(self._rows[last + 1]) if last + 1 < len(self._rows) else len(self._text)
            lead = self._text[start : start + first.col_offset]
            if lead.isspace():
                if self._deferred is Bodies.ALL or (self._deferred is Bodies.LIKELY and self._queries(start, end)):
                    self.bodies[start] = self._whole(statements)
                return t.Deferred(start, end, row)
        return self._whole(statements)

    def _whole(self, statements: Sequence[ast.stmt]) -> t.Block:
        """A body with those of the functions in it: who asks for it asks for them."""
        deferred, self._deferred = self._deferred, None
        try:
            return t.Block(self.block(statements))
        finally:
            self._deferred = deferred

    def _queries(self, start: int, end: int) -> bool:
        """Whether a stretch of the text looks like queries: most bodies that do are asked for later."""
        find = self._text.find
        return any(find(word, start, end) >= 0 for word in _QUERIES)

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
        rows, value = self._rows, node.value
        return t.Assign(
            rows[node.lineno] + node.col_offset,
            rows[node.end_lineno] + node.end_col_offset,  # type: ignore[index,operator]
            self._expressions(node.targets),
            EXPRESSIONS[type(value)](self, value),
        )

    def _annotated(self, node: ast.AnnAssign) -> t.AnnAssign:
        return t.AnnAssign(
            *self._at(node),
            self.expression(node.target),
            self.expression(node.annotation),
            self._optional(node.value),
        )

    def _augmented(self, node: ast.AugAssign) -> t.AugAssign:
        return t.AugAssign(
            *self._at(node), self.expression(node.target), BINARY[type(node.op)], self.expression(node.value)
        )

    def _expression_statement(self, node: ast.Expr) -> t.ExprStmt:
        rows, value = self._rows, node.value
        return t.ExprStmt(
            rows[node.lineno] + node.col_offset,
            rows[node.end_lineno] + node.end_col_offset,  # type: ignore[index,operator]
            EXPRESSIONS[type(value)](self, value),
        )

    def _return(self, node: ast.Return) -> t.Return:
        return t.Return(*self._at(node), self._optional(node.value))

    def _raise(self, node: ast.Raise) -> t.Raise:
        return t.Raise(*self._at(node), self._optional(node.exc), self._optional(node.cause))

    def _if(self, node: ast.If) -> t.If:
        rows, test = self._rows, node.test
        return t.If(
            rows[node.lineno] + node.col_offset,
            rows[node.end_lineno] + node.end_col_offset,  # type: ignore[index,operator]
            EXPRESSIONS[type(test)](self, test),
            self.block(node.body),
            self.block(node.orelse) if node.orelse else (),
        )

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
                tuple(captures(case.pattern)),
                tuple(self.expression(value) for value in compared(case.pattern)),
                self._optional(case.guard),
                case.guard is None and irrefutable(case.pattern),
                plain(case.pattern),
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


# The table is keyed by the node's type, which mypy cannot follow into the methods' parameters: hence `...`.
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
# Nodes of newer Pythons, where the running one has them.
for _newer, _lower in (("TryStar", Lowering._try), ("TypeAlias", Lowering._type_alias)):
    if hasattr(ast, _newer):
        _STATEMENTS[getattr(ast, _newer)] = _lower
