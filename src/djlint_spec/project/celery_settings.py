"""Settings of the Celery app, wherever a project puts them, and what `task_annotations` says of each task.

How names are read (`celery/app/utils.py`, `celery/app/annotations.py` of Celery 5.7): `config_from_object` with a
namespace reads `NAMESPACE_TASK_ACKS_LATE`; `task_acks_late` and the old `CELERY_ACKS_LATE` are read with any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.project.calls import calls_in, calls_mentioning
from djlint_spec.project.classes import Class
from djlint_spec.project.constants import Constant
from djlint_spec.project.module import Module
from djlint_spec.project.symbols import Assigned, Scope, Unknown
from djlint_spec.project.tracking import Kept, cached_property

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

APPS = frozenset({"celery.Celery", "celery.app.Celery", "celery.app.base.Celery"})
"""The names of the class of Celery apps."""
_OLD_NAMES = {"task_acks_late": "CELERY_ACKS_LATE", "task_annotations": "CELERY_ANNOTATIONS"}
_ELSEWHERE = re.compile(r"(?:^|[._])(?:dev|development|local|docker|example|sample|ci)(?:[._]|$)")


class Option(msgspec.Struct, frozen=True):
    """A value given for a task or for the app, and where it stands."""

    name: str
    value: t.Expr
    scope: Scope
    start: int
    end: int

    @property
    def span(self) -> Span:
        """The place of the option, its name included."""
        return self.scope.module.span_of(self.start, self.end)

    def constant(self, project: Project) -> Constant | Unknown:
        """The option's value; of a value read from the environment, its default."""
        value = project.constant(self.value, self.scope)
        if isinstance(value, Unknown) and isinstance(self.value, t.Call):
            for keyword in self.value.keywords:
                if keyword.name == "default":
                    return project.constant(keyword.value, self.scope)
            if len(self.value.args) == 2:
                return project.constant(self.value.args[1], self.scope)
        return value


class CelerySettings:
    """The app's settings by their lower-case names, and the base class of tasks that name none."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: Kept[str, Option | None] = Kept(project.tracking)

    def get(self, name: str) -> Option | None:
        """A setting as `app.conf`, the settings modules or celeryconfig give it; None when none does.

        Modules for development come last.
        """
        return self._known.made(name, lambda: next(self._all(name), None))

    def annotation(self, task: str, name: str) -> Option | None:
        """What `task_annotations` gives a task by its whole name, or all by `*`; it goes before the task's own."""
        annotations = self.get("task_annotations")
        if annotations is None:
            return None
        value = annotations.value
        tables = value.elements if isinstance(value, (t.ListExpr, t.TupleExpr)) else (value,)
        found = [
            Option(name, inner, annotations.scope, key.start, inner.end)
            for table in tables
            for wanted in (task, "*")
            for key, inner in _entries(_entry(table, wanted))
            if key.value == name
        ]
        return found[0] if found else None

    @cached_property
    def task_class(self) -> Class | None:
        """The class that `Celery(task_cls=...)` makes the base of all tasks without one of their own."""
        for site in calls_mentioning(self._project, "task_cls"):
            keyword = site.keyword("task_cls")
            if keyword is None or site.module.is_test:
                continue
            match keyword.value:
                case t.String(value=dotted):
                    symbol = self._project.dotted_symbol(dotted.replace(":", "."))
                case value:
                    symbol = self._project.resolve(value, site.scope)
            if isinstance(symbol, Class):
                return symbol
        return None

    # ------------------------------------------------------------------------------------------ where it is
    def _all(self, name: str) -> Iterator[Option]:
        names = {f"{prefix}_{name.upper()}" for prefix in self._namespaces}
        names.add(_OLD_NAMES.get(name, f"CELERY_{name.upper()}"))
        mentioning = [module for module in self._project.modules if module.mentions(name, *names)]
        modules = [module for module in mentioning if not module.is_test]
        for module in sorted(modules, key=lambda module: _ELSEWHERE.search(module.name) is not None):
            yield from _settings_in(self._project, module, name, names)
        for site in (site for module in mentioning for site in calls_in(self._project, module, name)):
            keyword = site.keyword(name)
            if keyword is not None and self._project.dotted(site.call.func, site.scope) in APPS:
                yield Option(name, keyword.value, site.scope, keyword.start, keyword.end)

    @cached_property
    def _namespaces(self) -> tuple[str, ...]:
        """The namespaces that the project's apps read; CELERY where no app is to be seen."""
        found: list[str] = []
        seen = False
        for site in calls_mentioning(self._project, "config_from_object"):
            func = site.call.func
            if site.module.is_test or not (isinstance(func, t.Attribute) and func.attr == "config_from_object"):
                continue
            seen = True
            keyword = site.keyword("namespace")
            value = None if keyword is None else self._project.constant(keyword.value, site.scope)
            if isinstance(value, str):
                found.append(value)
        return tuple(found) if seen else ("CELERY",)


def _entry(table: t.Expr, wanted: str) -> t.Expr | None:
    return next((value for key, value in _entries(table) if key.value == wanted), None)


def _entries(table: t.Expr | None) -> Iterator[tuple[t.String, t.Expr]]:
    if isinstance(table, t.DictExpr):
        for key, value in zip(table.keys, table.values, strict=True):
            if isinstance(key, t.String):
                yield key, value


def _settings_in(project: Project, module: Module, name: str, names: set[str]) -> Iterator[Option]:
    for each in names:
        yield from _assigned(module.bindings.names.get(each, ()), each, module.scope)
    for cls in project.classes_in(module):
        for each in names:
            yield from _assigned(cls.own.get(each, ()), each, cls.scope)
    if "celery" in module.name.rpartition(".")[2]:
        yield from _assigned(module.bindings.names.get(name, ()), name, module.scope)
    yield from _configured(module.facts.body, name, module.scope)
    for function in project.functions_in(module):
        if function.mentions(name):
            yield from _configured(function.body, name, function.scope)


def _assigned(bindings: Iterable[object], name: str, scope: Scope) -> Iterator[Option]:
    for binding in bindings:
        if isinstance(binding, Assigned) and binding.value is not None:
            yield Option(name, binding.value, scope, binding.value.start, binding.value.end)


def _configured(body: Iterable[t.Stmt], name: str, scope: Scope) -> Iterator[Option]:
    for statement in body:
        match statement:
            case t.Assign(targets=(t.Attribute(value=t.Attribute(attr="conf"), attr=attr),), value=value):
                if attr == name:
                    yield Option(name, value, scope, statement.start, statement.end)
            case t.Assign(
                targets=(t.Subscript(value=t.Attribute(attr="conf"), index=t.String(value=key)),), value=value
            ):
                if key == name:
                    yield Option(name, value, scope, statement.start, statement.end)
            case t.ExprStmt(value=t.Call(func=t.Attribute(value=t.Attribute(attr="conf"), attr="update")) as call):
                yield from _updated(call, name, scope)
            case t.If(body=inner, orelse=orelse):
                yield from _configured((*inner, *orelse), name, scope)
            case t.Try(body=inner):
                yield from _configured(inner, name, scope)
            case _:
                pass


def _updated(call: t.Call, name: str, scope: Scope) -> Iterator[Option]:
    for keyword in call.keywords:
        if keyword.name == name:
            yield Option(name, keyword.value, scope, keyword.start, keyword.end)
    for argument in call.args:
        if isinstance(argument, t.DictExpr):
            for key, value in zip(argument.keys, argument.values, strict=True):
                if isinstance(key, t.String) and key.value == name:
                    yield Option(name, value, scope, key.start, value.end)
