"""Lines that a fix made too long, in code that no formatter lays out."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from djlint_spec.fixes.document import CannotPlace, Document

_STEP = " " * 4
_BLOCK = "if 1:\n"


def broken_up(old: str, new: str, length: int) -> str:
    """The statement with its new lines no longer than those that it had, or than `length`, where calls allow it.

    A call on such a line gets a line for each argument, the longest call first.
    """
    held = old.split("\n")
    most = max(length, *map(len, held))
    while True:
        lines = new.split("\n")
        rows = [row for row, line in enumerate(lines) if len(line) > most and line not in held]
        made = next((made for row in rows if (made := _one_broken(new, row)) is not None), None)
        if made is None:
            return new
        new = made


def _one_broken(text: str, row: int) -> str | None:
    """The statement with the longest call of a line broken up; None where there is no call."""
    lead = _BLOCK if text[:1].isspace() else ""
    document = Document("", lead + text)
    start = document.line_starts[row + bool(lead)]
    end = document.next_line(start)
    try:
        calls = [
            (last - first, first, last, call)
            for call in ast.walk(document.tree)
            if isinstance(call, ast.Call) and not any(isinstance(arg, ast.GeneratorExp) for arg in call.args)
            for first, last in (_brackets(document, call),)
            if start <= first and last <= end and (call.args or call.keywords)
        ]
    except CannotPlace:
        return None
    if not calls:
        return None
    _, first, last, call = max(calls, key=lambda found: found[0])
    indent = document.indent(start)
    arguments = "".join(f"{indent}{_STEP}{text},\n" for text in _arguments(document, call))
    whole = document.text
    return f"{whole[:first]}(\n{arguments}{indent}){whole[last:]}"[len(lead) :]


def _brackets(document: Document, call: ast.Call) -> tuple[int, int]:
    return document.extent(call.func)[1], document.extent(call)[1]


def _arguments(document: Document, call: ast.Call) -> Iterator[str]:
    arguments: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    for argument in sorted(arguments, key=lambda node: document.extent(node)[0]):
        yield document.text_of(argument)
