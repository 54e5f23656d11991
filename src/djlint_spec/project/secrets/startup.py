"""Development defaults that start-up rejects: `if not DEBUG and SECRET_KEY == DEFAULT: raise ...`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import statements_of, walk
from djlint_spec.project.module import Module
from djlint_spec.project.secrets.literals import Literal
from djlint_spec.project.secrets.names import is_secret_key
from djlint_spec.project.symbols import Scope

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

_STOPS = frozenset({"exit", "_exit", "abort", "Error", "Critical"})


def rejected_at_startup(project: Project, literal: Literal, module: Module) -> bool:
    """Whether some module refuses to go on when a setting still has this very value.

    Looked for in the module itself and, for settings, wherever the setting's name meets a comparison and an error.
    """
    names = {name for name in literal.names if name}
    for other in _candidates(project, module, names):
        for check, scope in _statements(project, other, names):
            if _rejects(project, check, scope, names, literal.value):
                return True
    return False


def _candidates(project: Project, module: Module, names: set[str]) -> Iterator[Module]:
    yield module
    if module in project.settings.modules:
        for other in project.modules:
            if other is not module and not other.is_test and other.mentions(*names) and other.mentions("settings"):
                yield other


def _statements(project: Project, module: Module, words: set[str]) -> Iterator[tuple[t.If, Scope]]:
    for node in statements_of(module.facts.body):
        if isinstance(node, t.If):
            yield node, module.scope
    for function in project.functions_in(module):
        if function.mentions(*words):
            for node in statements_of(function.body):
                if isinstance(node, t.If):
                    yield node, function.scope


def _rejects(project: Project, check: t.If, scope: Scope, names: set[str], value: str) -> bool:
    """Whether a branch is for the case that a secret still has the value, or one that begins as it does."""
    for node in walk([check.test]):
        match node:
            case t.Compare(left=left, ops=("==" | "in" as op,), comparators=(right,)):
                for one, other in ((left, right), (right, left)):
                    held = _own_name(other) in names or _holds(project.constant(other, scope), value)
                    if held and _is_named(one, names):
                        # A list of values that a secret must not have is for nothing else.
                        return op == "in" or _stops(check.body)
                if isinstance(left, t.String) and _is_named(right, names) and left.value in value:
                    return _stops(check.body)
            case t.Call(func=t.Attribute(value=holder, attr="startswith" | "endswith"), args=(t.String(value=part),)):
                if _is_named(holder, names) and part in value:
                    return _stops(check.body)
            case _:
                pass
    return False


def _is_named(expr: t.Expr, names: set[str]) -> bool:
    name = _own_name(expr)
    return name in names or is_secret_key(name)


def _own_name(expr: t.Expr) -> str:
    match expr:
        case t.Name(id=name) | t.Attribute(attr=name):
            return name
        case _:
            return ""


def _holds(constant: object, value: str) -> bool:
    return constant == value or (isinstance(constant, tuple) and value in constant)


def _stops(body: Iterable[t.Stmt]) -> bool:
    for node in walk(body):
        match node:
            case t.Raise():
                return True
            case t.Call(func=t.Name(id=name) | t.Attribute(attr=name)) if name in _STOPS:
                return True
            case _:
                pass
    return False
