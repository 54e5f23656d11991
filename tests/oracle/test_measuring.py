"""More is loaded with the rows of a list as its queryset would load it, whatever a view does with them first."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.oracle.generator.project import SETTINGS
from tests.oracle.running import Told, Worker

_MODELS = """from django.db import models


class Author(models.Model):
    name = models.CharField(max_length=40)


class Shop(models.Model):
    name = models.CharField(max_length=40)


class Tag(models.Model):
    name = models.CharField(max_length=40)


class Book(models.Model):
    authors = models.ManyToManyField(Author)
    tags = models.ManyToManyField(Tag)
    shop = models.ForeignKey(Shop, models.CASCADE)
"""
_VIEWS = """from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.models import Author

AUTHORS = Author.objects.prefetch_related("book_set__tags")


class AuthorSerializer(serializers.ModelSerializer):
    told = serializers.SerializerMethodField()

    class Meta:
        model = Author
        fields = ["name", "told"]

    def get_told(self, author):
        return [[book.shop.name, [tag.name for tag in book.tags.all()]] for book in author.book_set.all()]


class Large(PageNumberPagination):
    page_size = 1000


class Whole(ListAPIView):
    queryset = AUTHORS
    serializer_class = AuthorSerializer


class Page(Whole):
    pagination_class = Large


class Listed(APIView):
    def get(self, request):
        return Response(AuthorSerializer(list(AUTHORS.all()), many=True).data)


class OneByOne(APIView):
    def get(self, request):
        return Response([AuthorSerializer(author).data for author in AUTHORS.all()])
"""
_NAMES = ("Whole", "Page", "Listed", "OneByOne")
_URLS = f"""from django.urls import path

from shop import views

urlpatterns = [path(f"{{name}}/", getattr(views, name).as_view()) for name in {_NAMES!r}]
"""


@pytest.mark.parametrize("name", _NAMES)
def test_what_is_prefetched_further_down_stays_where_more_is_loaded(name: str, tmp_path: Path) -> None:
    # Loaded onto rows that are there, `book_set__shop` would fetch the books anew, without their tags: Django keeps
    # such a set under another name ("book") than the one by which it looks whether it has been fetched.
    files = {"settings.py": SETTINGS, "shop/__init__.py": "", "shop/models.py": _MODELS}
    for path, text in {**files, "shop/views.py": _VIEWS, "shop/urls.py": _URLS}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    with Worker() as worker:
        told = Told(prefetch=("book_set__shop",))
        did = worker.run(tmp_path, "settings", {f"shop.views.{name}": told})[f"shop.views.{name}"]
    assert did["growth"]["as it is"] > 0
    assert did["growth"]["mended"] == 0
    assert did["same"]
