"""How names are followed: through scopes, imports, aliases, re-exports and star imports to what they stand for."""

from __future__ import annotations

import builtins
from abc import ABC, abstractmethod
from collections.abc import Iterator

from djlint_spec.facts import tree as t
from djlint_spec.project.classes import Class, Function
from djlint_spec.project.constants import Constant
from djlint_spec.project.dynamic import named_by_text
from djlint_spec.project.module import Module, Origin
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
)  # fmt: skip
from djlint_spec.project.tracking import Memo, Tracking, derived

_ADDED_BY_SITE = {"copyright", "credits", "exit", "help", "license", "quit"}
_BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_")) - _ADDED_BY_SITE


class Resolution(ABC):
    """The part of a project that resolves names; answers are kept, and what they stood on is recorded."""

    def __init__(self, tracking: Tracking) -> None:
        self.tracking = tracking
        self.memo: Memo = {}
        self._under_way: set[int] = set()

    @abstractmethod
    def module(self, dotted: str, importer: Module | None = None) -> Module | None:
        """The module that `import dotted` would give, of whatever origin."""

    @abstractmethod
    def cls(
        self, module: Module, node: t.ClassDef, outer: Class | None = None, function: Function | None = None
    ) -> Class:
        """The one `Class` for a node of a module."""

    @abstractmethod
    def function(
        self, module: Module, node: t.FunctionDef, owner: Class | None = None, parent: Function | None = None
    ) -> Function:
        """The one `Function` for a node of a module."""

    @abstractmethod
    def setting(self, name: str) -> Value | None:
        """What a setting is assigned; None when no settings module assigns it."""

    @abstractmethod
    def constant(self, expr: t.Expr, scope: Scope) -> Constant | Unknown:
        """The constant that an expression comes to, through names."""

    def resolve(self, expr: t.Expr, scope: Scope) -> Symbol:
        """What an expression made of names and dots stands for; aliases are followed to their end.

        Anything else is a `Value` of itself.
        """
        match expr:
            case t.Name(id=name):
                return self.lookup(name, scope)
            case t.Attribute(value=value, attr=attr):
                return self.attribute(self.resolve(value, scope), attr)
            case _:
                return Value(expr, scope)

    def lookup(self, name: str, scope: Scope) -> Symbol:
        """What a bare name stands for in a scope: local, enclosing, global, builtin."""
        if scope.cls is not None:
            found = scope.cls.own.get(name)
            # A class attribute may be named like the global that it is made of (`queryset = queryset.all()`).
            if found and not (isinstance(found[-1], Assigned) and found[-1].value == t.Name(0, 0, name)):
                return self._local_name(name, scope)
            if scope.function is None:
                return self.global_name(scope.module, name)
        function = scope.function
        while function is not None:
            found = function.bindings.names.get(name)
            if found:
                return self._local_name(name, function.scope)
            if name in function.parameter_names:
                return Unknown("parameter", name)
            function = function.parent
        return self.global_name(scope.module, name)

    @derived(lambda: Unknown("name defined by itself"))
    def _local_name(self, name: str, scope: Scope) -> Symbol:
        """What a name stands for that a class or function binds; two such names may be made of each other."""
        names = scope.cls.own if scope.cls is not None else scope.function.bindings.names if scope.function else {}
        return self._resolve_bindings(names[name], scope)

    @derived(lambda: Unknown("name defined by itself"))
    def global_name(self, module: Module, name: str) -> Symbol:
        """What a name stands for at the top level of a module, star imports and builtins included."""
        found = module.bindings.names.get(name)
        if found:
            return self._resolve_bindings(found, module.scope)
        for star in reversed(module.bindings.stars):
            source = self.imported_module(star, module)
            if isinstance(source, Module) and self._exports(source, name):
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

    def _exports(self, module: Module, name: str) -> bool:
        """Whether `from module import *` brings a name."""
        listed = self._all_of(module)
        return not name.startswith("_") if listed is None else isinstance(listed, Unknown) or name in listed

    @derived(lambda: Unknown("name defined by itself"))
    def _all_of(self, module: Module) -> frozenset[Constant] | Unknown | None:
        found = module.bindings.names.get("__all__")
        if not found:
            return None
        last = found[-1]
        if not isinstance(last, Assigned) or last.value is None:
            return Unknown("computed __all__")
        value = self.constant(last.value, module.scope)
        return frozenset(value) if isinstance(value, tuple) else Unknown("computed __all__")

    def name_before(self, name: str, scope: Scope, node: t.ClassDef) -> Symbol:
        """What a name meant where a class of that name was defined: `class Thing(Thing)` extends an earlier one."""
        if scope.cls is None and scope.function is None:
            found = scope.module.bindings.names.get(name, ())
            before = found[: next((n for n, binding in enumerate(found) if binding is node), len(found))]
            if before:
                return self._resolve_bindings(before, scope)
        return self.lookup(name, scope)

    def _resolve_bindings(self, found: tuple[Binding, ...], scope: Scope) -> Symbol:
        """The last binding that is at hand: `try: from a import x / except ImportError: x = None` and the like."""
        if id(found) in self._under_way:
            return Unknown("name defined by itself")  # `row = row.parent`
        self._under_way.add(id(found))
        try:
            return self._last_at_hand(found, scope)
        finally:
            self._under_way.discard(id(found))

    def _last_at_hand(self, found: tuple[Binding, ...], scope: Scope) -> Symbol:
        last = found[-1]
        if isinstance(last, Assigned) and (wrapped := _wrapped(last, found)) is not None:
            return self.resolve_binding(wrapped, scope)
        symbol = self.resolve_binding(last, scope)
        if len(found) == 1 or not _is_missing(last, symbol):
            return symbol
        imported: Symbol | None = None
        for binding in reversed(found):
            if isinstance(binding, (Imported, t.ClassDef, t.FunctionDef)):
                other = self.resolve_binding(binding, scope)
                if isinstance(other, (Class, Function, Module)):
                    return other
                imported = imported or other
        return imported or symbol

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
        if source is importer and importer.is_package:  # `from . import x` in __init__: a submodule
            submodule = self.module(f"{source.name}.{binding.name}", importer)
            if submodule is not None:
                return submodule
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
            case t.Attribute(value=t.Call() as made, attr="__class__"):
                yield from self._class_of(made, scope)
            case t.Starred():
                yield Unknown("bases unpacked from a value")
            case t.Call() as call:
                yield named_by_text(self, call, scope) or Unknown("base class computed by a call")
            case _:
                symbol = self.resolve(expr, scope)
                if isinstance(symbol, Value) and symbol.expr is not expr:
                    yield from self.bases(symbol.expr, symbol.scope)
                else:
                    yield self._base(symbol)

    def _class_of(self, made: t.Call, scope: Scope) -> Iterator[Class | External | Unknown]:
        """The class of what a call makes: `Base(option).__class__` is `Base`, that of a manager Django's or ours."""
        match made.func:
            case t.Attribute(value=queryset, attr="as_manager"):
                yield self._base(self.dotted_symbol("django.db.models.Manager"))
                yield from self.bases(queryset, scope)
            case func:
                symbol = self.resolve(func, scope)
                yield symbol if isinstance(symbol, Class) else Unknown("base class computed by a call")

    def _base(self, symbol: Symbol) -> Class | External | Unknown:
        match symbol:
            case Class() | External() | Unknown():
                return symbol
            case Value():
                return Unknown("base class is a value")
            case Function() | Module():
                return Unknown("base class is no class", symbol.name)


def _wrapped(last: Assigned, found: tuple[Binding, ...]) -> t.ClassDef | t.FunctionDef | None:
    """The function or class that a call wraps under its own name: `view = cached(view)` is `@cached` written below."""
    expr = last.value
    while isinstance(expr, t.Call) and expr.args:
        expr = expr.args[0]
    if expr is last.value or not isinstance(expr, t.Name):
        return None
    defined = (one for one in reversed(found[:-1]) if isinstance(one, (t.ClassDef, t.FunctionDef)))
    return next((one for one in defined if one.name == expr.id), None)


def _is_missing(binding: Binding, symbol: Symbol) -> bool:
    if isinstance(symbol, Value):
        return isinstance(symbol.expr, t.Nothing)
    return isinstance(binding, Imported) and isinstance(symbol, (External, Unknown))
