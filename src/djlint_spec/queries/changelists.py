"""Changelists of the admin: what each column reads per row, against what the list loads and the admin joins itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import msgspec
from msgspec.structs import replace

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.inference import attributes, calls
from djlint_spec.inference.evaluate import Evaluator
from djlint_spec.inference.loading import Loading, Path
from djlint_spec.inference.reads import FOLLOWS_ON
from djlint_spec.inference.values import (
    SCALAR,
    ClassValue,
    Instance,
    Method,
    OrmCall,
    QuerySet,
    Request,
    Row,
    Value,
    either,
    options,
)
from djlint_spec.project import Class, Function, Project, Unknown
from djlint_spec.project.admins import Admin, Admins, Column, columns_of
from djlint_spec.project.constants import strings
from djlint_spec.project.models import Model
from djlint_spec.project.module import Origin
from djlint_spec.project.tracking import cached_property
from djlint_spec.queries.coverage import Coverage
from djlint_spec.queries.endpoints import has_many
from djlint_spec.queries.representation import Consumption
from djlint_spec.queries.rows import RowQuery, RowsReport, report_rows

_NAMED_JOINS = "6.1"
"""From this Django on the admin joins the displayed keys only (`ChangeList.apply_select_related`)."""
_LOOKUP_COLUMNS = "5.1"
_NAMED_CHECKBOX = "5.0"

CHECKBOX = "action_checkbox"

_Kept: TypeAlias = "dict[str, set[tuple[Function, Row]]]"
"""The cached properties that columns before have asked each row for, by the Django versions that tell."""


class ColumnReport(msgspec.Struct, frozen=True):
    """What one column reads and lacks, and the Django versions that tell, where not all do."""

    column: Column
    missing: tuple[Path, ...]
    report: RowsReport
    versions: str = ""


class Changelist(msgspec.Struct, frozen=True):
    """The list of an admin class on one model, judged column by column."""

    admin: Admin
    queryset: QuerySet | None
    columns: tuple[Column, ...]
    costly: tuple[ColumnReport, ...]
    unknown: tuple[Unknown, ...]
    joined: tuple[Path, ...] = ()
    """The to-one paths that its columns read, which a `list_select_related` has to name."""
    named: tuple[str, ...] = ()
    """What `list_select_related` names already."""
    read: tuple[Path, ...] = ()
    """Every path that its columns read."""


class Changelists:
    """Every changelist of a project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._coverage = project.once(Coverage)

    @cached_property
    def all(self) -> tuple[Changelist, ...]:
        """The changelists in the order of their admin classes."""
        return tuple(self._judged(admin) for admin in self._project.once(Admins).all)

    def _judged(self, admin: Admin) -> Changelist:
        columns = columns_of(self._project, admin.cls)
        joins = _chosen_joins(self._project, admin.cls)
        if isinstance(columns, Unknown) or isinstance(joins, Unknown):
            doubts = tuple(value for value in (columns, joins) if isinstance(value, Unknown))
            return Changelist(admin, None, (), (), doubts)
        columns = (*columns, *self._checkbox(admin, columns))
        ev = Evaluator(self._project)
        listed = [option for option in options(_listed(ev, admin)) if not isinstance(option, Row)]
        querysets = [option for option in listed if isinstance(option, QuerySet)]
        unknown = tuple(option for option in listed if isinstance(option, Unknown))
        if len(querysets) != 1 or len(listed) != 1:
            return Changelist(admin, None, columns, (), unknown or (Unknown("list of the admin not resolved"),))
        (queryset,) = querysets
        kept: _Kept = {}
        judged = list(_each_once(self._column(admin, columns, column, queryset, joins, kept) for column in columns))
        read = dict.fromkeys(read.path for one in judged for read in one.report.reads)
        return Changelist(
            admin,
            queryset,
            columns,
            tuple(one for one in judged if one.missing or one.report.queries),
            queryset.loading.unknown,
            tuple(path for path in read if not has_many(admin.model, path)),
            joins.names,
            tuple(read),
        )

    def rows(self, changelist: Changelist) -> RowsReport | None:
        """What all columns together read of each row, on the Django that makes the list dearest."""
        admin, queryset = changelist.admin, changelist.queryset
        chosen = _chosen_joins(self._project, admin.cls)
        if queryset is None or isinstance(chosen, Unknown):
            return None
        columns, loading = changelist.columns, queryset.loading
        ways = [
            self._report(admin, columns, replace(queryset, loading=_as_listed(loading, chosen, own)))
            for _, own in self._ways(admin, columns)
        ]
        return max(ways, key=lambda report: sum(cost.times for cost in report.costs))

    def _checkbox(self, admin: Admin, columns: tuple[Column, ...]) -> Iterator[Column]:
        """The checkbox of each row, which names the row by its text (`ModelAdmin.action_checkbox`, since 5.0)."""
        member = admin.cls.find("actions")
        actions = self._project.constant(member.value, member.scope) if member is not None and member.value else ()
        named = any(column.name == "__str__" for column in columns)
        if actions == () and _never_deletes(admin.cls):
            return  # nothing to tick a row for
        if actions is not None and not named and self._project.versions.django.all_at_least(_NAMED_CHECKBOX):
            yield Column(admin.name_span, CHECKBOX)

    def _column(
        self,
        admin: Admin,
        columns: tuple[Column, ...],
        column: Column,
        queryset: QuerySet,
        chosen: _Joins,
        kept: _Kept,
    ) -> ColumnReport:
        """A column on the Django that makes it dearest, of those that the project allows."""
        ways = [
            (
                told,
                self._report(
                    admin,
                    (column,),
                    replace(queryset, loading=_as_listed(queryset.loading, chosen, own)),
                    kept.setdefault(told, set()),
                ),
            )
            for told, own in self._ways(admin, columns)
        ]
        costs = [way for way in ways if way[1].missing or way[1].queries]
        told, report = (costs or ways)[-1]
        missing = tuple(dict.fromkeys(read.path for read in report.missing))
        return ColumnReport(column, missing, report, told if costs and len(costs) < len(ways) else "")

    def _ways(self, admin: Admin, columns: tuple[Column, ...]) -> Iterator[tuple[str, _Joins]]:
        """What the admin joins itself, on each range of versions that the project allows."""
        keys = _displayed_keys(admin.model, columns)
        django = self._project.versions.django
        if not django.all_at_least(_NAMED_JOINS):
            yield f"before Django {_NAMED_JOINS}", _Joins(all=bool(keys))
        if django.some_at_least(_NAMED_JOINS):
            yield f"from Django {_NAMED_JOINS}", _Joins(names=keys)

    def _report(
        self,
        admin: Admin,
        columns: tuple[Column, ...],
        queryset: QuerySet,
        kept: set[tuple[Function, Row]] | None = None,
    ) -> RowsReport:
        consumption = Consumption(admin.cls, queryset, columns[0].span if columns else admin.name_span)
        ev = Evaluator(self._project)
        ev.kept = set() if kept is None else kept
        row = Row(admin.model, consumption.rows)
        for column in columns:
            with ev.journal.representing(), ev.journal.for_each(row), ev.journal.entering(column.span):
                self._show(ev, admin, column, row)
        return report_rows(self._coverage, consumption, ev.reads)

    def _show(self, ev: Evaluator, admin: Admin, column: Column, row: Row) -> None:
        """What `django.contrib.admin.utils.lookup_field` and the list's template read of one row."""
        span, name = column.span, column.name
        if column.function is not None:
            ev.text(ev.call(Method(column.function), [row], {}, span), span)
            return
        if name in ("__str__", CHECKBOX):
            ev.text(row, span)
            return
        relation = admin.model.relations.get(name)
        if relation is not None and relation.kind.is_forward_key:
            ev.text(ev.load(row, name, span), span)
            return
        if name in admin.model.fields:
            ev.column(row, name, span)
            return
        member = admin.cls.find(name)
        if member is not None and member.owner.module.origin is not Origin.LIBRARY:
            if member.function is not None:
                shown = attributes.of_member(ev, member, _instance(admin), span)
                ev.text(calls.invoke(ev, shown, [row], {}, span) if isinstance(shown, Method) else shown, span)
            return
        if "__" in name and not name.startswith("__") and self._project.versions.django.all_at_least(_LOOKUP_COLUMNS):
            value: Value = row
            for part in name.split("__"):
                value = _followed(ev, value, part, span)
            ev.text(value, span)
            return
        ev.text(_called(ev, attributes.attribute(ev, row, name, span), span), span)


def _each_once(judged: Iterable[ColumnReport]) -> Iterator[ColumnReport]:
    """The columns, each with what no column before it loads: a row that has a to-one path, or a chain, has it."""
    loaded: set[tuple[str, Path]] = set()
    followed: set[Path] = set()
    for one in judged:
        known = {path for versions, path in loaded if versions in ("", one.versions)}
        queries = tuple(query for query in one.report.queries if not (_follows_on(query) and query.path in followed))
        missing = tuple(path for path in one.missing if path not in known)
        yield replace(one, missing=missing, report=replace(one.report, queries=queries))
        loaded.update((one.versions, read.path) for read in one.report.missing if not read.to_many)
        followed.update(query.path for query in one.report.queries if _follows_on(query))


def _follows_on(query: RowQuery) -> bool:
    return query.method == FOLLOWS_ON


def _never_deletes(cls: Class) -> bool:
    """Whether an admin class says that no one may delete: it has no action of its own then."""
    method = cls.method("has_delete_permission")
    match method.body if method is not None and method.module.origin is not Origin.LIBRARY else ():
        case [*before, t.Return(value=t.Boolean(value=False))]:
            return all(isinstance(statement, t.ExprStmt) for statement in before)
        case _:
            return False


def _followed(ev: Evaluator, value: Value, name: str, span: Span) -> Value:
    """One hop of a lookup; what is no relation is a column, and ends it."""
    return either(
        ev.load(option, name, span)
        if isinstance(option, Row) and name in option.model.relations and not option.model.relations[name].to_many
        else SCALAR
        for option in options(value)
    )


def _called(ev: Evaluator, value: Value, span: Span) -> Value:
    return either(
        calls.invoke(ev, option, [], {}, span) if isinstance(option, (Method, OrmCall)) else option
        for option in options(value)
    )


def _instance(admin: Admin) -> Instance:
    return Instance(admin.cls, (("model", ClassValue(admin.model.cls)), ("opts", SCALAR)))


def _listed(ev: Evaluator, admin: Admin) -> Value:
    """What `get_queryset` of the admin gives."""
    method = admin.cls.method("get_queryset")
    if method is None:
        return Unknown("list of the admin not resolved", admin.cls.dotted)
    return ev.call(Method(method, _instance(admin)), [Request("GET")], {}, None)


class _Joins(msgspec.Struct, frozen=True):
    """What is joined: the names, or all keys that are not null."""

    names: tuple[str, ...] = ()
    all: bool = False


def _chosen_joins(project: Project, cls: Class) -> _Joins | Unknown:
    """What `list_select_related` says."""
    method = cls.method("get_list_select_related")
    if method is not None and method.module.origin is not Origin.LIBRARY:
        return Unknown("list_select_related chosen at run time", cls.dotted)
    member = cls.find("list_select_related")
    if member is None or member.value is None:
        return _Joins()
    value = project.constant(member.value, member.scope)
    if isinstance(value, Unknown):
        return value
    return _Joins(tuple(strings(value)), value is True)


def _as_listed(loading: Loading, chosen: _Joins, own: _Joins) -> Loading:
    """What is loaded once `ChangeList` has added its joins: none where the queryset has some already."""
    if loading.joined or loading.joins_all:
        return loading
    joins = chosen if chosen.names or chosen.all else own
    return replace(loading.join(joins.names), joins_all=joins.all)


def _displayed_keys(model: Model, columns: tuple[Column, ...]) -> tuple[str, ...]:
    return tuple(
        column.name
        for column in columns
        if (relation := model.relations.get(column.name)) is not None and relation.kind.is_forward_key
    )
