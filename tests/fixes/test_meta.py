"""Entries are added to the lists of a model's `Meta`, which is made where there is none."""

from __future__ import annotations

import ast

import pytest

from djlint_spec.diagnostics import AddMetaEntry
from tests.fixes.lowering import at, fixed, refused

ENTRY = "models.Index(fields=[x])"
MADE = f"    class Meta:\n        indexes = [{ENTRY}]\n"
METHOD = "    def __str__(self):\n        return self.a\n"


def added(text: str, name: str = "indexes", entry: str = ENTRY) -> str:
    """The text of a module after an entry is added to the `Meta` of `Row`."""
    result = fixed(text, AddMetaEntry(at(text, "Row"), name, entry))
    ast.parse(result)
    return result


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("    a = Field()\n", f"    a = Field()\n\n{MADE}"),
        ("    a = Field()", f"    a = Field()\n\n{MADE[:-1]}"),
        (f"    a = Field()\n\n{METHOD}", f"    a = Field()\n\n{MADE}\n{METHOD}"),
        (f"    a = Field()\n{METHOD}", f"    a = Field()\n\n{MADE}\n{METHOD}"),
        (f"    a = Field()\n    # b = Field()\n\n{METHOD}", f"    a = Field()\n    # b = Field()\n\n{MADE}\n{METHOD}"),
        (f"    a = Field()\n    # says\n{METHOD}", f"    a = Field()\n\n{MADE}\n    # says\n{METHOD}"),
        ("    a = Field()\n    # b = Field()", f"    a = Field()\n    # b = Field()\n\n{MADE[:-1]}"),
        (METHOD, f"{MADE}\n{METHOD}"),
        ("    pass\n", MADE),
        ('    """Doc."""\n', f'    """Doc."""\n\n{MADE}'),
    ],
)
def test_meta_is_made_behind_the_fields(body: str, expected: str) -> None:
    assert added(f"class Row(models.Model):\n{body}") == f"class Row(models.Model):\n{expected}"


def test_meta_is_made_in_tabs_and_with_the_line_ends_of_the_file() -> None:
    text = "class Row(models.Model):\r\n\ta = Field()\r\n"
    assert added(text) == f"{text}\r\n\tclass Meta:\r\n\t\tindexes = [{ENTRY}]\r\n"


def test_a_long_entry_is_laid_out() -> None:
    entry = 'models.UniqueConstraint(fields=["author", "title"], name="one_title_of_each_author")'
    assert added("class Row(models.Model):\n    a = Field()\n", "constraints", entry) == (
        "class Row(models.Model):\n    a = Field()\n\n    class Meta:\n        constraints = [\n"
        '            models.UniqueConstraint(\n                fields=["author", "title"], '
        'name="one_title_of_each_author"\n            )\n        ]\n'
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("indexes = []", f"indexes = [{ENTRY}]"),
        ("indexes = ()", f"indexes = ({ENTRY},)"),
        ("indexes = [a]  # why", f"indexes = [a, {ENTRY}]  # why"),
        ("indexes = [*Base.Meta.indexes]", f"indexes = [*Base.Meta.indexes, {ENTRY}]"),
        (
            "indexes = [\n            a,  # why\n        ]",
            f"indexes = [\n            a,  # why\n            {ENTRY},\n        ]",
        ),
        ("ordering = [b]", f"ordering = [b]\n        indexes = [{ENTRY}]"),
        ("pass", f"indexes = [{ENTRY}]"),
    ],
)
def test_an_entry_is_added_to_the_meta_that_stands_there(body: str, expected: str) -> None:
    text = f"class Row(Base):\n    a = Field()\n\n    class Meta:\n        {body}\n\n{METHOD}"
    assert added(text) == text.replace(body, expected)


@pytest.mark.parametrize(
    "before",
    [
        "class Base(models.Model):\n    pass\n\n\n",
        "class Base:\n    x = 1\n\n\n",
    ],
)
def test_bases_of_the_file_that_hold_no_meta_hand_none_down(before: str) -> None:
    text = f"{before}class Row(Base, Model):\n    a = Field()\n"
    assert added(text) == f"{text}\n{MADE}"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("class Row(Base):\n    a = 1\n", "may inherit a `Meta`"),
        ("class Row(base()):\n    a = 1\n", "may inherit a `Meta`"),
        ("class Base(Row):\n    a = 1\n\nclass Row(Base):\n    a = 1\n", "may inherit a `Meta`"),
        ("class B:\n    class Meta:\n        c = 1\n\nclass Row(B):\n    a = 1\n", "may inherit a `Meta`"),
        ("class Model:\n    Meta = B\n\nclass Row(Model):\n    a = 1\n", "may inherit a `Meta`"),
        ("class Row(Model):\n    Meta = Base.Meta\n", "no class in the model's own body"),
        ("class Row(B):\n    class Meta(B.Meta):\n        c = 1\n", "may inherit `indexes`"),
        ("class Row(B):\n    class Meta:\n        indexes = B.Meta.indexes + [a]\n", "no list that an entry"),
        ("class Row(B):\n    class Meta:\n        indexes: list\n", "no list that an entry"),
        ("class Row(B):\n    class Meta:\n        indexes = [a]\n        indexes += [b]\n", "plain assignment"),
        (f"class Row(B):\n    class Meta:\n        indexes = [{ENTRY}]\n", "holds the entry already"),
        ("class Row(Model): pass\n", "on one line"),
        ("class Row(B):\n    class Meta: pass\n", "on one line"),
        ("Row = 1\n", "no class stands"),
    ],
)
def test_a_model_that_leaves_no_place_is_told(text: str, why: str) -> None:
    place = at(text, "Row", occurrence=1 if text.startswith("class Base(Row)") else 0)
    assert why in refused(text, AddMetaEntry(place, "indexes", ENTRY))
