"""How many rows a list answers with at a time, and whether it counts all of them.

`rest_framework.pagination` for DRF; `django.views.generic.list` for lists that templates show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from djlint_spec.facts import tree as t
from djlint_spec.project.classes import Class
from djlint_spec.project.symbols import Unknown, Value

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

_PAGE_NUMBER = "rest_framework.pagination.PageNumberPagination"
_LIMIT_OFFSET = "rest_framework.pagination.LimitOffsetPagination"
_CURSOR = "rest_framework.pagination.CursorPagination"
_COUNTING = (_PAGE_NUMBER, _LIMIT_OFFSET)
_TEMPLATE_LIST = "django.views.generic.list.MultipleObjectMixin"
_GENERIC = "rest_framework.generics.GenericAPIView"


class Pagination(msgspec.Struct, frozen=True):
    """`size` rows a page; `counts` when each page asks for the number of all rows as well."""

    size: int
    counts: bool


def pagination_of(project: Project, view: Class) -> Pagination | None:
    """How a view pages its lists; None where it does not, or by a class or a size that is not seen."""
    if view.derives_from(_TEMPLATE_LIST):
        size = _own_size(project, view, "paginate_by")
        return Pagination(size, counts=True) if isinstance(size, int) and size > 0 else None
    if not view.derives_from(_GENERIC):
        return None
    paginator = _paginator(project, view)
    if paginator is None:
        return None
    option = "default_limit" if paginator.derives_from(_LIMIT_OFFSET) else "page_size"
    if not any(paginator.derives_from(known) for known in (*_COUNTING, _CURSOR)):
        return None
    size = _own_size(project, paginator, option)
    if size is None:
        size = _rest_framework(project, "PAGE_SIZE")
    if not isinstance(size, int) or isinstance(size, bool) or size < 1:
        return None
    return Pagination(size, any(paginator.derives_from(known) for known in _COUNTING))


def _paginator(project: Project, view: Class) -> Class | None:
    member = view.find("pagination_class")
    if member is not None and member.owner.is_ours:
        symbol = project.resolve(member.value, member.scope) if member.value is not None else None
    else:
        dotted = _rest_framework(project, "DEFAULT_PAGINATION_CLASS")
        symbol = project.dotted_symbol(dotted) if isinstance(dotted, str) else None
    return symbol if isinstance(symbol, Class) else None


def _own_size(project: Project, paginator: Class, option: str) -> object:
    member = paginator.find(option)
    if member is None or member.value is None or not member.owner.is_ours:
        return None
    size = project.constant(member.value, member.scope)
    return None if isinstance(size, Unknown) else size


def _rest_framework(project: Project, key: str) -> object:
    """An entry of REST_FRAMEWORK, whatever the others are."""
    setting: Value | None = project.setting("REST_FRAMEWORK")
    if setting is None or not isinstance(setting.expr, t.DictExpr):
        return None
    for name, value in zip(setting.expr.keys, setting.expr.values, strict=True):
        if isinstance(name, t.String) and name.value == key:
            found = project.constant(value, setting.scope)
            return None if isinstance(found, Unknown) else found
    return None
