# ruff: noqa: E501
"""A release is made to depend on its acquire, in the shape that stands there."""

from __future__ import annotations

from textwrap import dedent

import pytest

from djlint_spec.diagnostics import GuardLockRelease
from tests.fixes.lowering import at, fixed, lowered, refused


def guarded(text: str, acquire: str, release: str = "lock.release()") -> str:
    """A text with its one release guarded."""
    text = dedent(text)
    return fixed(text, GuardLockRelease(at(text, release), at(text, acquire)))


def left(text: str, acquire: str, release: str = "lock.release()") -> str:
    """Why a text stays as it is."""
    text = dedent(text)
    return refused(text, GuardLockRelease(at(text, release), at(text, acquire)))


def test_an_acquire_in_a_test_is_kept_in_a_name() -> None:
    assert guarded(
        """
        def work():
            lock = client.lock("x")
            try:
                if lock.acquire(blocking=False):
                    run()
            finally:
                lock.release()
        """,
        "lock.acquire(blocking=False)",
    ) == dedent("""
        def work():
            lock = client.lock("x")
            acquired = False
            try:
                acquired = lock.acquire(blocking=False)
                if acquired:
                    run()
            finally:
                if acquired:
                    lock.release()
        """)


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("not lock.acquire(False)", "not acquired"),
        ("lock.acquire(False) is False", "acquired is False"),
        ("lock.acquire(False) and ready", "acquired and ready"),
    ],
)
def test_an_acquire_that_a_test_evaluates_first_stands_before_it(test: str, expected: str) -> None:
    text = f"def work():\n    try:\n        if {test}:\n            return\n        run()\n    finally:\n        lock.release()\n"
    assert f"        acquired = lock.acquire(False)\n        if {expected}:\n" in guarded(text, "lock.acquire(False)")


@pytest.mark.parametrize("head", ["if ready and {}:", "while {}:", "if a:\n            b()\n        elif {}:"])
def test_an_acquire_elsewhere_in_a_test_is_kept_on_the_way(head: str) -> None:
    head = head.format("lock.acquire(False)")
    text = f"def work():\n    try:\n        {head}\n            run()\n    finally:\n        lock.release()\n"
    made = guarded(text, "lock.acquire(False)")
    assert "(acquired := lock.acquire(False))" in made
    assert "    acquired = False\n    try:" in made
    assert "        if acquired:\n            lock.release()\n" in made


def test_a_name_that_is_taken_is_not_used() -> None:
    text = "def work(acquired):\n    try:\n        if lock.acquire(False):\n            run()\n    finally:\n        lock.release()\n"
    assert "        if lock_acquired:\n            lock.release()\n" in guarded(text, "lock.acquire(False)")


def test_a_flag_that_is_there_is_tested() -> None:
    text = """
        def work():
            got = cache.add(key, 1, 600)
            try:
                if got:
                    run()
            finally:
                cache.delete(key)
        """
    assert "            if got:\n" + " " * 16 + "cache.delete(key)\n" in guarded(
        text, "cache.add(key, 1, 600)", "cache.delete(key)"
    ).replace("\n", "\n    ")


def test_the_answer_of_an_advisory_lock_is_a_flag() -> None:
    text = """
        def work():
            cursor.execute("SELECT pg_try_advisory_lock(1)")
            got = cursor.fetchone()[0]
            try:
                run()
            finally:
                cursor.execute("SELECT pg_advisory_unlock(1)")
        """
    acquire, release = (
        'cursor.execute("SELECT pg_try_advisory_lock(1)")',
        'cursor.execute("SELECT pg_advisory_unlock(1)")',
    )
    assert guarded(text, acquire, release).endswith(f"    finally:\n        if got:\n            {release}\n")
    assert "has to be decided" in left(text.replace("got = ", ""), acquire, release)


def test_a_flag_that_is_set_within_is_false_before() -> None:
    text = """
        def work():
            try:
                got = lock.acquire(False)
                run(got)
            finally:
                lock.release()
        """
    assert guarded(text, "lock.acquire(False)") == dedent("""
        def work():
            got = False
            try:
                got = lock.acquire(False)
                run(got)
            finally:
                if got:
                    lock.release()
        """)
    bound = text.replace("    try:", "    got = False\n            try:", 1)
    assert guarded(bound, "lock.acquire(False)").count("got = False") == 1


def test_a_walrus_is_a_flag() -> None:
    text = "def work():\n    try:\n        if got := lock.acquire(False):\n            run()\n    finally:\n        lock.release()\n"
    made = guarded(text, "lock.acquire(False)")
    assert made.startswith("def work():\n    got = False\n    try:\n        if got := lock.acquire(False):")
    assert made.endswith("        if got:\n            lock.release()\n")


def test_a_blocking_acquire_goes_before_the_try() -> None:
    text = """
        def work():
            try:
                lock.acquire()
                run()
            finally:
                lock.release()
        """
    assert guarded(text, "lock.acquire()") == dedent("""
        def work():
            lock.acquire()
            try:
                run()
            finally:
                lock.release()
        """)


def test_an_acquire_that_can_fail_is_an_error_where_nobody_looked() -> None:
    inside = "def work():\n    try:\n        lock.acquire(blocking=False)\n        run()\n    finally:\n        lock.release()\n"
    before = (
        "def work():\n    lock.acquire(blocking=False)\n    try:\n        run()\n    finally:\n        lock.release()\n"
    )
    expected = (
        "def work():\n    if not lock.acquire(blocking=False):\n"
        '        raise RuntimeError("The lock is held elsewhere.")\n'
        "    try:\n        run()\n    finally:\n        lock.release()\n"
    )
    assert guarded(inside, "lock.acquire(blocking=False)") == expected
    assert guarded(before, "lock.acquire(blocking=False)") == expected


def test_an_acquire_behind_other_work_is_kept_in_a_name() -> None:
    text = "def work():\n    try:\n        amount = parse()\n        lock.acquire()\n        run()\n    finally:\n        lock.release()\n"
    assert guarded(text, "lock.acquire()") == (
        "def work():\n    acquired = False\n    try:\n        amount = parse()\n        acquired = lock.acquire()\n"
        "        run()\n    finally:\n        if acquired:\n            lock.release()\n"
    )


def test_work_without_a_try_gets_one() -> None:
    text = """
        def work():
            lock.acquire(blocking_timeout=3)
            # the work
            run(
                1,
            )
            lock.release()
            return 1
        """
    assert guarded(text, "lock.acquire(blocking_timeout=3)") == dedent("""
        def work():
            if not lock.acquire(blocking_timeout=3):
                raise RuntimeError("The lock is held elsewhere.")
            try:
                # the work
                run(
                    1,
                )
            finally:
                lock.release()
            return 1
        """)


def test_awaited_locks_keep_their_await() -> None:
    text = "async def work():\n    try:\n        await asyncio.wait_for(lock.acquire(), 2)\n        run()\n    finally:\n        lock.release()\n"
    assert guarded(text, "lock.acquire()").startswith(
        "async def work():\n    if not await asyncio.wait_for(lock.acquire(), 2):\n"
    )
    text = "async def work():\n    try:\n        if await lock.acquire(blocking=False):\n            run()\n    finally:\n        await lock.release()\n"
    made = guarded(text, "lock.acquire(blocking=False)")
    assert "acquired = await lock.acquire(blocking=False)\n" in made
    assert made.endswith("        if acquired:\n            await lock.release()\n")


def test_locked_gives_way_to_the_flag() -> None:
    text = """
        def work():
            try:
                if lock.acquire(False):
                    run()
            finally:
                if lock.locked():
                    lock.release()
        """
    assert guarded(text, "lock.acquire(False)") == dedent("""
        def work():
            acquired = False
            try:
                acquired = lock.acquire(False)
                if acquired:
                    run()
            finally:
                if acquired:
                    lock.release()
        """)
    statement = text.replace(
        "if lock.acquire(False):\n                    run()", "lock.acquire()\n                run()"
    )
    assert "acquired = lock.acquire()\n" in guarded(statement, "lock.acquire()")
    loop = text.replace("if lock.acquire(False)", "while lock.acquire(False)")
    assert "while (acquired := lock.acquire(False)):" in guarded(loop, "lock.acquire(False)")
    flag = text.replace("if lock.acquire(False):", "got = lock.acquire(False)\n                if got:")
    assert "    got = False\n" in guarded(flag, "lock.acquire(False)")
    before = "def work():\n    got = lock.acquire(False)\n    try:\n        run()\n    finally:\n        if await lock.locked():\n            lock.release()\n"
    assert "        if got:\n" in guarded(before.replace("def", "async def", 1), "lock.acquire(False)")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("def a():\n    lock.acquire()\ndef b():\n    lock.release()\n", "different functions"),
        ("lock.acquire()\nlock.release()\n", "different functions"),
        ("def a():\n    lock.acquire()\n    x = lock.release()\n", "part of another statement"),
        ("def a():\n    for x in y:\n        lock.acquire()\n    lock.release()\n", "different turns of a loop"),
        ("def a():\n    if lock.acquire():\n        pass\n    lock.release()\n", "has to be decided"),
        (
            "def a():\n    try:\n        run()\n    except E:\n        lock.acquire()\n        lock.release()\n",
            "where it is released",
        ),
        ("def a():\n    lock.acquire()\n    if x:\n        lock.release()\n", "beside the acquire"),
        ("def a():\n    lock.acquire()\n    return 1\n    lock.release()\n", "leaves the function"),
        ("def a():\n    lock.acquire()\n    x('''a\nb''')\n    lock.release()\n", "over several lines"),
        (
            "def a():\n    try:\n        lock.acquire()  # why\n        run()\n    finally:\n        lock.release()\n",
            "shares its line",
        ),
        ("def a():\n    try:\n        if lock.acquire(): run()\n    finally: lock.release()\n", "shares its line"),
        (
            "def a():\n    lock.acquire()\n    try:\n        run()\n    finally:\n        if lock.locked():\n            lock.release()\n",
            "has to be decided",
        ),
    ],
)
def test_a_shape_that_needs_a_decision_is_left_and_told(text: str, why: str) -> None:
    assert why in left(text, "lock.acquire()")


def test_a_lock_that_another_file_takes_is_left() -> None:
    files = {"a.py": "def a():\n    lock.acquire()\n", "b.py": "def b():\n    lock.release()\n"}
    acquire, release = at(files["a.py"], "lock.acquire()"), at(files["b.py"], "lock.release()", "b.py")
    assert "another file" in refused(files, GuardLockRelease(release, acquire))
    assert "not where they were read" in refused(files, GuardLockRelease(acquire, at(files["a.py"], "a():")))


def test_tabs_and_dos_lines_stay() -> None:
    text = "def work():\r\n\ttry:\r\n\t\tif lock.acquire(False):\r\n\t\t\trun()\r\n\tfinally:\r\n\t\tlock.release()\r\n"
    made = lowered(text, GuardLockRelease(at(text, "lock.release()"), at(text, "lock.acquire(False)")))["a.py"]
    assert made == (
        "def work():\r\n\tacquired = False\r\n\ttry:\r\n\t\tacquired = lock.acquire(False)\r\n\t\tif acquired:\r\n"
        "\t\t\trun()\r\n\tfinally:\r\n\t\tif acquired:\r\n\t\t\tlock.release()\r\n"
    )
