"""A small bookshop."""

from __future__ import annotations

MODELS = """
from functools import cached_property

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


class Country(models.Model):
    name = models.CharField(max_length=20)

    def __str__(self):
        return self.name


class Author(models.Model):
    name = models.CharField(max_length=20)
    country = models.ForeignKey(Country, models.CASCADE, related_name="authors")

    def __str__(self):
        return f"{self.name} of {self.country}"


class Profile(models.Model):
    author = models.OneToOneField(Author, models.CASCADE, related_name="profile")
    motto = models.CharField(max_length=20)


class Tag(models.Model):
    name = models.CharField(max_length=20)


class BookQuerySet(models.QuerySet):
    def recent(self):
        return self.filter(year__gt=2000)

    def filter(self, *args, **kwargs):
        return super().filter(*args, **kwargs)

    def newest(self):
        return self.order_by("-year").first()

    def of_editors(self, results):
        for book in results:
            book.editor.country = book.author.country
            book.author = book.editor
        return results


class BookManager(models.Manager.from_queryset(BookQuerySet)):
    def get_queryset(self):
        return super().get_queryset().filter(year__gt=1900)

    def cheap(self):
        return self.filter(price__lt=100)

    def kept(self):
        return self.model


class Book(models.Model):
    LIMIT = 3

    title = models.CharField(max_length=20)
    year = models.IntegerField(default=2001)
    price = models.IntegerField(default=1)
    author = models.ForeignKey(Author, models.CASCADE, related_name="books")
    editor = models.ForeignKey(Author, models.CASCADE, null=True, related_name="+")
    tags = models.ManyToManyField(Tag, related_name="books")

    objects = models.Manager()
    shop = BookManager()
    plain = BookQuerySet.as_manager()

    @property
    def place(self):
        return self.author.country

    @property
    def labels(self):
        'The tags, by another name.'
        return self.tags(manager="objects")

    @cached_property
    def tag_list(self):
        return list(self.tags.all())

    @staticmethod
    def doubled(value):
        return [value, value]

    @classmethod
    def oldest(cls):
        return cls.objects.order_by("year").first()

    @property
    def nick(self):
        return self.author.name

    @nick.setter
    def nick(self, value):
        self.title = value

    def label(self, prefix="a", *rest, end=None, **more):
        return prefix

    def set_of(self):
        return type(self)


class Classic(Book):
    class Meta:
        proxy = True

    def label(self, *args):
        return super().label("old")

    @classmethod
    def oldest(cls):
        return super().oldest()


class Novel(Book):
    plot = models.CharField(max_length=20)


class Review(models.Model):
    book = models.ForeignKey(Book, models.CASCADE, related_name="reviews")
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="replies")
    text = models.CharField(max_length=20)


class Link(models.Model):
    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.IntegerField()
    target = GenericForeignKey()
"""

DATA = """
c1, c2 = Country.objects.create(name="x"), Country.objects.create(name="y")
a1, a2 = Author.objects.create(name="a", country=c1), Author.objects.create(name="b", country=c2)
Profile.objects.create(author=a1, motto="m")
Profile.objects.create(author=a2, motto="n")
tags = [Tag.objects.create(name="s"), Tag.objects.create(name="t")]
for title, author in (("k", a1), ("l", a2), ("m", a1)):
    book = Book.objects.create(title=title, author=author, editor=a1)
    book.tags.set(tags)
    for text in ("good", "bad"):
        Review.objects.create(book=book, text=text)
"""

IMPORTS = """
import copy
from typing import cast

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Count, Prefetch
from django.shortcuts import get_list_or_404, get_object_or_404
from rest_framework import serializers

from shop import models as shop_models
from shop.models import Author, Book, BookQuerySet, Classic, Country, Link, Profile, Review, Tag

CHOSEN = ("title", "year")
RECENT = Book.shop.recent()


class BookSerializer(serializers.ModelSerializer):
    class Meta:
        model = Book
        fields = ["title"]

    def kind(self):
        return self.context["kind"]


class Basket:
    size = 2
    kinds = {"a": 1}
    first, second = Book, Tag

    class Lining:
        colour = "red"

    @staticmethod
    def twice(value):
        return [value, value]

    def __init__(self, owner=None):
        self.owner = owner

    @property
    def books(self):
        return Book.objects.all()

    @classmethod
    def named(cls):
        return cls

    def total(self):
        return self.size


class BigBasket(Basket):
    size = 20

    @property
    def books(self):
        return super().books.filter(year=2001)

    def total(self):
        return super(BigBasket, self).total()

    @classmethod
    def named(cls):
        return super().named()


def pages():
    for book in Book.objects.all():
        yield book


def chained():
    yield from pages()


def up(review):
    return up(review.parent) if review.parent else review
"""
