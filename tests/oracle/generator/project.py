"""A whole generated project: its files and how to ask its endpoints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.oracle.generator.choices import Choices
from tests.oracle.generator.models import make_models
from tests.oracle.generator.querysets import make_queryset
from tests.oracle.generator.serializers import Written, make_serializer
from tests.oracle.generator.views import make_view

_MOST_ENDPOINTS = 5
SETTINGS = """SECRET_KEY = "for the tests only"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["django.contrib.contenttypes", "rest_framework", "shop"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "shop.urls"
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
}
"""
_SERIALIZERS = """from django.db.models import Sum
from rest_framework import serializers

from shop.models import *


class NameField(serializers.RelatedField):
    def to_representation(self, value):
        return value.name


class PlainSerializer(serializers.Serializer):
    name = serializers.CharField()

"""
_VIEWS = """from django.db.models import Count, Prefetch
from rest_framework import mixins, viewsets
from rest_framework.decorators import action, api_view
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.models import *
from shop.serializers import *


class Large(PageNumberPagination):
    page_size = 1000

"""
_URLS = """from django.urls import path

from shop import views


def thing(request, pk):
    raise NotImplementedError


urlpatterns = [
    path("things/<int:pk>/", thing, name="thing"),
"""


@dataclass(frozen=True)
class Generated:
    """A project as files; `requests` by endpoint; the productions that made it."""

    files: Mapping[str, str]
    requests: Mapping[str, tuple[str, ...]]
    productions: Counter[str]

    def __repr__(self) -> str:
        return "\n".join(
            f"# ---- {path}\n{text}" for path, text in self.files.items() if text and path != "settings.py"
        )


@st.composite
def projects(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Generated:
    """A project with some models and up to five list endpoints."""
    choices = Choices(draw)
    models, models_text = make_models(choices)
    serializers, views, urls = [_SERIALIZERS], [_VIEWS], [_URLS]
    requests: dict[str, tuple[str, ...]] = {}
    for index in range(choices.number(2, _MOST_ENDPOINTS)):
        model = choices.pick(models)
        written = Written()
        name, reads = make_serializer(choices, written, model, f"Row{index}")
        view = make_view(choices, index, model.name, name, make_queryset(choices, model, written, reads))
        serializers += [*written.helpers, *written.classes]
        views.append(view.text)
        urls.append(f"    {view.route},\n")
        requests[view.endpoint] = view.requests
    files = {
        "settings.py": SETTINGS,
        "shop/__init__.py": "",
        "shop/models.py": models_text,
        "shop/serializers.py": "\n\n".join(serializers),
        "shop/views.py": "\n\n".join(views),
        "shop/urls.py": "".join([*urls, "]\n"]),
    }
    return Generated(files, requests, choices.productions)
