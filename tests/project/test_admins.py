"""Admin classes: which are registered for which models, and what their lists show."""

from __future__ import annotations

import pytest

from djlint_spec.project import Unknown
from djlint_spec.project.admins import Admins, columns_of
from tests.linked import class_of, linked

_MODELS = """
from django.db import models

class Book(models.Model):
    title = models.CharField(max_length=20)

class Tag(models.Model):
    name = models.CharField(max_length=20)
"""
_START = """
from django.contrib import admin
from shop.models import Book, Tag
from shop.lists import COLUMNS, MORE, shown

"""
_LISTS = """
COLUMNS = ("title",)
MORE = ["pk", *COLUMNS]
ITSELF = ITSELF

def shown(row):
    return row.pk
"""
_RUN_TIME = "list_display chosen at run time"


@pytest.mark.parametrize(
    ("text", "registered"),
    [
        ("@admin.register(Book)\nclass A(admin.ModelAdmin): ...", ["Book"]),
        ("@admin.register(Book, Tag, Lost)\nclass A(admin.ModelAdmin): ...", ["Book", "Tag"]),
        ("@admin.register\nclass A(admin.ModelAdmin): ...", []),
        ("@other(Book)\nclass A(admin.ModelAdmin): ...", []),
        ("@admin.register(Book)\nclass A: ...", []),
        ("class A(admin.ModelAdmin): ...\nadmin.site.register(Book, A)", ["Book"]),
        ("class A(admin.ModelAdmin): ...\nadmin.site.register([Book, Tag], A)", ["Book", "Tag"]),
        ("class A(admin.ModelAdmin): ...\nmine.register((Tag,), A, more=1)", ["Tag"]),
        ("class A(admin.ModelAdmin): ...\nadmin.site.register(Book, made())", []),
        ("class A(admin.ModelAdmin): ...\nadmin.site.register(Book)", []),
    ],
)
def test_an_admin_is_of_the_models_it_is_registered_for(text: str, registered: list[str]) -> None:
    project = linked({"shop/models.py": _MODELS, "shop/lists.py": _LISTS, "shop/admin.py": _START + text})
    assert [admin.model.name for admin in project.once(Admins).all] == registered


@pytest.mark.parametrize(
    ("body", "columns"),
    [
        ('list_display = ("title", "pk")', ["title", "pk"]),
        ("list_display = COLUMNS", ["title"]),
        ('list_display = [*COLUMNS, "pk"]', ["title", "pk"]),
        ('list_display = tuple(COLUMNS) + ("pk",)', ["title", "pk"]),
        ("list_display = list(MORE)", ["pk", "title"]),
        ("list_display = [shown]", ["shown"]),
        ("pass", ["__str__"]),
        ("list_display = made()", _RUN_TIME),
        ("list_display = missing", _RUN_TIME),
        ("list_display = [*made()]", _RUN_TIME),
        ("list_display = [made()]", "column of list_display computed at run time"),
        ("list_display = [Book]", "column of list_display computed at run time"),
        ("def get_list_display(self, request): ...", _RUN_TIME),
        ("list_display = " + "tuple(" * 20 + "COLUMNS" + ")" * 20, "list_display nested too deeply"),
    ],
)
def test_columns_are_what_list_display_comes_to(body: str, columns: list[str] | str) -> None:
    text = f"{_START}class A(admin.ModelAdmin):\n    {body}\n"
    project = linked({"shop/models.py": _MODELS, "shop/lists.py": _LISTS, "shop/admin.py": text})
    found = columns_of(project, class_of(project, "shop.admin.A"))
    if isinstance(found, Unknown):
        assert found.cause == columns
    else:
        assert [column.name for column in found] == columns


def test_what_django_lists_by_itself_stands_at_the_class() -> None:
    project = linked({"shop/admin.py": "from django.contrib import admin\nclass A(admin.ModelAdmin): ...\n"})
    cls = class_of(project, "shop.admin.A")
    found = columns_of(project, cls)
    assert not isinstance(found, Unknown)
    assert [column.span for column in found] == [cls.name_span]
