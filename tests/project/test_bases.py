"""What stands among the bases of a class: classes however they are named, and why the others are not known."""

from __future__ import annotations

import pytest

from tests.linked import class_of, linked, symbol

_OTHER = """
class Base:
    kept = 1

class Second: ...

ALIAS = Base
BASES = (Base,)

def make(): ...
"""
_START = "import other\nfrom other import ALIAS, BASES, Base, Second, make\nfrom typing import Generic\n"


@pytest.mark.parametrize(
    ("bases", "known", "causes"),
    [
        ("Base", ["Base"], []),
        ("ALIAS, other.Second", ["Base", "Second"], []),
        ("Base[int]", ["Base"], []),
        ("*BASES", [], ["bases unpacked from a value"]),
        ("make()", [], ["base class computed by a call"]),
        ("BASES", [], ["base class is a value"]),
        ("make", [], ["base class is no class"]),
        ("other", [], ["base class is no class"]),
        ("lost", [], ["name not defined"]),
        ("Base, lost", ["Base"], ["name not defined"]),
    ],
)
def test_bases_are_classes_or_say_why_not(bases: str, known: list[str], causes: list[str]) -> None:
    project = linked({"other.py": _OTHER, "m.py": f"{_START}class Thing({bases}): ...\n"})
    cls = class_of(project, "m.Thing")
    assert [base.name for base in cls.mro if base.module.name == "other"] == known
    assert [getattr(base, "cause", None) for base in cls.unresolved_bases] == causes


@pytest.mark.parametrize(
    "text",
    [
        "from other import Base as Thing\nclass Thing(Thing): ...\n",
        "from other import Base\nThing = Base\nclass Thing(Thing): ...\n",
    ],
)
def test_a_class_may_extend_what_had_its_name_before(text: str) -> None:
    cls = class_of(linked({"other.py": _OTHER, "m.py": text}), "m.Thing")
    assert cls.find("kept") is not None


@pytest.mark.parametrize(
    ("listed", "there"),
    [
        ('__all__ = ["Base"]', True),
        ('__all__ = ["Second"]', False),
        ("__all__ = names()", True),
        ("__all__: list[str]", True),
        ("from lists import __all__", True),
        ("", True),
    ],
)
def test_a_star_import_brings_what_all_lists_or_may_list(listed: str, there: bool) -> None:
    project = linked({"other.py": f"{_OTHER}\n{listed}\n", "m.py": "from other import *\nThing = Base\n"})
    found = project.dotted_symbol("m.Base")
    assert (found is symbol(project, "other.Base")) is there
