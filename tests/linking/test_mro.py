"""The order of bases, beside Python's own."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.linked import class_of, linked

_SIZE = 7


@st.composite
def hierarchies(draw: st.DrawFn) -> list[list[int]]:
    """For each class the numbers of its bases, all defined before it."""
    return [
        draw(st.lists(st.integers(0, number - 1), unique=True, max_size=3)) if number else []
        for number in range(draw(st.integers(1, _SIZE)))
    ]


def _text(hierarchy: list[list[int]]) -> list[str]:
    return [f"class C{n}({', '.join(f'C{base}' for base in bases)}): pass" for n, bases in enumerate(hierarchy)]


@given(hierarchies())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_the_order_is_that_of_python_where_python_has_one(hierarchy: list[list[int]]) -> None:
    lines = _text(hierarchy)
    project = linked({"m.py": "\n".join(lines)})
    defined: dict[str, Any] = {}
    for number, line in enumerate(lines):
        found = [cls.name for cls in class_of(project, f"m.C{number}").mro]
        try:
            exec(line, defined)  # text made above
        except (TypeError, NameError):
            # No consistent order, here or in a base: every class is still there, once, its own first.
            assert found[0] == f"C{number}" and len(set(found)) == len(found)
            continue
        assert found == [cls.__name__ for cls in defined[f"C{number}"].__mro__ if cls is not object]


def test_without_a_consistent_order_members_are_found_depth_first() -> None:
    project = linked({"m.py": "class A: x = 1\nclass B(A): y = 2\nclass C(A, B): pass"})
    cls = class_of(project, "m.C")
    assert [c.name for c in cls.mro] == ["C", "A", "B"]
    assert cls.find("y") is not None


def test_a_class_that_extends_itself_through_others_has_an_end() -> None:
    project = linked({"a.py": "from b import B\nclass A(B): pass", "b.py": "from a import A\nclass B(A): pass"})
    assert class_of(project, "a.A").mro[0].name == "A"
    assert class_of(project, "b.B").mro[0].name == "B"


def test_generic_bases_and_factories_count_as_what_they_bring() -> None:
    project = linked(
        {
            "m.py": """
                from typing import Generic, TypeVar
                from django.db import models
                T = TypeVar("T")
                class Q(models.QuerySet): pass
                class G(Generic[T]): pass
                class H(G[int]): pass
                class M(models.Manager.from_queryset(Q)): pass
                Made = models.Manager.from_queryset(Q)
                class N(Made): pass
                Typed = G[str]
                class O(Typed): pass
                class P(*[G]): pass
                class R(make()): pass
                class S(H if x else G): pass
            """
        }
    )
    assert [c.name for c in class_of(project, "m.H").mro] == ["H", "G"]
    assert class_of(project, "m.H").unresolved_bases == ()
    for name in ("m.M", "m.N"):
        cls = class_of(project, name)
        assert cls.derives_from("django.db.models.Manager") is True, name
        assert any(base.name == "Q" for base in cls.mro), name
    assert [c.name for c in class_of(project, "m.O").mro] == ["O", "G"]
    for name in ("m.P", "m.R", "m.S"):
        assert class_of(project, name).unresolved_bases, name
        assert class_of(project, name).derives_from("x.Y") is None
