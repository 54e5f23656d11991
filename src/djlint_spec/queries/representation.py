"""What a DRF serializer reads of the rows it is given, field by field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec
from msgspec.structs import replace

from djlint_spec.diagnostics import Span
from djlint_spec.inference import attributes, calls
from djlint_spec.inference.evaluate import Evaluator
from djlint_spec.inference.frames import Frame
from djlint_spec.inference.values import (
    HOLDING,
    NONE,
    Instance,
    Items,
    Literal,
    ManagerOf,
    Many,
    Mapped,
    Method,
    OrmCall,
    QuerySet,
    Row,
    Rows,
    SerializerOf,
    Value,
    either,
    options,
)
from djlint_spec.project import Class, Member, Unknown
from djlint_spec.project.fields import RelationKind
from djlint_spec.project.module import Origin
from djlint_spec.project.serializer_fields import RELATED_FIELD
from djlint_spec.project.serializers import FieldKind, Serializer, SerializerField
from djlint_spec.queries import links
from djlint_spec.queries.shared import Shared

_REPRESENTED = Mapped((), open=True)


class Consumption(msgspec.Struct, frozen=True):
    """A queryset handed to a serializer with many=True: one query list of rows, read field by field."""

    serializer: Class
    queryset: QuerySet
    span: Span

    @property
    def rows(self) -> Rows:
        """The rows that reads are counted against."""
        return self.queryset.rows


@dataclass(slots=True)
class Representation:
    """The `Serialization` of an evaluator; gathers what was consumed on the way."""

    shared: Shared = field(default_factory=Shared)
    consumed: list[Consumption] = field(default_factory=list)
    doubts: list[Unknown] = field(default_factory=list)
    """Why something that is written out besides is not seen."""

    def serialize(self, ev: Evaluator, serializer: SerializerOf, span: Span) -> Value:
        """Read all that `serializer.data` reads."""
        if serializer.given is None:
            return _REPRESENTED
        with ev.journal.representing(serializer.cls):
            return self._serialize(ev, serializer, serializer.given, span)

    def _serialize(self, ev: Evaluator, serializer: SerializerOf, held: Value, span: Span) -> Value:
        if not serializer.many:
            in_loop = [
                one
                for one in options(held)
                if isinstance(one, Row) and one.rows is not None and ev.journal.goes_through(one.rows)
            ]
            if in_loop:
                self._consume_rows(ev, serializer, either(in_loop), span)
            for instance in options(held):
                self._one(ev, serializer, instance, span)
            return _REPRESENTED
        for given in options(held):
            for unknown in options(given.element if isinstance(given, Many) else given):
                if isinstance(unknown, Unknown):
                    ev.doubt(unknown.cause, unknown.detail)
            if isinstance(given, ManagerOf):
                given = calls.invoke(ev, OrmCall(given, "all"), [], {}, span)
                if isinstance(given, QuerySet) and given.span == span:
                    given = replace(given, span=None)  # no queryset is written there
            if isinstance(given, QuerySet) and given.stands_alone and given.loading.rows:
                self.consumed.append(Consumption(serializer.cls, given, span))
            if isinstance(given, Many):
                self._consume_rows(ev, serializer, given.element, span)
            self._list(ev, serializer, given, span)
        return Many(_REPRESENTED)

    def _consume_rows(self, ev: Evaluator, serializer: SerializerOf, element: Value, span: Span) -> None:
        """Rows of a list, or taken one by one, are those of the queryset that they come from."""
        if ev.journal.nested:
            return
        for option in options(element):
            if isinstance(option, Row) and option.rows is not None and not option.path and option.rows.of is None:
                rows = option.rows
                self.consumed.append(
                    Consumption(serializer.cls, QuerySet(rows.model, rows.loading, (), None, rows.span), span)
                )

    def _list(self, ev: Evaluator, serializer: SerializerOf, given: Value, span: Span) -> None:
        """What `many=True` does: the list serializer that the project names for the rows, else each row in turn."""
        found = ev.project.serializers.of(serializer.cls)
        through = found.list_serializer if found is not None else None
        member = through.cls.find("to_representation") if through is not None else None
        if through is not None and member is not None and member.function is not None and not _is_library(member):
            own = SerializerOf(through.cls, given, True, serializer.context, serializer.cls)
            with ev.journal.entering(member.function.name_span):
                ev.call(Method(member.function, own), [given], {}, None)
            return
        self._rows(ev, serializer, given, span)

    def _rows(self, ev: Evaluator, serializer: SerializerOf, given: Value, span: Span) -> None:
        element = self._each(ev, given, span)
        with ev.journal.for_each(element):
            for instance in options(element):
                self._one(ev, serializer, instance, span)

    def _one(self, ev: Evaluator, serializer: SerializerOf, instance: Value, span: Span) -> None:
        if ev.journal.is_muted:
            return
        if isinstance(instance, Row) and instance.rows is not None:
            alone = replace(serializer, given=None, many=False)
            self.shared.read(
                ev,
                alone,
                instance,
                self.consumed,
                lambda row: self._represent(ev, replace(alone, given=row), row, span),
            )
        else:
            self._represent(ev, serializer, instance, span)

    def _represent(self, ev: Evaluator, serializer: SerializerOf, instance: Value, span: Span) -> None:
        member = serializer.cls.find("to_representation")
        if member is not None and member.function is not None and not _is_library(member):
            with ev.journal.entering(member.function.name_span):
                result = ev.call(Method(member.function, serializer), [instance], {}, None)
                self._render(ev, result, member.function.name_span)
        else:
            self.represent(ev, serializer, instance, span)

    def represent(self, ev: Evaluator, serializer: SerializerOf, instance: Value, span: Span) -> Value:
        """Read what DRF's own `to_representation` reads: every field that is written out."""
        if serializer.child is not None:
            self._rows(ev, SerializerOf(serializer.child, instance, False, serializer.context), instance, span)
            return Many(_REPRESENTED)
        found = ev.project.serializers.of(serializer.cls)
        if found is None:
            ev.doubt("serializer not resolved", serializer.cls.dotted)
            return _REPRESENTED
        for unknown in found.unknown:
            ev.doubt(unknown.cause, unknown.detail)
        for chosen in self._chosen(ev, serializer, found):
            for serialized in (chosen, *chosen.others):
                if not serialized.write_only and not _is_column(ev, serialized, instance):
                    with ev.journal.entering(serialized.span, optional=serialized.optional):
                        self._field(ev, serializer, found, serialized, instance)
        return _REPRESENTED

    @staticmethod
    def _chosen(ev: Evaluator, serializer: SerializerOf, found: Serializer) -> Iterable[SerializerField]:
        """The fields that are there; one that is made with `fields=` or the like may keep some of its fields only."""
        fields = found.fields
        arguments = dict(serializer.arguments)
        for by in frozenset(by for f in fields.values() for by in f.dropped_by if by in arguments):
            given = arguments.pop(by)
            gone = frozenset[str]() if given == NONE else _names(given)
            if gone is None:
                ev.doubt("fields chosen by arguments of the serializer", serializer.cls.dotted)
            fields = {n: f for n, f in fields.items() if by not in f.dropped_by or (gone is not None and n not in gone)}
        if not arguments or not any(f.optional for f in fields.values()):
            return fields.values()
        kept = _names(arguments.get("fields"))
        if kept is not None:
            return [f for name, f in fields.items() if name in kept]
        ev.doubt("fields chosen by arguments of the serializer", serializer.cls.dotted)
        return [f for f in fields.values() if not f.optional]

    # -------------------------------------------------------------------------------------------- fields
    def _field(
        self, ev: Evaluator, serializer: SerializerOf, found: Serializer, f: SerializerField, instance: Value
    ) -> None:
        if f.kind is FieldKind.METHOD:
            if f.method is not None:
                static = any(dotted == "builtins.staticmethod" for dotted, _ in f.method.decorator_names())
                result = ev.call(Method(f.method, None if static else serializer), [instance], {}, f.span)
                self._render(ev, result, f.span)
            return
        taken = _own_attribute(serializer, f)
        if taken is not None:
            value = ev.call(taken, [instance], {}, f.span)
        elif f.source == "*":
            value = instance
        else:
            *way, last = f.source.split(".")
            value = instance
            for name in way:
                value = self._get(ev, value, name, f.span)
            if self._is_key_only(f, value, last):
                for option in options(value):
                    if isinstance(option, Row):
                        ev.column(option, last, f.span)
                return
            value = self._get(ev, value, last, f.span)
        match f.kind:
            case FieldKind.NESTED | FieldKind.NESTED_MANY:
                if f.serializer is not None:
                    many = f.kind is FieldKind.NESTED_MANY
                    given = {k.name: k.value for k in f.call.keywords if k.name} if f.call is not None else {}
                    frame = Frame(f.scope, {})
                    own = calls.own_arguments({name: ev.eval(expr, frame) for name, expr in given.items()})
                    nested = SerializerOf(f.serializer.cls, value, many, serializer.context, arguments=own)
                    self._nested(ev, f, nested, value, many=many)
            case FieldKind.SLUG:
                self._slug(ev, f, value)
            case FieldKind.STRING:
                ev.text(value, f.span)
            case FieldKind.PRIMARY_KEY_MANY:
                self._each_related(ev, value, f.span)
            case FieldKind.HYPERLINK_MANY:
                links.write(ev, f, _of_field(serializer, f.custom), self._each_related(ev, value, f.span))
            case FieldKind.HYPERLINK | FieldKind.HYPERLINK_IDENTITY:
                links.write(ev, f, _of_field(serializer, f.custom), value)
            case FieldKind.SLUG_MANY:
                self._slug(ev, f, self._each_related(ev, value, f.span))
            case FieldKind.STRING_MANY:
                ev.text(self._each_related(ev, value, f.span), f.span)
            case FieldKind.CUSTOM:
                self._custom(ev, serializer, f, value)
            case FieldKind.CUSTOM_MANY:
                self._custom(ev, serializer, f, self._each_related(ev, value, f.span))
            case FieldKind.DEPTH_NESTED | FieldKind.DEPTH_NESTED_MANY:
                self._depth(ev, f, value)
            case _:
                self._render(ev, value, f.span)

    def _get(self, ev: Evaluator, value: Value, name: str, span: Span) -> Value:
        results: list[Value] = []
        for option in options(value):
            got = attributes.attribute(ev, option, name, span)
            for inner in options(got):
                if isinstance(inner, (Method, OrmCall)):
                    inner = calls.invoke(ev, inner, [], {}, span)  # DRF calls what can be called
                results.append(inner)
        return either(results)

    @staticmethod
    def _is_key_only(f: SerializerField, value: Value, last: str) -> bool:
        """Whether the field is the key of a forward relation, which the row itself holds."""
        own = f.kind is FieldKind.CUSTOM and f.custom is not None and f.custom.derives_from(RELATED_FIELD) is True
        if not own and f.kind not in (FieldKind.PRIMARY_KEY, FieldKind.HYPERLINK):
            return False
        if not f.use_pk_only:
            return False
        for option in options(value):
            if isinstance(option, Row):
                relation = option.model.relations.get(last)
                if relation is None or not relation.kind.is_forward_key:
                    return False
        return True

    def _nested(self, ev: Evaluator, f: SerializerField, nested: SerializerOf, value: Value, *, many: bool) -> None:
        if many:
            self._list(ev, nested, value, f.span)
            return
        for instance in options(value):
            self._one(ev, nested, instance, f.span)

    def _each(self, ev: Evaluator, value: Value, span: Span) -> Value:
        """One element of what a many field goes through; managers are asked for `.all()`."""
        elements: list[Value] = []
        for option in options(value):
            if isinstance(option, ManagerOf):
                option = calls.invoke(ev, OrmCall(option, "all"), [], {}, span)
            elements.append(ev.iterate(option, span))
        return either(elements)

    def _each_related(self, ev: Evaluator, value: Value, span: Span) -> Value:
        """As `_each`, for ManyRelatedField: it asks whatever has an `all` for it, querysets too."""
        asked = (
            calls.invoke(ev, OrmCall(option, "all"), [], {}, span) if isinstance(option, QuerySet) else option
            for option in options(value)
        )
        return self._each(ev, either(asked), span)

    def _slug(self, ev: Evaluator, f: SerializerField, value: Value) -> None:
        for name in (f.slug_field or "").split("__"):
            if name:
                value = self._get(ev, value, name, f.span)

    def _custom(self, ev: Evaluator, serializer: SerializerOf, f: SerializerField, value: Value) -> None:
        if f.custom is None:
            return
        method = f.custom.method("to_representation")
        if method is not None and method.module.origin is not Origin.LIBRARY:
            result = ev.call(Method(method, _of_field(serializer, f.custom)), [value], {}, f.span)
            self._render(ev, result, f.span)
        else:
            links.write(ev, f, _of_field(serializer, f.custom), value)
            self._render(ev, value, f.span)

    def _depth(self, ev: Evaluator, f: SerializerField, value: Value, depth: int | None = None) -> None:
        """A relation that `depth` nests: every field of the target, its ManyToMany fields included."""
        left = f.depth if depth is None else depth
        element = self._each(ev, value, f.span) if f.many else value
        for option in options(element):
            if not isinstance(option, Row):
                continue
            for relation in option.model.forward.values():
                if relation.kind is RelationKind.MANY_TO_MANY:
                    targets = self._each(ev, ev.related(option, relation.name), f.span)
                    if left > 1:
                        self._depth_one(ev, f, targets, left - 1)
                elif relation.kind.is_forward_key and left > 1:
                    self._depth_one(ev, f, ev.load(option, relation.name, f.span), left - 1)

    def _depth_one(self, ev: Evaluator, f: SerializerField, value: Value, left: int) -> None:
        for option in options(value):
            if isinstance(option, Row):
                for relation in option.model.forward.values():
                    if relation.kind is RelationKind.MANY_TO_MANY:
                        self._each(ev, ev.related(option, relation.name), f.span)
                    elif relation.kind.is_forward_key and left > 1:
                        self._depth_one(ev, f, ev.load(option, relation.name, f.span), left - 1)

    def _render(self, ev: Evaluator, value: Value, span: Span) -> None:
        """A value that goes out as it is: a lazy queryset among it is evaluated by the renderer."""
        if type(value) not in HOLDING:
            return
        for option in options(value):
            match option:
                case QuerySet():
                    ev.iterate(option, span)
                case Mapped(entries=entries):
                    for _, held in entries:
                        self._render(ev, held, span)
                case Items(elements=elements):
                    for element in elements:
                        self._render(ev, element, span)
                case Many(element=element):
                    self._render(ev, element, span)
                case _:
                    pass


def _is_column(ev: Evaluator, f: SerializerField, instance: Value) -> bool:
    """Whether a field writes out a column that comes with the row: most do, and nothing is read for them."""
    return (
        f.kind is FieldKind.MODEL_DEFAULT
        and f.custom is None
        and isinstance(instance, Row)
        and instance.rows is not None
        and not instance.rows.loading.defers
        and not ev.set_attributes.state
        and f.source in instance.model.fields
        and f.source not in instance.model.relations
    )


def _own_attribute(serializer: SerializerOf, f: SerializerField) -> Method | None:
    """The project's own `get_attribute` of a field, which then reads the row; None where it may ask DRF's."""
    method = f.custom.method("get_attribute") if f.custom is not None and not f.many else None
    if f.custom is None or method is None or method.module.origin is Origin.LIBRARY or method.mentions("super"):
        return None
    return Method(method, _of_field(serializer, f.custom))


def _of_field(serializer: SerializerOf, cls: Class | None) -> Instance | None:
    """A field of a class of its own in a serializer, whose context it shares."""
    return Instance(cls, (("context", serializer.context or Mapped((), open=True)),)) if cls is not None else None


def _is_library(member: Member) -> bool:
    return member.owner.module.origin is Origin.LIBRARY


def _names(value: Value | None) -> frozenset[str] | None:
    """The texts of a list that is wholly known."""
    if not isinstance(value, Items):
        return None
    names = [element.value for element in value.elements if isinstance(element, Literal)]
    texts = frozenset(name for name in names if isinstance(name, str))
    return texts if len(names) == len(value.elements) else None
