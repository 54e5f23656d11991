"""How many rows DRF's lists answer with at a time."""

from __future__ import annotations

import pytest

from djlint_spec.project.pagination import Pagination, pagination_of
from tests.linked import class_of, linked

VIEWS = """
from rest_framework import generics, pagination, views


class Pages(pagination.PageNumberPagination):
    page_size = 20


class Sizeless(pagination.PageNumberPagination):
    pass


class Limits(pagination.LimitOffsetPagination):
    default_limit = 30


class Cursors(pagination.CursorPagination):
    page_size = 40


class Odd(pagination.BasePagination):
    page_size = 50


class Paged(generics.ListAPIView):
    pagination_class = Pages


class BySetting(generics.ListAPIView):
    pass


class SizeBySetting(generics.ListAPIView):
    pagination_class = Sizeless


class Limited(generics.ListAPIView):
    pagination_class = Limits


class ByCursor(generics.ListAPIView):
    pagination_class = Cursors


class Unpaged(generics.ListAPIView):
    pagination_class = None


class Foreign(generics.ListAPIView):
    pagination_class = Odd


class Bare(views.APIView):
    pagination_class = Pages
"""
SETTINGS = """
INSTALLED_APPS = ["shop"]
REST_FRAMEWORK = {
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
    "PAGE_SIZE": 10,
    "EXCEPTION_HANDLER": made_elsewhere(),
}
"""


@pytest.mark.parametrize(
    ("view", "expected", "unset"),
    [
        ("Paged", Pagination(20, counts=True), Pagination(20, counts=True)),
        ("BySetting", Pagination(10, counts=True), None),
        ("SizeBySetting", Pagination(10, counts=True), None),
        ("Limited", Pagination(30, counts=True), Pagination(30, counts=True)),
        ("ByCursor", Pagination(40, counts=False), Pagination(40, counts=False)),
        ("Unpaged", None, None),
        ("Foreign", None, None),
        ("Bare", None, None),
    ],
)
def test_the_view_says_or_else_the_settings(view: str, expected: Pagination | None, unset: Pagination | None) -> None:
    plain = linked({"manage.py": "", "shop/views.py": VIEWS})
    project = linked({"manage.py": "", "config/settings.py": SETTINGS, "shop/views.py": VIEWS})
    assert pagination_of(project, class_of(project, f"shop.views.{view}")) == expected
    assert pagination_of(plain, class_of(plain, f"shop.views.{view}")) == unset
