"""What middleware puts on requests, and code that runs once for many rows."""

from __future__ import annotations

import itertools

import pytest

from djlint_spec.inference.evaluate import Evaluator
from djlint_spec.inference.values import Foreign, Items, Literal, Method, Request, Row, Value, options
from djlint_spec.project import Function, Unknown
from tests.inference.bookshop import IMPORTS, MODELS
from tests.linked import linked, symbol

_SETTINGS = """INSTALLED_APPS = ["shop"]
SECRET_KEY = ""
DATABASES = {}
AUTH_USER_MODEL = "shop.Author"
SHOWN = ["title", "year"]
MADE = made()
FLAG = False
"""


def asked(text: str, name: str, *args: Value, **files: str) -> tuple[Value, Evaluator]:
    others = {f"shop/{module}.py": IMPORTS + body for module, body in files.items()}
    project = linked(
        {
            "shop/__init__.py": "",
            "shop/models.py": MODELS,
            "shop/asked.py": IMPORTS + text,
            "settings.py": _SETTINGS,
            **others,
        }
    )
    function = symbol(project, f"shop.asked.{name}")
    assert isinstance(function, Function)
    evaluator = Evaluator(project)
    return evaluator.call(Method(function), args, {}, None), evaluator


def test_an_attribute_of_requests_is_what_the_project_assigns() -> None:
    middleware = """
class ShopMiddleware:
    def process_request(self, request):
        request.author = Author.objects.filter(pk=1).first()
        self.request.later = 1

    def process_response(self, response):
        self.request.book = Book.objects.get(pk=1)
        if self.request.book == 2:
            self.request.lost = computed()
"""
    author = asked("def asked(request): return request.author", "asked", Request(), middleware=middleware)[0]
    book = asked("def asked(request): return request.book", "asked", Request(), middleware=middleware)[0]
    assert isinstance(author, Row) and author.model.name == "Author"
    assert isinstance(book, Row) and book.model.name == "Book"


def test_an_attribute_of_requests_may_be_absent_where_a_default_is_at_hand() -> None:
    middleware = "def process(request):\n    request.author = Author.objects.first()\n"
    text = "def asked(request): return getattr(request, 'author', None)"
    found = asked(text, "asked", Request(), middleware=middleware)[0]
    assert [type(option) for option in options(found)] == [Row, Literal]


@pytest.mark.parametrize("name", ["lost", "never"])
def test_an_attribute_of_requests_that_nothing_resolved_assigns_is_not_known(name: str) -> None:
    middleware = "def process(request):\n    request.lost = computed()\n"
    found = asked(f"def asked(request): return request.{name}", "asked", Request(), middleware=middleware)[0]
    assert found == Unknown("part of the request", name)


def test_what_tests_assign_to_requests_does_not_count() -> None:
    found = asked(
        "def asked(request): return request.book",
        "asked",
        Request(),
        test_views="def test_it(request):\n    request.book = Book.objects.get()\n",
    )[0]
    assert found == Unknown("part of the request", "book")


def test_an_attribute_that_is_assigned_from_itself_is_not_known() -> None:
    found = asked(
        "def asked(request): return request.book",
        "asked",
        Request(),
        middleware="def process(request):\n    request.book = request.book\n",
    )[0]
    assert found == Unknown("part of the request", "book")


def test_attributes_that_are_made_of_each_other_are_the_same_whichever_is_asked_for_first() -> None:
    middleware = """
def first(request):
    request.author = Author.objects.first() if request.book else request.other


def second(request):
    request.book = Book.objects.first() if not request.author else request.author


def third(request):
    request.other = request.book or request.author
"""
    names = ("author", "book", "other")
    found = set()
    for order in itertools.permutations(names):
        read = "; ".join(f"{name} = request.{name}" for name in order)
        text = f"def asked(request):\n    {read}\n    return [author, book, other]"
        held = asked(text, "asked", Request(), middleware=middleware)[0]
        assert isinstance(held, Items)
        found.add(tuple(tuple(str(one)[:80] for one in options(value)) for value in held.elements))
    assert len(found) == 1


def test_what_every_request_has_is_not_what_another_request_is_given() -> None:
    found = asked(
        "def asked(request): return request.GET",
        "asked",
        Request(),
        views="def other(request):\n    request.GET = {}\n",
    )[0]
    assert found == Unknown("part of the request", "GET")


@pytest.mark.parametrize(
    ("body", "asks"),
    [
        ("return list(request.author.books.all())", True),
        ("prefetch_related_objects([request.author], 'books')\n    return list(request.author.books.all())", False),
        ("prefetch_related_objects([request.author], 'books')\n    return list(request.author.books.filter())", True),
        ("prefetch_related_objects([request.author], computed())\n    return list(request.author.books.all())", True),
    ],
)
def test_what_a_row_of_the_request_is_given_by_hand_is_not_asked_again(body: str, asks: bool) -> None:
    text = f"from django.db.models import prefetch_related_objects\n\ndef asked(request):\n    {body}\n"
    middleware = "def process(request):\n    request.author = Author.objects.first()\n"
    evaluator = asked(text, "asked", Request(), middleware=middleware)[1]
    assert any(read.to_many for read in evaluator.reads) is asks


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SHOWN", Items((Literal("title"), Literal("year")))),
        ("MADE", Foreign("django.conf.settings.MADE")),
        ("FLAG", Foreign("django.conf.settings.FLAG")),  # each deployment may set it
        ("OTHER", Foreign("django.conf.settings.OTHER")),
    ],
)
def test_a_list_that_the_settings_write_out_is_known(name: str, value: Value) -> None:
    text = f"from django.conf import settings\n\ndef asked(request): return settings.{name}\n"
    assert asked(text, "asked", Request())[0] == value


def test_the_user_of_a_request_is_of_the_user_model() -> None:
    found = asked("def asked(request): return request.user", "asked", Request("GET"))[0]
    assert isinstance(found, Row) and found.model.name == "Author"


@pytest.mark.parametrize(
    "body",
    [
        # what a cache holds
        "tag = cache.get('tag')\n        if tag is None:\n            tag = Tag.objects.first()",
        "tag = self.cache.get('tag')\n        if not tag:\n            tag = Tag.objects.first()",
        # a global of the module
        "global KEPT\n        if KEPT is None:\n            KEPT = Tag.objects.first()",
        # an attribute of the object that goes through the rows
        "if not hasattr(self, 'tag'):\n            self.tag = Tag.objects.first()",
        # a dict that others fill for many rows
        "held = getattr(book, '_held', {})\n        if book not in held:\n            held[book] = Tag.objects.first()",
        # a flag, or a value, of the object that goes through the rows
        "if not self.loaded:\n            self.tag = Tag.objects.first()\n            self.loaded = True",
        "if self.tag is None:\n            self.tag = Tag.objects.first()",
        # a column that is saved
        "if book.price is None:\n            book.price = Tag.objects.count()\n            book.save()",
        "if not book.price:\n            book.price = Tag.objects.count()\n            book.save(force_update=True)",
        # an entry of a table
        "if 'tag' not in table:\n            table['tag'] = Tag.objects.first()",
        # an entry of a table for what the request brings
        "key = request.session.session_key\n        if key not in table:\n            table[key] = Tag.objects.first()",
        "if 'tag' in table:\n            return table['tag']\n        table['tag'] = Tag.objects.first()",
        "if hasattr(self, 'tag'):\n            return self.tag\n        self.tag = Tag.objects.first()",
        # an entry of the module's table for a row that others lead to as well
        "if book.author_id not in NAMES:\n            NAMES[book.author_id] = Tag.objects.first()",
        "if str(book.author_id) in NAMES:\n            return 1\n"
        "        NAMES[str(book.author_id)] = Tag.objects.first()",
        "if book.author_id not in self.names:\n            self.names[book.author_id] = Tag.objects.first()",
    ],
)
def test_what_fills_a_cache_is_no_query_of_each_row(body: str) -> None:
    text = f"""
from django.core.cache import cache

KEPT = None
NAMES = {{}}

class Shelf:
    def shown(self, book, table, request):
        {body}
        return book.title

def asked(table, request):
    return [Shelf().shown(book, table, request) for book in Book.objects.all()]
"""
    _, evaluator = asked(text, "asked", Unknown("a table"), Request())
    assert [read.model.name for read in evaluator.reads if read.model] == ["Book"]


@pytest.mark.parametrize(
    "body",
    [
        "tag = None if computed() else 1\n        if tag is None:\n            tag = Tag.objects.first()",
        "if book.title in table:\n            return 1\n        table[book.title] = Tag.objects.first()",
        "if 'tag' in table:\n            return 1\n        other['tag'] = Tag.objects.first()",
        "if 'tag' in table:\n            book = book\n        table['tag'] = Tag.objects.first()",
        "if book.title not in table:\n            other['tag'] = Tag.objects.first()",
        "if not book.title:\n            self.tag = Tag.objects.first()",
        "if not self.loaded:\n            self.tag = Tag.objects.first()",
        "if not book.title:\n            book.title = Tag.objects.first()",
        "if book.pk not in NAMES:\n            NAMES[book.pk] = Tag.objects.first()",
        "if book.title not in NAMES:\n            NAMES[book.title] = Tag.objects.first()",
        "names = {}\n        if book.author_id not in names:\n            names[book.author_id] = Tag.objects.first()",
        "if book.author_id not in table:\n            table[book.author_id] = Tag.objects.first()",
        "if book.author_id + 1 not in NAMES:\n            NAMES[book.author_id + 1] = Tag.objects.first()",
        "known = {}\n        if book not in known:\n            known[book] = Tag.objects.first()",
        "if not book.title:\n            book.title = Tag.objects.first()\n            other.save()",
        "if book.kept is None:\n            book.kept = Tag.objects.first()\n            book.save()",
    ],
)
def test_a_query_that_may_run_for_each_row_is_one(body: str) -> None:
    text = f"""
NAMES = {{}}

class Shelf:
    def shown(self, book, table, other):
        {body}
        return book.title

def asked(table):
    return [Shelf().shown(book, table, table) for book in Book.objects.all()]
"""
    _, evaluator = asked(text, "asked", Unknown("a table"))
    assert [read.model.name for read in evaluator.reads if read.model] == ["Book", "Tag"]


def test_what_the_user_of_a_request_keeps_is_asked_once() -> None:
    text = """
def asked(request):
    return [
        (request.user.kept, request.user.asked, request.user.of_country(book.title)) for book in Book.objects.all()
    ]
"""
    models = MODELS.replace(
        "class Profile(",
        """    @cached_property
    def kept(self):
        return list(Tag.objects.all())

    @property
    def asked(self):
        return Country.objects.first()

    def of_country(self, name):
        if name not in self._known:
            self._known[name] = Review.objects.filter(text=name).first()
        return self._known[name]


class Profile(""",
        1,
    )
    project = linked(
        {"shop/__init__.py": "", "shop/models.py": models, "shop/asked.py": IMPORTS + text, "settings.py": _SETTINGS}
    )
    function = symbol(project, "shop.asked.asked")
    assert isinstance(function, Function)
    evaluator = Evaluator(project)
    evaluator.call(Method(function), [Request()], {}, None)
    assert [read.model.name for read in evaluator.reads if read.model] == ["Book", "Country"]


def test_attributes_of_one_function_are_the_same_whichever_is_asked_for_first() -> None:
    middleware = """
class ShopMiddleware:
    def process_request(self, request):
        request.first = [request.second, request.third]
        request.second = request.third or Book.objects.first()
        request.third = request.first or request.second or Author.objects.first()
"""
    text = "".join(
        f"def {'_'.join(order)}(request): return {', '.join(f'request.{name}' for name in order)}\n"
        for order in itertools.permutations(("first", "second", "third"))
    )
    found = set()
    for order in itertools.permutations(("first", "second", "third")):
        held = asked(text, "_".join(order), Request(), middleware=middleware)[0]
        assert isinstance(held, Items)
        by_name = dict(zip(order, held.elements, strict=True))
        found.add(repr([by_name[name] for name in ("first", "second", "third")]))
    assert len(found) == 1
