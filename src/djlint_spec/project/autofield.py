"""The key that Django makes for a model that declares none: of which type, and what decides it."""

from __future__ import annotations

import msgspec

from djlint_spec.diagnostics import Span
from djlint_spec.project.apps import app_of
from djlint_spec.project.classes import Class
from djlint_spec.project.models import KeyKind, Model
from djlint_spec.project.project import Project
from djlint_spec.project.symbols import Unknown, Value

_UUID = "django.db.models.UUIDField"


class ImplicitKey(msgspec.Struct, frozen=True):
    """The field class of an implicit key, and the place that decides it."""

    kind: str
    is_uuid: bool
    span: Span


def implicit_key(model: Model) -> ImplicitKey | None:
    """What decides a model's implicit key: its AppConfig, else DEFAULT_AUTO_FIELD, else Django's default.

    None where the deciding value is not resolved. Django's own default is AutoField up to 5.2 and BigAutoField from
    6.0 (the docs of DEFAULT_AUTO_FIELD); it is told at the app's first model.
    """
    project = model.project
    app = app_of(project, model.cls.module)
    if app is not None and app.config is not None:
        member = app.config.find("default_auto_field")
        if member is not None and member.owner.is_ours and member.value is not None:
            return _decided(project, Value(member.value, member.scope))
        if app.config.unresolved_bases:
            return None  # an AppConfig of a package may decide
    value = project.setting("DEFAULT_AUTO_FIELD")
    if value is not None:
        return _decided(project, value)
    first = next(other for other in project.models.all if _has_such_key(other) and other.app_label == model.app_label)
    oldest = "AutoField" if not project.versions.django.all_at_least("6.0") else "BigAutoField"
    return ImplicitKey(oldest, False, first.cls.name_span)


def _has_such_key(model: Model) -> bool:
    if model.abstract or model.proxy or not model.managed or model.unresolved:
        return False
    return model.primary_key.kind is KeyKind.IMPLICIT


def _decided(project: Project, value: Value) -> ImplicitKey | None:
    dotted = project.constant(value.expr, value.scope)
    if isinstance(dotted, Unknown) or not isinstance(dotted, str):
        return None
    symbol = project.dotted_symbol(dotted)
    kind = dotted.rpartition(".")[2]
    span = value.scope.module.span(value.expr)
    if isinstance(symbol, Class):
        is_uuid = symbol.derives_from(_UUID)
        return None if is_uuid is None else ImplicitKey(kind, is_uuid, span)
    return ImplicitKey(kind, False, span) if dotted.startswith("django.db.models.") else None
