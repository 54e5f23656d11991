"""What the analysis leaves undecided, and by which cause it says so."""

from __future__ import annotations

import re

import pytest

from djlint_spec.inference.evaluate import Evaluator
from djlint_spec.inference.reads import FOLLOWS_ON
from djlint_spec.inference.values import (
    Either,
    Instance,
    Items,
    Literal,
    Many,
    Mapped,
    Method,
    QuerySet,
    Row,
    Value,
    options,
)
from djlint_spec.project import Function, Project, Unknown
from tests.inference.bookshop import IMPORTS, MODELS
from tests.linked import linked, symbol

FUNCTIONS = """
from elsewhere import Base, computed
from django.db import models

class Odd(Base):
    declared: int

    def kept(self):
        return super().kept()

    def known(self):
        return self.missing

class Even:
    declared: int
    itself = [each for each in itself]

    def kept(self):
        return super().kept()

ITSELF = [ITSELF, 1]

def a_call():  # result of a package's function
    return computed()
def of_base():  # attribute of an unresolved base
    return Odd().known()
def super_of_base():  # super() of an unresolved base
    return Odd().kept()
def super_of_nothing():  # super() without such a member
    return Even().kept()
def super_outside():  # super() outside a method
    return super().kept()
def missing_of_object():  # attribute set at run time
    return Even().missing
def declared_only():  # declared without a value
    return Even().declared
def missing_of_class():  # attribute not found
    return Even.missing
def missing_of_row():  # attribute set at run time
    return [book.shelf for book in Book.objects.all()]
def missing_behind_row():  # attribute not found
    return [book.author.shelf for book in Book.objects.all()]
def generic_target():  # target of a generic foreign key
    return [link.target for link in Link.objects.all()]
def over_a_manager():  # iterating a manager
    return [book for book in Book.objects]
def over_nothing():  # element of an empty list
    return [each for each in []]
def over_a_row():  # element of a value
    return [each for each in Book.objects.first()]
def of_no_key():  # key not in the mapping
    return {"a": 1}["b"]
def of_a_computed_key():  # key computed at run time
    return {**computed()}[computed()]
def got_by_a_computed_key():  # key computed at run time
    return {**computed()}.get("a")
def values_of_computed():  # values of a mapping
    return [each for each in {**computed()}.values()]
def items_of_computed():  # items of a mapping
    return [each for each in {**computed()}.items()]
def element_of_nothing():  # element of an empty list
    return [][0]
def entry_of_a_row():  # element of a value
    return Book.objects.first()["a"]
def part_of_a_row():  # part of a value
    return Book.objects.first()[1:]
def attribute_of_a_method():  # attribute of a value
    return Book.objects.all.shelf
def method_of_no_queryset():  # queryset of a model that is not resolved
    return BookQuerySet(computed())
def map_of_nothing():  # map without arguments
    return map(str)
def filter_of_nothing():  # filter without arguments
    return filter(None)
def cast_of_one():  # missing argument
    return cast(str)
def length_of_nothing():  # missing argument
    return next()
def by_a_computed_name():  # attribute named at run time
    return getattr(Book, computed())
def by_a_computed_model():  # model got by a computed name
    return apps.get_model(computed())
def by_a_missing_model():  # model got by a computed name
    return apps.get_model("shop.Shelf")
def found_of_no_model():  # get_object_or_404 of an unresolved model
    return get_object_or_404(Even, pk=1)
def found_of_computed():  # get_object_or_404 of an unresolved model
    return get_object_or_404(computed(), pk=1)
def some_of_computed():  # get_list_or_404 of an unresolved model
    return get_list_or_404(computed())
def type_of_computed():  # type of a value
    return type(computed())
def too_many():  # too many elements
    return [LONG]
def deep():  # calls nested too deeply
    return down(0)
def down(depth):
    return down(depth + 1)
def round_and_round():  # recursive call
    return round_and_round()
def defined_by_itself():  # name defined by itself
    return ITSELF[0]
def sum_with_computed():  # result of a package's function
    return computed() + 1
def sum_with_computed_right():  # result of a package's function
    return 1 + computed()
def prefetch_computed():  # prefetch of a path computed at run time
    return Prefetch(computed())
def prefetch_by_computed():  # prefetch with a queryset that is not resolved
    return Prefetch("tags", queryset=computed())
def from_outer():  # name of an enclosing function
    kind = Book
    def inner():
        return kind
    return inner()
def from_inner_class():  # name of an enclosing function
    class Inner:
        kind = Book
    return Inner.kind
def sent():  # sent value
    return [(yield)]
def unpacked_wrongly():  # unpacked value
    first, second = computed()
    return second
def unpacked_rest():  # unpacked value
    first, *rest = computed()
    return rest
def matched_part():  # matched part
    match computed():
        case [first, *rest]:
            return first
        case _:
            raise ValueError
def augmented_unbound():  # unbound name
    if computed():
        total += 1
    return total
def of_a_cache():  # looked up in a cache
    return cache.get("a")
def no_method():  # attribute of a value
    return {"a": 1}.get.shelf
"""

LOADING = """
from elsewhere import computed

def select_computed():  # select_related of names computed at run time
    return Book.objects.select_related(computed())
def prefetch_computed():  # prefetch_related of names computed at run time
    return Book.objects.prefetch_related(computed())
def prefetch_spread():  # prefetch_related of names computed at run time
    return Book.objects.prefetch_related(*computed())
def no_such_method():  # queryset method not found
    return Book.objects.all().shelved()
"""


def project_of(functions: str) -> Project:
    text = (IMPORTS + functions).replace("LONG", ", ".join(map(str, range(201))))
    return linked(
        {
            "shop/__init__.py": "",
            "shop/models.py": MODELS,
            "shop/asked.py": text,
            "settings.py": 'INSTALLED_APPS = ["shop"]\nSECRET_KEY = ""\nDATABASES = {}\n',
        }
    )


def returned(project: Project, name: str) -> tuple[Value, Evaluator]:
    function = symbol(project, f"shop.asked.{name}")
    assert isinstance(function, Function)
    evaluator = Evaluator(project)
    return evaluator.call(Method(function), (), {}, None), evaluator


def causes(value: Value) -> set[str]:
    match value:
        case Unknown(cause=cause):
            return {cause}
        case Many(element=element):
            return causes(element)
        case Items(elements=elements) | Either(options=elements):
            return {cause for element in elements for cause in causes(element)}
        case _:
            return set()


def cases(functions: str) -> list[tuple[str, str]]:
    return re.findall(r"^def (\w+)\(.*\):  # (.*)", functions, re.MULTILINE)


@pytest.fixture(scope="module")
def project() -> Project:
    return project_of(FUNCTIONS)


@pytest.fixture(scope="module")
def loading_project() -> Project:
    return project_of(LOADING)


@pytest.mark.parametrize(("name", "cause"), cases(FUNCTIONS))
def test_a_value_that_is_not_known_says_why(project: Project, name: str, cause: str) -> None:
    assert causes(returned(project, name)[0]) == {cause}


@pytest.mark.parametrize(("name", "cause"), cases(LOADING))
def test_a_queryset_says_what_might_load_more(loading_project: Project, name: str, cause: str) -> None:
    value = returned(loading_project, name)[0]
    assert isinstance(value, QuerySet)
    assert {unknown.cause for unknown in value.loading.unknown} == {cause}


def test_what_no_call_gives_is_what_its_annotation_says() -> None:
    project = project_of(
        """
def asked(book: Book, text: "Book", perhaps: Book | None, basket: Basket, number: int, other):
    return book, text, perhaps, basket, number, other
"""
    )
    value = returned(project, "asked")[0]
    assert isinstance(value, Items)
    book, text, perhaps, basket, number, other = value.elements
    assert isinstance(book, Row)
    assert isinstance(basket, Instance)
    assert (text, perhaps) == (book, book)
    assert (book.model.name, basket.cls.name) == ("Book", "Basket")
    assert (number, other) == (Unknown("parameter", "number"), Unknown("parameter", "other"))


def test_a_body_without_end_is_left_where_it_grows_too_long() -> None:
    project = project_of("def asked():\n" + "    kind = 1\n" * 30_001 + "    return Book.objects.get()\n")
    value, evaluator = returned(project, "asked")
    assert value == Literal(None)
    assert [unknown.cause for unknown in evaluator.unknowns] == ["body too large to follow"]
    assert not evaluator.reads


def test_a_table_that_is_too_large_may_hold_anything() -> None:
    project = project_of(f"def asked():\n    return {{{', '.join(f'{n}: {n}' for n in range(201))}}}\n")
    assert returned(project, "asked")[0] == Mapped((), open=True)


@pytest.mark.parametrize(
    "way",
    [
        "climb(review)",
        "[climb(other) for other in review.replies.all()]",
    ],
)
def test_rows_that_lead_on_to_rows_of_their_kind_are_followed_no_further(way: str) -> None:
    project = project_of(
        f"""
def asked():
    return [{way} for review in Review.objects.all()]

def climb(review):
    return climb(review.parent) if review.parent else review
"""
    )
    _, evaluator = returned(project, "asked")
    assert FOLLOWS_ON in {read.method for read in evaluator.reads}


def test_of_many_querysets_those_that_load_the_same_are_one() -> None:
    ways = "\n".join(
        f"    if computed():\n        books = books.annotate(name_{number}=Count('tags'))" for number in range(6)
    )
    text = f"from elsewhere import computed\n\ndef many():\n    books = Book.objects.all()\n{ways}\n    return books\n"
    value, _ = returned(project_of(text), "many")
    found = [option for option in options(value) if isinstance(option, QuerySet)]
    assert found and len(found) == len(options(value))
    assert frozenset.union(*(one.loading.annotations for one in found)) == {f"name_{number}" for number in range(6)}
