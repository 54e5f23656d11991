"""A query of each row becomes an annotation of the list, and a read of it that asks as before where there is none."""

from __future__ import annotations

import pytest

from djlint_spec.diagnostics import AnnotateQuery
from djlint_spec.engine import fix_sources
from tests.fixes.lowering import at, fixed, refused

WIDE = {"pyproject.toml": "[tool.black]\nline-length = 200"}


def annotated(rows: str, method: str, query: str, name: str = "n") -> str:
    """A view over `rows`, and a method that asks for each, with the query annotated."""
    text = f"rows = {rows}\n\n\ndef total(obj):\n    {method}\n"
    return fixed(text, AnnotateQuery(at(text, query), (at(text, rows),), name, "Count(1)"), settings=WIDE)


@pytest.mark.parametrize(
    ("method", "query", "expected"),
    [
        ("return obj.lines.count()", "obj.lines.count()", 'return obj.n if hasattr(obj, "n") else obj.lines.count()'),
        (
            "return obj.lines.count() + 1",
            "obj.lines.count()",
            'return (obj.n if hasattr(obj, "n") else obj.lines.count()) + 1',
        ),
        (
            "return str(obj.lines.filter(a=1).count())",
            "obj.lines.filter(a=1).count()",
            'return str(obj.n if hasattr(obj, "n") else obj.lines.filter(a=1).count())',
        ),
        (
            'return self.order.lines.aggregate(t=Sum("a"))["t"]',
            'self.order.lines.aggregate(t=Sum("a"))',
            'return self.order.n if hasattr(self.order, "n") else self.order.lines.aggregate(t=Sum("a"))["t"]',
        ),
    ],
)
def test_the_query_stays_as_the_fallback(method: str, query: str, expected: str) -> None:
    made = annotated("Order.objects.all()", method, query)
    assert made == f"rows = Order.objects.annotate(n=Count(1))\n\n\ndef total(obj):\n    {expected}\n"


def test_a_list_is_annotated_behind_what_it_does_already() -> None:
    made = annotated('Order.objects.prefetch_related("a")', "return obj.lines.count()", "obj.lines.count()")
    assert made.startswith('rows = Order.objects.prefetch_related("a").annotate(n=Count(1))\n')


@pytest.mark.parametrize(
    ("rows", "method", "query", "why"),
    [
        ("Order.objects.all()[:5]", "return obj.lines.count()", "obj.lines.count()", "sliced"),
        ("Order.objects.annotate(n=1)", "return obj.lines.count()", "obj.lines.count()", "annotates `n` already"),
        ("Order.objects.values()", "return obj.lines.count()", "obj.lines.count()", "leaves no rows"),
        ("Order.objects.all()", "return Line.count()", "Line.count()", "not a call on a related set"),
        ("Order.objects.all()", "return lines()", "lines()", "not a call on a related set"),
        ("Order.objects.all()", "return obj.lines.aggregate(t=1)", "obj.lines.aggregate(t=1)", "as a whole"),
    ],
)
def test_a_shape_that_leaves_no_place_is_told(rows: str, method: str, query: str, why: str) -> None:
    text = f"rows = {rows}\n\n\ndef total(obj):\n    {method}\n"
    assert why in refused(text, AnnotateQuery(at(text, query), (at(text, rows),), "n", "Count(1)"))


def test_a_list_outside_the_project_is_left() -> None:
    text = "def total(obj):\n    return obj.lines.count()\n"
    query = at(text, "obj.lines.count()")
    assert "outside the project" in refused(text, AnnotateQuery(query, (at("x", "x", "lib.py"),), "n", "Count(1)"))
    assert "no expression" in refused(text, AnnotateQuery(query, (at(text, "def total"),), "n", "Count(1)"))


VIEW = """\
from rest_framework import serializers, viewsets
from shop.models import Order


class OrderSerializer(serializers.ModelSerializer):
    lines_count = serializers.SerializerMethodField()

    class Meta:
        model = Order
        fields = ["id", "lines_count"]

    def get_lines_count(self, order):
        return order.lines.count()


class OrderViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Order.objects.all()
    serializer_class = OrderSerializer
"""

MODELS = """\
from django.db import models


class Kept(models.Manager):
    def get_queryset(self):
        return super().get_queryset().filter(gone=False)


class Order(models.Model):
    @property
    def lines(self):
        return self.all_lines(manager="objects")


class Line(models.Model):
    order = models.ForeignKey(Order, models.CASCADE, related_name="all_lines")
    gone = models.BooleanField()
    every = models.Manager()
    objects = Kept()
"""


def test_rows_of_a_manager_behind_a_property_are_not_counted_by_the_default_one() -> None:
    assert fix_sources({"shop/models.py": MODELS, "shop/api.py": VIEW}, unsafe=True).after == {}
    direct = {"shop/models.py": MODELS, "shop/api.py": VIEW.replace("order.lines", "order.all_lines")}
    assert "annotate(" in fix_sources(direct, unsafe=True).after["shop/api.py"]
