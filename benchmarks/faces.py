"""Compare what the command, the pylint plugin and the flake8 plugin find in the corpora; write `faces.toml`.

    python benchmarks/faces.py [--into DIRECTORY] [NAME ...]

A finding is (file, line, code). Left out, as the plugins promise no more: DJS001 and DJS002, and what a comment of
another tool's own syntax silences there (`# pylint: disable`, `# flake8: noqa`), which is counted. Seconds are those
of the clock, with the facts of an earlier run in the cache.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from fetch_corpora import home, pinned

HERE = Path(__file__).parent
TARGET = HERE / "faces.toml"
LEFT_OUT = ("DJS001", "DJS002")
_FLAKE8 = re.compile(r"^(?:\./)?(.+?):(\d+):\d+: (DJS\d+) ")
_PYLINT_COMMENT = re.compile(r"#.*pylint:\s*(?:disable|skip-file)")
_FLAKE8_COMMENT = re.compile(r"#\s*flake8[:=]\s*noqa", re.IGNORECASE)

Places: TypeAlias = "set[tuple[str, int, str]]"


def run(root: Path, *arguments: str) -> tuple[str, float]:
    """What a command prints, and how many seconds it took. Raises SystemExit where it could not do its work."""
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=root, capture_output=True, text=True, check=False)
    took = time.monotonic() - began
    if "djlint-spec: " in done.stderr or "Traceback" in done.stderr:
        raise SystemExit(f"{arguments[0]} in {root.name}: {done.stderr.strip()[-600:]}")
    return done.stdout, took


def command(root: Path, cache: Path) -> tuple[Places, float]:
    """What `djlint-spec check` finds."""
    out, took = run(
        root, "djlint_spec", "check", f"--cache-dir={cache}", "--output-format=json", "--ignore=DJS001,DJS002"
    )
    return {(f["filename"], f["location"]["row"], f["code"]) for f in json.loads(out)}, took


def pylint(root: Path, cache: Path, files: Sequence[str], symbols: Sequence[str]) -> tuple[Places, float]:
    """What pylint finds with our messages alone."""
    out, took = run(
        root, "pylint", "--load-plugins=djlint_spec.pylint_plugin", "--persistent=n", "--output-format=json2",
        "--disable=all", f"--enable={','.join(symbols)}", f"--djlint-spec-cache-dir={cache}", "--jobs=1", *files,
    )  # fmt: skip
    messages = json.loads(out)["messages"]
    return {(m["path"], m["line"], f"DJS{m['messageId'][2:]}") for m in messages if m["messageId"][1] == "7"}, took


def flake8(root: Path, cache: Path, files: Sequence[str]) -> tuple[Places, float]:
    """What flake8 finds with our codes alone."""
    out, took = run(
        root, "flake8", "--isolated", "--select=DJS", f"--djlint-spec-cache-dir={cache}", "--jobs=1", *files
    )
    matches = (_FLAKE8.match(line) for line in out.splitlines())
    return {(m[1], int(m[2]), m[3]) for m in matches if m is not None}, took


def silenced(root: Path, places: Places, comment: re.Pattern[str]) -> Places:
    """The places in files in which another tool's own comment may silence what is found."""
    texts = {path: (root / path).read_text(encoding="utf-8", errors="replace") for path, _, _ in places}
    return {place for place in places if comment.search(texts[place[0]])}


def compared(root: Path) -> Mapping[str, int | float | list[str]]:
    """The figures of one project."""
    from djlint_spec.config import Config
    from djlint_spec.engine import rulebook
    from djlint_spec.engine.run import disk_tree

    symbols = [page.name for page in rulebook().pages.values() if page.code not in LEFT_OUT]
    files = list(disk_tree(root, Config()).python_files())
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder)
        command(root, cache)
        found, took = command(root, cache)
        from_pylint, pylint_took = pylint(root, cache, files, symbols)
        from_flake8, flake8_took = flake8(root, cache, files)
    quiet = silenced(root, found - from_pylint, _PYLINT_COMMENT), silenced(root, found - from_flake8, _FLAKE8_COMMENT)
    differ = (found ^ from_pylint) - quiet[0] | (found ^ from_flake8) - quiet[1]
    return {
        "findings": len(found),
        "pylint": len(from_pylint),
        "pylint_silenced": len(quiet[0]),
        "flake8": len(from_flake8),
        "flake8_silenced": len(quiet[1]),
        "differ": [f"{path}:{row} {code}" for path, row, code in sorted(differ)],
        "seconds": round(took, 1),
        "pylint_seconds": round(pylint_took, 1),
        "flake8_seconds": round(flake8_took, 1),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and write the figures of the projects that were named into the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=home(), help="where the corpora lie")
    parser.add_argument("names", nargs="*")
    given = parser.parse_args(arguments)
    tables: list[str] = []
    for corpus in pinned():
        if given.names and corpus.name not in given.names:
            continue
        figures = compared(given.into / corpus.name)
        lines = [f"{key} = {json.dumps(value)}" for key, value in figures.items()]
        tables.append("\n".join([f"[{corpus.name}]", *lines]))
        print(tables[-1], flush=True)
    if not given.names:
        TARGET.write_text("\n\n".join(tables) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
