"""Routes: which view answers under which path with which actions, from routers and urlconfs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import calls
from djlint_spec.project.classes import Class, Function
from djlint_spec.project.module import Module
from djlint_spec.project.symbols import Scope, Unknown, Value

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

_PATHS = frozenset({"path", "re_path", "url"})
_REGEX_NOISE = re.compile(r"\(\?P<(\w+)>[^)]*\)")


@dataclass(frozen=True, slots=True)
class Route:
    """One registration of a view: its path from the root as far as that is known, and its actions by method.

    `actions` is empty when the router or the view's own methods decide.
    """

    view: Class | Function
    path: str
    actions: Mapping[str, str]
    by_router: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """A list of patterns: a module's urlpatterns, or a router or list bound to a name in it."""

    module: Module
    name: str


class Routes:
    """Every route that the project's text registers."""

    def __init__(self, project: Project) -> None:
        self._project = project

    @cached_property
    def _found(self) -> tuple[tuple[tuple[_Place, Route], ...], Mapping[_Place, tuple[tuple[_Place, str], ...]], int]:
        routes: list[tuple[_Place, Route]] = []
        parents: dict[_Place, list[tuple[_Place, str]]] = {}
        unresolved = 0
        for module in self._project.modules:
            if module.is_test or not module.mentions(".as_view(", ".register(", "urlpatterns"):
                continue
            for place, call, scope in self._calls(module):
                match call.func:
                    case t.Attribute(value=router, attr="register") if len(call.args) >= 2 or call.keywords:
                        unresolved += not self._register(module, router, call, scope, routes)
                    case t.Name(id=name) | t.Attribute(attr=name) if name in _PATHS:
                        unresolved += not self._path(place, call, scope, routes, parents)
                    case _:
                        pass
        return tuple(routes), {place: tuple(found) for place, found in parents.items()}, unresolved

    def _calls(self, module: Module) -> Iterator[tuple[_Place, t.Call, Scope]]:
        for statement in module.facts.body:
            match statement:
                case t.Assign(targets=(t.Name(id=name), *_)) | t.AugAssign(target=t.Name(id=name)):
                    place = _Place(module, name)
                case t.ClassDef():
                    continue
                case _:
                    place = _Place(module, "urlpatterns")
            yield from ((place, call, module.scope) for call in calls([statement]))
        for function in self._project.functions_in(module):
            if function.mentions(".as_view(", ".register("):
                place = _Place(module, "urlpatterns")
                yield from ((place, call, function.scope) for call in calls(function.body))

    def _register(
        self, module: Module, router: t.Expr, call: t.Call, scope: Scope, routes: list[tuple[_Place, Route]]
    ) -> bool:
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
        name = router.id if isinstance(router, t.Name) else ""
        routes.append((_Place(module, name), Route(symbol, _clean(text), {}, by_router=True)))
        return True

    def _path(
        self,
        place: _Place,
        call: t.Call,
        scope: Scope,
        routes: list[tuple[_Place, Route]],
        parents: dict[_Place, list[tuple[_Place, str]]],
    ) -> bool:
        if len(call.args) < 2:
            return True
        text = self._project.constant(call.args[0], scope)
        prefix = _clean(text) if isinstance(text, str) else ""
        return self._target(place, prefix, call.args[1], scope, routes, parents)

    def _target(
        self,
        place: _Place,
        prefix: str,
        target: t.Expr,
        scope: Scope,
        routes: list[tuple[_Place, Route]],
        parents: dict[_Place, list[tuple[_Place, str]]],
    ) -> bool:
        match target:
            case t.Call(func=t.Attribute(value=view, attr="as_view"), args=args):
                symbol = self._project.resolve(view, scope)
                if isinstance(symbol, Class):
                    routes.append((place, Route(symbol, prefix, self._mapping(args, scope), by_router=False)))
                    return True
                return False
            case t.Call(func=t.Name(id="include") | t.Attribute(attr="include"), args=(included, *_)):
                child = self._included(included, scope)
                if child is not None:
                    parents.setdefault(child, []).append((place, prefix))
                return child is not None
            case t.Call(args=(inner, *_)):  # csrf_exempt(View.as_view()), cache_page(60)(View.as_view())
                return self._target(place, prefix, inner, scope, routes, parents)
            case t.Name() | t.Attribute():
                symbol = self._project.resolve(target, scope)
                if isinstance(symbol, (Class, Function)):
                    routes.append((place, Route(symbol, prefix, {}, by_router=False)))
                elif isinstance(symbol, Value) and symbol.expr is not target:
                    return self._target(place, prefix, symbol.expr, symbol.scope, routes, parents)
                return not isinstance(symbol, Unknown)
            case _:
                return True

    def _mapping(self, args: tuple[t.Expr, ...], scope: Scope) -> Mapping[str, str]:
        folded = self._project.constant(args[0], scope) if args else None
        if not isinstance(folded, dict):
            return {}
        return {k: v for k, v in folded.items() if isinstance(k, str) and isinstance(v, str)}

    def _included(self, expr: t.Expr, scope: Scope) -> _Place | None:
        match expr:
            case t.String(value=dotted):
                module = self._project.module(dotted, scope.module)
                return _Place(module, "urlpatterns") if module is not None else None
            case t.TupleExpr(elements=(first, *_)):
                return self._included(first, scope)
            case t.Attribute(value=t.Name(id=name) as router, attr="urls"):
                symbol = self._project.resolve(router, scope)
                if isinstance(symbol, Value):
                    return _Place(symbol.scope.module, name)
                return _Place(symbol, "urlpatterns") if isinstance(symbol, Module) else None
            case t.Name(id=name):
                symbol = self._project.resolve(expr, scope)
                if isinstance(symbol, Module):
                    return _Place(symbol, "urlpatterns")
                return _Place(symbol.scope.module, name) if isinstance(symbol, Value) else None
            case _:
                return None

    def _prefixes(self, place: _Place, seen: frozenset[_Place] = frozenset()) -> str:
        above = self._found[1].get(place, ())
        if place.name != "urlpatterns" and not above:
            # `urlpatterns = router.urls` and `urlpatterns += router.urls`
            above = self._found[1].get(_Place(place.module, "urlpatterns"), ())
        if not above or place in seen:
            return ""
        parent, prefix = above[0]
        return f"{self._prefixes(parent, seen | {place})}{prefix}"

    @cached_property
    def all(self) -> tuple[Route, ...]:
        """Every route, its path composed from the root as far as includes are resolved."""
        return tuple(
            Route(route.view, f"{self._prefixes(place)}{route.path}", route.actions, route.by_router)
            for place, route in self._found[0]
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
        return bool(self._found[0])

    @property
    def unresolved(self) -> int:
        """How many registrations name something that is not resolved."""
        return self._found[2]


def _clean(pattern: str) -> str:
    """A path or regular expression as a person reads it: no anchors, `<name>` for groups."""
    return _REGEX_NOISE.sub(r"<\1>", pattern).removeprefix("^").removesuffix("$").replace("\\Z", "").replace("\\", "")
