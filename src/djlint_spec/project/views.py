"""Views of DRF, and lists of Django's own: their actions, what they inherit, whether and where they are routed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.project.classes import Class, Function
from djlint_spec.project.constants import strings
from djlint_spec.project.module import Module
from djlint_spec.project.routes import Route, cleaned, lookup_of
from djlint_spec.project.symbols import Value
from djlint_spec.project.tracking import cached_property

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

API_VIEW = "rest_framework.views.APIView"
VIEWSET = "rest_framework.viewsets.ViewSetMixin"
TEMPLATE_LIST = "django.views.generic.list.BaseListView"
_ACTION = "rest_framework.decorators.action"
_API_VIEW_DECORATOR = "rest_framework.decorators.api_view"
_STANDARD = ("list", "create", "retrieve", "update", "partial_update", "destroy")
_DETAIL = frozenset({"retrieve", "update", "partial_update", "destroy"})
_WRITES = frozenset({"create", "update", "partial_update", "destroy", "post", "put", "patch", "delete"})
_HANDLERS = ("get", "post", "put", "patch", "delete")


class Action(msgspec.Struct, frozen=True):
    """One thing that a view does: a standard action, an `@action`, or the handler of an HTTP method.

    `overrides` are attributes that the `@action` sets for itself (`serializer_class=...`); `routed_only` marks a method
    that no router finds, only an `as_view({"get": "top"})`.
    """

    name: str
    methods: tuple[str, ...]
    detail: bool
    overrides: tuple[tuple[str, Value], ...] = ()
    url_path: str | None = None
    routed_only: bool = False

    @property
    def reads(self) -> bool:
        """Whether a GET comes here."""
        return "get" in self.methods


class View:
    """A class or function that answers API requests. Compared by identity."""

    def __init__(self, project: Project, target: Class | Function) -> None:
        self.project = project
        self.target = target

    def __repr__(self) -> str:
        return f"View({self.dotted!r})"

    @property
    def cls(self) -> Class | None:
        """The view's class, None for a function."""
        return self.target if isinstance(self.target, Class) else None

    @property
    def name(self) -> str:
        """The name of the class or function."""
        return self.target.name

    @property
    def dotted(self) -> str:
        """Module and qualified name."""
        return self.target.dotted

    @property
    def module(self) -> Module:
        """Where the view is defined."""
        return self.target.module

    @property
    def name_span(self) -> Span:
        """Where its name stands."""
        return self.target.name_span

    @cached_property
    def is_viewset(self) -> bool:
        """Whether actions, not HTTP methods, name what it does."""
        return self.cls is not None and self.cls.derives_from(VIEWSET) is True

    @cached_property
    def is_template_list(self) -> bool:
        """Whether it is a ListView of Django's own, which shows its rows by a template."""
        return self.cls is not None and self.cls.derives_from(TEMPLATE_LIST) is True

    # --------------------------------------------------------------------------------------------- actions
    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """All that the class can do, routed or not."""
        if self.cls is None:
            return (Action("get", ("get",), detail=False),)
        if not self.is_viewset:
            return tuple(Action(name, (name,), detail=False) for name in _HANDLERS if self.cls.method(name) is not None)
        found = {action.name: action for action in (*self._standard(), *self._extra(), *self._routed())}
        return tuple(found.values())

    def _standard(self) -> Iterator[Action]:
        assert self.cls is not None
        for name in _STANDARD:
            if self.cls.method(name) is not None:
                methods = {
                    "create": ("post",),
                    "update": ("put",),
                    "partial_update": ("patch",),
                    "destroy": ("delete",),
                }
                yield Action(name, methods.get(name, ("get",)), detail=name in _DETAIL)

    def _extra(self) -> Iterator[Action]:
        assert self.cls is not None
        seen: set[str] = set()
        for cls in self.cls.mro:
            for name, bindings in cls.own.items():
                if name in seen:
                    continue
                seen.add(name)
                last = bindings[-1]
                if isinstance(last, t.FunctionDef) and last.decorators:
                    yield from self._declared(name, self.project.function(cls.module, last, cls))

    def _routed(self) -> Iterator[Action]:
        """Methods that only a route makes actions: `as_view({"get": "top"})`."""
        assert self.cls is not None
        known = {*_STANDARD, *(action.name for action in self._extra())}
        for route in self.routes:
            for name in dict.fromkeys(route.actions.values()):
                if name not in known and self.cls.method(name) is not None:
                    methods = tuple(method for method, to in route.actions.items() if to == name)
                    yield Action(name, methods, detail=route.path.rstrip("/").endswith(">"), routed_only=True)

    def _declared(self, name: str, function: Function) -> Iterator[Action]:
        for dotted, decorator in function.decorator_names():
            if dotted == _ACTION and isinstance(decorator, t.Call):
                yield self._action(name, decorator, function)
        for decorator in function.node.decorators:
            match decorator:
                case t.Attribute(value=t.Attribute(value=t.Name(id=first), attr="mapping"), attr=method):
                    yield from self._mapped(name, first, method, function)
                case _:
                    pass

    def _mapped(self, name: str, first: str, method: str, function: Function) -> Iterator[Action]:
        """`@pay.mapping.delete`: a method of its own at the path of the action `pay`."""
        member = self.cls.find(first) if self.cls is not None else None
        if member is not None and member.function is not None and member.owner is function.owner and first != name:
            for action in self._declared(first, member.function):
                yield replace(action, name=name, methods=(method,), url_path=action.url_path or first)

    def _action(self, name: str, decorator: t.Call, function: Function) -> Action:
        scope = function.defining_scope
        keywords = {keyword.name: keyword.value for keyword in decorator.keywords if keyword.name}
        given = keywords.get("methods") or (decorator.args[0] if decorator.args else None)
        methods = (
            tuple(s.lower() for s in strings(self.project.constant(given, scope))) if given is not None else ("get",)
        )
        detail = self.project.constant(keywords["detail"], scope) is True if "detail" in keywords else False
        path = self.project.constant(keywords["url_path"], scope) if "url_path" in keywords else None
        overrides = tuple(
            (key, Value(value, scope))
            for key, value in keywords.items()
            if key not in ("methods", "detail", "url_path", "url_name")
        )
        return Action(name, methods, detail, overrides, path if isinstance(path, str) else None)

    # ---------------------------------------------------------------------------------------------- routes
    @cached_property
    def routes(self) -> tuple[Route, ...]:
        """Where the view is registered."""
        return self.project.routes.of(self.target)

    @cached_property
    def routed(self) -> bool | None:
        """Whether a urlconf leads to the view; None when the project shows none of its urlconfs.

        A view that is registered nowhere but that another view extends is a base: not routed.
        """
        if self.routes:
            return True
        if self.cls is not None and self.cls in self.project.views.bases:
            return False
        if self.is_template_list and self.cls in self.project.views.template_list_bases:
            return False
        return None

    @cached_property
    def reading_actions(self) -> tuple[Action, ...]:
        """The actions that a GET can come to, as the routes say."""
        found = [action for action in self.actions if action.reads]
        mapped = [route for route in self.routes if route.actions]
        if mapped and len(mapped) == len(self.routes):
            names = {name for route in mapped for method, name in route.actions.items() if method == "get"}
            return tuple(action for action in found if action.name in names)
        return tuple(found)

    @cached_property
    def is_read_only(self) -> bool:
        """Whether no action of the view writes."""
        return not any(action.name in _WRITES or not action.reads for action in self.actions)

    def title(self, action: Action) -> str:
        """What a person would call: `GET /api/orders/ (OrderViewSet.list)`; without a route, the view's name."""
        own = self.name if self.cls is None else f"{self.name}.{action.name}"
        path = self._path(action)
        return f"GET {path} ({own})" if path is not None else own

    def _path(self, action: Action) -> str | None:
        return next((path for method, path in self.paths(action) if method == "get"), None)

    def paths(self, action: Action) -> Iterator[tuple[str, str]]:
        """Each HTTP method and path that comes to an action, as `SimpleRouter.get_urls` of DRF makes them."""
        for route in self.routes:
            path = "/" + route.path.lstrip("/")
            if route.by_router and action.routed_only:
                continue
            if route.by_router:
                parts = [path.rstrip("/"), f"<{lookup_of(self.cls)}>" if action.detail and self.cls else ""]
                if action.name not in _STANDARD:
                    parts.append(cleaned(action.url_path or action.name))
                made = "/".join(part for part in parts if part) + route.slash
                yield from ((method, made if made.startswith("/") else f"/{made}") for method in action.methods)
            elif route.actions:
                yield from ((method, path) for method, name in route.actions.items() if name == action.name)
            else:
                yield from ((method, path) for method in action.methods)


class Views:
    """All API views that the project has."""

    def __init__(self, project: Project) -> None:
        self.project = project

    @cached_property
    def all(self) -> tuple[View, ...]:
        """Every DRF view written in the project outside its tests, in order of path and place."""
        return tuple(self._all())

    def _all(self) -> Iterator[View]:
        roots = (API_VIEW, *self.project.config.view_bases)
        for module in self.project.modules:
            if module.is_test or module.is_migration:
                continue
            for cls in self.project.classes_in(module):
                if cls.derives_from_any(*roots):
                    yield View(self.project, cls)
            if module.mentions("api_view"):
                for function in self.project.functions_in(module):
                    if _API_VIEW_DECORATOR in function.decorated_by:
                        yield View(self.project, function)

    @cached_property
    def template_lists(self) -> tuple[View, ...]:
        """The views derived from Django's ListView that are written outside of tests, in order of path and place."""
        return tuple(
            View(self.project, cls)
            for module in self.project.modules
            if not module.is_test and not module.is_migration
            for cls in self.project.classes_in(module)
            if cls.derives_from(TEMPLATE_LIST) and not cls.derives_from(API_VIEW)
        )

    @cached_property
    def template_list_bases(self) -> frozenset[Class]:
        """Classes that other such views extend."""
        views = self.template_lists
        return frozenset(base for view in views if view.cls is not None for base in view.cls.mro[1:] if base.is_ours)

    @cached_property
    def bases(self) -> frozenset[Class]:
        """Classes that other views of the project extend."""
        return frozenset(base for view in self.all if view.cls is not None for base in view.cls.mro[1:] if base.is_ours)

    @cached_property
    def functions(self) -> frozenset[Function]:
        """The functions that are views."""
        return frozenset(view.target for view in self.all if isinstance(view.target, Function))

    @cached_property
    def by_class(self) -> Mapping[Class, View]:
        """The views that are classes."""
        return {view.cls: view for view in self.all if view.cls is not None}
