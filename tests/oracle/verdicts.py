"""What the tool says of each list endpoint of a project, and where running the project says otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from djlint_spec.config import Config
from djlint_spec.engine import check_tree
from djlint_spec.engine.run import project_of
from djlint_spec.queries import endpoints_of
from djlint_spec.source.tree import Tree
from tests.oracle.running import Told

_CODES = ("DJS201", "DJS202", "DJS203")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the findings and the solver say of one endpoint. `unknown` are causes; such an endpoint is not judged."""

    name: str
    select: tuple[str, ...] = ()
    prefetch: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def grows(self) -> bool:
        """Whether the tool says that the endpoint queries per row."""
        return bool(self.select or self.prefetch or self.queries)

    def told(self, requests: Sequence[str] = ("",)) -> Told:
        """The verdict as the worker takes it."""
        return Told(self.select, self.prefetch, self.queries, tuple(requests))


@dataclass(slots=True)
class _Gathered:
    select: list[str] = field(default_factory=list)
    prefetch: list[str] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)


def verdicts(tree: Tree, config: Config | None = None) -> dict[str, Verdict]:
    """The verdict on each list endpoint that the tool sees, by `module.View` or `module.View.action`."""
    wanted = replace(config or Config(), select=_CODES)
    found: dict[str, _Gathered] = {}
    report = check_tree(tree, wanted)
    assert report.faults == (), report.faults[0].traceback
    for finding in report.findings:
        for name in _texts(finding.data["endpoints"]):
            gathered = found.setdefault(name, _Gathered())
            gathered.select.extend(_texts(finding.data["missing_select_related"]))
            gathered.prefetch.extend(_texts(finding.data["missing_prefetch_related"]))
            if finding.code == "DJS203":
                gathered.queries.extend(_paths(finding.data["reads"]))
    told = {name: Verdict(name, tuple(g.select), tuple(g.prefetch), tuple(g.queries)) for name, g in found.items()}
    for endpoint in endpoints_of(project_of(tree, wanted)).lists:
        held = told.get(endpoint.name, Verdict(endpoint.name))
        causes = tuple(f"{unknown.cause}: {unknown.detail}" for unknown in endpoint.unknown)
        told[endpoint.name] = replace(held, unknown=causes)
    return told


def _texts(value: object) -> list[str]:
    assert isinstance(value, list)
    return [str(text) for text in value]


def _paths(reads: object) -> list[str]:
    assert isinstance(reads, list)
    return [str(read["path"]).replace(".", "__") for read in reads]


def disagreements(verdict: Verdict, did: Mapping[str, Any]) -> Iterator[str]:
    """Each way in which an endpoint that was measured does not do what the verdict says."""
    if "failed" in did:
        yield f"failed: {did['failed']}"
        return
    growth: Mapping[str, int] = did["growth"]
    mended = growth.get("mended", growth["as it is"])
    if did["rows"][1] - did["rows"][0] < did["more"]:
        yield f"its rows go from {did['rows'][0]} to {did['rows'][1]}: it shows nothing"
    if bool(growth["as it is"]) != verdict.grows:
        yield f"grows by {growth['as it is']} queries, is judged {'N+1' if verdict.grows else 'clean'}: {did['sql']}"
    if not verdict.queries and mended:
        yield f"still grows by {mended} with {verdict.select} and {verdict.prefetch} loaded: {did['sql']}"
    if verdict.queries and not mended:
        yield f"no longer grows with {verdict.select} and {verdict.prefetch} loaded: {verdict.queries} are loaded too"
    for path in (*verdict.select, *verdict.prefetch):
        without, with_it = growth[f"without {path}"], growth[f"up to {path}"]
        if with_it >= without:
            yield f"{path} is not missing: {without} without it, {with_it} with it"
    for trial, grown in growth.items():
        if trial.startswith("also ") and grown < mended:
            yield f"{trial.removeprefix('also ')} is missing too: {mended} without it, {grown} with it"
    if not did["same"]:
        yield "answers otherwise with the advice applied"
