"""One file that is being fixed: its text, its syntax tree, and offsets between the two."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TypeAlias

import msgspec

from djlint_spec.diagnostics import Edit, Span

_NEWLINE = re.compile(r"\r\n?|\n")

Definition: TypeAlias = "ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef"
Located: TypeAlias = "ast.stmt | ast.expr | ast.keyword | ast.excepthandler"


class CannotPlace(Exception):
    """A fix has no place in the file as it is; the message says why, for the user."""


class Change(msgspec.Struct, frozen=True):
    """Put `text`, with `\\n` line ends, in the place of characters `start` to `end`.

    `whole` when it is whole lines that are laid out already.
    """

    start: int
    end: int
    text: str
    whole: bool = False


def parses(path: str, text: str) -> bool:
    """Whether a text is Python still."""
    try:
        return Document(path, text).tree is not None
    except CannotPlace:
        return False


class Document:
    """A file's text with what fixes ask of it. Raises CannotPlace where the text does not parse."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    @cached_property
    def tree(self) -> ast.Module:
        """The file's syntax tree."""
        try:
            return ast.parse(self.text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise CannotPlace(f"{self.path} does not parse") from None

    @cached_property
    def newline(self) -> str:
        """The line end that the file uses, by its first line."""
        found = _NEWLINE.search(self.text)
        return found[0] if found else "\n"

    # --------------------------------------------------------------------------------------------- positions
    @cached_property
    def line_starts(self) -> list[int]:
        """Offset of the first character of each line."""
        return [0, *(match.end() for match in _NEWLINE.finditer(self.text))]

    def offset(self, row: int, column: int) -> int:
        """The offset of a place that is counted from 1; raises CannotPlace for one outside the text."""
        if not 1 <= row <= len(self.line_starts):
            raise CannotPlace(f"{self.path} has changed")
        return self.line_starts[row - 1] + column - 1

    def range_of(self, span: Span) -> tuple[int, int]:
        """Start and end of a span."""
        return self.offset(span.row, span.column), self.offset(span.end_row, span.end_column)

    def span_of(self, start: int, end: int) -> Span:
        """Rows and columns of a stretch of the text."""
        row, end_row = bisect_right(self.line_starts, start), bisect_right(self.line_starts, end)
        starts = self.line_starts
        return Span(self.path, row, start - starts[row - 1] + 1, end_row, end - starts[end_row - 1] + 1)

    def line_start(self, offset: int) -> int:
        """Offset of the first character of the line that an offset is in."""
        return self.line_starts[bisect_right(self.line_starts, offset) - 1]

    def next_line(self, offset: int) -> int:
        """Offset of the first character of the following line, or of the text's end."""
        index = bisect_right(self.line_starts, offset)
        return self.line_starts[index] if index < len(self.line_starts) else len(self.text)

    def indent(self, offset: int) -> str:
        """The white space that the line of an offset begins with."""
        start = self.line_start(offset)
        found = re.compile(r"[ \t\f]*").match(self.text, start)
        assert found is not None
        return found[0]

    def text_of(self, node: Located) -> str:
        """The source of a node, with `\\n` line ends."""
        start, end = self.extent(node)
        return self.slice(start, end)

    def slice(self, start: int, end: int) -> str:
        """A stretch of the text, with `\\n` line ends."""
        return _NEWLINE.sub("\n", self.text[start:end])

    def extent(self, node: Located) -> tuple[int, int]:
        """Start and end of a node; decorators lie before."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._at(node.lineno, node.col_offset), self._at(node.end_lineno, node.end_col_offset)

    def whole_extent(self, node: ast.stmt) -> tuple[int, int]:
        """Start and end of a statement with its decorators."""
        start, end = self.extent(node)
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and node.decorator_list:
            # The `@` itself has no position of its own: decorators stand on lines of theirs.
            first = self.line_start(self.extent(node.decorator_list[0])[0])
            start = min(start, first + len(self.indent(first)))
        return start, end

    def _at(self, row: int, column: int) -> int:
        # The tree counts bytes of UTF-8.
        start = self.line_starts[row - 1]
        if self.text.isascii():
            return start + column
        end = self.next_line(start)
        return start + len(self.text[start:end].encode("utf-8", "surrogatepass")[:column].decode("utf-8", "replace"))

    # ------------------------------------------------------------------------------------------------- nodes
    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The node that each node stands in."""
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around a node, the nearest first."""
        while (found := self.parents.get(node)) is not None:
            yield found
            node = found

    def expression_at(self, start: int, end: int) -> ast.expr | None:
        """The outermost expression that stands exactly there."""
        node: ast.AST = self.tree
        while True:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, (ast.stmt, ast.expr, ast.keyword, ast.excepthandler)):
                    first, last = self.extent(child)
                    if isinstance(child, ast.stmt):
                        first = self.whole_extent(child)[0]
                    if isinstance(child, ast.expr) and (first, last) == (start, end):
                        return child
                    if first <= start and end <= last:
                        node = child
                        break
                elif self._holds(child, start, end):
                    node = child
                    break
            else:
                return None

    def _holds(self, node: ast.AST, start: int, end: int) -> bool:
        # Nodes without a position of their own (comprehensions, with items, match cases, arguments).
        for child in ast.walk(node):
            if isinstance(child, (ast.stmt, ast.expr)):
                first, last = self.extent(child)
                if first <= start and end <= last:
                    return True
        return False

    def definition_at(self, name: Span) -> Definition | None:
        """The class or function whose name stands at a span."""
        start, end = self.range_of(name)
        word = self.text[start:end]
        for node in ast.walk(self.tree):
            if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == word:
                first, _ = self.extent(node)
                if first <= start <= self.extent(node.body[0])[0] and self.line_start(first) == self.line_start(start):
                    return node
        return None

    def statement_at(self, start: int, end: int) -> ast.stmt | None:
        """The innermost statement around a stretch of the text."""
        found: ast.stmt | None = None
        nodes: list[ast.AST] = [self.tree]
        while nodes:
            for child in ast.iter_child_nodes(nodes.pop()):
                if isinstance(child, ast.stmt):
                    first, last = self.whole_extent(child)
                    if first <= start and end <= last:
                        found, nodes = child, [child]
                        break
                elif isinstance(child, (ast.excepthandler, ast.match_case)):
                    nodes.append(child)
        return found

    @cached_property
    def quote(self) -> str:
        """The quote that the file's strings mostly stand in; double ones unless single ones are far more."""
        # Docstrings stand in double ones whatever else does.
        single, double = (
            len(re.findall(rf"[\s(\[{{,=:]{mark}(?!{mark}{mark})[^{mark}\n]*{mark}", self.text)) for mark in "'\""
        )
        return "'" if single > 2 * double else '"'

    def quoted(self, text: str) -> str:
        """A name as a string literal of this file."""
        return f"{self.quote}{text}{self.quote}"

    # ------------------------------------------------------------------------------------------------- edits
    def edit(self, change: Change) -> Edit:
        """A change as an edit, with the line ends of this file."""
        return Edit(self.span_of(change.start, change.end), self._with_own_ends(change.text))

    def changed(self, changes: Iterable[Change]) -> str:
        """The text after changes, which are sorted and do not overlap."""
        parts: list[str] = []
        at = 0
        for change in changes:
            parts += (self.text[at : change.start], self._with_own_ends(change.text))
            at = change.end
        return "".join((*parts, self.text[at:]))

    def tree_after(self, change: Change) -> ast.Module:
        """The syntax tree of the text after a change; raises CannotPlace where it would be no Python any more."""
        try:
            return Document(self.path, self.changed([change])).tree
        except CannotPlace:
            raise CannotPlace("the code around it leaves no place for the change") from None

    def edited(self, edits: Iterable[Edit]) -> str:
        """The text after edits, which do not overlap."""
        parts: list[str] = []
        at = 0
        for edit in sorted(edits):
            start, end = self.range_of(edit.span)
            assert start >= at, "edits overlap"
            parts += (self.text[at:start], edit.text)
            at = end
        return "".join((*parts, self.text[at:]))

    def _with_own_ends(self, text: str) -> str:
        return text if self.newline == "\n" else text.replace("\n", self.newline)
