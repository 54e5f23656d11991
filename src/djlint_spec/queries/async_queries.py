"""Queries that run in the event loop's own thread: Django refuses them with SynchronousOnlyOperation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import statements_of, walk
from djlint_spec.inference.evaluate import Evaluator
from djlint_spec.inference.frames import Frame
from djlint_spec.inference.loading import NOTHING_LOADED
from djlint_spec.inference.orm import CHANGES, METHODS
from djlint_spec.inference.values import (
    SCALAR,
    Either,
    Foreign,
    Items,
    ManagerOf,
    Many,
    Method,
    OrmCall,
    QuerySet,
    RelatedSet,
    Row,
    Rows,
    SerializerOf,
    Value,
    either,
    options,
)
from djlint_spec.project import Function, Module, Project, Unknown
from djlint_spec.project.models import Model
from djlint_spec.project.module import Origin
from djlint_spec.queries.coverage import Coverage
from djlint_spec.queries.entries import enter
from djlint_spec.queries.passages import Passages

LOADS = "loads"
"""The method of a read of a relation that was not loaded with its row."""
DATA = "data"
"""The method of what a serializer reads of a queryset."""
_ALLOWED = "DJANGO_ALLOW_ASYNC_UNSAFE"
_WRAPPERS = frozenset({"asgiref.sync.sync_to_async", "channels.db.database_sync_to_async"})
ROW_METHODS = frozenset(
    ["save", "delete", "refresh_from_db", "full_clean", "validate_unique", "has_perm", "has_perms", "has_module_perms",
     "get_all_permissions", "get_user_permissions", "get_group_permissions"]
)  # fmt: skip
"""Methods of rows that query: Django's own, and those of its users."""
_FUNCTIONS = frozenset(
    ["django.db.transaction.on_commit", "django.contrib.auth.authenticate", "django.contrib.auth.login",
     "django.contrib.auth.logout", "django.db.connection.cursor"]
)  # fmt: skip
_ATOMIC = "django.db.transaction.atomic"
_EVALUATES = METHODS | {"iterate", "len", "bool", "index", "contains", LOADS, DATA} | ROW_METHODS | _FUNCTIONS
_AWAITED = frozenset(
    ["aget", "afirst", "alast", "aearliest", "alatest", "acreate", "aget_or_create", "aupdate_or_create", "acount",
     "aexists", "acontains", "aaggregate", "aupdate", "adelete", "abulk_create", "abulk_update", "aadd", "aset",
     "aremove", "aclear", "ain_bulk", "aiterator"]
)  # fmt: skip
_DEEPEST = 6


class AsyncQuery(msgspec.Struct, frozen=True):
    """A query that an `async def` runs itself, or by the synchronous code that it calls at `span`."""

    function: Function
    span: Span
    method: str
    query: Span
    model: Model | None
    path: tuple[str, ...] = ()

    @property
    def direct(self) -> bool:
        """Whether the query stands in the function itself."""
        return self.span == self.query

    @property
    def module(self) -> Module:
        """Where it stands."""
        return self.function.module


def async_queries(project: Project) -> tuple[AsyncQuery, ...]:
    """Every such query, each place once, in order of place; none where the project allows them."""
    asynchronous = [module for module in project.modules if module.mentions("async def ")]
    if not asynchronous:
        return ()
    allowing = [module for module in project.modules if module.mentions(_ALLOWED)]
    if any(not module.is_test for module in allowing):
        return ()
    judge = _Judge(project)
    found: dict[Span, AsyncQuery] = {}
    for module in asynchronous:
        if module.is_migration or (module.is_test and allowing):
            continue
        for function in _async_functions(project, module):
            for one in judge.of(function):
                found.setdefault(one.span, one)
    return tuple(found[span] for span in sorted(found))


def _async_functions(project: Project, module: Module) -> Iterator[Function]:
    for function in project.functions_in(module):
        if "async def " in module.body_text(function.node) or function.node.is_async:
            yield from _with_inner(project, function)


def _with_inner(project: Project, function: Function) -> Iterator[Function]:
    if function.node.is_async:
        yield function
    for node in statements_of(function.body):
        if isinstance(node, t.FunctionDef):
            yield from _with_inner(project, project.function(function.module, node, None, function))


class _Judge:
    def __init__(self, project: Project) -> None:
        self._project = project
        self._evaluator = _AsyncEvaluator(project)

    def of(self, function: Function) -> Iterator[AsyncQuery]:
        ev = self._evaluator
        ev.journal.reads.clear()
        enter(ev, function)
        waited = _waited(function)
        for read in ev.reads:
            place = read.chain[0] if read.chain else read.span
            if place.path != function.module.path or read.method not in _EVALUATES or read.method in _AWAITED:
                continue
            if (read.method == "iterate" and place in waited) or not _lies_in(place, function):
                continue
            if read.chain and not all(self._always_runs(span) for span in (*read.chain[1:], read.span)):
                continue  # behind a test, which may ask whether it is at hand already
            yield AsyncQuery(function, place, read.method or "", read.span, read.model, read.path)
        for span in self._transactions(function):
            yield AsyncQuery(function, span, _ATOMIC, span, None)

    def _always_runs(self, span: Span) -> bool:
        """Whether a function that is called comes to a place in it each time."""
        function = self._project.once(Passages).function_at(span)
        return function is None or _is_sure(function.body, function.module.line_starts[span.row - 1] + span.column - 1)

    def _transactions(self, function: Function) -> Iterator[Span]:
        """`with transaction.atomic()` in the body, and the same as a decorator."""
        module = function.module
        for dotted, decorator in function.decorator_names():
            if dotted == _ATOMIC:
                yield module.span(decorator)
        for node in statements_of(function.body):
            if isinstance(node, t.With) and not node.is_async:
                for item in node.items:
                    made = item.context
                    if isinstance(made, t.Call) and self._project.dotted(made.func, function.scope) == _ATOMIC:
                        yield module.span(made)


def _is_sure(block: Sequence[t.Stmt], start: int) -> bool:
    """Whether a block comes to the expression that begins at `start`, unless it raises."""
    for statement in block:
        if not statement.start <= start < statement.end:
            if any(isinstance(node, t.Return) for node in statements_of([statement])):
                return False
            continue
        match statement:
            case t.With(body=body) | t.Try(body=body) if body and body[0].start <= start < body[-1].end:
                return _is_sure(body, start)
            case t.If(test=test) | t.While(test=test):
                return test.start <= start < test.end and _is_sure_in(test, start)
            case t.For(iterable=iterable):
                return iterable.start <= start < iterable.end
            case t.Try() | t.Match():
                return False
            case _:
                return _is_sure_in(statement, start)
    return True


def _is_sure_in(part: t.Stmt | t.Expr, start: int) -> bool:
    for node in walk([part]):
        match node:
            case t.BoolOp(values=(first, *_)) if node.start <= start < node.end and start >= first.end:
                return False
            case t.IfExp(test=test) if node.start <= start < node.end and not test.start <= start < test.end:
                return False
            case _:
                pass
    return True


def _lies_in(place: Span, function: Function) -> bool:
    """Whether a place is in a function itself, not in one that is defined within it."""
    module = function.module
    inner = [node for node in walk(function.body) if isinstance(node, (t.FunctionDef, t.Lambda))]
    start = module.line_starts[place.row - 1] + place.column - 1
    return function.node.start <= start < function.node.end and not any(
        node.start <= start < node.end for node in inner
    )


def _waited(function: Function) -> frozenset[Span]:
    """What `async for` goes through."""
    found: list[Span] = []
    for node in walk(function.body):
        match node:
            case t.For(iterable=iterable, is_async=True):
                found.append(function.module.span(iterable))
            case t.Comprehension(generators=generators):
                found.extend(function.module.span(one.iterable) for one in generators if one.is_async)
            case _:
                pass
    return frozenset(found)


class _AsyncEvaluator(Evaluator):
    """Notes what runs a query in the thread of whoever calls; what may have been loaded before is not noted."""

    def __init__(self, project: Project) -> None:
        super().__init__(project)
        user = project.models.user
        known = (*project.models.all, *((user,) if isinstance(user, Model) else ()))
        self._models = frozenset(model.dotted for model in known)
        self._coverage = project.once(Coverage)

    # ------------------------------------------------------------------------------------------------- threads
    def call(self, method: Method, args: Sequence[Value], kwargs: Mapping[str, Value], span: Span | None) -> Value:
        """What a function returns; a coroutine answers for its own queries, another thread may make any."""
        if not self.active:
            return super().call(method, args, kwargs, span)
        if len(self.active) >= _DEEPEST:
            return Unknown("calls nested too deeply", method.function.dotted)
        function = method.function
        if function.node.is_async or any(dotted in _WRAPPERS for dotted, _ in function.decorator_names()):
            with self.journal.muted():
                return _brought(super().call(method, args, kwargs, span))
        return _brought(super().call(method, args, kwargs, span))

    def in_thread(self, target: Value, args: Sequence[Value], kwargs: Mapping[str, Value], span: Span) -> Value:
        """What a call gives that runs in another thread, where queries are allowed."""
        with self.journal.muted():
            return _brought(super().in_thread(target, args, kwargs, span))

    # ------------------------------------------------------------------------------------------------- queries
    def met(
        self, call: t.Call, target: Value, args: Sequence[Value], kwargs: Mapping[str, Value], frame: Frame
    ) -> None:
        """Note the methods of rows and the functions of Django that query."""
        for option in options(target):
            match option:
                case Foreign(dotted=dotted):
                    owner, _, name = dotted.rpartition(".")
                    # What a full_clean() with arguments leaves out may be all that queries.
                    of_row = name in ROW_METHODS and owner in self._models and not (name == "full_clean" and kwargs)
                    if dotted in _FUNCTIONS or of_row:
                        self._note(frame.module.span(call), dotted if dotted in _FUNCTIONS else name)
                case OrmCall(receiver=ManagerOf(related=RelatedSet(), model=model), name=name) if name in CHANGES:
                    self._note(frame.module.span(call), name, model)
                case Method(function=function) if function.dotted in _FUNCTIONS:
                    self._note(frame.module.span(call), function.dotted)
                case Method(function=function, receiver=Row(model=model)) if function.name in ROW_METHODS:
                    # One of the project's own is followed: what it runs tells.
                    if function.module.origin is Origin.LIBRARY:
                        self._note(frame.module.span(call), function.name, model)
                case _:
                    pass

    def _note(self, span: Span, method: str, model: Model | None = None, path: tuple[str, ...] = ()) -> None:
        self.journal.record(span, rows=None, path=path, to_many=False, method=method, model=model)

    def evaluated(self, queryset: QuerySet, method: str, span: Span) -> None:
        """Note that a queryset runs, if no one can have fetched it with its row."""
        related = queryset.related
        known = related is not None and related.narrowed is None
        if related is not None and known and self._is_loaded(related.row, related.relation.name) is not False:
            return
        super().evaluated(queryset, method, span)

    def load(self, row: Row, name: str, span: Span) -> Value:
        """The value of a to-one relation; noted where it is known not to be loaded with its row."""
        if self._is_loaded(row, name) is False:
            self._note(span, LOADS, row.model, (*row.path, name))
        return super().load(row, name, span)

    def _is_loaded(self, row: Row, name: str) -> bool | None:
        """Whether a relation came with its row; None where that is not known."""
        if row.rows is not None:
            way = self._coverage.way(row.rows.model, row.rows.loading, (*row.path, name))
        elif row.loading is None or row.loading is NOTHING_LOADED:
            return None  # a row that a caller brings, or that was made with what it hangs on
        else:
            way = self._coverage.way(row.model, row.loading, (name,))
        if not way.path or way.loaded[-1]:
            return True
        return None if way.doubts else False

    def serialize(self, serializer: SerializerOf, span: Span) -> Value:
        """The representation; noted where a queryset is to be fetched for it."""
        given = options(serializer.given) if serializer.given is not None and serializer.many else ()
        for one in given:
            if isinstance(one, ManagerOf) or (isinstance(one, QuerySet) and one.stands_alone):
                self._note(span, DATA, one.model)
        return SCALAR


_BROUGHT = Unknown("row that other code has had")


def _brought(value: Value) -> Value:
    """What a function returns: of the rows in it, relations may have been read there, and are at hand then."""
    match value:
        case Row(rows=None):
            return replace(value, loading=None)
        case Row(rows=Rows() as rows):
            return replace(value, rows=replace(rows, loading=rows.loading.doubt(_BROUGHT)))
        case Many(element=element):
            return Many(_brought(element))
        case Items(elements=elements):
            return Items(tuple(map(_brought, elements)))
        case Either(options=several):
            return either(map(_brought, several))
        case _:
            return value
