"""Celery's tasks: every way to make one, their options, and the settings of the whole app.

Which names are options and how bases give them: `celery/app/task.py`, `celery/app/base.py` of Celery 5.7.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.project.classes import Class, Function
from djlint_spec.project.constants import Constant
from djlint_spec.project.module import Module
from djlint_spec.project.symbols import Assigned, External, Imported, Scope, Symbol, Unknown, Value

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

_DECORATORS = frozenset(
    {
        "celery.shared_task", "celery.app.shared_task", "celery.task", "celery.task.task",
        "celery.task.base.task", "celery.task.periodic_task", "celery.decorators.task",
        "celery.decorators.periodic_task", "celery.current_app.task",
    }
)  # fmt: skip
_APPS = frozenset({"celery.Celery", "celery.app.Celery", "celery.app.base.Celery"})
_BASES = ("celery.Task", "celery.app.task.Task", "celery.task.Task", "celery.task.base.Task")
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Option:
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


class Task:
    """A Celery task: the function that runs, and what is said of it. Compared by identity."""

    def __init__(
        self,
        function: Function,
        options: Mapping[str, Option],
        *,
        cls: Class | None = None,
        base: Class | External | Unknown | None = None,
    ) -> None:
        self.function = function
        self.options = options
        self.cls = cls
        self.base = base

    def __repr__(self) -> str:
        return f"Task({self.function.dotted!r})"

    @property
    def project(self) -> Project:
        """The project that the task is part of."""
        return self.function.project

    @property
    def module(self) -> Module:
        """Where the function stands."""
        return self.function.module

    @property
    def name(self) -> str:
        """The function's name, of a class-based task the class's."""
        return self.cls.name if self.cls is not None else self.function.name

    @property
    def span(self) -> Span:
        """Where the function's name stands."""
        return self.function.name_span

    @property
    def is_bound(self) -> bool:
        """Whether the first parameter is the task itself."""
        if self.cls is not None:
            return True
        bind = self.option("bind")
        return bind is not None and bind.constant(self.project) is True

    def option(self, name: str) -> Option | None:
        """An option of the decorator, else of the class itself or of `base=`."""
        given = self.options.get(name)
        if given is not None:
            return given
        for cls in (self.cls, self.base):
            member = cls.find(name) if isinstance(cls, Class) else None
            if member is not None and member.value is not None:
                value = member.value
                return Option(name, value, member.scope, value.start, value.end)
        return None

    def setting(self, name: str) -> Option | None:
        """An option of the task, else the app's (`acks_late` is `task_acks_late` there)."""
        return self.option(name) or celery_setting(self.project, f"task_{name}")


def find_tasks(project: Project) -> tuple[Task, ...]:
    """Every task of the project, in order of path and place; those in tests are left out."""
    return tuple(
        task
        for module in project.modules
        if module.mentions("task", "Task") and not module.is_test
        for task in _Finder(project).tasks_in(module)
    )


class _Finder:
    def __init__(self, project: Project) -> None:
        self._project = project

    def tasks_in(self, module: Module) -> Iterator[Task]:
        seen: set[Function] = set()
        for function in self._project.functions_in(module):
            task = self._decorated(function)
            if task is not None:
                seen.add(function)
                yield task
        for call in _top_level_calls(module.facts.body):
            task = self._called(call, module)
            if task is not None and task.function not in seen:
                seen.add(task.function)
                yield task
        for cls in self._project.classes_in(module):
            task = self._class_based(cls)
            if task is not None and task.function not in seen:
                yield task

    # ----------------------------------------------------------------------------------------- ways to make
    def _decorated(self, function: Function) -> Task | None:
        for decorator in function.node.decorators:
            options = self.options_of(decorator, function.defining_scope)
            if options is not None:
                return self._task(function, options)
        return None

    def _called(self, call: t.Call, module: Module) -> Task | None:
        """`app.task(function)`, `shared_task(function)`, `app.task(bind=True)(function)`."""
        if not call.args or not isinstance(call.args[0], (t.Name, t.Attribute)):
            return None
        options = self.options_of(call.func if isinstance(call.func, t.Call) else call, module.scope)
        if options is None:
            return None
        target = self._project.resolve(call.args[0], module.scope)
        return self._task(target, options) if isinstance(target, Function) else None

    def _class_based(self, cls: Class) -> Task | None:
        run = cls.own_member("run")
        if run is None or run.function is None or not self._is_task_class(cls):
            return None
        return Task(run.function, {}, cls=cls)

    def _is_task_class(self, cls: Class) -> bool:
        for owner in cls.mro:
            if owner.derives_from_any(*_BASES) is True:
                return True
            for base in owner.node.bases:
                if (
                    isinstance(base, t.Attribute)
                    and base.attr == "Task"
                    and self._is_app(base.value, owner.defining_scope)
                ):
                    return True
        return False

    def _task(self, function: Function, options: Mapping[str, Option]) -> Task:
        base: Class | External | Unknown | None = None
        if "base" in options:
            symbol = self._project.resolve(options["base"].value, options["base"].scope)
            base = symbol if isinstance(symbol, (Class, External, Unknown)) else Unknown("base class is a value")
        return Task(function, options, base=base)

    # ------------------------------------------------------------------------------------------- decorators
    def options_of(self, decorator: t.Expr, scope: Scope, depth: int = 0) -> dict[str, Option] | None:
        """The options that a decorator gives; None when it makes no task."""
        if depth > _DEEPEST:
            return None
        own: dict[str, Option] = {}
        target = decorator
        if isinstance(decorator, t.Call):
            target = decorator.func
            own = {
                keyword.name: Option(keyword.name, keyword.value, scope, keyword.start, keyword.end)
                for keyword in decorator.keywords
                if keyword.name is not None
            }
        inherited = self._makes_tasks(target, scope, depth)
        return None if inherited is None else {**inherited, **own}

    def _makes_tasks(self, target: t.Expr, scope: Scope, depth: int) -> dict[str, Option] | None:
        """Options that every task made by `target` has; None when it makes none."""
        if not isinstance(target, (t.Name, t.Attribute)):
            return None
        dotted = self._project.dotted(target, scope) or _as_imported(target, scope)
        if dotted in _DECORATORS or dotted in self._project.config.task_decorators:
            return {}
        if (
            isinstance(target, t.Attribute)
            and target.attr in ("task", "periodic_task")
            and self._is_app(target.value, scope)
        ):
            return {}
        match self._project.resolve(target, scope):
            case Function() as wrapper if wrapper.mentions("task") and not wrapper.module.is_test:
                return self._wrapped(wrapper, depth)
            case Value(expr=t.Call(func=func, args=(first, *_)) as call, scope=home):
                if self._project.dotted(func, home) == "functools.partial":
                    made = t.Call(call.start, call.end, first, (), call.keywords)
                    return self.options_of(made, home, depth + 1)
                return None
            case Value(expr=t.Attribute() | t.Name() as inner, scope=home) if inner is not target:
                return self.options_of(inner, home, depth + 1)
            case _:
                return None

    def _wrapped(self, wrapper: Function, depth: int) -> dict[str, Option] | None:
        """Options of a project function that hands its own arguments to one of Celery's decorators."""
        for statement in wrapper.body:
            match statement:
                case t.Return(value=t.Call(func=t.Call() as inner)):
                    call = inner
                case t.Return(value=t.Call() as inner):
                    call = inner
                case _:
                    continue
            if call.func != t.Name(call.func.start, call.func.end, wrapper.name):
                return self.options_of(call, wrapper.scope, depth + 1)
        return None

    def _is_app(self, expr: t.Expr, scope: Scope, depth: int = 0) -> bool:
        """Whether an expression is a Celery app."""
        return depth <= _DEEPEST and self._is_app_symbol(self._project.resolve(expr, scope), expr, scope, depth)

    def _is_app_symbol(self, symbol: Symbol, expr: t.Expr, scope: Scope, depth: int) -> bool:
        match symbol:
            case Value(expr=t.Call(func=func), scope=home):
                # `Celery[DjangoTask]("shop")`
                made = self._project.resolve(func.value if isinstance(func, t.Subscript) else func, home)
                if isinstance(made, Function):
                    return any(
                        isinstance(s, t.Return) and s.value is not None and self._is_app(s.value, made.scope, depth + 1)
                        for s in made.body
                    )
                if isinstance(made, Class):
                    return made.derives_from_any(*_APPS) is True
                return self._project.name_of(made) in _APPS
            case Value(expr=inner, scope=home) if inner is not expr:
                return self._is_app(inner, home, depth + 1)
            case External(dotted=dotted):
                package, _, name = dotted.rpartition(".")
                named = name.lower() in ("app", "celery_app", "celery", "celeryapp")
                return dotted == "celery.current_app" or (named and "celery" in package)
            case _:
                return False


def _as_imported(target: t.Expr, scope: Scope) -> str | None:
    """`module.name` as an import statement says it, for names that the library describes as values."""
    if not isinstance(target, t.Name):
        return None
    found = scope.module.bindings.names.get(target.id)
    match found[-1] if found else None:
        case Imported(module=module, level=0, name=str(name)):
            return f"{module}.{name}"
        case _:
            return None


def _top_level_calls(body: Iterable[t.Stmt]) -> Iterator[t.Call]:
    for statement in body:
        match statement:
            case t.Assign(value=t.Call() as call) | t.ExprStmt(value=t.Call() as call):
                yield call
            case _:
                pass


# ------------------------------------------------------------------------------------ settings of the app
_OLD_NAMES = {"task_acks_late": "CELERY_ACKS_LATE"}


def celery_setting(project: Project, name: str) -> Option | None:
    """A setting of the Celery app by its lower-case name, from `app.conf`, settings or celeryconfig."""
    upper = f"CELERY_{name.upper()}"
    names = {upper, _OLD_NAMES.get(name, upper)}
    for module in project.modules:
        if not module.is_test and module.mentions(name, *names):
            for option in _settings_in(project, module, name, names):
                return option
    return None


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
