"""Kills a fixing run in its middle, and looks at what it leaves."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

_OLD = """\
from django.db import models
from django.db.models import Q


class Hub{number}(models.Model):
    class Meta:
        constraints = [models.CheckConstraint(check=Q(name=""), name="unnamed_{number}")]
"""


def make_project(root: Path, files: int) -> None:
    """A project with one finding in each of so many files."""
    root.mkdir(parents=True)
    (root / "requirements.txt").write_text("Django>=5.1,<6\n", encoding="utf-8")
    (root / "manage.py").write_text("", encoding="utf-8")
    for number in range(files):
        folder = root / f"app{number % 10}"
        folder.mkdir(exist_ok=True)
        (folder / f"m{number}.py").write_text(_OLD.format(number=number), encoding="utf-8")


def start(root: Path) -> subprocess.Popen[bytes]:
    """A run that fixes the project."""
    return subprocess.Popen(
        [sys.executable, "-m", "djlint_spec", "check", "--fix-only", "--select", "DJS104", "--no-cache", "."],
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def kill_while_writing(root: Path, chance: random.Random, files: int) -> bool:
    """Start a run and kill it at a random moment once it has begun to write; whether it was still under way."""
    wanted = chance.randrange(1, files)
    run = start(root)
    while run.poll() is None and _written(root, wanted) < wanted:
        time.sleep(0.001)
    time.sleep(chance.random() * 0.005)
    under_way = run.poll() is None
    if under_way:
        os.kill(run.pid, signal.SIGKILL)
    run.wait()
    return under_way


def _written(root: Path, enough: int) -> int:
    """How many files are new, in the order in which they are written; no more than `enough` are looked at."""
    paths = sorted(path.relative_to(root).as_posix() for path in root.glob("app*/m*.py"))
    return enough if "condition=" in (root / paths[enough - 1]).read_text(encoding="utf-8") else 0


def damages(root: Path, files: int) -> Iterator[str]:
    """What a killed run must not leave: a file that is neither old nor new, more than one temporary file."""
    for number in range(files):
        path = root / f"app{number % 10}" / f"m{number}.py"
        old = _OLD.format(number=number)
        if path.read_text(encoding="utf-8") not in (old, old.replace("check=", "condition=")):
            yield f"{path.name} is neither the old nor the new text"
    leftovers = list(root.glob("**/.djlint-spec-*"))
    if len(leftovers) > 1:
        yield f"{len(leftovers)} temporary files are left"


def unfinished(root: Path, files: int) -> Iterator[str]:
    """What the next run leaves undone."""
    if start(root).wait():
        yield "the next run failed"
    for number in range(files):
        path = root / f"app{number % 10}" / f"m{number}.py"
        if "condition=" not in path.read_text(encoding="utf-8"):
            yield f"{path.name} is not fixed"
    for path in root.glob("**/.djlint-spec-*"):
        yield f"{path.name} is left"
