"""Static and runtime verdicts agree on projects that no one thought of."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from djlint_spec.source.tree import MemoryTree
from tests.oracle.generator.productions import PRODUCTIONS
from tests.oracle.generator.project import Generated, projects
from tests.oracle.running import Worker
from tests.oracle.verdicts import Verdict, disagreements, quick_verdicts

EXAMPLES = int(os.environ.get("EXAMPLES", "100"))
"""How many projects; `make oracle EXAMPLES=5000` for a long run."""
_MOST_UNKNOWN = 0.02
_MOST_BROKEN = 0.02
_LONG = 1000


class Tally:
    """What a run has come to."""

    def __init__(self) -> None:
        self.projects = self.endpoints = self.clean = 0
        self.broken: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()
        self.productions = Counter(dict.fromkeys(PRODUCTIONS, 0))


@pytest.fixture(scope="module")
def tally() -> Iterator[Tally]:
    yield Tally()


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker() as running:
        yield running


def test_verdicts_agree_on_generated_projects(worker: Worker, tally: Tally, tmp_path: Path) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=EXAMPLES < _LONG,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        phases=[Phase.generate, Phase.shrink],
    )
    @given(projects())
    def agree(project: Generated) -> None:
        tally.projects += 1
        tally.productions.update(project.productions)
        wrong = compare(project, worker, tmp_path / "project", tally)
        assert not wrong, "\n".join(wrong)

    agree()


def test_few_endpoints_are_unknown(tally: Tally) -> None:
    share = sum(tally.unknown.values()) / tally.endpoints
    print(f"\n{tally.projects} projects, {tally.endpoints} endpoints, {tally.clean} of them clean, {share:.2%} unknown")
    print(f"{len(tally.broken)} kinds of request that Django refuses, {sum(tally.broken.values())} requests")
    print(f"{len(tally.productions)} productions, from the rarest on:")
    for production, count in sorted(tally.productions.items(), key=lambda item: item[1]):
        print(f"  {count:6} {production}")
    assert share <= _MOST_UNKNOWN, tally.unknown.most_common(5)
    assert sum(tally.broken.values()) <= tally.endpoints * _MOST_BROKEN, tally.broken.most_common(5)


def test_every_production_occurs(tally: Tally) -> None:
    # 50 times in 5,000 examples; how often in a short run is chance.
    if tally.projects >= _LONG:
        assert {name: count for name, count in tally.productions.items() if count < tally.projects // 100} == {}


def compare(project: Generated, worker: Worker, root: Path, tally: Tally) -> list[str]:
    """Where a project does not do what is said of it."""
    shutil.rmtree(root, ignore_errors=True)
    for path, text in project.files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    said = quick_verdicts(MemoryTree(project.files))
    asked = {name: said.get(name, Verdict(name)) for name in project.requests}
    did = worker.run(root, "settings", {name: v.told(project.requests[name]) for name, v in asked.items()}, rings=True)
    wrong: list[str] = []
    for name, verdict in asked.items():
        tally.endpoints += 1
        if "broken" in did[name]:
            tally.broken[did[name]["broken"]] += 1  # Django itself refuses it
            continue
        if verdict.unknown:
            tally.unknown[verdict.unknown[0]] += 1
            continue
        wrong += [f"{name}: {found}" for found in disagreements(verdict, did[name])]
        tally.clean += not verdict.grows
    return wrong
