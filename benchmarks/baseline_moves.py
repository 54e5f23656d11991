"""Whether a baseline outlives another formatting and moved functions.

    python benchmarks/baseline_moves.py [--length COLUMNS] [--moves COUNT] DIRECTORY

In a copy of the directory: takes a baseline, formats every file with Black at another line length, and moves functions
to the end of their file, those in files with findings first. Printed are the findings that the baseline then does not
know, and the entries whose finding is gone; there must be none, and the script ends with 1 where there are.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

SEED = 20261125


def tool(root: Path, *arguments: str) -> tuple[str, str]:
    """What a command of ours prints, and tells. Raises SystemExit when it cannot do its work."""
    run = subprocess.run(
        [sys.executable, "-m", "djlint_spec", *arguments], cwd=root, capture_output=True, text=True, check=False
    )
    if run.returncode == 2:
        raise SystemExit(f"{' '.join(arguments)}: {run.stderr.strip()[-400:]}")
    return run.stdout, run.stderr


def movable(text: str) -> list[tuple[int, int]]:
    """The lines (from 0, end excluded) of top-level functions that can be moved: their names are bound once."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return []
    names = Counter(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    found = []
    for node in tree.body[:-1]:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and names[node.name] == 1:
            start = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]) - 1
            found.append((start, node.end_lineno or node.lineno))
    return found


def move(path: Path) -> bool:
    """Move one function, drawn at random, to the end of its file; whether there was one."""
    text = path.read_text(encoding="utf-8")
    places = movable(text)
    if not places:
        return False
    start, end = random.Random(f"{SEED}{path}").choice(places)
    lines = text.splitlines(keepends=True)
    moved = [*lines[:start], *lines[end:], "\n\n", *lines[start:end]]
    path.write_text("".join(moved), encoding="utf-8")
    return True


def moved(root: Path, first: Sequence[str], count: int) -> int:
    """How many functions were moved, of those asked for; one to a file, beginning with the files named."""
    rest = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.py"))
    random.Random(SEED).shuffle(rest)
    done = 0
    for name in dict.fromkeys([*first, *rest]):
        if done == count:
            break
        done += move(root / name)
    return done


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--length", type=int, default=70)
    parser.add_argument("--moves", type=int, default=50)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / given.directory.name
        shutil.copytree(given.directory, root)
        tool(root, "baseline", "--output", "djlint-spec-baseline.json")
        known = json.loads((root / "djlint-spec-baseline.json").read_text(encoding="utf-8"))["findings"]
        black = [sys.executable, "-m", "black", "--quiet", "--fast", "--line-length", str(given.length), "."]
        subprocess.run(black, cwd=root, check=False)
        count = moved(root, sorted({entry["path"] for entry in known}), given.moves)
        new, told = tool(root, "check", "--no-cache", "--output-format=concise")
        gone = re.search(r"^(\d+) entr", told, re.MULTILINE)
        print(f"{len(known)} known findings; line length {given.length}; {count} functions moved")
        print(f"{len(new.splitlines())} new, {gone[1] if gone else 0} lost")
        print(new, end="")
        sys.exit(1 if new or gone else 0)


if __name__ == "__main__":
    main()
