"""What git knows of a project: revisions, and the files of a commit, read from its objects and never checked out."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

_LOCATION = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR")
"""What git tells a hook of where it is. We ask from another folder, where relative ones would mislead."""
_NO_NETWORK = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none", "GIT_TERMINAL_PROMPT": "0"}
_LINK = "120000"
_SUBMODULE = "160000"


class GitError(Exception):
    """git cannot tell what it is asked; the message is one line for the user."""


class Blob(msgspec.Struct, frozen=True):
    """A file of a commit. `size` is in bytes; -1 for a submodule, which is a commit of another repository."""

    mode: str
    oid: str
    size: int

    @property
    def is_link(self) -> bool:
        """Whether it is a symbolic link."""
        return self.mode == _LINK

    @property
    def is_submodule(self) -> bool:
        """Whether another repository lies there."""
        return self.mode == _SUBMODULE


class Repository:
    """The repository that a folder lies in, asked through git.

    Nothing of it runs: no hook, no filter, no monitor; and nothing is fetched. Every method raises GitError where git
    is missing or the folder lies in no repository.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._environment = {key: value for key, value in os.environ.items() if key not in _LOCATION}
        self._environment.update(_NO_NETWORK, LC_ALL="C", GIT_OPTIONAL_LOCKS="0")
        self.prefix = os.fsdecode(self._answer("rev-parse", "--show-prefix")).rstrip("\n")
        """The path from the top of the repository to the folder, with a `/` at the end; empty at the top."""

    def head(self) -> str | None:
        """The commit that is checked out, None before the first one."""
        return self._commit("HEAD")

    def merge_base(self, revision: str) -> str:
        """The commit from which a revision and what is checked out went separate ways."""
        commit, head = self._commit(revision), self.head()
        if commit is None:
            raise GitError(f'git knows no revision "{revision}"{self._shallow()}')
        if head is None:
            raise GitError("nothing has been committed yet")
        found = self._run("merge-base", commit, head)
        if found.returncode != 0:
            raise GitError(f'git knows no commit that "{revision}" and HEAD have in common{self._shallow()}')
        return found.stdout.decode().strip()

    def files(self, commit: str) -> Mapping[str, Blob]:
        """The files of a commit by path from the top of the repository."""
        found: dict[str, Blob] = {}
        for entry in self._answer("ls-tree", "-r", "-z", "-l", "--full-tree", commit).split(b"\0"):
            told, _, path = entry.partition(b"\t")
            if path:
                mode, _, oid, size = told.decode().split()
                found[os.fsdecode(path)] = Blob(mode, oid, -1 if size == "-" else int(size))
        return found

    def contents(self, blobs: Sequence[Blob]) -> Mapping[str, bytes]:
        """What is in some files of a commit, by the names of their objects."""
        asked = "".join(f"{oid}\n" for oid in dict.fromkeys(blob.oid for blob in blobs))
        answer = self._answer("cat-file", "--batch", stdin=asked.encode())
        found: dict[str, bytes] = {}
        at = 0
        while at < len(answer):
            end = answer.index(b"\n", at)
            oid, kind, *size = answer[at:end].decode().split()
            if not size:
                raise GitError(f"this clone lacks what a file held then ({oid} is {kind}): fetch it with git")
            start = end + 1
            at = start + int(size[0]) + 1
            found[oid] = answer[start : at - 1]
        return found

    def tracked(self) -> frozenset[str]:
        """Paths, from the folder, of what is committed with the next commit if nothing else is added."""
        return self._paths("ls-files", "-z", "--cached")

    def untracked(self) -> frozenset[str]:
        """Paths, from the folder, of files that git neither tracks nor ignores."""
        return self._paths("ls-files", "-z", "--others", "--exclude-standard")

    def _paths(self, *arguments: str) -> frozenset[str]:
        return frozenset(os.fsdecode(path) for path in self._answer(*arguments).split(b"\0") if path)

    def _commit(self, revision: str) -> str | None:
        found = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        return found.stdout.decode().strip() if found.returncode == 0 else None

    def _shallow(self) -> str:
        shallow = self._answer("rev-parse", "--is-shallow-repository").strip() == b"true"
        return " in this shallow clone: fetch more of its history" if shallow else ""

    def _answer(self, *arguments: str, stdin: bytes = b"") -> bytes:
        done = self._run(*arguments, stdin=stdin)
        if done.returncode != 0:
            told = done.stderr.decode(errors="replace").strip().splitlines() or [f"ended with {done.returncode}"]
            raise GitError(f"git {arguments[0]}: {told[0].removeprefix('fatal: ')}")
        return done.stdout

    def _run(self, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = ["git", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false", *arguments]
        try:
            return subprocess.run(
                command, cwd=self.folder, env=self._environment, input=stdin, capture_output=True, check=False
            )
        except OSError as error:
            raise GitError(f"git cannot be run: {error.strerror or error}") from None
