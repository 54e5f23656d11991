"""Runs functions that use locks for real, with another that wants the same locks, and tells which releases go wrong.

`python -m tests.flow.contention` reads runs from standard input as JSON and prints a list of `[path, row]` for each.
A release goes wrong when it lets go what another holds, or raises in the place of what really happened. The locks are
those of redis-py, valkey, django-redis (over fakeredis), Django's caches in memory, threading, multiprocessing and
asyncio: their methods do their own work here and are only watched, and kept from waiting for seconds.
"""

from __future__ import annotations

import asyncio
import inspect
import itertools
import json
import signal
import sys
import tempfile
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import django
from django.conf import settings

from tests.flow.watched import Scenario, watch

ARGUMENTS: Mapping[str, Any] = {
    "key": "key",
    "feed_id": 7,
    "names": ["a", "b"],
    "exclusive": True,
    "mode": "full",
    "request": None,
}
"""Arguments for the parameters of functions that are run without an entry of their own."""

SCENARIOS = [
    Scenario(contended=contended, work_raises=raises, acquire_raises=lost)
    for contended, raises, lost in itertools.product((False, True), repeat=3)
]
LONGEST = 5
"""Seconds after which an entry is taken to hang."""


class Done:
    """What `work()` gives: it may be awaited, or counted as nothing."""

    def __await__(self) -> Iterator[None]:
        yield from ()

    def __int__(self) -> int:
        return 0


class Hangs(BaseException):
    """An entry waits for ever."""


class WorkFailed(Exception):
    """Raised by `work()` and `parse()` in some scenarios."""


def main() -> None:
    """Run what standard input asks for."""
    settings.configure(
        SECRET_KEY="for tests",
        CACHES={
            name: {
                "BACKEND": "django_redis.cache.RedisCache",
                "LOCATION": f"redis://{name}",
                "OPTIONS": {"CONNECTION_POOL_KWARGS": watch.pool_options()},
            }
            for name in ("default", "locks")
        },
    )
    django.setup()
    watch.install()
    runs = json.load(sys.stdin)
    json.dump([wrong_releases(run["files"], run["entries"], run["memory"]) for run in runs], sys.stdout)


def wrong_releases(files: Mapping[str, str], entries: list[str], memory: bool) -> list[tuple[str, int]]:
    """The places of the releases that go wrong in some scenario; `memory` puts the caches into memory."""
    wrong: set[tuple[str, int]] = set()
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            target = Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        modules = [path.removesuffix(".py").replace("/", ".") for path in files]
        for entry in entries or list(_functions(folder, modules)):
            for scenario in SCENARIOS:
                with watch.during(scenario, folder, memory=memory):
                    namespace = _imported(folder, modules, scenario)
                    raised = _outcome(entry, namespace, scenario)
                    wrong.update(watch.wrong(raised))
    return sorted(wrong)


def _functions(folder: str, modules: list[str]) -> Iterator[str]:
    """Calls of all functions that the first module defines itself."""
    calm = Scenario()
    with watch.during(calm, folder, memory=True):
        namespace = _imported(folder, modules, calm)
    for name, value in namespace.items():
        function = inspect.unwrap(value) if callable(value) else None
        if inspect.isfunction(function) and function.__module__ == modules[0] and name != "work":
            given = [
                f"{parameter}={ARGUMENTS[parameter]!r}"
                for parameter in inspect.signature(function).parameters
                if parameter != "self"
            ]
            yield f"{name}({', '.join(given)})"


def _imported(folder: str, modules: list[str], scenario: Scenario) -> dict[str, Any]:
    """The names of the first module, all modules read anew."""

    def work(*_: object) -> Done:
        if scenario.work_raises:
            raise WorkFailed
        return Done()

    for name in list(sys.modules):
        if name.partition(".")[0] == "shop":
            del sys.modules[name]
    package = types.ModuleType("shop")
    package.__path__ = [f"{folder}/shop"]
    sys.modules["shop"] = package
    order = sorted(modules, key=lambda name: name == modules[0])
    for name in order:
        module = types.ModuleType(name)
        module.__dict__.update(work=work, parse=work, report=lambda *_: None)
        file = Path(folder, *name.split(".")).with_suffix(".py")
        module.__file__ = str(file)
        sys.modules[name] = module
        setattr(package, name.rpartition(".")[2], module)
        exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), module.__dict__)
    return sys.modules[modules[0]].__dict__


def _outcome(entry: str, namespace: dict[str, Any], scenario: Scenario) -> BaseException | None:
    """What running an entry raised."""
    signal.signal(signal.SIGALRM, _hangs)
    signal.alarm(LONGEST)
    try:
        code = compile(entry, entry, "eval" if "\n" not in entry else "exec")
        found = eval(code, namespace)
        if inspect.iscoroutine(found):
            asyncio.run(_awaited(found, scenario))
    except BaseException as error:
        if isinstance(error, (Hangs, NameError, TypeError, AttributeError, ImportError)):
            raise
        return error
    finally:
        signal.alarm(0)
    return None


def _hangs(*_: object) -> None:
    raise Hangs


async def _awaited(coroutine: Any, scenario: Scenario) -> None:
    task = asyncio.ensure_future(coroutine)
    if scenario.acquire_raises:
        # What makes asyncio's acquire raise is that its task is cancelled while it waits.
        asyncio.get_running_loop().call_later(0.01, task.cancel)
    await task


if __name__ == "__main__":
    main()
