"""The two doors of the room: a whole file, and later one of its function bodies."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Iterator

import msgspec

from djlint_spec.extract.lower import Bodies, Lowering
from djlint_spec.facts.lines import line_starts
from djlint_spec.facts.tree import SCHEMA, Comment, Deferred, ModuleFacts, Stmt

_SUPPRESSION = re.compile(r"#[^\r\n]*?(?:\bnoqa\b|djlint-spec:)[^\r\n]*", re.IGNORECASE)
_COMMENT = re.compile(r"#[^\r\n]*")
_OURS = re.compile(r"DJS|djlint-spec:")


class Broken(msgspec.Struct, frozen=True):
    """A file that the running Python cannot parse: why, and where (from 1; columns in code points)."""

    reason: str
    row: int
    column: int


def extract(text: str, bodies: Bodies = Bodies.LIKELY) -> ModuleFacts | Broken:
    """The facts of a file with this text, those of some bodies at hand, or why it has none. Equal text gives equal
    facts.
    """
    try:
        tree = _parse(text)
        starts = line_starts(text)
        lowering = Lowering(text, starts, deferred=bodies)
        body = lowering.block(tree.body)
        return ModuleFacts(SCHEMA, text, body, tuple(_comments(text)), lowering.bodies)
    except SyntaxError as error:
        return Broken(error.msg, max(error.lineno or 1, 1), max(error.offset or 1, 1))
    except (RecursionError, MemoryError):
        return Broken("nested too deeply to be read", 1, 1)
    except ValueError as error:
        return Broken(str(error), 1, 1)


def lower_body(facts: ModuleFacts, body: Deferred, starts: list[int]) -> tuple[Stmt, ...]:
    """The statements of a function body that `extract` left as a slice of text.

    `starts` is `line_starts(facts.text)`, which callers keep at hand.
    """
    known = facts.bodies.get(body.start)
    if known is not None:
        return known.statements
    # The slice is indented; a header of one line above it makes it a module of its own.
    tree = _parse("if 1:\n" + facts.text[body.start : body.end])
    lowering = Lowering(facts.text, starts, shift=body.row - 3, deferred=None, part=(body.start, body.end))
    block = tree.body[0]
    assert isinstance(block, ast.If)
    return lowering.block(block.body)


def _parse(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes in the project's strings are not ours to report
        return ast.parse(text)


def _comments(text: str) -> Iterator[Comment]:
    # Most files have none: a look at all that may be a comment takes a third of the search.
    told = "\n".join(_COMMENT.findall(text)).lower()
    if "noqa" not in told and "djl" not in told:  # the letters behind may have others for their lower case
        return iter(())
    candidates = [Comment(*match.span()) for match in _SUPPRESSION.finditer(text)]
    if not any(_OURS.search(text, comment.start, comment.end) for comment in candidates):
        return iter(candidates)
    # Only comments of our own are worth the tokenizer: a string may look like one.
    offsets = _comment_offsets(text, line_starts(text))
    return (comment for comment in candidates if comment.start in offsets)


def _comment_offsets(text: str, starts: list[int]) -> frozenset[int]:
    found: set[int] = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
            if token.type == tokenize.COMMENT:
                found.add(starts[token.start[0] - 1] + token.start[1])
    except (tokenize.TokenError, SyntaxError):
        pass  # the parser has read the file all the same: what was told so far stands
    return frozenset(found)
