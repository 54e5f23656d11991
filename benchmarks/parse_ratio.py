"""Compare a cold check of a project with the bare parsing of its files, in one process.

    python benchmarks/parse_ratio.py [--rounds N] [--select CODES] [--at-most RATIO] [DIRECTORY]

The directory is that of pretix, where `fetch_corpora.py` unpacks it, if none is named.
Each round is a fresh process that first parses every Python file that the check takes up with `ast.parse`, from
memory, then checks the directory: loading the rules and reading the files counts as part of the check. A round that is
not counted comes first, so that the tool's own modules are compiled, as those of an installed package are. Printed are
the medians in seconds of processor time and the median of the rounds' ratios.
"""

from __future__ import annotations

import argparse
import ast
import gc
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from fetch_corpora import home


def texts_of(directory: Path) -> list[str]:
    """The Python files that a check of the directory reads, decoded; what cannot be read is left out."""
    from djlint_spec.source import DiskTree, Source

    tree = DiskTree(directory)
    read = (tree.read(path) for path in tree.python_files())
    return [source.text for source in read if isinstance(source, Source)]


def parse(texts: Sequence[str]) -> None:
    """Parse each text and drop the tree."""
    for text in texts:
        with suppress(SyntaxError, ValueError, RecursionError):
            ast.parse(text)


def check(directory: Path, codes: Sequence[str]) -> None:
    """Check the directory as the command line does, without printing, by the rules of `codes`, or by all."""
    import djlint_spec

    config = djlint_spec.Config(select=tuple(codes)) if codes else djlint_spec.Config()
    djlint_spec.check([directory], config).figures()  # which the command shows


def seconds(work: Callable[[], None]) -> float:
    """How long `work` takes, in seconds of the process's own time, the garbage of earlier work collected before."""
    gc.collect()
    began = time.process_time()
    work()
    return time.process_time() - began


def one_round(directory: Path, codes: Sequence[str]) -> dict[str, float]:
    """The seconds of one parsing and one check, and the size of what was read."""
    warnings.simplefilter("ignore", SyntaxWarning)
    texts = texts_of(directory)
    parsing = seconds(lambda: parse(texts))
    # Held texts are no part of a check's work: what is left of them is dropped before it.
    files, size = len(texts), sum(map(len, texts))
    texts.clear()
    return {"parse": parsing, "check": seconds(lambda: check(directory, codes)), "files": files, "characters": size}


def main(argv: Sequence[str] | None = None) -> int:
    """Print the ratio; 1 if it is above `--at-most`."""
    parser = argparse.ArgumentParser(description="Time of a cold check against bare ast.parse of the same files.")
    parser.add_argument("directory", type=Path, nargs="?", default=None)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--select", default="", help="check by these rules alone: codes between commas")
    parser.add_argument("--at-most", type=float, default=None, help="fail above this ratio")
    parser.add_argument("--one-round", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    directory: Path = (arguments.directory or home() / "pretix").resolve()
    if arguments.one_round:
        print(json.dumps(one_round(directory, list(filter(None, arguments.select.split(","))))))
        return 0
    command = [sys.executable, __file__, "--one-round", "--select", arguments.select, str(directory)]
    with tempfile.TemporaryDirectory() as compiled:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        rounds: list[dict[str, float]] = [
            json.loads(subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout)
            for _ in range(1 + arguments.rounds)
        ][1:]
    parsed, checked = (statistics.median(one[what] for one in rounds) for what in ("parse", "check"))
    ratio = statistics.median(one["check"] / one["parse"] for one in rounds)
    print(f"{directory.name}: {rounds[0]['files']} files, {rounds[0]['characters'] / 1e6:.1f} million characters")
    print(f"ast.parse {parsed:.2f} s, check {checked:.2f} s, ratio {ratio:.2f} (median of {arguments.rounds})")
    return int(arguments.at_most is not None and ratio > arguments.at_most)


if __name__ == "__main__":
    raise SystemExit(main())
