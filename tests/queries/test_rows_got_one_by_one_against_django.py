"""A prefetch is written for what is read of a set's row only where that row is then one of those prefetched."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from djlint_spec.config import Config
from djlint_spec.engine import check_sources
from tests.running import run

MODELS = """
from django.db import models


class Product(models.Model):
    name = models.CharField(max_length=20)


class Order(models.Model):
    number = models.IntegerField()


class Line(models.Model):
    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, models.CASCADE)


class Note(models.Model):
    order = models.ForeignKey(Order, models.CASCADE, related_name="notes")
    product = models.ForeignKey(Product, models.CASCADE)

    class Meta:
        ordering = ["pk"]
"""

READS = {
    "first_of_all": "lines.first()",
    "first_of_a_copy": "lines.all().first()",
    "last": "lines.last()",
    "got": "lines.get()",
    "latest": "lines.latest('pk')",
    "at_a_place": "lines.all()[0]",
    "first_in_order": "notes.first()",
    "first_of_a_copy_in_order": "notes.all().first()",
    "last_in_order": "notes.last()",
}

QUESTION = """
import inspect
import json

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop import work
from shop.models import Line, Note, Order, Product

call_command("migrate", run_syncdb=True, verbosity=0)


def measure(rows):
    for number in range(rows):
        order = Order.objects.create(number=number)
        for model in (Line, Note):
            model.objects.create(order=order, product=Product.objects.create(name=f"{number}"))
    found = {}
    for name, function in inspect.getmembers(work, inspect.isfunction):
        with CaptureQueriesContext(connection) as queries:
            function(Order.objects.prefetch_related("lines__product", "notes__product"))
        found[name] = len(queries)
    return found


few, many = measure(3), measure(6)
print(json.dumps([name for name in few if many[name] == few[name]]))
"""


def test_a_prefetch_is_named_where_it_takes_the_queries_away(tmp_path: Path) -> None:
    work = "".join(
        f"\n\ndef {name}(orders):\n    for order in orders:\n        row = order.{read}\n        row.product.name\n"
        for name, read in READS.items()
    )
    asked = f"from shop.models import Order\n\n{work}".replace("(orders):", "():").replace(
        "in orders:", "in Order.objects.all():"
    )
    models = {"shop/__init__.py": "", "shop/models.py": dedent(MODELS)}
    report = check_sources({**models, "shop/work.py": asked}, Config(select=("DJS301",)))
    assert not report.faults
    starts = {
        row: line.removeprefix("def ").partition("(")[0]
        for row, line in enumerate(asked.splitlines(), 1)
        if line.startswith("def ")
    }
    told = [
        (starts[max(row for row in starts if row <= finding.span.row)], finding.data["missing_prefetch_related"])
        for finding in report.findings
    ]
    assert {name for name, _ in told} == set(READS)
    assert {name for name, paths in told if paths} == set(run(tmp_path, {**models, "shop/work.py": work}, QUESTION))
    assert {name for name, paths in told if paths} == {"at_a_place", "first_in_order", "first_of_a_copy_in_order"}
