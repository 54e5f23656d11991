"""Functions that call themselves with the next of a row's kind: `def root(node): return root(node.parent)`."""

from __future__ import annotations

from collections.abc import Sequence

from djlint_spec.inference.values import Row, Value
from djlint_spec.project import Function

_MOST_ALIKE = 2
_MOST_FURTHER = 8


def row_further_down(
    calls: Sequence[tuple[Function, tuple[Value | None, ...]]], function: Function, given: tuple[Value | None, ...]
) -> Row | None:
    """The row of a call that goes on from one related row to the next within `calls` under way; None for any other.

    Calls that count their depth differ in more than the row, and are followed further.
    """
    for place, row in enumerate(given):
        if not isinstance(row, Row) or row.rows is None:
            continue
        before = [others for other, others in calls if other is function and _leads_to(others, place, row)]
        alike = [others for others in before if (*others[:place], row, *others[place + 1 :]) == given]
        if len(alike) >= _MOST_ALIKE or len(before) >= _MOST_FURTHER:
            return row
    return None


def _leads_to(given: tuple[Value | None, ...], place: int, row: Row) -> bool:
    held = given[place] if place < len(given) else None
    return isinstance(held, Row) and held.rows == row.rows and len(held.path) < len(row.path)
