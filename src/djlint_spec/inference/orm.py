"""What Django's own queryset and manager methods do to what a queryset loads (facts of Django 4.2 to 6.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from djlint_spec.diagnostics import Span
from djlint_spec.inference import keys, paths
from djlint_spec.inference.loading import NOTHING_LOADED, UNSEEN, Loading, Path, Prefetched
from djlint_spec.inference.reads import LINKS
from djlint_spec.inference.values import (
    NONE,
    SCALAR,
    ClassValue,
    Items,
    Literal,
    ManagerOf,
    Many,
    Mapped,
    Method,
    OrmCall,
    PrefetchValue,
    QuerySet,
    RelatedSet,
    Row,
    Value,
    either,
    options,
)
from djlint_spec.project import Class, Project, Unknown
from djlint_spec.project.managers import Manager
from djlint_spec.project.models import Model
from djlint_spec.project.module import Origin
from djlint_spec.project.tracking import Kept

if TYPE_CHECKING:
    from djlint_spec.inference.evaluate import Evaluator

_OF_ROWS_AT_HAND = frozenset({"count", "exists"})
"""What a queryset that has its rows answers from them."""
_SAME = frozenset({"all", "get_queryset"})
_COPIES = frozenset({"using", "_clone", "_chain"})
_NARROWS = frozenset(
    [
        "filter",
        "exclude",
        "order_by",
        "distinct",
        "reverse",
        "complex_filter",
        "extra",
        "annotate",
        "alias",
        "only",
        "defer",
        "select_related",
        "values",
        "values_list",
        "dates",
        "datetimes",
        "union",
        "intersection",
        "difference",
        "none",
        "_filter_or_exclude",
    ]
)
_ONE = frozenset(["get", "first", "last", "earliest", "latest", "aget", "afirst", "alast", "aearliest", "alatest"])
_ONE_OR_NONE = frozenset(["first", "last", "afirst", "alast"])
_MADE = frozenset(["create", "acreate"])
_MADE_OR_GOT = frozenset(["get_or_create", "update_or_create", "aget_or_create", "aupdate_or_create"])
_NUMBER = frozenset(["count", "acount", "exists", "aexists", "contains", "acontains", "aggregate", "aaggregate"])
_WRITES = frozenset(
    [
        "update",
        "aupdate",
        "delete",
        "adelete",
        "bulk_create",
        "abulk_create",
        "bulk_update",
        "abulk_update",
        "add",
        "aadd",
        "set",
        "aset",
        "remove",
        "aremove",
        "clear",
        "aclear",
    ]
)
CHANGES = _WRITES | _MADE | _MADE_OR_GOT | {LINKS}
"""Methods that change rows, or may."""
MAKES = _MADE | {"get_or_create", "aget_or_create", "bulk_create", "abulk_create", LINKS}
"""Those of them that leave alone the rows that are there: new ones are made, or sets get others."""
SETS = frozenset({"add", "aadd", "set", "aset", "remove", "aremove", "clear", "aclear"})
"""Methods that tell which rows are in a related set."""
_FREE_WHEN_PREFETCHED = frozenset(["count", "acount", "exists", "aexists", "contains", "acontains", "first", "afirst"])


METHODS = (
    _SAME | _COPIES | _NARROWS | _ONE | _MADE | _MADE_OR_GOT | _NUMBER | _WRITES
    | {"select_for_update", "prefetch_related", "in_bulk", "ain_bulk", "iterator", "aiterator", "raw"}
)  # fmt: skip


def base_queryset(ev: Evaluator, manager: ManagerOf) -> Value:
    """The queryset that a manager starts from: its own get_queryset where the project defines one."""
    found = manager.manager.method("get_queryset")
    if found is not None:
        member = found[1]
        if member.owner.module.origin is not Origin.LIBRARY and member.function is not None:
            made = ev.call(Method(member.function, manager), (), {}, None)
            # What a manager does to every queryset, its prefetch does too: it makes no set of its own.
            return either(
                replace(option, related=manager.related) if isinstance(option, QuerySet) else option
                for option in options(made)
            )
    return plain_queryset(ev, manager)


def plain_queryset(ev: Evaluator, manager: ManagerOf) -> Value:
    """What `Manager.get_queryset` of Django gives: everything, nothing loaded."""
    held = manager.manager
    loading = Loading()
    if held.unresolved is not None:
        loading = loading.doubt(held.unresolved)
    return QuerySet(manager.model, loading, ev.project.once(_QuerySetClasses).of(held), manager.related)


class _QuerySetClasses:
    """The classes that give a manager's querysets their methods."""

    def __init__(self, project: Project) -> None:
        self._known: Kept[tuple[Class, ...], tuple[Class, ...]] = Kept(project.tracking)

    def of(self, manager: Manager) -> tuple[Class, ...]:
        """Those of one manager, the first wins."""
        return self._known.made(manager.classes, lambda: _queryset_classes(manager.classes))


def _queryset_classes(classes: tuple[Class, ...]) -> tuple[Class, ...]:
    found: list[Class] = [cls for cls in classes if cls.derives_from("django.db.models.QuerySet")]
    # `class M(BaseManager.from_queryset(Q))`: Q stands among the bases, and thus in the MRO.
    for cls in classes:
        for base in cls.mro:
            if base is not cls and base.derives_from("django.db.models.QuerySet") and base.is_ours:
                found.append(base)
                break
    return tuple(found)


def call(ev: Evaluator, method: OrmCall, args: Sequence[Value], kwargs: Mapping[str, Value], span: Span) -> Value:
    """The result of one of Django's methods on a queryset or a manager; evaluation is recorded."""
    receiver = method.receiver
    name = method.name
    if isinstance(receiver, ManagerOf):
        if name == "get_queryset":
            return plain_queryset(ev, receiver)
        if name in _WRITES and receiver.related is not None:
            ev.links(receiver.related, name, span)
            return SCALAR
        if name not in METHODS and receiver.manager.method(name) is not None:
            return Unknown("method of a package's manager", name)
        started = base_queryset(ev, receiver)
        return either(
            _on_queryset(
                ev, replace(option, span=span) if isinstance(option, QuerySet) else option, name, args, kwargs, span
            )
            for option in options(started)
        )
    # What `.all()` of a manager gives is the prefetched queryset itself; `.all()` of that is a copy without its rows.
    return _on_queryset(ev, receiver, name, args, kwargs, span, copies=True)


def _on_queryset(
    ev: Evaluator,
    queryset: Value,
    name: str,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    span: Span,
    *,
    copies: bool = False,
) -> Value:
    if not isinstance(queryset, QuerySet):
        return queryset
    if queryset.held and name not in _OF_ROWS_AT_HAND:
        queryset = replace(queryset, held=False)
    built = QuerySet(queryset.model, queryset.loading, queryset.classes, queryset.related, grown(queryset.span, span))
    loading = queryset.loading
    if name == "select_for_update":
        return _narrow(replace(built, loading=replace(loading, locked=True)), name)
    if name in _SAME or name in _COPIES:
        return _narrow(built, name) if copies or name in _COPIES else built
    if name in _ONE:
        ev.evaluated(_narrow(queryset, name) if name not in _FREE_WHEN_PREFETCHED else queryset, name, span)
        at_hand = name in _FREE_WHEN_PREFETCHED and _is_ordered(queryset)
        return _row(ev, queryset if at_hand else _narrow(queryset, name), certain=name not in _ONE_OR_NONE)
    if name in _NUMBER:
        narrowed = _narrow(queryset, name) if name not in _FREE_WHEN_PREFETCHED else queryset
        ev.evaluated(narrowed, name, span)
        return SCALAR
    if name in _MADE:
        ev.evaluated(_narrow(queryset, name), name, span)
        return Row(queryset.model, loading=NOTHING_LOADED)
    if name in _MADE_OR_GOT:
        ev.evaluated(_narrow(queryset, name), name, span)
        return Items((Row(queryset.model), SCALAR))
    if name in _WRITES:
        ev.evaluated(_narrow(queryset, name), name, span)
        return SCALAR
    if name in ("in_bulk", "ain_bulk"):
        ev.evaluated(_narrow(queryset, name), name, span)
        return Mapped((), open=True, rest=ev.element(_narrow(queryset, name)))
    if name in ("iterator", "aiterator"):
        bare = (
            queryset if "chunk_size" in kwargs or args else replace(queryset, loading=replace(loading, prefetched=()))
        )
        ev.evaluated(_narrow(bare, name), name, span)
        return Many(ev.element(bare))
    narrowed = _narrow(built, name)
    match name:
        case "prefetch_related":
            return replace(narrowed, loading=_prefetch(queryset.model, loading, args, span))
        case "filter" if kwargs:
            return replace(narrowed, loading=keys.filtered(queryset.model, loading, kwargs))
        case "select_related":
            return replace(narrowed, loading=_select(loading, args, span))
        case "alias":
            return narrowed
        case "annotate":
            names = frozenset(kwargs) - {"**"}
            if "**" in kwargs or any(isinstance(arg, Unknown) for arg in args):
                names |= {UNSEEN}
            return replace(narrowed, loading=replace(loading, annotations=loading.annotations | names))
        case "extra":
            names = loading.annotations
            selected = kwargs.get("select")
            if isinstance(selected, Mapped):
                names = names | {key for key, _ in selected.entries if isinstance(key, str)}
            return replace(narrowed, loading=replace(loading, annotations=names))
        case "order_by":
            return replace(narrowed, loading=replace(loading, ordered=bool(args)))
        case "values" | "values_list" | "dates" | "datetimes":
            return replace(narrowed, loading=replace(loading, rows=False))
        case "none":
            return replace(narrowed, loading=replace(loading, empty=True))
        case "only" | "defer" if any(not isinstance(arg, Literal) for arg in _flat(args)):
            # Which columns stay behind is not known: none is taken to.
            return replace(narrowed, loading=replace(loading, only=None, deferred=frozenset()))
        case "only":
            return replace(narrowed, loading=loading.with_only(frozenset(_texts(args))))
        case "defer":
            cleared = len(args) == 1 and args[0] == NONE
            return replace(narrowed, loading=loading.with_deferred(None if cleared else frozenset(_texts(args))))
        case "union" | "intersection" | "difference":
            return replace(narrowed, loading=replace(loading, combined=True))
        case "raw":
            return replace(narrowed, loading=Loading(raw=True), related=None)
        case _ if name in _NARROWS or any(cls.find(name) is not None for cls in queryset.classes):
            return narrowed  # a package's own method narrows as Django's do
        case _:
            # A method that neither Django nor the classes at hand define: it may load anything.
            unknown = ev.doubt("queryset method not found", f"{queryset.model.name}: .{name}()")
            return replace(built, loading=loading.doubt(unknown))


def grown(old: Span | None, new: Span) -> Span:
    """The span of the chain so far: a call that goes on from it makes it longer, one elsewhere leaves it."""
    if old is None:
        return new
    goes_on = (old.path, old.row, old.column) == (new.path, new.row, new.column)
    return new if goes_on else old


def _narrow(queryset: QuerySet, name: str) -> QuerySet:
    related = queryset.related
    if related is None or related.narrowed is not None:
        return queryset
    return replace(queryset, related=RelatedSet(related.row, related.relation, name))


def _is_ordered(queryset: QuerySet) -> bool:
    """Whether `first()` takes a row as it comes: it orders a set without an order anew, a prefetched one too."""
    if queryset.loading.ordered or queryset.model.meta("ordering"):
        return True
    related = queryset.related
    if related is None or related.row.rows is None:
        return False
    path = (*related.row.path, related.relation.name)
    entries = related.row.rows.loading.prefetched
    return any(e.path == path and e.queryset is not None and e.queryset.loading.ordered for e in entries)


def _row(ev: Evaluator, queryset: QuerySet, *, certain: bool) -> Value:
    if not queryset.loading.rows:
        return SCALAR
    element = ev.element(queryset)
    # One row got by itself is not one of many: what it reads is counted where it is got.
    if isinstance(element, Row) and queryset.stands_alone:
        return Row(queryset.model, loading=queryset.rows.loading, certain=certain)
    return element if certain else either((element, NONE))


def _texts(args: Sequence[Value]) -> list[str]:
    return [
        text
        for arg in args
        for option in options(arg)
        for text in ([option.value] if isinstance(option, Literal) and isinstance(option.value, str) else [])
    ]


def _select(loading: Loading, args: Sequence[Value], span: Span) -> Loading:
    if len(args) == 1 and isinstance(args[0], Literal) and args[0].value is None:
        return replace(loading, joined=frozenset(), joins_all=False, joins=())
    if not args:
        return replace(loading, joined=frozenset(), joins_all=True, joins=())
    result = loading if not loading.joins_all else replace(loading, joins_all=False)
    for arg in _flat(args):
        if isinstance(arg, Literal) and isinstance(arg.value, str):
            result = result.join((arg.value,), span)
        else:
            result = result.doubt(Unknown("select_related of names computed at run time"))
    return result


def _prefetch(model: Model, loading: Loading, args: Sequence[Value], span: Span) -> Loading:
    if len(args) == 1 and isinstance(args[0], Literal) and args[0].value is None:
        return replace(loading, prefetched=())
    result = loading
    for arg in _flat(args):
        match arg:
            case Literal(value=str(text)):
                entry = Prefetched(tuple(text.split("__")), span=span)
                result = result.prefetch(paths.prefetched(model, entry))
            case PrefetchValue(entry=entry):
                result = result.prefetch(paths.prefetched(model, entry))
            case _:
                result = result.doubt(Unknown("prefetch_related of names computed at run time"))
    return result


def _flat(args: Sequence[Value]) -> list[Value]:
    return [option for arg in args for option in options(arg)]


def prefetch_object(ev: Evaluator, args: Sequence[Value], kwargs: Mapping[str, Value], span: Span) -> Value:
    """What `Prefetch(lookup, queryset=None, to_attr=None)` makes."""
    lookup = args[0] if args else kwargs.get("lookup")
    inner = args[1] if len(args) > 1 else kwargs.get("queryset")
    named = args[2] if len(args) > 2 else kwargs.get("to_attr")
    if not (isinstance(lookup, Literal) and isinstance(lookup.value, str)):
        return Unknown("prefetch of a path computed at run time")
    path: Path = tuple(lookup.value.split("__"))
    to_attr = named.value if isinstance(named, Literal) and isinstance(named.value, str) else None
    found = [option for option in options(inner) if isinstance(option, QuerySet)] if inner is not None else []
    queryset = found[0] if found else None
    if inner is not None and queryset is None:
        if isinstance(inner, ManagerOf):
            started = base_queryset(ev, inner)
            queryset = started if isinstance(started, QuerySet) else None
        elif inner != Literal(None):
            return Unknown("prefetch with a queryset that is not resolved")
    return PrefetchValue(Prefetched(path, queryset, to_attr, span))


def of_model(model: Model) -> QuerySet:
    """All rows of a model, nothing loaded."""
    return QuerySet(model)


def construct(ev: Evaluator, cls: Class, args: Sequence[Value], kwargs: Mapping[str, Value], span: Span) -> Value:
    """What calling a queryset class makes: `OrderQuerySet(self.model, using=...)`."""
    model = args[0] if args else kwargs.get("model")
    if isinstance(model, ClassValue):
        found = ev.project.models.of(model.cls)
        if found is not None:
            return QuerySet(found, Loading(), (cls,), None, span)
    return Unknown("queryset of a model that is not resolved")
