"""Where a chain of calls starts, and what keeps its names from being judged."""

from __future__ import annotations

import pytest

from djlint_spec.config import Config
from djlint_spec.engine import check_sources

MODELS = """
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from packaged import PackagedManager


class Ranked(models.Manager):
    def get_queryset(self):
        return super().get_queryset().annotate(rank=models.Value(1))


class Person(AbstractBaseUser):
    name = models.CharField(max_length=20)


class Order(models.Model):
    number = models.IntegerField()
    owner = models.ForeignKey(Person, models.CASCADE)

    objects = models.Manager()
    ranked = Ranked()
    packaged = PackagedManager()
    plain = models.Manager()


class Sorted(models.Model):
    order = models.ForeignKey(Order, models.CASCADE)

    objects = Ranked()
"""

HEAD = """
from django.contrib.auth import get_user_model
from django.db.models import *

from shop import models
from shop.models import Order, Sorted

made = models.Order.objects.all()
USED = """

SETTINGS = 'AUTH_USER_MODEL = "shop.Person"\nINSTALLED_APPS = ["shop"]\n'


def reported(use: str) -> bool:
    files = {"shop/__init__.py": "", "shop/models.py": MODELS, "shop/uses.py": HEAD + use, "settings.py": SETTINGS}
    report = check_sources(files, Config(select=("DJS119",)))
    assert not report.faults
    return bool(report.findings)


@pytest.mark.parametrize(
    "use",
    [
        "models.Order.objects.filter(rank=1)",
        "get_user_model().objects.filter(order__rank=1)",
        "Order._base_manager.filter(rank=1)",
        "Order._default_manager.filter(rank=1)",
        "Sorted._default_manager.filter(order__rank=1)",
        "Sorted.objects.filter(order__rank=1)",
        "Order.objects.filter(*[Q(number=1) & Q(rank=1)][:1], Q(rank=2))",
        'Order.objects.filter(owner__in=[1]).annotate(n=Min(F("number") + F("rank")))',
        "Order.objects.filter(pk__in=Order.objects.filter(rank=1))",
        "Order.objects.annotate(n=Value(1)).filter(n=1, rank=2)",
    ],
)
def test_paths_of_chains_that_start_at_a_known_model_are_judged(use: str) -> None:
    assert reported(use)


@pytest.mark.parametrize(
    "use",
    [
        "Sorted._default_manager.filter(rank=1)",
        "Sorted.objects.filter(rank=1)",
        "Order.ranked.filter(rank=1) or Order.objects.all()",
        "made.filter(rank=1)",
        "Order.objects.first().filter(rank=1)",
        'Order.objects.union(made).order_by("rank")',
        'Order.objects.annotate(**names).order_by("rank")',
        'Order.objects.values(Value(1)).order_by("rank")',
        'Order.objects.filter(made.objects, F(name), Q(_connector="OR"))',
        'Order.objects.filter(number=Unknown("rank"), pk=-F("pk"))',
        "Order.objects.ranking().filter(rank=1)",
        "Order.other.filter(rank=1) or Order.objects.all()",
        'Order.objects.prefetch_related(*names, "rank")',
        "Missing.objects.filter(rank=1)",
    ],
)
def test_paths_that_may_be_of_something_else_are_not(use: str) -> None:
    assert not reported(use)
