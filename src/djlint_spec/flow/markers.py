"""Markers in code: which attributes a function sets, which ones a test on a row looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import walk
from djlint_spec.flow.history import Marker
from djlint_spec.project import Function, Project
from djlint_spec.project.tracking import Kept, cached_property

_DEEPEST = 3
_NAMES_FIELDS = frozenset({"bulk_update", "abulk_update", "setattr"})
_LOOKUPS = frozenset(
    [
        "in", "isnull", "exact", "iexact", "gt", "gte", "lt", "lte", "contains", "icontains", "startswith",
        "istartswith", "endswith", "iendswith", "range", "date", "year", "month", "day", "time", "regex", "iregex",
    ]
)  # fmt: skip
_DEFAULTS = ("defaults", "create_defaults")
_TAKES_FIELDS = frozenset({"update", "aupdate", "update_or_create", "aupdate_or_create"})


def _set_by(function: Function) -> Iterator[str]:
    for node in walk(function.body):
        match node:
            case t.Assign(targets=targets):
                yield from (target.attr for target in targets if isinstance(target, t.Attribute))
            case t.Call(func=t.Attribute(attr=name) | t.Name(id=name)) if name in _TAKES_FIELDS:
                yield from (keyword.name or "*" for keyword in node.keywords)
                yield from defaults_of(node)
            case t.Call(func=t.Attribute(attr=name) | t.Name(id=name)) if name in _NAMES_FIELDS:
                yield from (part.value for part in walk(node.args) if isinstance(part, t.String))
            case _:
                pass


def defaults_of(call: t.Call) -> Iterator[str]:
    """The fields that `update_or_create(defaults=...)` sets."""
    for keyword in call.keywords:
        match keyword.value:
            case t.DictExpr(keys=keys) if keyword.name in _DEFAULTS:
                yield from (key.value for key in keys if isinstance(key, t.String))
            case t.Call(func=t.Name(id="dict"), keywords=given) if keyword.name in _DEFAULTS:
                yield from (inner.name for inner in given if inner.name is not None)
            case _:
                pass


class Readings:
    """What the project's own functions and properties look at and set, by attribute name. One for each project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._properties: Kept[str, frozenset[str]] = Kept(project.tracking)
        self._functions: Kept[Function, frozenset[str]] = Kept(project.tracking)
        self._settable: Kept[Function, frozenset[str]] = Kept(project.tracking)

    @cached_property
    def _methods(self) -> dict[str, list[Function]]:
        found: dict[str, list[Function]] = {}
        for model in self._project.models.all:
            for name in model.cls.own:
                method = model.cls.own_member(name)
                if method is not None and method.function is not None:
                    found.setdefault(name, []).append(method.function)
        return found

    def set_by(self, function: Function) -> frozenset[str]:
        """The attributes of rows that a function sets, by any way that Django has; `*` for any at all."""
        return self._settable.made(function, lambda: frozenset(_set_by(function)))

    def of_name(self, name: str) -> frozenset[str]:
        """An attribute's name, with what properties of models of that name look at."""
        # A property that reads itself looks at its name.
        return self._properties.made(name, lambda: self._of_name(name), lambda: frozenset({name}))

    def _of_name(self, name: str) -> frozenset[str]:
        found = (self.of_function(function) for function in self._methods.get(name, ()))
        return frozenset({name}).union(*found)

    def of_function(self, function: Function, depth: int = 0) -> frozenset[str]:
        """The attributes that a function and those it calls by attribute look at."""
        return self._functions.made(function, lambda: self._of_function(function, depth), frozenset)

    def _of_function(self, function: Function, depth: int) -> frozenset[str]:
        found = {node.attr for node in walk(function.body) if isinstance(node, t.Attribute)}
        if depth < _DEEPEST:
            for name in tuple(found):
                method = function.owner.method(name) if function.owner is not None else None
                if method is not None:
                    found |= self.of_function(method, depth + 1)
        return frozenset(found)


def lookup_fields(call: t.Call) -> Iterator[str]:
    """The field names in the lookups that a call gives by keyword: `status` of `status__in=...`."""
    for keyword in call.keywords:
        if keyword.name is not None:
            yield from (name for name in keyword.name.split("__") if name not in _LOOKUPS)


def fields(names: Iterable[str]) -> frozenset[Marker]:
    """The markers of fields of these names; a key tells rows apart and marks nothing."""
    return frozenset(("field", name) for name in names if name not in ("pk", "id"))
