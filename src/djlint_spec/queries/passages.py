"""Where a loop goes on to its next round, and where it is left."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import statements_of
from djlint_spec.inference.reads import Loop, Read
from djlint_spec.project import Function, Project
from djlint_spec.project.tracking import Kept

_WRITTEN = re.compile(r"\.a?(?:save|delete)\((?:[^()]|\([^()]*\))*\)$")
_CACHED = re.compile(r"cache(?<=\bcache)s?\b[\w\[\]\"'.]*\.(?:get|set|get_or_set|get_many)\(")


@dataclass(slots=True)
class Passages:
    """Answers for one project whether code in a loop can run once more for the next row, and then query.

    What runs to save or delete a row depends on what has changed of it; a cache answers from the second time on.
    """

    project: Project
    _functions: dict[str, list[tuple[int, int, Function]]] = field(default_factory=dict)
    _kept: Kept[tuple[Span, Function], bool] = field(init=False)
    _left: Kept[Span, tuple[Span, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self._kept = Kept(self.project.tracking)
        self._left = Kept(self.project.tracking)

    def function_at(self, span: Span) -> Function | None:
        """The function or method of the project that a span lies in."""
        known = self._functions.get(span.path)
        if known is None:
            module = self.project.module_at(span.path)
            functions = self.project.functions_in(module) if module is not None else ()
            known = self._functions[span.path] = [
                (one.module.row(one.node.start), one.module.row(one.node.end), one) for one in functions
            ]
        at = bisect_right(known, span.row, key=itemgetter(0)) - 1
        return known[at][2] if at >= 0 and span.row <= known[at][1] else None

    def repeats(self, function: Function, loop: Loop, read: Read) -> bool:
        """Whether a read in a loop can come again: not where the loop is left after it."""
        places = (read.span, *read.chain)
        if any(self._is_kept(place, function) for place in places):
            return False
        left = self._left.made(loop.span, lambda: tuple(left_after(function, loop.span)))
        return not any(lies_in(place, part) for place in places for part in left)

    def _is_kept(self, place: Span, function: Function) -> bool:
        """Whether a place is where a row is saved or deleted, or in a function that keeps its answer in a cache."""
        return self._kept.made((place, function), lambda: self._looked_at(place, function))

    def _looked_at(self, place: Span, function: Function) -> bool:
        inner = self.function_at(place)
        text = self.project.source_of(place)
        return (text is not None and _WRITTEN.search(text) is not None) or (
            inner is not None
            and inner is not function
            and _CACHED.search(inner.module.body_text(inner.node)) is not None
        )


def left_after(function: Function, loop: Span) -> Iterator[Span]:
    """The parts of a loop's body after which it is over; the loop by the span of its iterable."""
    module = function.module
    for node in statements_of(function.body):
        if isinstance(node, t.For) and module.span(node.iterable) == loop:
            for first, last in _endings(node.body, breaks=True):
                yield module.span_of(first.start, last.end)


def _endings(block: Sequence[t.Stmt], *, breaks: bool) -> Iterator[tuple[t.Stmt, t.Stmt]]:
    if not block:
        return
    last = block[-1]
    if isinstance(last, (t.Return, t.Raise)) or (breaks and isinstance(last, t.Jump) and last.kind == "break"):
        yield block[0], last
        return
    for statement in block:
        match statement:
            case t.For(body=body, orelse=orelse) | t.While(body=body, orelse=orelse):
                yield from _endings(body, breaks=False)
                yield from _endings(orelse, breaks=breaks)
            case t.If(body=body, orelse=orelse):
                yield from _endings(body, breaks=breaks)
                yield from _endings(orelse, breaks=breaks)
            case t.With(body=body):
                yield from _endings(body, breaks=breaks)
            case t.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
                for part in (body, *(handler.body for handler in handlers), orelse, finalbody):
                    yield from _endings(part, breaks=breaks)
            case t.Match(cases=cases):
                for case in cases:
                    yield from _endings(case.body, breaks=breaks)
            case _:
                pass


def lies_in(place: Span, part: Span) -> bool:
    """Whether a place begins within a part of its file."""
    return place.path == part.path and (part.row, part.column) <= (place.row, place.column) < (
        part.end_row,
        part.end_column,
    )
