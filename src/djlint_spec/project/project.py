"""The whole program: modules, and names resolved over all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.facts.template import TemplateFacts
from djlint_spec.project.classes import Class, Function
from djlint_spec.project.constants import Constant, fold
from djlint_spec.project.model_index import Models
from djlint_spec.project.models import Model
from djlint_spec.project.module import Module, template_key
from djlint_spec.project.resolution import Resolution
from djlint_spec.project.routes import Routes
from djlint_spec.project.serializers import Serializers
from djlint_spec.project.settings import Settings
from djlint_spec.project.symbols import (
    External,
    Scope,
    Unknown,
    Value,
)
from djlint_spec.project.tasks import Task, find_tasks
from djlint_spec.project.templates import Templates
from djlint_spec.project.tracking import Grounds, Kept, Tracking, cached_property
from djlint_spec.project.views import Views

if TYPE_CHECKING:
    from djlint_spec.config import Config, Versions

T = TypeVar("T")

_HOLD_CLASSES = frozenset({t.ClassDef, t.If, t.Try})
"""Statements that are, or may hold, classes that are not hidden in a function."""


class Modules(Protocol):
    """Where modules come from: the project's files, installed packages, the bundled library."""

    carried: dict[str, tuple[Any, Grounds]]
    """Answers that hold for other facts of the same classes, and what they stood on."""

    def project_modules(self) -> Mapping[str, Module]:
        """The project's own modules by path."""

    def find(self, dotted: str, importer: Module | None) -> Module | None:
        """The module that `import dotted` means within `importer`."""

    def template(self, path: str) -> TemplateFacts | None:
        """What the template in a file says, None where there is no such file."""

    def changed_templates(self) -> set[str]:
        """The keys of the templates that were asked for and say something else by now, or came or went."""


class Project(Resolution):
    """All facts of one run, linked. Names are resolved when asked for, and the answers kept."""

    def __init__(self, modules: Modules, config: Config, versions: Versions, tracking: Tracking) -> None:
        super().__init__(tracking)
        self._modules = modules
        self.config = config
        self.versions = versions
        # What other rooms make of the project, each of its own type.
        self._made: Kept[Callable[[Project], Any], Any] = Kept(tracking)
        self._classes: dict[tuple[int, int], Class] = {}
        self._functions: dict[tuple[int, int], Function] = {}
        # By module: they follow from its facts alone.
        self._classes_in: dict[Module, tuple[Class, ...]] = {}
        self._functions_in: dict[Module, tuple[Function, ...]] = {}

    def once(self, make: Callable[[Project], T]) -> T:
        """What `make(project)` gives, made once: how the rooms above keep what they derive from the whole."""
        known: T | None = self._made.get(make)
        made: T = known if known is not None else self._made.made(make, lambda: make(self))
        return made

    def carried(self, key: str, make: Callable[[], T]) -> T:
        """An answer on the whole that names no place in a text, made once for all projects with the same classes, as
        long as no body of a function changes that was looked into.
        """
        known = self._modules.carried.get(key)
        if known is None:
            with self.tracking.record() as grounds:
                known = make(), grounds
            self._modules.carried[key] = known
        else:
            self.tracking.absorb(known[1])
        answer: T = known[0]
        return answer

    def numbered(self, path: str, number: int) -> Class:
        """The class of a number, from 0, among those of the module at a path."""
        module = self.module_at(path)
        assert module is not None
        return self.classes_in(module)[number]

    # ------------------------------------------------------------------------------------------- enumerate
    @cached_property
    def modules(self) -> tuple[Module, ...]:
        """The project's own modules, sorted by path."""
        found = self._modules.project_modules()
        return tuple(found[path] for path in sorted(found))

    @property
    def linked(self) -> Modules:
        """Where the modules come from."""
        return self._modules

    def module_at(self, path: str) -> Module | None:
        """The project's own module at a path."""
        return self._modules.project_modules().get(path)

    def module(self, dotted: str, importer: Module | None = None) -> Module | None:
        """The module that `import dotted` would give, of whatever origin."""
        return self._modules.find(dotted, importer)

    def template_at(self, path: str) -> TemplateFacts | None:
        """What the template in a file of the project says, None where there is no such file."""
        self.tracking.touch(template_key(path))
        return self._modules.template(path)

    @cached_property
    def templates(self) -> Templates:
        """The project's templates."""
        return Templates(self)

    def cls(
        self, module: Module, node: t.ClassDef, outer: Class | None = None, function: Function | None = None
    ) -> Class:
        """The one `Class` for a node of a module."""
        key = (id(module), node.start)
        known = self._classes.get(key)
        if known is None:
            known = self._classes[key] = Class(self, module, node, outer, function)
        return known

    def function(
        self, module: Module, node: t.FunctionDef, owner: Class | None = None, parent: Function | None = None
    ) -> Function:
        """The one `Function` for a node of a module."""
        key = (id(module), node.start)
        known = self._functions.get(key)
        if known is None:
            known = self._functions[key] = Function(self, module, node, owner, parent)
        return known

    @cached_property
    def classes(self) -> tuple[Class, ...]:
        """Every class of the project that is not hidden in a function, in order of path and place."""
        return tuple(cls for module in self.modules for cls in self.classes_in(module))

    def classes_in(self, module: Module) -> tuple[Class, ...]:
        """Every class of a module that is not hidden in a function; nested ones after their outer class."""
        known = self._classes_in.get(module)
        if known is None:
            known = self._classes_in[module] = tuple(self._classes_of(module, module.facts.body, None))
        return known

    def _classes_of(self, module: Module, body: tuple[t.Stmt, ...], outer: Class | None) -> Iterator[Class]:
        for statement in body:
            if type(statement) not in _HOLD_CLASSES:  # as most
                continue
            match statement:
                case t.ClassDef():
                    found = self.cls(module, statement, outer)
                    yield found
                    yield from self._classes_of(module, statement.body, found)
                case t.If(body=inner, orelse=orelse):
                    yield from self._classes_of(module, (*inner, *orelse), outer)
                case t.Try(body=inner, handlers=handlers, orelse=orelse):
                    handled = tuple(s for handler in handlers for s in handler.body)
                    yield from self._classes_of(module, (*inner, *handled, *orelse), outer)
                case _:
                    pass

    def functions_in(self, module: Module) -> tuple[Function, ...]:
        """Every function and method of a module, save those defined within functions."""
        known = self._functions_in.get(module)
        if known is None:
            known = self._functions_in[module] = tuple(self._functions_of(module, module.facts.body, None))
        return known

    def _functions_of(self, module: Module, body: tuple[t.Stmt, ...], owner: Class | None) -> Iterator[Function]:
        for statement in body:
            match statement:
                case t.FunctionDef():
                    yield self.function(module, statement, owner)
                case t.ClassDef():
                    yield from self._functions_of(module, statement.body, self.cls(module, statement, owner))
                case t.If(body=inner, orelse=orelse):
                    yield from self._functions_of(module, (*inner, *orelse), owner)
                case t.Try(body=inner, handlers=handlers, orelse=orelse, finalbody=finalbody):
                    handled = tuple(s for handler in handlers for s in handler.body)
                    yield from self._functions_of(module, (*inner, *handled, *orelse, *finalbody), owner)
                case t.With(body=inner):
                    yield from self._functions_of(module, inner, owner)
                case _:
                    pass

    # ------------------------------------------------------------------------------------------- indexes
    @cached_property
    def models(self) -> Models:
        """Models of the project and of packages that they lead to."""
        return Models(self)

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """The Celery tasks of the project, in order of path and place."""
        return find_tasks(self)

    @cached_property
    def serializers(self) -> Serializers:
        """Serializers of the project and of packages that they lead to."""
        return Serializers(self)

    @cached_property
    def views(self) -> Views:
        """API views of the project."""
        return Views(self)

    @cached_property
    def routes(self) -> Routes:
        """What urlconfs and routers register."""
        return Routes(self)

    def model_in(self, expr: t.Expr, scope: Scope) -> Model | Unknown:
        """The model that an expression names: a class, `get_user_model()`, an alias of either."""
        if isinstance(expr, t.Call) and self.dotted(expr.func, scope) == "django.contrib.auth.get_user_model":
            return self.models.user
        symbol = self.resolve(expr, scope)
        match symbol:
            case Class():
                return self.models.of(symbol) or Unknown("class is not known to be a model", symbol.dotted)
            case Value(expr=inner, scope=where) if inner is not expr:
                return self.model_in(inner, where)
            case External(dotted=dotted):
                return Unknown("model of a package not at hand", dotted)
            case Unknown():
                return symbol
            case _:
                return Unknown("model computed at run time", scope.module.text(expr))

    def source_of(self, span: Span) -> str | None:
        """The text at a span of one of the project's files."""
        module = self._modules.project_modules().get(span.path)
        if module is None:
            return None
        starts = module.line_starts
        return module.facts.text[
            starts[span.row - 1] + span.column - 1 : starts[span.end_row - 1] + span.end_column - 1
        ]

    @cached_property
    def settings(self) -> Settings:
        """The settings modules and classes of the project."""
        return Settings(self)

    def setting(self, name: str) -> Value | None:
        """What a setting comes to where production is likeliest; None when no settings module gives it."""
        return self.settings.value(name)

    @cached_property
    def user_model_label(self) -> str:
        """`app_label.Model` of the user model: the option, else AUTH_USER_MODEL of a settings module."""
        if self.config.user_model:
            return self.config.user_model
        value = self.setting("AUTH_USER_MODEL")
        label = self.constant(value.expr, value.scope) if value is not None else None
        return label if isinstance(label, str) else "auth.User"

    def constant(self, expr: t.Expr, scope: Scope) -> Constant | Unknown:
        """The constant that an expression comes to, through names; see `constants.fold`."""
        return fold(self, expr, scope)
