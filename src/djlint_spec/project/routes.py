"""Routes: which view answers under which path with which actions, from routers and urlconfs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import calls, walk
from djlint_spec.project.classes import Class, Function
from djlint_spec.project.constants import Constant
from djlint_spec.project.module import Module
from djlint_spec.project.symbols import Assigned, Scope, Unknown, Value
from djlint_spec.project.tracking import cached_property

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

_PATHS = frozenset({"path", "re_path", "url"})
_DEEPEST = 6
_MOST_PATHS = 8
_REGEX_NOISE = re.compile(r"\(\?P<(\w+)>[^)]*\)")


class Route(msgspec.Struct, frozen=True):
    """One registration of a view: its path from the root as far as that is known, and its actions by method.

    `actions` is empty when the router or the view's own methods decide; `slash` ends the paths that a router makes.
    """

    view: Class | Function
    path: str
    actions: Mapping[str, str]
    by_router: bool
    slash: str = "/"


class _Place(msgspec.Struct, frozen=True):
    """A list of patterns: one bound to a name in a module, or (`@offset`) a router or list by where it is made."""

    module: Module
    name: str


class _Found(msgspec.Struct, frozen=True):
    """What the project's text registers: routes by place, where each place is included, the calls that make routers."""

    routes: list[tuple[_Place, Route]]
    parents: dict[_Place, list[tuple[_Place, str]]]
    routers: dict[_Place, tuple[t.Call, Scope]]

    def include(self, child: _Place, parent: _Place, prefix: str) -> None:
        self.parents.setdefault(child, []).append((parent, prefix))


class Routes:
    """Every route that the project's text registers."""

    def __init__(self, project: Project) -> None:
        self._project = project

    @cached_property
    def _scanned(self) -> tuple[_Found, int]:
        found = _Found([], {}, {})
        unresolved = 0
        for module in self._project.modules:
            if module.is_test or not module.mentions(".as_view(", ".register(", "urlpatterns"):
                continue
            self._added(module, found)
            for place, call, scope in self._calls(module):
                match call.func:
                    case t.Attribute(value=router, attr="register") if len(call.args) >= 2 or call.keywords:
                        unresolved += not self._register(module, router, call, scope, found)
                    case t.Attribute(value=t.Attribute(value=router, attr="registry"), attr="extend"):
                        self._extended(router, call, scope, found)
                    case t.Name(id=name) | t.Attribute(attr=name) if name in _PATHS:
                        unresolved += not self._path(place, call, scope, found)
                    case _:
                        pass
        return found, unresolved

    def _calls(self, module: Module) -> Iterator[tuple[_Place, t.Call, Scope]]:
        for statement in module.facts.body:
            match statement:
                case t.Assign(targets=(t.Name(id=name), *_)) | t.AugAssign(target=t.Name(id=name)):
                    place = _Place(module, name)
                case t.ClassDef():
                    continue
                case _:
                    place = _Place(module, "urlpatterns")
            yield from _placed(place, [statement], module.scope)
        for function in self._project.functions_in(module):
            if function.mentions(".as_view(", ".register("):
                yield from _placed(_Place(module, "urlpatterns"), function.body, function.scope)

    def _added(self, module: Module, found: _Found) -> None:
        """`urlpatterns += router.urls` and the like: the router's paths as they are."""
        for statement in module.facts.body:
            match statement:
                case t.Assign(targets=(t.Name(id=name), *_)) | t.AugAssign(target=t.Name(id=name)):
                    included = [call for call in calls([statement]) if _is_include(call)]
                    for node in walk([statement]):
                        if isinstance(node, t.Attribute) and node.attr == "urls":
                            inside = any(call.start < node.start and node.end <= call.end for call in included)
                            made = None if inside else self._router(node.value, module.scope)
                            if made is not None:
                                found.include(made[0], _Place(module, name), "")
                case _:
                    pass

    def _router(self, expr: t.Expr, scope: Scope) -> tuple[_Place, t.Call, Scope] | None:
        """The place of a router, and the call that makes it; None where that is not seen."""
        symbol = self._project.resolve(expr, scope)
        if isinstance(symbol, Value) and isinstance(symbol.expr, t.Call):
            return _Place(symbol.scope.module, f"@{symbol.expr.start}"), symbol.expr, symbol.scope
        return None

    def _register(self, module: Module, router: t.Expr, call: t.Call, scope: Scope, found: _Found) -> bool:
        keywords = {keyword.name: keyword.value for keyword in call.keywords}
        view = call.args[1] if len(call.args) > 1 else keywords.get("viewset")
        prefix = call.args[0] if call.args else keywords.get("prefix")
        if view is None or prefix is None:
            return True
        text = self._project.constant(prefix, scope)
        if not isinstance(text, str):
            return True  # `admin.site.register(Model, ModelAdmin)` and the like
        symbol = self._project.resolve(view, scope)
        if not isinstance(symbol, Class):
            return not isinstance(symbol, Unknown)
        made = self._router(router, scope)
        place = made[0] if made is not None else _Place(module, "")
        slash = self._option(made[1], "trailing_slash", made[2]) if made is not None else None
        if made is not None:
            found.routers[place] = made[1:]
        slash_at_end = "" if slash is False else "/"
        found.routes.append((place, Route(symbol, cleaned(text), {}, by_router=True, slash=slash_at_end)))
        return True

    def _option(self, call: t.Call, name: str, scope: Scope) -> Constant | Unknown:
        given = next((keyword.value for keyword in call.keywords if keyword.name == name), None)
        return self._project.constant(given, scope) if given is not None else None

    def _nested_in(self, place: _Place, depth: int = 0) -> str:
        """What a router of drf-nested-routers puts before its prefixes: `orders/<order_pk>/`."""
        call, scope = self._scanned[0].routers.get(place, (None, None))
        if call is None or scope is None or depth > _DEEPEST or len(call.args) < 2:
            return ""
        if "Nested" not in (self._project.dotted(call.func, scope) or "").rpartition(".")[2]:
            return ""
        made, prefix = self._router(call.args[0], scope), self._project.constant(call.args[1], scope)
        lookup = self._option(call, "lookup", scope)
        if made is None or not isinstance(prefix, str) or not isinstance(lookup, str):
            return ""
        parents = (route.view for there, route in self._scanned[0].routes if (there, route.path) == (made[0], prefix))
        view = next(parents, None)
        name = lookup_of(view) if isinstance(view, Class) else "pk"
        return f"{self._nested_in(made[0], depth + 1)}{prefix}/<{lookup}_{name}>/"

    def _extended(self, router: t.Expr, call: t.Call, scope: Scope, found: _Found) -> None:
        match call.args:
            case (t.Attribute(value=other, attr="registry"),):
                parent, child = self._router(router, scope), self._router(other, scope)
                if parent is not None and child is not None:
                    found.include(child[0], parent[0], "")
            case _:
                pass

    def _path(self, place: _Place, call: t.Call, scope: Scope, found: _Found) -> bool:
        if len(call.args) < 2:
            return True
        text = self._project.constant(call.args[0], scope)
        prefix = cleaned(text) if isinstance(text, str) else ""
        return self._target(place, prefix, call.args[1], scope, found)

    def _target(
        self, place: _Place, prefix: str, target: t.Expr, scope: Scope, found: _Found, through: tuple[t.Expr, ...] = ()
    ) -> bool:
        """Enter what a path leads to, by way of names that have come up; whether it is known."""
        match target:
            case t.Call(func=t.Attribute(value=view, attr="as_view")):
                symbol = self._project.resolve(view, scope)
                if isinstance(symbol, Class):
                    found.routes.append((place, Route(symbol, prefix, self._mapping(target, scope), by_router=False)))
                    return True
                return False
            case t.Call(func=t.Name(id="include") | t.Attribute(attr="include"), args=(included, *_)):
                child = self._included(included, scope)
                if child is not None:
                    found.include(child, place, prefix)
                return child is not None
            case t.Call(args=(inner, *_)):  # csrf_exempt(View.as_view()), cache_page(60)(View.as_view())
                return self._target(place, prefix, inner, scope, found, through)
            case t.Name() | t.Attribute():
                symbol = self._project.resolve(target, scope)
                if isinstance(symbol, (Class, Function)):
                    found.routes.append((place, Route(symbol, prefix, {}, by_router=False)))
                elif isinstance(symbol, Value):
                    if any(symbol.expr is one for one in through):
                        return False  # `view = wrapped(view)`
                    return self._target(place, prefix, symbol.expr, symbol.scope, found, (*through, symbol.expr))
                return not isinstance(symbol, Unknown)
            case _:
                return True

    def _mapping(self, call: t.Call, scope: Scope) -> Mapping[str, str]:
        given = call.args[0] if call.args else None
        folded = self._project.constant(given, scope) if given is not None else self._option(call, "actions", scope)
        if not isinstance(folded, dict):
            return {}
        return {k: v for k, v in folded.items() if isinstance(k, str) and isinstance(v, str)}

    def _included(self, expr: t.Expr, scope: Scope, depth: int = 0) -> _Place | None:
        match expr:
            case t.String(value=dotted):
                module = self._project.module(dotted, scope.module)
                return _Place(module, "urlpatterns") if module is not None else None
            case t.TupleExpr(elements=(first, *_)):
                return self._included(first, scope, depth)
            case t.ListExpr():
                return _Place(scope.module, f"@{expr.start}")
            case t.Attribute(value=router, attr="urls"):
                made = self._router(router, scope)
                if made is not None:
                    return made[0]
            case _:
                pass
        symbol = self._project.resolve(expr, scope)
        match symbol:
            case Module():
                return _Place(symbol, "urlpatterns")
            case Value(expr=t.TupleExpr(elements=(first, *_)), scope=where) if depth < _DEEPEST:
                return self._included(first, where, depth + 1)
            case Value(expr=value, scope=where):
                name = _bound_to(where.module, value)
                return _Place(where.module, name) if name is not None else None
            case _:
                return None

    def _prefixes(self, place: _Place, seen: frozenset[_Place] = frozenset()) -> tuple[str, ...]:
        parents = self._scanned[0].parents
        above = parents.get(place, ())
        if place.name != "urlpatterns" and not above:
            # `urlpatterns = router.urls`, `urlpatterns = [...] + router.urls`, `format_suffix_patterns(more)`
            above = parents.get(_Place(place.module, "urlpatterns"), ())
        if not above or place in seen:
            return ("",)
        found = {
            f"{start}{prefix}": None for parent, prefix in above for start in self._prefixes(parent, seen | {place})
        }
        return tuple(found)[:_MOST_PATHS]

    @cached_property
    def all(self) -> tuple[Route, ...]:
        """Every route, its path composed from the root as far as includes are resolved, once for each way there."""
        return tuple(
            replace(route, path=f"{prefix}{self._nested_in(place)}{route.path}")
            for place, route in self._scanned[0].routes
            for prefix in self._prefixes(place)
        )

    @cached_property
    def _by_view(self) -> Mapping[Class | Function, tuple[Route, ...]]:
        found: dict[Class | Function, list[Route]] = {}
        for route in self.all:
            found.setdefault(route.view, []).append(route)
        return {view: tuple(routes) for view, routes in found.items()}

    def of(self, view: Class | Function) -> tuple[Route, ...]:
        """The routes of a view."""
        return self._by_view.get(view, ())

    @property
    def any(self) -> bool:
        """Whether the project registers views at all."""
        return bool(self._scanned[0].routes)

    @property
    def unresolved(self) -> int:
        """How many registrations name something that is not resolved."""
        return self._scanned[1]


def _placed(place: _Place, nodes: Iterable[t.Stmt], scope: Scope) -> Iterator[tuple[_Place, t.Call, Scope]]:
    """The calls of some statements, those within a list that is included on the spot in a place of their own."""
    found = list(calls(nodes))
    lists = [made for call in found if (made := _inline(call)) is not None]
    for call in found:
        around = [made for made in lists if made.start < call.start and call.end <= made.end]
        inner = max(around, key=lambda made: made.start, default=None)
        yield (place if inner is None else _Place(place.module, f"@{inner.start}")), call, scope


def _inline(call: t.Call) -> t.ListExpr | None:
    match call:
        case t.Call(
            func=t.Name(id="include") | t.Attribute(attr="include"),
            args=((t.ListExpr() | t.TupleExpr(elements=(t.ListExpr(), *_))) as given, *_),
        ):
            first = given.elements[0] if isinstance(given, t.TupleExpr) else given
            return first if isinstance(first, t.ListExpr) else None
        case _:
            return None


def _is_include(call: t.Call) -> bool:
    match call.func:
        case t.Name(id="include") | t.Attribute(attr="include"):
            return True
        case _:
            return False


def lookup_of(view: Class) -> str:
    """The name under which a detail path of a viewset holds its key (`SimpleRouter.get_lookup_regex` of DRF)."""
    for name in ("lookup_url_kwarg", "lookup_field"):
        member = view.find(name)
        if member is not None and member.value is not None:
            value = view.project.constant(member.value, member.scope)
            if isinstance(value, str) and value:
                return value
    return "pk"


def _bound_to(module: Module, value: t.Expr) -> str | None:
    """The name that a module's top level gives a value."""
    for name, bindings in module.bindings.names.items():
        if any(isinstance(binding, Assigned) and binding.value is value for binding in bindings):
            return name
    return None


def cleaned(pattern: str) -> str:
    """A path or regular expression as a person reads it: no anchors, `<name>` for groups."""
    return _REGEX_NOISE.sub(r"<\1>", pattern).removeprefix("^").removesuffix("$").replace("\\Z", "").replace("\\", "")
