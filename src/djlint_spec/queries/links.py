"""What the hyperlinked fields of DRF read of the rows that they link to, where the project writes the URL itself."""

from __future__ import annotations

from djlint_spec.inference import attributes
from djlint_spec.inference.evaluate import Evaluator
from djlint_spec.inference.frames import Frame
from djlint_spec.inference.values import NONE, SCALAR, Instance, Method, Request, Row, Value, either, options
from djlint_spec.project.module import Origin
from djlint_spec.project.serializer_fields import HYPERLINKED_FIELD
from djlint_spec.project.serializers import SerializerField


def write(ev: Evaluator, f: SerializerField, of_class: Instance | None, value: Value) -> None:
    """Read what the project's own `get_url` reads of each row; DRF's reads the `lookup_field`, a column.

    drf-nested-routers' goes from the row to each parent in the route too. `of_class` is the field, if it is of a class
    that the project knows.
    """
    for lookup in f.parent_lookups:
        for option in options(value):
            reached: Value = option
            for name in lookup.split("__"):
                reached = either(attributes.attribute(ev, one, name, f.span) for one in options(reached))
    if of_class is None or of_class.cls.derives_from(HYPERLINKED_FIELD) is not True:
        return
    method = of_class.cls.method("get_url")
    if method is None or method.module.origin is Origin.LIBRARY:
        return
    made = _made(ev, f, of_class)
    for option in options(value):
        if isinstance(option, Row):
            ev.call(Method(method, made), [option, SCALAR, Request(), NONE], {}, f.span)


def _made(ev: Evaluator, f: SerializerField, of_class: Instance) -> Instance:
    """The field with the attributes that its arguments and its own `__init__` give it."""
    frame = Frame(f.scope, {})
    arguments = f.call.args if f.call is not None else ()
    keywords = f.call.keywords if f.call is not None else ()
    with ev.journal.muted():
        args = [ev.eval(argument, frame) for argument in arguments]
        kwargs = {keyword.name: ev.eval(keyword.value, frame) for keyword in keywords if keyword.name}
        # DRF keeps the arguments that it knows as attributes of the same names.
        return ev.made(Instance(of_class.cls, (*of_class.known, *kwargs.items())), args, kwargs)
