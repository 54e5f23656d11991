"""Serializers as DRF builds them: declared fields, Meta.fields, `__all__`, depth, extra_kwargs."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.project import fields as f
from djlint_spec.project.classes import Class, Member
from djlint_spec.project.constants import Constant
from djlint_spec.project.fields import RelationKind
from djlint_spec.project.models import Model
from djlint_spec.project.serializer_fields import SERIALIZERS, FieldKind, SerializerField, kind_of, uses_key_only
from djlint_spec.project.symbols import Assigned, External, Scope, Unknown, Value
from djlint_spec.project.tracking import Tracking, derived

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

BASE_SERIALIZER = f"{SERIALIZERS}.BaseSerializer"
MODEL_SERIALIZER = f"{SERIALIZERS}.ModelSerializer"
_FIELD = f"{SERIALIZERS}.Field"


class Serializer:
    """A serializer class. Compared by identity."""

    def __init__(self, index: Serializers, cls: Class) -> None:
        self._index = index
        self.cls = cls
        # Values of every derivation hung on this object, so of many types.
        self.memo: dict[Hashable, tuple[Any, set[str]]] = {}

    def __repr__(self) -> str:
        return f"Serializer({self.cls.dotted!r})"

    @property
    def tracking(self) -> Tracking:
        """The project's tracking."""
        return self.cls.tracking

    @property
    def project(self) -> Project:
        """The project that the serializer is part of."""
        return self.cls.project

    @cached_property
    def is_model_serializer(self) -> bool:
        """Whether fields come from a model."""
        return self.cls.derives_from(MODEL_SERIALIZER) is True

    # ------------------------------------------------------------------------------------------------ Meta
    @cached_property
    def _meta(self) -> Class | None:
        for cls in self.cls.mro:
            if cls.own_member("Meta") is not None:
                return cls.nested("Meta")
        return None

    def meta_value(self, option: str) -> Value | None:
        """The expression of a Meta option, through `class Meta(Parent.Meta)`; None when not given."""
        member = self._meta.find(option) if self._meta is not None else None
        if member is None or member.value is None:
            return None
        return Value(member.value, member.scope)

    def meta(self, option: str) -> Constant | Unknown:
        """A Meta option as a constant; None when not given."""
        value = self.meta_value(option)
        return None if value is None else self.project.constant(value.expr, value.scope)

    @cached_property
    def model(self) -> Model | Unknown | None:
        """Meta.model; None where there is no Meta.model, Unknown where it cannot be told."""
        value = self.meta_value("model")
        if value is None:
            return Unknown("Meta of an unresolved base") if self._meta_is_open else None
        return self.project.model_in(value.expr, value.scope)

    @property
    def _meta_is_open(self) -> bool:
        meta = self._meta
        return bool(self.cls.unresolved_bases) if meta is None else bool(meta.unresolved_bases)

    # ---------------------------------------------------------------------------------------------- fields
    @property
    def unknown(self) -> tuple[Unknown, ...]:
        """Why fields may be missing from `fields`, or be others; empty when all are known."""
        return self._built()[1]

    @property
    def fields(self) -> Mapping[str, SerializerField]:
        """The fields that are written out or read, by name, as far as they are known."""
        return self._built()[0]

    @derived(lambda: ({}, (Unknown("serializer nested in itself"),)))
    def _built(self) -> tuple[Mapping[str, SerializerField], tuple[Unknown, ...]]:
        unknown = list(self.cls.unresolved_bases)
        declared = dict(self._declared())
        if not self.is_model_serializer:
            return declared, tuple(unknown)
        model = self.model
        if not isinstance(model, Model):
            unknown.append(model or Unknown("ModelSerializer without a model", self.cls.dotted))
            return declared, tuple(unknown)
        listed = self.meta_value("fields")
        names: list[str]
        if listed is None or self.meta("fields") == "__all__":
            excluded = self.meta("exclude")
            if isinstance(excluded, Unknown):
                unknown.append(Unknown("Meta.exclude is computed", self.cls.dotted))
            left_out = set(excluded) if isinstance(excluded, tuple) else set()
            names = [name for name in (*declared, *self._model_names(model)) if name not in left_out]
            if listed is None and excluded is None:
                unknown.append(Unknown("no Meta.fields", self.cls.dotted))
        else:
            folded = self.meta("fields")
            if isinstance(folded, tuple):
                names = [name for name in folded if isinstance(name, str)]
            else:
                unknown.append(Unknown("Meta.fields is computed", self.cls.dotted))
                names = list(declared)
        extra = self._extra_kwargs()
        depth = self.meta("depth")
        found: dict[str, SerializerField] = {}
        for name in dict.fromkeys(names):
            field = declared.get(name) or self._from_model(
                model, name, extra.get(name, {}), depth if isinstance(depth, int) else 0, listed
            )
            if field is not None:
                found[name] = field
        return found, tuple(unknown)

    def _declared(self) -> Iterator[tuple[str, SerializerField]]:
        # DRF's metaclass: fields of serializer bases, nearest first; None takes an inherited one away. A plain
        # mixin's fields count too: it looks at `_declared_fields`, which only serializers have, so they do not.
        found: dict[str, SerializerField | None] = {}
        for cls in self.cls.mro:
            if not cls.derives_from(BASE_SERIALIZER) and cls is not self.cls:
                continue
            for name in cls.own:
                member = cls.own_member(name)
                if name in found or member is None:
                    continue
                field = self._index.field(self, name, member)
                if field is not None:
                    found[name] = field
                elif isinstance(member.binding, Assigned) and isinstance(member.binding.value, t.Nothing):
                    found[name] = None
        yield from ((name, field) for name, field in reversed(found.items()) if field is not None)

    def _model_names(self, model: Model) -> Iterator[str]:
        yield from ("id",) if "id" not in model.fields else ()
        for name, field in model.fields.items():
            relation = model.forward.get(name)
            if relation is not None and relation.kind in (
                RelationKind.GENERIC_FOREIGN_KEY,
                RelationKind.GENERIC_RELATION,
            ):
                continue
            if field.is_a(f.TAGGABLE):
                continue
            yield name

    def _extra_kwargs(self) -> Mapping[str, Mapping[str, t.Expr]]:
        value = self.meta_value("extra_kwargs")
        found: dict[str, Mapping[str, t.Expr]] = {}
        if value is not None and isinstance(value.expr, t.DictExpr):
            for key, entry in zip(value.expr.keys, value.expr.values, strict=True):
                if isinstance(key, t.String) and isinstance(entry, t.DictExpr):
                    found[key.value] = {
                        k.value: v for k, v in zip(entry.keys, entry.values, strict=True) if isinstance(k, t.String)
                    }
        return found

    def _from_model(
        self, model: Model, name: str, extra: Mapping[str, t.Expr], depth: int, listed: Value | None
    ) -> SerializerField | None:
        source = extra.get("source")
        accessor = source.value if isinstance(source, t.String) else name
        relation = model.relations.get(accessor)
        span = self._listed_at(name, listed)
        field = SerializerField(
            name,
            span,
            FieldKind.PLAIN,
            accessor,
            self.cls,
            self.cls.scope,
            write_only=isinstance(extra.get("write_only"), t.Boolean) and extra["write_only"] == _true(extra["write_only"]),
            declared=False,
        )
        if relation is None:
            return field
        if relation.kind is RelationKind.GENERIC_FOREIGN_KEY or (
            relation.field is not None and relation.field.is_a(f.TAGGABLE)
        ):
            return replace(field, kind=FieldKind.UNKNOWN)
        if depth:
            return replace(field, kind=FieldKind.DEPTH_NESTED_MANY if relation.to_many else FieldKind.DEPTH_NESTED, depth=depth)
        if relation.to_many:
            return replace(field, kind=FieldKind.PRIMARY_KEY_MANY)
        to_field = relation.field.argument("to_field") if relation.field is not None else None
        if to_field is not None and isinstance(to_field.expr, t.String) and not isinstance(relation.target, Unknown):
            key = relation.target.primary_key.field
            if to_field.expr.value != (key.name if key is not None else "id"):
                return replace(field, kind=FieldKind.SLUG, slug_field=to_field.expr.value)
        if self.cls.derives_from(f"{SERIALIZERS}.HyperlinkedModelSerializer"):
            return replace(field, kind=FieldKind.HYPERLINK)
        return replace(field, kind=FieldKind.PRIMARY_KEY)

    def _listed_at(self, name: str, listed: Value | None) -> Span:
        """The place in Meta that names a field, or all of them."""
        if listed is None:
            return self.cls.name_span
        match listed.expr:
            case t.TupleExpr(elements=elements) | t.ListExpr(elements=elements):
                for element in elements:
                    if isinstance(element, t.String) and element.value == name:
                        return listed.scope.module.span(element)
            case _:
                pass
        return listed.scope.module.span(listed.expr)


def _true(expr: t.Expr) -> t.Expr:
    return t.Boolean(expr.start, expr.end, True)


class Serializers:
    """All serializers that the project has or leads to."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._known: dict[Class, Serializer] = {}

    def of(self, cls: Class) -> Serializer | None:
        """The serializer that a class is; None for other classes and for the undecided."""
        known = self._known.get(cls)
        if known is None:
            roots = (BASE_SERIALIZER, *self.project.config.serializer_bases)
            if cls.derives_from_any(*roots) is not True:
                return None
            known = self._known[cls] = Serializer(self, cls)
        return known

    @cached_property
    def all(self) -> tuple[Serializer, ...]:
        """Every serializer written in the project outside its tests, in order of path and place."""
        found = (self.of(cls) for cls in self.project.classes if not cls.module.is_test)
        return tuple(serializer for serializer in found if serializer is not None)

    def field(self, serializer: Serializer, name: str, member: Member) -> SerializerField | None:
        """The field that a class attribute declares on `serializer`, None when it declares none."""
        match member.binding:
            case Assigned(value=t.Call() as call, element=None):
                return self._field(serializer, name, call, member.scope, member.owner)
            case _:
                return None

    def _field(
        self, serializer: Serializer, name: str, call: t.Call, scope: Scope, owner: Class
    ) -> SerializerField | None:
        symbol = self.project.resolve(call.func, scope)
        if isinstance(symbol, External):
            if not symbol.dotted.rpartition(".")[2].endswith(("Field", "Serializer")) or symbol.package == "builtins":
                return None
        elif not isinstance(symbol, Class):
            return None
        elif symbol.derives_from_any(_FIELD, BASE_SERIALIZER) is False:
            return None
        keywords = {keyword.name: keyword.value for keyword in call.keywords if keyword.name}
        many = self._is_true(keywords.get("many"), scope)
        field = SerializerField(
            name,
            scope.module.span(call),
            FieldKind.UNKNOWN,
            self._text(keywords.get("source"), scope) or name,
            owner,
            scope,
            call,
            self._is_true(keywords.get("write_only"), scope),
            self._is_true(keywords.get("read_only"), scope),
        )
        if isinstance(symbol, Class):
            nested = self.of(symbol)
            if nested is not None:
                kind = FieldKind.NESTED_MANY if many else FieldKind.NESTED
                return replace(field, kind=kind, serializer=nested)
        kind = kind_of(symbol, many=many)
        if kind is FieldKind.METHOD:
            given = keywords.get("method_name") or (call.args[0] if call.args else None)
            method = serializer.cls.method(self._text(given, scope) or f"get_{name}")
            return replace(field, kind=kind, method=method, read_only=True)
        return self._described(field, kind, symbol, keywords, scope)

    def _described(
        self,
        field: SerializerField,
        kind: FieldKind,
        symbol: Class | External,
        keywords: Mapping[str, t.Expr],
        scope: Scope,
    ) -> SerializerField:
        custom = symbol if isinstance(symbol, Class) else None
        by = "slug_field" if kind in (FieldKind.SLUG, FieldKind.SLUG_MANY) else "lookup_field"
        slug = self._text(keywords.get(by), scope)
        pk_only = uses_key_only(symbol)
        if kind is FieldKind.HYPERLINK and slug not in (None, "pk"):
            pk_only = False
        child = keywords.get("child")
        if kind is FieldKind.PLAIN and isinstance(child, t.Call):
            inner = self.project.resolve(child.func, scope)
            nested = self.of(inner) if isinstance(inner, Class) else None
            if nested is not None:
                return replace(field, kind=FieldKind.NESTED_MANY, serializer=nested)
            if isinstance(inner, (Class, External)):
                many_kind = kind_of(inner, many=True)
                if many_kind.is_many:
                    return replace(field, kind=many_kind, slug_field=slug)
        return replace(field, kind=kind, custom=custom, slug_field=slug, use_pk_only=pk_only)

    def _is_true(self, expr: t.Expr | None, scope: Scope) -> bool:
        return expr is not None and self.project.constant(expr, scope) is True

    def _text(self, expr: t.Expr | None, scope: Scope) -> str | None:
        value = self.project.constant(expr, scope) if expr is not None else None
        return value if isinstance(value, str) else None
