"""Celery's tasks: every way to make one, their options, and the settings of the whole app.

Which names are options and how bases give them: `celery/app/task.py`, `celery/app/base.py` of Celery 5.7.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.project.celery_settings import APPS, CelerySettings, Option
from djlint_spec.project.classes import Class, Function
from djlint_spec.project.module import Module
from djlint_spec.project.symbols import External, Imported, Scope, Symbol, Unknown, Value

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

_DECORATORS = frozenset(
    {
        "celery.shared_task", "celery.app.shared_task", "celery.task", "celery.task.task",
        "celery.task.base.task", "celery.task.periodic_task", "celery.decorators.task",
        "celery.decorators.periodic_task", "celery.current_app.task",
    }
)  # fmt: skip
_BASES = ("celery.Task", "celery.app.task.Task", "celery.task.Task", "celery.task.base.Task")
_DEEPEST = 6


class Task:
    """A Celery task: the function that runs, and what is said of it. Compared by identity."""

    def __init__(
        self,
        function: Function,
        options: Mapping[str, Option],
        *,
        cls: Class | None = None,
        base: Class | External | Unknown | None = None,
        decorator: t.Expr | None = None,
    ) -> None:
        self.function = function
        self.decorator = decorator
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

    @property
    def own_options(self) -> tuple[Option, ...]:
        """The options that the decorator on the function itself gives."""
        if not isinstance(self.decorator, t.Call):
            return ()
        given = {keyword.start for keyword in self.decorator.keywords}
        return tuple(option for option in self.options.values() if option.start in given)

    @property
    def decorator_span(self) -> Span | None:
        """Where the decorator on the function itself stands, None when there is none that is called."""
        return self.module.span(self.decorator) if isinstance(self.decorator, t.Call) else None

    @property
    def may_read_more(self) -> bool:
        """Whether a base class that is not at hand may read options of its own."""
        match self.base:
            case Class() as cls:
                return bool(cls.unresolved_bases)
            case External() | Unknown():
                return True
            case None:
                return False

    def reads(self, name: str) -> bool:
        """Whether the base class has an attribute of that name, or the project reads one from some object.

        `app.conf.name` is a setting, `self.request.name` is Celery's own.
        """
        if isinstance(self.base, Class) and self.base.find(name) is not None:
            return True
        read = re.compile(rf"(?<!\brequest)(?<!\bconf)\.{name}\b|getattr\([^()]*[\"']{name}[\"']")
        modules = self.project.modules
        return any(module.mentions(name) and read.search(module.facts.text) is not None for module in modules)

    @property
    def full_name(self) -> str:
        """The name under which Celery registers the task: `name=`, else module and function."""
        given = self.option("name")
        value = given.constant(self.project) if given is not None else None
        return value if isinstance(value, str) else f"{self.module.name}.{self.name}"

    def option(self, name: str) -> Option | None:
        """An option of the decorator, else of the class itself, of `base=` or of the app's base class of tasks."""
        given = self.options.get(name)
        if given is not None:
            return given
        default = self.project.once(CelerySettings).task_class if self.base is None and self.cls is None else None
        for cls in (self.cls, self.base, default):
            member = cls.find(name) if isinstance(cls, Class) else None
            if member is not None and member.value is not None:
                value = member.value
                return Option(name, value, member.scope, value.start, value.end)
        return None

    def setting(self, name: str) -> Option | None:
        """An option as the app's annotations, the task, or the app's settings give it (`task_acks_late` there).

        An option of None leaves it to the settings.
        """
        settings = self.project.once(CelerySettings)
        option = settings.annotation(self.full_name, name) or self.option(name)
        if option is not None and option.constant(self.project) is not None:
            return option
        return settings.get(f"task_{name}")

    @property
    def acked_late(self) -> Option | None:
        """The option or setting by which a message is acknowledged only after its run, so that a lost worker's message
        is run again; None when it is acknowledged before."""
        option = self.setting("acks_late")
        return option if option is not None and option.constant(self.project) is True else None

    @property
    def never_retries(self) -> bool:
        """Whether `max_retries=0` lets no retry happen."""
        option = self.option("max_retries")
        return option is not None and option.constant(self.project) == 0


def find_tasks(project: Project) -> tuple[Task, ...]:
    """Every task of the project, in order of path and place; those in tests are left out."""
    named = (name.rpartition(".")[2] for name in project.config.task_decorators)
    words = ("task", "Task", *named)
    return tuple(
        task
        for module in project.modules
        if module.mentions(*words) and not module.is_test
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
                return self._task(function, options, decorator)
        return None

    def _called(self, call: t.Call, module: Module) -> Task | None:
        """`app.task(function)`, `shared_task(function)`, `app.task(bind=True)(function)`."""
        if not call.args or not isinstance(call.args[0], (t.Name, t.Attribute)):
            return None
        options = self.options_of(call.func if isinstance(call.func, t.Call) else call, module.scope)
        if options is None:
            return None
        symbol = self._project.resolve(call.args[0], module.scope)
        target = symbol if isinstance(symbol, Function) else self._before(call.args[0], module)
        return None if target is None else self._task(target, options)

    def _before(self, expr: t.Expr, module: Module) -> Function | None:
        """The function that a name stood for before it was bound to the task made of it: `f = shared_task(f)`."""
        found = module.bindings.names.get(expr.id, ()) if isinstance(expr, t.Name) else ()
        node = next((binding for binding in found if isinstance(binding, t.FunctionDef)), None)
        return None if node is None else self._project.function(module, node)

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

    def _task(self, function: Function, options: Mapping[str, Option], decorator: t.Expr | None = None) -> Task:
        base: Class | External | Unknown | None = None
        if "base" in options:
            symbol = self._project.resolve(options["base"].value, options["base"].scope)
            base = symbol if isinstance(symbol, (Class, External, Unknown)) else Unknown("base class is a value")
        return Task(function, options, base=base, decorator=decorator)

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
        if _as_imported(expr, scope) == "celery.current_app":
            return True
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
                    return made.derives_from_any(*APPS) is True
                return self._project.name_of(made) in APPS
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
