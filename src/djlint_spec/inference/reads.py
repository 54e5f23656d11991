"""The queries that an evaluation runs, each with the calls that lead to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TypeAlias

import msgspec

from djlint_spec.diagnostics import Span
from djlint_spec.inference.loading import Path
from djlint_spec.inference.values import HOLDING, Rows, Value, rows_in
from djlint_spec.project import Class
from djlint_spec.project.models import Model

COLUMN = "column"
"""The method of a read of a column, noted where only() or defer() leave columns out."""

KEY = "key"
"""The method of a read of a column only to follow the relation that it is the key of."""

HANDED = "handed"
"""The method of what is no read: rows are given to code that is not followed, which may read anything of them."""

FOLLOWS_ON = "follows on"
"""The method of a read that leads from a row to the next of its kind, for as long as there is one."""

NAMELESS = frozenset({"iterate", "bool", "len", "index"})
"""The methods of reads that no method of a queryset makes: a loop over it, a test of it and the like."""


LINKS = "changes a set"
"""The method of what adds rows to a many-to-many set or takes them from it, and changes no row itself."""


_NO_ROWS = nullcontext()


class Loop(msgspec.Struct, frozen=True):
    """A `for` or a comprehension that goes through rows: its iterable, and the sets that they may be of.

    `sure` is False where it may go through something else too.
    """

    span: Span
    sets: tuple[Rows, ...]
    sure: bool


class Read(msgspec.Struct, frozen=True):
    """A query that an evaluation runs: at `span`, reached through the calls at `chain`.

    `rows` and `path` tell whose relation is read; rows is None for a query that hangs on no watched row.
    `method` is the call that evaluates (`count`, `filter`, `iterate`), None for plain attribute access.
    `per` are the rows for each of which it runs, None outside any loop over rows. `represented` when it is read to be
    written out, `readers` by which serializers, outermost first. `entered` is how much of the chain lies before the
    code that a serializer's field runs: its method, a property, a `__str__`; None outside any. `optional` when the
    field is there on some ways only.
    `loops` are the loops that it stands in, outermost first.
    """

    span: Span
    rows: Rows | None
    path: Path
    to_many: bool
    method: str | None
    model: Model | None
    chain: tuple[Span, ...] = ()
    narrowed: str | None = None
    per: Rows | None = None
    readers: tuple[Class, ...] = ()
    represented: bool = False
    entered: int | None = None
    optional: bool = False
    loops: tuple[Loop, ...] = ()

    @property
    def place(self) -> Span:
        """The query itself, or the call that leads to it, in the code that the serializer's field runs."""
        if self.entered is None or self.entered >= len(self.chain):
            return self.span
        return self.chain[self.entered]


class Muting:
    """Blocks in which nothing is recorded, one within the other."""

    __slots__ = ("depth",)

    def __init__(self) -> None:
        self.depth = 0

    def __enter__(self) -> None:
        self.depth += 1

    def __exit__(self, *_: object) -> None:
        self.depth -= 1


_Outer: TypeAlias = "tuple[list[Read], list[Span], list[Rows], list[Loop], int | None, bool, list[Class]]"
"""Where a journal stood before a call."""


class Journal:
    """The reads of an evaluation, in order, and where it stands."""

    def __init__(self) -> None:
        self.reads: list[Read] = []
        self._chain: list[Span] = []
        self._per: list[Rows] = []
        self._loops: list[Rows] = []
        self._around: list[Loop] = []
        self._entered: int | None = None
        self._optional = False
        self._muting = Muting()
        self._representing = 0
        self._readers: list[Class] = []

    @property
    def is_muted(self) -> bool:
        """Whether nothing is recorded just now."""
        return self._muting.depth > 0

    @property
    def mode(self) -> tuple[bool, bool]:
        """What of the state tells in the reads of a call, beside the place of the call."""
        return self._muting.depth > 0, bool(self._representing)

    @property
    def is_representing(self) -> bool:
        """Whether a serializer is under way."""
        return bool(self._representing)

    @property
    def nested(self) -> bool:
        """Whether the serializer under way is part of another."""
        return self._representing > 1

    def record(
        self,
        span: Span,
        *,
        rows: Rows | None,
        path: Path,
        to_many: bool,
        method: str | None,
        model: Model | None,
        narrowed: str | None = None,
    ) -> None:
        """Note a query."""
        if self._muting.depth:
            return
        chain, per = tuple(self._chain), self._per[-1] if self._per else None
        represented = bool(self._representing)
        self.reads.append(
            Read(
                span,
                rows,
                path,
                to_many,
                method,
                model,
                chain,
                narrowed,
                per,
                tuple(self._readers),
                represented,
                self._entered,
                self._optional,
                tuple(self._around),
            )
        )

    def begin_call(self) -> _Outer:
        """Gather the reads of one call by themselves, so that they can be replayed for another, until `end_call`."""
        outer = self.reads, self._chain, self._per, self._around, self._entered, self._optional, self._readers
        self.reads, self._chain, self._per, self._around = [], [], [], []
        self._entered, self._optional, self._readers = None, False, []
        return outer

    def end_call(self, outer: _Outer) -> list[Read]:
        """The reads since `begin_call`, which gave `outer`."""
        reads = self.reads
        self.reads, self._chain, self._per, self._around, self._entered, self._optional, self._readers = outer
        return reads

    def replay(self, reads: Sequence[Read], span: Span | None) -> None:
        """Note the reads of a call that stands at `span`."""
        if not reads:
            return
        chain, per, loops = tuple(self._chain), self._per[-1] if self._per else None, tuple(self._around)
        if span is not None and chain[-1:] != (span,):
            chain = (*chain, span)
        for read in reads:
            entered = self._entered if read.entered is None else read.entered + len(chain)
            # Not `replace`, which takes several times as long: this is where most reads come from.
            self.reads.append(
                Read(
                    read.span,
                    read.rows,
                    read.path,
                    read.to_many,
                    read.method,
                    read.model,
                    (*chain, *read.chain),
                    read.narrowed,
                    read.per or per,
                    (*self._readers, *read.readers),
                    read.represented,
                    entered,
                    read.optional or self._optional,
                    (*loops, *read.loops),
                )
            )

    @contextmanager
    def representing(self, reader: Class | None = None) -> Iterator[None]:
        """What runs in the block is a serializer's; the chains of its reads start there."""
        outer, self._chain, self._entered = (self._chain, self._entered), [], None
        self._representing += 1
        if reader is not None:
            self._readers.append(reader)
        try:
            yield
        finally:
            self._representing -= 1
            if reader is not None:
                self._readers.pop()
            self._chain, self._entered = outer

    @contextmanager
    def entering(self, span: Span, *, optional: bool = False) -> Iterator[None]:
        """What runs in the block is code that the field at `span` runs."""
        outer = self._entered, self._optional
        self._chain.append(span)
        self._entered = len(self._chain)
        self._optional = self._optional or optional
        try:
            yield
        finally:
            self._chain.pop()
            self._entered, self._optional = outer

    @contextmanager
    def through(self, span: Span) -> Iterator[None]:
        """What is recorded in the block is reached through `span`."""
        self._chain.append(span)
        try:
            yield
        finally:
            self._chain.pop()

    def for_each(self, element: Value, span: Span | None = None) -> AbstractContextManager[None]:
        """What runs in the block runs once for each row of the set that `element` is one of; a loop is at `span`."""
        sets, sure = rows_in(element) if type(element) in HOLDING else ((), False)
        return self._rounds(sets, span, sure=sure) if sets else _NO_ROWS

    @contextmanager
    def _rounds(self, sets: tuple[Rows, ...], span: Span | None, *, sure: bool) -> Iterator[None]:
        self._per.append(sets[0])
        self._loops.append(sets[0])
        if span is not None:
            self._around.append(Loop(span, sets, sure))
        try:
            yield
        finally:
            self._per.pop()
            self._loops.pop()
            if span is not None:
                self._around.pop()

    def goes_through(self, rows: Rows) -> bool:
        """Whether what runs just now runs for each of the rows, be it in a call within their loop."""
        return rows in self._loops

    def muted(self) -> Muting:
        """Nothing that runs in the block is recorded."""
        return self._muting
