"""Calls that break on what a queryset loads: only() and defer() on what a default manager joins, a bare iterator().

Django raises FieldError for a column that is to be left out and to be joined through
(`select_related_descend` of `django.db.models.query_utils`), and ValueError for iterator() after prefetch_related()
without chunk_size (`QuerySet.iterator`, from 5.0).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.inference import orm
from djlint_spec.inference.evaluate import Evaluator
from djlint_spec.inference.frames import Frame
from djlint_spec.inference.loading import Loading, Path, Prefetched
from djlint_spec.inference.values import ManagerOf, Method, OrmCall, QuerySet, Value, options
from djlint_spec.project import Function, Module, Project, Unknown
from djlint_spec.project.managers import Manager
from djlint_spec.project.models import Model
from djlint_spec.project.tracking import Kept, cached_property
from djlint_spec.queries import endpoints_of
from djlint_spec.queries.entries import enter
from djlint_spec.queries.mentions import names_queries

_RAISES_FROM = "5.0"
_BARE = re.compile(r"\.iterator\(\s*\)")
_NARROWS = re.compile(r"\.(?:only|defer)\(")
_FETCHES = frozenset(
    {"iterate", "iterator", "index", "len", "bool", "get", "first", "last", "earliest", "latest", "in_bulk"}
    | {"get_or_create", "update_or_create"}
)
_FURTHEST = 2
_SHORT = 250
"""Functions of so many characters are followed whatever they do: most of them only name something."""


class BrokenCall(msgspec.Struct, frozen=True):
    """A call that raises: `call` is only, defer or iterator, at `span`; `path` what is joined or prefetched.

    `loaded_at` is the manager that loads it, or the call that does, where that stands elsewhere; `by_manager` which.
    """

    span: Span
    model: Model
    call: str
    path: Path
    loaded_at: Span | None
    by_manager: bool
    versions: str = ""


def broken_calls(project: Project) -> tuple[BrokenCall, ...]:
    """Every call of the project that breaks, each place once, in order."""
    found: dict[Span, BrokenCall] = {}
    for module in project.modules:
        for broken in broken_in(project, module):
            found.setdefault(broken.span, broken)
    for broken in broken_in_lists(project):
        found.setdefault(broken.span, broken)
    return tuple(found[span] for span in sorted(found))


def broken_in(project: Project, module: Module) -> Iterator[BrokenCall]:
    """Those that the functions of one module lead to; none of tests and migrations."""
    if not _is_judged(module):
        return
    managers = project.once(_Managers)
    iterates = project.versions.django.some_at_least(_RAISES_FROM)
    wanted = [_BARE] if iterates and _BARE.search(module.facts.text) else []
    if _NARROWS.search(module.facts.text) and managers.some_join:
        wanted.append(_NARROWS)
    if not wanted:
        return
    ev = _Breaking(project, managers, iterates=iterates)
    for function in project.functions_in(module):
        text = module.body_text(function.node)
        if any(pattern.search(text) for pattern in wanted):
            ev.narrowings.clear()
            ev.returned(function, enter(ev, function))
    yield from (broken for broken in ev.found if _is_ours(project, broken))


def broken_in_lists(project: Project) -> Iterator[BrokenCall]:
    """Those of the querysets that list endpoints answer from."""
    managers = project.once(_Managers)
    narrows = any(
        _is_judged(module) and module.once("narrows", lambda m=module: _NARROWS.search(m.facts.text) is not None)  # type: ignore[misc]
        for module in project.modules
    )
    if narrows and managers.some_join:
        yield from (broken for broken in _of_lists(project, managers) if _is_ours(project, broken))


def _is_judged(module: Module) -> bool:
    return not module.is_test and not module.is_migration


def _is_ours(project: Project, broken: BrokenCall) -> bool:
    module = project.module_at(broken.span.path)
    return module is not None and _is_judged(module)


def _of_lists(project: Project, managers: _Managers) -> Iterator[BrokenCall]:
    """What list endpoints answer from."""
    for endpoint in endpoints_of(project).lists:
        for report in endpoint.reports:
            span = report.queryset.span
            place = _written(project, span) if span is not None else None
            if place is not None:
                yield from managers.conflicts(report.queryset, *place)


def _written(project: Project, span: Span) -> tuple[str, Span] | None:
    """The last only() or defer() in the code of a queryset."""
    text = project.source_of(span) or ""
    calls = list(_NARROWS.finditer(text))
    if not calls:
        return None
    at = calls[-1].start() + 1
    name = calls[-1][0].strip(".(")
    row = span.row + text.count("\n", 0, at)
    column = at - text.rfind("\n", 0, at) if "\n" in text[:at] else span.column + at
    return name, Span(span.path, row, column, row, column + len(name))


# ---------------------------------------------------------------------------------------------------- managers
class _Managers:
    """What the managers of a project's models load, whatever is asked of them."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._always: Kept[tuple[Model, str], tuple[Loading, ...]] = Kept(project.tracking)

    @cached_property
    def some_join(self) -> bool:
        """Whether any default manager joins something."""
        return self._project.carried(
            "some default manager joins", lambda: any(map(self._joins, self._project.models.all))
        )

    def _joins(self, model: Model) -> bool:
        return (
            not model.abstract
            and _is_judged(model.cls.module)
            and any(loading.joined for loading in self.always(model, model.default_manager))
        )

    def always(self, model: Model, manager: Manager) -> tuple[Loading, ...]:
        """What the queryset of a manager loads, on each way through its get_queryset."""
        return self._always.made((model, manager.name), lambda: tuple(self._loadings(model, manager)))

    def _loadings(self, model: Model, manager: Manager) -> Iterator[Loading]:
        found = manager.method("get_queryset")
        if (
            found is None
            or found[1].function is None
            or not found[1].function.mentions("related", "super", "for_", "(")
        ):
            return
        if not found[1].owner.is_ours:
            return
        for option in options(orm.base_queryset(Evaluator(self._project), ManagerOf(model, manager))):
            yield option.loading if isinstance(option, QuerySet) else Loading()

    def joined(self, model: Model) -> frozenset[Path]:
        """The paths that the default manager of a model joins on every way."""
        held = self.always(model, model.default_manager) if self._joins(model) else ()
        return frozenset.intersection(*(loading.joined for loading in held)) if held else frozenset()

    def prefetches(self, model: Model, entry: Prefetched) -> bool | None:
        """Whether the default manager makes a prefetch, on every way; None where another manager does, or on some."""
        default = self.always(model, model.default_manager)
        if default and all(_has(loading, entry) for loading in default):
            return True
        others = [self.always(model, manager) for manager in model.managers.values()]
        if any(_has(loading, entry) for held in (default, *others) for loading in held):
            return None
        return False

    def place(self, model: Model) -> Span | None:
        """Where the default manager's own get_queryset is named."""
        found = model.default_manager.method("get_queryset")
        return found[1].function.name_span if found is not None and found[1].function is not None else None

    def conflicts(self, queryset: QuerySet, call: str, span: Span) -> Iterator[BrokenCall]:
        """The first path that a queryset joins by its default manager and whose key only() or defer() leave out."""
        loading, model = queryset.loading, queryset.model
        if not loading.rows or loading.unknown or loading.raw or (loading.only is None and not loading.deferred):
            return
        for path in sorted(self.joined(model) & loading.joined):
            if _is_left_out(model, loading, path):
                yield BrokenCall(span, model, call, path, self.place(model), by_manager=True)
                return


def _has(loading: Loading, entry: Prefetched) -> bool:
    return any(
        (other.path, other.span, other.to_attr) == (entry.path, entry.span, entry.to_attr)
        for other in loading.prefetched
    )


def _is_left_out(model: Model, loading: Loading, path: Path) -> bool:
    """Whether the key at the end of a joined path is no column that is loaded: nothing is there to join by."""
    held: Model | Unknown = model
    columns = loading
    for at, name in enumerate(path):
        relation = held.lookups.get(name) if isinstance(held, Model) else None
        if relation is None or not relation.kind.is_forward_key or not isinstance(held, Model):
            return False
        key = held.primary_key.field
        if at == len(path) - 1:
            is_key = key is not None and relation.field == key
            return not is_key and columns.leaves_out(name, f"{name}_id")
        columns = columns.columns_of(name)
        held = relation.target
    return False


# --------------------------------------------------------------------------------------------------- evaluating
class _Breaking(Evaluator):
    """Follows what makes querysets nearby, and notes the calls that break."""

    def __init__(self, project: Project, managers: _Managers, *, iterates: bool) -> None:
        super().__init__(project)
        self._managers = managers
        self._iterates = iterates
        self.narrowings: list[tuple[str, Span, Span]] = []
        """Each only() and defer() met: its name, where that stands, and all of the expression up to it."""
        self.found: list[BrokenCall] = []

    def call(self, method: Method, args: Sequence[Value], kwargs: Mapping[str, Value], span: Span | None) -> Value:
        """What a function returns; Unknown for one that makes no queryset nearby."""
        function, node = method.function, method.function.node
        function.module.touch_body(node)
        is_long = node.end - node.start > _SHORT
        if len(self.active) > _FURTHEST or (self.active and is_long and not names_queries(function)):
            return Unknown("call not followed", function.dotted)
        return super().call(method, args, kwargs, span)

    def met(
        self, call: t.Call, target: Value, args: Sequence[Value], kwargs: Mapping[str, Value], frame: Frame
    ) -> None:
        """Look at a call of iterator(); keep in mind where only() and defer() are called."""
        if not isinstance(call.func, t.Attribute) or call.func.attr not in ("only", "defer", "iterator"):
            return
        methods = [option for option in options(target) if isinstance(option, OrmCall)]
        if not methods or len(methods) < len(options(target)):
            return
        module, name = frame.module, call.func.attr
        span = module.span_of(call.func.end - len(name), call.func.end)
        if name != "iterator":
            self.narrowings.append((name, span, module.span(call)))
        elif self._iterates and not args and not kwargs:
            self._iterator(methods, span)

    def _iterator(self, methods: Sequence[OrmCall], span: Span) -> None:
        """iterator() without a size, where every queryset that it may be called on is prefetched."""
        with self.journal.muted():
            given = [
                option
                for method in methods
                for option in options(
                    orm.base_queryset(self, method.receiver)
                    if isinstance(method.receiver, ManagerOf)
                    else method.receiver
                )
            ]
        entries: list[tuple[Model, Prefetched, bool]] = []
        for option in given:
            if not isinstance(option, QuerySet) or option.loading.unknown or not option.loading.prefetched:
                return
            first = option.loading.prefetched[0]
            by_manager = self._managers.prefetches(option.model, first)
            if by_manager is None:
                return
            entries.append((option.model, first, by_manager))
        if entries:
            model, entry, by_manager = entries[0]
            always = self.project.versions.django.all_at_least(_RAISES_FROM)
            self.found.append(
                BrokenCall(
                    span,
                    model,
                    "iterator",
                    entry.path,
                    self._managers.place(model) if by_manager else entry.span,
                    by_manager,
                    "" if always else f"from Django {_RAISES_FROM}",
                )
            )

    def evaluated(self, queryset: QuerySet, method: str, span: Span) -> None:
        """Look at a queryset whose rows are fetched."""
        super().evaluated(queryset, method, span)
        if method.removeprefix("a") in _FETCHES or method in _FETCHES:
            self._fetched(queryset)

    def returned(self, function: Function, value: Value) -> None:
        """Look at what a view answers from."""
        if function.name == "get_queryset":
            for option in options(value):
                if isinstance(option, QuerySet):
                    self._fetched(option)

    def _fetched(self, queryset: QuerySet) -> None:
        if not self.narrowings or queryset.span is None:
            return
        start = (queryset.span.path, queryset.span.row, queryset.span.column)
        own = [n for n in self.narrowings if (n[2].path, n[2].row, n[2].column) == start]
        name, place, _ = (own or self.narrowings)[-1]
        self.found.extend(self._managers.conflicts(queryset, name, place))
        for entry in queryset.loading.prefetched:
            if entry.queryset is not None:
                self._fetched(entry.queryset)
