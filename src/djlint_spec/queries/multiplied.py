"""Aggregates over rows that another join of the same queryset multiplies.

Every path to many rows joins a table, and one row of the model comes once for each combination of joined rows. An
aggregate is right when the joins of its own path are all that there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.inference.orm import METHODS
from djlint_spec.project import Class, Module, Project, Scope
from djlint_spec.project.constants import strings
from djlint_spec.project.fields import Relation
from djlint_spec.project.lookups import Found, Lookups
from djlint_spec.project.models import KeyKind, Model
from djlint_spec.project.module import Origin
from djlint_spec.project.symbols import Symbol
from djlint_spec.queries.chains import ChainCall, ChainCalls, Reader, Use, chain_of

_COLLECTING = frozenset({"ArrayAgg", "StringAgg", "JSONBAgg", "JSONAgg"})
_COUNTED = frozenset({"Count", "Sum"}) | _COLLECTING
_HARMLESS = frozenset({"Avg", "Min", "Max", "StdDev", "Variance", "BoolAnd", "BoolOr", "AnyValue"})
_AGGREGATE = "django.db.models.Aggregate"
_BY_FUNCTION = {
    **dict.fromkeys(("group_concat", "string_agg", "listagg", "array_agg", "json_agg", "jsonb_agg"), "StringAgg"),
    "count": "Count",
    "sum": "Sum",
    "min": "Min",
    "max": "Max",
    "avg": "Avg",
}
_AGGREGATING = frozenset({"annotate", "alias", "aggregate", "aaggregate"})

Join = tuple[str, ...]
"""The path of a to-many hop; a join that a later filter() makes anew ends in a number."""


class Aggregate(msgspec.Struct, frozen=True):
    """An aggregate as written, the joins of its own path, and whether each row has to come once for it to be right."""

    call: t.Call
    name: str
    joins: frozenset[Join]
    counted: bool
    of_rows: bool
    """Whether it counts rows of the model or of a relation, so that `distinct=True` does not change its meaning."""

    @property
    def collects(self) -> bool:
        """Whether it gathers values, and so comes out with some of them several times, not with a number."""
        return self.name in _COLLECTING


class Multiplied(msgspec.Struct, frozen=True):
    """Aggregates of a queryset that come out too high, the call to report, and the paths that multiply."""

    model: Model
    span: Span
    scope: Scope
    aggregates: tuple[Aggregate, ...]
    by: tuple[str, ...]


@dataclass(slots=True)
class _State:
    """What the calls of a chain made so far."""

    joins: dict[Join, None] = field(default_factory=dict)
    aggregates: dict[Aggregate, ChainCall] = field(default_factory=dict)
    distinct: bool = False

    def wrong(self) -> dict[Aggregate, ChainCall]:
        """The aggregates beside a join that is not of their own path."""
        return {
            one: call
            for one, call in self.aggregates.items()
            if one.counted and any(join not in one.joins for join in self.joins)
        }


def multiplied_aggregates(project: Project) -> tuple[Multiplied, ...]:
    """Every queryset of the project with aggregates that come out too high, each place once."""
    found: dict[Span, Multiplied] = {}
    for module in project.modules:
        for one in multiplied_in(project, module):
            found.setdefault(one.span, one)
    return tuple(found.values())


def multiplied_in(project: Project, module: Module) -> Iterator[Multiplied]:
    """Those of one module."""
    for call in project.once(ChainCalls).of(module):
        if call.method in _AGGREGATING or call.method == "filter":
            yield from _judged(project, call)


def _judged(project: Project, last: ChainCall) -> Iterator[Multiplied]:
    calls = _calls_to(project, last)
    if not any(call.method in _AGGREGATING for call in calls):
        return
    state, before = _State(), set[Aggregate]()
    solver = _Solver(project, last.chain.model)
    for call in calls:
        before = set(state.wrong())
        if not solver.step(state, call):
            return
    wrong = state.wrong()
    new = [one for one in wrong if one not in before]
    if new:
        by = {join for one in new for join in state.joins if join not in one.joins}
        at = last if last.method in _AGGREGATING else wrong[new[0]]
        paths = tuple(sorted({"__".join(part for part in join if not part.isdigit()) for join in by}))
        yield Multiplied(last.chain.model, at.span, last.scope, tuple(new), paths)


def _calls_to(project: Project, last: ChainCall) -> list[ChainCall]:
    """The calls of a chain from its manager on."""
    found = [last]
    func = last.call.func
    while isinstance(func, t.Attribute) and isinstance(func.value, t.Call) and isinstance(func.value.func, t.Attribute):
        call = func.value
        func = call.func
        assert isinstance(func, t.Attribute)
        chain = chain_of(project, func.value, last.scope)
        if chain is not None:
            found.append(ChainCall(chain, func.attr, call, last.scope))
    return found[::-1]


class _Solver:
    """Follows the joins of one chain."""

    def __init__(self, project: Project, model: Model) -> None:
        self._project = project
        self._lookups = project.once(Lookups)
        self._model = model
        self._made = 0

    def step(self, state: _State, call: ChainCall) -> bool:
        """Take one call into account; False where what follows cannot be told."""
        reader = Reader(self._project, call.scope)
        if call.method == "distinct":
            state.distinct = True
        if call.method == "filter":
            self._filter(state, call, reader)
        if call.method not in _AGGREGATING:
            return True
        if call.method.endswith("aggregate") and (state.distinct or state.aggregates):
            return False  # counted over a subquery, whose rows come once
        for argument in (*call.call.args, *(keyword.value for keyword in call.call.keywords)):
            aggregates = list(self._aggregates(argument, reader, call))
            if not aggregates and any(self._joins(use.path) for use in reader.expression(argument)):
                return False  # the rows of the join are told apart by it
            for one, used in aggregates:
                state.aggregates.setdefault(one, call)
                state.joins.update(dict.fromkeys(used))
        return True

    # ------------------------------------------------------------------------------------------------ filters
    def _filter(self, state: _State, call: ChainCall, reader: Reader) -> None:
        """The joins of a filter(): those on one path are one within a call, and made anew by the next."""
        given: dict[Join, set[str]] = {}
        uses = [*(reader.keyword(keyword, call.call) for keyword in call.call.keywords if _joins_rows(keyword))]
        for argument in call.call.args:
            uses.extend(_positive(reader, argument))
        for use in uses:
            if use.path.partition("__")[0] in call.chain.added:
                continue
            for join in self._joins(use.path):
                given.setdefault(join, set()).add("__".join(use.path.split("__")[len(join) :]))
        self._made += 1
        for join, tails in given.items():
            if self._pins_one(join, tails):
                continue
            # An aggregate that comes later takes up the first join of its path; a later filter() never does.
            state.joins[join if join not in state.joins else (*join, str(self._made))] = None

    def _pins_one(self, join: Join, tails: set[str]) -> bool:
        """Whether the conditions leave at most one row of a join: equal to its key, or to all of a unique set."""
        found = self._lookups.resolve(self._model, "__".join(join))
        relation = found.steps[-1] if isinstance(found, Found) else None
        if relation is None or not isinstance(relation.target, Model):
            return True
        target = relation.target
        equal = {tail.removesuffix("__exact").removesuffix("_id") for tail in tails}
        back = {relation.field.name} if relation.field is not None else set()
        if equal & {"", "pk", "id", "exact"}:
            return True
        return any(unique <= equal | back for unique in _unique_sets(target))

    # --------------------------------------------------------------------------------------------- aggregates
    def _aggregates(self, expr: t.Expr, reader: Reader, call: ChainCall) -> Iterator[tuple[Aggregate, frozenset[Join]]]:
        """The aggregates in an expression, each with all the joins that it makes; inner querysets are their own."""
        match expr:
            case t.Call(func=t.Attribute(attr=method)) if method in METHODS:
                return
            case t.Call(func=func):
                dotted = self._project.dotted(func, call.scope) or ""
                name = dotted.rpartition(".")[2]
                if dotted.startswith("django.") and name in _COUNTED | _HARMLESS:
                    yield self._aggregate(expr, name, reader, call)
                    return
                if name in ("Subquery", "Exists", "ArraySubquery"):
                    return
                alike = self._alike(self._project.resolve(func, call.scope))
                if alike is not None:
                    yield self._aggregate(expr, alike, reader, call)
                    return
                for part in (*expr.args, *(keyword.value for keyword in expr.keywords)):
                    yield from self._aggregates(part, reader, call)
            case t.BinOp(left=left, right=right):
                yield from self._aggregates(left, reader, call)
                yield from self._aggregates(right, reader, call)
            case t.UnaryOp(operand=operand):
                yield from self._aggregates(operand, reader, call)
            case _:
                pass

    def _alike(self, symbol: Symbol) -> str | None:
        """The aggregate of Django that a class of the project is like, by its function of SQL."""
        if not isinstance(symbol, Class) or not symbol.is_ours or not symbol.derives_from(_AGGREGATE):
            return None
        function, start = symbol.find("function"), symbol.method("__init__")
        if function is None or function.value is None:
            return None
        if start is not None and start.module.origin is not Origin.LIBRARY and start.mentions("distinct"):
            return None
        name = self._project.constant(function.value, function.scope)
        return _BY_FUNCTION.get(name.lower()) if isinstance(name, str) else None

    def _aggregate(self, expr: t.Call, name: str, reader: Reader, call: ChainCall) -> tuple[Aggregate, frozenset[Join]]:
        keywords = {keyword.name: keyword.value for keyword in expr.keywords}
        given = list(expr.args[:1]) or [keywords["expression"]] if "expression" in keywords or expr.args else []
        paths = [
            use.path
            for argument in given
            for use in (*reader.strings((argument,)), *reader.expression(argument))
            if use.path.partition("__")[0] not in call.chain.added
        ]
        own = frozenset(join for path in paths for join in self._joins(path))
        condition = keywords.get("filter")
        further = {
            join for use in (reader.expression(condition) if condition else ()) for join in self._joins(use.path)
        }
        star = any(isinstance(argument, t.String) and argument.value == "*" for argument in given)
        # What is put together of annotations or in the code is not told from the paths.
        counted = name in _COUNTED and "distinct" not in keywords and (bool(paths) or star)
        of_rows = name == "Count" and len(paths) == 1 and self._is_row(paths[0])
        return Aggregate(expr, name, own, counted, of_rows), own | further

    def _is_row(self, path: str) -> bool:
        found = self._lookups.resolve(self._model, path)
        parts = path.split("__")
        return isinstance(found, Found) and (len(found.steps) == len(parts) or parts[-1] in ("pk", "id"))

    # -------------------------------------------------------------------------------------------------- paths
    def _joins(self, path: str) -> tuple[Join, ...]:
        """The to-many hops of a path, each by the path that leads to it."""
        found = self._lookups.resolve(self._model, path)
        steps: tuple[Relation, ...] = found.steps if isinstance(found, Found) else ()
        names = path.split("__")
        return tuple(tuple(names[: at + 1]) for at, step in enumerate(steps) if step.to_many)


def _joins_rows(keyword: t.Keyword) -> bool:
    """Whether a condition leaves joined rows: one for None leaves those without any."""
    if keyword.name is None or isinstance(keyword.value, t.Nothing):
        return False
    absent = keyword.name.endswith("__isnull") and not (
        isinstance(keyword.value, t.Boolean) and not keyword.value.value
    )
    return not absent


def _positive(reader: Reader, expr: t.Expr) -> Iterator[Use]:
    """The paths of a condition; a negated one over many rows becomes a subquery."""
    match expr:
        case t.UnaryOp():
            return
        case t.BinOp(left=left, right=right):
            yield from _positive(reader, left)
            yield from _positive(reader, right)
        case t.Call(func=t.Name(id="Q") | t.Attribute(attr="Q")):
            for argument in expr.args:
                yield from _positive(reader, argument)
            yield from (reader.keyword(keyword, expr) for keyword in expr.keywords if _joins_rows(keyword))
        case _:
            pass


def _unique_sets(model: Model) -> Iterator[frozenset[str]]:
    """The sets of fields that no two rows share."""
    if model.primary_key.kind is not KeyKind.IMPLICIT and model.primary_key.field is not None:
        yield frozenset({model.primary_key.field.name})
    for name, one in model.fields.items():
        if one.flag("unique"):
            yield frozenset({name})
    together = model.meta("unique_together")
    if isinstance(together, tuple):
        sets = [part for part in together if isinstance(part, tuple)] or [together]
        yield from (frozenset(strings(part)) for part in sets)
    constraints = model.meta_value("constraints")
    if constraints is not None and isinstance(constraints.expr, (t.ListExpr, t.TupleExpr)):
        for constraint in constraints.expr.elements:
            if isinstance(constraint, t.Call):
                listed = next((keyword.value for keyword in constraint.keywords if keyword.name == "fields"), None)
                names = model.project.constant(listed, constraints.scope) if listed is not None else ()
                found = frozenset(strings(names))
                if found:
                    yield found
