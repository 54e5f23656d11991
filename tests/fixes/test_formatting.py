"""What counts as news of Black: what it would change in a statement, or between two, that it left alone before."""

from __future__ import annotations

import black
import pytest

from tests.fixes.formatting import news_of_black

VIEW = "class V:\n    rows = 1\n\n    def last(self):\n        return 1\n"
LAID_OUT = "rows = one.two()\nif rows:\n    pass\nelse:\n    last(rows)\n"
LOOSE = "rows = one.two(\n    3\n)\nlast = one.two()\n"


def news(before: str, after: str) -> list[str]:
    return list(news_of_black(before, after, black.Mode()))


def test_an_empty_line_too_many_is_news_of_what_follows_it() -> None:
    twice = VIEW.replace("    def last", "\n    def get(self):\n        return 0\n\n    def last")
    assert news(VIEW, twice) == ["def get(self):"]


def test_too_few_empty_lines_before_a_statement_that_stays_are_news() -> None:
    text = "import os\n\n\nclass V:\n    pass\n"
    assert news(text, text.replace("import os\n\n\n", "import os\nimport sys\n")) == ["class V:"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("one.two()", "one.two( )", "rows = one.two( )"),
        ("if rows:", "if  rows:", "if  rows:"),
        ("last(rows)", "last((rows) )", "last((rows) )"),
        ("else:", "else :", "last(rows)"),
        ("else:", "else:  # or\n    # not", ""),
    ],
)
def test_what_black_would_change_is_told_by_its_statement(old: str, new: str, told: str) -> None:
    assert [line.strip() for line in news(LAID_OUT, LAID_OUT.replace(old, new))] == ([told] if told else [])


def test_all_of_a_statement_is_black_s_to_lay_out_if_any_of_it_was() -> None:
    assert not news(LOOSE, LOOSE.replace("\n)\n", "\n).three(4).four( 5 )\n"))


def test_what_black_says_of_one_statement_is_no_excuse_for_the_next() -> None:
    assert news(LOOSE, LOOSE.replace("last = one.two()", "last = one.two( )")) == ["last = one.two( )"]


def test_the_lines_that_were_written_are_told_of_a_statement_of_several() -> None:
    text = "rows = one(\n    2,\n)\n"
    assert news(text, text.replace("    2,\n", "    2,\n    3\n")) == ["    3\n"]
    assert news(text, text.replace("    2,\n", "")) == ["rows = one(\n"]


def test_statements_of_every_kind_are_told_apart() -> None:
    text = (
        "@one(lambda: 2)\nclass V:\n    rows: int = 1\n\n    async def last(self, *, a: int = 2):\n"
        "        while (b := lambda: 3) or {1: 2}:\n            match b:\n                case 1:\n"
        "                    pass\n                case _:\n                    a = 5\n        try:\n"
        "            pass\n        except ValueError:\n            a = 3\n        finally:\n            b = 4\n"
    )
    assert news(text, text) == []
    for place in ("a = 5", "a = 3", "b = 4", "rows: int = 1"):
        assert news(text, text.replace(place, f"{place} ;")) != [], place


def test_strings_are_left_in_the_quotes_of_the_file() -> None:
    text = "one = 'a'\ntwo = 'b'\nthree = 'c'\n"
    assert news(text, text.replace("'c'", "'d'")) == []
