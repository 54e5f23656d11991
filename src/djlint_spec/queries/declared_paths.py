"""Lookup paths that classes declare: Meta of models, options of admin classes, attributes of API views."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.project import Class, Project, Scope
from djlint_spec.project.admins import Admin, Admins, columns_of
from djlint_spec.project.constants import strings
from djlint_spec.project.field_lists import names_in
from djlint_spec.project.lookups import Names
from djlint_spec.project.models import Model
from djlint_spec.project.module import Origin
from djlint_spec.project.symbols import Unknown
from djlint_spec.project.views import View
from djlint_spec.queries.chains import chain_of

_TOGETHER = ("unique_together", "index_together")
_CONSTRAINTS = {"fields": Names.FIELD, "include": Names.FIELD}
_ADMIN_PATHS = {
    "search_fields": Names.LOOKUP,
    "ordering": Names.LOOKUP,
    "list_select_related": Names.JOIN,
    "autocomplete_fields": Names.FIELD,
    "list_filter": Names.LOOKUP,
}
_OPENED_BY = {
    "search_fields": ("get_queryset", "get_search_results"),
    "ordering": ("get_queryset",),
    "list_filter": ("lookup_allowed",),
}
_SEARCH_PREFIXES = "^=@$"


class Declared(msgspec.Struct, frozen=True):
    """A path where a class declares it, and the models that it has to lead from; all of them where there are several.

    `opaque` is set where a queryset that is not seen may add names.
    """

    path: str
    names: Names
    span: Span
    option: str
    models: tuple[Model, ...]
    opaque: bool = False


def declarations(project: Project) -> Iterator[Declared]:
    """The declared paths of a project."""
    for model in project.models.all:
        if not model.abstract:
            yield from _of_meta(project, model)
    by_class: dict[Class, list[Admin]] = {}
    for admin in project.once(Admins).all:
        by_class.setdefault(admin.cls, []).append(admin)
    for cls, admins in by_class.items():
        if cls.is_ours and not cls.module.is_test and not cls.unresolved_bases:
            yield from _of_admin(project, cls, tuple(admin.model for admin in admins))
    for view in project.views.all:
        if view.cls is not None and not view.cls.unresolved_bases and _filters(view):
            yield from _of_view(project, view.cls)


# ------------------------------------------------------------------------------------------------------ models
def _of_meta(project: Project, model: Model) -> Iterator[Declared]:
    meta = model.cls.nested("Meta")
    if meta is None or not meta.is_ours:
        return
    models = (model,)
    for option in ("ordering", *_TOGETHER, "indexes", "constraints"):
        member = meta.own_member(option)
        if member is None or member.value is None:
            continue
        if option == "ordering":
            yield from _strings(project, member.value, member.scope, option, Names.LOOKUP, models)
        elif option in _TOGETHER:
            for part in (member.value, *_elements(member.value)):
                yield from _strings(project, part, member.scope, option, Names.FIELD, models)
        else:
            for element in _elements(member.value):
                if isinstance(element, t.Call):
                    yield from _of_constraint(project, element, member.scope, option, models)


def _of_constraint(
    project: Project, call: t.Call, scope: Scope, option: str, models: tuple[Model, ...]
) -> Iterator[Declared]:
    dotted = project.dotted(call.func, scope) or ""
    if not dotted.startswith("django."):
        return
    for keyword in call.keywords:
        if keyword.name in _CONSTRAINTS:
            yield from _strings(project, keyword.value, scope, option, Names.FIELD, models)


def _elements(expr: t.Expr) -> tuple[t.Expr, ...]:
    return expr.elements if isinstance(expr, (t.TupleExpr, t.ListExpr, t.SetExpr)) else ()


def _strings(
    project: Project,
    expr: t.Expr,
    scope: Scope,
    option: str,
    names: Names,
    models: tuple[Model, ...],
    *,
    opaque: bool = False,
) -> Iterator[Declared]:
    """The paths that a list of names holds, without the signs that stand before them."""
    for name, span in names_in(project, expr, scope).names.items():
        path = name.lstrip("-+") if option.startswith(("ordering", "indexes")) else name
        path = path.lstrip(_SEARCH_PREFIXES) if option == "search_fields" else path
        if path.isidentifier():
            yield Declared(path, names, span, option, models, opaque)


# ------------------------------------------------------------------------------------------------------ admins
def _of_admin(project: Project, cls: Class, models: tuple[Model, ...]) -> Iterator[Declared]:
    for option, names in _ADMIN_PATHS.items():
        member = cls.find(option)
        if member is None or member.value is None or not member.owner.is_ours:
            continue
        opaque = any(_is_written(cls, name) for name in _OPENED_BY.get(option, ()))
        yield from _strings(project, member.value, member.scope, option, names, models, opaque=opaque)
        if option == "list_filter":
            firsts = (e.elements[0] for e in _elements(member.value) if isinstance(e, t.TupleExpr) and e.elements)
            for first in firsts:
                listed = t.TupleExpr(first.start, first.end, (first,))
                yield from _strings(project, listed, member.scope, option, names, models)
    yield from _of_columns(project, cls, models)


def _of_columns(project: Project, cls: Class, models: tuple[Model, ...]) -> Iterator[Declared]:
    """Entries of `list_display` and `readonly_fields` that are no attribute of the admin class or the model."""
    columns = columns_of(project, cls)
    entries = [
        ("list_display", column.name, column.span)
        for column in (() if isinstance(columns, Unknown) else columns)
        if column.function is None
    ]
    member = cls.find("readonly_fields")
    if member is not None and member.value is not None and member.owner.is_ours and not _is_written(cls, "__getattr__"):
        named = names_in(project, member.value, member.scope)
        entries.extend(("readonly_fields", name, span) for name, span in named.names.items())
    for option, name, span in entries:
        if not name.isidentifier() or name.startswith("__") or cls.find(name) is not None:
            continue
        if any(_has_attribute(model, name) for model in models):
            continue
        lookups = option == "list_display" and project.versions.django.all_at_least("5.1")
        if lookups or "__" not in name:
            yield Declared(name, Names.LOOKUP, span, option, models)


def _has_attribute(model: Model, name: str) -> bool:
    displayed = name.removeprefix("get_").removesuffix("_display")
    return model.cls.find(name) is not None or name in model.relations or displayed in model.fields


def _is_written(cls: Class, name: str) -> bool:
    method = cls.method(name)
    return method is not None and method.module.origin is not Origin.LIBRARY


# ------------------------------------------------------------------------------------------------------- views
def _filters(view: View) -> bool:
    """Whether a request can come to code that puts the queryset through the filter backends."""
    if view.routed is False or view.cls is None:
        return False
    methods = [view.cls.method(action.name) for action in view.reading_actions]
    return any(
        method is not None
        and (method.module.origin is Origin.LIBRARY or method.mentions("filter_queryset(", "get_object(", "super()"))
        for method in methods
    )


def _of_view(project: Project, cls: Class) -> Iterator[Declared]:
    """What the filter backends of DRF and django-filter take from a view whose queryset is written on it."""
    queryset = cls.find("queryset")
    if queryset is None or queryset.value is None or not queryset.owner.is_ours:
        return
    chain = chain_of(project, queryset.value, queryset.scope)
    if chain is None or not _plain_backends(project, cls):
        return
    opaque = chain.opaque or _is_written(cls, "get_queryset") or _is_written(cls, "filter_queryset")
    for option in ("search_fields", "ordering_fields", "ordering", "filterset_fields"):
        member = cls.find(option)
        if member is None or member.value is None or not member.owner.is_ours:
            continue
        expr = member.value
        if isinstance(expr, t.DictExpr):
            keys = tuple(key for key in expr.keys if key is not None)
            expr = t.TupleExpr(expr.start, expr.end, keys)
        for declared in _strings(project, expr, member.scope, option, Names.LOOKUP, (chain.model,), opaque=opaque):
            added = any(f"{declared.path}__".startswith(f"{name}__") for name in chain.added)
            if not added and declared.path != "__all__":
                yield declared


def _plain_backends(project: Project, cls: Class) -> bool:
    """Whether all filter backends are those of DRF and django-filter; others may read the attributes otherwise."""
    member = cls.find("filter_backends")
    if member is not None and member.value is not None and member.owner.is_ours:
        for backend in _elements(member.value):
            dotted = project.dotted(backend, member.scope) or ""
            if not dotted.startswith(("rest_framework.", "django_filters.")):
                return False
        return bool(_elements(member.value))
    setting = project.setting("REST_FRAMEWORK")
    given = project.constant(setting.expr, setting.scope) if setting is not None else None
    if isinstance(given, Unknown):
        return False
    listed = given.get("DEFAULT_FILTER_BACKENDS") if isinstance(given, dict) else ()
    return all(name.startswith(("rest_framework.", "django_filters.")) for name in strings(listed or ()))
