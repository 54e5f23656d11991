"""A small project with one finding in its views, which hangs on its serializers and models."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.files import write_files

MODELS = """\
import uuid

from django.db import models


class Customer(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=50)


class Order(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    reference = models.CharField(max_length=50)
    customer = models.ForeignKey(Customer, models.CASCADE)
"""

SERIALIZERS = """\
from rest_framework import serializers

from shop.models import Order


class OrderSerializer(serializers.ModelSerializer):
    customer_name = serializers.CharField(source="customer.name")

    class Meta:
        model = Order
        fields = ["reference", "customer_name"]
"""

VIEWS = """\
from rest_framework.viewsets import ModelViewSet

from shop.models import Order
from shop.serializers import OrderSerializer


class OrderViewSet(ModelViewSet):
    serializer_class = OrderSerializer
    queryset = Order.objects.all()
"""

URLS = """\
from rest_framework.routers import DefaultRouter

from shop.views import OrderViewSet

router = DefaultRouter()
router.register("orders", OrderViewSet)
urlpatterns = router.urls
"""


@dataclass(frozen=True)
class Shop:
    root: Path

    @property
    def models(self) -> Path:
        return self.root / "shop" / "models.py"

    @property
    def serializers(self) -> Path:
        return self.root / "shop" / "serializers.py"

    @property
    def views(self) -> Path:
        return self.root / "shop" / "views.py"


FILES = {
    "manage.py": "",
    "shop/__init__.py": "",
    "shop/models.py": MODELS,
    "shop/serializers.py": SERIALIZERS,
    "shop/views.py": VIEWS,
    "shop/urls.py": URLS,
}


def write_shop(root: Path) -> Shop:
    """The project, written below a folder."""
    write_files(root, FILES)
    return Shop(root)
