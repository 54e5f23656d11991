"""Runs checked projects in a worker process: in this Python, or in the one that `ORACLE_PYTHON` names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

_ROOT = Path(__file__).resolve().parents[2]


class ProjectFailed(Exception):
    """A project did not run; the message is its traceback."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of an endpoint, for the worker to measure; `places` are paths at whose ends rows are counted."""

    select: tuple[str, ...] = ()
    prefetch: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
    requests: tuple[str, ...] = ("",)
    places: tuple[str, ...] = ()


class Worker:
    """A process that runs one project after the other, each in a fork."""

    def __init__(self) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "PYTHON"))}
        self._process = subprocess.Popen(
            [os.environ.get("ORACLE_PYTHON", sys.executable), "-W", "ignore", "-m", "tests.oracle.inside.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
            env={**environment, "PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        )

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=20)

    def run(
        self, root: Path, settings: str, endpoints: Mapping[str, Told], *, rings: bool = False
    ) -> dict[str, dict[str, Any]]:
        """What each endpoint of a project does, by name; ProjectFailed when the project does not start.

        With `rings`, rows that hang on others of their model do so in rings, which end nowhere; fewer are enough.
        """
        job = {
            "root": str(root),
            "settings": settings,
            "rings": rings,
            "rows": (2, 6) if rings else (4, 12),
            "endpoints": {name: asdict(told) for name, told in endpoints.items()},
        }
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        answer: dict[str, dict[str, Any]] = json.loads(self._process.stdout.readline())
        if "failed" in answer:
            raise ProjectFailed(answer["failed"])
        return answer
