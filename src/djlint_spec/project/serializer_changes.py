"""What `__init__` and `get_fields` do to the fields of a serializer: drop, add, or more than can be told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import statements_of, walk
from djlint_spec.project.classes import Function
from djlint_spec.project.module import Origin
from djlint_spec.project.serializer_declarations import field_of_call
from djlint_spec.project.serializer_fields import FieldKind, SerializerField
from djlint_spec.project.symbols import Unknown

if TYPE_CHECKING:
    from djlint_spec.project.serializers import Serializer

_BUILDERS = ("get_fields", "__init__", "fields")


class Dropped(msgspec.Struct, frozen=True):
    """A field taken out, on every way or on some (`sure`); no name when it is computed: any field may go.

    `by` is the argument of the serializer that names what goes, where there is one.
    """

    name: str | None
    span: Span
    sure: bool
    by: str | None = None


class Added(msgspec.Struct, frozen=True):
    """A field put in; on some ways only unless `sure`."""

    field: SerializerField
    span: Span
    sure: bool


class Rebuilt(msgspec.Struct, frozen=True):
    """Fields made in a way that is not followed."""

    cause: Unknown
    span: Span


def changes(serializer: Serializer) -> Iterator[Dropped | Added | Rebuilt]:
    """What happens to the fields after the class has declared them, in the order of the calls."""
    for name in ("get_field_names", "get_default_field_names"):
        method = _overridden(serializer, name)
        if method is not None:
            yield Rebuilt(Unknown("field names made at run time", method.dotted), method.name_span)
    for name in _BUILDERS:
        # The base's part runs first: each calls super() before it changes anything.
        methods = [
            member.function
            for member in serializer.cls.find_all(name)
            if member.function is not None and not _is_drf(member.function)
        ]
        for method in reversed(methods):
            if method.mentions("fields"):
                yield from _Body(serializer, method).changes()


def _overridden(serializer: Serializer, name: str) -> Function | None:
    method = serializer.cls.method(name)
    return None if method is None or _is_drf(method) else method


def _is_drf(function: Function) -> bool:
    return function.module.origin is Origin.LIBRARY or function.module.name.startswith("rest_framework.")


class _Body:
    def __init__(self, serializer: Serializer, method: Function) -> None:
        self._serializer = serializer
        self._method = method
        self._scope = method.scope

    def changes(self) -> Iterator[Dropped | Added | Rebuilt]:
        if self._method.name == "get_fields" and not self._starts_from_fields():
            yield Rebuilt(Unknown("fields made at run time", self._method.dotted), self._method.name_span)
            return
        for index, statement in enumerate(self._method.body):
            # What stands after a `return` under an `if` is not sure to run.
            sure = not any(isinstance(node, t.Return) for node in statements_of(self._method.body[:index]))
            simple = isinstance(statement, (t.ExprStmt, t.Assign, t.Delete, t.Return))
            if sure and isinstance(statement, t.If):
                for name in sorted(self._set_on_every_way([statement])):
                    yield Dropped(name, self._span(statement), sure)
            for node in walk([statement]):
                yield from self._change(node, sure=sure and simple)

    def _set_on_every_way(self, block: Sequence[t.Stmt]) -> frozenset[str]:
        """The fields that are put in whichever branch is taken, so that what was there under their names is gone."""
        names: set[str] = set()
        for statement in block:
            match statement:
                case t.If(body=body, orelse=orelse):
                    names |= self._set_on_every_way(body) & self._set_on_every_way(orelse)
                case t.Assign(targets=(t.Subscript(value=held, index=key),)) if self._is_fields(held):
                    name = self._key(key)
                    names.update(() if name is None else (name,))
                case _:
                    pass
        return frozenset(names)

    def _starts_from_fields(self) -> bool:
        return self._method.mentions("super()", "super(", "_declared_fields", ".get_fields(")

    def _change(self, node: object, *, sure: bool) -> Iterator[Dropped | Added | Rebuilt]:
        match node:
            case t.Call(func=t.Attribute(value=held, attr="pop"), args=(key, *_)) if self._is_fields(held):
                name = self._key(key)
                yield Dropped(name, self._span(node), sure, self._argument(key) if name is None else None)
            case t.Delete(targets=targets):
                for target in targets:
                    if isinstance(target, t.Subscript) and self._is_fields(target.value):
                        yield Dropped(self._key(target.index), self._span(target), sure)
            case t.Assign(targets=(t.Subscript(value=held, index=key),), value=value) if self._is_fields(held):
                yield self._added(key, value, sure=sure)
            case t.Call(func=t.Attribute(value=held, attr="update"), args=(entries, *_)) if self._is_fields(held):
                if isinstance(entries, t.DictExpr) and None not in entries.keys:
                    for entry, value in zip(entries.keys, entries.values, strict=True):
                        assert entry is not None
                        yield self._added(entry, value, sure=sure)
                else:
                    yield Rebuilt(Unknown("fields added at run time", self._method.dotted), self._span(node))
            case t.Assign(targets=(t.Attribute(value=t.Name(id="self"), attr="fields"),)):
                yield Rebuilt(Unknown("fields made at run time", self._method.dotted), self._span(node))
            case _:
                pass

    def _argument(self, key: t.Expr) -> str | None:
        """The argument that lists the names which a loop takes away: `for name in kwargs.pop("without", ())`."""
        if not isinstance(key, t.Name):
            return None
        for node in statements_of(self._method.body):
            match node:
                case t.For(target=t.Name(id=name), iterable=listed) if name == key.id:
                    return self._given_by(listed)
                case _:
                    pass
        return None

    def _given_by(self, listed: t.Expr) -> str | None:
        match listed:
            case t.BoolOp(op="or", values=(first, *_)):
                return self._given_by(first)
            case t.Call(
                func=t.Attribute(value=t.Name(id="kwargs"), attr="pop" | "get"), args=(t.String(value=name), *_)
            ):
                return name
            case t.Name(id=name):
                if any(param.name == name and param.kind == "keyword" for param in self._method.params):
                    return name
                given = [
                    node.value
                    for node in statements_of(self._method.body)
                    if isinstance(node, t.Assign)
                    and any(isinstance(target, t.Name) and target.id == name for target in node.targets)
                ]
                return self._given_by(given[0]) if len(given) == 1 and not isinstance(given[0], t.Name) else None
            case _:
                return None

    def _added(self, key: t.Expr, value: t.Expr, *, sure: bool) -> Added | Rebuilt:
        name = self._key(key)
        span = self._span(value)
        owner = self._serializer.cls
        if name is None:
            return Rebuilt(Unknown("fields added at run time", self._method.dotted), span)
        field = field_of_call(self._serializer, name, value, self._scope, owner) if isinstance(value, t.Call) else None
        return Added(field or SerializerField(name, span, FieldKind.UNKNOWN, name, owner, self._scope), span, sure)

    def _key(self, expr: t.Expr) -> str | None:
        name = self._serializer.project.constant(expr, self._scope)
        return name if isinstance(name, str) else None

    def _is_fields(self, expr: t.Expr) -> bool:
        match expr:
            case t.Attribute(value=t.Name(id="self"), attr="fields" | "_fields" | "_declared_fields"):
                return True
            case t.Name(id=name):
                return name == "fields" or any(
                    isinstance(node, t.Assign)
                    and any(isinstance(target, t.Name) and target.id == name for target in node.targets)
                    and _is_given_fields(node.value)
                    for node in statements_of(self._method.body)
                )
            case _:
                return False

    def _span(self, node: t.Expr | t.Stmt) -> Span:
        return self._method.module.span(node)


def _is_given_fields(expr: t.Expr) -> bool:
    match expr:
        case t.Call(func=t.Attribute(attr="get_fields")):
            return True
        case t.Attribute(value=t.Name(id="self"), attr="fields"):
            return True
        case _:
            return False
