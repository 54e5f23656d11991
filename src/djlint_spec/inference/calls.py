"""Calls: the project's functions are followed, those of Django and Python are known by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from djlint_spec.diagnostics import Span
from djlint_spec.inference import attributes, containers, known_functions, orm
from djlint_spec.inference.frames import Frame
from djlint_spec.inference.values import (
    SCALAR,
    Builtin,
    ClassValue,
    Closure,
    Foreign,
    Instance,
    InThread,
    Items,
    Literal,
    ManagerOf,
    Many,
    Method,
    OrmCall,
    QuerySet,
    Row,
    SerializerOf,
    Value,
    either,
    options,
)
from djlint_spec.project import Class, Unknown
from djlint_spec.project.module import Origin

if TYPE_CHECKING:
    from djlint_spec.inference.evaluate import Evaluator

_BASE_SERIALIZER = "rest_framework.serializers.BaseSerializer"
_DRF_ARGUMENTS = frozenset(
    [
        "instance", "data", "partial", "context", "many", "allow_empty", "max_length", "min_length", "read_only",
        "write_only", "required", "default", "initial", "source", "label", "help_text", "style", "error_messages",
        "validators", "allow_null", "**",
    ]
)  # fmt: skip
_QUERYSET = "django.db.models.QuerySet"
_PAGINATE_QUERYSET = "rest_framework.generics.GenericAPIView.paginate_queryset"
_FILTER_QUERYSET = "rest_framework.generics.GenericAPIView.filter_queryset"

Args = Sequence[Value]
Kwargs = Mapping[str, Value]


def invoke(ev: Evaluator, target: Value, args: Sequence[Value], kwargs: Kwargs, span: Span) -> Value:
    """What calling a value gives."""
    called = _INVOKE.get(type(target))
    return called(ev, target, args, kwargs, span) if called is not None else SCALAR


def of_unseen(target: Value) -> Value | None:
    """What a call gives of code that is not seen, if it is given no rows; None for any other."""
    if type(target) is Unknown:
        return target
    if type(target) is Foreign and target.dotted not in known_functions.KNOWN:
        return _foreign(target.dotted)
    return None


def _unknown(ev: Evaluator, target: Unknown, args: Args, kwargs: Kwargs, span: Span) -> Value:
    ev.hand_on((*args, *kwargs.values()), span)
    return target


def _method(ev: Evaluator, target: Method, args: Args, kwargs: Kwargs, span: Span) -> Value:
    function = target.function
    dotted = function.dotted
    known = known_functions.KNOWN.get(dotted)
    if known is not None:
        return known(ev, args, kwargs, span)
    if dotted == _FILTER_QUERYSET:
        return _filtered(ev, target.receiver, args, span)
    if dotted == _PAGINATE_QUERYSET:
        # A page is a list, also of what is not known; a view without pages would give None.
        return either(
            Many(one) if isinstance(one, Unknown) else one for one in options(known_functions.first(args, {}))
        )
    if function.name == "to_representation" and function.module.origin is Origin.LIBRARY:
        return ev.represent(target.receiver, args, span)
    result = ev.call(target, args, kwargs, span)
    if not isinstance(target.receiver, (QuerySet, ManagerOf)):
        return result
    handed = [option for value in (*args, *kwargs.values()) for option in options(value)]
    return _from_here(target.receiver, result, handed, span)


def _class(ev: Evaluator, target: ClassValue, args: Args, kwargs: Kwargs, span: Span) -> Value:
    return _construct(ev, target.cls, args, kwargs, span)


def _of_package(ev: Evaluator, target: Foreign, args: Args, kwargs: Kwargs, span: Span) -> Value:
    known = known_functions.KNOWN.get(target.dotted)
    if known is not None:
        return known(ev, args, kwargs, span)
    ev.hand_on((*args, *kwargs.values()), span)
    return _foreign(target.dotted)


def _builtin(ev: Evaluator, target: Builtin, args: Args, kwargs: Kwargs, span: Span) -> Value:
    return containers.of_plain(ev, target, args, span)


def _closure(ev: Evaluator, target: Closure, args: Args, kwargs: Kwargs, span: Span) -> Value:
    names = [parameter.name for parameter in target.node.params]
    return ev.eval(target.node.body, Frame(target.scope, dict(zip(names, args, strict=False))))


def _in_thread(ev: Evaluator, target: InThread, args: Args, kwargs: Kwargs, span: Span) -> Value:
    return ev.in_thread(target.target, args, kwargs, span)


def _manager(ev: Evaluator, target: ManagerOf, args: Args, kwargs: Kwargs, span: Span) -> Value:
    return target  # `order.lines(manager="objects")`


_INVOKE: Mapping[type, Callable[..., Value]] = {
    Unknown: _unknown, Method: _method, OrmCall: orm.call, ClassValue: _class, Foreign: _of_package,
    Builtin: _builtin, Closure: _closure, InThread: _in_thread, ManagerOf: _manager,
}  # fmt: skip
"""What calls each kind of value, as `(evaluator, value, args, kwargs, span)`."""


def _filtered(ev: Evaluator, view: Value | None, args: Args, span: Span) -> Value:
    """What the filter backends of a view make of a queryset: those of packages narrow it, ours are followed."""
    queryset = known_functions.first(args, {})
    backends = attributes.attribute(ev, view, "filter_backends", span) if isinstance(view, Instance) else None
    for backend in backends.elements if isinstance(backends, Items) else ():
        method = backend.cls.method("filter_queryset") if isinstance(backend, ClassValue) else None
        if method is None or method.module.origin is Origin.LIBRARY or not isinstance(backend, ClassValue):
            continue
        request = view.get("request") if isinstance(view, Instance) else None
        given = [request or Unknown("request"), queryset, view or Unknown("view")]
        result = ev.call(Method(method, Instance(backend.cls)), given, {}, span)
        found = [option for option in options(result) if isinstance(option, QuerySet)]
        if found:
            queryset = either(found)
    return queryset


def _from_here(receiver: QuerySet | ManagerOf, result: Value, handed: Sequence[Value], span: Span) -> Value:
    """A queryset that a manager's or queryset's own method made counts as built at the call; not one `handed` to it."""
    before = receiver.span if isinstance(receiver, QuerySet) else None
    return either(
        replace(option, span=orm.grown(before, span))
        if isinstance(option, QuerySet) and option not in handed
        else option
        for option in options(result)
    )


def _foreign(dotted: str) -> Value:
    if dotted.startswith("django.db.models."):
        return SCALAR  # F, Q, aggregates, functions
    return Unknown("result of a package's function", dotted)


def own_arguments(kwargs: Kwargs) -> tuple[tuple[str, Value], ...]:
    """The arguments of a serializer's constructor that are not DRF's."""
    return tuple((name, value) for name, value in kwargs.items() if name not in _DRF_ARGUMENTS)


def _construct(ev: Evaluator, cls: Class, args: Args, kwargs: Kwargs, span: Span) -> Value:
    known = known_functions.KNOWN.get(cls.dotted)
    if known is not None:
        return known(ev, args, kwargs, span)
    model = ev.project.models.of(cls)
    if model is not None:
        return Row(model)
    if cls.derives_from(_BASE_SERIALIZER):
        given = args[0] if args else kwargs.get("instance")
        many = kwargs.get("many", Literal(False))
        if given is not None and isinstance(given, Literal) and given.value is None:
            given = None
        return SerializerOf(cls, given, many == Literal(True), kwargs.get("context"), arguments=own_arguments(kwargs))
    if cls.derives_from(_QUERYSET):
        return orm.construct(ev, cls, args, kwargs, span)
    if cls.dotted.startswith("django.db.models."):
        return SCALAR
    return Instance(cls)
