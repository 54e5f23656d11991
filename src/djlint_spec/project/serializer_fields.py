"""Fields of DRF serializers: their kinds, and what a field class reads."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

import msgspec

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import calls
from djlint_spec.project.classes import Class, Function
from djlint_spec.project.symbols import External, Scope

if TYPE_CHECKING:
    from djlint_spec.project.serializers import Serializer

SERIALIZERS = "rest_framework.serializers"
RELATED_FIELD = f"{SERIALIZERS}.RelatedField"
PRIMARY_KEY_FIELD = f"{SERIALIZERS}.PrimaryKeyRelatedField"
HYPERLINKED_FIELD = f"{SERIALIZERS}.HyperlinkedRelatedField"
NESTED_HYPERLINK = "rest_framework_nested.relations.NestedHyperlinkedRelatedField"
_NESTED_IDENTITY = "rest_framework_nested.relations.NestedHyperlinkedIdentityField"


class FieldKind(enum.Enum):
    """How a field gets at its value; the many forms go through a related set.

    MODEL_DEFAULT and READ_ONLY_FIELD are what a ModelSerializer makes of a column, and of a property or method.
    """

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
    READ_ONLY_FIELD = "read-only field"
    PLAIN = "plain"
    MODEL_DEFAULT = "model default"
    DEPTH_NESTED = "depth nested"
    DEPTH_NESTED_MANY = "depth nested many"
    CUSTOM = "custom"
    CUSTOM_MANY = "custom many"
    UNKNOWN = "unknown"

    @property
    def is_many(self) -> bool:
        """Whether the field goes through several rows."""
        return self.value.endswith("many")


class SerializerField(msgspec.Struct, frozen=True):
    """One field as the serializer writes it out; `span` is the line that makes it read what it reads.

    `optional` fields are there on some ways through `__init__` or `get_fields` only, `others` under the same name on
    other ways. `dropped_by` are arguments of the serializer that take fields away by name. `declared` ones come from a
    class attribute, the rest from Meta and the model. `parent_lookups` are what a nested hyperlink reads of its object
    beside `lookup_field`.
    """

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
    lookup_field: str | None = None
    parent_lookups: tuple[str, ...] = ()
    optional: bool = False
    dropped_by: frozenset[str] = frozenset()
    others: tuple[SerializerField, ...] = ()

    @property
    def many(self) -> bool:
        """Whether the field goes through several rows."""
        return self.kind.is_many


_RELATED = {
    "PrimaryKeyRelatedField": (FieldKind.PRIMARY_KEY, FieldKind.PRIMARY_KEY_MANY),
    "SlugRelatedField": (FieldKind.SLUG, FieldKind.SLUG_MANY),
    "StringRelatedField": (FieldKind.STRING, FieldKind.STRING_MANY),
    "HyperlinkedIdentityField": (FieldKind.HYPERLINK_IDENTITY, FieldKind.HYPERLINK_MANY),
    "HyperlinkedRelatedField": (FieldKind.HYPERLINK, FieldKind.HYPERLINK_MANY),
}
_ALONE = {"SerializerMethodField": FieldKind.METHOD, "ReadOnlyField": FieldKind.READ_ONLY_FIELD}


def kind_of(field_class: Class | External, *, many: bool) -> FieldKind:
    """The kind of a field class that is no serializer."""
    if isinstance(field_class, External):
        return _kind_by_name(field_class.dotted.rpartition(".")[2], many=many)
    if field_class.derives_from(f"{SERIALIZERS}.SerializerMethodField"):
        return FieldKind.METHOD
    related = next(
        (kinds for name, kinds in _RELATED.items() if field_class.derives_from(f"{SERIALIZERS}.{name}")), None
    )
    if field_class.derives_from(_NESTED_IDENTITY):
        related = _RELATED["HyperlinkedIdentityField"]
    method = field_class.method("to_representation")
    if method is not None and not _is_drf(method):
        if (
            related == _RELATED["PrimaryKeyRelatedField"]
            and not many
            and not method.mentions("objects", ".get(", ".filter(")
        ):
            return FieldKind.PRIMARY_KEY  # it is handed an object that has nothing but the key
        return FieldKind.CUSTOM_MANY if many else FieldKind.CUSTOM
    if related is not None:
        return related[many]
    if field_class.unresolved_bases:
        return FieldKind.UNKNOWN
    return FieldKind.READ_ONLY_FIELD if field_class.derives_from(f"{SERIALIZERS}.ReadOnlyField") else FieldKind.PLAIN


def _kind_by_name(name: str, *, many: bool) -> FieldKind:
    if name in _RELATED:
        return _RELATED[name][many]
    plain = name.endswith("Field") and "Related" not in name
    return _ALONE.get(name, FieldKind.PLAIN if plain else FieldKind.UNKNOWN)


def _is_drf(method: Function) -> bool:
    return method.module.name.partition(".")[0] == "rest_framework"


def uses_key_only(field_class: Class | External) -> bool:
    """Whether a related field reads just the key: PrimaryKeyRelatedField and overrides of use_pk_only_optimization."""
    if isinstance(field_class, External):
        return True
    member = field_class.find("use_pk_only_optimization")
    if member is None or member.function is None or _is_drf(member.function):
        return not field_class.derives_from(RELATED_FIELD) or bool(
            field_class.derives_from(PRIMARY_KEY_FIELD) or field_class.derives_from(HYPERLINKED_FIELD)
        )
    match member.function.body:
        case (t.Return(value=t.Boolean(value=flag)),):
            return flag
        case _:
            return True


def passes_instance_on(field_class: Class | External) -> bool:
    """Whether `get_attribute` is overridden to give the row itself, as `source="*"` does."""
    method = field_class.method("get_attribute") if isinstance(field_class, Class) else None
    if method is None or len(method.params) < 2 or _is_drf(method):
        return False
    match method.body:
        case (t.Return(value=t.Name(id=name)),):
            return name == method.params[1].name
        case _:
            return False


def given_to_super(field_class: Class | External, keyword: str) -> t.Expr | None:
    """What a field class's own `__init__` hands up as `keyword`: `super().__init__(slug_field="code", **kwargs)`."""
    method = field_class.method("__init__") if isinstance(field_class, Class) else None
    if method is None or _is_drf(method) or not method.mentions(keyword):
        return None
    for call in calls(method.body):
        for given in call.keywords:
            if given.name == keyword:
                return given.value
    return None
