"""A loop that changes what it reads gets no fix: loaded beforehand, it would be old when its turn comes."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest

from djlint_spec.config import Config
from djlint_spec.engine import check_sources
from tests.running import run

MODELS = """
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


class Customer(models.Model):
    points = models.IntegerField()

    def earn(self, more):
        self.points += more
        self.save()


class Card(models.Model):
    customer = models.OneToOneField(Customer, models.CASCADE)
    spent = models.IntegerField()


class Order(models.Model):
    customer = models.ForeignKey(Customer, models.CASCADE)
    tags = models.ManyToManyField("Tag")
    total = models.IntegerField()


class Tag(models.Model):
    uses = models.IntegerField()


class Line(models.Model):
    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    sum = models.IntegerField()


class Scan(models.Model):
    order = models.ForeignKey(Order, models.CASCADE, related_name="scans")
    image = models.BinaryField()


class Draft(models.Model):
    kind = models.ForeignKey(ContentType, models.CASCADE)
    key = models.PositiveIntegerField()
    subject = GenericForeignKey("kind", "key")
    live = models.BooleanField(default=False)

    def publish(self):
        self.subject.publish(self)
"""


WORK = """
from shop.models import *


def untie(order, tag):
    order.tags.remove(tag)


def work():
"""


def is_fixed(rows: str, body: str) -> bool:
    work = f"{WORK}    for row in {rows}.objects.all():\n"
    files = {"shop/models.py": MODELS, "shop/work.py": work + indent(dedent(body), " " * 8) + "\n"}
    report = check_sources(files, Config(select=("DJS301",)))
    assert not report.faults
    found = [finding for finding in report.findings if "loads" in finding.message]
    assert len(found) == 1
    return found[0].fix is not None


@pytest.mark.parametrize(
    ("rows", "body"),
    [
        ("Order", "row.total = row.customer.points\nrow.save()"),
        ("Card", "row.customer.points += row.spent\nrow.customer.save()"),
        ("Order", "Customer.objects.create(points=row.customer.points)"),
        ("Order", "for line in row.lines.all():\n    line.sum += 1\n    line.save()"),
        ("Order", "row.customer.cached = row.total"),
        ("Line", "print(row.order.customer.points)\nOrder.objects.get_or_create(total=row.sum)"),
        ("Line", "print(row.order.total)\nTag.objects.first().order_set.add(row.order)"),
    ],
)
def test_what_only_this_row_reads_may_be_loaded_and_changed(rows: str, body: str) -> None:
    assert is_fixed(rows, body)


@pytest.mark.parametrize(
    ("rows", "body"),
    [
        ("Order", "row.customer.points += row.total\nrow.customer.save()"),
        ("Order", "row.customer.earn(row.total)"),
        ("Order", "customer = row.customer\ncustomer.points = customer.points + 1\ncustomer.save()"),
        ("Order", "Customer.objects.filter(pk=row.customer_id).update(points=1)\nprint(row.customer.points)"),
        ("Order", "print(row.customer.points)\nCustomer.objects.update_or_create(pk=row.total)"),
        ("Order", "for tag in row.tags.all():\n    tag.uses += 1\n    tag.save()"),
        ("Order", "Line.objects.bulk_create([Line(order=row, sum=line.sum) for line in row.lines.all()])"),
        ("Order", "print([line.sum for line in row.lines.all()])\nLine.objects.filter(sum=0).delete()"),
        ("Line", "row.order.customer.points += 1\nrow.order.customer.save()"),
        ("Line", "for tag in row.order.tags.all():\n    untie(row.order, tag)"),
        ("Line", "print(row.order.total)\nCustomer.objects.first().order_set.add(row.order)"),
    ],
)
def test_what_other_rows_read_too_is_not_loaded_before_it_changes(rows: str, body: str) -> None:
    assert not is_fixed(rows, body)


def test_binary_columns_are_not_brought_for_all_rows_at_once() -> None:
    assert not is_fixed("Order", "print([len(scan.image) for scan in row.scans.all()])")
    assert is_fixed("Scan", "print(len(row.image), row.order.total)")


@pytest.mark.parametrize(
    "body",
    [
        "row.publish()",
        "print(row.subject)\nrow.live = True\nrow.save()",
        "Order.objects.create(total=row.subject.total)",
    ],
)
def test_what_a_generic_key_leads_to_may_be_what_is_changed(body: str) -> None:
    assert not is_fixed("Draft", body)


def test_what_a_generic_key_leads_to_is_loaded_to_be_read() -> None:
    assert is_fixed("Draft", "print(row.subject)")


QUESTION = """
import json

from django.core.management import call_command

from shop.models import Customer, Line, Order, Tag

call_command("migrate", run_syncdb=True, verbosity=0)
order = Order.objects.create(customer=Customer.objects.create(points=1), total=1)
tag = Tag.objects.create(uses=1)
order.tags.add(tag)
for _ in range(2):
    Line.objects.create(order=order, sum=1)


def seen(lines):
    order.tags.set([tag])
    found = []
    for line in lines:
        found.append(len(line.order.tags.all()))
        line.order.tags.remove(tag)
    return found


print(json.dumps([
    seen(Line.objects.all()),
    seen(Line.objects.select_related("order").prefetch_related("order__tags")),
]))
"""


def test_a_set_that_another_instance_of_its_row_changes_is_old_where_it_was_prefetched(tmp_path: Path) -> None:
    fresh, loaded = run(tmp_path, {"shop/__init__.py": "", "shop/models.py": dedent(MODELS)}, QUESTION)
    assert fresh == [1, 0]
    assert loaded == [1, 1]
