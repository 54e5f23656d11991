"""Fix the corpora in memory, safely and unsafely, and hold the result to what must hold of every fix.

    python benchmarks/fix_corpora.py [--into DIRECTORY] [NAME ...]

Prints the number of fixes by rule and every property that does not hold; writes `fixes.json` with the changed hunks
(those of projects that are not named stay in it), from which `--sample N` draws those that are read by hand
(`triage/fixes.toml`).
"""

from __future__ import annotations

import argparse
import difflib
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import black
from fetch_corpora import home, present

from djlint_spec.config import Config
from djlint_spec.engine import Fixing, Report, check_tree
from djlint_spec.fixes.layout import layout_of
from djlint_spec.source import DiskTree, Tree

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.fixes.formatting import lines_of
from tests.fixes.properties import broken_properties

RESULTS = Path(__file__).with_name("fixes.json")
_CONTEXT = 2


def hunks(project: str, fixing: Fixing) -> Iterator[dict[str, object]]:
    """The changed stretches of a project, each with the lines around it."""
    for path in sorted(fixing.after):
        before, after = lines_of(fixing.before[path]), lines_of(fixing.after[path])
        for group in difflib.SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(_CONTEXT):
            lines: list[str] = []
            for kind, i1, i2, j1, j2 in group:
                if kind == "equal":
                    lines += [f" {line}" for line in before[i1:i2]]
                else:
                    lines += [f"-{line}" for line in before[i1:i2]] + [f"+{line}" for line in after[j1:j2]]
            yield {"project": project, "path": path, "row": group[0][1] + 1, "diff": fixing.mask("".join(lines))}


def fixed(project: str, folder: Path, *, unsafe: bool) -> tuple[Fixing, list[str]]:
    """The fixing of one corpus, and the properties that do not hold of it."""
    tree = DiskTree(folder)
    layout = layout_of(tree.text)
    mode = black.Mode(
        line_length=layout.line_length,
        string_normalization=layout.quotes,
        magic_trailing_comma=layout.magic_commas,
        preview=layout.preview,
    )

    def check(seen: Tree) -> Report:
        return check_tree(seen, Config())

    return broken_properties(tree, check, unsafe=unsafe, mode=mode)


def main() -> int:
    """Exit code 1 when a property does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--into", type=Path, default=home())
    parser.add_argument("--sample", type=int, default=0)
    options = parser.parse_args()
    if options.sample:
        show(json.loads(RESULTS.read_text(encoding="utf-8")), options.sample)
        return 0
    found: list[dict[str, object]] = []
    wrong = 0
    for name, folder in present(options.into, options.names).items():
        for unsafe in (False, True):
            fixing, broken = fixed(name, folder, unsafe=unsafe)
            counts = Counter(finding.code for finding in fixing.fixed)
            told = ", ".join(f"{code} {count}" for code, count in sorted(counts.items())) or "nothing"
            print(f"{name}, {'with unsafe' if unsafe else 'safe'} fixes: {told}", flush=True)
            for why, count in Counter(unfixed.why for unfixed in fixing.unfixed).items():
                print(f"  {count} not fixed: {why}")
            for line in broken:
                print(f"  BROKEN {line}")
            wrong += len(broken)
            if unsafe:
                found.extend(hunks(name, fixing))
    held = json.loads(RESULTS.read_text(encoding="utf-8")) if options.names and RESULTS.exists() else []
    found = sorted([*found, *(hunk for hunk in held if hunk["project"] not in options.names)], key=_place)
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"{len(found)} hunks, {wrong} properties broken")
    return 1 if wrong else 0


def _place(hunk: dict[str, object]) -> tuple[str, str, int]:
    row = hunk["row"]
    assert isinstance(row, int)
    return str(hunk["project"]), str(hunk["path"]), row


def show(found: Sequence[dict[str, object]], count: int) -> None:
    """Print a sample of the hunks."""
    for hunk in random.Random(20261125).sample(list(found), min(count, len(found))):
        print(f"== {hunk['project']} {hunk['path']}:{hunk['row']}\n{hunk['diff']}")


if __name__ == "__main__":
    sys.exit(main())
