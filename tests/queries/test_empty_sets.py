"""Sets that are empty by `none()`: they have no rows to load anything with, and give way to what is joined to them."""

from __future__ import annotations

from textwrap import dedent

import pytest

from djlint_spec.config import Config
from djlint_spec.engine import fix_sources

MODELS = """
from django.db import models


class Customer(models.Model):
    name = models.CharField(max_length=20)


class Order(models.Model):
    customer = models.ForeignKey(Customer, models.CASCADE)
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("found = Order.objects.none()", None),
        ("found = Order.objects.none() if wanted else Order.objects.all()", "none() if wanted else {}"),
        ("found = Order.objects.none()\n    found |= Order.objects.all()", "none()\n    found |= {}"),
        ("found = Order.objects.all() | Order.objects.none()", "found = {} | Order.objects.none()"),
        ("found = Order.objects.all() & Order.objects.none()", None),
        ("found = Order.objects.none() ^ Order.objects.all()", "none() ^ {}"),
        (
            "found = Order.objects.none()\n    for one in wanted:\n        found |= Order.objects.all()",
            "found |= {}",
        ),
    ],
)
def test_what_is_loaded_is_never_an_empty_set(before: str, after: str | None) -> None:
    work = f"""\
from shop.models import Order


def names(wanted):
    {before}
    return [order.customer.name for order in found]
"""
    fixing = fix_sources({"shop/models.py": dedent(MODELS), "shop/work.py": work}, Config(select=("DJS301",)))
    assert not fixing.faults
    if after is None:
        assert not fixing.after
    else:
        assert after.format('Order.objects.select_related("customer")') in fixing.after["shop/work.py"]
        assert fixing.after["shop/work.py"].count("select_related") == 1
