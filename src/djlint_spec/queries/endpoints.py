"""List endpoints: what each reads per row, what its queryset loads, and the difference."""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import msgspec
from msgspec.structs import replace

from djlint_spec.diagnostics import Span
from djlint_spec.inference.evaluate import Evaluator
from djlint_spec.inference.loading import Path
from djlint_spec.inference.memory import SharedCalls
from djlint_spec.inference.reads import COLUMN
from djlint_spec.inference.values import NONE, Instance, Literal, Mapped, Method, QuerySet, Request, options
from djlint_spec.project import Class, Function, Project, Unknown
from djlint_spec.project.fields import RelationKind
from djlint_spec.project.models import Model
from djlint_spec.project.module import Origin
from djlint_spec.project.tracking import cached_property
from djlint_spec.project.views import Action, View
from djlint_spec.queries.costs import RowCost
from djlint_spec.queries.coverage import Coverage
from djlint_spec.queries.one_row import is_of_one_row
from djlint_spec.queries.prefetched_keys import keys_of_prefetches
from djlint_spec.queries.representation import Consumption, Representation
from djlint_spec.queries.rows import RowRead, RowsReport, by_rows, report_rows
from djlint_spec.queries.shared import Shared
from djlint_spec.queries.template_lists import show

_MOST_TESTS = 3


class ListEndpoint(msgspec.Struct, frozen=True):
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

    def lacks(self, *, to_many: bool) -> tuple[Lack, ...]:
        """What each queryset of the endpoint leaves unloaded, on any way through the code.

        With `to_many`, the paths that have a to-many hop; without, those that have none.
        """
        found: dict[tuple[Model, Span | None], tuple[RowsReport, dict[Path, RowRead]]] = {}
        for report in self.reports:
            if report.unknown:
                continue
            for read in report.missing:
                if has_many(report.model, read.path) is to_many:
                    _, reads = found.setdefault((report.model, report.queryset.span), (report, {}))
                    reads.setdefault(read.path, read)
        return tuple(Lack(report.queryset, reads, _joined_by_all(report)) for report, reads in found.values())


class Lack(msgspec.Struct, frozen=True):
    """The paths that a queryset leaves unloaded, with the first read of each."""

    queryset: QuerySet
    reads: Mapping[Path, RowRead]
    joined_by_all: tuple[Path, ...] = ()
    """To-one paths that are read and that a select_related() without names loads."""

    @property
    def paths(self) -> tuple[Path, ...]:
        """The paths in order."""
        return tuple(sorted(self.reads))


def _joined_by_all(report: RowsReport) -> tuple[Path, ...]:
    if not report.queryset.loading.joins_all:
        return ()
    return tuple(dict.fromkeys(read.path for read in report.reads if not has_many(report.model, read.path)))


def has_many(model: Model, path: Path) -> bool:
    """Whether only a prefetch can load a path: it has a to-many hop, or one over a generic key or a `to_attr`."""
    for name in path:
        relation = model.relations.get(name)
        if relation is None or relation.to_many or relation.kind is RelationKind.GENERIC_FOREIGN_KEY:
            return True
        if isinstance(relation.target, Unknown):
            return False
        model = relation.target
    return False


@dataclass(slots=True)
class World:
    """One way through the code of a view: what runs it, and what it writes out of rows."""

    evaluator: Evaluator
    representation: Representation


@dataclass
class Endpoints:
    """Every list endpoint of a project, judged."""

    project: Project
    _coverage: Coverage = field(init=False)
    _shared: Shared = field(default_factory=Shared)
    _calls: SharedCalls = field(default_factory=SharedCalls)

    def __post_init__(self) -> None:
        self._coverage = self.project.once(Coverage)

    @cached_property
    def lists(self) -> tuple[ListEndpoint, ...]:
        """The endpoints that answer with many rows and that are, or may be, routed."""
        return tuple(self._lists())

    def _lists(self) -> Iterator[ListEndpoint]:
        views = self.project.views
        for view in (*views.all, *views.template_lists):
            yield from self.of(view)

    def of(self, view: View) -> Iterator[ListEndpoint]:
        """The endpoints of one view; none of a view that is not routed."""
        if view.routed is False:
            return
        for action in view.reading_actions:
            if _answers_with_one_row(view, action):
                continue
            endpoint = self.judge(view, action)
            # Without a queryset and without a doubt, nothing of the database is listed.
            if endpoint.reports or (endpoint.unknown and (action.name == "list" or view.is_template_list)):
                yield endpoint

    def judge(self, view: View, action: Action) -> ListEndpoint:
        """One action of a view: every way that tests which its code shares can come out."""
        worlds = [self._run(view, action, None)]
        if len({consumption.serializer for consumption in worlds[0].representation.consumed}) > 1:
            worlds = self._ways(view, action)
        reports: dict[tuple[object, ...], RowsReport] = {}
        unknown: list[Unknown] = []
        for world in worlds:
            for report in self._reports(world):
                reports.setdefault(
                    (report.queryset.span, report.queryset.loading, report.consumption.serializer), report
                )
                unknown.extend((*report.unknown, *report.doubts))
            unknown.extend(world.evaluator.unknowns if not world.representation.consumed else ())
            unknown.extend(world.representation.doubts)
        return ListEndpoint(
            view, action, tuple(_all_in_doubt(_sure(tuple(reports.values())))), tuple(dict.fromkeys(unknown))
        )

    def _ways(self, view: View, action: Action) -> list[World]:
        first = self._run(view, action, {})
        met, own = first.evaluator.undecided, first.evaluator.asked_by_views
        shared = sorted(
            (text for text, places in met.items() if places > 1), key=lambda text: (text not in own, -met[text], text)
        )
        shared = shared[:_MOST_TESTS]
        if not shared:
            return [first]
        return [
            self._run(view, action, dict(zip(shared, truths, strict=True)))
            for truths in itertools.product((True, False), repeat=len(shared))
        ]

    def world(self, assumed: Mapping[str, bool] | None = None) -> World:
        """What runs views, and takes over the calls that were evaluated for other views."""
        representation = Representation(self._shared)
        evaluator = Evaluator(self.project, assumed=assumed, serialization=representation, shared=self._calls)
        return World(evaluator, representation)

    def _run(self, view: View, action: Action, assumed: Mapping[str, bool] | None) -> World:
        world = self.world(assumed)
        if view.is_template_list:
            show(world.evaluator, world.representation, view)
        else:
            _answer(world.evaluator, view, action)
        return world

    def _reports(self, world: World) -> Iterator[RowsReport]:
        seen: set[Consumption] = set()
        reads = by_rows(world.evaluator.reads) if world.representation.consumed else {}
        for consumption in world.representation.consumed:
            if consumption in seen or consumption.queryset.loading.empty:
                continue
            seen.add(consumption)
            if is_of_one_row(self.project, consumption.queryset.span, consumption.queryset.loading):
                continue
            rows = consumption.rows
            told = itertools.chain(reads.get(rows, ()), keys_of_prefetches(self._coverage, rows))
            yield report_rows(self._coverage, consumption, told)


def _sure(reports: tuple[RowsReport, ...]) -> Iterator[RowsReport]:
    """The reports without what only an optional field reads and only some way of loading the queryset leaves out.

    Whether the field is there may hang on the very test that the loading hangs on. Left out are also relations whose
    key only() or defer() leaves out where another serializer does not ask for it: a prefetch would ask, for each row.
    """

    def left_out(report: RowsReport) -> set[Path]:
        return {query.path for query in report.queries if query.method == COLUMN}

    for report in reports:
        others = [r for r in reports if (r.model, r.queryset.span) == (report.model, report.queryset.span)]
        loaded = [{read.path for read in other.reads} - {read.path for read in other.missing} for other in others]
        costly = [path for path in left_out(report) if not all(path in left_out(other) for other in others)]
        kept = tuple(
            read
            for read in report.missing
            if read.path not in costly and not (read.optional and any(read.path in paths for paths in loaded))
        )
        queries = tuple(query for query in report.queries if not query.optional or len(others) == 1)
        costs = _costs(report, {read.path for read in kept}, costly, alone=len(others) == 1)
        yield replace(report, missing=kept, queries=queries, costs=tuple(costs))


def _costs(report: RowsReport, kept: Container[Path], left: Container[Path], *, alone: bool) -> Iterator[RowCost]:
    """The costs that are told: those of what is missing, what is left as it is, and queries that are always there."""
    for cost in report.costs:
        if cost.missing in left:
            yield replace(cost, missing=None)
        elif cost.missing in kept if cost.missing is not None else alone or not cost.optional:
            yield cost


def _all_in_doubt(reports: Iterable[RowsReport]) -> Iterator[RowsReport]:
    """The reports; where some way to load a queryset is in doubt, so is every other way to load the same one."""
    held = list(reports)
    doubts: dict[tuple[Model, Span | None], tuple[Unknown, ...]] = {}
    for report in held:
        place = (report.model, report.queryset.span)
        doubts[place] = (*doubts.get(place, ()), *report.unknown)
    for report in held:
        yield replace(report, unknown=tuple(dict.fromkeys(doubts[report.model, report.queryset.span])))


def _answers_with_one_row(view: View, action: Action) -> bool:
    method = view.cls.method(action.name) if view.cls is not None else None
    return action.name == "retrieve" and method is not None and method.module.origin is Origin.LIBRARY


def _answer(ev: Evaluator, view: View, action: Action) -> None:
    """Run one action of a view for a GET."""
    request = Request("GET")
    if isinstance(view.target, Function):
        ev.call(Method(view.target), [request], {}, None)
        return
    receiver = _object(ev, view.target, action)
    method = view.target.method(action.name)
    if method is not None:
        rest = {
            parameter.name: Unknown("part of the URL") for parameter in method.params[2:] if parameter.kind == "normal"
        }
        ev.call(Method(method, receiver), [request], rest, None)


def _object(ev: Evaluator, cls: Class, action: Action) -> Instance:
    """The view object that DRF makes for a GET."""
    overrides = tuple((name, ev.evaluate_in(value)) for name, value in action.overrides)
    known = (
        *overrides,
        ("action", Literal(action.name)),
        ("request", Request("GET")),
        ("format_kwarg", NONE),
        ("kwargs", Mapped((), open=True)),
        ("detail", Literal(action.detail)),
        ("swagger_fake_view", Literal(False)),
    )
    return Instance(cls, known)


def comes_through_get_queryset(project: Project, view: View, action: Action, queryset: QuerySet) -> bool:
    """Whether a queryset is one that `get_queryset()` of the view gives, be it narrowed behind it."""
    if view.cls is None or view.cls.method("get_queryset") is None:
        return False
    ev = project.once(Endpoints).world().evaluator
    given = ev.method_on(_object(ev, view.cls, action), "get_queryset", span=view.name_span)
    return any(
        isinstance(option, QuerySet) and option.model is queryset.model and _begins_alike(option.span, queryset.span)
        for option in options(given)
    )


def _begins_alike(one: Span | None, other: Span | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.path, one.row, one.column) == (other.path, other.row, other.column)
