"""Managers of models: which class attribute makes one, and which classes give it its methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import statements_of
from djlint_spec.project.classes import Class, Function, Member
from djlint_spec.project.symbols import Assigned, External, Scope, Symbol, Unknown, Value

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

MANAGER = "django.db.models.Manager"
_BASE_MANAGER = "django.db.models.BaseManager"
_NARROWED = frozenset({"django_scopes.ScopedManager"})
"""Functions of packages that make a manager of a class which they are given, `Manager` without one."""


class Manager(msgspec.Struct, frozen=True):
    """A manager of a model: the classes that give it its methods (first wins) and its querysets theirs."""

    name: str
    classes: tuple[Class, ...]
    member: Member | None
    unresolved: Unknown | None = None

    def method(self, name: str) -> tuple[Class, Member] | None:
        """The member `name` that a call on the manager finds, with the class it was found through."""
        for cls in self.classes:
            member = cls.find(name)
            if member is not None:
                return cls, member
        return None


def plain_manager(project: Project) -> Manager:
    """The `objects` that Django gives a model without a manager of its own."""
    return Manager("objects", _plain(project), None)


def _plain(project: Project) -> tuple[Class, ...]:
    symbol = project.dotted_symbol(MANAGER)
    return (symbol,) if isinstance(symbol, Class) else ()


def declared_manager(project: Project, member: Member) -> Manager | None:
    """The manager that a class attribute makes, None when it makes none."""
    match member.binding:
        case Assigned(value=t.Call() as call, element=None):
            return _made(project, member, call, member.scope)
        case _:
            return None


def _made(project: Project, member: Member, call: t.Call, scope: Scope) -> Manager | None:
    match call.func:
        case t.Attribute(value=queryset, attr="as_manager"):
            symbol = project.resolve(queryset, scope)
            if isinstance(symbol, Class):
                return Manager(member.name, (symbol, *_plain(project)), member)
            return Manager(member.name, (), member, Unknown("queryset class not at hand", scope.module.text(queryset)))
        case t.Call(func=t.Attribute(attr="from_queryset")) as factory:
            bases = list(project.bases(factory, scope))
            classes = tuple(base for base in bases if isinstance(base, Class))
            whole = len(classes) == len(bases)
            unresolved = None if whole else Unknown("manager class not at hand", scope.module.text(call))
            return Manager(member.name, classes, member, unresolved)
        case func:
            return _of_symbol(project, member, call, func, scope)


def _of_symbol(project: Project, member: Member, call: t.Call, func: t.Expr, scope: Scope) -> Manager | None:
    symbol = project.resolve(func, scope)
    if isinstance(symbol, Class) and symbol.dotted in _NARROWED:
        symbol = _narrowed(project, call, scope) or symbol
    match symbol:
        case Class():
            answer = symbol.derives_from_any(_BASE_MANAGER, MANAGER)
            if answer or (answer is None and symbol.name.endswith("Manager")):
                unresolved = symbol.unresolved_bases[0] if symbol.unresolved_bases else None
                return Manager(member.name, (symbol,), member, unresolved)
            return None
        case Value(expr=t.Call() as inner, scope=where) if inner is not func:
            # `OrderManager = Manager.from_queryset(OrderQuerySet)` at module level, `objects = OrderManager()`
            return _made(project, member, t.Call(call.start, call.end, inner, (), ()), where)
        case Function():
            return _returned(project, member, symbol)
        case External(dotted=dotted) if dotted.endswith("Manager"):
            return Manager(member.name, (), member, Unknown("manager of a package not at hand", dotted))
        case _:
            return None


def _narrowed(project: Project, call: t.Call, scope: Scope) -> Symbol | None:
    """The class that a manager of `_NARROWED` is given, whose querysets it narrows."""
    named = (keyword.value for keyword in call.keywords if keyword.name == "_manager_class")
    given = next(named, call.args[0] if call.args else None)
    return project.resolve(given, scope) if given is not None else None


def _returned(project: Project, member: Member, factory: Function) -> Manager | None:
    """The manager that a function makes of a class of its own: `class Active(Manager): ...; return Active()`."""
    if not factory.module.has("Manager"):
        return None
    match [node.value for node in statements_of(factory.body) if isinstance(node, t.Return)]:
        case [t.Call(func=t.Name()) as made]:
            symbol = project.resolve(made.func, factory.scope)
            return _made(project, member, made, factory.scope) if isinstance(symbol, Class) else None
        case _:
            return None
