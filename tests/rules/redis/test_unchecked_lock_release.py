"""How DJS501 speaks: one sentence of what happens, and code to write instead."""

from __future__ import annotations

import ast
from pathlib import Path
from textwrap import dedent, indent

from djlint_spec.catalog import load_pages
from djlint_spec.config import Config
from djlint_spec.diagnostics import Finding
from djlint_spec.engine import check_sources

PAGE = next(page for page in load_pages([Path(__file__).parents[3] / "rules"]) if page.code == "DJS501")


def found(text: str) -> list[Finding]:
    return list(check_sources({"shop.py": dedent(text)}, Config(select=("DJS501",))).findings)


def test_the_code_to_write_is_valid_python() -> None:
    findings = [
        finding
        for section in PAGE.sections
        for finding in check_sources(section.files, Config(select=("DJS501",))).findings
    ]
    codes = [finding.help for finding in findings if "\n" in finding.help]
    assert len(codes) > 20
    for code in codes:
        ast.parse(f"async def f():\n{indent(code, '    ')}\n")


def test_an_acquire_that_can_fail_is_asked() -> None:
    (finding,) = found(
        """
        import redis

        async def f():
            lock = redis.asyncio.Redis().lock("x", timeout=3)
            await lock.acquire(
                blocking=False,
            )
            await work()
            await lock.release()
        """
    )
    assert finding.message == (
        "`lock.release()` also runs when `acquire(blocking=False)` returned False: "
        "LockError is raised and hides what really happened"
    )
    assert finding.help.splitlines() == [
        "if await lock.acquire(blocking=False):",
        "    try:",
        "        ...",
        "    finally:",
        "        await lock.release()",
    ]


def test_an_acquire_that_raises_goes_before_the_try() -> None:
    (finding,) = found(
        """
        import redis

        def f():
            lock = redis.Redis().lock("x", timeout=3)
            try:
                lock.acquire()
            finally:
                lock.release()
        """
    )
    assert finding.help.splitlines() == ["lock.acquire()", "try:", "    ...", "finally:", "    lock.release()"]


def test_an_advisory_lock_that_nobody_has_looked_at() -> None:
    (finding,) = found(
        """
        def f(cur):
            cur.execute("SELECT pg_try_advisory_lock(1)")
            work()
            cur.execute("SELECT pg_advisory_unlock(1)")
        """
    )
    assert finding.message.startswith("`pg_advisory_unlock` also runs when")
    assert "which is never looked at" in finding.message
    assert finding.help.splitlines()[1] == "if cur.fetchone()[0]:"


def test_a_second_release_is_to_be_left_out() -> None:
    (finding,) = found(
        """
        import threading

        def f():
            lock = threading.Lock()
            lock.acquire()
            lock.release()
            lock.release()
        """
    )
    assert finding.help == "Release it once: leave this `lock.release()` out."
