"""The queryset to write, beside what the list's queryset already does."""

from __future__ import annotations

import pytest

from djlint_spec import Config, check_sources

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
