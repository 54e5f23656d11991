"""Loops that DJS302 reports cost a query a round under Django, what it says to write instead does not."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from djlint_spec.config import Config
from djlint_spec.diagnostics import Finding
from djlint_spec.engine import check_sources
from tests.running import run

MODELS = """
from django.db import models
from django.db.models.signals import post_save, pre_delete
from django.dispatch import receiver


class Customer(models.Model):
    name = models.CharField(max_length=20, unique=True)

    @classmethod
    def known(cls, name):
        return cls.objects.create(name=name)


class Order(models.Model):
    number = models.IntegerField()
    paid = models.BooleanField(default=False)
    changed = models.DateTimeField(auto_now=True)


class Line(models.Model):
    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    price = models.IntegerField()


class Gift(Order):
    note = models.CharField(max_length=20)


class Heard(models.Model):
    name = models.CharField(max_length=20)


SAVED = []


@receiver(post_save, sender=Heard)
def hear(sender, instance, **kwargs):
    SAVED.append(instance.pk)
"""

WORK = """
from shop.models import Customer, Line, Order


def got():
    for number in Order.objects.values_list("number", flat=True):
        Order.objects.get(number=number)


def got_at_once():
    numbers = list(Order.objects.values_list("number", flat=True))
    found = {order.number: order for order in Order.objects.filter(number__in=numbers)}
    return [found[number].pk for number in numbers]


def known():
    names = [f"{number}" for number in Order.objects.values_list("number", flat=True)]
    return [name for name in names if Customer.objects.filter(name=name).exists()]


def lines():
    for order in Order.objects.all():
        for line in Line.objects.filter(order=order):
            print(line.price, end="")


def created():
    for order in Order.objects.all():
        Line.objects.create(order=order, price=1)


def made():
    for order in Order.objects.all():
        line = Line(order=order)
        line.price = 2
        line.save()


def made_at_once():
    Line.objects.bulk_create([Line(order=order, price=3) for order in Order.objects.all()])


def saved():
    for number, order in enumerate(Order.objects.order_by("pk")):
        order.number = number
        order.save()


def saved_at_once():
    orders = list(Order.objects.order_by("pk"))
    for number, order in enumerate(orders):
        order.number = number
    Order.objects.bulk_update(orders, ["number"])


def paid():
    for order in Order.objects.all():
        order.paid = True
        order.save(update_fields=["paid"])


def paid_at_once():
    Order.objects.update(paid=True)


def updated():
    for number in Order.objects.values_list("number", flat=True):
        Order.objects.filter(number=number).update(paid=False)


def deleted():
    for line in Line.objects.filter(price=1):
        line.delete()


def deleted_at_once():
    Line.objects.filter(price=2).delete()
"""

QUESTION = """
import contextlib
import inspect
import io
import json

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop import work
from shop.models import SAVED, Customer, Gift, Heard, Line, Order

call_command("migrate", run_syncdb=True, verbosity=0)


def measure(rows):
    found = {}
    for name, function in inspect.getmembers(work, inspect.isfunction):
        Order.objects.all().delete()
        for number in range(rows):
            Line.objects.create(order=Order.objects.create(number=number), price=number % 2 + 1)
        with CaptureQueriesContext(connection) as queries, contextlib.redirect_stdout(io.StringIO()):
            function()
        found[name] = len(queries)
    return found


few, many = measure(4), measure(12)
order = Order.objects.create(number=0)
stamp = order.changed
order.number = 7
Order.objects.bulk_update([order], ["number"])
order.refresh_from_db()
kept = order.changed == stamp
rows = Heard.objects.bulk_create([Heard(name="a")])
Heard.objects.bulk_update(Heard.objects.all(), ["name"])
try:
    Gift.objects.bulk_create([Gift(number=1, note="")])
    refused = False
except ValueError:
    refused = True
print(json.dumps({"grows": [name for name in few if many[name] > few[name]], "kept": kept, "heard": SAVED,
                  "refused": refused}))
"""

FILES = {"shop/__init__.py": "", "shop/models.py": dedent(MODELS), "shop/work.py": dedent(WORK)}


CALLED = """
from shop.models import *

WANTED = ("a", "b")


def known(name):
    return Customer.objects.get_or_create(name=name)


def known_by_others(name):
    return known(name)


"""


def told(body: str, models: str = MODELS, options: dict[str, dict[str, object]] | None = None) -> list[Finding]:
    """The findings in a function of that body, whose parameters hold anything."""
    work = f"{CALLED}def work(given, others):\n" + "\n".join(
        f"    {line}" for line in dedent(body).strip().splitlines()
    )
    report = check_sources(
        {"shop/models.py": dedent(models), "shop/work.py": work},
        Config(select=("DJS302",), rules=options or {}),
    )
    assert not report.faults
    return list(report.findings)


def test_the_loops_that_are_reported_are_those_that_query_each_round(tmp_path: Path) -> None:
    report = check_sources(FILES, Config(select=("DJS302",)))
    assert not report.faults
    starts = {
        row: line.removeprefix("def ").partition("(")[0]
        for row, line in enumerate(FILES["shop/work.py"].splitlines(), 1)
        if line.startswith("def ")
    }
    found = {starts[max(row for row in starts if row <= finding.span.row)] for finding in report.findings}
    asked = run(tmp_path, FILES, QUESTION)
    assert found == set(asked["grows"])
    # What the messages say of the ways that they name.
    assert asked["kept"]
    assert asked["heard"] == []
    assert asked["refused"]


def test_a_message_names_the_columns_and_the_stamps_that_a_bulk_update_skips() -> None:
    (finding,) = told(
        "for number, order in enumerate(Order.objects.all()):\n    order.number = number\n    order.save()"
    )
    assert 'bulk_update(..., ["number"])' in finding.help
    assert "auto_now fields (changed)" in finding.help


def test_what_a_call_may_give_anew_in_each_round_is_not_written_to_all_rows_alike() -> None:
    (steady,) = told("for one in given:\n    Order.objects.filter(pk=one).update(number=others)")
    (drawn,) = told("for one in given:\n    Order.objects.filter(pk=one).update(number=others())")
    assert "filter(pk__in=...).update(...)" in steady.help
    assert 'bulk_update(..., ["number"])' in drawn.help


@pytest.mark.parametrize(
    "body",
    [
        "for one in given:\n    with others:\n        Order.objects.create(number=one)",
        "for one in given:\n    while others:\n        Order.objects.create(number=one)",
        "for one in given:\n    order = Order.objects.create(number=one)\n    others(order)",
        "for one in given:\n    order = Order.objects.create(number=one)\n    order.lines.create(price=1)",
        "for one in given:\n    order = Order.objects.create(number=one)\n    yield order",
        "for one in given:\n    order = Order.objects.create(number=one)\n    others[one] = order.pk",
        "for one in given:\n    others(Order.objects.create(number=one))",
        "for one in given:\n    Order.objects.create(number=Order.objects.count())",
        "for one in given:\n    Heard.objects.create(name=one)",
        "for one in given:\n    Gift.objects.create(number=one)",
        "for one in given:\n    line = Line(price=one) if others else Order(number=one)\n    line.save()",
        "for one in given:\n    if one not in others:\n        others[one] = Order.objects.get(pk=one)",
        "for one in given:\n    order = others.get(one)\n    if order is None:\n"
        "        order = Order.objects.get(pk=one)\n        others[one] = order",
        "order = None\nfor one in given:\n    order = Order.objects.get(pk=order.number)",
        "for one in given:\n    Order.objects.get(pk=int(one))",
        "for one in given:\n    Order.objects.filter(pk=one).iterator()",
        "for one in given:\n    Order.objects.filter(number=one).update(number=one + 1)",
        "for one in given:\n    Order.objects.filter(pk=one).update(number=F('number') + 1)",
        "for order in Order.objects.all():\n    others(order.pk)\n    order.delete()",
        "for order in Order.objects.select_for_update():\n    order.delete()",
        "for order in Order.objects.all():\n    order.unknown = 1\n    order.save()",
        "for order in Order.objects.all():\n    order.number = 1\n    order.save()\n    break",
        "names = {one for one in ('a', 'b')}\nfor one in sorted(names):\n    Customer.objects.create(name=one)",
        "names = {'a', 'b'}\nnames = {one for one in names if given}\nfor one in sorted(names):\n"
        "    Customer.objects.create(name=one)",
        "for one in given[:5]:\n    Customer.objects.create(name=one)",
        "for one in ['a'] + ['b']:\n    Customer.objects.create(name=one)",
        "for one, two in zip(given, range(2)):\n    Customer.objects.create(name=one)",
        "names = {'a': 1}\nfor one, two in given.items():\n    if one in ('b', 'c') and two:\n        names[one] = 1\n"
        "for one, two in names.items():\n    Customer.objects.get(name=two)",
        "names = dict()\nnames['a'] = given\nfor one, two in names.items():\n    Customer.objects.get(name=two)",
        "names = {one: two for one, two in given.items() if one in WANTED}\n"
        "for one, two in names.items():\n    Customer.objects.get(name=two)",
        "for one, two in given.items():\n    if one == 'name':\n        Customer.objects.get(name=two)",
        "for one in given:\n    if not Customer.objects.filter(name=one).exists():\n        known(one)",
        "for one in given:\n    if not Customer.objects.filter(name=one).exists():\n        known_by_others(one)",
        "for one in given:\n    if not Customer.objects.filter(name=one).exists():\n        Customer.known(one)",
        "for one in given:\n    Line.objects.filter(order__number=one).delete()\n    Line.objects.get(price=one)",
        "for one in given:\n    if others:\n        for line in Line.objects.filter(pk=one.line):\n"
        "            line.save()\n    else:\n        for line in Line.objects.filter(price=one.price):\n"
        "            print(line)",
        "for one in given:\n    line = Line.objects.filter(price=one).last()\n    line.save()\n"
        "    Line.objects.get(pk=one)",
        "for one in given:\n    Line.objects.filter(price=one).update(price=others())",
        "for one in given:\n    if one.made:\n        for line in Line.objects.filter(pk=one.line):\n"
        "            line.save()\n    elif one.seen:\n        for line in Line.objects.filter(pk=one.line):\n"
        "            print(line)",
        "for one in given:\n    line = Line.objects.filter(price=one).first()\n    if not line:\n"
        "        [line] = Line.objects.filter(order=given)[:1] or [None]\n        line.price = 1\n        line.save()",
    ],
)
def test_nothing_is_said_of(body: str) -> None:
    assert told(body) == []


@pytest.mark.parametrize(
    "body",
    [
        "names = []\nnames.append(given)\nfor one in names:\n    Customer.objects.create(name=one)",
        "for one in range(others):\n    Customer.objects.create(name=one)",
        "for one in given.items():\n    match one:\n        case 1:\n            Customer.objects.create(name=one)",
        "for one in given:\n    try:\n        pass\n    finally:\n        Customer.objects.create(name=one)",
        "for one in given:\n    order = others\n    order = Order(number=1)\n    Customer.objects.create(name=one)",
        "for one in given:\n    if Order.objects.filter(pk=one).exists():\n        return one",
        "for one in given:\n    name = one.name\n    Customer.objects.get(name=name)",
        "for one in given:\n    for two in one.rows:\n        Customer.objects.get(name=two)",
        "for one in given:\n    Order.objects.filter(pk=one).update(number=one.number)",
        "names = {}\nfor one, two in given.items():\n    if one in others:\n        names[one] = two\n"
        "for one, two in names.items():\n    Customer.objects.get(name=two)",
        "names = {}\nfor one, two in given.items():\n    if two in ('b', 'c'):\n        names[one] = two\n"
        "for one, two in names.items():\n    Customer.objects.get(name=one)",
        "names = {}\nfor one in given:\n    names[one.id] = one\nfor one in names:\n    Customer.objects.get(name=one)",
        "names = {}\nnames.update(given)\nnames['a'] = 1\nfor one in names:\n    Customer.objects.get(name=one)",
        "names = {}\nfor one, two in given.items():\n    names[one] = two\nfor one in names:\n"
        "    names[one] = Customer.objects.get(name=one)",
        "names = given\nnames['a'] = 1\nfor one in names:\n    Customer.objects.get(name=one)",
        "for one, two in given.items():\n    if one != 'name':\n        Customer.objects.get(name=two)",
        "for one in given:\n    order = Order.objects.get(pk=one.order)\n    known(order)",
        "for one in given:\n    line = Line.objects.get(pk=one)\n    line.delete()",
        "for one in given:\n    Customer.objects.filter(name='').delete()\n    Line.objects.get(price=one)",
        "for one in given:\n    Line.objects.filter(price=one).update(price=int(others))",
    ],
)
def test_something_is_said_of(body: str) -> None:
    assert len(told(body)) == 1


def test_rows_that_another_method_makes_are_found_a_round_later() -> None:
    work = """
from shop.models import Customer


class Importer:
    def run(self, names):
        for name in names:
            if not Customer.objects.filter(name=name).exists():
                self.welcome(name)
                self.unknown(name)

    def check(self, names):
        for name in names:
            if not Customer.objects.filter(name=name).exists():
                self.refuse(name)
                names[name](name)

    def welcome(self, name):
        Customer(name=name).save()

    def refuse(self, name):
        print(name)
"""
    report = check_sources({"shop/models.py": dedent(MODELS), "shop/work.py": work}, Config(select=("DJS302",)))
    assert [finding.span.row for finding in report.findings] == [14]


def test_a_row_that_is_asked_for_twice_is_the_same_row() -> None:
    body = "for one in given:\n    if Line.objects.filter(pk=one).exists():\n        line = Line.objects.get(pk=one)\n"
    assert len(told(f"{body}        line.delete()")) == 2


def test_models_of_the_option_are_left_alone() -> None:
    body = "for one in given:\n    Customer.objects.create(name=one)"
    assert told(body)
    assert not told(body, options={"DJS302": {"signals": ["shop.Customer"]}})
    assert told(
        "for one in given:\n    Customer.objects.get(name=one)", options={"DJS302": {"signals": ["shop.Customer"]}}
    )


CONNECTED = (
    MODELS
    + """
from simple_history.models import HistoricalRecords


class Kept(models.Model):
    name = models.CharField(max_length=20)
    history = HistoricalRecords()


def heard(**kwargs):
    pass


post_save.connect(heard, sender="shop.Customer")
pre_delete.connect(heard, Line)
"""
)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("for one in given:\n    Customer.objects.create(name=one)", 0),
        ("for one in given:\n    Order.objects.create(number=one)", 1),
        ("for one in given:\n    Kept.objects.create(name=one)", 0),
        ("for line in Line.objects.all():\n    line.delete()", 0),
        ("for order in Order.objects.all():\n    order.delete()", 1),
    ],
)
def test_rows_whose_signals_are_heard_are_left_alone(body: str, expected: int) -> None:
    assert len(told(body, CONNECTED)) == expected


def test_a_receiver_without_a_sender_hears_of_every_model() -> None:
    models = MODELS + "\n\npost_save.connect(hear)\n"
    assert told("for one in given:\n    Order.objects.create(number=one)", models) == []
