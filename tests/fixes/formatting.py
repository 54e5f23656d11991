"""What Black would change in a text after a fix, and would not have changed before: by statement, as Black works.

Black lays out a statement, or the head of a compound one, as a whole, and so are the lines between two statements
compared. Its output holds the same statements in the same order.
"""

from __future__ import annotations

import ast
import dataclasses
import difflib
import io
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import black

from djlint_spec.fixes import Document

_BRACKETS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


@dataclass(frozen=True, slots=True)
class _Statement:
    """The source of a statement (of a compound one, its head) and what stands between it and the one before.

    `alters` and `alters_before` tell whether Black would change either.
    """

    code: str
    before: str
    alters: bool = False
    alters_before: bool = False


def news_of_black(before: str, after: str, mode: black.Mode) -> Iterator[str]:
    """The lines that Black would change after a fix, in statements or between two that it would have left before."""
    if Document("", before).quote == "'":
        mode = dataclasses.replace(mode, string_normalization=False)  # strings stay as the file has them
    old, new = _told(before, mode), _told(after, mode)
    written = set(lines_of(_plain(after))) - set(lines_of(_plain(before)))
    old_codes, new_codes = ([statement.code for statement in statements] for statements in (old, new))
    for kind, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old_codes, new_codes, autojunk=False).get_opcodes():
        for index, now in enumerate(new[j1:j2]):
            # As many as before are the same ones; else each of them may be what became of any.
            held = old[i1 + index : i1 + index + 1] if i2 - i1 == j2 - j1 else old[i1:i2]
            if now.alters_before and not any(one.alters_before for one in held):
                yield now.code.partition("\n")[0]
            if kind != "equal" and now.alters and not any(one.alters for one in held):
                lines = lines_of(now.code)
                yield from [line for line in lines if f"{line.rstrip()}\n" in written] or lines[:1]


def lines_of(text: str) -> list[str]:
    """The lines of a text with their ends, as Python splits them."""
    return io.StringIO(text, newline="").readlines()


def _told(text: str, mode: black.Mode) -> list[_Statement]:
    """The statements of a text with what Black says of each; nothing where it cannot read them."""
    text = _plain(text)
    try:
        made = black.format_str(text, mode=mode)
    except Exception:  # noqa: BLE001 - what Black cannot read it says nothing of
        made = text
    statements, laid_out = _statements(text), _statements(made)
    return [
        dataclasses.replace(one, alters=one.code != other.code, alters_before=one.before != other.before)
        for one, other in zip(statements, laid_out, strict=True)
    ]


def _statements(text: str) -> list[_Statement]:
    """Every statement in order; the last one is empty, and has what the file ends with before it."""
    document = Document("", text)
    colons = _colons(document)
    found: list[_Statement] = []
    at = 0
    for statement in _in_order(document.tree.body):
        start, end = document.whole_extent(statement)
        if isinstance(getattr(statement, "body", getattr(statement, "cases", None)), list):
            end = next(colon for colon in colons if colon >= start) + 1
        found.append(_Statement(text[start:end], text[at:start]))
        at = end
    return [*found, _Statement("", text[at:])]


def _in_order(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        yield statement
        for part in ("body", "cases", "handlers", "orelse", "finalbody"):
            for child in getattr(statement, part, ()):
                yield from _in_order([child] if isinstance(child, ast.stmt) else child.body)


def _colons(document: Document) -> list[int]:
    """Where colons stand outside of brackets, without those of lambdas."""
    found: list[int] = []
    depth = lambdas = 0
    for token in tokenize.generate_tokens(io.StringIO(document.text).readline):
        depth += _BRACKETS.get(token.string, 0) if token.type == tokenize.OP else 0
        if depth or token.type not in (tokenize.OP, tokenize.NAME):
            continue
        if token.string == "lambda":
            lambdas += 1
        elif token.string == ":" and lambdas:
            lambdas -= 1
        elif token.string == ":":
            found.append(document.offset(token.start[0], token.start[1] + 1))
    return found


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
