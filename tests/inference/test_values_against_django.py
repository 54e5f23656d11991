"""What functions return and query, by the analysis, beside what they return and query in Django."""

from __future__ import annotations

import re
from typing import Any

import pytest

from djlint_spec.inference.evaluate import Evaluator
from djlint_spec.inference.reads import COLUMN, KEY, Read
from djlint_spec.inference.values import (
    ClassValue,
    Either,
    Instance,
    Items,
    Literal,
    ManagerOf,
    Many,
    Mapped,
    Method,
    QuerySet,
    Row,
    Scalar,
    Value,
)
from djlint_spec.project import Function, Project, Unknown
from tests.inference.bookshop import DATA, IMPORTS, MODELS
from tests.inference.functions import READS, VALUES
from tests.linked import linked, symbol
from tests.running import run

FILES = {"shop/__init__.py": "", "shop/models.py": MODELS, "shop/asked.py": IMPORTS + READS + VALUES}

_QUESTION = """
import inspect, json, re
from collections.abc import Iterator
from django.core.management import call_command
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext
from shop import asked
from shop.models import *

call_command("migrate", run_syncdb=True, verbosity=0)
DATA

def told(value):
    match value:
        case models.Model():
            return {"row": type(value).__name__}
        case models.QuerySet():
            return {"rows": value.model.__name__, "of": value._iterable_class.__name__}
        case models.Manager():
            return {"manager": value.model.__name__}
        case type():
            return {"class": value.__name__}
        case dict():
            return {"entries": [[told(key), told(entry)] for key, entry in value.items()]}
        case list() | tuple() | Iterator():
            return {"elements": [told(element) for element in value]}
        case set():
            return {"elements": [told(element) for element in sorted(value, key=str)]}
        case bytes():
            return {"constant": value.decode()}
        case None | bool() | int() | str():
            return {"constant": value}
        case _:
            return {"object": type(value).__name__}

answers = {}
for name, function in inspect.getmembers(asked, inspect.isfunction):
    if function.__module__ == "shop.asked" and name not in ("up", "pages", "chained"):
        with CaptureQueriesContext(connection) as captured, transaction.atomic():
            answer = told(function())
            transaction.set_rollback(True)
        first = '(?:FROM|INTO|UPDATE|from) "?(shop_[a-z_]+|django_[a-z_]+)"?'
        tables = [re.search(first, query["sql"]) for query in captured]
        answers[name] = answer, sorted({table[1] for table in tables if table})
print(json.dumps(answers))
""".replace("DATA", DATA)


@pytest.fixture(scope="module")
def project() -> Project:
    return linked({**FILES, "settings.py": 'INSTALLED_APPS = ["shop"]\nSECRET_KEY = ""\nDATABASES = {}\n'})


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return run(tmp_path_factory.mktemp("bookshop"), FILES, _QUESTION)


def ask(project: Project, name: str) -> tuple[Value, set[str]]:
    """What the analysis says that a function returns, and the tables that it asks."""
    function = symbol(project, f"shop.asked.{name}")
    assert isinstance(function, Function)
    evaluator = Evaluator(project)
    value = evaluator.call(Method(function), (), {}, None)
    return value, {_table(read) for read in evaluator.reads}


def _table(read: Read) -> str:
    model = read.model
    if not read.to_many and read.rows is not None:
        model = read.rows.model
        for name in read.path[:-1] if read.method in (COLUMN, KEY) else read.path:
            target = model.relations[name].target
            assert not isinstance(target, Unknown)
            model = target
    assert model is not None
    return f"shop_{model.concrete.name.lower()}"


def agrees(value: Value, real: Any) -> bool:
    """Whether a value says what was there when the function ran."""
    match value:
        case Row(model=model):
            return bool(real == {"row": model.name})
        case QuerySet(model=model, loading=loading):
            whole = real.get("of") in ("ModelIterable", "RawModelIterable")
            return real.get("rows") == model.name and loading.rows is whole
        case ManagerOf(model=model):
            return bool(real == {"manager": model.name})
        case ClassValue(cls=cls):
            return bool(real == {"class": cls.name})
        case Instance(cls=cls):
            return bool(real == {"object": cls.name})
        case Literal(value=bytes(constant)):
            return bool(real == {"constant": constant.decode()})
        case Literal(value=constant):
            return "constant" in real and real["constant"] == constant and type(real["constant"]) is type(constant)
        case Items(elements=elements):
            told = real.get("elements", ())
            return len(told) == len(elements) and all(map(agrees, elements, told))
        case Many(element=element):
            return "elements" in real and all(agrees(element, one) for one in real["elements"])
        case Mapped(entries=entries, open=is_open):
            if "entries" not in real or (not is_open and len(entries) != len(real["entries"])):
                return False
            there = [(key["constant"], entry) for key, entry in real["entries"]]
            return all(any(key == name and agrees(held, entry) for name, entry in there) for key, held in entries)
        case Scalar():
            return not {"row", "rows", "manager", "class"} & real.keys()
        case Either(options=several):
            return any(agrees(option, real) for option in several)
        case _:
            return False


def names(functions: str) -> list[str]:
    return re.findall(r"^def (\w+)", functions, re.MULTILINE)


@pytest.mark.parametrize("name", names(READS + VALUES))
def test_a_function_returns_what_the_analysis_says(project: Project, answers: Any, name: str) -> None:
    value, _ = ask(project, name)
    assert agrees(value, answers[name][0]), f"{value} is {answers[name][0]}"


@pytest.mark.parametrize("name", names(READS))
def test_a_function_asks_the_tables_that_the_analysis_says(project: Project, answers: Any, name: str) -> None:
    _, tables = ask(project, name)
    assert tables == set(answers[name][1])


@pytest.mark.parametrize("name", names(VALUES))
def test_no_table_is_named_that_is_not_asked(project: Project, answers: Any, name: str) -> None:
    _, tables = ask(project, name)
    assert tables <= set(answers[name][1])
