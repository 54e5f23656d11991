"""What DJS601 reports raises SynchronousOnlyOperation under Django; what it does not, and what the fix writes, runs."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from djlint_spec.config import Config
from djlint_spec.diagnostics import Finding
from djlint_spec.engine import check_sources, fix_sources
from tests.running import installed, run

SETTINGS = """
SECRET_KEY = "for tests"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "rest_framework", "shop"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
ROOT_URLCONF = "urls"
"""

MODELS = """
from django.db import models


class Customer(models.Model):
    name = models.CharField(max_length=20)


class Order(models.Model):
    number = models.IntegerField()
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="orders")
    tags = models.ManyToManyField(Customer, related_name="+")

    def save(self, *args, **kwargs):
        self.number += 1
        super().save(*args, **kwargs)

    @property
    def others(self):
        return Order.objects.exclude(pk=self.pk).count()

    @property
    def lazy_others(self):
        return Order.objects.exclude(pk=self.pk)


class Card(models.Model):
    customer = models.OneToOneField(Customer, models.CASCADE, related_name="card")
"""

WORK = """
from asgiref.sync import sync_to_async
from django.contrib.auth import authenticate, get_user_model
from django.db import connection, transaction
from django.shortcuts import get_list_or_404, get_object_or_404
from rest_framework import serializers

from shop.models import Card, Customer, Order


class OrderSerializer(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = ["number"]


def total():
    return Order.objects.count()


def total_once_more():
    return total() + 1


def lazy():
    return Order.objects.filter(number__gt=0)


@sync_to_async
def lazy_in_a_thread():
    return Order.objects.filter(number__gt=0)


async def gets():
    return Order.objects.get(number=2).number


async def gets_part():
    return [Order.objects.get(number=2).number, Order.objects.first().pk]


async def counts():
    return Order.objects.filter(number=2).count() + 1


async def exists():
    return not Order.objects.filter(number=77).exists()


async def creates():
    return Customer.objects.create(name="b").name


async def updates():
    return Order.objects.filter(number=77).update(number=78)


async def deletes():
    return Order.objects.filter(number=77).delete()[0]


async def loops():
    found = []
    for order in Order.objects.all():
        found.append(order.number)
    return found


async def comprehends():
    return [order.number for order in Order.objects.all() if order.number]


async def lists():
    return list(Order.objects.values_list("number", flat=True))


async def generates():
    return sum(order.number for order in Order.objects.all())


async def measures():
    return len(Order.objects.all())


async def tests():
    return bool(Order.objects.all()), 1 if Order.objects.filter(number=77) else 2


async def indexes():
    return Order.objects.order_by("pk")[0].number


async def contains():
    return 2 in Order.objects.values_list("number", flat=True)


async def saves():
    customer = await Customer.objects.afirst()
    customer.save()


async def saves_its_own():
    order = await Order.objects.alast()
    order.save()
    await order.adelete()


async def refreshes():
    order = await Order.objects.afirst()
    order.refresh_from_db()
    return order.number


async def cleans():
    order = await Order.objects.afirst()
    order.full_clean()


async def permits():
    user = await get_user_model().objects.afirst()
    return user.has_perm("shop.add_order")


async def loads():
    order = await Order.objects.afirst()
    return order.customer.name


async def loads_back():
    customer = await Customer.objects.afirst()
    return customer.card.pk


async def loads_each():
    return [order.customer.name async for order in Order.objects.all()]


async def adds():
    order = await Order.objects.afirst()
    order.tags.add(order.customer_id)


async def shortcuts():
    return get_object_or_404(Order, number=2).number, len(get_list_or_404(Order, number=2))


async def within():
    with transaction.atomic():
        pass


@transaction.atomic
async def decorated():
    pass


async def commits():
    transaction.on_commit(print)


async def cursors():
    with connection.cursor():
        pass


async def authenticates():
    return authenticate(username="a", password="b")


async def serializes():
    return OrderSerializer(Order.objects.all(), many=True).data


async def calls():
    return total_once_more()


async def calls_a_property():
    order = await Order.objects.afirst()
    return order.others


async def calls_what_is_lazy():
    return [order.number for order in lazy()]


async def fetches_what_a_thread_left():
    return [order.number for order in await lazy_in_a_thread()]


async def fetches_inside():
    def inner():
        return Order.objects.count()

    return inner()


async def waits():
    found = [await Order.objects.acount(), (await Order.objects.afirst()).number]
    async for order in Order.objects.select_related("customer"):
        found.append(order.customer.name)
    found.extend([len(order.tags.all()) async for order in Order.objects.prefetch_related("tags")])
    found.append(await sync_to_async(total)())
    found.append(await sync_to_async(lambda: list(lazy()))() is not None)
    return found


async def builds():
    order = await Order.objects.afirst()
    queryset = lazy().exclude(number=1).order_by("pk")[:3]
    return order.customer_id, queryset.query is not None, order.lazy_others is not None, order.tags is not None


async def makes():
    customer = await Customer.objects.afirst()
    order = await Order.objects.acreate(number=9, customer=customer)
    name = order.customer.name
    await order.adelete()
    return name


async def wraps():
    @sync_to_async
    def inner():
        return Order.objects.count()

    async def other():
        return await Order.objects.acount()

    return await inner(), await other()
"""

QUESTION = """
import asyncio
import inspect
import json

from django.contrib.auth import get_user_model
from django.core.exceptions import SynchronousOnlyOperation
from django.core.management import call_command

from shop import work
from shop.models import Card, Customer, Order

call_command("migrate", run_syncdb=True, verbosity=0)
customer = Customer.objects.create(name="a")
Card.objects.create(customer=customer)
Order.objects.create(number=1, customer=customer)
Order.objects.create(number=3, customer=customer)
get_user_model().objects.create_user("a", password="b")


def ask(function):
    async def main():
        await function()

    try:
        asyncio.run(main())
    except SynchronousOnlyOperation:
        return True
    return False


names = [
    name
    for name, value in vars(work).items()
    if getattr(value, "__module__", "") == "shop.work" and inspect.isfunction(value)
    and (inspect.iscoroutinefunction(value) or name == "decorated")
]
print(json.dumps([name for name in names if ask(getattr(work, name))]))
"""

PROJECT = f'[project]\nname = "x"\nversion = "1"\ndependencies = ["django=={installed("django")}"]\n'
FILES = {
    "pyproject.toml": PROJECT,
    "shop/__init__.py": "",
    "shop/models.py": dedent(MODELS),
    "shop/work.py": dedent(WORK),
}
STILL = {
    "generates", "indexes", "contains", "loads", "loads_back", "loads_each", "within", "decorated", "commits",
    "cursors", "serializes", "calls_a_property",
}  # fmt: skip
"""What has no fix that fits in its place."""


def told(files: dict[str, str], path: str = "shop/work.py") -> list[Finding]:
    report = check_sources(files, Config(select=("DJS601",)))
    assert not report.faults
    return [finding for finding in report.findings if finding.span.path == path]


def test_what_is_reported_raises_and_nothing_else_does(tmp_path: Path) -> None:
    raised = run(tmp_path, {**FILES, "settings.py": SETTINGS}, QUESTION)
    assert {str(finding.data["function"]).rpartition(".")[2] for finding in told(FILES)} == set(raised)


def test_what_the_fix_writes_runs(tmp_path: Path) -> None:
    fixing = fix_sources(FILES, Config(select=("DJS601",)), unsafe=True)
    assert not fixing.faults
    raised = run(tmp_path, {**FILES, **fixing.after, "settings.py": SETTINGS}, QUESTION)
    assert set(raised) == STILL


@pytest.mark.parametrize(
    ("django", "written"),
    [
        ("4.2", ["await order.asave()", "await Order.objects.aget(", "await sync_to_async(get_object_or_404)("]),
        ("5.0", ["await order.asave()", "await aget_object_or_404("]),
    ],
)
def test_the_fix_takes_what_every_django_of_the_project_has(django: str, written: list[str]) -> None:
    work = """
    from django.shortcuts import get_object_or_404
    from shop.models import Order, Customer

    async def work():
        order = await Order.objects.afirst()
        order.save()
        found = get_object_or_404(Order, pk=1)
        for order in Order.objects.all():
            found = Order.objects.get(pk=1)
    """
    project = f'[project]\nname = "x"\nversion = "1"\ndependencies = ["django>={django},<6"]\n'
    files = {"pyproject.toml": project, "shop/models.py": dedent(MODELS).replace("def save", "def keep")}
    fixing = fix_sources({**files, "shop/work.py": dedent(work)}, Config(select=("DJS601",)), unsafe=True)
    assert not fixing.faults
    text = fixing.after.get("shop/work.py", dedent(work))
    for part in written:
        assert part in text


def test_tests_may_allow_what_others_may_not() -> None:
    work = "from shop.models import Order\n\nasync def work():\n    return Order.objects.count()\n"
    allowed = 'import os\n\nos.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"\n'
    files = {**FILES, "shop/work.py": work, "tests/test_work.py": work}
    assert told(files) and told(files, "tests/test_work.py")
    in_tests = {**files, "tests/conftest.py": allowed}
    assert told(in_tests) and not told(in_tests, "tests/test_work.py")


@pytest.mark.parametrize(
    ("callee", "expected"),
    [
        ("return Order.objects.count()", 1),
        ("with lock:\n        return Order.objects.count()", 1),
        ("try:\n        return Order.objects.count()\n    except ValueError:\n        return 0", 1),
        ("if Order.objects.count():\n        return 1", 1),
        ("for order in Order.objects.all():\n        return order", 1),
        ("if not given:\n        raise ValueError\n    return Order.objects.count()", 1),
        ("if given:\n        return given\n    return Order.objects.count()", 0),
        ("return given or Order.objects.count()", 0),
        ("return Order.objects.count() or given", 1),
        ("return given if given else Order.objects.count()", 0),
        ("while given:\n        return Order.objects.count()", 0),
        ("match given:\n        case 1:\n            return Order.objects.count()", 0),
        ("try:\n        return given\n    finally:\n        Order.objects.count()", 0),
    ],
)
def test_a_callee_counts_where_it_always_queries(callee: str, expected: int) -> None:
    work = f"from shop.models import Order\n\ndef helped(given, lock):\n    {callee}\n\n"
    work += "async def work(given, lock):\n    return helped(given, lock)\n"
    assert len(told({**FILES, "shop/work.py": work})) == expected


def test_a_row_is_of_the_classes_that_a_test_tells() -> None:
    work = """
    from shop.models import Card, Customer, Order

    async def work(flag):
        row = await Order.objects.afirst() if flag else await Card.objects.afirst()
        if isinstance(row, (Customer, Order)):
            print(row.number)
        elif isinstance(row, Card):
            print(row.customer.name)
    """
    (finding,) = told({**FILES, "shop/work.py": dedent(work)})
    assert "Loading `customer` of Card" in finding.message
