"""Admin classes: the models they are registered for, and the columns of their lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.project.calls import calls_mentioning
from djlint_spec.project.classes import Class, Function
from djlint_spec.project.models import Model
from djlint_spec.project.module import Origin
from djlint_spec.project.symbols import Scope, Unknown, Value
from djlint_spec.project.tracking import cached_property

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

MODEL_ADMIN = "django.contrib.admin.ModelAdmin"
_REGISTER = frozenset({"django.contrib.admin.register", "django.contrib.admin.decorators.register"})
_AT_RUN_TIME = ("get_list_display", "get_changelist", "get_changelist_instance", "changelist_view")
_DEPTH = 16


class Column(msgspec.Struct, frozen=True):
    """An entry of `list_display` where it stands: a name, or a function that is given the row."""

    span: Span
    name: str
    function: Function | None = None


class Admin(msgspec.Struct, frozen=True):
    """An admin class on one of the models that it is registered for."""

    cls: Class
    model: Model

    @property
    def name_span(self) -> Span:
        """Where the class is named."""
        return self.cls.name_span


class Admins:
    """The registered admin classes of a project."""

    def __init__(self, project: Project) -> None:
        self._project = project

    @cached_property
    def all(self) -> tuple[Admin, ...]:
        """Each admin class with each of its models."""
        found = (*self._decorated(), *self._registered())
        return tuple(dict.fromkeys(admin for admin in found if admin.cls.derives_from(MODEL_ADMIN)))

    def _decorated(self) -> Iterator[Admin]:
        for cls in self._project.classes:
            for decorator in cls.node.decorators:
                if (
                    isinstance(decorator, t.Call)
                    and self._project.dotted(decorator.func, cls.defining_scope) in _REGISTER
                ):
                    for model in self._models(decorator.args, cls.defining_scope):
                        yield Admin(cls, model)

    def _registered(self) -> Iterator[Admin]:
        """`site.register(Model, ModelAdmin)`, whatever the site is called."""
        for site in calls_mentioning(self._project, ".register("):
            match site.call:
                case t.Call(func=t.Attribute(attr="register"), args=(first, second, *_)):
                    cls = self._project.resolve(second, site.scope)
                    if isinstance(cls, Class):
                        given = first.elements if isinstance(first, (t.TupleExpr, t.ListExpr)) else (first,)
                        for model in self._models(given, site.scope):
                            yield Admin(cls, model)
                case _:
                    pass

    def _models(self, exprs: tuple[t.Expr, ...], scope: Scope) -> Iterator[Model]:
        for expr in exprs:
            model = self._project.model_in(expr, scope)
            if isinstance(model, Model):
                yield model


def columns_of(project: Project, cls: Class) -> tuple[Column, ...] | Unknown:
    """What `list_display` of an admin class lists; Unknown where it is put together at run time."""
    for name in _AT_RUN_TIME:
        function = cls.method(name)
        if function is not None and function.module.origin is not Origin.LIBRARY:
            return Unknown("list_display chosen at run time", cls.dotted)
    for made in cls.find_all("__init__"):
        if made.function is not None and made.function.mentions("self.list_display"):
            return Unknown("list_display chosen at run time", cls.dotted)
    member = cls.find("list_display")
    if member is None or member.value is None:
        return Unknown("list_display chosen at run time", cls.dotted)
    found: list[Column] = []
    for entry in _columns(project, member.value, member.scope, 0):
        if isinstance(entry, Unknown):
            return entry
        # What Django's own class lists stands for the admin class.
        ours = member.owner.module.origin is Origin.PROJECT
        found.append(entry if ours else replace(entry, span=cls.name_span))
    return tuple(found)


def _columns(project: Project, expr: t.Expr, scope: Scope, depth: int) -> Iterator[Column | Unknown]:
    if depth > _DEPTH:
        yield Unknown("list_display nested too deeply")
        return
    match expr:
        case t.TupleExpr(elements=elements) | t.ListExpr(elements=elements):
            for element in elements:
                yield from _column(project, element, scope, depth)
        case t.BinOp(left=left, op="+", right=right):
            yield from _columns(project, left, scope, depth + 1)
            yield from _columns(project, right, scope, depth + 1)
        case t.Call(func=t.Name(id="tuple" | "list"), args=(inner,)):
            yield from _columns(project, inner, scope, depth + 1)
        case t.Name() | t.Attribute():
            symbol = project.resolve(expr, scope)
            if isinstance(symbol, Value) and symbol.expr is not expr:
                yield from _columns(project, symbol.expr, symbol.scope, depth + 1)
            else:
                yield Unknown("list_display chosen at run time")
        case _:
            yield Unknown("list_display chosen at run time")


def _column(project: Project, element: t.Expr, scope: Scope, depth: int) -> Iterator[Column | Unknown]:
    if isinstance(element, t.Starred):
        yield from _columns(project, element.value, scope, depth + 1)
        return
    span = scope.module.span(element)
    name = project.constant(element, scope)
    if isinstance(name, str):
        yield Column(span, name)
        return
    symbol = project.resolve(element, scope) if isinstance(element, (t.Name, t.Attribute)) else None
    if isinstance(symbol, Function):
        yield Column(span, symbol.name, symbol)
    else:
        yield Unknown("column of list_display computed at run time")
