"""What comparisons of known values come to, and what a path knows once a test has come out."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TypeAlias

from djlint_spec.facts import tree as t
from djlint_spec.flow.values import Known, S, State, Thing, Truth, Value, path_of, pure_text

_Number: TypeAlias = "int | float"
_ORDER: dict[str, Callable[[_Number, _Number], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_OPPOSITE = {"is": "is not", "is not": "is", "==": "!=", "!=": "=="}


def compared(op: str, left: Value, right: Value) -> bool | None:
    """What `left op right` comes to; None when the values do not tell."""
    if op in _ORDER:
        one, other = _number(left), _number(right)
        return None if one is None or other is None else _ORDER[op](one, other)
    if op not in _OPPOSITE:
        return None
    match left, right:
        case Known(value=first), Known(value=second):
            same = first == second and (op in ("==", "!=") or type(first) is type(second))
        case (Truth(value=answer), Known(value=bool(flag))) if answer is not flag:
            same = False
        case (Truth(value=True) | Thing(truth=True), Known(value=None)):
            same = False
        case _:
            return None
    return same is (op in ("is", "=="))


def remembered(test: t.Compare, state: State[S]) -> Value | None:
    """How the same comparison came out before on this path; None when it did not stand there."""
    text = pure_text(test)
    return None if text is None else state.get(f"?{text}")


def learn(test: t.Expr, answer: bool, state: State[S]) -> State[S]:
    """The state on the branch on which a test has come out as `answer`."""
    match test:
        case t.Name() | t.Attribute() | t.Subscript():
            path = path_of(test)
            return state if path is None else state.learn(path, Truth(answer))
        case t.NamedExpr(target=t.Name(id=name)):
            return state.learn(name, Truth(answer))
        case t.Compare(left=left, ops=(op,), comparators=(right,)):
            text = pure_text(test)
            if text is None:
                return state
            state = state.learn(f"?{text}", Known(answer))
            opposite = _OPPOSITE.get(op)
            if opposite is not None:
                turned = pure_text(t.Compare(test.start, test.end, left, (opposite,), (right,)))
                state = state.learn(f"?{turned}", Known(not answer))
            path = path_of(left)
            if isinstance(right, t.Nothing) and path is not None and answer is (op in ("is", "==")):
                state = state.learn(path, Known(None))
            return state
        case _:
            return state


def _number(value: Value) -> _Number | None:
    return value.value if isinstance(value, Known) and isinstance(value.value, (int, float)) else None
