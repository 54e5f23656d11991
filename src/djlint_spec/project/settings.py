"""Django settings: which modules and classes hold them, what each is for, and what a setting comes to in it."""

from __future__ import annotations

import enum
import heapq
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import walk
from djlint_spec.project.classes import Class
from djlint_spec.project.included_settings import included_modules, includes_others
from djlint_spec.project.module import Module
from djlint_spec.project.symbols import Imported, Value
from djlint_spec.project.tracking import Kept, cached_property

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

_TELLING = ("INSTALLED_APPS", "SECRET_KEY", "DEFAULT_AUTO_FIELD", "AUTH_USER_MODEL")
_CLASS_BASES = (
    "configurations.Configuration", "configurations.base.Configuration", "pydantic_settings.BaseSettings",
    "pydantic.BaseSettings", "pydantic_settings.main.BaseSettings",
)  # fmt: skip
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_ENTRY = "DJANGO_SETTINGS_MODULE"
_DEEPEST = 12


class Purpose(enum.Enum):
    """Where a settings module is used. Of a module without a telling name production must be assumed."""

    PRODUCTION = "production"
    SHARED = "shared"
    DEVELOPMENT = "development"
    TEST = "test"

    @property
    def may_be_production(self) -> bool:
        """Whether a production process may load it."""
        return self in (Purpose.PRODUCTION, Purpose.SHARED)


_PURPOSES: Mapping[Purpose, frozenset[str]] = {
    Purpose.TEST: frozenset({"test", "tests", "testing", "ci", "pytest", "e2e", "testutils"}),
    Purpose.DEVELOPMENT: frozenset(
        {"dev", "devel", "develop", "development", "local", "example", "sample", "build", "debug", "demo"}
    ),
    Purpose.PRODUCTION: frozenset({"production", "prod", "live", "staging", "stage"}),
}
_ORDER = (Purpose.PRODUCTION, Purpose.SHARED, Purpose.DEVELOPMENT, Purpose.TEST)


def purpose_of_name(name: str) -> Purpose:
    """What the words of a module's, a class's or a variable's name say it is for."""
    words = {word.lower() for word in _WORD.findall(name)}
    return next((purpose for purpose, telling in _PURPOSES.items() if words & telling), Purpose.SHARED)


class Setting(msgspec.Struct, frozen=True):
    """What a setting is given, and the place that decides: the last one that assigns it."""

    name: str
    value: Value
    span: Span


class EntryPoint(msgspec.Struct, frozen=True):
    """A place that names the settings module: manage.py, wsgi.py, asgi.py, a conftest."""

    settings: str
    span: Span

    @property
    def purpose(self) -> Purpose:
        """What a process started here is for; manage.py serves all."""
        last = self.span.path.rpartition("/")[2].removesuffix(".py")
        if last in ("wsgi", "asgi"):
            return Purpose.PRODUCTION
        return Purpose.TEST if last == "conftest" or "test" in self.span.path else Purpose.SHARED


class Source(msgspec.Struct, frozen=True):
    """A settings module, or a settings class in one (django-configurations, pydantic, plain)."""

    project: Project
    module: Module
    cls: Class | None
    purpose: Purpose

    @property
    def name(self) -> str:
        """Dotted name."""
        return self.cls.dotted if self.cls is not None else self.module.name

    def setting(self, name: str) -> Setting | None:
        """What a setting comes to here, inherited modules and classes included; None when nothing resolved gives it."""
        if self.cls is not None:
            member = self.cls.find(name)
            if member is None or member.value is None or not member.owner.is_ours:
                return None
            value = Value(member.value, member.scope)
        else:
            found = _composed(self.project, self.module, name, 0)
            if found is None:
                return None
            value = found
        return Setting(name, value, value.scope.module.span(value.expr))


class Settings:
    """The settings of a project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._values: Kept[str, Value | None] = Kept(project.tracking)

    @cached_property
    def entry_points(self) -> tuple[EntryPoint, ...]:
        """Every place that sets DJANGO_SETTINGS_MODULE."""
        return tuple(
            point for module in self._project.modules if module.mentions(_ENTRY) for point in _entry_points(module)
        )

    @cached_property
    def modules(self) -> tuple[Module, ...]:
        """Modules that hold settings, the likeliest for production first."""
        named = {*self._project.config.settings, *(point.settings for point in self.entry_points)}
        found = [module for module in self._project.modules if module.name in named or _looks_like_settings(module)]
        known = set(found)
        found.extend(
            module for module in self._project.modules if module not in known and self._only_overrides(module, known)
        )
        return tuple(sorted(found, key=lambda module: (_ORDER.index(self.purpose(module)), module.name)))

    def _only_overrides(self, module: Module, known: set[Module]) -> bool:
        """Whether a module named like settings starts from one (`from .base import *`) or is put together of others."""
        if module.is_migration or not _is_named_so(module):
            return False
        if includes_others(self._project, module):
            return True
        return any(self._project.imported_module(star, module) in known for star in module.bindings.stars)

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """Modules and classes that hold settings, the likeliest for production first."""
        found = [Source(self._project, module, None, self.purpose(module)) for module in self.modules]
        for module in self._project.modules:
            if module.mentions("Configuration", "BaseSettings", "INSTALLED_APPS"):
                found.extend(self._classes(module))
        return tuple(sorted(found, key=lambda source: _ORDER.index(source.purpose)))

    def _classes(self, module: Module) -> Iterator[Source]:
        around = self.purpose(module)
        for cls in self._project.classes_in(module):
            if cls.derives_from_any(*_CLASS_BASES) is True or {"INSTALLED_APPS", "DATABASES"} <= cls.own.keys():
                own = purpose_of_name(cls.name)
                yield Source(self._project, module, cls, around if own is Purpose.SHARED else own)

    def purpose(self, module: Module) -> Purpose:
        """What a module's settings are for: by its name, then by the entry points that name it."""
        if module.is_test:
            return Purpose.TEST
        by_name = purpose_of_name(module.name)
        if by_name is not Purpose.SHARED:
            return by_name
        named_by = {point.purpose for point in self.entry_points if point.settings == module.name}
        if named_by == {Purpose.TEST}:
            return Purpose.TEST
        return Purpose.PRODUCTION if Purpose.PRODUCTION in named_by else Purpose.SHARED

    def value(self, name: str) -> Value | None:
        """What a setting comes to where production is likeliest; None when no source gives it."""
        return self._values.made(name, lambda: self._value(name))

    def _value(self, name: str) -> Value | None:
        for source in self.sources:
            found = source.setting(name)
            if found is not None:
                return found.value
        return None


def _is_named_so(module: Module) -> bool:
    return any("settings" in part or part in ("conf", "config") for part in module.name.split("."))


def _looks_like_settings(module: Module) -> bool:
    if module.is_migration or not module.mentions(*_TELLING):
        return False
    names = module.bindings.names
    return any("settings" in part or part == "conf" for part in module.name.split(".")) or (
        "INSTALLED_APPS" in names and "DATABASES" in names
    )


def _entry_points(module: Module) -> Iterator[EntryPoint]:
    bodies: list[t.Stmt] = [*module.facts.body]
    for statement in module.facts.body:
        if isinstance(statement, t.FunctionDef) and _ENTRY in module.body_text(statement):
            bodies.extend(module.body(statement))
    for node in walk(bodies):
        match node:
            case t.Call(args=(t.String(value=variable), t.String(value=settings), *_)) if variable == _ENTRY:
                yield EntryPoint(settings, module.span(node))
            case t.Assign(targets=(t.Subscript(index=t.String(value=variable)),), value=t.String(value=settings)):
                if variable == _ENTRY:
                    yield EntryPoint(settings, module.span(node))
            case _:
                pass


def _composed(project: Project, module: Module, name: str, depth: int) -> Value | None:
    """The last thing that gives a name at a module's top level: its own statements, star imports, updates."""
    if depth > _DEEPEST:
        return None
    value: Value | None = None
    for statement in project.once(_Statements).giving(module, name):
        match statement:
            case t.Import(module=str(source), level=level, names=names):
                for alias in names:
                    if alias.name == "*":
                        value = _from_module(project, Imported(source, level, "*"), module, name, depth) or value
                    elif (alias.asname or alias.name) == name:
                        symbol = project.resolve_binding(Imported(source, level, alias.name), module.scope)
                        value = symbol if isinstance(symbol, Value) else None
            case t.Assign(targets=targets, value=given):
                if any(isinstance(target, t.Name) and target.id == name for target in targets):
                    value = Value(given, module.scope)
            case t.AnnAssign(target=t.Name(id=target), value=given) if given is not None and target == name:
                value = Value(given, module.scope)
            case t.AugAssign(target=t.Name(id=target), op=op, value=given) if target == name:
                if value is not None:
                    joined = t.BinOp(statement.start, statement.end, value.expr, op, given)
                    value = Value(joined, module.scope) if value.scope.module is module else None
            case t.ExprStmt(value=t.Call(func=t.Name() | t.Attribute()) as call) if included := included_modules(
                project, module, call
            ):
                for other in included:
                    value = _composed(project, other, name, depth + 1) or value
            case t.ExprStmt(value=t.Call(func=t.Attribute(value=t.Call(func=t.Name(id=space)), attr="update")) as call):
                if space in ("locals", "globals", "vars"):
                    value = _updated(project, call, module, name, depth) or value
            case _:
                pass
    return value


def _from_module(project: Project, star: Imported, importer: Module, name: str, depth: int) -> Value | None:
    source = project.imported_module(star, importer)
    return _composed(project, source, name, depth + 1) if isinstance(source, Module) else None


def _updated(project: Project, call: t.Call, module: Module, name: str, depth: int) -> Value | None:
    """What `locals().update(...)` gives a name: a keyword, an entry of a dict, or all of another module."""
    for keyword in call.keywords:
        if keyword.name == name:
            return Value(keyword.value, module.scope)
    for argument in call.args:
        match argument:
            case t.DictExpr(keys=keys, values=values):
                for key, given in zip(keys, values, strict=True):
                    if isinstance(key, t.String) and key.value == name:
                        return Value(given, module.scope)
            case t.Call(func=t.Name(id="vars"), args=(other,)) | t.Attribute(value=other, attr="__dict__"):
                source = project.resolve(other, module.scope)
                if isinstance(source, Module):
                    return _composed(project, source, name, depth + 1)
            case _:
                pass
    return None


class _Statements:
    """The statements at the top level of modules, by the names that they may give; made once for each module."""

    def __init__(self, project: Project) -> None:
        self._by_name: dict[Module, Mapping[str, Sequence[tuple[int, t.Stmt]]]] = {}

    def giving(self, module: Module, name: str) -> Iterator[t.Stmt]:
        """In order, what may give a module's name: what names it, and star imports and calls, which name nothing."""
        known = self._by_name.get(module)
        if known is None:
            found: dict[str, list[tuple[int, t.Stmt]]] = {}
            for place, statement in enumerate(_flat(module.facts.body)):
                for given in dict.fromkeys(_given_by(statement)):
                    found.setdefault(given, []).append((place, statement))
            known = self._by_name[module] = found
        return (statement for _, statement in heapq.merge(known.get(name, ()), known.get("*", ()), key=_place))


def _place(found: tuple[int, t.Stmt]) -> int:
    return found[0]


def _given_by(statement: t.Stmt) -> Iterator[str]:
    match statement:
        case t.Import(names=names):
            yield from (alias.asname or alias.name for alias in names)
        case t.Assign(targets=targets):
            yield from (target.id for target in targets if isinstance(target, t.Name))
        case t.AnnAssign(target=t.Name(id=name)) | t.AugAssign(target=t.Name(id=name)):
            yield name
        case t.ExprStmt():
            yield "*"
        case _:
            pass


def _flat(body: Iterable[t.Stmt]) -> Iterator[t.Stmt]:
    """Statements in order; of a branch on DEBUG only the side that runs without it."""
    for statement in body:
        match statement:
            case t.If(test=test, body=inner, orelse=orelse):
                development = holds_in_development(test)
                yield from _flat(() if development else inner)
                yield from _flat(() if development is False else orelse)
            case t.Try(body=inner, handlers=handlers, orelse=orelse, finalbody=finalbody):
                for handler in handlers:
                    yield from _flat(handler.body)
                yield from _flat((*inner, *orelse, *finalbody))
            case t.With(body=inner):
                yield from _flat(inner)
            case _:
                yield statement


def holds_in_development(test: t.Expr) -> bool | None:
    """Whether a test holds in development (True) or outside it (False); None when it asks something else."""
    match test:
        case t.Name(id=name) | t.Attribute(attr=name):
            words = {word.lower() for word in _WORD.findall(name)}
            if words & {"debug", "dev", "development", "testing", "test", "tests", "local"}:
                return True
            return False if words & {"production", "prod"} else None
        case t.UnaryOp(op="not", operand=operand):
            inner = holds_in_development(operand)
            return None if inner is None else not inner
        case t.BoolOp(op="and", values=values):
            return next((found for value in values if (found := holds_in_development(value)) is not None), None)
        case t.Compare(left=t.String(value=text), ops=("in",), comparators=(t.Attribute(attr="argv"),)):
            return True if "test" in text else None
        case t.Compare(left=left, ops=(op,), comparators=(t.Boolean(value=flag),)) if op in ("is", "=="):
            inner = holds_in_development(left)
            return None if inner is None else inner is flag
        case t.Compare(left=t.Name() | t.Attribute(), ops=(op,), comparators=(t.String(value=text),)):
            purpose = purpose_of_name(text)
            if purpose is Purpose.SHARED or op not in ("==", "!="):
                return None
            return (purpose in (Purpose.DEVELOPMENT, Purpose.TEST)) is (op == "==")
        case _:
            return None
