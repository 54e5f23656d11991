"""Fields that a ModelSerializer builds from its model: columns, relations, properties, the url."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from djlint_spec.diagnostics import Span
from djlint_spec.project import fields as f
from djlint_spec.project.classes import Class
from djlint_spec.project.fields import Relation, RelationKind
from djlint_spec.project.models import KeyKind, Model
from djlint_spec.project.serializer_fields import SERIALIZERS, FieldKind, SerializerField, kind_of, uses_key_only
from djlint_spec.project.symbols import External, Unknown, Value

if TYPE_CHECKING:
    from djlint_spec.project.serializers import Serializer

_HYPERLINKED = f"{SERIALIZERS}.HyperlinkedModelSerializer"
_GENERIC = (RelationKind.GENERIC_FOREIGN_KEY, RelationKind.GENERIC_RELATION)


def key_name(model: Model) -> str:
    """The name of the key that DRF serializes: a parent's for a model that extends another's table."""
    key = model.primary_key
    if key.kind is KeyKind.LINKED:
        return key_name(model.concrete.parents[0])
    return key.field.name if key.field is not None else "id"


def default_names(model: Model) -> Iterator[str]:
    """The names that `"__all__"` stands for: key, columns, forward relations; no generic or reverse ones.

    DRF's `get_default_field_names`; fields with serialize=False and links to a parent's table are left out.
    """
    yield key_name(model)
    for name, field in model.fields.items():
        relation = model.forward.get(name)
        if (relation is not None and relation.kind in _GENERIC) or field.is_a(f.TAGGABLE):
            continue
        if _is_serialized(field):
            yield name


def _is_serialized(field: f.Field) -> bool:
    given = field.argument("serialize")
    return given is None or field.owner.project.constant(given.expr, given.scope) is not False


def model_field(
    serializer: Serializer, model: Model | None, name: str, span: Span, extra: Mapping[str, Value], depth: int
) -> SerializerField:
    """The field that DRF's `build_field` makes of a name in Meta; of kind UNKNOWN where the model is not known."""
    source = _text(serializer, extra.get("source")) or name
    field = SerializerField(
        name,
        span,
        FieldKind.UNKNOWN,
        source,
        serializer.cls,
        serializer.cls.scope,
        write_only=_is_true(serializer, extra.get("write_only")),
        read_only=_is_true(serializer, extra.get("read_only")),
        declared=False,
    )
    if model is None:
        return field
    relation = model.relations.get(source)
    if relation is not None and (relation.field is None or not relation.field.is_a(f.TAGGABLE)):
        if relation.kind is RelationKind.GENERIC_FOREIGN_KEY:
            return field
        if relation.kind is RelationKind.GENERIC_RELATION:
            return replace(field, kind=FieldKind.READ_ONLY_FIELD, read_only=True)
        return _of_relation(serializer, field, relation, extra, depth)
    if source in ("pk", key_name(model)) or (source in model.fields and _is_serialized(model.fields[source])):
        return replace(field, kind=FieldKind.MODEL_DEFAULT)
    if source in model.attnames or model.cls.find(source) is not None or _is_display(model, source):
        return replace(field, kind=FieldKind.READ_ONLY_FIELD, read_only=True)
    if source == "url":
        return replace(field, kind=FieldKind.HYPERLINK_IDENTITY, source="*", read_only=True)
    return field


def _is_display(model: Model, name: str) -> bool:
    return name.startswith("get_") and name.endswith("_display") and name[4:-8] in model.fields


def _of_relation(
    serializer: Serializer, field: SerializerField, relation: Relation, extra: Mapping[str, Value], depth: int
) -> SerializerField:
    many = relation.to_many
    if depth and not (relation.field is not None and _is_own_key(relation)):
        kind = FieldKind.DEPTH_NESTED_MANY if many else FieldKind.DEPTH_NESTED
        return replace(field, kind=kind, depth=depth, read_only=True)
    if serializer.overrides("build_relational_field"):
        return field
    slug = _to_field(relation)
    if slug is not None:
        return replace(field, kind=FieldKind.SLUG, slug_field=slug)
    made = _related_class(serializer)
    if made is not None:
        kind = kind_of(made, many=many)
    elif serializer.cls.derives_from(_HYPERLINKED):
        kind = FieldKind.HYPERLINK_MANY if many else FieldKind.HYPERLINK
    else:
        kind = FieldKind.PRIMARY_KEY_MANY if many else FieldKind.PRIMARY_KEY
    lookup = None
    pk_only = made is None or uses_key_only(made)
    if kind in (FieldKind.HYPERLINK, FieldKind.HYPERLINK_MANY):
        lookup = _text(serializer, extra.get("lookup_field")) or "pk"
        pk_only = pk_only and lookup == "pk"
    custom = made if isinstance(made, Class) else None
    return replace(field, kind=kind, custom=custom, lookup_field=lookup, use_pk_only=pk_only)


def _is_own_key(relation: Relation) -> bool:
    # The key comes before the relations in `build_field`, so that a key that is a relation is never nested.
    return relation.kind.is_forward_key and relation.field is not None and relation.field.flag("primary_key")


def _to_field(relation: Relation) -> str | None:
    """The column that a ForeignKey points to, where that is not the key: DRF makes a SlugRelatedField of it."""
    if not relation.kind.is_forward_key or relation.field is None or isinstance(relation.target, Unknown):
        return None
    given = relation.field.argument("to_field")
    name = relation.target.project.constant(given.expr, given.scope) if given is not None else None
    return name if isinstance(name, str) and name != key_name(relation.target) else None


def _related_class(serializer: Serializer) -> Class | External | None:
    member = serializer.cls.find("serializer_related_field")
    if member is None or member.value is None or member.owner.module.name.startswith("rest_framework."):
        return None
    symbol = serializer.project.resolve(member.value, member.scope)
    return symbol if isinstance(symbol, (Class, External)) else None


def _text(serializer: Serializer, value: Value | None) -> str | None:
    folded = serializer.project.constant(value.expr, value.scope) if value is not None else None
    return folded if isinstance(folded, str) and folded != "*" else None


def _is_true(serializer: Serializer, value: Value | None) -> bool:
    return value is not None and serializer.project.constant(value.expr, value.scope) is True
