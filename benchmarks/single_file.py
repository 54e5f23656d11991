"""What the pylint plugin adds to a run of pylint on one file after an edit, as part of what pylint takes by itself.

    python -m benchmarks.single_file /path/to/project [--edits N]

Works on a copy of the project. A statement is put into the body of a function, in functions drawn at random from all
that are in neither tests nor migrations; then pylint runs on that file with its defaults, and again with the plugin,
each as a process of its own. The plugin keeps its cache from run to run, as when one works on a project. Times are
those of the processor. Printed are the ratio for each edit, their median and the worst.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.editing import bodies

_SEED = 20261125
_PLUGIN = "--load-plugins=djlint_spec.pylint_plugin"


def taken(root: Path, file: Path, *options: str) -> float:
    """Seconds of processor time that pylint takes for a file."""
    before = os.times()
    subprocess.run(
        [sys.executable, "-m", "pylint", "--persistent=n", *options, file.relative_to(root).as_posix()],
        cwd=root,
        check=False,  # it says by its exit code what it found
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path)
    parser.add_argument("--edits", type=int, default=12)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        shutil.copytree(arguments.project, root, symlinks=True)
        ours = (_PLUGIN, f"--djlint-spec-cache-dir={folder}/cache")
        chosen = random.Random(_SEED).sample(sorted(bodies(root)), arguments.edits)
        first = chosen[0][0]
        print(f"cold: {taken(root, first, *ours) - taken(root, first):.1f} s more than pylint")
        ratios: list[float] = []
        for file, offset, indentation in chosen:
            text = file.read_text(encoding="utf-8", errors="replace")
            file.write_text(f"{text[:offset]}{indentation}changed = 1\n{text[offset:]}", encoding="utf-8")
            alone = taken(root, file)
            edited = taken(root, file, *ours) - alone
            again = taken(root, file, *ours) - alone
            ratios.append(edited / alone)
            print(
                f"{ratios[-1]:6.0%} of {alone:5.1f} s ({again / alone:4.0%} when run again) "
                f"{file.relative_to(root).as_posix()}",
                flush=True,
            )
        print(f"median {statistics.median(ratios):.0%}, worst {max(ratios):.0%}")


if __name__ == "__main__":
    main()
