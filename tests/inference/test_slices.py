"""The part of a body that tells what it gives to an attribute of the request gives the same as the whole."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

import pytest

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import walk
from djlint_spec.inference.evaluate import Evaluator
from djlint_spec.inference.slices import leading_to
from djlint_spec.inference.values import Method, Request
from djlint_spec.project import Function
from tests.inference.bookshop import IMPORTS, MODELS
from tests.linked import linked, symbol


def _function(body: str) -> Function:
    text = IMPORTS + "def asked(request):\n" + textwrap.indent(textwrap.dedent(body).strip(), "    ") + "\n"
    project = linked({"shop/__init__.py": "", "shop/models.py": MODELS, "shop/asked.py": text})
    function = symbol(project, "shop.asked.asked")
    assert isinstance(function, Function)
    return function


def _lines(function: Function, body: Sequence[t.Stmt]) -> Iterator[str]:
    """The first line of each statement, and of each test that is left of it."""
    kept = [node for node in walk(body) if isinstance(node, (t.If, t.Assign, t.AugAssign, t.ExprStmt, t.For, t.Return))]
    for node in sorted(kept, key=lambda node: node.start):
        yield function.module.text(node).partition("\n")[0]


KEPT = {
    "constants, wherever they stand": (
        """
        if heavy(request):
            request.shown = True
        else:
            request.shown = False
        return render(request)
        """,
        ["request.shown = True", "request.shown = False"],
    ),
    "what the value is made of": (
        """
        first = Book.objects.first()
        other = Tag.objects.all()
        log(other)
        request.shown = first.author
        other.delete()
        """,
        ["first = Book.objects.first()", "request.shown = first.author"],
    ),
    "a way that ends before": (
        """
        book = Book.objects.first()
        if book is None:
            return missing()
        request.other = heavy()
        request.shown = book
        return found(book)
        """,
        ["book = Book.objects.first()", "if book is None:", "return missing()", "request.shown = book"],
    ),
    "a test of something else may come out either way": (
        """
        book = Book.objects.first()
        if heavy(7):
            book = Tag.objects.first()
        request.shown = book
        """,
        ["book = Book.objects.first()", "if heavy(7):", "book = Tag.objects.first()", "request.shown = book"],
    ),
    "what grows": (
        """
        found = []
        seen = []
        for book in Book.objects.all():
            found.append(book)
            seen.append(book)
        request.shown = found
        """,
        ["found = []", "for book in Book.objects.all():", "found.append(book)", "request.shown = found"],
    ),
    "attributes of what it is made of": (
        """
        book = Book()
        book.author = Author.objects.first()
        tag = Tag()
        tag.name = ""
        book, tag = book, 1
        request.shown, count = book.author, 1
        """,
        [
            "book = Book()",
            "book.author = Author.objects.first()",
            "tag = Tag()",
            'tag.name = ""',
            "book, tag = book, 1",
            "request.shown, count = book.author, 1",
        ],
    ),
    "a value that is named where it is tested": (
        """
        if book := Book.objects.first():
            log(book)
        while heavy():
            log(1)
        request.shown = book
        """,
        ["if book := Book.objects.first():", "request.shown = book"],
    ),
}


@pytest.mark.parametrize(("body", "lines"), KEPT.values(), ids=KEPT)
def test_what_leads_to_the_value_is_kept(body: str, lines: list[str]) -> None:
    function = _function(body)
    assert list(_lines(function, leading_to("shown", function.body))) == lines


SAME = {
    **{name: body for name, (body, _) in KEPT.items()},
    "try": """
        try:
            book = Book.objects.get(pk=1)
        except Book.DoesNotExist:
            log(request)
            return None
        else:
            other = 1
        finally:
            tag = Tag.objects.first()
        try:
            log(1)
        except ValueError:
            pass
        request.shown = [book, tag]
        """,
    "with": """
        with opened() as one, Book.objects.first() as book:
            request.shown = book
        with opened():
            log(1)
        """,
    "match": """
        match request.method:
            case "GET":
                found = Book.objects.all()
            case other if other:
                found = Tag.objects.all()
            case _:
                return
        match found:
            case 1:
                log(1)
        request.shown = found
        """,
    "loops": """
        number, rows = 0, Book.objects.all()
        for row in rows:
            if row.pk:
                continue
            last = row.author
        else:
            number = 1
        for row in rows:
            log(row)
        while number < 3:
            number += 1
            pass
        request.shown = [last, number]
        """,
    "definitions": """
        def pick():
            return Book.objects.first()
        class Holder:
            pass
        import os
        global seen
        assert request
        gone = 1
        del gone
        holder: Holder = Holder()
        bare: int
        request.shown = [pick(), holder]
        """,
    "assigned by a function of its own": """
        def put():
            request.shown = Book.objects.first()
        put()
        """,
    "added to": """
        request.shown = 1
        request.shown += 2
        request.shown: int = len(Tag.objects.all())
        """,
    "deleted": """
        book = Book.objects.first()
        del book
        request.shown = book
        raise ValueError(book)
        """,
}


@pytest.mark.parametrize("body", SAME.values(), ids=SAME)
def test_the_part_gives_what_the_whole_gives(body: str) -> None:
    function = _function(body)
    method, given = Method(function), {"request": Request()}
    whole, part = Evaluator(function.project), Evaluator(function.project)
    whole.call(method, (), given, None)
    part.run_part(method, given, leading_to("shown", function.body))
    assert part.assigned_to_request.get("shown") == whole.assigned_to_request.get("shown")
