"""What a loop keeps by the key of a row that many rows lead to is asked once for each such row, not for each round."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from djlint_spec.config import Config
from djlint_spec.engine import check_sources
from tests.running import run

MODELS = """
from django.db import models


class Place(models.Model):
    name = models.CharField(max_length=20)


class Company(models.Model):
    name = models.CharField(max_length=20)
    owner = models.ForeignKey(Place, models.CASCADE)


class Customer(models.Model):
    name = models.CharField(max_length=20)
    company = models.ForeignKey(Company, models.CASCADE, related_name="customers")


class Card(models.Model):
    customer = models.OneToOneField(Customer, models.CASCADE)


class Order(models.Model):
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="orders")
    place = models.ForeignKey(Place, models.CASCADE)

    known = None

    def know(self, known):
        self.known = known

    def shown(self):
        if not self.known:
            self.known = self.place.name
        return self.known
"""

LOOPS = """
from shop.models import Card, Customer, Order

NAMES = {}


def named(customer):
    if customer.pk not in NAMES:
        NAMES[customer.pk] = customer.company.name
    return NAMES[customer.pk]


def named_anew(customer):
    names = {}
    if customer.pk not in names:
        names[customer.pk] = customer.company.name
    return names[customer.pk]


def by_key():
    names = {}
    for order in Order.objects.all():
        if order.customer_id not in names:
            names[order.customer_id] = order.customer.name


def by_the_row_itself():
    names = {}
    for order in Order.objects.select_related("customer"):
        customer = order.customer
        if customer not in names:
            names[customer] = customer.company.name


def of_the_module():
    for order in Order.objects.select_related("customer"):
        named(order.customer)


def each_time_anew():
    for order in Order.objects.select_related("customer"):
        named_anew(order.customer)


def by_the_key_of_a_company():
    names: dict[int, str] = {}
    for card in Card.objects.select_related("customer__company"):
        company = card.customer.company
        if company.pk not in names:
            names[company.pk] = company.owner.name


def by_the_key_of_its_own_customer():
    names = {}
    for card in Card.objects.select_related("customer"):
        if card.customer.pk not in names:
            names[card.customer.pk] = card.customer.company.name


def by_the_keys_of_a_set():
    names = {}
    for customer in Customer.objects.prefetch_related("orders"):
        for order in customer.orders.all():
            if order.pk not in names:
                names[order.pk] = order.place.name


def set_before_it_is_asked():
    for order in Order.objects.all():
        order.know("a")
        order.shown()


def asked_before_it_is_set():
    for order in Order.objects.all():
        order.shown()
        order.know("a")


def made_each_round():
    for order in Order.objects.all():
        names = {}
        if order.customer_id not in names:
            names[order.customer_id] = order.customer.name


def by_its_own_key():
    names = {}
    for order in Order.objects.all():
        if order.pk not in names:
            names[order.pk] = order.customer.name


def by_a_key_of_its_own():
    names = {}
    for card in Card.objects.all():
        if card.customer_id not in names:
            names[card.customer_id] = card.customer.name
"""

QUESTION = """
import inspect
import json

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop import loops
from shop.models import Card, Company, Customer, Order, Place

call_command("migrate", run_syncdb=True, verbosity=0)
place = Place.objects.create(name="a")
customer = Customer.objects.create(name="a", company=Company.objects.create(name="a", owner=place))


def measure(rows):
    for _ in range(rows):
        Order.objects.create(customer=customer, place=place)
        Card.objects.create(customer=Customer.objects.create(name="b", company=customer.company))
    found = {}
    for name, function in inspect.getmembers(loops, inspect.isfunction):
        if not inspect.signature(function).parameters:
            with CaptureQueriesContext(connection) as queries:
                function()
            found[name] = len(queries)
    return found


before, after = measure(3), measure(6)
print(json.dumps([name for name, number in before.items() if after[name] > number]))
"""


def test_the_loops_that_cost_are_those_that_django_asks_for(tmp_path: Path) -> None:
    files = {"shop/__init__.py": "", "shop/models.py": dedent(MODELS), "shop/loops.py": dedent(LOOPS)}
    report = check_sources(files, Config(select=("DJS301",)))
    assert not report.faults
    starts = {
        row: line.removeprefix("def ").partition("(")[0]
        for row, line in enumerate(files["shop/loops.py"].splitlines(), 1)
        if line.startswith("def ")
    }
    told = {starts[max(row for row in starts if row <= finding.span.row)] for finding in report.findings}
    assert told == set(run(tmp_path, files, QUESTION))
    assert told == {
        "each_time_anew",
        "made_each_round",
        "by_its_own_key",
        "by_a_key_of_its_own",
        "by_the_key_of_its_own_customer",
        "by_the_keys_of_a_set",
        "asked_before_it_is_set",
    }
