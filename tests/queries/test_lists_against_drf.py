"""A list queries for each row when it runs exactly where the analysis says so."""

from __future__ import annotations

from typing import Any

import pytest

from djlint_spec.project import Project
from djlint_spec.queries import endpoints_of
from tests.inference.bookshop import MODELS
from tests.linked import linked
from tests.queries.lists import NAMES, TEXT, URLS
from tests.running import run

FILES = {"shop/__init__.py": "", "shop/models.py": MODELS, "shop/views.py": TEXT, "urls.py": URLS}

_QUESTION = f"""
import json
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from shop.models import *

settings.ALLOWED_HOSTS = ["*"]
call_command("migrate", run_syncdb=True, verbosity=0)

def grow(count):
    one, _ = Author.objects.get_or_create(name="one", defaults={{"country": Country.objects.create(name="of one")}})
    for number in range(count):
        book = Book.objects.create(title=f"by one {{number}}", author=one, editor=one)
        review, _ = Review.objects.get_or_create(text="of one", defaults={{"book": book}})
        Review.objects.create(book=book, text="reply", parent=review)
        Book.objects.create(
            title="for one", author=Author.objects.create(name="other", country=one.country), editor=one
        )
        country = Country.objects.create(name=f"c{{number}}")
        author, editor = (Author.objects.create(name=f"{{name}}{{number}}", country=country) for name in "ab")
        Profile.objects.create(author=author)
        Profile.objects.create(author=editor)
        book = Book.objects.create(title=f"t{{number}}", author=author, editor=editor)
        book.tags.set([Tag.objects.create(name="s"), Tag.objects.create(name="t")])
        Novel.objects.create(title="n", author=author, editor=editor)
        first = Review.objects.create(book=book, text="good")
        second = Review.objects.create(book=book, text="bad", parent=first)
        Review.objects.create(book=book, text="worse", parent=second)

def numbers():
    found = {{}}
    for name in {NAMES!r}:
        with CaptureQueriesContext(connection) as captured:
            answer = Client(raise_request_exception=False).get(f"/{{name}}/")
            assert answer.status_code == 200, (name, answer.content)
        found[name] = len(captured)
    return found

grow(2)
few = numbers()
grow(3)
many = numbers()
print(json.dumps({{name: many[name] > few[name] for name in few}}))
"""


@pytest.fixture(scope="module")
def project() -> Project:
    settings = 'INSTALLED_APPS = ["shop"]\nSECRET_KEY = ""\nDATABASES = {}\nROOT_URLCONF = "urls"\n'
    return linked({**FILES, "settings.py": settings})


@pytest.fixture(scope="module")
def growing(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return run(tmp_path_factory.mktemp("lists"), FILES, _QUESTION)


@pytest.mark.parametrize("name", NAMES)
def test_a_list_queries_per_row_exactly_where_the_analysis_says_so(project: Project, growing: Any, name: str) -> None:
    endpoints = [endpoint for endpoint in endpoints_of(project).lists if endpoint.name == f"shop.views.{name}"]
    unknown = {unknown for endpoint in endpoints for unknown in endpoint.unknown}
    assert not unknown
    reports = [report for endpoint in endpoints for report in endpoint.reports]
    found = {(read.path, "") for report in reports for read in report.missing}
    found |= {(query.path, query.method) for report in reports for query in report.queries}
    assert bool(found) is growing[name], found
