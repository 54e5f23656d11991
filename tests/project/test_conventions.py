"""What a project does everywhere."""

from __future__ import annotations

import pytest

from djlint_spec.project.conventions import Conventions, conventions_of
from tests.linked import linked

BASE = """\
from django.db import models


class Dated(models.Model):
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class Removable(Dated):
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
"""


def of(files: dict[str, str], base_model: str | None = None) -> Conventions:
    return conventions_of(linked(files, base_model=base_model))


def test_the_base_model_is_what_most_models_derive_from() -> None:
    files = {
        "core/models.py": BASE,
        "shop/models.py": "from core.models import Dated\nclass A(Dated): pass\nclass B(Dated): pass\n",
    }
    assert of(files).base_model == "core.models.Dated"
    assert of(files, base_model="shop.models.Other").base_model == "shop.models.Other"


def test_a_base_of_the_few_is_none() -> None:
    plain = "from core.models import Dated, models\nclass A(Dated): pass\nclass B(models.Model): pass\n"
    assert of({"core/models.py": BASE, "shop/models.py": plain}).base_model is None
    assert of({}).base_model is None


def test_the_soft_delete_base_is_where_the_mark_comes_from() -> None:
    text = (
        "from core.models import Dated, Removable\nclass A(Removable): pass\nclass B(A): pass\nclass C(Dated): pass\n"
    )
    assert of({"core/models.py": BASE, "shop/models.py": text}).soft_delete_base == "core.models.Removable"


def test_packages_bring_soft_delete_bases() -> None:
    text = "from model_utils.models import SoftDeletableModel\nclass A(SoftDeletableModel): pass\n"
    assert of({"shop/models.py": text}).soft_delete_base == "model_utils.models.SoftDeletableModel"


def test_a_mark_on_one_model_alone_is_no_base() -> None:
    text = "from django.db import models\nclass A(models.Model):\n    deleted = models.BooleanField()\n"
    assert of({"shop/models.py": text}).soft_delete_base is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("from drf_spectacular.utils import extend_schema\n", "spectacular"),
        ("import celery\n", "celery"),
        ("from channels.generic.websocket import JsonWebsocketConsumer\n", "channels"),
        ("from django.core.asgi import get_asgi_application\n", "asgi"),
    ],
)
def test_packages_are_told_by_their_imports(text: str, name: str) -> None:
    found = of({"a.py": text})
    assert [word for word in ("spectacular", "celery", "channels", "asgi") if getattr(found, word)] == [name]
