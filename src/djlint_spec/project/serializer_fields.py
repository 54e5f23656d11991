"""Fields of DRF serializers: their kinds, and what a call or a model's field makes."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.project.classes import Class, Function
from djlint_spec.project.symbols import External, Scope

if TYPE_CHECKING:
    from djlint_spec.project.serializers import Serializer

SERIALIZERS = "rest_framework.serializers"
RELATED_FIELD = f"{SERIALIZERS}.RelatedField"


class FieldKind(enum.Enum):
    """How a field gets at its value; the many forms go through a related set."""

    NESTED = "nested"
    NESTED_MANY = "nested many"
    PRIMARY_KEY = "primary key"
    PRIMARY_KEY_MANY = "primary key many"
    SLUG = "slug"
    SLUG_MANY = "slug many"
    STRING = "string"
    STRING_MANY = "string many"
    HYPERLINK = "hyperlink"
    HYPERLINK_MANY = "hyperlink many"
    HYPERLINK_IDENTITY = "hyperlink identity"
    METHOD = "method"
    PLAIN = "plain"
    DEPTH_NESTED = "depth nested"
    DEPTH_NESTED_MANY = "depth nested many"
    CUSTOM = "custom"
    CUSTOM_MANY = "custom many"
    UNKNOWN = "unknown"

    @property
    def is_many(self) -> bool:
        """Whether the field goes through several rows."""
        return self.value.endswith("many")


@dataclass(frozen=True, slots=True)
class SerializerField:
    """One field as the serializer writes it out; `span` is the line that makes it read what it reads."""

    name: str
    span: Span
    kind: FieldKind
    source: str
    owner: Class
    scope: Scope
    call: t.Call | None = None
    write_only: bool = False
    read_only: bool = False
    serializer: Serializer | None = None
    method: Function | None = None
    slug_field: str | None = None
    custom: Class | None = None
    use_pk_only: bool = True
    depth: int = 0
    declared: bool = True

    @property
    def many(self) -> bool:
        """Whether the field goes through several rows."""
        return self.kind.is_many


_RELATED = {
    "PrimaryKeyRelatedField": (FieldKind.PRIMARY_KEY, FieldKind.PRIMARY_KEY_MANY),
    "SlugRelatedField": (FieldKind.SLUG, FieldKind.SLUG_MANY),
    "StringRelatedField": (FieldKind.STRING, FieldKind.STRING_MANY),
    "HyperlinkedIdentityField": (FieldKind.HYPERLINK_IDENTITY, FieldKind.HYPERLINK_IDENTITY),
    "HyperlinkedRelatedField": (FieldKind.HYPERLINK, FieldKind.HYPERLINK_MANY),
}


def kind_of(field_class: Class | External, *, many: bool) -> FieldKind:
    """The kind of a field class that is no serializer."""
    if isinstance(field_class, External):
        name = field_class.dotted.rpartition(".")[2]
        if name in _RELATED:
            return _RELATED[name][many]
        return FieldKind.METHOD if name == "SerializerMethodField" else FieldKind.PLAIN if _plain(name) else FieldKind.UNKNOWN
    if field_class.derives_from(f"{SERIALIZERS}.SerializerMethodField"):
        return FieldKind.METHOD
    method = field_class.method("to_representation")
    if method is not None and method.module.name.partition(".")[0] != "rest_framework":
        return FieldKind.CUSTOM_MANY if many else FieldKind.CUSTOM
    for name, kinds in _RELATED.items():
        if field_class.derives_from(f"{SERIALIZERS}.{name}"):
            return kinds[many]
    if field_class.unresolved_bases:
        return FieldKind.UNKNOWN
    return FieldKind.PLAIN


def _plain(name: str) -> bool:
    return name.endswith("Field") and "Related" not in name


def uses_key_only(field_class: Class | External) -> bool:
    """Whether a related field reads just the key: PrimaryKeyRelatedField, and what overrides use_pk_only_optimization."""
    if isinstance(field_class, External):
        return True
    member = field_class.find("use_pk_only_optimization")
    if member is None or member.function is None:
        return not field_class.derives_from(RELATED_FIELD) or bool(
            field_class.derives_from(f"{SERIALIZERS}.PrimaryKeyRelatedField")
            or field_class.derives_from(f"{SERIALIZERS}.HyperlinkedRelatedField")
        )
    match member.function.body:
        case (t.Return(value=t.Boolean(value=flag)),):
            return flag
        case _:
            return True
