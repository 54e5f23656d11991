"""Queryset chains as they are written: `Order.objects.filter(...).annotate(...)`, call by call, with what they name."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.inference.orm import METHODS
from djlint_spec.project import Project, Scope, Unknown
from djlint_spec.project.calls import calls_in
from djlint_spec.project.lookups import Names
from djlint_spec.project.models import Model
from djlint_spec.project.module import Module, Origin
from djlint_spec.project.tracking import Kept

_FILTERS = frozenset(
    ["filter", "exclude", "get", "aget", "get_or_create", "aget_or_create", "update_or_create", "aupdate_or_create"]
)
_NOT_LOOKUPS = frozenset({"defaults", "create_defaults"})
_ORDERS = frozenset({"order_by", "latest", "alatest", "earliest", "aearliest"})
_COLUMNS = frozenset({"values", "values_list", "only", "defer", "distinct"})
_ANNOTATES = frozenset({"annotate", "alias", "aggregate", "aaggregate"})
_JUDGED = _FILTERS | _ORDERS | _COLUMNS | _ANNOTATES | {"select_related", "prefetch_related"}
_STOPS = frozenset({"union", "intersection", "difference", "raw", "extra", "dates", "datetimes", "iterator"})
"""After these, names are those of the result, not of the model; or anything goes."""
_MANAGERS = frozenset({"_default_manager", "_base_manager"})
_EXPRESSIONS = "django.db.models."
_POSTGRES = "django.contrib.postgres.aggregates."
AGGREGATES = frozenset(["Count", "Sum", "Avg", "Min", "Max", "StdDev", "Variance"])


class Chain(msgspec.Struct, frozen=True):
    """A queryset as written up to some call: its model, and the names that its calls add to those of the model.

    `opaque` is set where the manager may have added names that are not seen, `unnamed` where an expression goes by a
    name that Django makes up of a path (`line__count`), so that no path tells itself from it.
    """

    model: Model
    added: frozenset[str] = frozenset()
    opaque: bool = False
    unnamed: bool = False


class Use(msgspec.Struct, frozen=True):
    """A lookup path where it is written; `keyword` is the call whose argument's name it is, None for a string."""

    path: str
    names: Names
    span: Span
    keyword: Span | None = None


class ChainCall(msgspec.Struct, frozen=True):
    """One call on a chain, the chain before it, and the paths that it names."""

    chain: Chain
    method: str
    call: t.Call
    scope: Scope

    @property
    def span(self) -> Span:
        """The method's name and its arguments."""
        assert isinstance(self.call.func, t.Attribute)
        return self.scope.module.span_of(self.call.func.end - len(self.method), self.call.end)


class ChainCalls:
    """Every call on a queryset whose model is written at the chain's start, tests and migrations left out."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: Kept[Module, tuple[ChainCall, ...]] = Kept(project.tracking)

    def of(self, module: Module) -> tuple[ChainCall, ...]:
        """Those of one module, in order of place."""
        return self._known.made(module, lambda: tuple(_chain_calls(self._project, module)))


def _chain_calls(project: Project, module: Module) -> Iterator[ChainCall]:
    for site in calls_in(project, module, ".objects", "._default_manager", "._base_manager", tests=False):
        match site.call.func:
            case t.Attribute(value=receiver, attr=method) if method in METHODS and _starts_at_manager(receiver):
                chain = chain_of(project, receiver, site.scope)
                if chain is not None:
                    yield ChainCall(chain, method, site.call, site.scope)
            case _:
                pass


def _starts_at_manager(expr: t.Expr) -> bool:
    """Whether the innermost part is `Name.manager`, before anything is resolved."""
    while isinstance(expr, t.Call) and isinstance(expr.func, t.Attribute):
        expr = expr.func.value
    match expr:
        case t.Attribute(value=t.Name(id=name)):
            return name[:1].isupper()
        case t.Attribute(value=t.Attribute(attr=name)):
            return name[:1].isupper()
        case t.Attribute(value=t.Call(func=t.Name(id="get_user_model"))):
            return True
        case _:
            return False


def chain_of(project: Project, expr: t.Expr, scope: Scope) -> Chain | None:
    """The chain that an expression is; None where it does not start at a manager of a known model, or leaves it."""
    match expr:
        case t.Attribute(value=owner, attr=attr):
            model = project.model_in(owner, scope)
            if isinstance(model, Unknown):
                return None
            if attr in _MANAGERS:
                return Chain(model, opaque=attr == "_default_manager" and _is_opaque(model, None))
            return Chain(model, opaque=_is_opaque(model, attr)) if attr in model.managers else None
        case t.Call(func=t.Attribute(value=receiver, attr=method)):
            if method not in METHODS or method in _STOPS:
                return None
            chain = chain_of(project, receiver, scope)
            return _after(chain, method, expr) if chain is not None else None
        case _:
            return None


def _is_opaque(model: Model, name: str | None) -> bool:
    manager = model.managers[name] if name is not None else model.default_manager
    if manager.unresolved is not None:
        return True
    found = manager.method("get_queryset")
    if found is None:
        return False
    home = found[1].owner.module
    return home.origin is not Origin.LIBRARY or not home.name.startswith("django.")


_ENDS = frozenset(
    ["get", "aget", "first", "afirst", "last", "alast", "latest", "alatest", "earliest", "aearliest", "create",
     "acreate", "get_or_create", "update_or_create", "count", "exists", "aggregate", "update", "delete"]
)  # fmt: skip


def _after(chain: Chain, method: str, call: t.Call) -> Chain | None:
    if method in _ENDS:
        return None
    if method not in ("annotate", "alias", "values", "values_list"):
        return chain
    names = frozenset(keyword.name for keyword in call.keywords if keyword.name is not None)
    unseen = any(keyword.name is None for keyword in call.keywords)
    given = any(not isinstance(argument, t.String) for argument in call.args)
    return replace(chain, added=chain.added | names, unnamed=chain.unnamed or unseen or given)


def uses_of(project: Project, made: ChainCall) -> Iterator[Use]:
    """The lookup paths that a call names, those within its expressions included."""
    call, scope, method = made.call, made.scope, made.method
    if method not in _JUDGED:
        return
    reader = Reader(project, scope)
    if method == "select_related":
        yield from reader.strings(call.args, Names.JOIN)
    elif method == "prefetch_related":
        yield from reader.prefetches(call.args)
    elif method in _FILTERS:
        for argument in call.args:
            yield from reader.expression(argument)
        for keyword in call.keywords:
            if keyword.name is not None and keyword.name not in _NOT_LOOKUPS:
                yield reader.keyword(keyword, call)
                yield from reader.expression(keyword.value)
    else:
        if method in _ORDERS | _COLUMNS:
            yield from reader.strings(call.args, Names.LOOKUP)
        for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
            yield from reader.expression(argument)


class Reader:
    """Reads paths out of arguments."""

    def __init__(self, project: Project, scope: Scope) -> None:
        self._project = project
        self._scope = scope

    def keyword(self, keyword: t.Keyword, call: t.Call) -> Use:
        """A lookup given by its name."""
        assert keyword.name is not None
        module = self._scope.module
        span = module.span_of(keyword.start, keyword.start + len(keyword.name))
        return Use(keyword.name, Names.LOOKUP, span, module.span(call))

    def strings(self, args: tuple[t.Expr, ...], names: Names = Names.LOOKUP) -> Iterator[Use]:
        """Paths given as strings; what order_by takes beside names is left out."""
        for argument in args:
            if isinstance(argument, t.String):
                path = argument.value.removeprefix("-").removeprefix("+") if names is Names.LOOKUP else argument.value
                if path.isidentifier():
                    yield Use(path, names, self._scope.module.span(argument))

    def prefetches(self, args: tuple[t.Expr, ...]) -> Iterator[Use]:
        """Strings and the paths of `Prefetch` objects, as long as none of them fills an attribute of another name."""
        found: list[t.Expr] = []
        for argument in args:
            match argument:
                case t.String():
                    found.append(argument)
                case t.Call(args=(t.String() as path, *rest), keywords=keywords):
                    if len(rest) > 1 or any(keyword.name not in ("queryset",) for keyword in keywords):
                        return
                    found.append(path)
                case _:
                    return
        yield from self.strings(tuple(found), Names.ACCESSOR)

    def expression(self, expr: t.Expr, depth: int = 0) -> Iterator[Use]:
        """Paths within Q, F, aggregates and functions; those of OuterRef one queryset further in."""
        match expr:
            case t.Call(func=t.Attribute(value=receiver, attr=method)) if method in METHODS:
                yield from self.expression(receiver, depth)
                for argument in (*expr.args, *(keyword.value for keyword in expr.keywords)):
                    yield from self.expression(argument, depth + 1)
            case t.Call(func=t.Attribute(value=t.Call() as inner)):
                yield from self.expression(inner, depth)  # F("x").desc()
            case t.Call(func=func):
                yield from self._called(expr, self._project.dotted(func, self._scope) or "", depth)
            case t.BinOp(left=left, right=right):
                yield from self.expression(left, depth)
                yield from self.expression(right, depth)
            case t.UnaryOp(operand=operand):
                yield from self.expression(operand, depth)
            case t.Starred() | t.Subscript():
                yield from self.expression(expr.value, depth)
            case _:
                pass

    def _called(self, call: t.Call, dotted: str, depth: int) -> Iterator[Use]:
        if not dotted.startswith((_EXPRESSIONS, _POSTGRES)):
            return
        name = dotted.rpartition(".")[2]
        if name == "OuterRef":
            if depth == 1:
                yield from self.strings(call.args[:1], Names.LOOKUP)
            return
        if name in ("F", *AGGREGATES) and depth == 0:
            yield from self.strings(call.args[:1], Names.LOOKUP)
        for argument in call.args:
            yield from self.expression(argument, depth)
        for keyword in call.keywords:
            conditional = name == "Q" or (name == "When" and keyword.name not in ("condition", "then"))
            if conditional and keyword.name is not None and not keyword.name.startswith("_") and depth == 0:
                yield self.keyword(keyword, call)
            yield from self.expression(keyword.value, depth)
