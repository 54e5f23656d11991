"""What the fixes of DJS303 write answers as before, with no query more, and asks Django for one row or a number."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pytest

from djlint_spec.config import Config
from djlint_spec.diagnostics import Applicability
from djlint_spec.engine import check_sources, fix_sources
from tests.running import run

MODELS = """
from django.db import models


class Order(models.Model):
    number = models.IntegerField()
    paid = models.BooleanField(default=False)


class Line(models.Model):
    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    paid = models.BooleanField(default=False)
"""

WORK = """
from shop.models import Line, Order


def counted():
    return Order.objects.filter(paid=True).count() > 0


def counted_none():
    return Order.objects.all().count() == 0


def counted_turned():
    return 1 <= Order.objects.count()


def counted_if():
    return "some" if Order.objects.filter(number=2).count() else "none"


def counted_loop():
    found = 0
    while Order.objects.filter(number__lt=found).count():
        found += 10
        if found > 30:
            break
    return found


def counted_filter():
    return [one for one in (1, 2) if one and Order.objects.filter(number=one).count()]


def measured_bool():
    return bool(len(Order.objects.filter(paid=True))) and not bool(Order.objects.filter(number=77).first())


def counted_name():
    orders = Order.objects.filter(paid=True)
    return not orders.count()


def true():
    return bool(Order.objects.filter(paid=True))


def true_sliced():
    orders = Order.objects.order_by("number")[:3]
    if orders:
        return 1


def true_either(flag=True):
    orders = Order.objects.filter(paid=True) if flag else Order.objects.filter(paid=False)
    assert not orders or True
    return 2


def true_values():
    return [one for one in (1, 2) if Order.objects.filter(number=one).values_list("number", "paid")]


def true_and_changed():
    orders: object = Order.objects.filter(paid=True)
    if orders:
        orders.update(paid=True)


def length():
    return len(Order.objects.filter(paid=True))


def length_if():
    return 1 if len(Order.objects.filter(paid=True)) else 2


def length_none():
    return len(Order.objects.filter(paid=True)) < 1


def listed():
    return list(Order.objects.order_by("pk"))[0].number if Order.objects.exists() else None


def first_is():
    return Order.objects.filter(paid=True).first() is None


def first_if():
    return 1 if Order.objects.filter(paid=True).first() else 2


def of_a_row():
    order = Order.objects.first()
    if order is not None:
        return order.lines.filter(paid=True).first() is not None, order.lines.count() > 0, len(order.lines.all())
"""

QUESTION = """
import inspect
import json

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop import work
from shop.models import Line, Order

call_command("migrate", run_syncdb=True, verbosity=0)


def measure():
    found = {}
    for name, function in inspect.getmembers(work, inspect.isfunction):
        with CaptureQueriesContext(connection) as queries:
            given = function()
        found[name] = [given, [query["sql"] for query in queries]]
    return found


answers = [measure()]
for number in range(4):
    order = Order.objects.create(number=number, paid=number > 1)
    for paid in (True, False):
        Line.objects.create(order=order, paid=paid)
answers.append(measure())
print(json.dumps(answers))
"""

FILES = {"shop/__init__.py": "", "shop/models.py": dedent(MODELS), "shop/work.py": dedent(WORK)}
_ONE = re.compile(r"LIMIT 1\b|COUNT\(|^UPDATE")


def test_the_fixed_functions_answer_as_before_and_ask_for_one_row_or_a_number(tmp_path: Path) -> None:
    fixing = fix_sources(FILES, Config(select=("DJS303",)), unsafe=True)
    assert not fixing.faults
    assert not re.search(r"\blen\(|\blist\(|\bbool\(|count\(\) [<=>]", fixing.after["shop/work.py"])
    before = run(tmp_path / "before", FILES, QUESTION)
    after = run(tmp_path / "after", {**FILES, **fixing.after}, QUESTION)
    assert _answers(before) == _answers(after)
    for old, new in zip(before, after, strict=True):
        for name, (_, asked) in new.items():
            assert len(asked) <= len(old[name][1]), name
            assert all(_ONE.search(query) for query in asked), name


def _answers(measured: list[dict[str, tuple[object, list[str]]]]) -> list[dict[str, object]]:
    return [{name: given for name, (given, _) in each.items()} for each in measured]


def test_what_may_answer_otherwise_is_an_unsafe_fix() -> None:
    report = check_sources(FILES, Config(select=("DJS303",)))
    starts = {
        row: line.removeprefix("def ").partition("(")[0]
        for row, line in enumerate(FILES["shop/work.py"].splitlines(), 1)
        if line.startswith("def ")
    }
    safe = {
        starts[max(row for row in starts if row <= finding.span.row)]
        for finding in report.findings
        if finding.fix is not None and finding.fix.applicability is Applicability.SAFE
    }
    assert safe == {
        "counted", "counted_filter", "counted_none", "counted_turned", "counted_if", "counted_loop", "counted_name",
        "true", "true_sliced", "true_either", "true_values", "of_a_row",
    }  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        "orders = given.orders\n    return bool(orders)",
        "orders = Order.objects.all()\n    del orders\n    return bool(orders)",
        "for orders in (Order.objects.all(),):\n        if orders:\n            return 1",
        "orders = Order.objects.all()\n    def later():\n        return list(orders)\n    return bool(orders), later",
        "orders = Order.objects.all()\n    return len(orders), len(orders)",
        "return 0 < Order.objects.count() < 5",
        "return Order.objects.count() > 0.5",
        "return Order.objects.none().count() > 0",
        "return bool(Order.objects.filter(pk=1).exists())",
        "return bool(Order.objects.get(pk=1))",
        "orders = Order.objects.all()[given]\n    return bool(orders)",
        "orders = [] or Order.objects.all()\n    return bool(orders)",
        "try:\n        return given[0]\n    except (IndexError, KeyError):\n        return None",
        "try:\n        return Order.objects.all()[0]\n    except KeyError:\n        return None",
    ],
)
def test_nothing_is_said_of(body: str) -> None:
    work = f"from shop.models import Order\n\ndef work(given):\n    {body}\n"
    files = {"shop/models.py": MODELS, "shop/work.py": work}
    report = check_sources(files, Config(select=("DJS303",)))
    assert not report.faults
    assert report.findings == ()
