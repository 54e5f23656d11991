"""Where an object comes from: `redis.Redis().lock()` is what `redis.Redis` made and whose `lock` was called.

A small resolver by definition, not by flow: a name with several different origins has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec
from msgspec.structs import replace

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import statements_of
from djlint_spec.project import Class, External, Function, Module, Origin, Project, Scope, Value
from djlint_spec.project.symbols import Assigned, Binding, Entered, Imported, Opaque
from djlint_spec.project.tracking import Kept

_DEEPEST = 12


class Made(msgspec.Struct, frozen=True):
    """`dotted` with `()` for each call and `[]` for each subscript; `call` is the last call and its scope."""

    dotted: str
    call: t.Call | None = None
    scope: Scope | None = None

    def then(self, suffix: str) -> Made:
        """What an attribute of it comes from."""
        return Made(self.dotted + suffix)


class Origins:
    """Answers for one project; remembers nothing that could go stale between runs."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: Kept[tuple[t.Expr, Scope], Made | None] = Kept(project.tracking)

    def of(self, expr: t.Expr, scope: Scope, depth: int = 0) -> Made | None:
        """Where the value of an expression comes from, None when that is not known or not one place."""
        if depth > _DEEPEST:
            return None
        # An origin that leads to itself is none.
        return self._known.made((expr, scope), lambda: self._of(expr, scope, depth + 1), lambda: None)

    def _of(self, expr: t.Expr, scope: Scope, depth: int) -> Made | None:
        match expr:
            case t.Name(id=name):
                return self._name(name, scope, depth)
            case t.Attribute(value=value, attr=attr):
                return self._attribute(expr, value, attr, scope, depth)
            case t.Call():
                return self._call(expr, scope, depth)
            case t.Subscript(value=value):
                made = self.of(value, scope, depth)
                return None if made is None else made.then("[]")
            case t.Await(value=value) | t.NamedExpr(value=value):
                return self.of(value, scope, depth)
            case t.BoolOp(op="or", values=values):
                return next((made for value in values if (made := self.of(value, scope, depth))), None)
            case t.IfExp(body=body, orelse=orelse):
                options = [o for o in (body, orelse) if not isinstance(o, t.Nothing)]
                return _agreed(self.of(option, scope, depth) for option in options)
            case _:
                return None

    # ---------------------------------------------------------------------------------------------- names
    def _name(self, name: str, scope: Scope, depth: int) -> Made | None:
        function = scope.function
        while function is not None:
            found = function.bindings.names.get(name)
            if found:
                return self._bindings(found, function.scope, depth)
            for parameter in function.params:
                if parameter.name == name:
                    return self._annotated(parameter.annotation, function.defining_scope, depth)
            function = function.parent
        if scope.cls is not None and (own := scope.cls.own.get(name)):
            return self._bindings(own, scope, depth)
        found = scope.module.bindings.names.get(name)
        if found:
            return self._bindings(found, scope.module.scope, depth)
        return self._symbol(self._project.lookup(name, scope), depth)

    def _bindings(self, found: Iterable[Binding], scope: Scope, depth: int) -> Made | None:
        mades: list[Made | None] = []
        for binding in found:
            match binding:
                case Imported():
                    mades.append(self._imported(binding, scope, depth))
                case Assigned(value=t.Nothing()):
                    pass  # `lock = None` before the real one
                case Assigned(value=None, annotation=annotation):
                    mades.append(self._annotated(annotation, scope, depth))
                case Assigned(value=value, element=None) if value is not None:
                    mades.append(self.of(value, scope, depth))
                case Entered(context=context):
                    made = self.of(context, scope, depth)
                    mades.append(None if made is None else made.then(".__enter__()"))
                case Assigned() | Opaque():
                    mades.append(None)
                case t.ClassDef() | t.FunctionDef():
                    mades.append(self._symbol(self._project.resolve_binding(binding, scope), depth))
        if mades and all(isinstance(binding, Imported) for binding in found):
            return next((made for made in reversed(mades) if made is not None), None)  # the last is the one that counts
        return _agreed(mades)

    def _imported(self, binding: Imported, scope: Scope, depth: int) -> Made | None:
        symbol = self._project.resolve_binding(binding, scope)
        match symbol:
            case Class() | Function() | Module() | External():
                return self._symbol(symbol, depth)
            case Value(expr=expr, scope=home) if home.module.origin is Origin.PROJECT:
                return self.of(expr, home, depth)
            case _ if binding.level == 0 and binding.name is not None:
                source = self._project.module(binding.module, scope.module)
                if source is None or source.origin is not Origin.PROJECT:
                    return Made(f"{binding.module}.{binding.name}")
                inner = source.bindings.names.get(binding.name)
                return self._bindings(inner, source.scope, depth) if inner else None
            case _:
                return None

    def _symbol(self, symbol: object, depth: int) -> Made | None:
        match symbol:
            case Value(expr=expr, scope=scope) if scope.module.origin is Origin.PROJECT:
                return self.of(expr, scope, depth)
            case Class() | Function():
                return Made(symbol.dotted)
            case Module(name=name):
                return Made(name)
            case External(dotted=dotted):
                return Made(dotted)
            case _:
                return None

    def _annotated(self, annotation: t.Expr | None, scope: Scope, depth: int) -> Made | None:
        match annotation:
            case t.BinOp(left=left, op="|", right=t.Nothing()) | t.BinOp(left=t.Nothing(), op="|", right=left):
                return self._annotated(left, scope, depth)
            case t.Subscript(value=t.Name(id="Optional") | t.Attribute(attr="Optional"), index=index):
                return self._annotated(index, scope, depth)
            case t.Name() | t.Attribute():
                made = self.of(annotation, scope, depth)
                return None if made is None else made.then("()")
            case _:
                return None

    # --------------------------------------------------------------------------------- attributes and calls
    def _attribute(self, expr: t.Attribute, value: t.Expr, attr: str, scope: Scope, depth: int) -> Made | None:
        owner = self_class(value, scope)
        if owner is not None:
            return self.instance_attribute(owner, attr, depth)
        symbol = self._project.resolve(value, scope)
        match symbol:
            case Module() if symbol.origin is Origin.PROJECT:
                found = symbol.bindings.names.get(attr)
                if found:
                    return self._bindings(found, symbol.scope, depth)
                return self._symbol(self._project.attribute(symbol, attr), depth)
            case Class():
                return self.class_attribute(symbol, attr, depth)
            case _:
                made = self.of(value, scope, depth)
        if made is None:
            return None
        if made.call is not None and made.dotted.endswith("()"):
            cls = self._project.dotted_symbol(made.dotted[:-2])
            if isinstance(cls, Class) and cls.module.origin is Origin.PROJECT:
                return self.instance_attribute(cls, attr, depth)
        return made.then(f".{attr}")

    def class_attribute(self, cls: Class, attr: str, depth: int = 0) -> Made | None:
        """Where an attribute of a class object comes from."""
        for owner in cls.mro:
            found = owner.own.get(attr)
            if found and not isinstance(found[-1], t.FunctionDef):
                return self._bindings(found, owner.scope, depth)
            if found:
                return Made(f"{owner.dotted}.{attr}")
        return Made(f"{cls.dotted}.{attr}")

    def instance_attribute(self, cls: Class, attr: str, depth: int = 0) -> Made | None:
        """Where `self.attr` comes from: what methods assign to it, else the class attribute."""
        assigned: list[Made | None] = []
        for owner in cls.mro:
            if not owner.module.has(attr):
                continue
            for function in methods_of(owner):
                if function.mentions(f".{attr} =", f".{attr}:", f".{attr}="):
                    for value, annotation in self_assignments(function, attr):
                        if value is not None and not isinstance(value, t.Nothing):
                            assigned.append(self.of(value, function.scope, depth))
                        elif value is None:
                            assigned.append(self._annotated(annotation, function.scope, depth))
            if assigned:
                return _agreed(assigned)
        for owner in cls.mro:
            found = owner.own.get(attr)
            if found:
                if isinstance(found[-1], t.FunctionDef):
                    return self._property(self._project.function(owner.module, found[-1], owner), depth)
                return self._bindings(found, owner.scope, depth)
        return None

    def _property(self, function: Function, depth: int) -> Made | None:
        names = function.decorated_by
        if names & {
            "builtins.property",
            "functools.cached_property",
            "django.utils.functional.cached_property",
        }:
            return self._returned(function, depth)
        return Made(function.dotted)

    def _call(self, node: t.Call, scope: Scope, depth: int) -> Made | None:
        func = node.func
        match func, node.args:
            case ((t.Name(id="cast") | t.Attribute(attr="cast")), (_, value)):
                if self._project.dotted(func, scope) == "typing.cast":
                    return self.of(value, scope, depth)
            case _:
                pass
        target: object = None
        if isinstance(func, (t.Name, t.Attribute)):
            owner = self_class(func.value, scope) if isinstance(func, t.Attribute) else None
            if owner is not None and isinstance(func, t.Attribute):
                target = owner.method(func.attr)
            else:
                target = self._project.resolve(func, scope)
        match target:
            case Function() if target.module.origin is Origin.PROJECT:
                return self._returned(target, depth)
            case Class() if target.module.origin is Origin.PROJECT:
                return Made(f"{target.dotted}()", node, scope)
            case _:
                made = self.of(func, scope, depth)
        if made is None:
            return None
        called = self._project.dotted_symbol(made.dotted) if "(" not in made.dotted else None
        if isinstance(called, Function) and called.module.origin is Origin.PROJECT:
            return self._returned(called, depth)
        return replace(made, dotted=f"{made.dotted}()", call=node, scope=scope)

    def _returned(self, function: Function, depth: int) -> Made | None:
        values = [value for value in returns(function.body) if not isinstance(value, t.Nothing)]
        if not values or (function.node.is_async and any(isinstance(v, t.Yield) for v in values)):
            return None
        return _agreed(self.of(value, function.scope, depth) for value in values)


def self_class(expr: t.Expr, scope: Scope) -> Class | None:
    """The class whose instance (or which itself) a method's first parameter names, None for anything else."""
    if not isinstance(expr, t.Name):
        return None
    function = scope.function
    while function is not None:
        params = function.params
        if function.owner is not None and params and params[0].name == expr.id:
            return function.owner
        if expr.id in function.bindings.names or any(parameter.name == expr.id for parameter in params):
            return None
        function = function.parent
    return None


def methods_of(cls: Class) -> Iterator[Function]:
    """The methods in a class's own body, `__init__` first."""
    nodes = [b for found in cls.own.values() for b in found if isinstance(b, t.FunctionDef)]
    for node in sorted(nodes, key=lambda node: node.name != "__init__"):
        yield cls.project.function(cls.module, node, cls)


def self_assignments(function: Function, attr: str) -> Iterator[tuple[t.Expr | None, t.Expr | None]]:
    """Value and annotation of each `self.attr = value` in a method."""
    for statement in statements_of(function.body):
        match statement:
            case t.Assign(targets=targets, value=value) if any(_is_own(x, attr, function) for x in targets):
                yield value, None
            case t.AnnAssign(target=target, annotation=annotation, value=value):
                if _is_own(target, attr, function):
                    yield value, annotation
            case _:
                pass


def _is_own(target: t.Expr, attr: str, function: Function) -> bool:
    match target:
        case t.Attribute(value=t.Name(id=name), attr=found):
            return found == attr and bool(function.params) and function.params[0].name == name
        case _:
            return False


def returns(body: Iterable[t.Stmt]) -> Iterator[t.Expr]:
    """What the return statements of a body give."""
    for statement in statements_of(body):
        if isinstance(statement, t.Return) and statement.value is not None:
            yield statement.value


def nested_functions(function: Function) -> Iterator[Function]:
    """The functions defined within a function, at any depth."""
    if not function.module.facts.text.find("def ", function.node.name_start, function.node.end) >= 0:
        return
    for statement in statements_of(function.body):
        if isinstance(statement, t.FunctionDef):
            inner = function.project.function(function.module, statement, None, function)
            yield inner
            yield from nested_functions(inner)


def functions_mentioning(project: Project, module: Module, *words: str) -> Iterator[Function]:
    """The functions of a module and those within them, at any depth, whose text holds one of the words."""
    for function in project.functions_in(module) if module.has(*words) else ():
        if function.mentions(*words):
            yield function
            yield from (inner for inner in nested_functions(function) if inner.mentions(*words))


def _agreed(mades: Iterable[Made | None]) -> Made | None:
    found = list(mades)
    if not found or None in found:
        return None
    names = {_canonical(made.dotted) for made in found if made is not None}
    return found[0] if len(names) == 1 else None


def _canonical(dotted: str) -> str:
    """The same name for the same kind of thing: Django's `cache` is `caches["default"]`."""
    return _ONE_OF_CACHES.sub("django.core.cache.caches[]", dotted)


_ONE_OF_CACHES = re.compile(r"\bdjango\.core\.cache\.cache\b")
