"""Routes as far as the text shows them, and registrations that lead nowhere."""

from __future__ import annotations

from djlint_spec.project import Project
from tests.linked import class_of, linked

_VIEWS = """
    from rest_framework import viewsets
    from rest_framework.decorators import action, api_view
    from rest_framework.views import APIView


    class Base(APIView):
        def get(self, request): ...


    class A(Base):
        pass


    class V(viewsets.ViewSet):
        def list(self, request): ...

        def retrieve(self, request, pk): ...

        @action(detail=True, url_path="x")
        def more(self, request): ...


    @api_view(["GET"])
    def f(request): ...


    def plain(request): ...
"""


def _project(urls: str, **more: str) -> Project:
    return linked({"shop/__init__.py": "", "shop/views.py": _VIEWS, "shop/urls.py": urls, **more})


def _paths(project: Project) -> list[str]:
    return sorted(f"{route.path} {route.view.name}" for route in project.routes.all)


def test_registrations_of_what_is_not_seen_are_counted() -> None:
    project = _project("""
        from django.contrib import admin
        from django.urls import include, path
        from nowhere import V as Gone, urls, router as theirs
        from rest_framework.routers import DefaultRouter
        from shop import views
        router = DefaultRouter()
        router.register("gone", Missing)
        router.register("theirs", Gone)
        router.register(pick(), views.V)
        router.register("v")
        admin.site.register(views.V, views.A)
        theirs.register("v", views.V)
        urlpatterns = [
            path("a/", Missing.as_view()),
            path("b/", lost),
            path("c/", include("nowhere.urls")),
            path("d/", include(urls)),
            path("e/", include(pick())),
            path("f/", include(theirs.urls)),
            path("g/"),
            path("admin/", admin.site.urls),
            path("h/", 3),
            path(pick(), views.f),
            path("i/", views.plain),
        ]
    """)
    assert _paths(project) == [" f", "i/ plain", "v V"]
    assert project.routes.unresolved == 7


def test_urlconfs_that_include_each_other_have_an_end() -> None:
    project = _project(
        """
        from django.urls import include, path
        from shop.views import A
        urlpatterns = [path("a/", A.as_view()), path("b/", include("shop.more"))]
        """,
        **{"shop/more.py": 'from django.urls import include, path\nurlpatterns = [path("c/", include("shop.urls"))]'},
    )
    assert [path.rpartition("/")[2].strip() for path in _paths(project)] == ["A"]


def test_a_view_that_is_wrapped_under_its_own_name_is_routed() -> None:
    project = _project(
        """
        from django.urls import path
        from shop.wrapped import Listed, shown
        urlpatterns = [path("a/", shown), path("b/", Listed.as_view())]
        """,
        **{
            "shop/wrapped.py": """
                from django.views.decorators.cache import cache_page
                from django.views.decorators.csrf import csrf_exempt
                from shop.views import A

                def shown(request): ...

                shown = cache_page(60)(csrf_exempt(shown))

                class Listed(A):
                    pass

                Listed = register(Listed)
            """
        },
    )
    assert _paths(project) == ["a/ shown", "b/ Listed"]


def test_routes_made_in_functions_and_lists_of_other_modules_are_found() -> None:
    project = _project(
        """
        from django.urls import include, path
        from shop import parts
        from shop.parts import more as others
        from shop.parts import pair
        from shop.views import A, V
        urlpatterns = [path("p/", include(others)), path("q/", include(parts.more)), path("r/", include(pair))]

        def extra():
            return [path("made/", A.as_view())]
        """,
        **{
            "shop/parts.py": """
                from django.urls import path
                from shop.views import V
                listed = V.as_view(actions={"get": "list"})
                more = [path("one/", V.as_view({"get": "retrieve"})), path("two/", listed)]
                pair = (more, "parts")
            """
        },
    )
    assert _paths(project) == [
        "made/ A", "p/one/ V", "p/two/ V", "q/one/ V", "q/two/ V", "r/one/ V", "r/two/ V",
    ]  # fmt: skip


def test_a_view_tells_what_can_be_called() -> None:
    project = _project("""
        from django.urls import path
        from rest_framework.routers import SimpleRouter
        from shop.views import A, V, f
        router = SimpleRouter()
        router.register("v", V, "v")
        urlpatterns = [path("a/", A.as_view()), path("f/", f), *router.urls]
    """)
    views = {view.name: view for view in project.views.all}
    assert sorted(views) == ["A", "Base", "V", "f"]
    titles = {action.name: views["V"].title(action) for action in views["V"].actions}
    assert titles == {
        "list": "GET /v/ (V.list)", "retrieve": "GET /v/<pk>/ (V.retrieve)", "more": "GET /v/<pk>/x/ (V.more)",
    }  # fmt: skip
    (called,) = views["f"].actions
    assert views["f"].title(called) == "GET /f/ (f)" and views["f"].cls is None and not views["f"].is_viewset
    assert views["Base"].routed is False and views["A"].routed is True
    assert views["Base"].title(views["Base"].actions[0]) == "Base.get"
    assert views["V"].is_read_only and project.views.by_class[class_of(project, "shop.views.A")] is views["A"]
    assert repr(views["V"]) == "View('shop.views.V')"


def test_what_is_mapped_by_every_route_alone_is_read() -> None:
    project = _project("""
        from django.urls import path
        from shop.views import V
        urlpatterns = [
            path("a/", V.as_view({"get": "retrieve", "post": "list"})),
            path("b/", V.as_view({"put": "more"})),
        ]
    """)
    (view,) = (view for view in project.views.all if view.name == "V")
    assert [action.name for action in view.reading_actions] == ["retrieve"]


def test_a_project_without_urlconfs_says_nothing_of_routing() -> None:
    project = linked({"shop/views.py": _VIEWS})
    assert not project.routes.any
    assert {view.name: view.routed for view in project.views.all} == {"A": None, "Base": False, "V": None, "f": None}
