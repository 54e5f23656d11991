"""The columns that only() and defer() leave out, by the analysis, beside the columns that rows come without."""

from __future__ import annotations

from typing import Any

import pytest

from djlint_spec.inference.evaluate import Evaluator
from djlint_spec.inference.values import Method, QuerySet
from djlint_spec.project import Function, Project
from tests.inference.bookshop import DATA, IMPORTS, MODELS
from tests.linked import linked, symbol
from tests.running import run

CHAINS = {
    "plain": "",
    "only_one": '.only("title")',
    "last_only_counts": '.only("title").only("year")',
    "only_with_key": '.only("title", "author")',
    "only_with_key_by_column": '.only("author_id")',
    "only_of_a_joined_row": '.select_related("author").only("title", "author__name")',
    "only_none": '.only("pk")',
    "deferred": '.defer("year")',
    "deferred_twice": '.defer("year").defer("price")',
    "deferred_key": '.defer("author")',
    "nothing_deferred": '.defer("year").defer(None)',
    "deferred_of_only": '.only("title", "year").defer("year")',
    "all_of_only_deferred": '.only("title").defer("title", "year")',
    "only_after_defer": '.defer("title").only("title", "year")',
}
FIELDS = {"title": "title", "year": "year", "price": "price", "author": "author_id", "editor": "editor_id"}
TEXT = IMPORTS + "".join(f"\n\ndef {name}():\n    return Book.objects.all(){chain}\n" for name, chain in CHAINS.items())
FILES = {"shop/__init__.py": "", "shop/models.py": MODELS, "shop/asked.py": TEXT}

_QUESTION = f"""
import json
from django.core.management import call_command
from shop import asked
from shop.models import *

call_command("migrate", run_syncdb=True, verbosity=0)
{DATA}
print(json.dumps({{name: sorted(getattr(asked, name)()[0].get_deferred_fields()) for name in {list(CHAINS)!r}}}))
"""


@pytest.fixture(scope="module")
def project() -> Project:
    return linked({**FILES, "settings.py": 'INSTALLED_APPS = ["shop"]\nSECRET_KEY = ""\nDATABASES = {}\n'})


@pytest.fixture(scope="module")
def deferred(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return run(tmp_path_factory.mktemp("columns"), FILES, _QUESTION)


@pytest.mark.parametrize("name", CHAINS)
def test_rows_come_without_the_columns_that_the_analysis_says(project: Project, deferred: Any, name: str) -> None:
    function = symbol(project, f"shop.asked.{name}")
    assert isinstance(function, Function)
    queryset = Evaluator(project).call(Method(function), (), {}, None)
    assert isinstance(queryset, QuerySet)
    assert deferred[name] == sorted(
        column for field, column in FIELDS.items() if queryset.loading.leaves_out(field, column)
    )
    assert queryset.loading.defers is bool(deferred[name])
