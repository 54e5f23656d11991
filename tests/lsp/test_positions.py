"""Rows and columns of ours against lines and units of a client's, in each encoding."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types as lsp

from djlint_spec.diagnostics import Edit, Span
from djlint_spec.lsp.positions import UNITS, Lines, covers
from tests.lsp.editor import editor
from tests.lsp.shop import SERIALIZERS, VIEWS, write_shop

TEXT = "x = 1\n𐐀é = 'ü'  # ends\r\nlast"
ENCODINGS = sorted(UNITS)


@pytest.mark.parametrize(("encoding", "character"), [("utf-8", 12), ("utf-16", 8), ("utf-32", 7)])
def test_each_encoding_counts_in_its_own_way(encoding: str, character: int) -> None:
    lines = Lines(TEXT, encoding)
    assert lines.position(2, 8) == lsp.Position(1, character)
    assert lines.place(lsp.Position(1, character)) == (2, 8)


@given(st.text(), st.integers(1, 5), st.integers(1, 30), st.sampled_from(ENCODINGS))
def test_there_and_back(text: str, row: int, column: int, encoding: str) -> None:
    lines = Lines(text, encoding)
    there = lines.position(row, column)
    length = len(lines._line(row))
    assert lines.place(there) == (row, min(column, length + 1))


def test_a_place_beyond_its_line_is_the_end_of_the_line() -> None:
    assert Lines(TEXT).place(lsp.Position(0, 99)) == (1, 6)
    assert Lines(TEXT).place(lsp.Position(1, 99)) == (2, 17)
    assert Lines(TEXT).place(lsp.Position(9, 9)) == (10, 1)


@given(st.text("ab\n\r", max_size=20), st.text("ab\n\r", max_size=20))
def test_the_edits_make_the_other_text(old: str, new: str) -> None:
    lines = Lines(old)
    text = old
    for edit in reversed(lines.edits_to(new)):
        starts = [lines._starts[place.line] + place.character for place in (edit.range.start, edit.range.end)]
        text = text[: starts[0]] + edit.new_text + text[starts[1] :]
    assert text == new


def test_an_edit_and_a_span_as_the_client_counts() -> None:
    span = Span("a.py", 2, 7, 2, 8)
    assert Lines(TEXT).edit(Edit(span, "x")) == lsp.TextEdit(lsp.Range(lsp.Position(1, 7), lsp.Position(1, 8)), "x")
    assert covers(span, 2, 7) and covers(span, 2, 8) and not covers(span, 2, 6)


@pytest.mark.parametrize(("wanted", "character"), [("utf-8", 27), ("utf-16", 25), ("utf-32", 24), ("utf-7", 25)])
def test_the_encoding_is_settled_with_the_client(tmp_path: Path, wanted: str, character: int) -> None:
    shop = write_shop(tmp_path)
    text = VIEWS.replace("    queryset = Order", "    a = '𐐀'; queryset = Order")
    with editor() as client:
        capabilities = client.start(tmp_path, {"general": {"positionEncodings": [wanted]}})
        assert capabilities["positionEncoding"] == ("utf-16" if wanted == "utf-7" else wanted)
        client.open(shop.views, text)
        (found,) = client.diagnostics(shop.views)
        assert found["range"]["start"]["character"] == character


def test_the_other_file_is_named_as_related(tmp_path: Path) -> None:
    shop = write_shop(tmp_path)
    with editor() as client:
        client.start(tmp_path)
        client.open(shop.views)
        (found,) = client.diagnostics(shop.views)
        related = found["relatedInformation"][0]
        assert related["location"]["uri"] == shop.serializers.as_uri()
        row = SERIALIZERS.splitlines().index('    customer_name = serializers.CharField(source="customer.name")')
        assert related["location"]["range"]["start"]["line"] == row
