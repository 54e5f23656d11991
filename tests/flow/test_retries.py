"""Where the exception of `retry()` ends up, and what real Celery raises when the retries are spent."""

from __future__ import annotations

import json
import subprocess
import sys
from textwrap import indent

import pytest

from djlint_spec.flow.retries import swallowed_retries, unreachable_handlers
from djlint_spec.project.tasks import Task
from tests.linked import linked

_HEAD = "from celery import shared_task\nfrom celery.exceptions import MaxRetriesExceededError, Retry\n"


def _task(body: str, options: str = "bind=True") -> Task:
    text = f"{_HEAD}@shared_task({options})\ndef work(self, pk):\n{indent(body, '    ')}"
    (task,) = linked({"shop/tasks.py": text}).tasks
    return task


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        ("try:\n    self.retry()\nexcept Exception:\n    pass\n", [6]),
        ("try:\n    self.retry()\nexcept BaseException:\n    print(pk)\n", [6]),
        ("try:\n    self.retry()\nexcept Unknown:\n    pass\nexcept Exception:\n    pass\n", []),
        ("try:\n    self.retry()\nexcept Exception:\n    if pk:\n        raise\n", [6]),
        ("try:\n    self.retry()\nfinally:\n    print(pk)\n", []),
        ("try:\n    print(pk)\nexcept Exception:\n    self.retry()\n", []),
        (
            "try:\n    try:\n        self.retry()\n    except ValueError:\n        pass\nexcept Exception:\n    pass\n",
            [7],
        ),
        ("self.retry(throw=False)\nwork(pk)\n", [5]),
        ("self.retry(throw=False)\nprint(pk)\n", []),
        ("self.retry(throw=True)\nwork(pk)\n", []),
        ("other.retry()\n", []),
        ("return None\n", []),
        ("".join(f"if pk.a{n}:\n    work{n}(pk)\n" for n in range(40)) + "self.retry(throw=False)\nwork(pk)\n", [85]),
    ],
)
def test_a_retry_is_swallowed_where_its_run_goes_on(body: str, rows: list[int]) -> None:
    assert [retry.span.row for retry in swallowed_retries(_task(body))] == rows


def test_a_task_that_is_not_bound_has_no_retry() -> None:
    assert list(swallowed_retries(_task("try:\n    self.retry()\nexcept Exception:\n    pass\n", ""))) == []


@pytest.mark.parametrize(
    ("body", "options", "found"),
    [
        ("try:\n    f(pk)\nexcept MaxRetriesExceededError:\n    pass\n", "autoretry_for=(OSError,)", True),
        ("try:\n    f(pk)\nexcept MaxRetriesExceededError:\n    pass\n", "bind=True", False),
        ("try:\n    self.retry(exc=pk)\nexcept MaxRetriesExceededError:\n    pass\n", "bind=True", True),
        ("try:\n    self.retry()\nexcept MaxRetriesExceededError:\n    pass\n", "bind=True", False),
        ("try:\n    self.retry(None, {}, pk)\nexcept MaxRetriesExceededError:\n    pass\n", "bind=True", True),
        ("try:\n    f.get(timeout=1)\nexcept MaxRetriesExceededError:\n    pass\n", "autoretry_for=(OSError,)", False),
        ("try:\n    f.get(id=pk)\nexcept MaxRetriesExceededError:\n    pass\n", "autoretry_for=(OSError,)", True),
        ("try:\n    f(pk)\nexcept OSError:\n    raise MaxRetriesExceededError\n", "autoretry_for=(OSError,)", False),
        ("try:\n    f(pk)\nexcept:\n    raise MaxRetriesExceededError\n", "autoretry_for=(OSError,)", False),
    ],
)
def test_a_handler_is_unreachable_where_nothing_raises_what_it_takes(body: str, options: str, found: bool) -> None:
    assert bool(list(unreachable_handlers(_task(body, options)))) is found


def test_celery_ends_retries_by_the_exceptions_that_we_follow() -> None:
    script = """
import json
from celery import Celery
from celery.exceptions import MaxRetriesExceededError

app = Celery("x")
app.conf.task_always_eager = True
seen = []

@app.task(bind=True, autoretry_for=(ValueError,), max_retries=1, default_retry_delay=0)
def auto(self):
    try:
        raise ValueError
    except MaxRetriesExceededError:
        seen.append("auto")

@app.task(bind=True, max_retries=1, default_retry_delay=0)
def with_exc(self):
    try:
        self.retry(exc=ValueError())
    except MaxRetriesExceededError:
        seen.append("with_exc")

@app.task(bind=True, max_retries=1, default_retry_delay=0)
def bare(self):
    try:
        self.retry()
    except MaxRetriesExceededError:
        seen.append("bare")

@app.task(bind=True, max_retries=1, default_retry_delay=0)
def swallowed(self):
    try:
        self.retry()
    except Exception:
        return "success"

results = [type(task.apply().result).__name__ for task in (auto, with_exc)]
bare.apply()
print(json.dumps([results, seen, swallowed.apply().state]))
"""
    answer = subprocess.run([sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == [["ValueError", "ValueError"], ["bare"], "SUCCESS"]
