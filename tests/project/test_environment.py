"""Reads of the environment, and the reader that a module has at hand."""

from __future__ import annotations

import pytest

from djlint_spec.facts import tree as t
from djlint_spec.project.environment import Reader, dotted_text, environment_read, reader_in
from tests.linked import facts, linked


def expression(text: str) -> t.Expr:
    found = facts(text)
    assert found is not None
    statement = found.body[0]
    assert isinstance(statement, t.ExprStmt)
    return statement.value


@pytest.mark.parametrize(
    ("text", "reader", "variable", "default"),
    [
        ('os.environ["A"]', "os.environ", "A", None),
        ('os.environ.get("A")', "os.environ.get", "A", None),
        ('os.environ.get("A", "x")', "os.environ.get", "A", "x"),
        ('os.getenv("A", default="x")', "os.getenv", "A", "x"),
        ('env.str("A", "x")', "env.str", "A", "x"),
        ('env("A", cast=str, default="x")', "env", "A", "x"),
        ('config("A", default="x")', "config", "A", "x"),
        ('get_env("A", "x")', "get_env", "A", "x"),
        ('config.get("django", "secret", fallback="x")', "config.get", "secret", "x"),
        ('config.get("A", "x")', "config.get", "A", "x"),
    ],
)
def test_a_read_is_told_by_its_reader(text: str, reader: str, variable: str, default: str | None) -> None:
    found = environment_read(expression(text))
    assert found is not None
    given = found.default.value if isinstance(found.default, t.String) else None
    assert (found.reader, found.variable, given) == (reader, variable, default)


@pytest.mark.parametrize(
    "text", ['d["A"]', 'd.get("A", "x")', "env(name)", "env()", "a + b", 'd["A"](1)', 'f().x("A")']
)
def test_other_expressions_read_no_environment(text: str) -> None:
    assert environment_read(expression(text)) is None


def test_names_and_dots_are_told_as_written() -> None:
    assert dotted_text(expression("a.b.c")) == "a.b.c"
    assert dotted_text(expression("a().b")) == ""


@pytest.mark.parametrize(
    ("head", "reader"),
    [
        ("import environ\nenv = environ.Env()\nX = env('X')", Reader("env")),
        ("from environs import Env\nenv = Env()\nX = env.str('X')", Reader("env")),
        ("from decouple import config\nX = config('X')", Reader("config")),
        ("from decouple import AutoConfig\nconfig = AutoConfig('.')\nX = config('X')", Reader("config")),
        ("from os import environ", Reader("environ")),
        ("import os\nconfig = load()\nX = config('X')", Reader("os.environ")),
        ("import os.path", Reader("os.environ")),
        ("from shop import environ, os", Reader("os.environ", "os")),
        ("", Reader("os.environ", "os")),
    ],
)
def test_the_reader_of_a_module_is_the_one_it_has(head: str, reader: Reader) -> None:
    project = linked({"shop/conf.py": head})
    assert reader_in(project, project.modules[0]) == reader


def test_a_reader_reads_a_variable() -> None:
    assert Reader("env").reading("A") == 'env("A")'
    assert Reader("os.environ").reading("A") == 'os.environ["A"]'
