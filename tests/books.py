"""A small project: a list of books, which reads their authors once its serializer does."""

from __future__ import annotations

PERSON = """
from django.db import models


class Person(models.Model):
    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=50)
"""
BOOK = """
from django.db import models


class Book(models.Model):
    number = models.AutoField(primary_key=True)
    author = models.ForeignKey("people.Person", models.CASCADE)


class Shelf(models.Model):
    number = models.AutoField(primary_key=True)
"""
SERIALIZERS = """
from rest_framework import serializers

from books.models import Book


class BookSerializer(serializers.ModelSerializer):
    class Meta:
        model = Book
        fields = ["number"]
"""
VIEWS = """
from rest_framework import viewsets

from books.models import Book
from books.serializers import BookSerializer


class BookViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Book.objects.all()
    serializer_class = BookSerializer
"""
URLS = """
from rest_framework import routers

from books.views import BookViewSet

router = routers.DefaultRouter()
router.register("books", BookViewSet)
urlpatterns = router.urls
"""
FILES = {
    "manage.py": "",
    "people/models.py": PERSON,
    "books/models.py": BOOK,
    "books/serializers.py": SERIALIZERS,
    "books/views.py": VIEWS,
    "books/urls.py": URLS,
}
READS_AUTHOR = SERIALIZERS.replace('["number"]', '["number", "author_name"]').replace(
    "    class Meta", '    author_name = serializers.CharField(source="author.name")\n\n    class Meta'
)
