"""Spans: the text between start and end of a node is the node's own source, whatever stands around it."""

from __future__ import annotations

import ast
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings

from djlint_spec.extract import extract, lower_body
from djlint_spec.facts import tree as t
from djlint_spec.facts.lines import line_starts
from djlint_spec.facts.walk import Part, walk
from djlint_spec.source import Source, decode
from tests.extract.texts import changed_texts
from tests.linked import linked_facts


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _check(facts: t.ModuleFacts) -> int:
    starts = line_starts(facts.text)
    queue: list[Part] = list(facts.body)
    count = 0
    while queue:
        node = queue.pop()
        count += 1
        text = facts.text
        match node:
            case t.Name(start=start, end=end, id=name):
                assert _plain(text[start:end]) == name
            case t.Attribute(start=start, end=end, attr=attr):
                assert _plain(text[start:end]).endswith(attr)
            case t.String(start=start, end=end, value=value) if "{" not in text[start:end] and "\x00" not in value:
                if text[start:end][:1] in "'\"" and "\\" not in text[start:end]:
                    assert ast.literal_eval("(" + text[start:end] + "\n)") == value
            case t.FunctionDef(name=name, name_start=at) | t.ClassDef(name=name, name_start=at):
                assert _plain(text[at:]).startswith(name)
                if isinstance(node, t.FunctionDef) and isinstance(node.body, t.Deferred):
                    queue.extend(lower_body(facts, node.body, starts))
                elif isinstance(node, t.FunctionDef) and isinstance(node.body, t.Block):
                    queue.extend(node.body.statements)
            case t.Call(start=start, end=end):
                assert text[end - 1] == ")" and start < end
            case t.Keyword(start=start, end=end, name=str(name)):
                assert _plain(text[start:end]).startswith(name)
            case _:
                pass
        queue.extend(part for part in walk([node], into_definitions=True) if part is not node)
    return count


@given(changed_texts())
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_node_stands_where_it_says(text: str) -> None:
    facts = extract(text)
    if isinstance(facts, t.ModuleFacts):
        _check(facts)


def _span_of(raw: bytes, name: str) -> tuple[int, int, int]:
    """Row, first and end column of the class `name`, as findings tell them."""
    source = decode("m.py", raw)
    assert isinstance(source, Source)
    facts = extract(source.text)
    assert isinstance(facts, t.ModuleFacts)
    cls = next(cls for cls in linked_facts({"m.py": facts}).classes if cls.name == name)
    return cls.name_span.row, cls.name_span.column, cls.name_span.end_column


@pytest.mark.parametrize(
    ("raw", "name", "span"),
    [
        (b"class Thing: pass\n", "Thing", (1, 7, 12)),
        (b"\xef\xbb\xbfclass Thing: pass\n", "Thing", (1, 7, 12)),
        ("x = '漢字🎉'\nif 'é': pass\nclass Thing: pass\n".encode(), "Thing", (3, 7, 12)),
        ("class Größe: pass\n".encode(), "Größe", (1, 7, 12)),
        (b"x = 1\r\nclass Thing: pass\r\n", "Thing", (2, 7, 12)),
        (b"x = 1\rclass Thing: pass\r", "Thing", (2, 7, 12)),
        (b"if x:\n\tclass  Thing : pass\n", "Thing", (2, 9, 14)),
        (b"x = 1\n\x0cclass Thing: pass\n", "Thing", (2, 8, 13)),
        (b"x = '''\x0b\x1c\n'''\nclass Thing: pass\n", "Thing", (3, 7, 12)),
        ("x = 'a\u2028b'\nclass Thing: pass\n".encode(), "Thing", (2, 7, 12)),
        ("# coding: latin-1\nx = 'é'\nclass Thing: pass\n".encode("latin-1"), "Thing", (3, 7, 12)),
        ("# -*- coding: cp1251 -*-\nclass Вещь: pass\n".encode("cp1251"), "Вещь", (2, 7, 11)),
        (b"#!/usr/bin/python\n# vim: set fileencoding=utf-16 :\n" + b"class Thing: pass\n", "", (0, 0, 0)),
        (b"@deco(class_='Thing')\nclass Thing: pass\n", "Thing", (2, 7, 12)),
        (b"class \\\n  Thing: pass\n", "Thing", (2, 3, 8)),
        ("class ﬁeld: pass\n".encode(), "field", (1, 7, 11)),
    ],
)
def test_rows_and_columns_count_lines_and_characters(raw: bytes, name: str, span: tuple[int, int, int]) -> None:
    if name:
        assert _span_of(raw, name) == span
    else:
        assert not isinstance(decode("m.py", raw), Source)


def test_a_span_on_a_line_of_wide_characters_counts_characters() -> None:
    facts = extract('x = f("é", "漢", models.CharField("ü", max_length=1))\n')
    assert isinstance(facts, t.ModuleFacts)
    (call,) = [node for node in walk(facts.body) if isinstance(node, t.Call) and len(node.keywords) == 1]
    assert facts.text[call.start : call.end] == 'models.CharField("ü", max_length=1)'
