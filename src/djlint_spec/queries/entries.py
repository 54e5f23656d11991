"""Functions run by themselves: what their parameters hold when nothing is known of who calls them."""

from __future__ import annotations

from djlint_spec.inference.evaluate import Evaluator
from djlint_spec.inference.values import ClassValue, Instance, Mapped, Method, Request, Row, SerializerOf, Value
from djlint_spec.project import Class, Function, Project, Unknown

_VIEW = "django.views.View"
_SERIALIZER = "rest_framework.serializers.BaseSerializer"


def enter(ev: Evaluator, function: Function) -> Value:
    """What a function returns when it is called with arguments of which only the annotations tell."""
    receiver = _receiver(ev.project, function)
    params = function.params[1:] if receiver is not None else function.params
    given: dict[str, Value] = {"**": Unknown("parameter")}
    for parameter in params:
        if parameter.kind in ("normal", "keyword"):
            given[parameter.name] = Request() if parameter.name == "request" else ev.annotated(parameter, function)
    ev.steps = 0
    return ev.call(Method(function, receiver), [], given, None)


def _receiver(project: Project, function: Function) -> Value | None:
    owner = function.owner
    decorators = function.decorated_by
    if owner is None or "builtins.staticmethod" in decorators:
        return None
    if "builtins.classmethod" in decorators:
        return ClassValue(owner)
    return _object(project, owner)


def _object(project: Project, owner: Class) -> Value:
    model = project.models.of(owner)
    if model is not None:
        return Row(model)
    if owner.derives_from(_SERIALIZER):
        return SerializerOf(owner, None, many=False)
    if owner.derives_from(_VIEW):
        return Instance(owner, (("request", Request()), ("kwargs", Mapped((), open=True))))
    return Instance(owner)
