"""What tests come to, and what a branch then knows of the names it tests."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from djlint_spec.facts import tree as t
from djlint_spec.inference import attributes, calls, keys
from djlint_spec.inference.values import (
    NONE,
    SCALAR,
    ClassValue,
    Either,
    Foreign,
    Instance,
    Items,
    Kept,
    Literal,
    ManagerOf,
    Many,
    Mapped,
    Method,
    OrmCall,
    QuerySet,
    Row,
    Scalar,
    SerializerOf,
    Value,
    either,
    options,
)
from djlint_spec.project import Class, Unknown

if TYPE_CHECKING:
    from djlint_spec.inference.evaluate import Evaluator
    from djlint_spec.inference.frames import Frame


_ORDERS: Mapping[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


_ALWAYS = frozenset({Instance, ClassValue, Method, ManagerOf, SerializerOf, Foreign})
"""Values that are true whatever they hold."""


def truthy(value: Value) -> bool | None:
    """Whether a value is true; None when it may be either."""
    if type(value) in _ALWAYS:
        return True
    match value:
        case Literal(value=constant):
            return bool(constant)
        case Either(options=several):
            first = truthy(several[0])
            return first if first is not None and all(truthy(option) is first for option in several[1:]) else None
        case Row() as row:
            return None if row.may_be_none else True
        case Items(elements=elements):
            return bool(elements)
        case Mapped(entries=entries, open=False):
            return bool(entries)
        case _:
            return None


_OF_ROWS = frozenset({QuerySet, Either})
"""Values of which a test may run a query."""


def truth_of(ev: Evaluator, test: t.Expr, frame: Frame) -> bool | None:
    """Whether a test holds in a frame; its reads are recorded. Short circuits cut off what does not run."""
    if isinstance(test, t.Compare):
        return compare(ev, test, frame)
    if isinstance(test, t.BoolOp):
        decided = True
        for value in test.values:
            answer = ev.test(value, frame)
            if answer is (test.op == "or"):
                return answer
            decided = decided and answer is not None
        return (test.op == "and") if decided else None
    if isinstance(test, t.UnaryOp) and test.op == "not":
        inner = ev.test(test.operand, frame)
        return None if inner is None else not inner
    held = ev.by_kind[type(test)](ev, test, frame)
    if type(held) in _OF_ROWS:
        for option in options(held):
            if isinstance(option, QuerySet):
                ev.evaluated(option, "bool", frame.module.span(test))
    return truthy(held)


def compare(ev: Evaluator, test: t.Compare, frame: Frame) -> bool | None:
    """What a comparison comes to, None when it may go either way."""
    left = ev.eval(test.left, frame)
    rights = [ev.eval(comparator, frame) for comparator in test.comparators]
    for op, right in zip(test.ops, rights, strict=True):
        if type(right) in _OF_ROWS and op in ("in", "not in"):
            for option in options(right):
                if isinstance(option, QuerySet):
                    ev.evaluated(option, "contains", frame.module.span(test))
    if len(test.ops) != 1:
        return None
    if isinstance(left, Literal) and isinstance(left.value, str) and isinstance(rights[0], Kept):
        found = _is_kept(ev, rights[0], left.value, test, frame)
        return None if found is None else found is (test.ops[0] == "in")
    return _compare(test.ops[0], left, rights[0])


def _is_kept(ev: Evaluator, kept: Kept, name: str, test: t.Compare, frame: Frame) -> bool | None:
    """Whether a row has an attribute, or a prefetched set, at hand; None where nothing tells.

    Code that looks for a prefetched set goes by a query of its own without: so it is the prefetch that the list lacks.
    """
    rows = kept.row.rows
    if rows is None:
        return None
    if not kept.of_sets:
        return attributes.has_loaded(kept.row, name) or None
    relation = kept.row.model.relations.get(name)
    function = frame.scope.function
    if relation is None or not relation.to_many or function is None:
        return None
    if f".{name}" not in frame.module.body_text(function.node):
        return None
    for option in options(ev.related(kept.row, name)):
        if isinstance(option, ManagerOf):
            ev.iterate(
                calls.invoke(ev, OrmCall(option, "all"), [], {}, frame.module.span(test)), frame.module.span(test)
            )
    return True


def _compare(op: str, left: Value, right: Value) -> bool | None:
    match op, left, right:
        case (("==" | "is"), Literal(value=a), Literal(value=b)):
            return a == b and type(a) is type(b)
        case (("!=" | "is not"), Literal(value=a), Literal(value=b)):
            return not (a == b and type(a) is type(b))
        case (("is" | "=="), other, Literal(value=None)) if _is_something(other):
            return False
        case (("is not" | "!="), other, Literal(value=None)) if _is_something(other):
            return True
        case (("is" | "=="), ClassValue(cls=a), ClassValue(cls=b)):
            return a is b
        case (("<" | ">" | "<=" | ">="), Literal(value=int(a)), Literal(value=int(b))):
            return _ORDERS[op](a, b)
        case (("in" | "not in"), Literal(value=wanted), container):
            found = _contains(container, wanted)
            return None if found is None else found is (op == "in")
        case _:
            return None


def _is_something(value: Value) -> bool:
    # What certainly is not None: also a row of a set that is gone through, and where a key that is not null leads.
    if isinstance(value, Row):
        return value.certain or (value.rows is not None and not value.may_be_none)
    if isinstance(value, Either):
        return all(_is_something(option) for option in value.options)
    return isinstance(value, (Instance, ClassValue, Method, QuerySet, ManagerOf, Items, Mapped, Many, SerializerOf))


def _contains(container: Value, wanted: str | int | float | bool | bytes | None) -> bool | None:
    match container:
        case Items(elements=elements) if all(isinstance(element, Literal) for element in elements):
            return any(isinstance(element, Literal) and element.value == wanted for element in elements)
        case Mapped(entries=entries, open=is_open):
            found = any(key == wanted for key, _ in entries)
            return True if found else None if is_open else False
        case Literal(value=str(text)) if isinstance(wanted, str):
            return wanted in text
        case _:
            return None


def matches(ev: Evaluator, subject: Value, case: t.MatchCase, frame: Frame) -> bool | None:
    """Whether a `case` takes a value; None when it may."""
    if case.irrefutable:
        return True
    if case.guard is not None or not case.plain:
        return None
    answers = [_compare("==", subject, ev.eval(value, frame)) for value in case.values]
    if True in answers:
        return True
    return None if None in answers else False


_NARROWING = frozenset({t.UnaryOp, t.BoolOp, t.Name, t.Compare, t.Call})
"""Tests that may tell of a name."""


def narrow(ev: Evaluator, test: t.Expr, truth: bool, frame: Frame) -> None:
    """What a name holds in the branch where a test on it came out so."""
    if type(test) not in _NARROWING:
        return
    env = frame.env
    match test:
        case t.UnaryOp(op="not", operand=operand):
            narrow(ev, operand, not truth, frame)
        case t.BoolOp(op="and", values=values) if truth:
            for value in values:
                narrow(ev, value, True, frame)
        case t.BoolOp(op="or", values=values) if not truth:
            for value in values:
                narrow(ev, value, False, frame)
        case t.Name(id=name):
            _keep(name, env, lambda value: truthy(value) is not (not truth), is_none=not truth)
        case t.Compare(left=t.Name(id=name), ops=("is" | "is not" as op,), comparators=(t.Nothing(),)):
            is_none = truth is (op == "is")
            _keep(name, env, lambda value: _may_be(value, is_none=is_none), is_none=is_none)
        case t.Call(func=t.Name(id="isinstance"), args=(t.Name(id=name), classes)):
            held = env.get(name)
            if isinstance(held, Either):
                with ev.journal.muted():
                    named = ev.eval(classes, frame)
                env[name] = _of_classes(held, named, truth=truth)
        case _:
            pass


def _of_classes(held: Either, named: Value, *, truth: bool) -> Value:
    """Those options of a value that are instances of the classes, or are not."""
    asked = named.elements if isinstance(named, Items) else (named,)
    classes = tuple(one.cls for one in asked if isinstance(one, ClassValue))
    if len(classes) < len(asked):
        return held
    kept = [option for option in held.options if _is_of(option, classes) is not (not truth)]
    return either(kept) if kept else held


def _is_of(value: Value, classes: Sequence[Class]) -> bool | None:
    """Whether a value is an instance of one of the classes; None when it may be."""
    match value:
        case Row(model=model):
            return any(cls in model.cls.mro for cls in classes)
        case Instance(cls=own):
            return True if any(cls in own.mro for cls in classes) else None if own.unresolved_bases else False
        case Literal():
            return False if all(cls.is_ours for cls in classes) else None
        case _:
            return None


def _keep(name: str, env: dict[str, Value], fits: Callable[[Value], bool], *, is_none: bool) -> None:
    held = env.get(name)
    if held is None:
        return
    if isinstance(held, Either):
        kept = [_told(option, is_none=is_none) for option in held.options if fits(option)]
        if kept:
            env[name] = either(kept)
    elif isinstance(held, Row):
        env[name] = _told(held, is_none=is_none)


def _may_be(value: Value, *, is_none: bool) -> bool:
    if isinstance(value, (Unknown, Scalar)) or (isinstance(value, Row) and value.may_be_none):
        return True
    return (value == NONE) is is_none


def _told(value: Value, *, is_none: bool) -> Value:
    """A value after a test that only None, or all but None, passes: of a row that may be None it tells which."""
    if not isinstance(value, Row) or not value.may_be_none:
        return value
    return NONE if is_none else replace(value, certain=True)


def _combined(op: str, left: QuerySet, right: QuerySet) -> QuerySet:
    """The rows of two querysets: an empty one gives way to the other, or takes its place (Django 4.2 to 6.1)."""
    if op == "&":
        return right if right.loading.empty else left
    if left.loading.empty:
        return right
    if right.loading.empty:
        return left
    return keys.of_both(left, right) if op == "|" else left


def binary(op: str, left: Value, right: Value) -> Value:
    """What an operator makes of two values: sums of lists and texts, unions of querysets."""
    if isinstance(left, Either) or isinstance(right, Either):
        return either(binary(op, a, b) for a in options(left) for b in options(right))
    match op, left, right:
        case "+", Items(elements=a), Items(elements=b):
            return Items((*a, *b))
        case "+", Literal(value=str(a)), Literal(value=str(b)):
            return Literal(a + b)
        case "+", Literal(value=int(a)), Literal(value=int(b)):
            return Literal(a + b)
        case "-", Literal(value=int(a)), Literal(value=int(b)):
            return Literal(a - b)
        case "+", Many(element=a), Many(element=b):
            return Many(either((a, b)))
        case "+", Many(element=a), Items(elements=b):
            return Many(either((a, *b)))
        case "+", Items(elements=a), Many(element=b):
            return Many(either((*a, b)))
        case (("|" | "&" | "^"), QuerySet(), QuerySet()):
            return _combined(op, left, right)
        case "|", ClassValue(), ClassValue():
            return Items((left, right))
        case "|", Mapped(), Mapped():
            return left.with_all(right)
        case _, Unknown(), _:
            return left
        case _, _, Unknown():
            return right
        case _:
            return SCALAR
