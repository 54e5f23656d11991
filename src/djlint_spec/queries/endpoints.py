"""List endpoints: what each reads per row, what its queryset loads, and the difference."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from djlint_spec.diagnostics import JsonValue, Span
from djlint_spec.inference.evaluate import Evaluator, Read
from djlint_spec.inference.loading import Path
from djlint_spec.inference.values import NONE, Instance, Literal, Mapped, Method, QuerySet, Request, Rows
from djlint_spec.project import Function, Project, Unknown
from djlint_spec.project.fields import RelationKind
from djlint_spec.project.models import Model
from djlint_spec.project.views import Action, View
from djlint_spec.queries.coverage import Coverage
from djlint_spec.queries.representation import Consumption, Representation

_MOST_TESTS = 3
_MOST_CALLERS = 3
_FREE_ON_PREFETCHED = frozenset(
    ["iterate", "count", "acount", "exists", "aexists", "contains", "acontains", "len", "bool", "index", "all"]
)


@dataclass(frozen=True, slots=True)
class RowRead:
    """A relation read for each row: the path and the place that reads it, through the calls at `chain`."""

    path: Path
    to_many: bool
    span: Span
    chain: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class RowQuery:
    """A query that runs once for each row and that no loading of the list can take away."""

    span: Span
    chain: tuple[Span, ...]
    path: Path
    method: str
    model: Model | None
    prefetched: bool


@dataclass(frozen=True, slots=True)
class RowsReport:
    """What one list of rows comes to on one way through the code."""

    consumption: Consumption
    reads: tuple[RowRead, ...]
    missing: tuple[RowRead, ...]
    queries: tuple[RowQuery, ...]
    unknown: tuple[Unknown, ...]

    @property
    def queryset(self) -> QuerySet:
        """The queryset that the rows come from."""
        return self.consumption.queryset


@dataclass(frozen=True, slots=True)
class ListEndpoint:
    """One way to call a view that answers with many rows."""

    view: View
    action: Action
    reports: tuple[RowsReport, ...]
    unknown: tuple[Unknown, ...]

    @property
    def name(self) -> str:
        """`module.ViewClass` for the list of a view, `module.ViewClass.action` for any other action."""
        if self.action.name in ("list", "get"):
            return self.view.dotted
        return f"{self.view.dotted}.{self.action.name}"

    @property
    def title(self) -> str:
        """What a person would call: `GET /api/orders/ (OrderViewSet.list)`."""
        return self.view.title(self.action)

    @property
    def resolved(self) -> bool:
        """Whether a queryset was found and nothing about it is in doubt."""
        return bool(self.reports) and not self.unknown

    def missing(self, *, to_many: bool) -> Mapping[Path, RowRead]:
        """The first read of each path that is not loaded, on any way through the code.

        With `to_many`, the paths that have a to-many hop; without, those that have none.
        """
        found: dict[Path, RowRead] = {}
        for report in self.reports:
            if report.unknown:
                continue
            for read in report.missing:
                if _has_many(report.queryset.model, read.path) is to_many:
                    found.setdefault(read.path, read)
        return found


def _has_many(model: Model, path: Path) -> bool:
    for name in path:
        relation = model.relations.get(name)
        if relation is None:
            return True  # a to_attr: the rows of a prefetch
        if relation.to_many:
            return True
        if isinstance(relation.target, Unknown):
            return False
        model = relation.target
    return False


@dataclass(frozen=True, slots=True)
class QueryPerRow:
    """One place that queries for each row of a list, with every endpoint that comes there."""

    query: RowQuery
    endpoints: tuple[ListEndpoint, ...]
    querysets: tuple[Span, ...]
    source: Model

    @property
    def span(self) -> Span:
        """Where the query stands."""
        return self.query.span

    @property
    def path(self) -> Path:
        """The relation path that is queried; empty for a query on a manager."""
        return self.query.path

    @property
    def method(self) -> str:
        """The call that makes it a query of its own."""
        return self.query.method

    @property
    def outright(self) -> bool:
        """Whether the set itself is asked, not a narrowed one."""
        return not self.query.prefetched

    @property
    def prefetched(self) -> bool:
        """Whether the list prefetches the set, in vain."""
        return self.query.prefetched

    @property
    def model(self) -> Model | None:
        """The model that is asked for."""
        return self.query.model

    @property
    def target(self) -> Model | None:
        """The model at the end of the path."""
        return self.query.model

    @property
    def back(self) -> str | None:
        """The lookup on the target that leads back to the row, for a path of one reverse foreign key."""
        if len(self.path) != 1:
            return None
        relation = self.source.relations.get(self.path[0])
        if relation is None or relation.kind is not RelationKind.REVERSE_FOREIGN_KEY or relation.field is None:
            return None
        return relation.field.name

    @property
    def callers(self) -> tuple[Span, ...]:
        """The calls that lead to the query, the field of the serializer first."""
        return tuple(span for span in self.query.chain if not span.path.startswith("<"))[:_MOST_CALLERS]

    @property
    def title(self) -> str:
        """The endpoints, as a person would call them."""
        first = self.endpoints[0].title
        more = len(self.endpoints) - 1
        return first if not more else f"{first} and {more} more list{'s' if more > 1 else ''}"

    @property
    def data(self) -> Mapping[str, JsonValue]:
        """What JSON tells."""
        return {
            "endpoints": [endpoint.name for endpoint in self.endpoints],
            "missing_select_related": [],
            "missing_prefetch_related": [],
            "reads": [{"path": ".".join(self.path), "filename": self.span.path, "row": self.span.row}],
        }


@dataclass(slots=True)
class _World:
    evaluator: Evaluator
    representation: Representation


@dataclass
class Endpoints:
    """Every list endpoint of a project, judged."""

    project: Project
    _coverage: Coverage = field(init=False)

    def __post_init__(self) -> None:
        self._coverage = Coverage(self.project)

    @cached_property
    def lists(self) -> tuple[ListEndpoint, ...]:
        """The endpoints that answer with many rows and that are, or may be, routed."""
        return tuple(self._lists())

    def _lists(self) -> Iterator[ListEndpoint]:
        for view in self.project.views.all:
            if view.routed is False:
                continue
            for action in view.reading_actions:
                endpoint = self.judge(view, action)
                # Without a queryset and without a doubt, nothing of the database is listed.
                if endpoint.reports or (action.name == "list" and endpoint.unknown):
                    yield endpoint

    @cached_property
    def queries_per_row(self) -> tuple[QueryPerRow, ...]:
        """Every place that queries per row of a list that is not in doubt, in order of place."""
        found: dict[Span, tuple[RowQuery, Model, dict[str, ListEndpoint], list[Span]]] = {}
        for endpoint in self.lists:
            for report in endpoint.reports:
                if report.unknown:
                    continue
                for query in report.queries:
                    held = found.setdefault(query.span, (query, report.queryset.model, {}, []))
                    held[2].setdefault(endpoint.name, endpoint)
                    span = report.queryset.span
                    if span is not None and span not in held[3]:
                        held[3].append(span)
        return tuple(
            QueryPerRow(query, tuple(endpoints.values()), tuple(querysets), source)
            for _, (query, source, endpoints, querysets) in sorted(found.items(), key=lambda item: item[0])
        )

    def judge(self, view: View, action: Action) -> ListEndpoint:
        """One action of a view: every way that tests which its code shares can come out."""
        first = self._run(view, action, {})
        shared = sorted(text for text, places in first.evaluator.undecided.items() if places > 1)[:_MOST_TESTS]
        worlds = [first]
        if shared and len({c.serializer for c in first.representation.consumed}) > 1:
            worlds = [
                self._run(view, action, dict(zip(shared, truths, strict=True)))
                for truths in itertools.product((True, False), repeat=len(shared))
            ]
        reports: dict[tuple[object, ...], RowsReport] = {}
        unknown: list[Unknown] = []
        for world in worlds:
            for report in self._reports(world):
                reports.setdefault(
                    (report.queryset.span, report.queryset.loading, report.consumption.serializer), report
                )
                unknown.extend(report.unknown)
            unknown.extend(world.evaluator.unknowns if not world.representation.consumed else ())
        return ListEndpoint(view, action, tuple(reports.values()), tuple(dict.fromkeys(unknown)))

    def _run(self, view: View, action: Action, assumed: Mapping[str, bool]) -> _World:
        representation = Representation()
        evaluator = Evaluator(self.project, assumed=assumed, serialization=representation)
        _answer(evaluator, view, action)
        return _World(evaluator, representation)

    def _reports(self, world: _World) -> Iterator[RowsReport]:
        seen: set[Consumption] = set()
        for consumption in world.representation.consumed:
            if consumption in seen or consumption.queryset.loading.empty:
                continue
            seen.add(consumption)
            yield self._report(consumption, world.evaluator.reads, world.evaluator.unknowns)

    def _report(self, consumption: Consumption, reads: list[Read], unknowns: list[Unknown]) -> RowsReport:
        rows = consumption.rows
        own: dict[tuple[Path, Span], RowRead] = {}
        missing: dict[tuple[Path, Span], RowRead] = {}
        queries: dict[Span, RowQuery] = {}
        doubts: list[Unknown] = list(consumption.queryset.loading.unknown)
        for read in reads:
            if not read.represented:
                continue
            if read.rows == rows:
                self._judge_read(rows, read, own, missing, queries, doubts)
            elif read.per == rows and read.rows is None and read.method is not None:
                queries.setdefault(read.span, RowQuery(read.span, read.chain, (), read.method, read.model, False))
        del unknowns
        return RowsReport(
            consumption,
            tuple(own.values()),
            tuple(missing.values()),
            tuple(queries.values()),
            tuple(dict.fromkeys(doubts)),
        )

    def _judge_read(
        self,
        rows: Rows,
        read: Read,
        own: dict[tuple[Path, Span], RowRead],
        missing: dict[tuple[Path, Span], RowRead],
        queries: dict[Span, RowQuery],
        doubts: list[Unknown],
    ) -> None:
        index = self._coverage.first_missing(rows.model, rows.loading, read.path)
        found = RowRead(read.path, read.to_many, read.span, read.chain)
        covered = index is None
        first = read.method in ("first", "afirst") and not _is_ordered(rows, read)
        if read.to_many and (read.narrowed is not None or first or (not covered and _is_number(read.method))):
            before = read.path[:-1]
            if index is not None and index < len(before):
                return  # the hop before is missing already; it has a read of its own
            queries.setdefault(
                read.span,
                RowQuery(read.span, read.chain, read.path, read.narrowed or read.method or "all", read.model, covered),
            )
            return
        own.setdefault((read.path, read.span), found)
        if covered:
            doubts.extend(self._coverage.doubts(rows.model, rows.loading, read.path))
        elif index == len(read.path) - 1 or index is not None:
            missing.setdefault((read.path, read.span), found)


def _is_number(method: str | None) -> bool:
    return method in ("count", "acount", "exists", "aexists", "contains", "acontains")


def _is_ordered(rows: Rows, read: Read) -> bool:
    # first() orders by the key a set that has no order, and so asks anew.
    if read.model is not None and read.model.meta("ordering"):
        return True
    return any(
        entry.path == read.path and entry.queryset is not None and entry.queryset.loading.ordered
        for entry in rows.loading.prefetched
    )


def _answer(ev: Evaluator, view: View, action: Action) -> None:
    """Run one action of a view for a GET."""
    request = Request("GET")
    if isinstance(view.target, Function):
        ev.call(Method(view.target), [request], {}, None)
        return
    overrides = tuple((name, ev.evaluate_in(value)) for name, value in action.overrides)
    known = (
        *overrides,
        ("action", Literal(action.name)),
        ("request", request),
        ("format_kwarg", NONE),
        ("kwargs", Mapped((), open=True)),
        ("detail", Literal(action.detail)),
        ("swagger_fake_view", Literal(False)),
    )
    method = view.target.method(action.name)
    if method is not None:
        rest = {
            parameter.name: Unknown("part of the URL") for parameter in method.params[2:] if parameter.kind == "normal"
        }
        ev.call(Method(method, Instance(view.target, known)), [request], rest, None)
