"""Expressions and statements as facts: immutable, typed, spans as character offsets into the file's text.

The tree is lossless for control flow. Only docstrings and long literal collections are dropped. A function's body
is `Deferred` (a slice of the text) until an analysis asks for it through `project`.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec


class Node(msgspec.Struct, frozen=True, array_like=True, gc=False, kw_only=False):
    """Base of all nodes: `text[start:end]` of the module is the node's source."""

    start: int
    end: int


# ------------------------------------------------------------------------------------------------ expressions
class Name(Node, frozen=True, array_like=True, gc=False, tag=1):
    id: str


class Attribute(Node, frozen=True, array_like=True, gc=False, tag=2):
    """`value.attr`; the attribute's own name stands at `text[end - len(attr):end]`."""

    value: Expr
    attr: str


class Keyword(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`name=value` of a call or a class statement; `name` is None for `**value`."""

    start: int
    end: int
    name: str | None
    value: Expr


class Call(Node, frozen=True, array_like=True, gc=False, tag=3):
    func: Expr
    args: tuple[Expr, ...]
    keywords: tuple[Keyword, ...]


class String(Node, frozen=True, array_like=True, gc=False, tag=4):
    value: str


class Bytes(Node, frozen=True, array_like=True, gc=False, tag=5):
    value: bytes


class Number(Node, frozen=True, array_like=True, gc=False, tag=6):
    """An int that fits 64 bits or a float; others (complex, huge) become `Elided`."""

    value: int | float


class Boolean(Node, frozen=True, array_like=True, gc=False, tag=7):
    value: bool


class Nothing(Node, frozen=True, array_like=True, gc=False, tag=8):
    """The constant None."""


class Dots(Node, frozen=True, array_like=True, gc=False, tag=9):
    """The constant `...`."""


class Elided(Node, frozen=True, array_like=True, gc=False, tag=10):
    """A value that no analysis can use: a long literal collection, a complex number."""


class FString(Node, frozen=True, array_like=True, gc=False, tag=11):
    """Parts are `String` and `Interpolation`."""

    parts: tuple[Expr, ...]


class Interpolation(Node, frozen=True, array_like=True, gc=False, tag=12):
    value: Expr


class ListExpr(Node, frozen=True, array_like=True, gc=False, tag=13):
    elements: tuple[Expr, ...]


class TupleExpr(Node, frozen=True, array_like=True, gc=False, tag=14):
    elements: tuple[Expr, ...]


class SetExpr(Node, frozen=True, array_like=True, gc=False, tag=15):
    elements: tuple[Expr, ...]


class DictExpr(Node, frozen=True, array_like=True, gc=False, tag=16):
    """A key of None stands for `**value`."""

    keys: tuple[Expr | None, ...]
    values: tuple[Expr, ...]


class Subscript(Node, frozen=True, array_like=True, gc=False, tag=17):
    value: Expr
    index: Expr


class SliceExpr(Node, frozen=True, array_like=True, gc=False, tag=18):
    lower: Expr | None
    upper: Expr | None
    step: Expr | None


class Starred(Node, frozen=True, array_like=True, gc=False, tag=19):
    value: Expr


class BinOp(Node, frozen=True, array_like=True, gc=False, tag=20):
    """`op` is the operator as written: `+ - * / // % ** @ << >> & | ^`."""

    left: Expr
    op: str
    right: Expr


class UnaryOp(Node, frozen=True, array_like=True, gc=False, tag=21):
    """`op` is `not`, `-`, `+` or `~`."""

    op: str
    operand: Expr


class BoolOp(Node, frozen=True, array_like=True, gc=False, tag=22):
    """`op` is `and` or `or`."""

    op: str
    values: tuple[Expr, ...]


class Compare(Node, frozen=True, array_like=True, gc=False, tag=23):
    """`ops` as written: `== != < <= > >= is`, `is not`, `in`, `not in`."""

    left: Expr
    ops: tuple[str, ...]
    comparators: tuple[Expr, ...]


class IfExp(Node, frozen=True, array_like=True, gc=False, tag=24):
    test: Expr
    body: Expr
    orelse: Expr


class NamedExpr(Node, frozen=True, array_like=True, gc=False, tag=25):
    target: Expr
    value: Expr


class Lambda(Node, frozen=True, array_like=True, gc=False, tag=26):
    params: tuple[Parameter, ...]
    body: Expr


class Comprehension(Node, frozen=True, array_like=True, gc=False, tag=27):
    """`kind` is `list`, `set`, `dict` or `generator`; `key` only for dict (then `element` is the value)."""

    kind: str
    key: Expr | None
    element: Expr
    generators: tuple[Generator, ...]


class Generator(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One `for target in iterable if ...` of a comprehension."""

    target: Expr
    iterable: Expr
    conditions: tuple[Expr, ...]
    is_async: bool


class Await(Node, frozen=True, array_like=True, gc=False, tag=28):
    value: Expr


class Yield(Node, frozen=True, array_like=True, gc=False, tag=29):
    """`yield value`, or `yield from value` when `delegates`."""

    value: Expr | None
    delegates: bool


Expr: TypeAlias = (
    Name | Attribute | Call | String | Bytes | Number | Boolean | Nothing | Dots | Elided | FString | Interpolation
    | ListExpr | TupleExpr | SetExpr | DictExpr | Subscript | SliceExpr | Starred | BinOp | UnaryOp | BoolOp | Compare
    | IfExp | NamedExpr | Lambda | Comprehension | Await | Yield
)  # fmt: skip


# ------------------------------------------------------------------------------------------------ statements
class Parameter(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`kind` is `positional` (before `/`), `normal`, `args`, `keyword` (after `*`) or `kwargs`."""

    start: int
    end: int
    name: str
    kind: str
    annotation: Expr | None
    default: Expr | None


class Deferred(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=60):
    """A body not lowered yet: `text[start:end]`, whole lines, the first of them row `row`."""

    start: int
    end: int
    row: int


class FunctionDef(Node, frozen=True, array_like=True, gc=False, tag=40):
    """`start` is at `def`/`async` (decorators lie before it); `name_start` is where the name stands."""

    name: str
    name_start: int
    params: tuple[Parameter, ...]
    decorators: tuple[Expr, ...]
    returns: Expr | None
    is_async: bool
    body: Block | Deferred


class ClassDef(Node, frozen=True, array_like=True, gc=False, tag=41):
    """`start` is at `class` (decorators lie before it)."""

    name: str
    name_start: int
    bases: tuple[Expr, ...]
    keywords: tuple[Keyword, ...]
    decorators: tuple[Expr, ...]
    body: tuple[Stmt, ...]


class Assign(Node, frozen=True, array_like=True, gc=False, tag=42):
    targets: tuple[Expr, ...]
    value: Expr


class AnnAssign(Node, frozen=True, array_like=True, gc=False, tag=43):
    target: Expr
    annotation: Expr
    value: Expr | None


class AugAssign(Node, frozen=True, array_like=True, gc=False, tag=44):
    """`target op= value`; `op` without the `=`."""

    target: Expr
    op: str
    value: Expr


class ExprStmt(Node, frozen=True, array_like=True, gc=False, tag=45):
    value: Expr


class Return(Node, frozen=True, array_like=True, gc=False, tag=46):
    value: Expr | None


class Raise(Node, frozen=True, array_like=True, gc=False, tag=47):
    exception: Expr | None
    cause: Expr | None


class If(Node, frozen=True, array_like=True, gc=False, tag=48):
    test: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]


class For(Node, frozen=True, array_like=True, gc=False, tag=49):
    target: Expr
    iterable: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]
    is_async: bool


class While(Node, frozen=True, array_like=True, gc=False, tag=50):
    test: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]


class Handler(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`except type as name:`; `type` is None for a bare except."""

    start: int
    end: int
    type: Expr | None
    name: str | None
    body: tuple[Stmt, ...]


class Try(Node, frozen=True, array_like=True, gc=False, tag=51):
    body: tuple[Stmt, ...]
    handlers: tuple[Handler, ...]
    orelse: tuple[Stmt, ...]
    finalbody: tuple[Stmt, ...]
    is_star: bool


class WithItem(msgspec.Struct, frozen=True, array_like=True, gc=False):
    context: Expr
    target: Expr | None


class With(Node, frozen=True, array_like=True, gc=False, tag=52):
    items: tuple[WithItem, ...]
    body: tuple[Stmt, ...]
    is_async: bool


class MatchCase(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`captures` are the names that the pattern binds; `values` the constants and dotted names it compares with.

    `irrefutable` is true for `case _:` and a bare capture without guard; `plain` when the pattern is nothing but its
    values, one of which the subject has to be.
    """

    captures: tuple[str, ...]
    values: tuple[Expr, ...]
    guard: Expr | None
    irrefutable: bool
    plain: bool
    body: tuple[Stmt, ...]


class Match(Node, frozen=True, array_like=True, gc=False, tag=53):
    subject: Expr
    cases: tuple[MatchCase, ...]


class Delete(Node, frozen=True, array_like=True, gc=False, tag=54):
    targets: tuple[Expr, ...]


class Assert(Node, frozen=True, array_like=True, gc=False, tag=55):
    test: Expr
    message: Expr | None


class Alias(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`name as asname` of an import; for `from m import *` the name is `*`."""

    name: str
    asname: str | None


class Import(Node, frozen=True, array_like=True, gc=False, tag=56):
    """`import a.b as c` when `module` is None, else `from ..module import names` with `level` dots.

    `module` is the empty string in `from . import x`.
    """

    module: str | None
    level: int
    names: tuple[Alias, ...]


class Jump(Node, frozen=True, array_like=True, gc=False, tag=57):
    """`kind` is `pass`, `break` or `continue`."""

    kind: str


class Scoping(Node, frozen=True, array_like=True, gc=False, tag=58):
    """`global` (or `nonlocal` when `nonlocal_`) names."""

    names: tuple[str, ...]
    nonlocal_: bool


Stmt: TypeAlias = (
    FunctionDef | ClassDef | Assign | AnnAssign | AugAssign | ExprStmt | Return | Raise | If | For | While | Try
    | With | Match | Delete | Assert | Import | Jump | Scoping
)  # fmt: skip


class Block(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=61):
    """A lowered body."""

    statements: tuple[Stmt, ...]


class Comment(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A suppression comment of this tool or a `noqa`; `text[start:end]` from the `#` to the end of the line."""

    start: int
    end: int


SCHEMA = 3
"""Raised whenever the meaning or the layout of facts changes; part of the cache key."""


class ModuleFacts(msgspec.Struct, frozen=True, array_like=True):
    """All that the rest of the house knows of one Python file.

    `bodies` are those of the deferred ones that were lowered with the file, by where they start.
    """

    schema: int
    text: str
    body: tuple[Stmt, ...]
    comments: tuple[Comment, ...]
    bodies: dict[int, Block]
