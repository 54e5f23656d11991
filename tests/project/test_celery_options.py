"""Which keywords of a task's decorator Celery reads, and what the others are meant for."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from djlint_spec.project.celery_options import OPTIONS, is_ineffective, meant_option


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("task_acks_late", "acks_late"),
        ("task_reject_on_worker_lost", "reject_on_worker_lost"),
        ("max_retry", "max_retries"),
        ("acks_lat", "acks_late"),
        ("ack_late", "acks_late"),
        ("retry_bakcoff", "retry_backoff"),
        ("quue", "queue"),
        ("soft_timelimit", "soft_time_limit"),
    ],
)
def test_a_name_is_meant_for_the_nearest_option(name: str, meant: str) -> None:
    assert is_ineffective(name)
    assert meant_option(name) == meant


@pytest.mark.parametrize("name", ["countdown", "eta", "task_default_queue"])
def test_a_name_may_be_meant_for_no_option(name: str) -> None:
    assert is_ineffective(name)
    assert meant_option(name) is None


@pytest.mark.parametrize("name", ["once", "unique_on", "owner", "qeuue_x", "bond_x", *sorted(OPTIONS)])
def test_other_names_are_left_alone(name: str) -> None:
    assert not is_ineffective(name)
    assert meant_option(name) is None


def test_celery_swallows_what_it_does_not_read() -> None:
    script = """
import json
from celery import Celery

app = Celery("x")
app.conf.task_always_eager = True
runs = []

@app.task(task_acks_late=True, autoretry_fo=(ValueError,), max_retry=2)
def swallowed():
    runs.append(1)
    raise ValueError

@app.task(acks_late=True, autoretry_for=(ValueError,), max_retries=2)
def read():
    runs.append(2)
    raise ValueError

swallowed.apply()
read.apply()
print(json.dumps([swallowed.acks_late, swallowed.task_acks_late, swallowed.max_retries, read.acks_late, runs]))
"""
    answer = subprocess.run([sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == [False, True, 3, True, [1, 2, 2, 2]]
