"""Serializers as DRF builds them: declared fields, Meta.fields, `__all__`, depth, extra_kwargs, run-time changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from djlint_spec.diagnostics import Span
from djlint_spec.project.classes import Class
from djlint_spec.project.constants import Constant, strings
from djlint_spec.project.field_lists import NameList, entries_in, names_in
from djlint_spec.project.models import Model
from djlint_spec.project.module import Origin
from djlint_spec.project.serializer_changes import Added, Dropped, Rebuilt, changes
from djlint_spec.project.serializer_declarations import declared_fields, is_list_serializer, list_child
from djlint_spec.project.serializer_fields import SERIALIZERS, FieldKind, SerializerField
from djlint_spec.project.serializer_models import default_names, model_field
from djlint_spec.project.symbols import External, Unknown, Value
from djlint_spec.project.tracking import Memo, cached_property, circular

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

__all__ = ["FieldKind", "Serializer", "SerializerField", "Serializers"]

BASE_SERIALIZER = f"{SERIALIZERS}.BaseSerializer"
MODEL_SERIALIZER = f"{SERIALIZERS}.ModelSerializer"
_ALL_FIELDS = ("__all__", f"{SERIALIZERS}.ALL_FIELDS")


class _Built(msgspec.Struct, frozen=True):
    fields: Mapping[str, SerializerField]
    unknown: tuple[Unknown, ...]
    dynamic: tuple[Span, ...] = ()


class Serializer:
    """A serializer class. Compared by identity."""

    def __init__(self, index: Serializers, cls: Class) -> None:
        self.index = index
        self.cls = cls
        self.tracking = cls.tracking
        self.memo: Memo = {}

    def __repr__(self) -> str:
        return f"Serializer({self.cls.dotted!r})"

    @property
    def project(self) -> Project:
        """The project that the serializer is part of."""
        return self.cls.project

    @cached_property
    def is_model_serializer(self) -> bool:
        """Whether fields come from a model."""
        return self.cls.derives_from(MODEL_SERIALIZER) is True

    @cached_property
    def is_list_serializer(self) -> bool:
        """Whether the class writes many rows by another serializer, its `child`."""
        return is_list_serializer(self.cls)

    @cached_property
    def child(self) -> Serializer | None:
        """The serializer of the rows of a list serializer whose class names it."""
        return list_child(self)

    @cached_property
    def list_serializer(self) -> Serializer | None:
        """The project's own class that `many=True` goes through: Meta.list_serializer_class."""
        value = self.meta_value("list_serializer_class")
        symbol = self.project.resolve(value.expr, value.scope) if value is not None else None
        return self.index.of(symbol) if isinstance(symbol, Class) else None

    def overrides(self, method: str) -> bool:
        """Whether the method is defined by the project or a package other than DRF."""
        member = self.cls.find(method)
        return member is not None and not (
            member.owner.module.origin is Origin.LIBRARY and member.owner.module.name.startswith("rest_framework")
        )

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
        return self._built.unknown

    @property
    def fields(self) -> Mapping[str, SerializerField]:
        """The fields that are written out or read, by name, as far as they are known."""
        return self._built.fields

    @property
    def dynamic(self) -> tuple[Span, ...]:
        """The places in `__init__`, `get_fields` and the like that change the fields at run time."""
        return self._built.dynamic

    @circular(lambda _: _Built({}, (Unknown("serializer nested in itself"),)))
    def _built(self) -> _Built:
        fields, unknown = self._static()
        spans: list[Span] = []
        for change in changes(self):
            spans.append(change.span)
            match change:
                case Dropped(name=str(name), sure=True):
                    fields.pop(name, None)
                case Dropped(by=str(by)):
                    for field in tuple(fields.values()):
                        fields[field.name] = replace(field, dropped_by=field.dropped_by | {by})
                case Dropped(name=name):
                    for field in [field for field in fields.values() if name in (None, field.name)]:
                        fields[field.name] = replace(field, optional=True)
                case Added(field=field, sure=True):
                    fields[field.name] = field
                case Added(field=field):
                    earlier = fields.get(field.name)
                    others = () if earlier is None else (replace(earlier, optional=True, others=()), *earlier.others)
                    fields[field.name] = replace(field, optional=True, others=others)
                case Rebuilt(cause=cause):
                    unknown.append(cause)
        return _Built(fields, tuple(dict.fromkeys(unknown)), tuple(spans))

    def _static(self) -> tuple[dict[str, SerializerField], list[Unknown]]:
        unknown = list(self.cls.unresolved_bases)
        declared = declared_fields(self)
        if not self.is_model_serializer:
            return dict(declared), unknown
        model = self.model
        known = model if isinstance(model, Model) else None
        if known is None:
            unknown.append(
                model if isinstance(model, Unknown) else Unknown("ModelSerializer without a model", self.cls.dotted)
            )
        names = self._names(declared, known)
        unknown.extend(names.unknown)
        extra = self._extra_kwargs()
        read_only = {*strings(self.meta("read_only_fields"))}
        depth = self.meta("depth")
        found: dict[str, SerializerField] = {}
        for name, span in names.names.items():
            field = declared.get(name)
            if field is None:
                levels = depth if isinstance(depth, int) else 0
                field = model_field(self, known, name, span, extra.get(name, {}), levels)
                if name in read_only:
                    field = replace(field, read_only=True)
            found[name] = field
        return found, unknown

    def _names(self, declared: Mapping[str, SerializerField], model: Model | None) -> NameList:
        """The names of the fields, as `get_field_names` gives them, each with the place that asks for it."""
        listed = self.meta_value("fields")
        if listed is not None and not self._is_all(listed):
            names = names_in(self.project, listed.expr, listed.scope)
            # The declared fields of a list that is not wholly known are in it, or DRF would complain.
            rest = {name: field.span for name, field in declared.items()} if names.unknown else {}
            return NameList({**rest, **names.names}, names.unknown)
        span = listed.scope.module.span(listed.expr) if listed is not None else self.cls.name_span
        found = {name: field.span for name, field in declared.items()}
        if model is None:
            return NameList(found, ())
        unknown = list(model.unresolved)
        excluded = self.meta_value("exclude")
        if excluded is None and listed is None:
            unknown.append(Unknown("no Meta.fields", self.cls.dotted))
        left_out = names_in(self.project, excluded.expr, excluded.scope) if excluded is not None else NameList({}, ())
        for name in default_names(model):
            found.setdefault(name, span)
        return NameList(
            {name: place for name, place in found.items() if name not in left_out.names},
            (*unknown, *left_out.unknown),
        )

    def _is_all(self, listed: Value) -> bool:
        if self.project.constant(listed.expr, listed.scope) in _ALL_FIELDS:
            return True
        return self.project.dotted(listed.expr, listed.scope) in _ALL_FIELDS

    def _extra_kwargs(self) -> Mapping[str, Mapping[str, Value]]:
        value = self.meta_value("extra_kwargs")
        if value is None:
            return {}
        return {
            name: entries_in(self.project, entry.expr, entry.scope)
            for name, entry in entries_in(self.project, value.expr, value.scope).items()
        }


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

    @cached_property
    def undecided(self) -> tuple[tuple[Class, Unknown], ...]:
        """Classes with a base that is called a serializer but lies in a package not at hand."""
        return tuple(
            (cls, cls.unresolved_bases[0])
            for cls in self.project.classes
            if not cls.module.is_test
            and cls.derives_from(BASE_SERIALIZER) is None
            and any(
                isinstance(base, External) and base.dotted.endswith("Serializer")
                for ancestor in cls.mro
                for base in ancestor.bases
            )
        )
