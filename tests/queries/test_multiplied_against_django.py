"""Every aggregate below comes out wrong in Django exactly where DJS304 reports it."""

from __future__ import annotations

from typing import Any

import pytest

from djlint_spec.config import Config
from djlint_spec.engine import check_sources
from tests.running import run

MODELS = """
from django.db import models


class Person(models.Model):
    name = models.CharField(max_length=20)


class Order(models.Model):
    total = models.IntegerField()
    readers = models.ManyToManyField(Person, related_name="orders")


class Line(models.Model):
    order = models.ForeignKey(Order, models.CASCADE)
    number = models.IntegerField()
    amount = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "number"], name="one")]


class Payment(models.Model):
    order = models.ForeignKey(Order, models.CASCADE)
    amount = models.IntegerField()


class Part(models.Model):
    line = models.ForeignKey(Line, models.CASCADE)


class Listed(models.Aggregate):
    function = "GROUP_CONCAT"
    output_field = models.CharField()
    allow_distinct = True


class ListedOnce(Listed):
    def __init__(self, *expressions, **extra):
        super().__init__(*expressions, distinct=True, **extra)


class Top(models.Aggregate):
    function = "max"


class Odd(models.Aggregate):
    function = "total"
    template = "max(%(expressions)s)"
"""

# One order with 3 lines of amounts 1, 2, 3 (2 parts each), 2 payments of 10, 2 readers; total 100.
USES = [
    ('Order.objects.annotate(x=Count("line"))', 3),
    ('Order.objects.annotate(x=Count("line"), y=Count("payment"))', 3),
    ('Order.objects.annotate(x=Count("line")).annotate(y=Count("payment"))', 3),
    ('Order.objects.annotate(y=Count("payment"), x=Count("line")).filter(y__gt=0)', 3),
    ('Order.objects.annotate(x=Count("line", distinct=True), y=Count("payment", distinct=True))', 3),
    ('Order.objects.annotate(x=Sum("payment__amount"), y=Count("line", distinct=True))', 20),
    ('Order.objects.annotate(x=Sum("payment__amount"), y=Max("line__amount"))', 20),
    ('Order.objects.annotate(x=Avg("payment__amount"), y=Max("line__amount"))', 10),
    ('Order.objects.annotate(x=Coalesce(Sum("payment__amount"), 0), y=Max("line__amount"))', 20),
    ('Order.objects.annotate(x=Listed("line__amount"))', "1,2,3"),
    ('Order.objects.annotate(x=Listed("line__amount"), y=Top("payment__amount"))', "1,2,3"),
    ('Order.objects.annotate(x=Listed("line__amount", distinct=True), y=Top("payment__amount"))', "1,2,3"),
    ('Order.objects.annotate(x=ListedOnce("line__amount"), y=Top("payment__amount"))', "1,2,3"),
    ('Order.objects.annotate(x=Top("line__amount"), y=Odd("payment__amount"))', 3),
    ('Order.objects.annotate(x=Sum("total"))', 100),
    ('Order.objects.annotate(x=Sum("total"), y=Max("line__amount"))', 100),
    ('Order.objects.filter(line__amount__gt=1).annotate(x=Count("line"))', 2),
    ('Order.objects.filter(line__amount__gt=1).annotate(x=Count("payment"))', 2),
    ('Order.objects.filter(Q(line__amount__gt=1) & Q(pk__gt=0)).annotate(x=Count("payment"))', 2),
    ('Order.objects.filter(~Q(line__amount=9)).annotate(x=Count("payment"))', 2),
    ('Order.objects.exclude(line__amount=9).annotate(x=Count("payment"))', 2),
    ('Order.objects.filter(line__number=1).annotate(x=Count("payment"))', 2),
    ('Order.objects.filter(line__pk=1).annotate(x=Count("payment"))', 2),
    ('Order.objects.filter(readers=1).annotate(x=Count("payment"))', 2),
    ('Order.objects.filter(readers__pk__in=[1, 2]).annotate(x=Count("payment"))', 2),
    ('Order.objects.filter(readers__orders=1).annotate(x=Count("payment"))', 2),
    ('Order.objects.annotate(x=Count("line")).filter(line__amount__gt=1)', 3),
    ('Order.objects.annotate(x=Count("line")).filter(line__number=1)', 3),
    ('Order.objects.annotate(x=Count("line")).filter(x__gt=1)', 3),
    ('Order.objects.filter(line__amount__gt=0).filter(line__number__gt=0).annotate(x=Count("line"))', 3),
    ('Order.objects.filter(line__amount__gt=0, line__number__gt=0).annotate(x=Count("line"))', 3),
    ('Order.objects.annotate(x=Count("line__part"))', 6),
    ('Order.objects.annotate(x=Count("line"), y=Count("line__part"))', 3),
    ('Order.objects.annotate(x=Count("line__part"), y=Max("line__amount"))', 6),
    ('Order.objects.annotate(x=Sum(F("line__amount") * 2))', 12),
    ('Order.objects.annotate(x=Sum(F("line__amount") * 2), y=Min("payment__amount"))', 12),
    ('Order.objects.annotate(x=Count("line", filter=Q(line__amount__gt=1)))', 2),
    ('Order.objects.annotate(x=Count("line", filter=Q(payment__amount__gt=1)))', 3),
    ('Order.objects.annotate(x=Count("line"), y=Exists(Payment.objects.filter(order=OuterRef("pk"))))', 3),
    ('Order.objects.order_by("pk").annotate(x=Count("line")).values("pk", "x")', 3),
    ('Order.objects.alias(y=Count("payment")).annotate(x=Count("line")).filter(y__gt=0)', 3),
    ('Line.objects.annotate(x=Count("part"), y=F("order__total"))', 2),
    ('Line.objects.annotate(x=Count("part"), y=Max("order__payment__amount"))', 2),
    ('Order.objects.aggregate(x=Sum("total"))', 100),
    ('Order.objects.filter(line__amount__gt=0).aggregate(x=Sum("total"))', 100),
    ('Order.objects.filter(line__amount__gt=0).aggregate(x=Count("pk"))', 1),
    ('Order.objects.filter(line__amount__gt=0).aggregate(x=Count("*"))', 1),
    ('Order.objects.filter(line__amount__gt=0).distinct().aggregate(x=Sum("total"))', 100),
    ('Order.objects.filter(line__isnull=False).aggregate(x=Sum("total"))', 100),
    ('Order.objects.annotate(y=Count("line")).aggregate(x=Sum("total"))', 100),
    ('Order.objects.annotate(y=Count("line")).aggregate(x=Sum("y"))', 3),
    ('Order.objects.aggregate(x=Sum("total"), y=Max("line__amount"))', 100),
    ('Order.objects.aggregate(x=Sum("line__amount"), y=Max("line__amount"))', 6),
]

QUESTION = """
import json

from django.core.management import call_command

from shop import uses
from shop.models import Line, Order, Part, Payment, Person

call_command("migrate", run_syncdb=True, verbosity=0)
order = Order.objects.create(total=100)
for number in range(1, 4):
    line = Line.objects.create(order=order, number=number, amount=number)
    Part.objects.create(line=line)
    Part.objects.create(line=line)
for name in "ab":
    Payment.objects.create(order=order, amount=10)
    order.readers.add(Person.objects.create(name=name))


def number(made):
    if isinstance(made, dict):
        return made["x"]
    row = made[0]
    return row["x"] if isinstance(row, dict) else row.x


print(json.dumps([number(use()) for use in uses.ALL]))
"""


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> tuple[set[str], Any]:
    head = (
        "from django.db.models import *\nfrom django.db.models.functions import Coalesce\nfrom shop.models import *\n\n"
    )
    lines = [f"ALL.append(lambda: {use})" for use, _ in USES]
    files = {"shop/__init__.py": "", "shop/models.py": MODELS, "shop/uses.py": head + "\n".join(["ALL = []", *lines])}
    report = check_sources(files, Config(select=("DJS304",)))
    assert not report.faults
    offset = head.count("\n") + 2
    reported = {USES[finding.span.row - offset][0] for finding in report.findings}
    return reported, run(tmp_path_factory.mktemp("multiplied"), files, QUESTION)


def test_the_numbers_that_come_out_wrong_are_those_that_are_reported(verdicts: tuple[set[str], Any]) -> None:
    reported, numbers = verdicts
    wrong = {use for (use, right), number in zip(USES, numbers, strict=True) if number != right}
    assert reported == wrong
    assert len(wrong) > 15
