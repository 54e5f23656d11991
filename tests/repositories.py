"""Makes real git repositories."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.files import write_files

_WHO = {
    **{
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "A"), ("EMAIL", "a@b"))
    },
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


class Checkout:
    """A repository and its working tree."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def git(self, *arguments: str) -> str:
        """What git prints."""
        return git(self.folder, *arguments)

    def commit(self, files: Mapping[str, str | bytes], message: str = "x") -> str:
        """Write files and commit all that is there; the commit."""
        write_files(self.folder, files)
        self.git("add", "--all")
        self.git("commit", "--allow-empty", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD").strip()


def git(folder: Path, *arguments: str) -> str:
    """What git prints in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env={**os.environ, **_WHO}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def repository(folder: Path, files: Mapping[str, str | bytes]) -> Checkout:
    """A repository with one commit on the branch `main`."""
    git(folder, "init", "--quiet", "--initial-branch=main")
    made = Checkout(folder)
    made.commit(files)
    return made


def cloned(source: Path, folder: Path, *arguments: str) -> Checkout:
    """A clone of a repository, made as over a network."""
    git(folder.parent, "clone", "--quiet", *arguments, f"file://{source}", str(folder))
    return Checkout(folder)
