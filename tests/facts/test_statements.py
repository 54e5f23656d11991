"""Which rows a statement's line goes over, and where a comment can stand on them."""

from __future__ import annotations

from textwrap import dedent

import pytest

from djlint_spec.facts.statements import logical_lines

TEXT = dedent(
    '''\
    import os


    class Order(
        Base,
        metaclass=Meta,
    ):
        """A text
        of two rows."""

        total = call(
            1,  # one

            2,
        )
        path = "a" \\
            "b"

    if a: pass; b = 2
    '''
)


@pytest.mark.parametrize(
    ("row", "bounds"),
    [
        (1, (1, 1)),
        (2, (2, 2)),
        (4, (4, 7)),
        (6, (4, 7)),
        (8, (8, 9)),
        (12, (11, 15)),
        (17, (16, 17)),
        (19, (19, 19)),
        (99, (99, 99)),
    ],
)
def test_a_row_lies_in_its_statement_or_header(row: int, bounds: tuple[int, int]) -> None:
    assert logical_lines(TEXT).bounds(row) == bounds


@pytest.mark.parametrize(("row", "comment_row"), [(1, 1), (5, 5), (8, 9), (12, 12), (16, 17), (99, 99)])
def test_a_comment_stands_behind_strings_and_backslashes(row: int, comment_row: int) -> None:
    assert logical_lines(TEXT).comment_row(row) == comment_row


def test_an_f_string_of_several_rows_is_a_string() -> None:
    lines = logical_lines('x = f"""\n{a}\n"""\n')
    assert lines.comment_row(1) == 3
    assert lines.bounds(2) == (1, 3)


@pytest.mark.parametrize("text", ["", "x = (\n", "x = '''\n", "  x\n y\n", "x = $\n", "\f\nx = 1\n"])
def test_text_that_is_no_whole_program_does_no_harm(text: str) -> None:
    assert logical_lines(text).bounds(1)[0] == 1


def test_rows_are_counted_over_every_kind_of_line_end() -> None:
    assert logical_lines("x = (\r\n1,\r\n)\r\ny = 1\r\n").bounds(2) == (1, 3)
