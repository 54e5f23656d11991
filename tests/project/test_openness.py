"""What may be on a model without being seen, so that a path over it is not judged."""

from __future__ import annotations

import pytest

from djlint_spec.project.lookups import Found, Lookups, Names, NotFound
from djlint_spec.project.models import Model
from djlint_spec.project.symbols import Unknown
from tests.linked import linked, symbol

HEAD = """
import decimal
import django.db.models.fields
from django.db import models
from functools import total_ordering
from django.contrib.auth.models import User
from django.contrib.contenttypes.fields import GenericRelation
from money.fields import MoneyField
from packaged.models import Base, track
from slugs import Slugs
"""

SETTINGS = 'INSTALLED_APPS = ["django.contrib.auth", "shop"]\n'


def answer(body: str, path: str, **files: str) -> type:
    """What becomes of a path from `shop.models.Order` with that text after the imports."""
    sources = {"shop/__init__.py": "", "shop/models.py": HEAD + body, "settings.py": SETTINGS}
    project = linked({**sources, **{name.replace("__", "/") + ".py": text for name, text in files.items()}})
    found = symbol(project, "shop.models.Order")
    model = project.models.of(found)  # type: ignore[arg-type]  # a class, as the text says
    assert isinstance(model, Model)
    return type(project.once(Lookups).resolve(model, path))


ORDER = "class Order(models.Model):\n    number = models.IntegerField()\n"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        pytest.param("@track\n" + ORDER, "x", id="decorator of a package"),
        pytest.param("def keep(c):\n    c.add_to_class('y', 1)\n\n@keep\n" + ORDER, "x", id="decorator that adds"),
        pytest.param(ORDER.replace("Model)", "Model, metaclass=Base)"), "x", id="metaclass"),
        pytest.param(ORDER + "    locals()['x'] = 1\n", "x", id="names put into the class body"),
        pytest.param(ORDER + "    slugs = Slugs('number')\n", "x", id="attribute of a package"),
        pytest.param(ORDER + "    price = MoneyField()\n", "price_currency", id="companion of a field"),
        pytest.param(ORDER + "    x = unknown()\n", "x", id="attribute that may be a field"),
        pytest.param(ORDER + "class Line(Base):\n    order = models.ForeignKey(Order, 1)\n", "line__x", id="child"),
        pytest.param(
            ORDER + "class Line(Base):\n    a = models.ForeignKey(Order, 1, related_name='all_%(class)s')\n",
            "all_line",
            id="reverse name with a placeholder",
        ),
        pytest.param(
            ORDER + "class Tag(models.Model):\n    o = GenericRelation(Order, related_query_name='x')\n",
            "x",
            id="generic relation",
        ),
        pytest.param(
            "class More(models.Field):\n    def contribute_to_class(self, cls, name):\n"
            "        cls.add_to_class('x', 1)\n" + ORDER + "    more = More()\n",
            "x",
            id="field that adds fields",
        ),
        pytest.param(
            "class Key(models.ForeignKey):\n    related_names = 1\n"
            + ORDER
            + "class Line(models.Model):\n    order = Key(Order, 1)\n",
            "lines",
            id="key that names its reverse",
        ),
        pytest.param(ORDER + "Order.add_to_class('x', 1)\n", "x", id="name added"),
        pytest.param(ORDER + "Order.add_to_class(name, 1)\n", "y", id="name added at run time"),
        pytest.param(ORDER + "    class Meta:\n        abstract = True\n", "x", id="abstract model"),
    ],
)
def test_names_that_may_be_there_are_not_judged(body: str, path: str) -> None:
    assert answer(body, path) is Unknown


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("@total_ordering\n" + ORDER, id="decorator of Python"),
        pytest.param("def keep(c):\n    return c\n\n@keep\n" + ORDER, id="decorator that leaves as is"),
        pytest.param(ORDER + "    limit = decimal.Decimal(1)\n", id="attribute of Python"),
        pytest.param(ORDER + "    x = 'text'\n", id="constant"),
        pytest.param(ORDER + "class x(models.Model):\n    pass\n", id="a model that leads elsewhere"),
        pytest.param(
            "class Plain(models.Field):\n    def contribute_to_class(self, cls, name):\n"
            "        super().contribute_to_class(cls, name)\n" + ORDER + "    more = Plain()\n",
            id="field that adds itself only",
        ),
    ],
)
def test_what_adds_nothing_leaves_a_model_judged(body: str) -> None:
    assert answer(body, "x") is NotFound


def test_a_lookup_that_the_project_registers_ends_a_path() -> None:
    body = ORDER + "    parent = models.ForeignKey('self', 1)\n"
    assert answer(body, "parent__like") is NotFound
    assert answer(body, "parent__like", shop__lookups="class Like:\n    lookup_name = 'like'\n") is Found


def test_a_package_that_translates_fields_opens_every_model() -> None:
    assert answer(ORDER, "number_en", shop__translation="from modeltranslation import translator\n") is Unknown


@pytest.mark.parametrize(
    ("apps", "expected"),
    [
        ('["django.contrib.auth", "shop"]', NotFound),
        ('["django.contrib.auth", "shop", "reviews"]', Unknown),
    ],
)
def test_the_user_model_is_judged_where_every_app_is_at_hand(apps: str, expected: type) -> None:
    body = ORDER + "    owner = models.ForeignKey(User, 1)\n"
    assert answer(body, "owner__review", settings=f"INSTALLED_APPS = {apps}\n") is expected
    assert answer(body, "owner__order__number", settings=f"INSTALLED_APPS = {apps}\n") is Found


def test_names_of_a_prefetch_may_be_attributes() -> None:
    text = HEAD + ORDER + "    def lines(self):\n        return 1\n"
    project = linked({"shop/__init__.py": "", "shop/models.py": text, "settings.py": SETTINGS})
    (model,) = project.models.all
    lookups = project.once(Lookups)
    assert isinstance(lookups.resolve(model, "lines", Names.ACCESSOR), Unknown)
    assert isinstance(lookups.resolve(model, "number", Names.ACCESSOR), Unknown)
    assert isinstance(lookups.resolve(model, "other", Names.ACCESSOR), NotFound)
    assert isinstance(lookups.resolve(model, "a____b"), NotFound | Unknown)
