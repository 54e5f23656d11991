"""Calls wherever they stand, with the scope that their names belong to."""

from __future__ import annotations

from djlint_spec.project.calls import calls_mentioning
from tests.linked import linked

_TEXT = """
    @deco(mark=1)
    class A(base(mark=2)):
        x = f(mark=3)

        @deco(mark=4)
        def m(self):
            g(mark=5)

            class Inner:
                y = f(mark=6)

                def n(self):
                    f(mark=7)

            def h():
                return [f(mark=8) for _ in x]

    if x:
        try:
            with a(mark=9):
                def k(): f(mark=10)
        except E:
            def k(): f(mark=11)
        finally:
            def l(): f(mark=12)
    else:
        def k(): f(mark=13)

    def quiet():
        f(other=14)

    x = f(lambda: f(mark=15))
"""


def test_every_call_is_found_once_with_what_stands_around_it() -> None:
    found = {}
    for site in calls_mentioning(linked({"m.py": _TEXT}), "mark"):
        keyword = site.keyword("mark")
        if keyword is not None:
            number = site.module.text(keyword.value)
            assert number not in found
            function = site.function.qualname if site.function is not None else ""
            found[int(number)] = (function, site.owner.qualname if site.owner is not None else "")
    assert found == {
        1: ("", ""), 2: ("", ""), 3: ("", "A"), 4: ("", "A"), 5: ("A.m", "A"), 6: ("A.m", "A.m.Inner"),
        7: ("A.m.Inner.n", "A.m.Inner"), 8: ("A.m.h", ""), 9: ("", ""), 10: ("k", ""), 11: ("k", ""), 12: ("l", ""),
        13: ("k", ""), 15: ("", ""),
    }  # fmt: skip
