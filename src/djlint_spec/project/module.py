"""One linked file: its facts, where it lies, and what it binds."""

from __future__ import annotations

import enum
import re
from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import cached_property
from typing import Any, Protocol, TypeAlias, TypeVar

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.facts.lines import line_starts
from djlint_spec.facts.walk import statements_of
from djlint_spec.project.symbols import Bindings, Scope, bind
from djlint_spec.project.tracking import Grounds, Tracking

T = TypeVar("T")

LowerBody: TypeAlias = Callable[[t.ModuleFacts, t.Deferred, list[int]], tuple[t.Stmt, ...]]

_WORD = re.compile(r"\w*")
_TEST_PART = re.compile(r"(?:^|/)(?:tests?|testing|conftest\.py|test_[^/]*|[^/]*_tests?\.py|tests?\.py)(?:/|$)")


class Origin(enum.Enum):
    """Whose code a module is; findings are made in the project's own only."""

    PROJECT = "project"
    ENVIRONMENT = "environment"
    LIBRARY = "library"


class Placed(Protocol):
    """Anything with offsets into the text of its module."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


def is_test(path: str) -> bool:
    """Whether a path is that of a test, a test helper or a conftest."""
    return _TEST_PART.search(path) is not None


def outermost_functions(body: Iterable[t.Stmt]) -> Iterator[t.FunctionDef]:
    """The functions and methods of some statements that stand in no other function, in order of place."""
    for node in statements_of(body):
        match node:
            case t.FunctionDef():
                yield node
            case t.ClassDef():
                yield from outermost_functions(node.body)
            case _:
                pass


BODY = " body "
"""What stands in each key of a function's body, and in no other."""


def body_key(path: str, number: int) -> str:
    """The key of a function's body: its number, from 1, among the outermost ones, which no change of a body alters.

    The number 0 stands for the body of any of them.
    """
    return f"{path}{BODY}{number}"


TEMPLATE = "template "
"""What each key of a template begins with, and no other."""


def template_key(path: str) -> str:
    """The key of the template in a file, whether there is one or not."""
    return TEMPLATE + path


class _Spans(dict[tuple[int, int], Span]):
    """The spans of a module's nodes, by where they start and end, each made when it is first asked for."""

    def __init__(self, module: Module) -> None:
        super().__init__()
        self._module = module

    def __missing__(self, place: tuple[int, int]) -> Span:
        # Most lie in one row; there are tens of thousands.
        start, end = place
        starts = self._module.line_starts
        row = bisect_right(starts, start)
        first = starts[row - 1] - 1
        if row == len(starts) or end < starts[row]:
            made = Span(self._module.path, row, start - first, row, end - first)
        else:
            end_row = bisect_right(starts, end, row)
            made = Span(self._module.path, row, start - first, end_row, end - starts[end_row - 1] + 1)
        self[place] = made
        return made


class Module:
    """A file of the project, of an installed package or of the bundled library. Compared by identity."""

    def __init__(
        self,
        name: str,
        path: str,
        facts: t.ModuleFacts,
        *,
        is_package: bool,
        origin: Origin,
        lower: LowerBody,
        tracking: Tracking,
    ) -> None:
        self.name = name
        self.path = path
        self.facts = facts
        self.is_package = is_package
        self.origin = origin
        self._lower = lower
        self._tracking = tracking
        self._bodies: dict[int, tuple[t.Stmt, ...]] = {}
        self._spans = _Spans(self)
        self.carried: dict[Hashable, tuple[Any, Grounds]] = {}
        """Answers that hold in whatever project has the same classes, and what they stood on."""
        # What is told from the module's facts alone, of many types.
        self._told: dict[Hashable, Any] = {}

    def __repr__(self) -> str:
        return f"Module({self.name!r})"

    @property
    def package(self) -> str:
        """Dotted name of the package that relative imports of this module start from."""
        return self.name if self.is_package else self.name.rpartition(".")[0]

    @property
    def scope(self) -> Scope:
        """The module's global scope."""
        return Scope(self)

    @cached_property
    def is_migration(self) -> bool:
        """Whether this is a module in a `migrations` package."""
        return "/migrations/" in f"/{self.path}" and not self.is_package

    @cached_property
    def is_test(self) -> bool:
        """Whether the path is that of a test, a test helper or a conftest."""
        return is_test(self.path)

    @cached_property
    def bindings(self) -> Bindings:
        """What the module binds at its top level. Ask through `Project`, which records the dependency."""
        return bind(self.facts.body)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is told of the module under a key, worked out once: from its facts alone, in whatever project it is."""
        if key not in self._told:
            self._told[key] = make()
        told: T = self._told[key]
        return told

    @property
    def tracking(self) -> Tracking:
        """What collects who asks for what of the module."""
        return self._tracking

    def touch_body(self, function: t.FunctionDef) -> None:
        """Note that the derivation under way depends on the text of a function, or of the one that it stands in."""
        if self._tracking.active:
            self._tracking.touch(body_key(self.path, bisect_right(self._body_starts, function.start)))

    @cached_property
    def _body_starts(self) -> list[int]:
        return [function.start for function in outermost_functions(self.facts.body)]

    def body(self, function: t.FunctionDef) -> tuple[t.Stmt, ...]:
        """The statements of a function of this module, lowered when first asked for."""
        self.touch_body(function)
        match function.body:
            case t.Block(statements=statements):
                return statements
            case t.Deferred() as deferred:
                known = self._bodies.get(deferred.start)
                if known is None:
                    known = self._bodies[deferred.start] = self._lower(self.facts, deferred, self.line_starts)
                return known

    def body_text(self, function: t.FunctionDef) -> str:
        """Source of the whole function, for a cheap look before its body is lowered."""
        self.touch_body(function)
        return self.facts.text[function.start : function.end]

    def mentions(self, *words: str) -> bool:
        """Whether any of the words stands anywhere in the text: a cheap look before a dear one."""
        self._tracking.search(words)
        return self.holds(*words)

    def has(self, *words: str) -> bool:
        """The same for who asks it of a few modules, and depends on all of their text."""
        self._tracking.touch(body_key(self.path, 0))
        return self.holds(*words)

    def holds(self, *words: str) -> bool:
        """The same for who knows on which functions' bodies its answer hangs, and tells of each."""
        text = self.facts.text
        for word in words:  # noqa: SIM110 - a generator takes longer than most of the searches
            if word in text:
                return True
        return False

    # ------------------------------------------------------------------------------------------- positions
    @cached_property
    def line_starts(self) -> list[int]:
        """Offset of the first character of each line."""
        return line_starts(self.facts.text)

    def row(self, offset: int) -> int:
        """The row, from 1, of a character."""
        return bisect_right(self.line_starts, offset)

    def span(self, node: Placed) -> Span:
        """Rows and columns of a node."""
        return self._spans[node.start, node.end]

    def span_of(self, start: int, end: int) -> Span:
        """Rows and columns of a stretch of the text."""
        return self._spans[start, end]

    def word_span(self, start: int) -> Span:
        """Rows and columns of the name that stands at a place of the text."""
        word = _WORD.match(self.facts.text, start)
        return self.span_of(start, word.end() if word is not None else start)

    def text(self, node: Placed) -> str:
        """The source of a node."""
        return self.facts.text[node.start : node.end]
