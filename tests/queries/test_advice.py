"""The queryset to write, beside what the list's queryset already does."""

from __future__ import annotations

import json

import pytest

from djlint_spec import Config, check_sources
from djlint_spec.diagnostics import AddLoading
from djlint_spec.engine import fix_sources

_MODELS = """
from django.db import models


class Agent(models.Model):
    name = models.CharField(max_length=80)


class Order(models.Model):
    number = models.CharField(max_length=20)
    agent = models.ForeignKey(Agent, models.CASCADE)
    referrer = models.ForeignKey(Agent, models.CASCADE, null=True, related_name="referred")
"""
_API = """
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from shop.models import Order


class OrderSerializer(serializers.ModelSerializer):
    agent = serializers.StringRelatedField()
    referrer = serializers.CharField(source="referrer.name")

    class Meta:
        model = Order
        fields = ["number", "agent", "referrer"]


class OrderList(ListAPIView):
    serializer_class = OrderSerializer

    def get_queryset(self):
        return {queryset}
"""


@pytest.mark.parametrize(
    ("queryset", "written"),
    [
        ("Order.objects.all()", 'Order.objects.select_related("agent", "referrer")'),
        ('Order.objects.select_related("agent")', 'Order.objects.select_related("agent", "referrer")'),
        # A name after the bare form takes its place: what it joined has to be named too.
        ("Order.objects.select_related()", 'Order.objects.select_related().select_related("agent", "referrer")'),
        # select_related beside only() brings rows without their columns, or an error.
        (
            'Order.objects.only("number", "agent", "referrer")',
            'Order.objects.only("number", "agent", "referrer").prefetch_related("agent", "referrer")',
        ),
        (
            'Order.objects.raw("SELECT * FROM shop_order")',
            'Order.objects.raw("SELECT * FROM shop_order").prefetch_related("agent", "referrer")',
        ),
        (
            "Order.objects.filter(pk__lt=9).union(Order.objects.filter(pk__gt=9))",
            '.select_related("agent", "referrer") in each queryset of the union',
        ),
    ],
)
def test_the_advice_goes_with_the_queryset(queryset: str, written: str) -> None:
    files = {"shop/__init__.py": "", "shop/models.py": _MODELS, "shop/api.py": _API.format(queryset=queryset)}
    report = check_sources(files, Config(select=("DJS201",)))
    assert [finding.help for finding in report.findings] == [f"write {written}"]


_DETAIL = """
from rest_framework.generics import RetrieveAPIView
from rest_framework.response import Response

from shop.api import OrderSerializer
from shop.lists import {used}
from shop.models import Agent


class AgentOrders(RetrieveAPIView):
    queryset = Agent.objects.all()

    def get(self, request, pk):
        return Response(OrderSerializer({given}, many=True).data)
"""
_LISTS = """
from shop.models import Order


def open_orders():
    return Order.objects.filter(number="7")


def some_orders(flag):
    if flag:
        return Order.objects.filter(number="8")
    return Order.objects.exclude(number="8")
"""


def _places(used: str, given: str) -> list[list[tuple[str, int]]]:
    """Where the fixes of the findings on such a view load more; for each the files and rows."""
    files = {
        "shop/__init__.py": "",
        "shop/models.py": _MODELS,
        "shop/api.py": _API.format(queryset="Order.objects.none()"),
        "shop/lists.py": _LISTS,
        "shop/views.py": _DETAIL.format(used=used, given=given),
    }
    found = check_sources(files, Config(select=("DJS201",))).findings
    assert found
    places: list[list[tuple[str, int]]] = []
    for finding in found:
        places.append([])
        for intent in finding.fix.intents if finding.fix is not None else ():
            assert isinstance(intent, AddLoading)
            assert intent.queryset is not None
            assert intent.view is None
            places[-1].append((intent.queryset.path, intent.queryset.row))
    return places


def test_what_does_not_come_through_get_queryset_is_loaded_where_it_is_built() -> None:
    assert _places("open_orders", "open_orders()") == [[("shop/lists.py", 6)]]


def test_ways_to_build_what_one_finding_tells_of_are_mended_together() -> None:
    assert _places("some_orders", "some_orders(request.GET.get('open'))") == [
        [("shop/lists.py", 11), ("shop/lists.py", 12)]
    ]


def test_a_manager_that_is_handed_over_is_no_queryset_to_load_more_in() -> None:
    assert _places("Order", "Order.objects") == [[]]


def test_every_query_behind_one_call_is_told_in_its_data() -> None:
    api = _API.replace("agent = serializers.StringRelatedField()", "agent = serializers.SerializerMethodField()")
    api = api.replace(
        "class OrderList",
        """    def get_agent(self, order):
        return described(order)


def described(order):
    return [order.agent.referred.count(), list(order.agent.order_set.filter(number="1"))]


class OrderList""",
    )
    api = api.format(queryset="Order.objects.all()")
    files = {"shop/__init__.py": "", "shop/models.py": _MODELS, "shop/api.py": api}
    report = check_sources(files, Config(select=("DJS203",)))
    (told,) = (json.loads(json.dumps(finding.data)) for finding in report.findings)
    assert [read["path"] for read in told["reads"]] == ["agent.order_set", "agent.referred"]


_REACHED = """
from django.db import models


class Company(models.Model):
    name = models.CharField(max_length=20)


class Agent(models.Model):
    company = models.ForeignKey(Company, models.CASCADE)


class Order(models.Model):
    agent = models.ForeignKey(Agent, models.CASCADE)
"""
_LIST = """
from django.db.models import Prefetch
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from shop.models import Agent, Order


class OrderSerializer(serializers.ModelSerializer):
    company = serializers.CharField(source="agent.company.name")

    class Meta:
        model = Order
        fields = ["company"]


class OrderList(ListAPIView):
    serializer_class = OrderSerializer

    def get_queryset(self):
        {body}
"""
_AGENTS = 'Prefetch("agent", queryset=Agent.objects.filter(pk__gt=1))'


@pytest.mark.parametrize(
    ("body", "fixed"),
    [
        (f"return Order.objects.prefetch_related({_AGENTS})", True),
        (f"qs = Order.objects.prefetch_related({_AGENTS})\n        return qs.filter(pk__gt=2)", True),
        (f"qs = Order.objects.filter(pk__gt=2)\n        return qs.prefetch_related({_AGENTS})", False),
        ('qs = Order.objects.filter(pk__gt=2)\n        return qs.prefetch_related("agent")', True),
        (
            "qs = Order.objects.filter(pk__gt=2)\n        if self.request.GET:\n"
            f"            qs = qs.prefetch_related({_AGENTS})\n        return qs",
            False,
        ),
    ],
)
def test_no_join_is_advised_over_what_a_prefetch_elsewhere_fetches(body: str, fixed: bool) -> None:
    files = {"shop/__init__.py": "", "shop/models.py": _REACHED, "shop/api.py": _LIST.format(body=body)}
    findings = check_sources(files, Config(select=("DJS201",))).findings
    assert [finding.fix is not None for finding in findings] == [fixed]
    loop = f"from shop.api import *\n\n\ndef work(self):\n{_loop(body)}"
    (finding,) = check_sources({**files, "shop/work.py": loop}, Config(select=("DJS301",))).findings
    assert (finding.fix is not None) is fixed


def _loop(body: str) -> str:
    lines = [line.removeprefix("        ") for line in body.split("\n")]
    rows = lines.pop().removeprefix("return ")
    made = [*lines, f"return [row.agent.company.name for row in {rows}]"]
    return "".join(f"    {line}\n" for line in made)


_EXPANDED = {
    "shop/models.py": """
from django.db import models

class Event(models.Model):
    name = models.CharField(max_length=20)

class Property(models.Model):
    name = models.CharField(max_length=20)

class Date(models.Model):
    event = models.ForeignKey(Event, models.CASCADE)

class Meta(models.Model):
    date = models.ForeignKey(Date, models.CASCADE, related_name="metas")
    property = models.ForeignKey(Property, models.CASCADE)

class List(models.Model):
    date = models.ForeignKey(Date, models.CASCADE)
    events = models.ManyToManyField(Event)
""",
    "shop/api.py": """
from rest_framework import serializers, viewsets
from shop.models import List, Date

class DateSerializer(serializers.ModelSerializer):
    metas = serializers.SerializerMethodField()

    class Meta:
        model = Date
        fields = ["metas"]

    def get_metas(self, date):
        return [one.property.name for one in date.metas.all()]

class ListSerializer(serializers.ModelSerializer):
    class Meta:
        model = List
        fields = ["date", "events"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if 'date' in self.context['request'].query_params.getlist('expand'):
            self.fields['date'] = DateSerializer(read_only=True)

class ListViewSet(viewsets.ModelViewSet):
    serializer_class = ListSerializer
    queryset = List.objects.none()

    def get_queryset(self):
        qs = List.objects.prefetch_related(
            'events',
        )
        if 'date' in self.request.query_params.getlist('expand'):
            qs = qs.prefetch_related('date', 'date__metas')
        return qs
""",
    "shop/urls.py": """
from rest_framework.routers import DefaultRouter
from shop.api import ListViewSet
r = DefaultRouter()
r.register("lists", ListViewSet)
urlpatterns = r.urls
""",
}


def test_what_a_field_reads_that_is_there_at_times_is_loaded_where_the_rest_of_its_path_is() -> None:
    fixing = fix_sources(_EXPANDED, Config(select=("DJS202",)), unsafe=True)
    assert not fixing.faults
    assert not fixing.report.findings
    text = _EXPANDED["shop/api.py"]
    assert fixing.after == {"shop/api.py": text.replace("'date__metas'", "'date__metas__property'")}
