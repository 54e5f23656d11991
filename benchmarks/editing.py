"""How long an editor waits: from a change of a document to its diagnostics, against one cold check of the project.

    python -m benchmarks.editing /path/to/nautobot --base-model nautobot/core/models/__init__.py:BaseModel

Talks to `djlint-spec server` over stdio as an editor does; nothing is written into the project. Three kinds of change:
a statement put into the body of a function, as many times as `--edits` says, in functions drawn at random from all that
are in neither tests nor migrations; a field put into the class of `--base-model`; and a bracket left open.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.lsp.editor import Editor, editor_of_process

_SEED = 20261125
_HEADER = re.compile(r"^( *)(?:async )?def \w+\(.*\).*:\n(\1 +)", re.MULTILINE)
_LONGEST = 600


def cold_check(root: Path) -> float:
    """Seconds that `djlint-spec check` takes without a cache, as a process of its own."""
    command = [sys.executable, "-m", "djlint_spec", "check", "--no-cache", "--exit-zero", "--statistics", str(root)]
    start = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - start


def bodies(root: Path) -> Iterator[tuple[Path, int, str]]:
    """File, offset and indentation of the first line in every function outside tests and migrations."""
    for file in sorted(root.rglob("*.py")):
        place = f"/{file.relative_to(root).as_posix()}"
        if "/test" in place or "/migrations/" in place or "/node_modules/" in place:
            continue
        for match in _HEADER.finditer(file.read_text(encoding="utf-8", errors="replace")):
            yield file, match.start(2), match[2]


class Clock:
    """Changes documents and waits for their diagnostics."""

    def __init__(self, client: Editor) -> None:
        self._client = client
        self._versions: dict[Path, int] = {}

    def measured(self, file: Path, text: str) -> tuple[float, float]:
        """Seconds until the document's own diagnostics are there, and until all is judged; then all is as before."""
        before = file.read_text(encoding="utf-8", errors="replace")
        if file not in self._versions:
            self._versions[file] = 1
            self._client.open(file, before)
            self._settle(file)
        start = time.monotonic()
        self._change(file, text)
        self._client.diagnostics(file, self._versions[file], timeout=_LONGEST)
        seen = time.monotonic() - start
        self._settle(file)
        settled = time.monotonic() - start
        self._change(file, before)
        self._settle(file)
        return seen, settled

    def _change(self, file: Path, text: str) -> None:
        self._versions[file] += 1
        self._client.change(file, text, self._versions[file])

    def _settle(self, file: Path) -> None:
        """A hover is answered when all that was told before is taken in."""
        place = {"textDocument": {"uri": file.as_uri()}, "position": {"line": 0, "character": 0}}
        self._client.request("textDocument/hover", place, timeout=_LONGEST)


def main() -> None:
    """Measure, and print what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("--base-model", help="path:Class, the path from the root")
    parser.add_argument("--edits", type=int, default=21)
    given = parser.parse_args()
    root = given.root.resolve()
    cold = statistics.median(cold_check(root) for _ in range(2))
    print(f"cold check: {cold:.1f} s")
    with tempfile.TemporaryDirectory() as cache, editor_of_process() as (client, _):
        client.start(root, settings={"cacheFolder": cache})
        clock = Clock(client)
        found: list[tuple[float, float]] = []
        for file, at, indent in random.Random(_SEED).sample(list(bodies(root)), given.edits):
            text = file.read_text(encoding="utf-8", errors="replace")
            found.append(clock.measured(file, f"{text[:at]}{indent}print()\n{text[at:]}"))
        _tell("a body edit", found, cold)
        file, at, indent = next(iter(bodies(root)))
        text = file.read_text(encoding="utf-8", errors="replace")
        _tell(
            "a broken file", [clock.measured(file, f"{text[:at]}{indent}print(\n{text[at:]}") for _ in range(5)], cold
        )
        if given.base_model:
            path, _, name = given.base_model.rpartition(":")
            text = (root / path).read_text(encoding="utf-8")
            field = '\\g<0>    added_here = models.CharField(max_length=9, default="")\n'
            changed = re.sub(rf"^class {name}\b.*:\n", field, text, count=1, flags=re.MULTILINE)
            assert changed != text, f"no class {name} in {path}"
            _tell("a field of a base model", [clock.measured(root / path, changed) for _ in range(3)], cold)


def _tell(what: str, found: list[tuple[float, float]], cold: float) -> None:
    seen, settled = (statistics.median(times) for times in zip(*found, strict=True))
    worst = max(seen for seen, _ in found)
    print(
        f"{what}: {seen:.2f} s = {100 * seen / cold:.1f} % of a cold check (worst {100 * worst / cold:.1f} %); "
        f"everything else judged after {100 * settled / cold:.1f} %"
    )


if __name__ == "__main__":
    main()
