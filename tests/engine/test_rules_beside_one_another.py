"""What a rule finds does not hang on which other rules run beside it."""

from __future__ import annotations

from djlint_spec import engine
from djlint_spec.config import Config

FILES = {
    "manage.py": "",
    "settings.py": 'INSTALLED_APPS = ["rest_framework", "shop"]\nROOT_URLCONF = "urls"\n',
    "urls.py": """
from django.urls import path

from shop.views import Books

urlpatterns = [path("books/", Books.as_view())]
""",
    "shop/__init__.py": "",
    "shop/models.py": """
from django.db import models


class Author(models.Model):
    name = models.CharField(max_length=50)


class Book(models.Model):
    title = models.CharField(max_length=50)
    author = models.ForeignKey(Author, on_delete=models.CASCADE)
""",
    "shop/lists.py": """
from shop.models import Book


def first():
    return second()


def second():
    return third()


def third():
    return Book.objects.all()


LISTED = first()
""",
    "shop/jobs.py": """
from shop.lists import LISTED


def told():
    for book in LISTED.all():
        print(book.author.name)
""",
    "shop/views.py": """
from rest_framework import generics, serializers

from shop.lists import LISTED
from shop.models import Book


class Shown(serializers.ModelSerializer):
    author = serializers.CharField(source="author.name")

    class Meta:
        model = Book
        fields = ["title", "author"]


class Books(generics.ListAPIView):
    queryset = LISTED
    serializer_class = Shown
""",
}


def codes(*select: str) -> set[str]:
    """The codes of what is found by these rules."""
    return {finding.code for finding in engine.check_sources(FILES, Config(select=select)).findings}


def test_a_name_holds_the_same_for_a_rule_that_follows_fewer_calls() -> None:
    assert codes("DJS201") == {"DJS201"}
    assert codes("DJS301") == {"DJS301"}
    assert codes("DJS201", "DJS301") == {"DJS201", "DJS301"}
