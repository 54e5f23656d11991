"""Widths of text on a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from djlint_spec.reporters.cells import cells, cut, cut_around, printable


@pytest.mark.parametrize(
    ("text", "width"),
    [("abc", 3), ("日本", 4), ("ａ", 2), ("é", 1), ("e\u0301", 1), ("a\u200bb", 2), ("😀", 2), ("", 0)],
)
def test_a_character_is_as_wide_as_terminals_draw_it(text: str, width: int) -> None:
    assert cells(text) == width


def test_tabs_become_spaces_and_what_a_terminal_would_act_on_is_taken_out() -> None:
    assert (
        printable("\ta\x1b[31m\r\x07b") == "    a\N{REPLACEMENT CHARACTER}[31m" + 2 * "\N{REPLACEMENT CHARACTER}" + "b"
    )
    assert printable("a\u2028b\udc80") == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}"
    assert printable("Grüße 日本 😀") == "Grüße 日本 😀"


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [("abcdef", 6, "abcdef"), ("abcdef", 4, "abc…"), ("日本語", 4, "日…"), ("日本語", 5, "日本…")],
)
def test_text_is_cut_to_a_width(text: str, width: int, shown: str) -> None:
    assert cut(text, width) == shown


class TestCutAround:
    def test_a_line_that_fits_stays(self) -> None:
        assert cut_around("x = 日本", 4, 6, 20) == ("x = 日本", 4, 8)

    def test_a_long_end_is_cut_off(self) -> None:
        assert cut_around("call(" + "a" * 50, 0, 4, 20) == ("call(" + "a" * 14 + "…", 0, 4)

    def test_a_stretch_far_to_the_right_is_shown(self) -> None:
        shown, left, right = cut_around("a" * 50 + "HERE" + "b" * 50, 50, 54, 20)
        assert shown[left:right] == "HERE"
        assert shown.startswith("…")
        assert shown.endswith("…")

    def test_a_stretch_wider_than_the_line_is_shown_from_its_start(self) -> None:
        shown, left, right = cut_around("x = " + "a" * 50, 4, 54, 20)
        assert (shown[left], cells(shown), right) == ("a", 20, 20)

    @given(st.text(), st.integers(0, 60), st.integers(0, 60), st.integers(4, 40))
    def test_it_is_never_wider_and_the_stretch_lies_within(self, text: str, start: int, end: int, width: int) -> None:
        shown, left, right = cut_around(printable(text), start, end, width)
        assert cells(shown) <= width
        assert 0 <= left <= right <= width
