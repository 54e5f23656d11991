"""Which loops are told, and what is written for them: small functions over one set of models."""

from __future__ import annotations

from textwrap import dedent

import pytest

from djlint_spec.config import Config
from djlint_spec.diagnostics import Finding
from djlint_spec.engine import check_sources

MODELS = """
from django.db import models

class Customer(models.Model):
    name = models.CharField(max_length=20)

class Order(models.Model):
    number = models.IntegerField()
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="orders")

    def save(self, *args, **kwargs):
        self.slug = self.customer.name
        super().save(*args, **kwargs)

    @classmethod
    def names(cls):
        return [order.customer.name for order in cls.objects.all()]

    @staticmethod
    def all_names():
        return [order.customer.name for order in Order.objects.all()]

    def cached_name(self):
        return cache.get("name") or self.customer.name

class Line(models.Model):
    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
"""


def told(code: str) -> list[Finding]:
    """The findings in a module `shop/work.py` that holds the code."""
    files = {"shop/models.py": MODELS, "shop/work.py": "from shop.models import Line, Order\n" + dedent(code)}
    report = check_sources(files, Config(select=("DJS301",)))
    assert not report.faults
    return [finding for finding in report.findings if finding.span.path == "shop/work.py"]


@pytest.mark.parametrize(
    "body",
    [
        "try:\n            check()\n        except ValueError:\n            return order.customer.name",
        "with lock:\n            return order.customer.name",
        "while busy():\n            raise ValueError(order.customer.name)",
        "match order.number:\n            case 1:\n                return order.customer.name",
        "order.save()",
        "order.cached_name()",
    ],
)
def test_what_comes_at_most_once_or_from_a_cache_is_no_cost_of_each_row(body: str) -> None:
    assert told(f"def work():\n    for order in Order.objects.all():\n        {body}\n") == []


def test_methods_of_classes_are_entered_with_their_class() -> None:
    report = check_sources({"shop/models.py": MODELS}, Config(select=("DJS301",)))
    assert [finding.message.partition("`customer`")[1] for finding in report.findings] == ["`customer`"] * 2


@pytest.mark.parametrize(
    ("queryset", "written"),
    [
        ("Order.objects.all()", 'write Order.objects.select_related("customer")'),
        ("Order.objects.defer('number')", "write Order.objects.defer('number').prefetch_related(\"customer\")"),
        ("Order.objects.all() | Order.objects.none()", 'write Order.objects.select_related("customer")'),
        ("Order.objects.union(Order.objects.all())", 'write .select_related("customer") in each queryset of the union'),
    ],
)
def test_the_queryset_to_write_goes_with_the_one_that_is_there(queryset: str, written: str) -> None:
    (finding,) = told(f"def work():\n    for order in {queryset}:\n        print(order.customer.name)\n")
    assert finding.help == written


def test_a_set_is_not_prefetched_beside_iterator_without_chunks() -> None:
    (finding,) = told(
        "def work():\n    for order in Order.objects.all().iterator():\n        print(len(order.lines.all()))\n"
    )
    assert finding.fix is None
    assert finding.help == 'write Order.objects.prefetch_related("lines") and .iterator(chunk_size=...)'


HEIRS = """
from django.db import models

class Account(models.Model):
    number = models.IntegerField()

class Holder(models.Model):
    account = models.OneToOneField(Account, models.CASCADE, related_name="%(class)s")

    class Meta:
        abstract = True

class Clerk(Holder):
    name = models.CharField(max_length=20)

class Guest(Holder):
    name = models.CharField(max_length=20)
"""


@pytest.mark.parametrize(
    ("rows", "back", "costs"), [("Clerk", "clerk", False), ("Guest", "guest", False), ("Guest", "clerk", True)]
)
def test_a_key_that_heirs_share_leads_back_to_the_one_that_it_came_from(rows: str, back: str, costs: bool) -> None:
    work = f"""
from shop.models import {rows}

def names():
    return [row.account.{back}.name for row in {rows}.objects.select_related("account")]
"""
    report = check_sources({"shop/models.py": HEIRS, "shop/work.py": work}, Config(select=("DJS301",)))
    assert bool(report.findings) is costs


FOLLOWED = {
    "the set is an attribute of the object at hand": """
        class Report:
            def run(self):
                self.orders = Order.objects.all()
                for number in Order.objects.values_list("number"):
                    print(number)
                self.show()

            def show(self):
                for order in self.orders:
                    print(order.customer.name)
        """,
    "a function within": """
        def run():
            def show():
                for order in Order.objects.all():
                    print(order.customer.name)
            for number in Order.objects.values_list("number"):
                print(number)
            show()
        """,
    "a row that was got with what it has": """
        from shop.models import Customer

        def run(number):
            customer = Customer.objects.get(pk=number)
            for order in Order.objects.all():
                print(order)
            show(customer)

        def show(customer):
            for order in customer.orders.all():
                print(order.customer.name, [line.pk for line in order.lines.all()])
        """,
    "a list that is filled": """
        def run():
            found = []
            found.append(Order.objects.all())
            for orders in found:
                for order in orders:
                    print(order.customer.name)
        """,
    "a name that stands for another": """
        def run():
            orders = Order.objects.all()
            first = orders[:10]
            for order in first:
                print(order.customer.name)
        """,
}


@pytest.mark.parametrize("code", FOLLOWED.values(), ids=FOLLOWED)
def test_a_loop_is_found_where_code_that_is_called_for_its_effect_comes_to_it(code: str) -> None:
    assert [finding.code for finding in told(code)] == ["DJS301"]
