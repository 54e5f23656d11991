"""Which view answers under which path: beside what Django's own resolver holds of the same text."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from textwrap import dedent

import pytest

from djlint_spec.project import Project
from tests.linked import linked

_SETTINGS = """
SECRET_KEY = "for tests"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "rest_framework", "shop"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
ROOT_URLCONF = "urls"
"""

#: Prints each method, path, view and handler of the resolver, without format suffixes and the router's root view.
_QUESTION = r"""
import json, re
import django
django.setup()
from django.urls import get_resolver

def read(pattern):
    text = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", str(pattern).replace("^", "").replace("$", "").replace("\\Z", ""))
    return text.replace("\\", "")

def walk(patterns, prefix):
    for pattern in patterns:
        path = prefix + read(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from walk(pattern.url_patterns, path)
            continue
        cls = getattr(pattern.callback, "cls", None) or getattr(pattern.callback, "view_class", None)
        if "<format>" in path or "<drf_format_suffix:format>" in path or cls.__name__ == "APIRootView":
            continue
        actions = getattr(pattern.callback, "actions", None)
        if actions is None:
            actions = {m: m for m in ("get", "post", "put", "patch", "delete") if hasattr(cls, m)}
        for method, name in actions.items():
            if method != "head":
                yield [method, "/" + path, cls.__name__, name]

print(json.dumps(sorted(walk(get_resolver().url_patterns, ""))))
"""

_FILES = {
    "settings.py": _SETTINGS,
    "manage.py": "",
    "shop/__init__.py": "",
    "shop/models.py": """
        from django.db import models


        class Order(models.Model):
            code = models.SlugField()
    """,
    "shop/views.py": """
        from rest_framework import generics, mixins, viewsets
        from rest_framework.decorators import action, api_view
        from rest_framework.views import APIView

        from shop.models import Order


        class OrderViewSet(viewsets.ModelViewSet):
            queryset = Order.objects.all()

            @action(detail=True, methods=["POST"])
            def pay(self, request, pk=None): ...

            @pay.mapping.delete
            def unpay(self, request, pk=None): ...

            @action(detail=False)
            def recent(self, request): ...

            @action(detail=False, url_path="by-month/(?P<month>[0-9]+)", methods=["get", "put"])
            def by_month(self, request, month): ...

            @recent.mapping.post
            def refresh(self, request): ...


        class OpenOrderViewSet(OrderViewSet):
            lookup_field = "code"
            recent = None

            def pay(self, request, pk=None): ...


        class LineViewSet(viewsets.ReadOnlyModelViewSet):
            queryset = Order.objects.all()
            lookup_field = "code"
            lookup_url_kwarg = "line"


        class OnlyDelete(mixins.DestroyModelMixin, viewsets.GenericViewSet):
            queryset = Order.objects.all()


        class Plain(viewsets.ViewSet):
            def list(self, request): ...

            def top(self, request): ...


        class Orders(generics.ListCreateAPIView):
            queryset = Order.objects.all()


        class OneOrder(generics.RetrieveAPIView):
            queryset = Order.objects.all()


        class Health(APIView):
            def get(self, request): ...
    """,
    "shop/routers.py": """
        from rest_framework.routers import DefaultRouter, SimpleRouter
        from rest_framework_nested.routers import NestedSimpleRouter

        router = DefaultRouter()
        bare = SimpleRouter(trailing_slash=False)
    """,
    "shop/urls.py": """
        from django.urls import include, path, re_path
        from rest_framework import routers
        from rest_framework.urlpatterns import format_suffix_patterns
        from rest_framework_nested.routers import NestedSimpleRouter

        from shop import views
        from shop.routers import bare
        from shop.routers import router as api
        from shop.views import *

        api.register("orders", OrderViewSet)
        api.register(r"open-orders", viewset=views.OpenOrderViewSet, basename="open")
        bare.register("delete", OnlyDelete, basename="delete")
        lines = NestedSimpleRouter(api, r"orders", lookup="order")
        lines.register("lines", LineViewSet, basename="order-lines")
        parts = NestedSimpleRouter(lines, "lines", lookup="line")
        parts.register("parts", Plain, basename="parts")
        more = routers.SimpleRouter()
        more.register("more", Plain, basename="more")
        api.registry.extend(more.registry)

        extra = [path("orders/<int:pk>/", OneOrder.as_view(), name="one")]
        top = Plain.as_view({"get": "top", "post": "list"})

        app_name = "shop"
        urlpatterns = [
            path("plain/", top),
            path("lists/", include((extra, "extra"))),
            path("inline/", include([path("health/", Health.as_view()), re_path(r"^two/(?P<x>[a-z]+)/$", top)])),
            path("api/", include(api.urls)),
            path("api/", include(lines.urls)),
            path("api/", include(parts.urls)),
        ]
        urlpatterns += format_suffix_patterns([path("suffixed", views.Orders.as_view())])
        urlpatterns += bare.urls
    """,
    "v2/__init__.py": "",
    "v2/urls.py": """
        from django.urls import path
        from rest_framework.routers import SimpleRouter

        from shop.views import LineViewSet, Plain

        router = SimpleRouter()
        router.register("", Plain, basename="plain")
        router.register("lines", LineViewSet, basename="line")
        urlpatterns = [path("actions/", Plain.as_view(actions={"get": "list"}))] + router.urls
    """,
    "urls.py": """
        from django.urls import include, path, re_path
        from django.views.decorators.csrf import csrf_exempt

        from shop import urls as shop_urls
        from shop.urls import extra as shared
        from shop.views import Health

        urlpatterns = [
            path("v1/", include("shop.urls", namespace="v1")),
            re_path(r"^v1b/", include(shop_urls, namespace="v1b")),
            path("v2/", include("v2.urls")),
            path("shared/", include(shared)),
            path("health/", csrf_exempt(Health.as_view())),
        ]
    """,
}


def _by_the_tool(project: Project) -> list[list[str]]:
    found = {
        (method, path, view.name, action.name)
        for view in project.views.all
        for action in view.actions
        for method, path in view.paths(action)
    }
    return sorted([*row] for row in found)


@pytest.fixture(scope="module")
def resolved(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    folder = tmp_path_factory.mktemp("routes")
    for path, text in _FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(dedent(text), encoding="utf-8")
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _QUESTION],
        cwd=folder,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    told: list[list[str]] = json.loads(answer.stdout)
    return told


def test_every_view_is_found_under_the_paths_that_django_resolves(resolved: list[list[str]]) -> None:
    project = linked(_FILES)
    assert _by_the_tool(project) == [row for number, row in enumerate(resolved) if row not in resolved[:number]]
    assert project.routes.unresolved == 0 and project.routes.any
