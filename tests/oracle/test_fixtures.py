"""Every list endpoint of the fixture projects does what the tool says of it, path by path."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from djlint_spec.source.tree import DiskTree
from tests.oracle.costs import Costed, costs_of, miscounted
from tests.oracle.running import Told, Worker
from tests.oracle.verdicts import Verdict, disagreements, linked, verdicts

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
PROJECTS = ("bookstore", "blog", "orders", "accounts")


@dataclass(frozen=True, slots=True)
class Oracle:
    """One fixture project: what is said of it and what it does."""

    said: Mapping[str, Verdict]
    did: Mapping[str, dict[str, Any]]
    costs: Mapping[str, Costed]
    notes: Mapping[str, Any]

    @property
    def unknown(self) -> frozenset[str]:
        """The endpoints that are rightly in doubt."""
        return frozenset(self.notes.get("unknown", ()))


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker() as running:
        yield running


@pytest.fixture(scope="module", params=PROJECTS)
def oracle(request: pytest.FixtureRequest, worker: Worker) -> Oracle:
    root = _FIXTURES / request.param
    notes = tomllib.loads((root / "ORACLE.toml").read_text(encoding="utf-8")) if (root / "ORACLE.toml").exists() else {}
    said = verdicts(DiskTree(root))
    costs = costs_of(linked(DiskTree(root)))
    requests = notes.get("requests", {})
    told = {
        name: verdict.told(requests.get(name, ("",)), costs[name].places if name in costs else ())
        for name, verdict in said.items()
    }
    did = worker.run(root, "config.settings", told)
    # What the tool does not see at all is measured as clean: it must not grow.
    unseen = {name: Told(requests=tuple(requests.get(name, ("",)))) for name, done in did.items() if "untold" in done}
    if unseen:
        again = worker.run(root, "config.settings", unseen)
        did.update({name: again[name] for name in unseen})
    for name in notes.get("constant", ()):
        assert did[name]["growth"] == {"as it is": 0}
        del did[name]
    return Oracle({**{name: Verdict(name) for name in unseen}, **said}, did, costs, notes)


def test_verdicts_and_paths_are_what_running_shows(oracle: Oracle) -> None:
    wrong = {
        name: found
        for name, done in oracle.did.items()
        if name not in oracle.unknown and "no url" not in done
        if (found := [*disagreements(oracle.said[name], done), *_unresolved(oracle.said[name])])
    }
    assert not wrong, json.dumps(wrong, indent=1)


def test_the_queries_of_a_list_are_as_many_as_estimated(oracle: Oracle) -> None:
    beside, at_most = oracle.notes.get("beside", {}), oracle.notes.get("at_most", {})
    judged = {name: done for name, done in oracle.did.items() if name in oracle.costs and "places" in done}
    wrong = {
        name: found
        for name, done in judged.items()
        if (found := list(miscounted(oracle.costs[name], done, beside=name in beside, at_most=name in at_most)))
    }
    assert not wrong, json.dumps(wrong, indent=1)
    assert {name for name in oracle.did if name in oracle.said and oracle.said[name].grows} <= set(judged)


def _unresolved(verdict: Verdict) -> list[str]:
    return [f"unknown: {', '.join(verdict.unknown)}"] if verdict.unknown else []


def test_what_cannot_be_resolved_is_not_judged(oracle: Oracle) -> None:
    for name in oracle.unknown:
        assert oracle.said[name].unknown
        assert not oracle.said[name].grows


def test_every_endpoint_is_routed(oracle: Oracle) -> None:
    assert [name for name, done in oracle.did.items() if "no url" in done] == []
