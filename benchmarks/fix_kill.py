"""Kill a fixing run of 1,000 files with SIGKILL, 20 times at random moments; see what is left, and run again.

python benchmarks/fix_kill.py [--times 20] [--files 1000]
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.fixes.killing import damages, kill_while_writing, make_project, unfinished


def main() -> int:
    """Exit code 1 when anything is damaged or left undone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--files", type=int, default=1000)
    options = parser.parse_args()
    chance = random.Random(20261125)
    wrong = killed = 0
    for number in range(1, options.times + 1):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder) / "project"
            make_project(root, options.files)
            killed += kill_while_writing(root, chance, options.files)
            found = [*damages(root, options.files), *unfinished(root, options.files)]
        wrong += bool(found)
        print(f"{number}: {'; '.join(found) or 'whole, and ended by the next run'}", flush=True)
    print(f"{killed} of {options.times} runs killed while they wrote, {wrong} left damage")
    return 1 if wrong or killed < options.times else 0


if __name__ == "__main__":
    sys.exit(main())
