"""Literals with the names that they are given: by assignment, keyword, dict entry, default or comparison."""

from __future__ import annotations

import enum
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import get_args

import msgspec
from msgspec.structs import replace

from djlint_spec.facts import tree as t
from djlint_spec.project.environment import EnvironmentRead, dotted_text, environment_read
from djlint_spec.project.module import Module
from djlint_spec.project.secrets.names import names_secret, words_of
from djlint_spec.project.settings import holds_in_development

_MAKES_USER = frozenset({"create_user", "create_superuser", "acreate_user", "acreate_superuser"})
_TAKES_PASSWORD = frozenset({"set_password", "make_password", "aset_password"})
_BASIC_AUTH = frozenset({"HTTPBasicAuth", "HTTPDigestAuth", "BasicAuth", "PlainCredentials"})
_WRAPPERS = frozenset(
    {"SecretStr", "SecretBytes", "str", "bytes", "Secret", "Field", "field", "force_str", "force_bytes"}
)
_KEEPS = frozenset({"encode", "strip", "decode", "lower", "upper"})
_STATEMENTS = frozenset(get_args(t.Stmt))
_EXPRESSIONS = frozenset(get_args(t.Expr))
_VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\Z")


class Role(enum.Enum):
    """How a literal comes by its name."""

    ASSIGNED = "assigned"
    KEYWORD = "keyword"
    ENTRY = "entry"
    DEFAULT = "default"
    COMPARED = "compared"
    USER_PASSWORD = "user password"
    """The password that a call gives to a user account."""
    WITHIN = "within"
    """No name of its own: somewhere in a statement."""


class Literal(msgspec.Struct, frozen=True):
    """A text in the source and the names that it goes by, the outermost first.

    `node` is the literal itself; `expr` what could be replaced by a read of the environment: the literal, with the
    `.encode()` around it, or the whole read whose default it is. `development` tells that it stands on a branch that
    only runs in development.
    """

    node: t.Expr
    value: str
    names: tuple[str, ...]
    role: Role
    expr: t.Expr
    read: EnvironmentRead | None = None
    development: bool = False
    owner: str = ""

    @property
    def name(self) -> str:
        """The nearest name; empty for none."""
        return self.names[-1] if self.names else ""


def literals_near(module: Module, offsets: list[int]) -> Iterator[Literal]:
    """The named literals in the parts of a module that hold one of the (sorted) offsets, each once."""
    seen: set[int] = set()
    for literal in _Reader(module, offsets).statements(module.facts.body, _Around()):
        # A default is met again as a plain literal within its statement: the first, with the nearest name, stands.
        if literal.node.start not in seen:
            seen.add(literal.node.start)
            yield literal


class _Around(msgspec.Struct, frozen=True):
    """What is known on the way down: the names, the branch, the class."""

    names: tuple[str, ...] = ()
    development: bool = False
    owner: str = ""

    def within(self, *names: str) -> _Around:
        return _Around((*self.names, *names), self.development, self.owner)


class _Reader:
    def __init__(self, module: Module, offsets: list[int]) -> None:
        self._module = module
        self._offsets = offsets

    def _touched(self, start: int, end: int) -> bool:
        index = bisect_left(self._offsets, start)
        return index < len(self._offsets) and self._offsets[index] < end

    # ------------------------------------------------------------------------------------------ statements
    def statements(self, body: Iterable[t.Stmt], around: _Around) -> Iterator[Literal]:
        for statement in body:
            if isinstance(statement, (t.FunctionDef, t.ClassDef)):
                for decorator in statement.decorators:
                    yield from self._expression(decorator, around)
            if self._touched(statement.start, statement.end):
                yield from self._statement(statement, around)

    def _statement(self, statement: t.Stmt, around: _Around) -> Iterator[Literal]:
        match statement:
            case t.FunctionDef(params=params):
                yield from self._parameters(params, around)
                yield from self.statements(self._module.body(statement), replace(around, names=()))
            case t.ClassDef(name=name, keywords=keywords, body=body):
                for keyword in keywords:
                    if keyword.name is not None:
                        yield from self._named(keyword.value, around.within(keyword.name), Role.KEYWORD)
                yield from self._keywords(keywords, around)
                yield from self.statements(body, replace(around, names=(), owner=name))
            case t.Assign(targets=targets, value=value):
                for target in targets:
                    yield from self._assigned(target, value, around)
            case t.AnnAssign(target=target, value=value) | t.AugAssign(target=target, value=value):
                if value is not None:
                    yield from self._assigned(target, value, around)
            case t.If(test=test, body=body, orelse=orelse):
                development = holds_in_development(test)
                yield from self._expression(test, around)
                yield from self.statements(body, self._branch(around, development is True))
                yield from self.statements(orelse, self._branch(around, development is False))
            case _:
                yield from self._parts(statement, around)

    def _branch(self, around: _Around, development: bool) -> _Around:
        return replace(around, development=True) if development else around

    def _assigned(self, target: t.Expr, value: t.Expr, around: _Around) -> Iterator[Literal]:
        match target, value:
            case t.TupleExpr(elements=targets), t.TupleExpr(elements=values) if len(targets) == len(values):
                for one, given in zip(targets, values, strict=True):
                    yield from self._assigned(one, given, around)
            case _:
                inner = around.within(*_target_names(target))
                yield from self._named(value, inner, Role.ASSIGNED)
                yield from self._expression(value, inner)

    # ----------------------------------------------------------------------------------------- expressions
    def _parts(self, node: msgspec.Struct, around: _Around) -> Iterator[Literal]:
        for field in node.__struct_fields__:
            value = getattr(node, field)
            for part in value if isinstance(value, tuple) else (value,):
                if type(part) in _STATEMENTS:
                    yield from self.statements((part,), around)
                elif type(part) in _EXPRESSIONS:
                    yield from self._expression(part, around)
                elif isinstance(part, msgspec.Struct):
                    yield from self._parts(part, around)

    def _expression(self, expr: t.Expr, around: _Around) -> Iterator[Literal]:
        if not self._touched(expr.start, expr.end):
            return
        match expr:
            case t.String() | t.Bytes() | t.FString():
                yield from self._named(expr, around, Role.WITHIN)
            case t.NamedExpr(target=target, value=value):
                yield from self._assigned(target, value, around)
                return
            case t.Call():
                yield from self._call(expr, around)
                return
            case t.DictExpr(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    inner = around.within(key.value) if isinstance(key, t.String) else around
                    if key is not None:
                        yield from self._expression(key, around)
                        yield from self._named(value, inner, Role.ENTRY)
                    yield from self._expression(value, inner)
                return
            case t.Compare(left=left, ops=(op,), comparators=(right,)) if op in ("==", "!="):
                for one, other in ((left, right), (right, left)):
                    names = _target_names(one)
                    if names:
                        yield from self._named(other, around.within(*names), Role.COMPARED)
            case t.Lambda(params=params):
                yield from self._parameters(params, around)
            case _:
                pass
        yield from self._parts(expr, around)

    def _call(self, call: t.Call, around: _Around) -> Iterator[Literal]:
        read = environment_read(call)
        if read is not None and read.default is not None:
            yield from self._named(call, around.within(read.variable), Role.DEFAULT)
        name = dotted_text(call.func).rpartition(".")[2] or (
            call.func.attr if isinstance(call.func, t.Attribute) else ""
        )
        if name in _MAKES_USER and len(call.args) >= 3:
            yield from self._named(call.args[2], around.within("password"), Role.USER_PASSWORD)
        elif name in _BASIC_AUTH and len(call.args) == 2:
            yield from self._named(call.args[1], around.within("password"), Role.KEYWORD)
        elif name in _TAKES_PASSWORD and call.args:
            yield from self._named(call.args[0], around.within("password"), Role.USER_PASSWORD)
        for keyword in call.keywords:
            if keyword.name == "auth":
                yield from self._pair(keyword.value, around)
            gives = keyword.name in ("password", "raw_password") and _gives_password(name, dotted_text(call.func))
            if keyword.name is not None:
                role = Role.USER_PASSWORD if gives else Role.KEYWORD
                yield from self._named(keyword.value, around.within(keyword.name), role)
        match call.args:
            case (t.String(value=variable), t.String() as value, *_) if _VARIABLE.match(variable):
                # `os.environ.setdefault("API_TOKEN", "…")`, `get_credential("API_TOKEN", "…")`
                yield from self._named(value, around.within(variable), Role.DEFAULT)
            case _:
                pass
        yield from self._expression(call.func, around)
        for argument in call.args:
            yield from self._expression(argument, around)
        yield from self._keywords(call.keywords, around)

    def _pair(self, value: t.Expr, around: _Around) -> Iterator[Literal]:
        """The password of `auth=("user", "password")`."""
        if isinstance(value, t.TupleExpr) and len(value.elements) == 2:
            yield from self._named(value.elements[1], around.within("password"), Role.KEYWORD)

    def _keywords(self, keywords: Iterable[t.Keyword], around: _Around) -> Iterator[Literal]:
        for keyword in keywords:
            yield from self._expression(keyword.value, around.within(keyword.name) if keyword.name else around)

    def _parameters(self, params: Iterable[t.Parameter], around: _Around) -> Iterator[Literal]:
        for parameter in params:
            if parameter.default is not None:
                inner = around.within(parameter.name)
                yield from self._named(parameter.default, inner, Role.DEFAULT)
                yield from self._expression(parameter.default, inner)

    def _named(self, value: t.Expr, around: _Around, role: Role) -> Iterator[Literal]:
        """The literals that an expression may come to, if by a name or a place they may be secrets."""
        telling = role is Role.USER_PASSWORD or (around.names and names_secret(around.names[-1]))
        if not telling and not self._touched(value.start, value.end):
            return
        for node, text, expr, read, development in _texts(value):
            if text and (telling or self._touched(node.start, node.end)):
                held = around.development or development
                yield Literal(node, text, around.names, role, expr, read, held, around.owner)


def _gives_password(name: str, dotted: str) -> bool:
    """Whether a call gives the `password=` that it is passed to an account: it makes a user by any name."""
    if name in _MAKES_USER | _TAKES_PASSWORD:
        return True
    words = {*words_of(name)}
    if words & {"user", "superuser", "users"}:
        return bool(words & {"create", "make", "add", "register", "new", "ensure"})
    return "user" in dotted.lower() and name in ("create", "get_or_create", "update_or_create", "acreate")


def _target_names(target: t.Expr) -> tuple[str, ...]:
    match target:
        case t.Name(id=name):
            return (name,)
        case t.Attribute(attr=name):
            return (name,)
        case t.Subscript(value=value, index=t.String(value=key)):
            return (*_target_names(value), key)
        case t.Subscript(value=value):
            return _target_names(value)
        case _:
            return ()


_Text = tuple[t.Expr, str, t.Expr, "EnvironmentRead | None", bool]


def _texts(expr: t.Expr) -> Iterator[_Text]:
    text = _constant_text(expr)
    if text is not None:
        yield expr, text, expr, None, False
        return
    match expr:
        case t.IfExp(test=test, body=body, orelse=orelse):
            held = holds_in_development(test)
            for branch, development in ((body, held is True), (orelse, held is False)):
                for node, inner, whole, read, already in _texts(branch):
                    yield node, inner, whole, read, already or development
        case t.BoolOp(values=values) | t.ListExpr(elements=values) | t.TupleExpr(elements=values):
            for value in values:
                yield from _texts(value)
        case t.SetExpr(elements=values):
            for value in values:
                yield from _texts(value)
        case t.NamedExpr(value=value):
            yield from _texts(value)
        case t.Call(func=t.Attribute(value=value, attr=attr)) if attr in _KEEPS:
            for node, inner, whole, read, development in _texts(value):
                yield node, inner, (whole if read or whole is not value else expr), read, development
        case t.Call(func=func, args=args, keywords=keywords):
            read = environment_read(expr)
            if read is not None:
                if read.default is not None:
                    for node, inner, _, _, development in _texts(read.default):
                        yield node, inner, expr, read, development
            elif dotted_text(func).rpartition(".")[2] in _WRAPPERS:
                given = [*args[:1], *(k.value for k in keywords if k.name == "default")]
                for value in given:
                    yield from _texts(value)
        case _:
            pass


def _constant_text(expr: t.Expr) -> str | None:
    """The text of a literal or of a sum of literals; of an f-string with `{}` for each value put in."""
    match expr:
        case t.String(value=text):
            return text
        case t.Bytes(value=raw):
            return raw.decode("latin-1")
        case t.FString(parts=parts):
            return "".join(part.value if isinstance(part, t.String) else "{}" for part in parts)
        case t.BinOp(left=left, op="+", right=right):
            one, other = _constant_text(left), _constant_text(right)
            return one + other if one is not None and other is not None else None
        case _:
            return None
