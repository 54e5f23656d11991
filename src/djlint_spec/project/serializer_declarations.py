"""Fields that serializer classes declare as attributes, collected as DRF's metaclass does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import statements_of
from djlint_spec.project.classes import Class, Function, Member
from djlint_spec.project.serializer_fields import (
    NESTED_HYPERLINK,
    RELATED_FIELD,
    SERIALIZERS,
    FieldKind,
    SerializerField,
    given_to_super,
    kind_of,
    passes_instance_on,
    uses_key_only,
)
from djlint_spec.project.symbols import Assigned, External, Scope, Value

if TYPE_CHECKING:
    from djlint_spec.project.serializers import Serializer

_FIELD = f"{SERIALIZERS}.Field"
_SERIALIZER = f"{SERIALIZERS}.Serializer"
_METACLASS = f"{SERIALIZERS}.SerializerMetaclass"
_LIST_SERIALIZER = f"{SERIALIZERS}.ListSerializer"


def declared_fields(serializer: Serializer) -> Mapping[str, SerializerField]:
    """The fields declared on a serializer and its bases.

    As in DRF's SerializerMetaclass, a class collects those of its bases in their order, not in that of the MRO;
    any other attribute of its own takes an inherited field away; classes without that metaclass give none.
    """
    return _collected(serializer, serializer.cls, ())


def _collected(serializer: Serializer, cls: Class, seen: tuple[Class, ...]) -> Mapping[str, SerializerField]:
    own: dict[str, SerializerField] = {}
    hidden: set[str] = set()
    for name in cls.own:
        member = cls.own_member(name)
        field = declared_field(serializer, member) if member is not None else None
        if field is not None:
            own[name] = field
        elif member is not None and not (isinstance(member.binding, Assigned) and member.binding.value is None):
            hidden.add(name)
    found: dict[str, SerializerField] = {}
    for base in cls.bases:
        if isinstance(base, Class) and base not in seen and _collects(base):
            for name, field in _collected(serializer, base, (*seen, cls)).items():
                if name not in hidden:
                    found.setdefault(name, field)
    return {**found, **own}


def _collects(cls: Class) -> bool:
    # A base that is not at hand may bring the metaclass: None counts.
    if cls.derives_from_any(_SERIALIZER, *cls.project.config.serializer_bases) is not False:
        return True
    return any(
        keyword.name == "metaclass" and cls.project.dotted(keyword.value, ancestor.defining_scope) == _METACLASS
        for ancestor in cls.mro
        for keyword in ancestor.node.keywords
    )


def declared_field(serializer: Serializer, member: Member) -> SerializerField | None:
    """The field that a class attribute declares on `serializer`, None when it declares none."""
    match member.binding:
        case Assigned(value=t.Call() as call, element=None):
            return field_of_call(serializer, member.name, call, member.scope, member.owner)
        case Assigned(value=t.Name() | t.Attribute() as name, element=None):
            symbol = serializer.project.resolve(name, member.scope)
            if isinstance(symbol, Value) and isinstance(symbol.expr, t.Call):
                return field_of_call(serializer, member.name, symbol.expr, symbol.scope, member.owner)
            return None
        case _:
            return None


def field_of_call(
    serializer: Serializer, name: str, call: t.Call, scope: Scope, owner: Class
) -> SerializerField | None:
    """The field that a call makes under `name` on `serializer`, None when it makes none."""
    symbol = serializer.project.resolve(call.func, scope)
    match symbol:
        case Class():
            if symbol.derives_from_any(_FIELD, f"{SERIALIZERS}.BaseSerializer") is False:
                return None
            return _Declaration(serializer, name, call, scope, owner).field(symbol)
        case External(dotted=dotted):
            if symbol.package == "builtins" or not dotted.endswith(("Field", "Serializer")):
                return None
            return _Declaration(serializer, name, call, scope, owner).field(symbol)
        case Function():
            return _made_by(serializer, name, symbol, owner)
        case _:
            return None


def _made_by(serializer: Serializer, name: str, factory: Function, owner: Class) -> SerializerField | None:
    """The field that a function of the project returns, when it does so in one place."""
    returned = [node.value for node in statements_of(factory.body) if isinstance(node, t.Return)]
    match returned:
        case [t.Call(func=t.Name() | t.Attribute() as func) as call] if (
            serializer.project.resolve(func, factory.scope) is not factory
        ):
            return field_of_call(serializer, name, call, factory.scope, owner)
        case _:
            return None


class _Declaration:
    """One call that makes a field."""

    def __init__(self, serializer: Serializer, name: str, call: t.Call, scope: Scope, owner: Class) -> None:
        self._serializer = serializer
        self._project = serializer.project
        self._name = name
        self._call = call
        self._scope = scope
        self._owner = owner
        self._keywords = {keyword.name: keyword.value for keyword in call.keywords if keyword.name}

    def field(self, made: Class | External) -> SerializerField:
        """The field, `made` being the class that is called."""
        many = self._is_true("many")
        plain = SerializerField(
            self._name,
            self._scope.module.span(self._call),
            FieldKind.UNKNOWN,
            "*" if passes_instance_on(made) else self._text("source") or self._name,
            self._owner,
            self._scope,
            self._call,
            self._is_true("write_only") or _is_hidden(made),
            self._is_true("read_only"),
        )
        nested = self._serializer.index.of(made) if isinstance(made, Class) else None
        if nested is not None:
            return self._nested(plain, nested, many=many)
        kind = kind_of(made, many=many)
        if kind is FieldKind.METHOD:
            method = self._serializer.cls.method(self._text("method_name", 0) or f"get_{self._name}")
            return replace(plain, kind=kind, source="*", method=method, read_only=True)
        if kind is FieldKind.HYPERLINK_IDENTITY:
            lookup = self._text("lookup_field") or "pk"
            linked = replace(plain, kind=kind, source="*", lookup_field=lookup, read_only=True)
            if isinstance(made, Class):
                return replace(linked, custom=made, parent_lookups=self._parents(made))
            return linked
        child = self._keywords.get("child") or self._keywords.get("child_relation")
        if kind is FieldKind.PLAIN and isinstance(child, t.Call):
            return self._of_children(plain, child)
        return self._related(plain, kind, made)

    def _nested(self, plain: SerializerField, nested: Serializer, *, many: bool) -> SerializerField:
        child = self._keywords.get("child")
        if nested.is_list_serializer:
            inner = self._project.resolve(child.func, self._scope) if isinstance(child, t.Call) else None
            of_rows = self._serializer.index.of(inner) if isinstance(inner, Class) else nested.child
            return replace(plain, kind=FieldKind.NESTED_MANY, serializer=of_rows)
        return replace(plain, kind=FieldKind.NESTED_MANY if many else FieldKind.NESTED, serializer=nested)

    def _of_children(self, plain: SerializerField, child: t.Call) -> SerializerField:
        """What `ListField(child=...)` and its like make: a list of what the child makes."""
        made = self._project.resolve(child.func, self._scope)
        nested = self._serializer.index.of(made) if isinstance(made, Class) else None
        if nested is not None:
            return replace(plain, kind=FieldKind.NESTED_MANY, serializer=nested)
        if not isinstance(made, (Class, External)):
            return replace(plain, kind=FieldKind.PLAIN)
        kind = kind_of(made, many=True)
        if not kind.is_many:
            return replace(plain, kind=FieldKind.PLAIN)
        inner = _Declaration(self._serializer, self._name, child, self._scope, self._owner)
        return replace(inner._related(plain, kind, made))

    def _related(self, plain: SerializerField, kind: FieldKind, made: Class | External) -> SerializerField:
        custom = made if isinstance(made, Class) else None
        slug = lookup = None
        pk_only = uses_key_only(made)
        if kind in (FieldKind.SLUG, FieldKind.SLUG_MANY) or (custom and custom.derives_from(RELATED_FIELD)):
            handed = given_to_super(made, "slug_field")
            slug = self._text("slug_field", 0) or (self._fold(handed, custom) if handed and custom else None)
        if kind in (FieldKind.HYPERLINK, FieldKind.HYPERLINK_MANY):
            lookup = self._text("lookup_field") or (self._attribute(custom, "lookup_field") if custom else None) or "pk"
            named = self._keywords.get("lookup_field")
            pk_only = pk_only and lookup == "pk" and (named is None or isinstance(named, t.String))
        return replace(
            plain,
            kind=kind,
            custom=custom,
            slug_field=slug,
            lookup_field=lookup,
            parent_lookups=self._parents(custom) if custom is not None else (),
            use_pk_only=pk_only,
        )

    def _parents(self, cls: Class) -> tuple[str, ...]:
        """The lookups of drf-nested-routers' hyperlinks: each is followed from the object to a part of its URL."""
        if not cls.derives_from(NESTED_HYPERLINK):
            return ()
        expr, scope = self._keywords.get("parent_lookup_kwargs"), self._scope
        member = cls.find("parent_lookup_kwargs")
        if expr is None and member is not None:
            expr, scope = member.value, member.scope
        if not isinstance(expr, t.DictExpr):
            return ()
        lookups = [self._project.constant(value, scope) for value in expr.values]
        return tuple(lookup for lookup in lookups if isinstance(lookup, str))

    def _fold(self, expr: t.Expr, cls: Class) -> str | None:
        method = cls.method("__init__")
        value = self._project.constant(expr, method.scope) if method is not None else None
        return value if isinstance(value, str) else None

    def _attribute(self, cls: Class, name: str) -> str | None:
        member = cls.find(name)
        value = self._project.constant(member.value, member.scope) if member is not None and member.value else None
        return value if isinstance(value, str) else None

    def _is_true(self, keyword: str) -> bool:
        expr = self._keywords.get(keyword)
        return expr is not None and self._project.constant(expr, self._scope) is True

    def _text(self, keyword: str, position: int | None = None) -> str | None:
        expr = self._keywords.get(keyword)
        if expr is None and position is not None and position < len(self._call.args):
            expr = self._call.args[position]
        value = self._project.constant(expr, self._scope) if expr is not None else None
        return value if isinstance(value, str) else None


def _is_hidden(made: Class | External) -> bool:
    # HiddenField sets write_only itself.
    if isinstance(made, Class):
        return made.derives_from(f"{SERIALIZERS}.HiddenField") is True
    return made.dotted.endswith(".HiddenField")


def list_child(serializer: Serializer) -> Serializer | None:
    """The serializer of the rows of a ListSerializer that names it in its body (`child = RowSerializer()`)."""
    member = serializer.cls.find("child")
    call = member.value if member is not None else None
    if member is None or not isinstance(call, t.Call):
        return None
    made = serializer.project.resolve(call.func, member.scope)
    return serializer.index.of(made) if isinstance(made, Class) else None


def is_list_serializer(cls: Class) -> bool:
    """Whether a class is a ListSerializer."""
    return cls.derives_from(_LIST_SERIALIZER) is True
