"""Changes in, diagnostics out: collects what a client tells, checks, and says which files' findings are others now."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import msgspec
from lsprotocol import types as lsp

from djlint_spec.diagnostics import Finding
from djlint_spec.lsp.diagnostics import diagnostic
from djlint_spec.lsp.positions import Lines
from djlint_spec.lsp.projects import Projects
from djlint_spec.lsp.worker import Worker

T = TypeVar("T")
Change = Callable[[Projects], None]

_PATIENCE = 0.5
"""Seconds after which a check is worth a progress bar."""


class Outcome(msgspec.Struct, frozen=True):
    """What a check came to: the diagnostics of files whose findings changed or that were touched, and troubles."""

    diagnostics: dict[Path, list[lsp.Diagnostic]]
    touched: frozenset[Path]
    troubles: tuple[str, ...] = ()


@dataclass
class Checker:
    """Runs checks one after the other; changes that come in meanwhile are taken together by the next."""

    publish: Callable[[Outcome], None]
    progress: Callable[[], AbstractAsyncContextManager[None]]
    fail: Callable[[Exception], None]
    opened: Callable[[], Collection[Path]]
    encoding: str = lsp.PositionEncodingKind.Utf16.value
    related: bool = True
    projects: Projects = field(default_factory=Projects)
    _worker: Worker = field(default_factory=Worker)
    _changes: list[Change] = field(default_factory=list)
    _touched: set[Path] = field(default_factory=set)
    _findings: dict[Path, tuple[Finding, ...]] = field(default_factory=dict)
    _task: asyncio.Task[None] | None = None

    # ------------------------------------------------------------------------- in the thread of the conversation
    def tell(self, change: Change, *touched: Path) -> None:
        """Note a change; diagnostics of `touched` files are published whether they are others or not."""
        self._changes.append(change)
        self._touched.update(touched)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def settled(self) -> None:
        """Wait until every change that was told is taken in."""
        while self._task is not None and not self._task.done():
            await asyncio.shield(self._task)

    async def ask(self, question: Callable[[Projects], T]) -> T:
        """The answer to a question about the projects as they are once settled."""
        await self.settled()
        return await self._worker.run(lambda: question(self.projects))

    async def _run(self) -> None:
        while self._changes:
            changes, self._changes = self._changes, []
            touched, self._touched = frozenset(self._touched), set()
            loop = asyncio.get_running_loop()
            check = functools.partial(self._check, changes, touched, functools.partial(self._hand_over, loop))
            work = self._worker.run(check)
            try:
                done, _ = await asyncio.wait((work,), timeout=_PATIENCE)
                if not done:
                    async with self.progress():
                        await asyncio.wait((work,))
                self._touched |= work.result()
            except Exception as error:  # noqa: BLE001 - a fault of ours must not end the conversation
                self.fail(error)

    # ------------------------------------------------------------------------------------ in the worker's thread
    def _check(
        self, changes: Iterable[Change], touched: frozenset[Path], hand_over: Callable[[Outcome], None]
    ) -> frozenset[Path]:
        """Check, and hand over what comes of it; the touched files that it did not come to, when interrupted."""
        for change in changes:
            change(self.projects)
        # A change that comes in is more urgent than what is left to be judged.
        for checked in self.projects.checks(touched or self.opened(), lambda: bool(self._changes)):
            before, self._findings = self._findings, checked.findings
            changed = {
                file
                for file in (*before.keys(), *checked.findings.keys(), *touched)
                if file in touched or before.get(file, ()) != checked.findings.get(file, ())
            }
            hand_over(Outcome({file: self.diagnostics_of(file) for file in sorted(changed)}, touched, checked.troubles))
            touched = frozenset()
        return touched

    def _hand_over(self, loop: asyncio.AbstractEventLoop, outcome: Outcome) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(self.publish, outcome)

    def diagnostics_of(self, file: Path) -> list[lsp.Diagnostic]:
        """The diagnostics of a file as it was last checked."""
        findings = self._findings.get(file, ())
        place = self.projects.place(file) if findings else None
        if place is None:
            return []
        root = place.session.root
        return [diagnostic(finding, root, self.lines, related=self.related) for finding in findings]

    def lines(self, file: Path) -> Lines:
        """The lines of a file as it was last checked."""
        return Lines(self.projects.text(file), self.encoding)

    @property
    def checked_files(self) -> tuple[Path, ...]:
        """Every file that the last check looked at."""
        return tuple(self._findings)
