"""Every call below raises in Django exactly where DJS311 reports it."""

from __future__ import annotations

from typing import Any

import pytest

from djlint_spec.config import Config
from djlint_spec.engine import check_sources
from tests.running import installed, run

MODELS = """
from django.db import models
from django.db.models import Prefetch


class Country(models.Model):
    name = models.CharField(max_length=20)


class Brand(models.Model):
    name = models.CharField(max_length=20)
    country = models.ForeignKey(Country, models.CASCADE)


class Loaded(models.Manager):
    def get_queryset(self):
        return super().get_queryset().select_related("brand__country")


class Bare(models.Manager):
    def get_queryset(self):
        return super().get_queryset().select_related()


class Tagged(models.Manager):
    def get_queryset(self):
        return super().get_queryset().prefetch_related("brand")


class Detailed(models.Manager):
    def get_queryset(self):
        return super().get_queryset().select_related("detail")


class Keyed(models.Manager):
    def get_queryset(self):
        return super().get_queryset().select_related("product")


class Product(models.Model):
    name = models.CharField(max_length=20)
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="products")

    objects = Loaded()


class BareProduct(Product):
    objects = Bare()

    class Meta:
        proxy = True


class TaggedProduct(Product):
    objects = Tagged()

    class Meta:
        proxy = True


class DetailedProduct(Product):
    objects = Detailed()

    class Meta:
        proxy = True


class Detail(models.Model):
    product = models.OneToOneField(Product, models.CASCADE, primary_key=True, related_name="detail")
    note = models.CharField(max_length=20)

    objects = Keyed()
"""

USES = """
list(Product.objects.only("name"))
list(Product.objects.only("name", "brand"))
list(Product.objects.only("name", "brand_id"))
list(Product.objects.only("name", "brand__name"))
list(Product.objects.only("name", "brand__country"))
list(Product.objects.only("name", "brand__country__name"))
list(Product.objects.only("name", "brand", "brand__name"))
list(Product.objects.only("name", "brand__country_id"))
list(Product.objects.defer("name"))
list(Product.objects.defer("brand"))
list(Product.objects.defer("brand_id"))
list(Product.objects.defer("brand__name"))
list(Product.objects.defer("brand__country"))
list(Product.objects.defer("brand__country_id"))
Product.objects.only("name").count()
Product.objects.only("name").exists()
Product.objects.only("name").first()
Product.objects.only("name").get()
Product.objects.only("name").last()
Product.objects.only("name").in_bulk()
Product.objects.only("name").update(name="p")
Product.objects.only("name").filter(name="other").delete()
Product.objects.only("name").values("name")[0]
list(Product.objects.only("name").values_list("name"))
list(Product.objects.only("name").select_related(None))
list(Product.objects.select_related(None).only("name"))
list(Brand.objects.filter(products__in=Product.objects.only("name")))
list(Product.objects.only("name").only("brand"))
list(Product.objects.only("brand").defer("name"))
list(Product.objects.only("name", "brand").defer("brand"))
list(Product.objects.defer("brand").only("name", "brand"))
list(Product.objects.defer("brand").defer(None))
list(Brand.objects.get().products.only("name"))
list(Brand.objects.prefetch_related(Prefetch("products", queryset=Product.objects.only("name"))))
list(Product.objects.only("name").annotate(n=models.Count("pk")))
Product.objects.only("name")[0]
len(Product.objects.only("name"))
bool(Product.objects.only("name"))
Product.objects.only("name").aggregate(n=models.Count("pk"))
Product.objects.only("name").earliest("pk")
list(Product.objects.only("name").iterator())
list(Product.objects.iterator())
list(BareProduct.objects.only("name"))
list(BareProduct.objects.defer("brand"))
list(DetailedProduct.objects.defer("name"))
list(Detail.objects.only("note"))
list(Detail.objects.only("note", "product__name"))
list(TaggedProduct.objects.iterator())
list(TaggedProduct.objects.all().values("name").iterator())
list(TaggedProduct.objects.iterator(chunk_size=10))
list(TaggedProduct.objects.iterator(10))
list(TaggedProduct.objects.prefetch_related(None).iterator())
list(Brand.objects.prefetch_related("products").iterator())
list(Brand.objects.prefetch_related("products").none().iterator())
list(Brand.objects.prefetch_related("products").filter(name="b"))
""".strip().splitlines()

QUESTION = """
import json

from django.core.exceptions import FieldError
from django.core.management import call_command

from shop import uses
from shop.models import Brand, Country, Detail, Product

call_command("migrate", run_syncdb=True, verbosity=0)
brand = Brand.objects.create(name="b", country=Country.objects.create(name="c"))
Detail.objects.create(product=Product.objects.create(name="p", brand=brand), note="n")
raised = []
for number in range(uses.NUMBER):
    try:
        getattr(uses, f"use_{number}")()
    except (FieldError, ValueError):
        raised.append(number)
print(json.dumps(raised))
"""


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[int], Any]:
    imports = "from django.db import models\nfrom django.db.models import Prefetch\n"
    imports += "from shop.models import BareProduct, Brand, Detail, DetailedProduct, Product, TaggedProduct\n\n"
    uses = imports + "".join(f"def use_{number}():\n    return {use}\n\n" for number, use in enumerate(USES))
    files = {
        "shop/__init__.py": "",
        "shop/models.py": MODELS,
        "shop/uses.py": f"{uses}\nNUMBER = {len(USES)}\n",
    }
    pins = {
        "pyproject.toml": f'[project]\nname = "x"\nversion = "1"\ndependencies = ["django=={installed("django")}"]\n'
    }
    report = check_sources({**pins, **files}, Config(select=("DJS311",)))
    assert not report.faults
    lines = files["shop/uses.py"].splitlines()
    reported = [int(lines[finding.span.row - 2].partition("use_")[2].partition("(")[0]) for finding in report.findings]
    return reported, run(tmp_path_factory.mktemp("fragile"), files, QUESTION)


def test_what_is_reported_is_what_raises(verdicts: tuple[list[int], Any]) -> None:
    reported, raised = verdicts
    assert [USES[number] for number in reported] == [USES[number] for number in raised]
