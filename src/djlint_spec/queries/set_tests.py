"""Uses that ask more of a queryset than they need: as they are written, before it is known whether it is one."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import walk, walk_for

ANSWERS = frozenset(
    ["exists", "aexists", "contains", "get", "aget", "delete", "update", "create", "last", "latest", "earliest",
     "get_or_create", "update_or_create", "in_bulk", "aggregate", "add", "set", "remove", "clear"]
)  # fmt: skip
"""Methods whose result is no queryset."""


class Waste(enum.Enum):
    """What is fetched or counted, and for what."""

    COUNTED_TO_TEST = "counted to test"
    FETCHED_TO_TEST = "fetched to test"
    MEASURED_TO_TEST = "measured to test"
    FETCHED_TO_COUNT = "fetched to count"
    FIRST_TO_TEST = "first row fetched to test"
    LISTED_FOR_ONE = "listed for one"
    CAUGHT_FOR_ONE = "caught for one"


class Shape(msgspec.Struct, frozen=True):
    """A wasteful use as it is written: the whole expression, and the queryset or manager in it.

    `positive` is False where it holds for no row at all.
    """

    waste: Waste
    expr: t.Expr
    target: t.Expr
    positive: bool = True
    awaited: bool = False


def shapes_in(body: Iterable[t.Stmt]) -> Iterator[Shape]:
    """The uses in a body that are wasteful if what they are made of are querysets."""
    tested: dict[tuple[int, int], None] = {}
    for node in walk_for(_ASKING, body):
        match node:
            case t.Call(func=t.Name(id="len"), args=(target,), keywords=()):
                if (node.start, node.end) not in tested:
                    yield Shape(Waste.FETCHED_TO_COUNT, node, target)
            case t.Call(func=t.Name(id="bool"), args=(argument,), keywords=()):
                for shape in _tests(argument, tested):
                    yield Shape(shape.waste, node, shape.target, shape.positive, shape.awaited)
            case t.Call():
                pass
            case t.If(test=test) | t.While(test=test) | t.IfExp(test=test) | t.Assert(test=test):
                yield from _tests(test, tested)
            case t.Subscript(
                value=t.Call(func=t.Name(id="list"), args=(target,), keywords=()), index=t.Number(value=0)
            ):
                yield Shape(Waste.LISTED_FOR_ONE, node, target)
            case t.UnaryOp(op="not", operand=operand):
                yield from _tests(operand, tested)
            case t.Compare():
                yield from _comparison(node, tested)
            case t.Comprehension(generators=generators):
                for generator in generators:
                    for condition in generator.conditions:
                        yield from _tests(condition, tested)
            case t.Try(handlers=handlers):
                if any(_is_index_error(handler.type) for handler in handlers):
                    yield from _caught(node)
            case _:
                pass


_ASKING: frozenset[type[msgspec.Struct]] = frozenset(
    {t.Call, t.If, t.While, t.IfExp, t.Assert, t.Subscript, t.UnaryOp, t.Compare, t.Comprehension, t.Try}
)
"""Of these are the uses."""


def _tests(test: t.Expr, tested: dict[tuple[int, int], None]) -> Iterator[Shape]:
    """The shapes of what is only asked whether it is true."""
    if (test.start, test.end) in tested:
        return
    match test:
        case t.BoolOp(values=values):
            for value in values:
                yield from _tests(value, tested)
        case t.Call(func=t.Attribute(value=target, attr=method), args=(), keywords=()) if method == "count":
            tested[test.start, test.end] = None
            yield Shape(Waste.COUNTED_TO_TEST, test, target)
        case t.Call(func=t.Attribute(value=target, attr=method), args=(), keywords=()) if method == "first":
            tested[test.start, test.end] = None
            yield Shape(Waste.FIRST_TO_TEST, test, target)
        case t.Await(value=t.Call(func=t.Attribute(value=target, attr=method), args=(), keywords=())):
            if method in ("acount", "afirst"):
                tested[test.start, test.end] = None
                waste = Waste.COUNTED_TO_TEST if method == "acount" else Waste.FIRST_TO_TEST
                yield Shape(waste, test, target, awaited=True)
        case t.Call(func=t.Name(id="len"), args=(target,), keywords=()):
            tested[test.start, test.end] = None
            yield Shape(Waste.MEASURED_TO_TEST, test, target)
        case t.Call(func=t.Attribute(attr=method)) if method in ANSWERS:
            pass
        case t.Name() | t.Call(func=t.Attribute()):
            tested[test.start, test.end] = None
            yield Shape(Waste.FETCHED_TO_TEST, test, test)
        case _:
            pass


def _comparison(test: t.Compare, tested: dict[tuple[int, int], None]) -> Iterator[Shape]:
    if len(test.ops) != 1:
        return
    left, op, right = test.left, test.ops[0], test.comparators[0]
    if isinstance(left, t.Number):
        left, op, right = right, _TURNED.get(op, op), left
    match left, right:
        case t.Call(), t.Number(value=int(bound)) if (op, bound) in _EMPTINESS:
            positive = _EMPTINESS[op, bound]
            match left:
                case t.Call(func=t.Attribute(value=target, attr="count"), args=(), keywords=()):
                    yield Shape(Waste.COUNTED_TO_TEST, test, target, positive)
                case t.Call(func=t.Name(id="len"), args=(target,), keywords=()):
                    tested[left.start, left.end] = None
                    yield Shape(Waste.MEASURED_TO_TEST, test, target, positive)
                case _:
                    pass
        case t.Await(value=t.Call(func=t.Attribute(value=target, attr="acount"), args=())), t.Number(value=int(bound)):
            if (op, bound) in _EMPTINESS:
                yield Shape(Waste.COUNTED_TO_TEST, test, target, _EMPTINESS[op, bound], awaited=True)
        case t.Call(func=t.Attribute(value=target, attr="first"), args=(), keywords=()), t.Nothing() if op in _NONE:
            yield Shape(Waste.FIRST_TO_TEST, test, target, _NONE[op])
        case t.Await(value=t.Call(func=t.Attribute(value=target, attr="afirst"), args=())), t.Nothing() if op in _NONE:
            yield Shape(Waste.FIRST_TO_TEST, test, target, _NONE[op], awaited=True)
        case _:
            pass


_TURNED: Mapping[str, str] = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_NONE: Mapping[str, bool] = {"is not": True, "!=": True, "is": False, "==": False}
_EMPTINESS: Mapping[tuple[str, int], bool] = {
    (">", 0): True, (">=", 1): True, ("!=", 0): True, ("==", 0): False, ("<", 1): False, ("<=", 0): False,
}  # fmt: skip
"""Comparisons of a number of rows that ask for nothing but whether there is any."""


def _is_index_error(caught: t.Expr | None) -> bool:
    match caught:
        case t.Name(id="IndexError"):
            return True
        case t.TupleExpr(elements=elements):
            return any(_is_index_error(element) for element in elements)
        case _:
            return False


def _caught(statement: t.Try) -> Iterator[Shape]:
    for node in walk(statement.body):
        match node:
            case t.Subscript(value=t.Call(func=t.Name())):
                pass
            case t.Subscript(value=target, index=t.Number(value=0)):
                yield Shape(Waste.CAUGHT_FOR_ONE, node, target)
            case _:
                pass
