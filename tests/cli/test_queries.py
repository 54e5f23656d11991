"""`djlint-spec queries`: what lists read, load, lack and cost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.files import write_files

FILES = {
    "manage.py": "",
    "config/settings.py": """\
    INSTALLED_APPS = ["shop"]
    REST_FRAMEWORK = {
        "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
        "PAGE_SIZE": 50,
    }
    ROOT_URLCONF = "config.urls"
    """,
    "config/urls.py": """\
    from rest_framework.routers import DefaultRouter

    from shop import views

    router = DefaultRouter()
    router.register("orders", views.OrderViewSet)
    router.register("people", views.PersonViewSet, basename="person")
    router.register("lines", views.LineViewSet)
    urlpatterns = router.urls
    """,
    "shop/models.py": """\
    from django.db import models


    class Company(models.Model):
        name = models.CharField(max_length=20)


    class Person(models.Model):
        name = models.CharField(max_length=20)
        company = models.ForeignKey(Company, models.CASCADE)


    class Order(models.Model):
        customer = models.ForeignKey(Person, models.CASCADE)


    class Line(models.Model):
        order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
        product = models.ForeignKey(Company, models.CASCADE)
    """,
    "shop/serializers.py": """\
    from rest_framework import serializers

    from shop.models import Line, Order, Person


    class LineSerializer(serializers.ModelSerializer):
        product_name = serializers.CharField(source="product.name")

        class Meta:
            model = Line
            fields = ["product_name"]


    class PersonSerializer(serializers.ModelSerializer):
        company_name = serializers.CharField(source="company.name")
        orders = serializers.SerializerMethodField()

        class Meta:
            model = Person
            fields = ["company_name", "orders"]

        def get_orders(self, person):
            return person.order_set.filter(pk=1).count()


    class OrderSerializer(serializers.ModelSerializer):
        customer_name = serializers.CharField(source="customer.company.name")
        lines = LineSerializer(many=True)

        class Meta:
            model = Order
            fields = ["customer_name", "lines"]
    """,
    "shop/views.py": """\
    from rest_framework import viewsets

    from shop.models import Line, Order, Person
    from shop.serializers import LineSerializer, OrderSerializer, PersonSerializer


    class OrderViewSet(viewsets.ModelViewSet):
        serializer_class = OrderSerializer
        queryset = Order.objects.prefetch_related(
            "lines",
        )


    class PersonViewSet(viewsets.ReadOnlyModelViewSet):
        pagination_class = None
        serializer_class = PersonSerializer

        def get_queryset(self):
            return Person.objects.narrowed(self.request)


    class PersonList(viewsets.ReadOnlyModelViewSet):
        pagination_class = None
        serializer_class = PersonSerializer
        queryset = Person.objects.all()


    class LineViewSet(viewsets.ReadOnlyModelViewSet):
        serializer_class = LineSerializer
        queryset = Line.objects.select_related("order", "product")


    class Base(viewsets.ViewSet):
        def list(self, request):
            return None


    class Derived(Base):
        pass
    """,
    "shop/pages.py": """\
    from django.views.generic import ListView

    from shop.models import Person


    class People(ListView):
        model = Person
        paginate_by = 25


    class Counted(People):
        template_name = "shop/counted.html"
    """,
    "shop/templates/shop/person_list.html": "{% for person in person_list %}\n{{ person.company.name }}{% endfor %}\n",
    "shop/templates/shop/counted.html": "{{ object_list|length }}",
    "shop/admin.py": """\
    from django.contrib import admin

    from shop.models import Line, Order, Person


    @admin.register(Person)
    class PersonAdmin(admin.ModelAdmin):
        list_display = ["name", "place", "orders"]
        list_per_page = 20

        def place(self, person):
            return person.company.name

        def orders(self, person):
            return person.order_set.count()


    @admin.register(Order)
    class OrderAdmin(admin.ModelAdmin):
        list_display = ["pk", "customer"]
        show_full_result_count = False


    @admin.register(Line)
    class LineAdmin(admin.ModelAdmin):
        def get_list_display(self, request):
            return ["pk"]
    """,
}


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    return write_files(tmp_path, FILES)


def told(*words: str) -> list[str]:
    ended = run("queries", "--no-cache", *words)
    assert ended.code == 0, ended.err
    return ended.out.splitlines()


def test_a_tree_tells_what_is_read_and_loaded_by_which_line_and_what_a_page_takes() -> None:
    assert told("OrderViewSet") == [
        "GET /orders/ (OrderViewSet.list)  shop/views.py:7  at least 153 queries per page of 50 → 4",
        '  Order.objects.prefetch_related("lines")  shop/views.py:9',
        "  ├─ customer    to-one   not loaded  read by shop/serializers.py:27",
        "  │  └─ company  to-one   not loaded  read by shop/serializers.py:27",
        "  └─ lines       to-many  prefetched  read by shop/serializers.py:28  loaded by shop/views.py:10",
        "     └─ product  to-one   not loaded  read by shop/serializers.py:7",
        '  write  Order.objects.prefetch_related("lines", "lines__product").select_related("customer__company")',
    ]


def test_queries_that_no_loading_takes_away_stand_in_the_tree_with_their_mend() -> None:
    lines = told("PersonList")
    assert lines[:1] == ["PersonList.list  shop/views.py:22  201 queries for 100 rows (not paged) → 101"]
    assert [line.split() for line in lines[2:5]] == [
        ["├─", "company", "to-one", "not", "loaded", "read", "by", "shop/serializers.py:15"],
        ["└─", "order_set"],
        ["└─", ".filter()", "a", "query", "for", "each", "row", "shop/serializers.py:23"],
    ]
    assert lines[5] == '  write  Person.objects.select_related("company")'
    assert lines[6].startswith('  then   prefetch_related(Prefetch("order_set", ')


def test_what_is_loaded_and_never_read_is_told() -> None:
    (line,) = [line for line in told("shop.views.LineViewSet") if " order " in line]
    assert " ".join(line.split()) == "├─ order to-one joined, not read loaded by shop/views.py:30"


def test_an_endpoint_in_doubt_says_why() -> None:
    assert told("PersonViewSet.list")[-1] == "  not judged: queryset method not found: Person: .narrowed()"


def test_a_view_that_lists_nothing_says_why() -> None:
    assert told("Derived") == [
        "Derived  shop/views.py:38",
        "  not judged: no GET of it hands a queryset to a serializer with many=True",
    ]
    assert told("Counted")[-1] == "  not judged: its template loops over no rows"
    assert told("views.Base")[-1] == "  not judged: not routed: only other views extend it"


def test_lists_that_templates_show_are_told_like_endpoints(shop: Path) -> None:
    (shop / "shop/pages.py").write_text((shop / "shop/pages.py").read_text().replace("(People)", "(ListView)"))
    assert told("People") == [
        "People.get  shop/pages.py:6  27 queries per page of 25 → 2",
        "  rows of Person",
        "  └─ company  to-one  not loaded  read by shop/templates/shop/person_list.html:2",
        '  write  .select_related("company")',
    ]


def test_admin_lists_are_told_like_endpoints() -> None:
    lines = told("PersonAdmin")
    assert lines[0] == "Admin list of shop.Person (PersonAdmin)  shop/admin.py:7  43 queries per page of 20 → 23"
    assert [" ".join(line.split()) for line in lines[2:]] == [
        "├─ company to-one not loaded read by shop/admin.py:12",
        "└─ order_set",
        "└─ .count() a query for each row shop/admin.py:15",
        'write list_select_related = ["company"]',
        "then annotate it in the admin's get_queryset(), and read that",
    ]
    assert "2 queries per page of 100" in told("shop.admin.OrderAdmin")[0]
    assert told("LineAdmin")[-1] == "  not judged: list_display chosen at run time: shop.admin.LineAdmin"


def test_without_names_all_are_told_and_counted() -> None:
    ended = run("queries", "--no-cache")
    assert ended.err == "7 lists: 3 with queries for each row, 2 without, 2 not judged, or not wholly.\n"
    assert ended.out.count("\n\n") == 6


def test_an_unknown_name_is_one_line_with_the_nearest_names_and_code_2() -> None:
    ended = run("queries", "--no-cache", "OrdersViewSet")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        'djlint-spec: no view or admin class is called "OrdersViewSet"'
        " (did you mean OrderViewSet or PersonViewSet or LineViewSet?)\n"
    )
    assert run("queries", "--no-cache", "Zzz").err == 'djlint-spec: no view or admin class is called "Zzz"\n'


def test_programs_read_the_same_as_json() -> None:
    (order,) = json.loads("\n".join(told("OrderViewSet", "--output-format", "json")))
    assert {key: order[key] for key in ("name", "filename", "row", "judged", "unknown", "paged")} == {
        "name": "shop.views.OrderViewSet",
        "filename": "shop/views.py",
        "row": 7,
        "judged": True,
        "unknown": [],
        "paged": True,
    }
    (listed,) = order["lists"]
    assert listed["queries"] == {"rows": 50, "now": 153, "mended": 4, "at_least": True}
    assert listed["paths"][-1] == {
        "path": "lines.product",
        "to_many": False,
        "state": "not loaded",
        "read_by": [{"filename": "shop/serializers.py", "row": 7}],
        "loaded_by": None,
    }
    (person,) = json.loads("\n".join(told("PersonList", "--output-format", "json")))
    (query,) = person["lists"][0]["per_row"]
    assert (query["path"], query["query"], query["row"]) == ("order_set", ".filter()", 23)


def test_what_was_extracted_is_kept_for_the_next_run(tmp_path: Path) -> None:
    assert run("queries", "OrderViewSet", "--cache-dir", str(tmp_path / "kept")).code == 0
    assert list((tmp_path / "kept").rglob("*"))
