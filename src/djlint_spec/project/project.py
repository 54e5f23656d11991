"""The whole program: modules, and names resolved over all of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.project.classes import Class, Function
from djlint_spec.project.constants import Constant, fold
from djlint_spec.project.model_index import Models
from djlint_spec.project.models import Model
from djlint_spec.project.module import Module, Origin
from djlint_spec.project.routes import Routes
from djlint_spec.project.serializers import Serializers
from djlint_spec.project.settings import Settings
from djlint_spec.project.symbols import (
    Assigned,
    Binding,
    External,
    Imported,
    Opaque,
    Scope,
    Symbol,
    Unknown,
    Value,
)
from djlint_spec.project.tasks import Task, find_tasks
from djlint_spec.project.tracking import Tracking, derived
from djlint_spec.project.views import Views

if TYPE_CHECKING:
    from djlint_spec.config import Config, Versions

_BUILTINS = frozenset(
    [
        "object",
        "type",
        "dict",
        "list",
        "tuple",
        "set",
        "frozenset",
        "str",
        "bytes",
        "int",
        "float",
        "bool",
        "complex",
        "len",
        "sorted",
        "sum",
        "min",
        "max",
        "any",
        "all",
        "isinstance",
        "issubclass",
        "getattr",
        "setattr",
        "hasattr",
        "delattr",
        "print",
        "range",
        "enumerate",
        "zip",
        "map",
        "filter",
        "reversed",
        "iter",
        "next",
        "super",
        "property",
        "classmethod",
        "staticmethod",
        "repr",
        "hash",
        "id",
        "vars",
        "dir",
        "open",
        "abs",
        "round",
        "divmod",
        "callable",
        "format",
        "Exception",
        "BaseException",
        "ValueError",
        "TypeError",
        "KeyError",
        "IndexError",
        "AttributeError",
        "RuntimeError",
        "ImportError",
        "NotImplementedError",
        "LookupError",
        "OSError",
        "StopIteration",
        "PermissionError",
        "TimeoutError",
        "ConnectionError",
        "ModuleNotFoundError",
        "AssertionError",
        "ArithmeticError",
        "ZeroDivisionError",
        "UnicodeDecodeError",
        "Warning",
        "DeprecationWarning",
        "FileNotFoundError",
        "KeyboardInterrupt",
        "SystemExit",
        "NotImplemented",
    ]
)


T = TypeVar("T")


class Modules(Protocol):
    """Where modules come from: the project's files, installed packages, the bundled library."""

    def project_modules(self) -> Mapping[str, Module]:
        """The project's own modules by path."""

    def find(self, dotted: str, importer: Module | None) -> Module | None:
        """The module that `import dotted` means within `importer`."""


class Project:
    """All facts of one run, linked. Names are resolved when asked for, and the answers kept."""

    def __init__(self, modules: Modules, config: Config, versions: Versions, tracking: Tracking) -> None:
        self._modules = modules
        self.config = config
        self.versions = versions
        self.tracking = tracking
        # Values of every derivation hung on this object, so of many types.
        self.memo: dict[Hashable, tuple[Any, set[str]]] = {}
        # What other rooms make of the project, each of its own type.
        self._made: dict[Callable[[Project], Any], Any] = {}
        self._classes: dict[tuple[int, int], Class] = {}
        self._functions: dict[tuple[int, int], Function] = {}

    def once(self, make: Callable[[Project], T]) -> T:
        """What `make(project)` gives, made once: how the rooms above keep what they derive from the whole."""
        known = self._made.get(make)
        if known is None:
            known = self._made[make] = make(self)
        made: T = known
        return made

    # ------------------------------------------------------------------------------------------- enumerate
    @cached_property
    def modules(self) -> tuple[Module, ...]:
        """The project's own modules, sorted by path."""
        found = self._modules.project_modules()
        return tuple(found[path] for path in sorted(found))

    def module(self, dotted: str, importer: Module | None = None) -> Module | None:
        """The module that `import dotted` would give, of whatever origin."""
        self.tracking.touch(f"module {dotted}")
        return self._modules.find(dotted, importer)

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

    def classes_in(self, module: Module) -> Iterator[Class]:
        """Every class of a module that is not hidden in a function; nested ones after their outer class."""
        yield from self._classes_of(module, module.facts.body, None)

    def _classes_of(self, module: Module, body: tuple[t.Stmt, ...], outer: Class | None) -> Iterator[Class]:
        for statement in body:
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

    def functions_in(self, module: Module) -> Iterator[Function]:
        """Every function and method of a module, save those defined within functions."""
        yield from self._functions_of(module, module.facts.body, None)

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

    # --------------------------------------------------------------------------------------------- resolve
    def resolve(self, expr: t.Expr, scope: Scope) -> Symbol:
        """What an expression made of names and dots stands for; aliases are followed to their end.

        Anything else is a `Value` of itself.
        """
        match expr:
            case t.Name(id=name):
                return self.lookup(name, scope)
            case t.Attribute(value=value, attr=attr):
                return self.attribute(self.resolve(value, scope), attr)
            case t.String(value=text) if text.isidentifier():
                return Value(expr, scope)
            case _:
                return Value(expr, scope)

    def lookup(self, name: str, scope: Scope) -> Symbol:
        """What a bare name stands for in a scope: local, enclosing, global, builtin."""
        if scope.cls is not None:
            found = scope.cls.own.get(name)
            # A class attribute may be named like the global that it is made of (`queryset = queryset.all()`).
            if found and not (isinstance(found[-1], Assigned) and found[-1].value == t.Name(0, 0, name)):
                return self._resolve_bindings(found, Scope(scope.module, scope.cls, scope.function))
            if scope.function is None:
                return self.global_name(scope.module, name)
        function = scope.function
        while function is not None:
            found = function.bindings.names.get(name)
            if found:
                return self._resolve_bindings(found, function.scope)
            if any(parameter.name == name for parameter in function.params):
                return Unknown("parameter", name)
            function = function.parent
        return self.global_name(scope.module, name)

    @derived(lambda: Unknown("name defined by itself"))
    def global_name(self, module: Module, name: str) -> Symbol:
        """What a name stands for at the top level of a module, star imports and builtins included."""
        self.tracking.touch(module.path)
        found = module.bindings.names.get(name)
        if found:
            return self._resolve_bindings(found, module.scope)
        for star in module.bindings.stars:
            source = self.imported_module(star, module)
            if isinstance(source, Module):
                symbol = self.global_name(source, name)
                if not isinstance(symbol, Unknown) and not (
                    isinstance(symbol, External) and symbol.package == "builtins"
                ):
                    return symbol
        if name in _BUILTINS:
            return External(f"builtins.{name}")
        if module.bindings.stars:
            return Unknown("star import of a package not at hand", name)
        return Unknown("name not defined", name)

    def _resolve_bindings(self, found: tuple[Binding, ...], scope: Scope) -> Symbol:
        # `try: from a import x / except ImportError: from b import x`: the first that is at hand.
        imports = [binding for binding in found if isinstance(binding, Imported)]
        if len(imports) > 1 and len(imports) == len(found):
            symbols = [self.resolve_binding(binding, scope) for binding in imports]
            return next((s for s in symbols if not isinstance(s, (External, Unknown))), symbols[0])
        symbol = self.resolve_binding(found[-1], scope)
        if imports and isinstance(symbol, Value) and isinstance(symbol.expr, t.Nothing):
            return self.resolve_binding(imports[0], scope)  # `except ImportError: x = None`
        return symbol

    def resolve_binding(self, binding: Binding, scope: Scope) -> Symbol:
        """What one binding stands for."""
        match binding:
            case t.ClassDef():
                return self.cls(scope.module, binding, scope.cls, scope.function)
            case t.FunctionDef():
                return self.function(scope.module, binding, scope.cls, scope.function)
            case Imported():
                return self._import(binding, scope.module)
            case Assigned(value=None):
                return Unknown("declared without a value")
            case Assigned(value=value, element=None):
                assert value is not None
                if isinstance(value, (t.Name, t.Attribute)):
                    symbol = self.resolve(value, scope)
                    return Value(value, scope) if isinstance(symbol, Unknown) else symbol
                return Value(value, scope)
            case Assigned() | Opaque():
                return Unknown("bound by unpacking, a loop or a with statement")

    def attribute(self, symbol: Symbol, attr: str) -> Symbol:
        """What `symbol.attr` stands for."""
        match symbol:
            case Module():
                return self._module_attribute(symbol, attr)
            case Class():
                member = symbol.find(attr)
                if member is None:
                    return Unknown("attribute not found", f"{symbol.dotted}.{attr}")
                return self.resolve_binding(member.binding, member.scope)
            case External(dotted=dotted):
                return self.dotted_symbol(f"{dotted}.{attr}")
            case _:
                return Unknown("attribute of a value", attr)

    def _module_attribute(self, module: Module, attr: str) -> Symbol:
        symbol = self.global_name(module, attr)
        if not isinstance(symbol, Unknown) and not (
            isinstance(symbol, External) and symbol.dotted == f"builtins.{attr}"
        ):
            return symbol
        submodule = self.module(f"{module.name}.{attr}", module) if module.is_package else None
        if submodule is not None:
            return submodule
        if module.origin is Origin.PROJECT:
            return symbol
        return External(f"{module.name}.{attr}")

    def imported_module(self, binding: Imported, importer: Module) -> Module | External | Unknown:
        """The module that an import statement of `importer` names."""
        dotted = binding.module
        if binding.level:
            parts = importer.package.split(".") if importer.package else []
            keep = len(parts) - (binding.level - 1)
            if keep < 0:
                return Unknown("relative import beyond the top", importer.name)
            dotted = ".".join([*parts[:keep], *([dotted] if dotted else [])])
        return self.module(dotted, importer) or External(dotted)

    def _import(self, binding: Imported, importer: Module) -> Symbol:
        source = self.imported_module(binding, importer)
        if binding.name is None or isinstance(source, Unknown):
            return source
        if isinstance(source, External):
            return self.dotted_symbol(f"{source.dotted}.{binding.name}")
        if source is importer:  # `from . import x` in __init__: a submodule
            return self.module(f"{source.name}.{binding.name}", importer) or External(f"{source.name}.{binding.name}")
        return self._module_attribute(source, binding.name)

    @derived(lambda: Unknown("name defined by itself"))
    def dotted_symbol(self, dotted: str) -> Symbol:
        """What an absolute dotted name stands for."""
        parts = dotted.split(".")
        for length in range(len(parts), 0, -1):
            module = self.module(".".join(parts[:length]))
            if module is not None:
                symbol: Symbol = module
                for part in parts[length:]:
                    symbol = self.attribute(symbol, part)
                return External(dotted) if isinstance(symbol, Unknown) else symbol
        return External(dotted)

    def dotted(self, expr: t.Expr, scope: Scope) -> str | None:
        """Canonical dotted name of what an expression names, None when it names nothing known."""
        return self.name_of(self.resolve(expr, scope))

    def name_of(self, symbol: Symbol) -> str | None:
        """Canonical dotted name of a symbol, None for values and the unknown."""
        match symbol:
            case Class() | Function():
                return symbol.dotted
            case Module(name=name):
                return name
            case External(dotted=dotted):
                return dotted
            case Value(expr=t.Call(func=func), scope=scope):
                # An instance bound to a name in the library (`cache = ...`) is told by its home elsewhere.
                del func, scope
                return None
            case _:
                return None

    def bases(self, expr: t.Expr, scope: Scope) -> Iterator[Class | External | Unknown]:
        """The classes that a base expression brings in; `Manager.from_queryset(QuerySet)` brings two."""
        match expr:
            case t.Subscript(value=value):
                yield from self.bases(value, scope)
            case t.Call(func=t.Attribute(value=manager, attr="from_queryset"), args=(queryset, *_)):
                yield from self.bases(manager, scope)
                yield from self.bases(queryset, scope)
            case t.Starred():
                yield Unknown("bases unpacked from a value")
            case _:
                yield self._base(self.resolve(expr, scope))

    def _base(self, symbol: Symbol) -> Class | External | Unknown:
        match symbol:
            case Class() | External() | Unknown():
                return symbol
            case Value(expr=t.Call() as call, scope=scope):
                found = list(self.bases(call, scope)) if _is_from_queryset(call) else []
                return found[0] if found else Unknown("base class computed by a call")
            case Value(expr=t.Subscript(value=value), scope=scope):
                return next(iter(self.bases(value, scope)))
            case Value():
                return Unknown("base class is a value")
            case Function() | Module():
                return Unknown("base class is no class", symbol.name)


def _is_from_queryset(call: t.Call) -> bool:
    return isinstance(call.func, t.Attribute) and call.func.attr == "from_queryset"
