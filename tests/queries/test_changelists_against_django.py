"""Every column of the changelists below costs queries per row exactly where the analysis says so."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from textwrap import dedent
from typing import Any

import pytest

from djlint_spec.config import Config
from djlint_spec.engine import check_sources
from djlint_spec.engine.run import project_of
from djlint_spec.engine.surveying import surveys_of
from djlint_spec.queries.estimates import Estimate
from djlint_spec.source import MemoryTree
from tests.running import installed, run

MODELS = """
from django.db import models


class Country(models.Model):
    name = models.CharField(max_length=20)

    def __str__(self):
        return self.name


class Company(models.Model):
    name = models.CharField(max_length=20)
    country = models.ForeignKey(Country, models.CASCADE, related_name="companies")
    seat = models.ForeignKey(Country, models.CASCADE, null=True, related_name="+")

    def __str__(self):
        return f"{self.name} ({self.country})"


class Company2(Company):
    class Meta:
        proxy = True


class Company3(Company):
    class Meta:
        proxy = True


class Customer(models.Model):
    name = models.CharField(max_length=20)
    company = models.ForeignKey(Company, models.CASCADE, related_name="customers")
    agent = models.ForeignKey(Company, models.CASCADE, null=True, related_name="+")
    tags = models.ManyToManyField(Country, related_name="+")

    @property
    def place(self):
        return self.company.country.name

    def tag_names(self):
        return ", ".join(tag.name for tag in self.tags.all())


class Badge(models.Model):
    customer = models.OneToOneField(Customer, models.CASCADE, related_name="badge")


class LoadedManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().select_related("company__country")


class Loaded(Customer):
    objects = LoadedManager()

    class Meta:
        proxy = True


class Other(Customer):
    class Meta:
        proxy = True


class Third(Customer):
    class Meta:
        proxy = True


class Fourth(Customer):
    class Meta:
        proxy = True


class Fifth(Customer):
    class Meta:
        proxy = True


class Sixth(Customer):
    class Meta:
        proxy = True
"""

ADMIN = """
from django.contrib import admin
from django.db.models import Count

from shop.models import Company, Company2, Company3, Country, Customer, Fifth, Fourth, Loaded, Other, Sixth, Third


@admin.register(Country)
class CountryAdmin(admin.ModelAdmin):
    list_display = ("name", "companies_count", "first_company")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(number=Count("companies"))

    @admin.display(ordering="number")
    def companies_count(self, obj):
        return obj.number

    def first_company(self, obj):
        return obj.companies.order_by("name").first()


def seat_name(company):
    return company.seat.name if company.seat else ""


@admin.register(Company)
class CompanyAdmin(admin.ModelAdmin):
    list_display = ["__str__", "number", "names", seat_name, "country_id"]

    def number(self, obj):
        return obj.customers.count()

    def names(self, obj):
        return ", ".join(customer.name for customer in obj.customers.all())


class CustomerAdmin(admin.ModelAdmin):
    list_display = ("name", "place", "agent", "company", "tag_names", "badge_number", "lookup")

    def badge_number(self, obj):
        return obj.badge.pk if hasattr(obj, "badge") else ""

    @admin.display(ordering="company__name")
    def lookup(self, obj):
        return obj.company_id


admin.site.register(Customer, CustomerAdmin)


@admin.register(Loaded)
class LoadedAdmin(admin.ModelAdmin):
    list_display = ("name", "place", "agent", "company")


@admin.register(Other)
class OtherAdmin(admin.ModelAdmin):
    list_display = ("company", "agent")
    list_select_related = ["company"]


class Base(admin.ModelAdmin):
    list_display = ("name",)
    list_select_related = ("company__country", "agent__country")


@admin.register(Third)
class ThirdAdmin(Base):
    list_display = Base.list_display + ("place", "agent")


@admin.register(Fourth)
class FourthAdmin(admin.ModelAdmin):
    list_display = ("place",)


@admin.register(Fifth)
class FifthAdmin(admin.ModelAdmin):
    list_display = ("name", "tag_names", "place")
    list_select_related = True

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("tags")


class Unchecked(admin.ModelAdmin):
    list_display = ("name",)
    actions = None


class Checked(admin.ModelAdmin):
    list_display = ("name",)


admin.site.register(Company2, Checked)
admin.site.register([Company3], Unchecked)


@admin.register(Sixth)
class SixthAdmin(admin.ModelAdmin):
    list_display = ("name", "company__country__name", "agent__name")
"""

QUESTION = """
import json

import django
from django.contrib import admin
from django.contrib.admin.templatetags.admin_list import items_for_result
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from shop.models import Badge, Company, Country, Customer

call_command("migrate", run_syncdb=True, verbosity=0)
user = User.objects.create_superuser("root")


def grow(rows):
    for number in range(rows):
        here, there = (Country.objects.create(name=f"country {number} {i}") for i in range(2))
        company = Company.objects.create(name=f"company {number}", country=here, seat=there)
        agent = Company.objects.create(name=f"agent {number}", country=there, seat=here)
        customer = Customer.objects.create(name=f"customer {number}", company=company, agent=agent)
        customer.tags.add(here, there)
        Badge.objects.create(customer=customer)


def costs(model_admin, joins):
    if joins is not None:
        model_admin.list_select_related = joins
    request = RequestFactory().get("/")
    request.user = user
    found = {}
    for column in model_admin.get_changelist_instance(request).list_display:
        # Each column on rows of its own: what one reads, another finds at hand.
        changelist = model_admin.get_changelist_instance(request)
        rows = list(changelist.result_list)
        changelist.list_display = [column]
        with CaptureQueriesContext(connection) as queries:
            for row in rows:
                list(items_for_result(changelist, row, None))
        name = column if isinstance(column, str) else column.__name__
        # The checkbox is labelled by the row's text.
        name = "__str__" if name == "action_checkbox" else name
        found[name] = max(found.get(name, 0), len(queries))
    return found


MENDS = json.loads(open("mends.json").read())
WRITTEN = json.loads(open("written.json").read())


def measure():
    return {
        (name := type(model_admin).__name__): [costs(model_admin, None), costs(model_admin, MENDS.get(name))]
        for model_admin in (type(m)(m.model, m.admin_site) for m in admin.site._registry.values())
        if type(model_admin).__module__ == "shop.admin"
        # A lookup as a column is an error before 5.1 (admin.E108).
        if django.VERSION >= (5, 1) or type(model_admin).__name__ != "SixthAdmin"
    }


def pages():
    found = {}
    for model_admin in (type(m)(m.model, m.admin_site) for m in admin.site._registry.values()):
        if type(model_admin).__module__ != "shop.admin":
            continue
        mended = type(model_admin)(model_admin.model, model_admin.admin_site)
        written = WRITTEN[type(model_admin).__name__]
        if written["joins"]:
            mended.list_select_related = written["joins"]
        if written["select"] or written["prefetch"]:
            loaded = mended.get_queryset
            mended.get_queryset = lambda request, loaded=loaded, written=written: (
                (loaded(request).select_related(*written["select"]) if written["select"] else loaded(request))
                .prefetch_related(*written["prefetch"])
            )
        for name, one in (("as it is", model_admin), ("mended", mended)):
            request = RequestFactory().get("/")
            request.user = user
            request.user.has_perm("any")  # asks for the permissions once
            with CaptureQueriesContext(connection) as queries:
                one.changelist_view(request).render()
            found.setdefault(type(model_admin).__name__, {})[name] = [one.model.objects.count(), len(queries)]
    return found


grow(3)
before = measure()
pages()  # what only the first request asks for is no list's
few = pages()
grow(6)
after = measure()
many = pages()
answer = {
    name: [[column for column in one if after[name][i][column] > one[column]] for i, one in enumerate(ways)]
    for name, ways in before.items()
}
answer["pages"] = {name: {way: [few[name][way], many[name][way]] for way in few[name]} for name in few}
print(json.dumps(answer))
"""


def judged(files: Mapping[str, str], version: str) -> dict[str, dict[str, Any]]:
    """By admin class: which columns cost, and what is to be joined."""
    project = f'[project]\nname = "x"\nversion = "1"\ndependencies = ["django=={version}"]\n'
    report = check_sources({"pyproject.toml": project, **files}, Config(select=("DJS801",)))
    assert not report.faults
    found: dict[str, dict[str, Any]] = {}
    for finding in report.findings:
        name = str(finding.data["admin"]).rpartition(".")[2]
        entry = found.setdefault(name, {"columns": set(), "joins": None})
        entry["columns"].add(finding.message.partition("the column `")[2].partition("`")[0] or "__str__")
        for line in finding.help.splitlines():
            if line.startswith("list_select_related = "):
                entry["joins"] = [word.strip('" ') for word in line.partition("[")[2].rstrip("]").split(",")]
    return found


def estimates(files: Mapping[str, str], version: str) -> dict[str, tuple[Estimate, str]]:
    """By admin class: what a page takes, and what is to be written."""
    project = f'[project]\nname = "x"\nversion = "1"\ndependencies = ["django=={version}"]\n'
    surveys = surveys_of(project_of(MemoryTree({"pyproject.toml": project, **files}), Config()), ())
    return {
        survey.name.rpartition(".")[2]: (listed.estimate, listed.write) for survey in surveys for listed in survey.lists
    }


def _texts(pattern: str, code: str) -> list[str]:
    found = re.search(pattern, code)
    return [word.strip('" ') for word in found[1].split(",")] if found else []


SETTINGS = """
SECRET_KEY = "for tests"
INSTALLED_APPS = [
    "django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions", "django.contrib.messages",
    "django.contrib.admin", "shop",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
ROOT_URLCONF = "urls"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
    "OPTIONS": {"context_processors": [
    "django.contrib.auth.context_processors.auth", "django.contrib.messages.context_processors.messages",
    "django.template.context_processors.request"]}}]
MIDDLEWARE = ["django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware", "django.contrib.messages.middleware.MessageMiddleware"]
"""


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    version = installed("django")
    files = {"shop/__init__.py": "", "shop/models.py": dedent(MODELS), "shop/admin.py": dedent(ADMIN)}
    static = judged(files, version)
    written = {
        name: {
            "joins": _texts(r"list_select_related = \[(.*)\]", code),
            "select": _texts(r"\.select_related\((.*)\)", code),
            "prefetch": _texts(r"prefetch_related\((.*)\)", code),
        }
        for name, (_, code) in estimates(files, version).items()
    }
    mends = {name: entry["joins"] for name, entry in static.items() if entry["joins"]}
    runnable = {
        **files,
        "settings.py": SETTINGS,
        "mends.json": json.dumps(mends),
        "written.json": json.dumps(written),
        "urls.py": "from django.contrib import admin\nfrom django.urls import path\n"
        'urlpatterns = [path("admin/", admin.site.urls)]\n',
    }
    return static, run(tmp_path_factory.mktemp("admin"), runnable, QUESTION)


def test_the_columns_that_cost_are_those_that_django_asks_for(
    verdicts: tuple[dict[str, dict[str, Any]], dict[str, Any]],
) -> None:
    static, told = verdicts
    runtime = {name: found for name, found in told.items() if name != "pages"}
    assert {name: entry["columns"] for name, entry in static.items() if name in runtime} == {
        name: set(before) for name, (before, _) in runtime.items() if before
    }


def test_the_joins_that_are_written_take_every_joinable_cost_away(
    verdicts: tuple[dict[str, dict[str, Any]], dict[str, Any]],
) -> None:
    static, runtime = verdicts
    sets = {"number", "names", "tag_names", "first_company"}
    left = {name: set(runtime[name][1]) - sets for name in runtime if static.get(name, {}).get("joins")}
    assert left
    assert {name: columns for name, columns in left.items() if columns} == {}


def test_a_page_takes_as_many_queries_as_estimated(
    verdicts: tuple[dict[str, dict[str, Any]], dict[str, Any]],
) -> None:
    files = {"shop/models.py": dedent(MODELS), "shop/admin.py": dedent(ADMIN)}
    measured: dict[str, dict[str, tuple[int, int]]] = {}
    for name, ways in verdicts[1]["pages"].items():
        for way, ((few_rows, few), (rows, queries)) in ways.items():
            growth = (queries - few) // (rows - few_rows)
            measured.setdefault(name, {})[way] = (growth, queries - growth * rows)
    assert measured == {
        name: {"as it is": divmod(found.now, found.rows), "mended": divmod(found.mended, found.rows)}
        for name, (found, _) in estimates(files, installed("django")).items()
    }


SHELVES = """
from django.db import models
from django.utils.functional import cached_property


class Shelf(models.Model):
    name = models.CharField(max_length=20)


class Book(models.Model):
    shelf = models.ForeignKey(Shelf, models.CASCADE, null=True)
    within = models.ForeignKey("self", models.CASCADE, null=True)

    def path(self):
        return f"{self.within.path()}/{self.pk}" if self.within else ""

    def depth(self):
        return self.within.depth() + 1 if self.within else 0

    def __str__(self):
        return f"on {self.shelf.name}"

    @cached_property
    def notes_listed(self):
        return list(self.notes.order_by("pk"))

    def first_note(self):
        return self.notes_listed[0].pk

    def last_note(self):
        return self.notes_listed[-1].pk


    @cached_property
    def notes_by_age(self):
        return self.notes.order_by("-pk")

    def note_keys(self):
        return ", ".join(str(note.pk) for note in self.notes_by_age)

    def number_of_notes(self):
        return self.notes_by_age.count()

    def other_notes(self):
        return self.notes_by_age.exclude(pk=1).count()


class Note(models.Model):
    book = models.ForeignKey(Book, models.CASCADE, related_name="notes")
"""


def shelved(admin: str) -> list[str]:
    """What is said of an admin class of the shelves, by columns."""
    files = {
        "pyproject.toml": '[project]\nname = "x"\nversion = "1"\ndependencies = ["django==6.0"]\n',
        "shop/__init__.py": "",
        "shop/models.py": SHELVES,
        "shop/admin.py": "from django.contrib import admin\nfrom shop.models import Book\n\n\n"
        f"@admin.register(Book)\nclass BookAdmin(admin.ModelAdmin):\n{admin}",
    }
    report = check_sources(files, Config(select=("DJS801",)))
    return [finding.message.rpartition(": ")[2] for finding in report.findings]


def test_what_a_row_keeps_is_told_of_the_first_column_that_asks_for_it() -> None:
    assert shelved('    list_display = ["pk", "first_note", "last_note"]\n    actions = None\n') == [
        "the column `first_note` reads it."
    ]


def test_a_queryset_that_a_row_keeps_has_its_rows_at_hand() -> None:
    columns = '["pk", "note_keys", "number_of_notes", "other_notes"]'
    assert shelved(f"    list_display = {columns}\n    actions = None\n") == [
        "the column `note_keys` reads it.",
        "the column `other_notes` reads it.",
    ]


def test_a_chain_of_rows_is_told_of_the_first_column_that_follows_it() -> None:
    admin = (
        '    list_display = ["pk", "path", "depth"]\n    actions = None\n    list_select_related = ["within__within"]\n'
    )
    assert shelved(admin.replace("__within", "")) == ["the column `path` reads it."]
    assert shelved(admin) == []


def test_a_key_is_told_of_the_column_that_shows_it_and_not_of_the_checkbox_beside_it() -> None:
    assert shelved('    list_display = ["pk", "shelf"]\n') == ["the column `shelf` reads it."]


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        ("", ["the checkbox of each row, labelled by `__str__`, reads it."]),
        ("    def has_delete_permission(self, request, obj=None):\n        return False\n", []),
        (
            "    def has_delete_permission(self, request, obj=None):\n        return request.user.is_staff\n",
            ["the checkbox of each row, labelled by `__str__`, reads it."],
        ),
        (
            '    actions = ["close"]\n    def has_delete_permission(self, request, obj=None):\n        return False\n',
            ["the checkbox of each row, labelled by `__str__`, reads it."],
        ),
    ],
)
def test_a_list_that_no_action_works_on_has_no_checkboxes(rest: str, told: list[str]) -> None:
    assert shelved(f'    list_display = ["pk"]\n{rest}') == told


def test_a_query_on_a_manager_is_one_of_each_row() -> None:
    admin = '    list_display = ["pk", "twins"]\n    actions = None\n\n    def twins(self, obj):\n'
    assert shelved(f"{admin}        return Book.objects.filter(shelf_id=obj.shelf_id).count()\n") == [
        "the column `twins` reads it."
    ]


def test_columns_that_the_class_names_when_it_is_made_are_not_judged() -> None:
    admin = (
        '    def __init__(self, *args):\n        super().__init__(*args)\n        self.list_display = ["pk", "shelf"]\n'
    )
    assert shelved(admin) == []


def test_a_static_method_is_given_the_row() -> None:
    admin = '    list_display = ["pk", "notes"]\n    actions = None\n\n    @staticmethod\n    def notes(obj):\n'
    assert shelved(f"{admin}        return obj.notes.count()\n") == ["the column `notes` reads it."]
