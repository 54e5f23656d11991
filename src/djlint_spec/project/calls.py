"""Calls of known things: everywhere in the project, found by the text before anything is resolved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from djlint_spec.facts import tree as t
from djlint_spec.facts.places import Places, places_of
from djlint_spec.facts.walk import walk_near
from djlint_spec.project.classes import Class, Function
from djlint_spec.project.module import Module
from djlint_spec.project.symbols import Scope

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

_CALLS: frozenset[type[t.Call | t.FunctionDef | t.ClassDef]] = frozenset({t.Call, t.FunctionDef, t.ClassDef})
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
    """Every call in whose text, that of its arguments included, one of the words stands.

    Without `tests`, those of tests and migrations are left out.
    """
    for module in project.modules:
        if module.mentions(*words):
            yield from calls_in(project, module, *words, tests=tests)


def calls_in(project: Project, module: Module, *words: str, tests: bool = True) -> Iterator[Site]:
    """Those of one module."""
    if module.holds(*words) and (tests or not (module.is_test or module.is_migration)):
        sites = _Sites(project, module, places_of(words, module.facts.text))
        yield from sites.in_block(module.facts.body, None)
        for function in project.functions_in(module):
            yield from sites.in_function(function)


class _Sites:
    """The calls of one module near to some places of its text."""

    def __init__(self, project: Project, module: Module, places: Places) -> None:
        self._project = project
        self._module = module
        self._places = places

    def in_block(self, body: tuple[t.Stmt, ...], owner: Class | None) -> Iterator[Site]:
        scope = Scope(self._module, owner)
        for node in walk_near(self._places, _CALLS, body):
            match node:
                case t.Call():
                    yield Site(node, scope, None, owner)
                case t.ClassDef(bases=bases, decorators=decorators):
                    yield from (Site(call, scope, None, owner) for call in self._calls((*bases, *decorators)))
                    if self._places.between(node.start, node.end):
                        yield from self.in_block(node.body, self._project.cls(self._module, node, owner))
                case t.FunctionDef(decorators=decorators):
                    yield from (Site(call, scope, None, owner) for call in self._calls(decorators))

    def in_function(self, function: Function) -> Iterator[Site]:
        self._module.touch_body(function.node)
        if not self._places.between(function.node.start, function.node.end):
            return
        for node in walk_near(self._places, _CALLS, function.body):
            match node:
                case t.Call():
                    yield Site(node, function.scope, function, function.owner)
                case t.FunctionDef():
                    yield from self.in_function(self._project.function(self._module, node, None, function))
                case t.ClassDef(body=body):
                    cls = self._project.cls(self._module, node, None, function)
                    for inner in walk_near(self._places, _CALLS, body):
                        if isinstance(inner, t.Call):
                            yield Site(inner, cls.scope, function, cls)
                        elif isinstance(inner, t.FunctionDef):
                            yield from self.in_function(self._project.function(self._module, inner, cls, function))

    def _calls(self, nodes: tuple[t.Expr, ...]) -> Iterator[t.Call]:
        return walk_near(self._places, frozenset({t.Call}), nodes)
