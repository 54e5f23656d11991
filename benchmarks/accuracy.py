"""Write `docs/accuracy.md`: what the tool sees and says of the corpora, and what reading by hand made of it.

    python benchmarks/accuracy.py [--into DIRECTORY]

The tables are measured (`doctor` and `check` on each corpus) or summed from data that is kept: `triage/*.toml`,
`mutation/*.toml`, `booted/*.toml` that `booted/boot.py` writes, and `faces.toml` that `faces.py` does. The words around
them stand in `accuracy.md` beside this script; `{{name}}` is where a table goes.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from fetch_corpora import home, pinned

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # the backport, on 3.10 only

HERE = Path(__file__).parent
TARGET = HERE.parent / "docs" / "accuracy.md"
DRAWN_TOGETHER = {
    "relation_findings": "DJS201, DJS202, DJS203, DJS301, DJS801 drawn together",
    "relation_findings_second": "the same, drawn a second time",
    "relation_silence": "list endpoints without a finding",
    "relation_silence_second": "the same, drawn a second time",
    "relation_templates": "DJS201, DJS202, DJS203 on lists with templates",
}
RATES = ("model bases", "serializers", "list-endpoint querysets")


def asked(*arguments: str) -> Any:  # JSON of any shape
    """What a command of ours answers as JSON. Raises SystemExit when it cannot do its work."""
    run = subprocess.run([sys.executable, "-m", "djlint_spec", *arguments], capture_output=True, text=True, check=False)
    if run.returncode == 2:
        raise SystemExit(f"{' '.join(arguments)}: {run.stderr.strip()[-400:]}")
    return json.loads(run.stdout)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table, numbers to the right."""
    lines = [f"| {' | '.join(head)} |", f"|---|{'---:|' * (len(head) - 1)}"]
    lines += [f"| {' | '.join(map(str, row))} |" for row in rows]
    return "\n".join(lines)


def measured(root: Path) -> tuple[str, str]:
    """The tables of sizes and rates, and of findings by rule."""
    sizes: list[Sequence[object]] = []
    counts: dict[str, Counter[str]] = {}
    for corpus in pinned():
        folder = str(root / corpus.name)
        told = asked("doctor", folder, "--output-format", "json")
        rates = [told["resolution"][what] for what in RATES]
        percent = [f"{100 * rate['resolved'] / rate['seen']:.0f} %" if rate["seen"] else "-" for rate in rates]
        seen = told["counts"]
        files = sum(1 for _ in (root / corpus.name).rglob("*.py"))
        sizes.append(
            (
                f"{corpus.name} {corpus.version}",
                files,
                seen["models"],
                rates[1]["seen"],
                rates[2]["seen"],
                seen["tasks"],
                *percent,
            )
        )
        findings = asked("check", folder, "--no-cache", "--output-format", "json")
        counts[corpus.name] = Counter(finding["code"] for finding in findings)
    codes = sorted({code for counter in counts.values() for code in counter})
    rows = [(name, *(counter[code] or "" for code in codes)) for name, counter in counts.items()]
    total = ("all", *(sum(counter[code] for counter in counts.values()) for code in codes))
    head = ("project", "files", "models", "serializers", "list endpoints", "tasks", "bases", "serializers", "querysets")
    return table(head, sizes), table(("project", *codes), [*rows, total])


def triaged() -> str:
    """The table of verdicts by hand."""
    rows = []
    folder = HERE / "triage"
    for file in (*sorted(folder.glob("DJS*.toml")), *sorted(folder.glob("relation_*.toml"))):
        kept = tomllib.loads(file.read_text(encoding="utf-8"))
        found = Counter(entry["verdict"] for entry in kept.get("finding", ()))
        silent = Counter(entry["verdict"] for entry in kept.get("silent", ()))
        read = sum(found.values())
        precision = f"{100 * found['right'] / read:.0f} %" if read else "-"
        rows.append(
            (
                DRAWN_TOGETHER.get(file.stem, file.stem),
                read,
                found["right"],
                precision,
                sum(silent.values()),
                silent["missed"],
            )
        )
    return table(("rule", "findings read", "right", "precision", "silent places read", "missed"), rows)


def mutated() -> str:
    """The table of mutants by operator."""
    sums: dict[tuple[str, str], Mapping[str, int]] = {}
    for file in sorted((HERE / "mutation").glob("*.toml")):
        for operator, entry in tomllib.loads(file.read_text(encoding="utf-8")).get("sum", {}).items():
            sums[file.stem, operator] = entry
    rows = [
        (rule, operator, entry["mutants"], entry["found"], f"{100 * entry['found'] / entry['mutants']:.0f} %")
        for (rule, operator), entry in sums.items()
    ]
    return table(("rule", "operator", "mutants that break something", "found", "share"), rows)


def fixed() -> str:
    """The table of fixes by rule, and what reading some of the changed hunks came to."""
    kept = tomllib.loads((HERE / "triage" / "fixes.toml").read_text(encoding="utf-8"))
    runs = kept["run"]
    codes = sorted({code for run in runs for code in run["fixes"]})
    rows = [
        (
            run["project"],
            *(run["fixes"].get(code, "") for code in codes),
            len(run.get("dropped", ())) or "",
            run.get("black", ""),
        )
        for run in runs
    ]
    drawn = [hunk for hunk in kept["hunk"] if hunk.get("drawn", True)]
    right = sum(hunk["verdict"] == "right" for hunk in drawn)
    made = table(("project", *codes, "dropped", "lines that Black would change"), rows)
    return f"{made}\n\nOf {len(drawn)} changed hunks that were drawn and read, {right} can be merged as they are."


def booted() -> tuple[str, str]:
    """The tables of booted projects: sums, and every endpoint on which verdict and measurement differ."""
    sums: list[Sequence[object]] = []
    apart: list[Sequence[object]] = []
    for file in sorted((HERE / "booted").glob("*.toml")):
        kept = tomllib.loads(file.read_text(encoding="utf-8"))
        if "endpoint" not in kept:
            continue
        results = Counter((entry["result"], entry["verdict"]) for entry in kept["endpoint"])
        advised = [entry["mended_by_advice"] for entry in kept["endpoint"] if "mended_by_advice" in entry]
        grown = [entry for entry in kept["endpoint"] if (entry["result"], entry["verdict"]) == ("agrees", "grows")]
        paths = sum(len(entry.get(way, ())) for entry in grown for way in ("select_related", "prefetch_related"))
        idle = sum(len(entry.get("without_effect", ())) for entry in grown)
        project = f"{kept['project']} {kept['version']}"
        sums.append(
            (
                project,
                kept["django"],
                results["agrees", "grows"],
                results["agrees", "clean"],
                results["disagrees", "clean"],
                results["disagrees", "grows"],
                results["not judged", "unknown"],
                sum(count for (result, _), count in results.items() if result == "not measured"),
                f"{sum(advised)} of {len(advised)}",
                f"{paths - idle} of {paths}",
            )
        )
        for entry in kept["endpoint"]:
            if entry["result"] == "disagrees" or entry.get("mended_by_advice") is False:
                was = " to ".join(map(str, entry["measured"]))
                verdict = entry["verdict"] if entry["result"] == "disagrees" else "grows, advice falls short"
                apart.append((kept["project"], entry["endpoint"], verdict, was, entry.get("why", "")))
    head = (
        "project",
        "Django",
        "both grow",
        "both clean",
        "missed",
        "falsely reported",
        "Unknown",
        "not measured",
        "mended",
        "paths",
    )
    return table(head, sums), table(("project", "endpoint", "verdict", "queries", "why"), apart)


def faces() -> str:
    """The table of what each face finds in the corpora."""
    kept = tomllib.loads((HERE / "faces.toml").read_text(encoding="utf-8"))
    rows = [
        (
            name,
            entry["findings"],
            entry["pylint"] + entry["pylint_silenced"],
            entry["flake8"] + entry["flake8_silenced"],
            entry.get("server", "not run"),
            len(entry["differ"]),
        )
        for name, entry in kept.items()
    ]
    return table(("project", "command", "pylint plugin", "flake8 plugin", "server", "differ"), rows)


def main(argv: Sequence[str] | None = None) -> int:
    """Write the page."""
    parser = argparse.ArgumentParser(description="Write docs/accuracy.md.")
    parser.add_argument("--into", type=Path, default=home(), help="where the corpora lie")
    sizes, findings = measured(parser.parse_args(argv).into)
    tables: Mapping[str, Callable[[], str]] = {
        "sizes": lambda: sizes,
        "findings": lambda: findings,
        "triage": triaged,
        "mutants": mutated,
        "fixes": fixed,
        "booted": lambda: booted()[0],
        "apart": lambda: booted()[1],
        "faces": faces,
    }
    text = (HERE / "accuracy.md").read_text(encoding="utf-8")
    for name, make in tables.items():
        text = text.replace("{{" + name + "}}", make())
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
