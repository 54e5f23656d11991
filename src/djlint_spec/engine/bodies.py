"""Whether a change of a file's text is one of function bodies only, and which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from djlint_spec.facts.tree import Deferred, FunctionDef, ModuleFacts
from djlint_spec.inference.requests import assigned_to_requests
from djlint_spec.project.module import outermost_functions
from djlint_spec.queries.existence import returns_queryset
from djlint_spec.queries.suspects import makes_rows


def changed_bodies(old: ModuleFacts, new: ModuleFacts, words: Collection[str]) -> frozenset[int] | None:
    """The numbers, from 1, of the outermost functions whose bodies are all that differs; None where more may differ.

    More does where a line of such a body that is other now has one of `words`, for which whole texts are searched, and
    where the function's text tells something else to those who look at the texts of all functions.
    """
    before, after = list(outermost_functions(old.body)), list(outermost_functions(new.body))
    if len(before) != len(after):
        return None
    found: set[int] = set()
    at_old = at_new = 0
    for number, (first, second) in enumerate(zip(before, after, strict=True), 1):
        if old.text[at_old : first.start] != new.text[at_new : second.start] or not _is_alike(old, first, new, second):
            return None
        at_old, at_new = _past(first), _past(second)
        if old.text[first.start : at_old] != new.text[second.start : at_new]:
            if not _is_body(old, first, new, second, words):
                return None
            found.add(number)
    return frozenset(found) if old.text[at_old:] == new.text[at_new:] else None


def _is_body(
    old: ModuleFacts, first: FunctionDef, new: ModuleFacts, second: FunctionDef, words: Collection[str]
) -> bool:
    """Whether what differs between two functions is of no meaning to who does not look into their bodies."""
    deferred = isinstance(first.body, Deferred) and isinstance(second.body, Deferred)
    return (
        deferred
        and _searched(old, first, words) == _searched(new, second, words)
        and _told(old, first) == _told(new, second)
    )


def _is_alike(old: ModuleFacts, first: FunctionDef, new: ModuleFacts, second: FunctionDef) -> bool:
    """Whether the same stands before two bodies. A docstring, which no facts hold, lies between the two."""
    return old.text[first.start : _end(first)] == new.text[second.start : _end(second)] and _kinds(first) == _kinds(
        second
    )


def _past(function: FunctionDef) -> int:
    return function.body.end if isinstance(function.body, Deferred) else function.end


def _end(function: FunctionDef) -> int:
    """Where the last thing of a function's head ends: its name, a parameter or what it returns."""
    nodes = (function.returns, *(node for p in function.params for node in (p, p.annotation, p.default)))
    return max((function.name_start + len(function.name), *(node.end for node in nodes if node is not None)))


def _kinds(function: FunctionDef) -> list[str]:
    return [parameter.kind for parameter in function.params]


def _text(facts: ModuleFacts, function: FunctionDef) -> str:
    return facts.text[function.start : function.end]


def _searched(facts: ModuleFacts, function: FunctionDef, words: Collection[str]) -> Counter[str]:
    """The lines of a function that searches for words may meet."""
    return Counter(line.strip() for line in _text(facts, function).splitlines() if any(word in line for word in words))


def _told(facts: ModuleFacts, function: FunctionDef) -> tuple[bool, bool, frozenset[str]]:
    text = _text(facts, function)
    return makes_rows(text), returns_queryset(text), assigned_to_requests(text)
