"""How much code a function runs by the names that it calls: methods of self and of objects made there, no guards."""

from __future__ import annotations

import pytest

from djlint_spec.flow.sizes import Sizes
from tests.linked import linked

_MODULE = """
from tools import lock


class Cart:
    def __init__(self):
        self.rows = make(make(make(0)))

    def fill(self):
        self.check()
        return make(make(make(0)))

    def check(self):
        return make(make(make("save(")))


def make(value):
    return value


def loud():
    return make(make(make("save(")))


@lock
def locked():
    return make(make(make("save(")))


def lazy():
    yield make(make(make("save(")))


def root():
    """


def exceeds(body: str, most: int) -> bool:
    """Whether a function of that body has more calls than `most`, where `save(` tells."""
    project = linked({"shop/tasks.py": f'{_MODULE}"save("\n    {body}\n'})
    module = project.module_at("shop/tasks.py")
    assert module is not None
    root = next(function for function in project.functions_in(module) if function.name == "root")
    return Sizes(project, ("save(",)).exceeds(root, most)


@pytest.mark.parametrize(
    ("body", "calls"),
    [
        ("make(make(0))", 2),
        ("loud()", 4),  # its own call, and the three in what it calls
        ("loud(), loud()", 5),  # what is called twice is walked once
        ("cart = Cart(); cart.fill()", 5),  # `fill` tells nothing itself and is passed through to `check`
        ("locked(), lazy()", 2),
        ("cart = unknown(); cart.fill()", 2),
        ("root()", 1),
    ],
)
def test_the_calls_of_what_tells_are_counted(body: str, calls: int) -> None:
    assert exceeds(body, calls - 1)
    assert not exceeds(body, calls)


def test_calls_that_lie_too_deep_are_not_reached() -> None:
    chain = "\n\n".join(f"def f{n}():\n    make('save(')\n    return f{n + 1}()" for n in range(9))
    project = linked({"shop/tasks.py": f"{chain}\n"})
    module = project.module_at("shop/tasks.py")
    assert module is not None
    first = next(iter(project.functions_in(module)))
    sizes = Sizes(project, ("save(",))
    assert sizes.exceeds(first, 9)
    assert not sizes.exceeds(first, 10)
