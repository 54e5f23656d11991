"""Whether a change of a file's text is one of function bodies only, and which."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection

from djlint_spec.facts.tree import Deferred, FunctionDef, ModuleFacts
from djlint_spec.inference.requests import assigned_to_requests
from djlint_spec.project.module import outermost_functions
from djlint_spec.queries.existence import returns_queryset
from djlint_spec.queries.suspects import makes_rows


def changed_body(old: ModuleFacts, new: ModuleFacts, words: Collection[str]) -> int | None:
    """The number, from 1, of the outermost function whose body is all that differs; None where more may differ.

    More does where a line of the body that is other now has one of `words`, for which whole texts are searched, and
    where the function's text tells something else to those who look at the texts of all functions.
    """
    before, after = list(outermost_functions(old.body)), list(outermost_functions(new.body))
    at = _first_difference(old.text, new.text)
    number = bisect_right([function.start for function in before], at)
    if not number or len(before) != len(after):
        return None
    first, second = before[number - 1], after[number - 1]
    if not (isinstance(first.body, Deferred) and isinstance(second.body, Deferred)):
        return None
    if old.text[: first.start] != new.text[: second.start] or _header(first) != _header(second):
        return None
    if old.text[first.body.end :] != new.text[second.body.end :]:
        return None
    same = _searched(old, first, words) == _searched(new, second, words) and _told(old, first) == _told(new, second)
    return number if same else None


def _first_difference(old: str, new: str) -> int:
    """Where two texts begin to differ, found by halves: comparing stretches is quicker than comparing characters."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _header(function: FunctionDef) -> tuple[object, ...]:
    """What stands before the body. A docstring, which no facts hold, lies between the two."""
    return (
        function.name,
        function.name_start,
        function.params,
        function.decorators,
        function.returns,
        function.is_async,
    )


def _text(facts: ModuleFacts, function: FunctionDef) -> str:
    return facts.text[function.start : function.end]


def _searched(facts: ModuleFacts, function: FunctionDef, words: Collection[str]) -> Counter[str]:
    """The lines of a function that searches for words may meet."""
    return Counter(line.strip() for line in _text(facts, function).splitlines() if any(word in line for word in words))


def _told(facts: ModuleFacts, function: FunctionDef) -> tuple[bool, bool, frozenset[str]]:
    text = _text(facts, function)
    return makes_rows(text), returns_queryset(text), assigned_to_requests(text)
