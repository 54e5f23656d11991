"""Classes and functions where they are defined: names, members, what a nested class and `super()` come to."""

from __future__ import annotations

import pytest

from djlint_spec.project import Function
from djlint_spec.project.tracking import Memo, Tracking, derived
from tests.linked import class_of, linked, symbol

_TEXT = """
    import enum
    from nowhere import Gone

    class Base:
        x = 1
        def m(self): return 1
        class Meta: pass

    class Other: y = 2

    class Child(Base, Other):
        Meta = Base.Meta
        y: int
        def m(self):
            def inner():
                class Local: pass
            return super().m()

        @property
        @Gone.wrap(1)
        def p(self): pass

    class Lost(Gone):
        Meta = 3
        class Inner(enum.Enum): pass

    class Odd(Base):
        def Meta(self): pass
"""


def test_members_are_those_that_python_finds_first() -> None:
    project = linked({"m.py": _TEXT})
    child, base = class_of(project, "m.Child"), class_of(project, "m.Base")
    found = child.find("m")
    assert found is not None and found.owner is child and found.value is None
    assert [member.owner.name for member in child.find_all("m")] == ["Child", "Base"]
    after = child.after(child, "m")
    assert after is not None and after.owner is base
    assert child.after(class_of(project, "m.Other"), "x") is None and child.find("absent") is None
    assert child.nested("Meta") is base.nested("Meta") is not None
    assert child.nested("absent") is None and class_of(project, "m.Lost").nested("Meta") is None
    assert class_of(project, "m.Odd").nested("Meta") is None
    assert child.method("x") is None


def test_names_and_decorators_are_told() -> None:
    project = linked({"m.py": _TEXT})
    method = class_of(project, "m.Child").method("m")
    decorated = class_of(project, "m.Child").method("p")
    assert isinstance(method, Function) and decorated is not None
    assert method.dotted == "m.Child.m" and repr(method) == "Function('m.Child.m')"
    assert [name for name, _ in decorated.decorator_names()] == ["builtins.property", "nowhere.Gone.wrap"]
    inner = project.lookup("inner", method.scope)
    assert isinstance(inner, Function) and inner.qualname == "Child.m.inner"
    local = project.lookup("Local", inner.scope)
    assert repr(local) == "Class('m.Child.m.inner.Local')"
    assert method.name_span.column == 9 and method.mentions("super") and not method.mentions("absent")


def test_what_a_class_derives_from_is_known_unless_a_base_is_not() -> None:
    project = linked({"m.py": _TEXT})
    lost, inner = class_of(project, "m.Lost"), class_of(project, "m.Lost.Inner")
    assert lost.derives_from("nowhere.Gone") is True and lost.derives_from("x.Y") is None
    assert lost.derives_from_any("x.Y", "nowhere.Gone") is True and lost.derives_from_any("x.Y") is None
    assert inner.derives_from("enum.Enum") is True and inner.derives_from("x.Y") is False
    assert class_of(project, "m.Child").derives_from_any("x.Y", "m.Base") is True
    assert str(symbol(project, "m.Lost.Inner.absent")).startswith("Unknown")


class _Thing:
    def __init__(self) -> None:
        self.memo: Memo = {}
        self.tracking = Tracking(active=True)
        self.asked = 0

    @derived(lambda: "cycle")
    def twice(self, name: str) -> str:
        self.asked += 1
        self.tracking.touch(name)
        if name == "bad":
            raise ValueError(name)
        return self.twice("loop") if name == "loop" else name * 2


def test_a_derivation_is_made_once_and_its_grounds_are_told_each_time() -> None:
    thing = _Thing()
    for _ in range(2):
        with thing.tracking.record() as grounds:
            assert thing.twice("a") == "aa"
        assert thing.tracking.keys_of(grounds) == {"a"}
    assert thing.asked == 1
    assert thing.twice("loop") == "cycle"
    with pytest.raises(ValueError, match="bad"):
        thing.twice("bad")
    with pytest.raises(ValueError, match="bad"):
        thing.twice("bad")  # what failed is not kept
    assert thing.asked == 4
