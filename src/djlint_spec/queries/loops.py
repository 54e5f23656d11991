"""Loops over querysets in plain code: what they read of each row, against what the queryset loads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
from msgspec.structs import replace

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import statements_of
from djlint_spec.inference import statements
from djlint_spec.inference.evaluate import Evaluator
from djlint_spec.inference.frames import Frame
from djlint_spec.inference.loading import Path
from djlint_spec.inference.memory import SharedCalls
from djlint_spec.inference.orm import CHANGES, SETS
from djlint_spec.inference.reads import COLUMN, FOLLOWS_ON, HANDED, LINKS, Loop, Read
from djlint_spec.inference.values import (
    HOLDING,
    Either,
    Instance,
    Items,
    ManagerOf,
    Many,
    Mapped,
    Method,
    QuerySet,
    RelatedSet,
    Row,
    Rows,
    Value,
    options,
)
from djlint_spec.project import Function, Module, Project, Unknown
from djlint_spec.project.fields import RelationKind
from djlint_spec.project.models import Model
from djlint_spec.project.tracking import cached_property
from djlint_spec.queries.coverage import Coverage
from djlint_spec.queries.entries import enter
from djlint_spec.queries.mentions import names_queries
from djlint_spec.queries.one_row import is_of_one_row
from djlint_spec.queries.passages import Passages
from djlint_spec.queries.rows import RowQuery, RowRead, judge_rows
from djlint_spec.queries.staleness import Writing, written_in
from djlint_spec.queries.suspects import Suspects

_LOADED_BY_HAND = ("prefetch_related_objects", "_prefetched_objects_cache", "_state.fields_cache")

_BY_A_TABLE_BETWEEN = frozenset({RelationKind.MANY_TO_MANY, RelationKind.REVERSE_MANY_TO_MANY})

_FURTHEST = 2
"""How many calls deep a queryset is looked for, where no row is passed on."""
_DEEPEST = 8
"""How many calls deep a row is followed."""
_SHORT = 250
"""Functions of so many characters are followed whatever they do: most of them only name something."""


class LoopReport(msgspec.Struct, frozen=True):
    """A loop that runs queries for each of its rows: the relations it loads anew, the sets that it asks anew."""

    span: Span
    function: Function
    rows: Rows
    missing: tuple[RowRead, ...]
    queries: tuple[RowQuery, ...]
    others: tuple[Rows, ...] = ()
    """The other sets that the loop may go through, which lack the same."""
    defeated: tuple[RowQuery, ...] = ()
    """Those of the queries that ask for a set which is prefetched, and which nothing takes from there."""
    written: tuple[Writing, ...] = ()
    """What the loop, or code that it calls, writes to tables."""
    assigned: tuple[Path, ...] = ()
    """The attributes that code sets on the rows, and on such as they lead to."""
    handed: bool = False
    """Whether rows, or sets of them, go to code of which it is not known what it does."""

    @property
    def model(self) -> Model:
        """The model of the rows."""
        return self.rows.model

    @property
    def text(self) -> str:
        """The source of the function that the loop stands in."""
        return self.function.module.body_text(self.function.node)


class _LoopEvaluator(Evaluator):
    """Follows the rows of the loops, and what makes querysets; other calls go too far afield.

    Rows at hand that come from elsewhere may bring their sets along: nothing is said of those.
    """

    def call(self, method: Method, args: Sequence[Value], kwargs: Mapping[str, Value], span: Span | None) -> Value:
        """What a function returns; Unknown for one that no row is given to and that makes no queryset nearby."""
        function, depth = method.function, len(self.active)
        if depth >= _DEEPEST or function in [key[0] for key in self.active]:
            return Unknown("recursive call", function.dotted)
        given = (*args, *kwargs.values()) if method.receiver is None else (method.receiver, *args, *kwargs.values())
        if not depth or (not HOLDING.isdisjoint(map(type, given)) and any(map(_brings_rows, given))):
            return super().call(method, args, kwargs, span)
        if span is not None and span is self.dropped and function.parent is None and not any(map(_knows_rows, given)):
            return Unknown("call not followed", function.dotted)  # no queryset comes of it
        node = function.node
        function.module.touch_body(node)
        if depth >= _FURTHEST or (node.end - node.start > _SHORT and not names_queries(function)):
            return Unknown("call not followed", function.dotted)
        return super().call(method, args, kwargs, span)

    def __init__(self, project: Project, calls: SharedCalls, assumed: Mapping[str, bool] | None = None) -> None:
        super().__init__(project, assumed=assumed, shared=calls)
        self.assigned: set[tuple[Rows, Path]] = set()
        """The relations that code sets itself on the rows: what it reads then, it need not load."""

    def assign(self, target: t.Expr, value: Value, frame: Frame) -> None:
        """Bind what an assignment's target names."""
        statements.assign(self, target, value, frame)
        if isinstance(target, (t.Attribute, t.Subscript)) and type(value) in HOLDING:
            self.hand_on([value], frame.module.span(target))
        if isinstance(target, t.Attribute):
            with self.journal.muted():
                held = self.eval(target.value, frame)
            self.assigned.update(
                (row.rows, (*row.path, target.attr))
                for row in options(held)
                if isinstance(row, Row) and row.rows is not None
            )

    def links(self, related: RelatedSet, method: str, span: Span) -> None:
        """Note what changes a set: rows of the table between, or the keys of the rows in it."""
        target = related.relation.target
        if isinstance(target, Model):
            between = related.relation.kind in _BY_A_TABLE_BETWEEN and method in SETS
            self.journal.record(
                span, rows=None, path=(), to_many=True, method=LINKS if between else method, model=target
            )

    def element(self, queryset: QuerySet) -> Value:
        """One row of a queryset; Unknown where a caller may have prefetched the set."""
        related = queryset.related
        if (
            related is not None
            and related.narrowed is None
            and related.row.rows is None
            and related.row.loading is None
        ):
            return Unknown("what was loaded with a row from elsewhere", related.relation.name)
        return super().element(queryset)


@dataclass
class Loops:
    """Every loop of a project that queries per row."""

    project: Project
    _coverage: Coverage = field(init=False)
    _passages: Passages = field(init=False)

    def __post_init__(self) -> None:
        self._coverage = self.project.once(Coverage)
        self._passages = Passages(self.project)

    @cached_property
    def all(self) -> tuple[LoopReport, ...]:
        """The loops that cost, in order of place."""
        found: dict[tuple[Span, Rows], LoopReport] = {}
        for module in self.project.modules:
            for report in self.in_module(module):
                found.setdefault((report.span, report.rows), report)
        return tuple(found[key] for key in sorted(found, key=lambda key: key[0]))

    def in_module(self, module: Module) -> Iterator[LoopReport]:
        """Those that the functions of one module lead to; none of tests and migrations."""
        if module.is_test or module.is_migration:
            return
        calls = SharedCalls()
        ev = _LoopEvaluator(self.project, calls)
        for function in self.project.functions_in(module):
            if not self.project.once(Suspects).may_loop_over_rows(function):
                continue
            found = list(self._entered(ev, function))
            if found and (test := _asked_twice(function)):
                found = self._either_way(function, test, calls)
            yield from found

    def _entered(self, ev: _LoopEvaluator, function: Function) -> Iterator[LoopReport]:
        ev.journal.reads.clear()
        ev.hand_on([enter(ev, function)], function.name_span)
        return self._judged(ev)

    def _either_way(self, function: Function, test: str, calls: SharedCalls) -> list[LoopReport]:
        """What a function's loops cost where a test that it makes twice comes out the same both times."""
        found: dict[tuple[Span, Rows], LoopReport] = {}
        for truth in (True, False):
            for report in self._entered(_LoopEvaluator(self.project, calls, {test: truth}), function):
                key = report.span, report.rows
                found[key] = _joined(found[key], report) if key in found else report
        return list(found.values())

    def _judged(self, ev: _LoopEvaluator) -> Iterator[LoopReport]:
        by_loop: dict[Loop, dict[Rows, list[Read]]] = {}
        for read in ev.reads:
            loop = _loop_of(read)
            if loop is not None and read.rows is not None and not _is_assigned(ev, read.rows, read.path):
                by_loop.setdefault(loop, {}).setdefault(read.rows, []).append(read)
        written = written_in(ev.reads)
        told: set[tuple[Rows, tuple[str, ...]]] = set()
        for loop, by_rows in by_loop.items():
            place = self._passages.function_at(loop.span)
            if place is None or place.module.is_test or place.module.is_migration:
                continue
            for report in self._of_loop(loop, place, by_rows):
                fresh = tuple(read for read in report.missing if (report.rows, read.path) not in told)
                told.update((report.rows, read.path) for read in fresh if not read.to_many)
                if fresh or report.queries:
                    yield replace(
                        report,
                        missing=fresh,
                        defeated=self._defeated(ev, report),
                        written=tuple(written.get(loop, ())),
                        assigned=tuple(sorted(path for rows, path in ev.assigned if rows == report.rows)),
                        handed=any(
                            read.method == HANDED and read.rows == report.rows and loop in read.loops
                            for read in ev.reads
                        ),
                    )

    def _defeated(self, ev: _LoopEvaluator, report: LoopReport) -> tuple[RowQuery, ...]:
        """The queries for sets that are loaded in vain, as far as all is seen that becomes of the rows."""
        if not any(query.prefetched for query in report.queries):
            return ()
        everywhere = judge_rows(self._coverage, report.rows, ev.reads)
        defeated = (query for query in report.queries if everywhere.defeats(query))
        return tuple({self._asked(query): query for query in reversed(tuple(defeated))}.values())[::-1]

    def _asked(self, query: RowQuery) -> tuple[object, ...]:
        """What tells one query from another: a name that holds a set keeps its rows from the first time on."""
        text = self.project.source_of(query.span) or ""
        return (query.path, query.method, text if text.isidentifier() else query.span)

    def _of_loop(self, loop: Loop, function: Function, by_rows: dict[Rows, list[Read]]) -> Iterator[LoopReport]:
        text = function.module.body_text(function.node)
        if any(words in text for words in _LOADED_BY_HAND):
            return
        verdicts = {
            rows: judge_rows(
                self._coverage, rows, by_rows.get(rows, ()), lambda read: self._passages.repeats(function, loop, read)
            )
            for rows in loop.sets
            if not is_of_one_row(self.project, rows.span, rows.loading)
        }
        missed = {name for verdict in verdicts.values() for read in verdict.missing for name in read.path}
        asked = {name for verdict in verdicts.values() for query in verdict.queries for name in query.path}
        by_hand = _set_by_hand(missed | asked, text)
        for rows, verdict in verdicts.items():
            ways = [v for other, v in verdicts.items() if other is not rows and other.model is rows.model]
            others = [{read.path for read in way.missing} for way in ways]
            missing = tuple(
                read
                for read in verdict.missing
                if all(read.path in paths for paths in others) and by_hand.isdisjoint(read.path)
            )
            queries = tuple(
                query
                for query in verdict.queries
                if query.path and query.method not in (COLUMN, FOLLOWS_ON) and by_hand.isdisjoint(query.path)
            )
            missing = _told_for_sure(missing, queries)
            if missing or queries:
                beside = tuple(way for way in verdicts if way is not rows and way.model is rows.model)
                yield LoopReport(loop.span, function, rows, missing, queries, beside)


def _told_for_sure(missing: tuple[RowRead, ...], queries: tuple[RowQuery, ...]) -> tuple[RowRead, ...]:
    """The reads without those of a set that the same place may ask for anew: a prefetch may be in vain."""
    asked = {(query.path, query.span) for query in queries}
    doubtful = {read.path for read in missing if (read.path, read.span) in asked}
    return tuple(
        read for read in missing if not any(read.path[:length] in doubtful for length in range(1, len(read.path) + 1))
    )


def _joined(one: LoopReport, other: LoopReport) -> LoopReport:
    """What a loop costs on either of two ways."""
    return replace(
        one,
        missing=tuple(dict.fromkeys((*one.missing, *other.missing))),
        queries=tuple(dict.fromkeys((*one.queries, *other.queries))),
        others=tuple(dict.fromkeys((*one.others, *other.others))),
        defeated=tuple(dict.fromkeys((*one.defeated, *other.defeated))),
        written=tuple(dict.fromkeys((*one.written, *other.written))),
        assigned=tuple(dict.fromkeys((*one.assigned, *other.assigned))),
        handed=one.handed or other.handed,
    )


def _asked_twice(function: Function) -> str | None:
    """The text of a test that a function makes more than once, be it the other way round."""
    tests: set[str] = set()
    for node in statements_of(function.body):
        if not isinstance(node, t.If):
            continue
        test = node.test
        if isinstance(test, t.UnaryOp) and test.op == "not":
            test = test.operand
        text = " ".join(function.module.text(test).split())
        if text in tests and isinstance(test, (t.Name, t.Attribute)):
            return text
        tests.add(text)
    return None


def _knows_rows(value: Value) -> bool:
    """Whether what is given to a function may lead it to rows of which is known what was loaded with them."""
    match value:
        case Row(loading=loading):
            return loading is not None
        case Instance(known=known):
            return any(_brings_rows(held) or _knows_rows(held) for _, held in known)
        case Many(element=element):
            return _knows_rows(element)
        case Items(elements=several) | Either(options=several):
            return any(map(_knows_rows, several))
        case Mapped():
            return any(_brings_rows(held) or _knows_rows(held) for held in value.values)
        case _:
            return False


def _brings_rows(value: Value) -> bool:
    match value:
        case QuerySet() | ManagerOf():
            return True
        case Row(rows=rows):
            return rows is not None
        case Many(element=element):
            return _brings_rows(element)
        case Items(elements=several) | Either(options=several):
            return any(_brings_rows(one) for one in several)
        case _:
            return False


def _loop_of(read: Read) -> Loop | None:
    """The outermost loop that goes through the rows that a read is counted against; None where it may be another's."""
    if not read.loops or read.represented or read.method == HANDED or read.method in CHANGES:
        return None
    loop = next((loop for loop in read.loops if read.rows in loop.sets), None)
    return loop if loop is not None and loop.sure else None


def _is_assigned(ev: _LoopEvaluator, rows: Rows, path: Path) -> bool:
    return any((rows, path[:length]) in ev.assigned for length in range(1, len(path) + 1))


def _set_by_hand(names: Iterable[str], text: str) -> frozenset[str]:
    """The relations that a function assigns: what it reads of them then is what it has set."""
    return frozenset(name for name in names if f".{name}" in text and re.search(rf"\.{name}\s*=[^=]", text))
