"""Attributes that middleware, permissions and views put on the request: `request.event = ...`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from djlint_spec.facts import tree as t
from djlint_spec.inference.caches import OF_REQUEST
from djlint_spec.inference.loading import Loading
from djlint_spec.inference.slices import leading_to
from djlint_spec.inference.values import NONE, Instance, Method, Request, Row, Value, either, options
from djlint_spec.project import Function, Module, Project, Unknown
from djlint_spec.project.tracking import Kept, cached_property

if TYPE_CHECKING:
    from djlint_spec.inference.evaluate import Evaluator

_ASSIGNED = re.compile(r"request\.(?<=\brequest\.)(\w+)\s*=(?!=)")
_OF_EVERY_REQUEST = frozenset(
    ["GET", "POST", "FILES", "COOKIES", "META", "headers", "body", "path", "path_info", "session", "data",
     "query_params", "auth", "content_type", "content_params", "encoding", "resolver_match", "version"]
)  # fmt: skip
"""What Django, its session middleware and DRF give to each request: an assignment elsewhere is of another request."""


def _lasting(value: Value) -> Value:
    """A row that the request keeps; of what was loaded with it only sets tell later, so that most come to the same."""
    if not isinstance(value, Row) or value.rows is not None:
        return value
    held = value.loading
    kept = Loading(prefetched=held.prefetched, unknown=held.unknown) if held is not None else Loading()
    return replace(value, lasting=True, certain=False, loading=None if kept == Loading() else kept)


def assigned_to_requests(text: str) -> frozenset[str]:
    """The attributes of requests that a function's text assigns to.

    All functions are asked; `engine.bodies` compares the answers of one that has changed.
    """
    return frozenset(_ASSIGNED.findall(text))


class RequestAttributes:
    """What the project assigns to attributes of requests, by name.

    Some are made of each other. Those are evaluated together, beginning at the first of their names: so each comes to
    the same whichever is asked for first.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: Kept[str, Value] = Kept(project.tracking)
        self._under_way: list[str] = []
        self._meanwhile: dict[str, tuple[Value, int]] = {}
        """What attributes come to that are made of some under way, and the place of the first of those."""
        self._hangs_on = 0
        """The same place, for all that was evaluated since the last one under way was begun."""

    def value(self, name: str, asking: Evaluator) -> Value:
        """What `request.name` may hold, as far as an assignment of it in the project is resolved."""
        if name in _OF_EVERY_REQUEST or name not in self._homes:
            return Unknown(OF_REQUEST, name)
        known = self._known.get(name)
        if known is not None:
            return known
        if name in self._under_way:
            return self._hanging(Unknown(OF_REQUEST, name), self._under_way.index(name))  # it reads itself
        if name in self._meanwhile:
            return self._hanging(*self._meanwhile[name])
        return self._found(name, asking)

    def _hanging(self, value: Value, place: int) -> Value:
        self._hangs_on = min(self._hangs_on, place)
        return value

    def _found(self, name: str, asking: Evaluator) -> Value:
        place, outer = len(self._under_way), self._hangs_on
        self._hangs_on = place
        self._under_way.append(name)
        try:
            with self._project.tracking.record() as grounds:
                value = self._evaluate(name, asking)
        finally:
            self._under_way.pop()
            hangs_on, self._hangs_on = self._hangs_on, min(outer, self._hangs_on)
        self._meanwhile[name] = value, hangs_on
        if hangs_on < place:
            return value
        together = {each: held for each, (held, first) in self._meanwhile.items() if first >= place}
        for each in together:
            del self._meanwhile[each]
        if min(together) != name:
            self._found(min(together), asking)
            return self.value(name, asking)  # known now, or not made of the first
        for each, held in together.items():
            self._known.put(each, held, grounds)
        return value

    @cached_property
    def _homes(self) -> dict[str, list[tuple[Module, t.FunctionDef]]]:
        return self._found_homes()

    def _evaluate(self, name: str, asking: Evaluator) -> Value:
        found: list[Value] = []
        for function in self._assigning(name):
            evaluator = asking.apart()
            names = [parameter.name for parameter in function.params]
            given: dict[str, Value] = {"request": Request()} if "request" in names else {}
            receiver = Instance(function.owner, (("request", Request()),)) if function.owner is not None else None
            evaluator.run_part(Method(function, receiver), given, leading_to(name, function.body))
            for value in evaluator.assigned_to_request.get(name, ()):
                found.extend(_lasting(one) for one in options(value) if not isinstance(one, Unknown) and one != NONE)
        return either(found) if found else Unknown(OF_REQUEST, name)

    def _found_homes(self) -> dict[str, list[tuple[Module, t.FunctionDef]]]:
        homes: dict[str, list[tuple[Module, t.FunctionDef]]] = {}
        for module in self._project.modules:
            for attribute, nodes in self._assigned_in(module).items():
                homes.setdefault(attribute, []).extend((module, node) for node in nodes)
        return homes

    def _assigning(self, name: str) -> Iterator[Function]:
        for module, node in self._homes.get(name, ()):
            yield from (function for function in self._project.functions_in(module) if function.node is node)

    def _assigned_in(self, module: Module) -> Mapping[str, Sequence[t.FunctionDef]]:
        if module.is_test or not module.holds("request."):
            return {}
        return module.once("attributes of requests", lambda: self._found_in(module))

    def _found_in(self, module: Module) -> Mapping[str, Sequence[t.FunctionDef]]:
        found: dict[str, list[t.FunctionDef]] = {}
        for function in self._project.functions_in(module):
            for attribute in assigned_to_requests(module.text(function.node)):
                found.setdefault(attribute, []).append(function.node)
        return found
