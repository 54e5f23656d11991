"""Texts are added to a list that a class holds, keywords are set."""

from __future__ import annotations

import pytest

from djlint_spec.diagnostics import ExtendAttribute, SetKeyword
from tests.fixes.lowering import at, fixed, refused


def test_docstrings_do_not_tell_the_quotes_of_a_file() -> None:
    text = "class A:\n" + 8 * '    """Doc."""\n' + "    x = ['a']\n"
    assert fixed(text, ExtendAttribute(at(text, "A"), "y", ("b",))) == f"{text}    y = ('b',)\n"


def extended(body: str, *texts: str) -> str:
    """The body of an admin class with `list_select_related` extended."""
    text = f"class A(ModelAdmin):\n{body}"
    made = fixed(text, ExtendAttribute(at(text, "A"), "list_select_related", texts))
    return made.removeprefix("class A(ModelAdmin):\n")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('    list_select_related = ("a",)\n', '    list_select_related = ("a", "b__c")\n'),
        ('    list_select_related = ["a"]\n', '    list_select_related = ["a", "b__c"]\n'),
        ('    list_select_related = ["a", "b"]\n', '    list_select_related = ["a", "b__c"]\n'),
        ("    list_select_related = []\n", '    list_select_related = ["b__c"]\n'),
        ("    list_select_related = ()\n", '    list_select_related = ("b__c",)\n'),
        ('    list_select_related: tuple = ("a",)\n', '    list_select_related: tuple = ("a", "b__c")\n'),
        (
            '    list_select_related = [\n        "a",  # why\n    ]\n',
            '    list_select_related = [\n        "a",  # why\n        "b__c",\n    ]\n',
        ),
        (
            '    list_select_related = (\n        "a",\n    )\n',
            '    list_select_related = (\n        "a",\n        "b__c",\n    )\n',
        ),
        ("    x = 1\n", '    x = 1\n    list_select_related = ("b__c",)\n'),
        (
            "    x = 1\n\n    def f(self):\n        return 1\n\n    f.label = 2\n",
            '    x = 1\n    list_select_related = ("b__c",)\n\n    def f(self):\n        return 1\n\n    f.label = 2\n',
        ),
        ("    x = 1", '    x = 1\n    list_select_related = ("b__c",)'),
        ("    pass\n", '    list_select_related = ("b__c",)\n'),
        ('    """Doc."""\n', '    """Doc."""\n\n    list_select_related = ("b__c",)\n'),
        (
            "    def f(self):\n        return 1\n",
            '    list_select_related = ("b__c",)\n\n    def f(self):\n        return 1\n',
        ),
    ],
)
def test_a_text_is_added_to_the_list_of_a_class(body: str, expected: str) -> None:
    assert extended(body, "b__c") == expected


def test_several_texts_are_added() -> None:
    assert extended("    x = 1\n", "a", "b") == '    x = 1\n    list_select_related = ("a", "b")\n'
    assert extended('    list_select_related = "a", "c"\n', "a", "b") == '    list_select_related = "a", "c", "b"\n'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("class A(B):\n    list_select_related = True\n", "no list that texts can be added to"),
        ("class A(B): pass\n", "on one line"),
        ("A = 1\n", "no class stands"),
        ('class A(B):\n    list_select_related = ["b__c__d"]\n', "nothing to change"),
    ],
)
def test_a_class_that_leaves_no_place_is_told(text: str, why: str) -> None:
    assert why in refused(text, ExtendAttribute(at(text, "A"), "list_select_related", ("b__c",)))


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("shared_task", "shared_task(acks_late=True)"),
        ("celery.task", "celery.task(acks_late=True)"),
        ("shared_task()", "shared_task(acks_late=True)"),
        ("shared_task(bind=True)", "shared_task(bind=True, acks_late=True)"),
        ("shared_task(acks_late=False, bind=True)", "shared_task(acks_late=True, bind=True)"),
        ("shared_task(\n    bind=True,\n)", "shared_task(\n    bind=True,\n    acks_late=True,\n)"),
    ],
)
def test_a_keyword_is_set(call: str, expected: str) -> None:
    text = f"@{call}\ndef work():\n    pass\n"
    assert fixed(text, SetKeyword(at(text, call), "acks_late", "True")) == f"@{expected}\ndef work():\n    pass\n"
