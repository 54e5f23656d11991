"""Relations by a field class of the project that fetches for itself: each row asks, unless the list prefetches."""

from __future__ import annotations

from typing import Any

import pytest

from djlint_spec.queries import endpoints_of
from tests.linked import linked
from tests.running import run

MODELS = """
from django.db import models
from django.db.models.fields.mixins import FieldCacheMixin


class Book(models.Model):
    title = models.CharField(max_length=20)


class BooksByNumber(FieldCacheMixin, models.Field):
    one_to_many = True
    many_to_many = many_to_one = one_to_one = False

    def __init__(self, field):
        super().__init__(editable=False)
        self.field = field

    def contribute_to_class(self, cls, name, **kwargs):
        super().contribute_to_class(cls, name, private_only=True, **kwargs)
        setattr(cls, name, self)

    def get_attname_column(self):
        return self.get_attname(), None

    @property
    def cache_name(self):
        return self.name

    def get_cache_name(self):
        return self.name

    def numbers(self, instance):
        return [int(number) for number in getattr(instance, self.field).split(",")]

    def get_prefetch_queryset(self, instances, queryset=None):
        return self.get_prefetch_querysets(instances)

    def get_prefetch_querysets(self, instances, querysets=None):
        numbers = {number for instance in instances for number in self.numbers(instance)}
        books = Book.objects.in_bulk(numbers)
        lists = [[books[number] for number in self.numbers(instance)] for instance in instances]
        places = {instance: id(held) for instance, held in zip(instances, lists)}
        return lists, id, lambda instance: places[instance], True, self.cache_name, False

    def __get__(self, instance, cls=None):
        if instance is None:
            return self
        held = self.get_cached_value(instance, default=None)
        if held is None:
            held = list(Book.objects.filter(pk__in=self.numbers(instance)))
            self.set_cached_value(instance, held)
        return held


class Shelf(models.Model):
    numbers = models.CharField(max_length=20)
    books = BooksByNumber("numbers")


class Upper(models.CharField):
    def __get__(self, instance, cls=None):
        return self


class Room(models.Model):
    name = Upper(max_length=20)
"""
VIEWS = """
from rest_framework import generics, serializers

from shop.models import Shelf


class ShelfSerializer(serializers.ModelSerializer):
    titles = serializers.SerializerMethodField()

    class Meta:
        model = Shelf
        fields = ["titles"]

    def get_titles(self, shelf):
        return [book.title for book in shelf.books]


class ShelvesView(generics.ListAPIView):
    queryset = Shelf.objects.all()
    serializer_class = ShelfSerializer


class FetchedShelvesView(generics.ListAPIView):
    queryset = Shelf.objects.prefetch_related("books")
    serializer_class = ShelfSerializer
"""
URLS = """
from django.urls import path
from shop import views

urlpatterns = [
    path("ShelvesView/", views.ShelvesView.as_view()),
    path("FetchedShelvesView/", views.FetchedShelvesView.as_view()),
]
"""
QUESTION = """
import json

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shop.models import Book, Shelf

settings.ALLOWED_HOSTS = ["*"]
call_command("migrate", run_syncdb=True, verbosity=0)


def numbers():
    found = {}
    for name in ("ShelvesView", "FetchedShelvesView"):
        with CaptureQueriesContext(connection) as captured:
            assert Client().get(f"/{name}/").status_code == 200
        found[name] = len(captured)
    return found


def grow(count):
    for _ in range(count):
        books = [Book.objects.create(title="a"), Book.objects.create(title="b")]
        Shelf.objects.create(numbers=",".join(str(book.pk) for book in books))


grow(2)
few = numbers()
grow(3)
many = numbers()
print(json.dumps({name: many[name] > few[name] for name in few}))
"""
FILES = {"shop/__init__.py": "", "shop/models.py": MODELS, "shop/views.py": VIEWS, "urls.py": URLS}


@pytest.fixture(scope="module")
def growing(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return run(tmp_path_factory.mktemp("own"), FILES, QUESTION)


@pytest.mark.parametrize(("name", "paths"), [("ShelvesView", {("books",)}), ("FetchedShelvesView", set[Any]())])
def test_a_field_that_fetches_for_itself_is_a_path_to_prefetch(
    growing: Any, name: str, paths: set[tuple[str, ...]]
) -> None:
    settings = 'INSTALLED_APPS = ["shop"]\nSECRET_KEY = ""\nDATABASES = {}\nROOT_URLCONF = "urls"\n'
    project = linked({**FILES, "settings.py": settings})
    (endpoint,) = [one for one in endpoints_of(project).lists if one.name == f"shop.views.{name}"]
    assert endpoint.unknown == ()
    missing = {read.path for report in endpoint.reports for read in report.missing}
    assert missing == paths
    assert bool(missing) is growing[name]
    related = {label: project.models.named(label) for label in ("shop.Shelf", "shop.Room", "shop.Book")}
    assert [label for label, model in related.items() if model is not None and model.relations] == ["shop.Shelf"]
