"""What the body of a loop does with the row of a name, or with what a call returns; told by the code alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import statements_of, walk
from djlint_spec.queries.sites import Around

_TELLS = frozenset({"append", "print", "str", "repr", "info", "debug", "warning", "write", "len", "isinstance"})
"""What a row that is not saved yet may be given to."""


_STEADY = frozenset(
    {"now", "utcnow", "today", "localtime", "localdate", "date", "datetime", "timedelta", "timezone", "utc"}
    | {"Decimal", "str", "int", "float", "bool", "len", "dict", "list", "set", "tuple", "frozenset"}
    | {"F", "Value", "Now", "get", "getattr", "_", "gettext", "format", "join", "lower", "upper", "strip"}
)
"""Calls that give the same in each round, or as good as: the time of day."""


def name_given(call: t.Call, loop: Around) -> str | None:
    """The name that takes the result of a call; empty where it is dropped, None where it goes elsewhere."""
    for node in statements_of(loop.body):
        match node:
            case t.Assign(targets=(t.Name(id=name),), value=value) if _is_call(value, call):
                return name
            case t.ExprStmt(value=value) if _is_call(value, call):
                return ""
            case t.ExprStmt(value=t.Call(func=t.Attribute(attr="append"), args=(value,))) if _is_call(value, call):
                return ""
            case _:
                pass
    return None if loop.body else ""


def is_kept(call: t.Call, loop: Around) -> bool:
    """Whether a mapping keeps the answer where there was none: each is asked for once."""
    given = name_given(call, loop)
    return any(
        isinstance(node, t.If)
        and node.start <= call.start < node.end
        and any(_keeps(inner, call, given) for inner in statements_of(node.body))
        for node in statements_of(loop.body)
    )


def is_wanted(name: str, call: t.Call, loop: Around) -> bool:
    """Whether something in the loop asks for the row of a name, which may have to be saved for it."""
    for node in walk(loop.body):
        match node:
            case t.Call() if node is not call:
                method = node.func.attr if isinstance(node.func, t.Attribute) else getattr(node.func, "id", "")
                if isinstance(node.func, t.Attribute) and _root(node.func.value) == name:
                    return True
                given = (*node.args, *(keyword.value for keyword in node.keywords))
                if any(isinstance(one, t.Name) and one.id == name for one in given) and method not in _TELLS:
                    return True
            case t.Yield(value=t.Name(id=held)) if held == name:
                return True
            case t.Attribute(value=t.Name(id=held), attr="pk" | "id") if held == name and is_new(call):
                return True
            case _:
                pass
    return False


def is_asked_of(name: str, call: t.Call, loop: Around) -> bool:
    """Whether another call in the loop takes what a row holds: something else goes with it."""
    return any(
        isinstance(node, t.Call)
        and node is not call
        and (node.func.attr if isinstance(node.func, t.Attribute) else "") not in _TELLS
        and any(name in names_in(given) for given in (*node.args, *(keyword.value for keyword in node.keywords)))
        for node in walk(loop.body)
    )


def is_under_test(call: t.Call, loop: Around) -> bool:
    """Whether a call in the loop stands under an `if` or a `match`: not every round makes it."""
    around = (node for node in statements_of(loop.body) if node.start <= call.start < node.end)
    return any(isinstance(node, (t.If, t.Match)) for node in around)


def is_alike(values: Iterable[t.Expr], bound: frozenset[str]) -> bool:
    """Whether values are the same in each round: made of nothing that a round binds, nor by calls that may differ."""
    return not any(
        (isinstance(node, t.Name) and node.id in bound) or (isinstance(node, t.Call) and not _is_steady(node))
        for node in walk(values)
    )


def is_new(call: t.Call) -> bool:
    """Whether a call writes a row, by `create()` or `save()`."""
    return isinstance(call.func, t.Attribute) and call.func.attr in ("create", "acreate", "save", "asave")


def _is_steady(call: t.Call) -> bool:
    # `get_random_string(8)` and `uuid4()` give another value each time; so may whatever is not known.
    name = call.func.attr if isinstance(call.func, t.Attribute) else getattr(call.func, "id", "")
    return name in _STEADY


def _keeps(node: object, call: t.Call, given: str | None) -> bool:
    match node:
        case t.Assign(targets=targets, value=value) if any(isinstance(target, t.Subscript) for target in targets):
            return _is_call(value, call) or (isinstance(value, t.Name) and value.id == given)
        case _:
            return False


def _is_call(value: t.Expr, call: t.Call) -> bool:
    return value is call or (isinstance(value, t.Await) and value.value is call)


def _root(expr: t.Expr) -> str:
    while isinstance(expr, (t.Attribute, t.Call, t.Subscript)):
        expr = expr.func if isinstance(expr, t.Call) else expr.value
    return expr.id if isinstance(expr, t.Name) else ""


def words_in(expr: t.Expr) -> set[str]:
    """The names in an expression, and those of the attributes that it reads."""
    return names_in(expr) | {node.attr for node in walk([expr]) if isinstance(node, t.Attribute)}


def names_in(expr: t.Expr) -> set[str]:
    """The names in an expression, without attributes."""
    return {node.id for node in walk([expr]) if isinstance(node, t.Name)}


def values_given(body: tuple[t.Stmt, ...], name: str) -> Iterator[t.Expr]:
    """What a name is assigned, by itself and not as part of a tuple."""
    for node in statements_of(body):
        match node:
            case t.Assign(targets=targets, value=value):
                if any(isinstance(target, t.Name) and target.id == name for target in targets):
                    yield value
            case t.AnnAssign(target=t.Name(id=given), value=value) if given == name and value is not None:
                yield value
            case _:
                pass


def loops_over(body: tuple[t.Stmt, ...], name: str) -> Iterator[t.For]:
    """The loops over what a name holds, its keys or its items."""
    for node in statements_of(body):
        if isinstance(node, t.For) and name in names_in(node.iterable):
            yield node


def attributes_set(body: tuple[t.Stmt, ...], name: str) -> Iterator[tuple[str, t.Expr]]:
    """The attributes that are set on a name, with their values."""
    for node in statements_of(body):
        match node:
            case t.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, t.Attribute) and isinstance(target.value, t.Name) and target.value.id == name:
                        yield target.attr, value
            case t.AugAssign(target=t.Attribute(value=t.Name(id=held), attr=attr) as target) if held == name:
                yield attr, target
            case _:
                pass
