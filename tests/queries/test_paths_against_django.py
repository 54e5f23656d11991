"""Every lookup path below fails in Django exactly where DJS119 reports it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from djlint_spec.config import Config
from djlint_spec.engine import check_sources
from tests.running import run

MODELS = """
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models


class Dated(models.Model):
    created = models.DateField(null=True)
    maker = models.ForeignKey("shop.Maker", models.CASCADE, null=True, related_name="%(class)s_made")

    class Meta:
        abstract = True


class Maker(models.Model):
    name = models.CharField(max_length=9)


class Tag(models.Model):
    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveIntegerField()
    subject = GenericForeignKey()


class Product(Dated):
    data = models.JSONField(null=True)
    parent = models.ForeignKey("self", models.CASCADE, null=True)
    tags = GenericRelation(Tag, related_query_name="product")
    likes = models.ManyToManyField(Maker, related_name="liked")

    @property
    def title(self):
        return "x"

    @property
    def firsts(self):
        return self.line_set


class Book(Product):
    pages = models.IntegerField(null=True)


class Shown(Product):
    class Meta:
        proxy = True


class Line(models.Model):
    product = models.ForeignKey(Product, models.CASCADE)

    class Meta:
        order_with_respect_to = "product"


class Offer(models.Model):
    product = models.ForeignKey(Product, models.CASCADE, related_name="offers", related_query_name="offer")
    seal = models.OneToOneField(Maker, models.CASCADE, null=True)


class Secret(models.Model):
    product = models.ForeignKey(Product, models.CASCADE, related_name="+")
"""

USES = """
Product.objects.filter(created__year=2020)
Product.objects.filter(createt__year=2020)
Product.objects.filter(pk=1, id=1, parent_id=2, parent__pk=3, parent_id__in=[1])
Product.objects.filter(parent__idd=3)
Product.objects.filter(title="x")
Product.objects.filter(line=1, line___order=2)
Product.objects.filter(line_set=1)
Product.objects.filter(offers=1)
Product.objects.filter(offer__seal__name="x")
Product.objects.filter(offer__seal__names="x")
Product.objects.filter(secret=1)
Product.objects.filter(book__pages=1, tags__object_id=1, likes__product_made=2)
Product.objects.filter(book__pagess=1)
Product.objects.exclude(data__a__b=1, likes__in=[1])
Product.objects.filter(maker__name__icontains="x", maker__isnull=True)
Product.objects.filter(maker__nam__icontains="x")
Product.objects.filter(Q(maker__nme="x") | Q(pk=1))
Product.objects.filter(~Q(maker__name="x") & Q(pk=F("parent_id")))
Product.objects.filter(pk=F("parents_id"))
Product.objects.get_or_create(pk=1, defaults={"maker": None})
Book.objects.filter(product_ptr=1, product_ptr_id=1, created=None, line=1, id=3)
Book.objects.filter(product_pt=1)
Shown.objects.filter(line=1, created=None, book__pages=1)
Maker.objects.filter(product_made=1, liked=3, offer=4)
Maker.objects.filter(book_made=2)
Maker.objects.filter(shown_made=1)
Maker.objects.filter(likes=3)
Tag.objects.filter(product__created=None)
Product.objects.order_by("-created", "?", "maker__name", "parent")
Product.objects.order_by("-createt")
Product.objects.order_by(F("createt").desc())
Product.objects.order_by(F("created").desc(nulls_last=True))
Product.objects.values("id", "maker__name", "line")
Product.objects.values("name")
Product.objects.values_list("maker__title")
Product.objects.values(made=F("created")).filter(made=None).order_by("made")
Product.objects.only("created", "maker__name").select_related("maker")
Product.objects.only("crated")
Product.objects.defer("crated")
Product.objects.annotate(n=Count("line")).filter(n__gt=1).order_by("-n").values("n")
Product.objects.annotate(n=Count("lines"))
Product.objects.annotate(n=Count("line", filter=Q(line__product__crated=None)))
Product.objects.annotate(n=Case(When(maker__name="x", then=1), default=2))
Product.objects.annotate(n=Case(When(maker__nome="x", then=1), default=2))
Product.objects.annotate(Count("line")).filter(line__count=1)
Product.objects.alias(line__n=Count("line")).filter(line__n=1)
Product.objects.annotate(a=Count("line"), b=F("a") + 1)
Product.objects.annotate(a=Subquery(Line.objects.filter(product=OuterRef("pk")).values("pk")[:1]))
Product.objects.annotate(a=Subquery(Line.objects.filter(product=OuterRef("pkk")).values("pk")[:1]))
Product.objects.filter(Exists(Line.objects.filter(product__created=OuterRef("created"))))
Product.objects.filter(Exists(Line.objects.filter(product__created=OuterRef("crated"))))
Product.objects.filter(Exists(Line.objects.filter(produkt=OuterRef("created"))))
Product.objects.select_related("maker", "parent__parent", "book")
Product.objects.select_related("line")
Product.objects.select_related("created")
Product.objects.select_related("maker_id")
Product.objects.select_related("makers")
Product.objects.select_related("parent__likes")
Maker.objects.select_related("offer__product")
Maker.objects.select_related("offer__products")
Product.objects.prefetch_related("line_set", "offers__seal", "tags", "likes__liked", "firsts")
Product.objects.prefetch_related("line")
Product.objects.prefetch_related("offer")
Product.objects.prefetch_related("offers__seals")
Product.objects.prefetch_related(Prefetch("lines", Line.objects.all()))
Product.objects.prefetch_related(Prefetch("offers", Offer.objects.all(), to_attr="o"), "o__seal")
Product.objects.distinct().latest("crated")
"""

ADMIN = """
from django.contrib import admin

from shop.models import Product


class Base(admin.ModelAdmin):
    def made(self, obj):
        return 1


class A(Base):
    list_display = ["pk", "made", "created", "title", "maker", "id", "__str__"]
    ordering = ["-created", "maker__name"]
    search_fields = ["^maker__name", "=created__year", "line__product__id"]
    list_filter = ["created", ("maker", admin.RelatedOnlyFieldListFilter), "maker__name"]
    list_select_related = ["maker", "parent__maker"]
    readonly_fields = ["made", "title"]


class B(Base):
    list_display = ["mades"]


class C(Base):
    ordering = ["crated"]


class D(Base):
    search_fields = ["maker__nme"]


class E(Base):
    list_filter = ["crated"]


class F(Base):
    list_select_related = ["likes"]


class G(Base):
    readonly_fields = ["titles"]


class H(Base):
    autocomplete_fields = ["makers"]


class I(Base):
    list_filter = [("maker__nme", admin.AllValuesFieldListFilter)]


class Site(admin.AdminSite):
    pass


Site("a").register(Product, A)
Site("b").register(Product, B)
Site("c").register(Product, C)
Site("d").register(Product, D)
Site("e").register(Product, E)
Site("f").register(Product, F)
Site("g").register(Product, G)
Site("h").register(Product, H)
Site("i").register(Product, I)
"""

QUESTION = """
import json

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import FieldDoesNotExist, FieldError
from django.core.management import call_command
from django.test import RequestFactory

from shop import uses
from shop.admin import A, B, C, D, E, F, G, H, I
from shop.models import Line, Maker, Offer, Product

call_command("migrate", run_syncdb=True, verbosity=0)
maker = Maker.objects.create(name="x")
product = Product.objects.create(maker=maker)
product.likes.add(maker)
Line.objects.create(product=product)
Offer.objects.create(product=product, seal=maker)


def failing(action):
    try:
        action()
    except (FieldError, FieldDoesNotExist):
        return True
    except AttributeError as error:
        assert "prefetch_related" in str(error), error
        return True
    return False


def refused(cls):
    made = cls(Product, admin.site)
    if any(found.id != "admin.E039" and found.id != "admin.E040" for found in made.check()):
        return True
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True)
    rows = Product.objects.select_related(*made.list_select_related or ())
    searched = failing(lambda: list(made.get_search_results(request, rows, "1")[0]))
    return searched or failing(lambda: made.get_changelist_instance(request))


print(json.dumps({
    "uses": [number for number, use in uses.ALL.items() if failing(use)],
    "admins": [cls.__name__ for cls in (A, B, C, D, E, F, G, H, I) if refused(cls)],
}))
"""


def _uses() -> str:
    lines = [line for line in USES.splitlines() if line]
    head = "from django.db.models import *\nfrom shop.models import *\n\nALL = {}\n"
    wrapped = [f"ALL[{number}] = lambda: evaluated({line})" for number, line in enumerate(lines)]
    evaluated = "def evaluated(rows):\n    return list(rows) if isinstance(rows, QuerySet) else rows\n"
    return "\n".join([head + evaluated, *wrapped]) + "\n"


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, list[Any]], Any]:
    files = {
        "shop/__init__.py": "",
        "shop/models.py": MODELS,
        "shop/uses.py": _uses(),
        "shop/admin.py": ADMIN,
        "settings.py": SETTINGS,
    }
    report = check_sources(files, Config(select=("DJS119",)))
    assert not report.faults
    classes = ADMIN.splitlines()
    judged: dict[str, list[Any]] = {"uses": [], "admins": []}
    for finding in report.findings:
        row = finding.span.row
        if Path(finding.span.path).name == "uses.py":
            text = files["shop/uses.py"].splitlines()[row - 1]
            judged["uses"].append(int(text.partition("[")[2].partition("]")[0]))
        else:
            name = next(line for line in classes[row::-1] if line.startswith("class "))
            judged["admins"].append(name[len("class ")])
    return judged, run(tmp_path_factory.mktemp("paths"), files, QUESTION)


SETTINGS = """
SECRET_KEY = "for tests"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.admin", "shop"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
"""


def test_the_paths_of_querysets_fail_exactly_where_they_are_reported(
    verdicts: tuple[dict[str, list[Any]], Any],
) -> None:
    judged, happened = verdicts
    lines = [line for line in USES.splitlines() if line]
    assert {lines[number] for number in judged["uses"]} == {lines[number] for number in happened["uses"]}
    assert 20 < len(happened["uses"]) < len(lines) - 20


def test_the_options_of_admin_classes_fail_exactly_where_they_are_reported(
    verdicts: tuple[dict[str, list[Any]], Any],
) -> None:
    judged, happened = verdicts
    assert sorted(set(judged["admins"])) == happened["admins"] == list("BCDEFGHI")
