"""Runs commands as a user would."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from djlint_spec.cli import main


@dataclass(frozen=True)
class Ended:
    """What a command printed, and the code it ended with."""

    out: str
    err: str
    code: int


def run(*arguments: str | Path, stdin: bytes = b"", **environment: str) -> Ended:
    """A command in this process, its cache left alone."""
    words = [str(argument) for argument in arguments]
    if words[:1] == ["check"]:
        words.append("--no-cache")
    result = CliRunner().invoke(main, words, input=stdin, env={"NO_COLOR": None, **environment})
    return Ended(result.stdout, result.stderr, result.exit_code)


def run_process(*arguments: str | Path, cwd: Path, **environment: str) -> Ended:
    """A command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "djlint_spec", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )
    return Ended(done.stdout.decode(), done.stderr.decode(), done.returncode)
