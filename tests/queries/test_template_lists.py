"""Lists that templates show: what is read in them, what decides nothing, and why some are not judged."""

from __future__ import annotations

from textwrap import dedent

import pytest

from djlint_spec.config import Config
from djlint_spec.engine import check_sources
from djlint_spec.queries import endpoints_of
from djlint_spec.queries.endpoints import ListEndpoint
from tests.linked import linked

MODELS = """
from django.db import models


class Author(models.Model):
    name = models.CharField(max_length=20)

    def __str__(self):
        return self.name


class Tag(models.Model):
    name = models.CharField(max_length=20)
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")


class Book(models.Model):
    title = models.CharField(max_length=20)
    author = models.ForeignKey(Author, models.CASCADE)
    editor = models.ForeignKey(Author, models.CASCADE, null=True, related_name="+")
    tags = models.ManyToManyField(Tag)

    def named(self, prefix):
        return prefix + self.author.name

    def first_tags(self):
        return self.tags.all()
"""
VIEW = """
    from django.views.generic import ListView

    from shop.models import Book, Tag


    class BookList(ListView):
        model = Book
"""


def listed(templates: dict[str, str], view: str = VIEW, models: str = MODELS) -> ListEndpoint:
    files = {
        "shop/__init__.py": "",
        "shop/models.py": models,
        "shop/views.py": view,
        **{f"shop/templates/{name}": text for name, text in templates.items()},
    }
    (endpoint,) = endpoints_of(linked(files)).lists
    return endpoint


def missing(template: str, view: str = VIEW) -> list[str]:
    endpoint = listed({"shop/book_list.html": template}, view)
    assert endpoint.unknown == ()
    return sorted({".".join(read.path) for report in endpoint.reports for read in report.missing})


def queries(template: str, view: str = VIEW) -> list[str]:
    endpoint = listed({"shop/book_list.html": template}, view)
    return sorted({".".join((*q.path, q.method)) for report in endpoint.reports for q in report.queries})


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ("{{ book.title }}{{ book.author_id }}{{ book.pk }}{{ book.nothing.name }}", []),
        ("{{ book.author }}", ["author"]),
        ("{{ book.author.name|upper|custom:book.editor.name }}", ["author", "editor"]),
        ("{{ book.author|custom }}", ["author"]),
        ("{{ book.named }}", []),  # it needs an argument: Django does not call it
        ("{{ book.delete }}{{ book.tags.clear }}{{ book.tags }}", []),
        ("{% if book.author and not book.editor.name == 'x' %}{% endif %}", ["author", "editor"]),
        ("{% for tag in book.first_tags %}{{ tag.parent.name }}{% endfor %}", ["tags", "tags.parent"]),
        ("{{ book.tags.all|first }}{{ book.tags.all|join:', ' }}", ["tags"]),
        ("{% for tag in book.tags.all|dictsort:'parent.name' %}{{ tag }}{% endfor %}", ["tags", "tags.parent"]),
        (
            "{% for tag in book.tags.all|slice:':2' %}{{ tag.name }}{% empty %}{{ book.author }}{% endfor %}",
            ["author", "tags"],
        ),
        ("{{ book.tags.all|default:'none' }}{{ book.tags.all|yesno }}", ["tags"]),
        ("{% with a=book.author %}{{ a.name }}{% endwith %}", ["author"]),
        ("{% url 'x' book.author.name %}{% firstof book.editor.name %}", ["author", "editor"]),
        ("{% custom book.author.name as it %}{{ it.name }}", []),
        ("{% wrapped %}{{ book.author }}{% else %}{{ book.editor }}{% endwrapped %}", ["author", "editor"]),
        ("{{ block.super }}{{ forloop.counter }}{{ missing.name }}{{ 'text' }}{{ 1|add:2 }}", []),
    ],
)
def test_what_a_loop_reads_is_missing(body: str, paths: list[str]) -> None:
    assert missing("{% for book in book_list %}" + body + "{% endfor %}") == paths


def test_outside_of_loops_nothing_is_read_for_each_row() -> None:
    loop = "{% for book in object_list %}{{ book.pk }}{% endfor %}"
    assert missing(loop + "{{ object_list.0.author }}{% if object_list %}{{ book_list|length }}{% endif %}") == []
    assert missing(loop + "{% with first=book_list|first %}{{ first.author }}{% endwith %}") == []


@pytest.mark.parametrize(
    "page",
    [
        "{% if request.user %}{% csrf_token %}{{ request.user }}{% if x %}{% url 'x' %}{% endif %}{% endif %}LOOP",
        "{% if request.user %}{% if x %}{{ x }}{% else %}LOOP{% endif %}{% endif %}",
        "{% custom x %}{% wrapped %}{{ x }}{% endwrapped %}{% wrapped %}LOOP{% endwrapped %}",
        "{% custom book_list as found %}{{ found.author }}LOOP",
        "{% block outer %}{% if x %}{% block inner %}LOOP{% endblock %}{% endif %}{% endblock %}",
    ],
)
def test_loops_are_found_in_what_stands_around_them(page: str) -> None:
    assert missing(page.replace("LOOP", "{% for book in book_list %}{{ book.author }}{% endfor %}")) == ["author"]


def test_a_set_that_the_context_holds_runs_once() -> None:
    view = (
        VIEW
        + """
        def get_context_data(self, **kwargs):
            context = super().get_context_data(**kwargs)
            context["tags"] = Tag.objects.all()
            return context
    """
    )
    loop = "{% for book in object_list %}{% for tag in tags %}{{ tag.name }}{% endfor %}{% endfor %}"
    assert queries(loop, view) == []
    assert queries("{% for book in object_list %}{{ book.tags.count }}{% endfor %}") == ["tags.count"]


def test_rows_that_the_view_adds_are_lists_as_well() -> None:
    view = (
        VIEW
        + """
        extra_context = {"title": "Books"}

        def get_context_data(self, **kwargs):
            kwargs["tags"] = Tag.objects.all()
            kwargs["pairs"] = [("a", 1), ("b", 2)]
            return super().get_context_data(**kwargs)
    """
    )
    template = (
        "{{ title }}{% for a, b in pairs %}{{ a }}{% endfor %}{% for tag in tags %}{{ tag.parent.name }}{% endfor %}"
    )
    assert missing(template, view) == ["parent"]


def test_what_the_context_decides_is_not_shown() -> None:
    view = VIEW + "        extra_context = {'full': False, 'short': True}\n"
    shown = "{% if full %}{{ book.author }}{% elif short %}{{ book.title }}{% else %}{{ book.editor }}{% endif %}"
    assert missing("{% for book in object_list %}" + shown + "{% endfor %}", view) == []


def test_a_test_of_the_page_may_be_the_one_that_the_loading_hangs_on() -> None:
    view = """
    from django.views.generic import ListView

    from shop.models import Book


    class BookList(ListView):
        def get_queryset(self):
            books = Book.objects.order_by("title")
            if self.request.GET.get("full"):
                books = books.select_related("author")
            return books
    """
    asked = "{% for book in object_list %}{% if request.GET.full %}{{ book.author }}{% endif %}{% endfor %}"
    assert missing(asked, view) == []
    assert missing(asked.replace("request.GET.full", "book.title"), view) == ["author"]


def test_names_of_the_rows_and_of_the_template_are_the_views() -> None:
    view = """
    from django.views.generic import ListView

    from shop.models import Book


    class BookList(ListView):
        queryset = Book.objects.all()
        context_object_name = "books"
        template_name_suffix = "_page"
        paginate_by = 10
    """
    endpoint = listed({"shop/book_page.html": "{% for b in books %}{{ b.author }}{% endfor %}"}, view)
    assert [read.span.path for report in endpoint.reports for read in report.missing] == [
        "shop/templates/shop/book_page.html"
    ]


@pytest.mark.parametrize(
    ("templates", "cause"),
    [
        ({}, "template not found"),
        ({"shop/book_list.html": "{% for book in object_list %}"}, "template that Django cannot compile"),
        ({"shop/book_list.html": "{% extends 'elsewhere.html' %}"}, "template not found"),
        ({"shop/book_list.html": "{% extends parent %}"}, "template named at run time"),
        (
            {"shop/book_list.html": "{% extends 'shop/book_list.html' %}"},
            "template that extends itself, or a broken one",
        ),
        ({"shop/book_list.html": "{% include other.name %}"}, "template named at run time"),
        ({"shop/book_list.html": "{% include './book_list.html' %}"}, "template that includes itself"),
    ],
)
def test_templates_that_are_not_seen_have_a_cause(templates: dict[str, str], cause: str) -> None:
    assert [unknown.cause for unknown in listed(templates).unknown][:1] == [cause]


@pytest.mark.parametrize(
    ("method", "cause"),
    [
        ("def get(self, request):\n            return None", "get() of the view's own"),
        ("def get_queryset(self):\n            return [1, 2]", "no queryset"),
        ("def get_queryset(self):\n            return found_elsewhere()", "name not defined"),
        ("def get_template_names(self):\n            return self.choose()", "template names chosen at run time"),
    ],
)
def test_views_that_go_other_ways_have_a_cause(method: str, cause: str) -> None:
    view = VIEW + f"\n        {method}\n"
    (unknown,) = listed(
        {"shop/book_list.html": "{% for book in object_list %}{{ book.author }}{% endfor %}"}, view
    ).unknown
    assert unknown.cause == cause


def test_a_view_that_others_extend_is_no_list_of_its_own() -> None:
    view = VIEW + "\n\n    class Shown(BookList):\n        template_name = 'shop/shown.html'\n"
    assert listed({"shop/shown.html": "{% for book in object_list %}{{ book.pk }}{% endfor %}"}, view).name == (
        "shop.views.Shown"
    )


def test_findings_name_the_template_and_a_count_is_not_fixed_there() -> None:
    template = "{% for book in object_list %}\n  {{ book.author }} {{ book.tags.count }}\n{% endfor %}"
    files = {
        "shop/models.py": MODELS,
        "shop/views.py": dedent(VIEW).replace("model = Book", "queryset = Book.objects.all()"),
        "shop/templates/shop/book_list.html": template,
    }
    report = check_sources(files, Config(select=("DJS201", "DJS203")))
    assert report.faults == ()
    count, author = sorted(report.findings, key=lambda finding: finding.span.path)
    assert (count.span.path, count.span.row, count.fix) == ("shop/templates/shop/book_list.html", 2, None)
    assert author.data["reads"] == [{"path": "author", "filename": "shop/templates/shop/book_list.html", "row": 2}]
    assert report.sources["shop/templates/shop/book_list.html"] == template


@pytest.mark.parametrize("context", ["super().get_context_data(**kwargs)", "super().get_context_data()"])
def test_what_the_view_sets_on_the_rows_is_there(context: str) -> None:
    view = (
        VIEW
        + f"""
        context_object_name = "books"

        def get_context_data(self, **kwargs):
            context = {context}
            for book in context["books"]:
                book.named_after = "somebody"
            return context
    """
    )
    models = MODELS + (
        """
    def called(self):
        return self.named_after if hasattr(self, "named_after") else self.author.name

    def otherwise(self):
        return self.other if hasattr(self, "other") else self.editor.name
"""
    )
    shown = "{% for book in books %}{{ book.called }}{{ book.otherwise }}{{ book.named_after }}{% endfor %}"
    endpoint = listed({"shop/book_list.html": shown}, view, models)
    assert sorted(read.path for report in endpoint.reports for read in report.missing) == [("editor",)]


SETTINGS = """
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", "shop.context.%s"],
        },
    }
]
SECRET_KEY = ""
INSTALLED_APPS = ["shop"]
"""
CONTEXT = """
def given(request):
    return {**_others(request), "shown_by_all": True}


def _others(request):
    return {"shown_by_some": request.user.is_staff}
"""


@pytest.mark.parametrize(
    ("name", "processor", "method", "shown"),
    [
        ("shown", "given", "", False),
        ("shown_by_all", "given", "", True),
        ("shown_by_some", "given", "", True),
        ("shown", "not_there", "", True),
        ("perms", "given", "", True),
        ("shown", "given", "def get_context_data(self, **kw): return super().get_context_data(title='t')", False),
        ("title", "given", "def get_context_data(self, **kw): return super().get_context_data(title=others())", True),
        ("shown", "given", "def get_context_data(self, **kw): return {**super().get_context_data(), **more()}", True),
        ("shown", "given", "def get(self, *args, **kw): return super().get(*args, **kw)", True),
    ],
)
def test_what_hangs_on_a_name_that_nothing_gives_is_not_shown(
    name: str, processor: str, method: str, shown: bool
) -> None:
    template = "{% for book in object_list %}{% if " + name + " %}{{ book.author }}{% endif %}{% endfor %}"
    files = {
        "settings.py": SETTINGS % processor,
        "shop/__init__.py": "",
        "shop/context.py": CONTEXT,
        "shop/models.py": MODELS,
        "shop/views.py": f"{VIEW}\n        {method}",
        "shop/templates/shop/book_list.html": template,
    }
    (endpoint,) = endpoints_of(linked(files)).lists
    assert any(report.missing for report in endpoint.reports) is shown
