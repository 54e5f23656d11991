"""A call that one evaluator takes over from another is what it would have come to by itself."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

import pytest

from djlint_spec.facts import tree as t
from djlint_spec.inference.evaluate import Evaluator
from djlint_spec.inference.frames import Frame
from djlint_spec.inference.memory import SharedCalls
from djlint_spec.inference.reads import Read
from djlint_spec.inference.values import Method, Value
from djlint_spec.project import Function, Unknown
from tests.inference.bookshop import IMPORTS, MODELS
from tests.inference.functions import READS, VALUES
from tests.linked import linked, symbol

_MORE = """
def lifted(book): return book.author.country
def each_lifted(): return [lifted(book) for book in Book.objects.all()]
def each_set():
    found = []
    for book in Book.objects.all():
        book.author = None
        found.append(lifted(book))
    return found
def each_noted():
    for book in Book.objects.all():
        book.shelf = 1
        shelved(book)
def shelved(book): return book.shelf, book.author
def each_shelved():
    for book in Book.objects.all():
        shelved(book)
def there(number): return back(number) or Book.objects.all()
def back(number): return there(number) or Tag.objects.all()
def from_there(): return there(1)
def from_back(): return back(1)
def depth_0(): return Book.objects.unheard_of()
""" + "".join(f"def depth_{n}(): return depth_{n - 1}()\n" for n in range(1, 24))

_TEXT = IMPORTS + READS + VALUES + _MORE
_NAMES = re.findall(r"^def (\w+)\(\)", _TEXT, re.MULTILINE)
_CALLERS = "".join(f"def call_{name}(): return {name}()\n" for name in _NAMES)
_PROJECT = linked({"shop/__init__.py": "", "shop/models.py": MODELS, "shop/asked.py": _TEXT + _CALLERS})


def _evaluated(name: str, shared: SharedCalls | None) -> tuple[Value, list[Read], list[Unknown], int]:
    """All that evaluating a function of the module comes to."""
    function = symbol(_PROJECT, f"shop.asked.{name}")
    assert isinstance(function, Function)
    ev = Evaluator(_PROJECT, shared=shared)
    value = ev.call(Method(function), [], {}, None)
    return value, list(ev.reads), ev.unknowns, ev.steps


for _name in _NAMES:  # what a module's name holds is worked out for all evaluators, by the first
    _evaluated(_name, None)
_ALONE = {name: _evaluated(f"call_{name}", None) for name in _NAMES}


@pytest.mark.parametrize("seed", range(4))
def test_what_is_shared_is_what_each_comes_to_alone(seed: int) -> None:
    shared = SharedCalls()
    for name in random.Random(seed).sample(_NAMES, len(_NAMES)):
        for caller in (f"call_{name}", name, f"call_{name}"):
            found = _evaluated(caller, shared)
            if caller != name:
                assert found == _ALONE[name], name


class _Entering(Evaluator):
    """Counts the bodies that it runs."""

    entered = 0

    def block(self, body: Sequence[t.Stmt], frame: Frame) -> bool:
        self.entered += 1
        return super().block(body, frame)


def test_a_call_that_is_taken_over_is_not_run() -> None:
    shared = SharedCalls()
    value = _evaluated("call_each_lifted", shared)[0]
    function = symbol(_PROJECT, "shop.asked.call_each_lifted")
    assert isinstance(function, Function)
    ev = _Entering(_PROJECT, shared=shared)
    assert ev.call(Method(function), [], {}, None) == value
    assert ev.entered == 1
