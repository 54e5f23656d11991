"""A prefetch is called vain exactly where Django asks for the set again for each row, and the fix takes that away."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from djlint_spec.config import Config
from djlint_spec.engine import check_sources, fix_sources
from tests.running import installed, run

MODELS = """
from django.db import models


class Order(models.Model):
    number = models.IntegerField()


class Line(models.Model):
    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    position = models.IntegerField()
    paid = models.BooleanField(default=False)
    note = models.CharField(max_length=20, null=True)


class Payment(models.Model):
    order = models.ForeignKey(Order, models.CASCADE, related_name="payments")
    amount = models.IntegerField()

    class Meta:
        ordering = ["-amount"]
"""

LOOPS = """
from django.db.models import Count, Prefetch, Sum

from shop.models import Line, Order, Payment

ROWS = Order.objects.order_by("pk").prefetch_related("lines", "payments")


def free():
    return [
        (
            len(o.lines.all()), o.lines.count(), o.lines.exists(), bool(o.lines.all()), o.lines.all()[0].note,
            len(o.lines.all()[:1]), o.payments.first().amount, [p.amount for p in o.payments.all()],
        )
        for o in ROWS.all()
    ]


def filtered():
    return [len(order.lines.filter(paid=True)) for order in ROWS.all()]


def filtered_by_two():
    found = []
    for order in ROWS.all():
        for one in order.lines.filter(paid=False, position=2):
            found.append(one.position)
    return found


def filtered_by_none():
    return [[one.pk for one in order.lines.filter(note=None)] for order in ROWS.all()]


def excluded():
    return [order.lines.exclude(note="a").count() for order in ROWS.all()]


def excluded_none():
    return [order.lines.exclude(note=None).exists() for order in ROWS.all()]


def excluded_flag():
    return [list(order.lines.exclude(paid=False).values_list("pk")) for order in ROWS.all()]


def ordered():
    return [[one.position for one in order.lines.order_by("-position")] for order in ROWS.all()]


def ordered_list():
    return [[one.position for one in list(order.lines.order_by("position"))] for order in ROWS.all()]


def flat():
    return [sorted(order.lines.values_list("position", flat=True)) for order in ROWS.all()]


def flat_set():
    return [len(set(order.payments.values_list("pk", flat=True))) for order in ROWS.all()]


def streamed():
    return [[one.amount for one in order.payments.iterator()] for order in ROWS.all()]


def streamed_list():
    return [len(list(order.payments.iterator())) for order in ROWS.all()]


def last():
    return [order.payments.last().amount for order in ROWS.all()]


def unordered_first():
    return [order.lines.first().position for order in ROWS.all()]


def got():
    return [order.lines.get(position=1).position for order in ROWS.all()]


def summed():
    return [order.payments.aggregate(total=Sum("amount"))["total"] for order in ROWS.all()]


def filtered_by_lookup():
    return [[one.position for one in order.lines.filter(position__gt=1)] for order in ROWS.all()]


def excluded_by_two():
    return [[one.position for one in order.lines.exclude(paid=True, position=2)] for order in ROWS.all()]


def ordered_by_what_may_be_null():
    return [len([one for one in order.lines.order_by("note")]) for order in ROWS.all()]


def names_taken():
    found = []
    for order in ROWS.all():
        line, row, each = 1, 2, 3
        found.append([one.position for one in order.lines.filter(position=line + row - each + 1)])
    return found


def named_alike():
    found = []
    for order in ROWS.all():
        for line in order.lines.filter(paid=True):
            found.append(line.position)
    return found


def loaded_with_more():
    return [[one.note for one in order.lines.prefetch_related("order")] for order in ROWS.all()]


def asked_twice():
    return [len(order.lines.all().all()) for order in ROWS.all()]


def ordered_first():
    ordered = Prefetch("lines", queryset=Line.objects.order_by("position"))
    return [order.lines.first().position for order in Order.objects.order_by("pk").prefetch_related(ordered)]
"""

QUESTION = """
import inspect
import json

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop import loops
from shop.models import Line, Order, Payment

call_command("migrate", run_syncdb=True, verbosity=0)


def grow(rows):
    for number in range(rows):
        order = Order.objects.create(number=number)
        for position in (3, 1, 2):
            note = "abc"[position - 1] if position < 3 else None
            Line.objects.create(order=order, position=position, paid=position == 2 or not number % 2, note=note)
            Payment.objects.create(order=order, amount=position * 10)


def measure():
    found = {}
    for name, function in inspect.getmembers(loops, inspect.isfunction):
        with CaptureQueriesContext(connection) as queries:
            given = function()
        found[name] = [len(queries), given]
    return found


grow(3)
before = measure()
grow(6)
after = measure()
print(json.dumps({name: [after[name][0] > few, after[name][1]] for name, (few, _) in before.items()}))
"""

PROJECT = f'[project]\nname = "x"\nversion = "1"\ndependencies = ["django=={installed("django")}"]\n'
FILES = {"shop/__init__.py": "", "shop/models.py": dedent(MODELS), "shop/loops.py": dedent(LOOPS)}
FIXED = {
    "filtered", "filtered_by_two", "filtered_by_none", "excluded", "excluded_none", "ordered", "ordered_list", "flat",
    "flat_set", "named_alike", "streamed", "streamed_list",
}  # fmt: skip


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[object]]:
    found: dict[str, list[object]] = run(tmp_path_factory.mktemp("before"), FILES, QUESTION)
    return found


def test_the_prefetches_called_vain_are_those_beside_which_django_asks_again(asked: dict[str, list[object]]) -> None:
    report = check_sources({"pyproject.toml": PROJECT, **FILES}, Config(select=("DJS309",)))
    assert not report.faults
    starts = {
        row: line.removeprefix("def ").partition("(")[0]
        for row, line in enumerate(FILES["shop/loops.py"].splitlines(), 1)
        if line.startswith("def ")
    }
    told = {starts[max(row for row in starts if row <= finding.span.row)] for finding in report.findings}
    assert told == {name for name, (grows, _) in asked.items() if grows}


def test_what_the_fix_reads_in_python_costs_nothing_and_gives_the_same(
    asked: dict[str, list[object]], tmp_path: Path
) -> None:
    fixing = fix_sources({"pyproject.toml": PROJECT, **FILES}, Config(select=("DJS309",)), unsafe=True)
    assert not fixing.faults
    after = run(tmp_path, {**FILES, **fixing.after}, QUESTION)
    assert {name: given for name, (_, given) in after.items()} == {name: given for name, (_, given) in asked.items()}
    assert {name for name, (grows, _) in asked.items() if grows and not after[name][0]} == FIXED
