"""Which declared paths of views are judged: those that a request can come to, by backends that are known."""

from __future__ import annotations

import pytest

from djlint_spec.config import Config
from djlint_spec.engine import check_sources

MODELS = """
from django.db import models


class Order(models.Model):
    number = models.IntegerField()


class Line(models.Model):
    order = models.ForeignKey(Order, models.CASCADE)
"""

VIEWS = """
from django.db.models import Count
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import filters, generics, viewsets
from rest_framework.response import Response

from shop.models import Order


class OwnBackend(filters.SearchFilter):
    pass


class Orders({base}):
    queryset = {queryset}
    filter_backends = [{backends}]
    {option}

{body}
"""


def reported(**given: str) -> bool:
    """Whether the option of the view is."""
    parts = {
        "base": "viewsets.ModelViewSet",
        "queryset": "Order.objects.all()",
        "backends": "filters.SearchFilter",
        "option": "search_fields = ['numer']",
        "body": "",
    }
    extra = {path: given.pop(path) for path in list(given) if path.endswith(".py")}
    files = {"shop/__init__.py": "", "shop/models.py": MODELS, "shop/views.py": VIEWS.format(**{**parts, **given})}
    report = check_sources({**files, **extra}, Config(select=("DJS119",)))
    assert not report.faults
    return bool(report.findings)


@pytest.mark.parametrize(
    "option",
    [
        "search_fields = ('numer',)",
        "search_fields = ['^number', '$line__order__numer']",
        "ordering_fields = ['numer']",
        "ordering = ['-numer']",
        "filterset_fields = {'numer': ['exact'], 'line__order': ['in']}",
        "filterset_fields = ['line__ordr']",
    ],
)
def test_a_path_that_names_nothing_is_reported(option: str) -> None:
    assert reported(option=option)


@pytest.mark.parametrize(
    "given",
    [
        {"option": "search_fields = ['number', 'line__order__number']"},
        {"option": "ordering_fields = '__all__'"},
        {"option": "filterset_fields = {'number': ['exact'], 'line__order': ['in']}"},
        {"queryset": "Order.objects.annotate(numer=Count('line'))"},
        {"queryset": "orders()"},
        {"backends": "OwnBackend"},
        {"backends": ""},
        {"body": "    def get_queryset(self):\n        return super().get_queryset().annotate(numer=Count('line'))\n"},
        {"base": "viewsets.GenericViewSet", "body": "    def list(self, request):\n        return Response([])\n"},
    ],
)
def test_what_is_there_or_may_be_there_is_not(given: dict[str, str]) -> None:
    assert not reported(**given)


def test_a_base_that_no_route_leads_to_is_not_judged() -> None:
    body = "class Routed(Orders):\n    pass\n"
    urls = (
        "from rest_framework.routers import DefaultRouter\nfrom shop.views import Routed\n"
        "router = DefaultRouter()\nrouter.register('orders', Routed)\nurlpatterns = router.urls\n"
    )
    assert reported(body=body, **{"shop/urls.py": urls})
    body = "class Routed(Orders):\n    search_fields = ['number']\n"
    assert not reported(body=body, **{"shop/urls.py": urls})


@pytest.mark.parametrize(
    ("default", "expected"),
    [("rest_framework.filters.SearchFilter", True), ("shop.views.OwnBackend", False)],
)
def test_backends_of_the_settings_count_where_a_view_names_none(default: str, expected: bool) -> None:
    settings = f"REST_FRAMEWORK = {{'DEFAULT_FILTER_BACKENDS': ['{default}']}}\nINSTALLED_APPS = ['shop']\n"
    views = VIEWS.replace("    filter_backends = [{backends}]\n", "")
    files = {
        "shop/__init__.py": "",
        "shop/models.py": MODELS,
        "shop/views.py": views.format(
            base="viewsets.ModelViewSet",
            queryset="Order.objects.all()",
            option="search_fields = ['numer']",
            body="",
        ),
        "settings.py": settings,
    }
    report = check_sources(files, Config(select=("DJS119",)))
    assert bool(report.findings) is expected


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ("unique_together = [('number', 'nme')]", True),
        ("unique_together = ('number', 'pk_id')", True),
        ("unique_together = [('number', 'id')]", False),
        ("indexes = [models.Index(fields=['-numbr'], name='a')]", True),
        ("indexes = [models.Index(fields=['-number'], name='a')]", False),
        ("constraints = [models.UniqueConstraint(fields=['number', 'nme'], name='a')]", True),
        ("constraints = [Unknown(fields=['nme'])]", False),
        ("ordering = ORDERING", True),
    ],
)
def test_options_of_meta(meta: str, expected: bool) -> None:
    text = (
        "from django.db import models\nORDERING = ['-nme']\n\n\nclass Order(models.Model):\n"
        f"    number = models.IntegerField()\n\n    class Meta:\n        {meta}\n"
    )
    report = check_sources({"shop/__init__.py": "", "shop/models.py": text}, Config(select=("DJS119",)))
    assert bool(report.findings) is expected
