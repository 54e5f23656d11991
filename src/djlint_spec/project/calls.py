"""Calls of known things: everywhere in the project, found by the text before anything is resolved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import Part, calls, walk_for
from djlint_spec.project.classes import Class, Function
from djlint_spec.project.module import Module
from djlint_spec.project.symbols import Scope

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

_CALLS: frozenset[type[Part]] = frozenset({t.Call, t.Lambda, t.FunctionDef, t.ClassDef})
"""Calls, and what they may stand in unseen."""


class Site(msgspec.Struct, frozen=True):
    """A call where it stands: the scope its names are looked up in, the function or class around it."""

    call: t.Call
    scope: Scope
    function: Function | None
    owner: Class | None

    @property
    def module(self) -> Module:
        """The module of the call."""
        return self.scope.module

    def keyword(self, name: str) -> t.Keyword | None:
        """The keyword argument of that name."""
        return next((keyword for keyword in self.call.keywords if keyword.name == name), None)


def calls_mentioning(project: Project, *words: str, tests: bool = True) -> Iterator[Site]:
    """Every call in modules whose text holds one of the words; functions without any of them are passed over.

    Without `tests`, those of tests and migrations are left out.
    """
    for module in project.modules:
        if module.mentions(*words):
            yield from calls_in(project, module, *words, tests=tests)


def calls_in(project: Project, module: Module, *words: str, tests: bool = True) -> Iterator[Site]:
    """Those of one module."""
    if module.holds(*words) and (tests or not (module.is_test or module.is_migration)):
        yield from _in_block(project, module, module.facts.body, None)
        for function in project.functions_in(module):
            if function.mentions(*words):
                yield from _in_function(project, function)


def _in_block(project: Project, module: Module, body: tuple[t.Stmt, ...], owner: Class | None) -> Iterator[Site]:
    scope = Scope(module, owner)
    for node in walk_for(_CALLS, body):
        match node:
            case t.Call():
                yield Site(node, scope, None, owner)
            case t.Lambda(body=inner):
                yield from (Site(c, scope, None, owner) for c in calls([inner], into_definitions=True))
            case t.ClassDef():
                cls = project.cls(module, node, owner)
                for expr in (*node.bases, *node.decorators):
                    yield from (Site(c, scope, None, owner) for c in calls([expr]))
                yield from _in_block(project, module, node.body, cls)
            case t.FunctionDef():
                for expr in node.decorators:
                    yield from (Site(c, scope, None, owner) for c in calls([expr]))
            case _:
                pass


def _in_function(project: Project, function: Function) -> Iterator[Site]:
    for node in walk_for(_CALLS, function.body):
        match node:
            case t.Call():
                yield Site(node, function.scope, function, function.owner)
            case t.Lambda(body=body):
                yield from (
                    Site(c, function.scope, function, function.owner) for c in calls([body], into_definitions=True)
                )
            case t.FunctionDef():
                yield from _in_function(project, project.function(function.module, node, None, function))
            case t.ClassDef():
                cls = project.cls(function.module, node, None, function)
                for inner in walk_for(_CALLS, node.body):
                    if isinstance(inner, t.Call):
                        yield Site(inner, cls.scope, function, cls)
                    elif isinstance(inner, t.FunctionDef):
                        yield from _in_function(project, project.function(function.module, inner, cls, function))
            case _:
                pass
