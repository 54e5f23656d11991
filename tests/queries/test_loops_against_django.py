"""Every loop of the functions below costs queries per row exactly where the analysis says so."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from djlint_spec.config import Config
from djlint_spec.engine import check_sources
from tests.running import installed, run

MODELS = """
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


class Company(models.Model):
    name = models.CharField(max_length=20)


class Customer(models.Model):
    name = models.CharField(max_length=20)
    company = models.ForeignKey(Company, models.CASCADE, related_name="customers")


class Order(models.Model):
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="orders")
    backup = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="+")
    tags = models.ManyToManyField(Company, related_name="+")

    @property
    def company_name(self):
        return self.customer.company.name


class Line(models.Model):
    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    paid = models.BooleanField(default=False)


class Note(models.Model):
    kind = models.ForeignKey(ContentType, models.CASCADE)
    key = models.PositiveIntegerField()
    subject = GenericForeignKey("kind", "key")


class Reply(models.Model):
    note = models.ForeignKey(Note, models.CASCADE, related_name="replies")
"""

LOOPS = """
from django.db.models import Count, Prefetch

from shop.models import Company, Customer, Line, Note, Order, Reply


def key():
    return [order.customer_id for order in Order.objects.all()]


def to_one():
    return [order.customer.name for order in Order.objects.all()]


def joined():
    return [order.customer.name for order in Order.objects.select_related("customer")]


def half_joined():
    return [order.company_name for order in Order.objects.select_related("customer")]


def joined_whole():
    return [order.company_name for order in Order.objects.select_related("customer__company")]


def bare_join():
    return [(order.customer.name, order.backup.name) for order in Order.objects.select_related()]


def sets():
    for order in Order.objects.all():
        for line in order.lines.all():
            print(line.order.pk, end="")


def prefetched_sets():
    return [len(order.lines.all()) for order in Order.objects.prefetch_related("lines")]


def narrowed():
    return [order.lines.filter(paid=True).exists() for order in Order.objects.prefetch_related("lines")]


def counted():
    return [order.lines.count() for order in Order.objects.all()]


def counted_prefetched():
    return [order.lines.count() for order in Order.objects.prefetch_related("lines")]


def annotated():
    return [order.n for order in Order.objects.annotate(n=Count("lines"))]


def to_attr():
    unpaid = Prefetch("lines", queryset=Line.objects.filter(paid=False), to_attr="unpaid")
    return [len(order.unpaid) for order in Order.objects.prefetch_related(unpaid)]


def annotated_inside():
    lines = Prefetch("orders", queryset=Order.objects.annotate(n=Count("lines")))
    return [order.n for customer in Customer.objects.prefetch_related(lines) for order in customer.orders.all()]


def by_chunks():
    orders = Order.objects.prefetch_related("lines").iterator(chunk_size=100)
    return [len(order.lines.all()) for order in orders]


def through_list():
    orders = sorted(Order.objects.all(), key=lambda order: order.pk)
    return [(place, order.customer.name) for place, order in enumerate(orders)]


def gathered():
    found = []
    for order in Order.objects.all():
        if order.pk > 0:
            found.append(order)
    return [order.customer.name for order in found]


def first():
    for order in Order.objects.all():
        return order.customer.name


def left():
    for order in Order.objects.order_by("pk"):
        if order.pk > 1:
            name = order.customer.name
            break


def set_by_hand():
    customers = Customer.objects.in_bulk()
    for order in Order.objects.all():
        order.customer = customers[order.customer_id]
        print(order.customer.name, end="")


def fresh():
    return Order.objects.filter(pk__gt=0)


def helped():
    for order in fresh():
        shown(order)


def shown(order):
    return order.customer.name


def of_one_row():
    order = Order.objects.first()
    return [line.order.customer_id for line in order.lines.all()]


def tags():
    return [tag.name for order in Order.objects.all() for tag in order.tags.all()]


def subjects():
    return [note.subject for note in Note.objects.all()]


def subject_of_the_owner():
    note = Note.objects.get(pk=1)
    return [reply.note.subject for reply in note.replies.filter(pk__gt=0)]


def subjects_of_all_owners():
    return [reply.note.subject for reply in Reply.objects.select_related("note")]


def plain_rows():
    return [row["customer__name"] for row in Order.objects.values("customer__name")]
"""

QUESTION = """
import contextlib
import inspect
import io
import json

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop import loops
from shop.models import Company, Customer, Line, Note, Order, Reply

call_command("migrate", run_syncdb=True, verbosity=0)


def grow(rows):
    for number in range(rows):
        company = Company.objects.create(name=f"company {number}")
        customer, backup = (Customer.objects.create(name=f"{number}", company=company) for _ in range(2))
        order = Order.objects.create(customer=customer, backup=backup)
        order.tags.add(company)
        Line.objects.create(order=order)
        Reply.objects.create(note=Note.objects.create(subject=company))
        Reply.objects.create(note_id=1)


def measure():
    found = {}
    for name, function in inspect.getmembers(loops, inspect.isfunction):
        if not inspect.signature(function).parameters:
            with CaptureQueriesContext(connection) as queries, contextlib.redirect_stdout(io.StringIO()):
                function()
            found[name] = len(queries)
    return found


grow(3)
before = measure()
grow(6)
after = measure()
print(json.dumps([name for name, number in before.items() if after[name] > number]))
"""


def test_the_loops_that_cost_are_those_that_django_asks_for(tmp_path: Path) -> None:
    files = {"shop/__init__.py": "", "shop/models.py": dedent(MODELS), "shop/loops.py": dedent(LOOPS)}
    project = f'[project]\nname = "x"\nversion = "1"\ndependencies = ["django=={installed("django")}"]\n'
    report = check_sources({"pyproject.toml": project, **files}, Config(select=("DJS301",)))
    assert not report.faults
    starts = {
        row: line.removeprefix("def ").partition("(")[0]
        for row, line in enumerate(files["shop/loops.py"].splitlines(), 1)
        if line.startswith("def ")
    }
    told = {starts[max(row for row in starts if row <= finding.span.row)] for finding in report.findings}
    assert told == set(run(tmp_path, files, QUESTION))
    assert {
        "to_one",
        "half_joined",
        "bare_join",
        "sets",
        "narrowed",
        "counted",
        "through_list",
        "gathered",
        "helped",
    } <= told
