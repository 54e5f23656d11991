"""One thread that does one thing after the other, so that the conversation with the client never waits for it."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

_STACK = 64 * 1024 * 1024
"""Bytes; expressions nest deeply in generated code, and threads start with little on some systems."""


class Worker:
    """Runs functions in its thread. The thread ends with the process, whatever it is at."""

    def __init__(self) -> None:
        # Each entry: the function, the future of its result (of any type) and the loop to give it to.
        self._jobs: queue.SimpleQueue[tuple[Callable[[], Any], asyncio.Future[Any], asyncio.AbstractEventLoop]] = (
            queue.SimpleQueue()
        )
        before = threading.stack_size(_STACK)
        try:
            threading.Thread(target=self._work, name="djlint-spec", daemon=True).start()
        finally:
            threading.stack_size(before)

    def run(self, job: Callable[[], T]) -> asyncio.Future[T]:
        """A future of what `job` gives, which runs when all that was asked for before is done."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._jobs.put((job, future, loop))
        return future

    def _work(self) -> None:
        while True:
            job, future, loop = self._jobs.get()
            if future.cancelled():
                continue
            try:
                result = job()
            except Exception as error:  # noqa: BLE001 - it is raised where the result is waited for
                _give(loop, future, None, error)
            else:
                _give(loop, future, result, None)


def _give(loop: asyncio.AbstractEventLoop, future: asyncio.Future[T], result: T, error: Exception | None) -> None:
    def settle() -> None:
        if future.cancelled():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)

    if not loop.is_closed():
        loop.call_soon_threadsafe(settle)
