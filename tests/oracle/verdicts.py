"""What the tool says of each list endpoint of a project, and where running the project says otherwise."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

from djlint_spec.cache import FactsCache
from djlint_spec.config import Config
from djlint_spec.diagnostics import JsonValue
from djlint_spec.engine import check_tree
from djlint_spec.engine.run import project_of
from djlint_spec.facts.tree import ModuleFacts
from djlint_spec.project import Project
from djlint_spec.queries import endpoints_of
from djlint_spec.queries.advice import missing_loading
from djlint_spec.queries.per_row import queries_per_row
from djlint_spec.source.tree import Tree
from tests.oracle.running import Told

Data: TypeAlias = "Mapping[str, JsonValue]"
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

    def told(self, requests: Sequence[str] = ("",), places: Sequence[str] = ()) -> Told:
        """The verdict as the worker takes it."""
        return Told(self.select, self.prefetch, self.queries, tuple(requests), tuple(places))


class _Remembered(FactsCache):
    """Facts of every text that was read: what Django and DRF define is the same for each project."""

    def __init__(self) -> None:
        super().__init__(Path(os.devnull))
        self._facts: dict[str, ModuleFacts] = {}

    def get(self, text: str, *, foreign: bool = False) -> ModuleFacts | None:
        """The facts of a text that was read before."""
        return self._facts.get(text)

    def put(self, facts: ModuleFacts) -> None:
        """Keep the facts of a text."""
        self._facts[facts.text] = facts


_FACTS = _Remembered()


@dataclass(slots=True)
class _Gathered:
    select: list[str] = field(default_factory=list)
    prefetch: list[str] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)


def verdicts(tree: Tree, config: Config | None = None) -> dict[str, Verdict]:
    """The verdict on each list endpoint that the tool sees, by `module.View` or `module.View.action`.

    Put together of what the rules report, and asked of the linked project which endpoints are in doubt.
    """
    wanted = replace(config or Config(), select=_CODES)
    report = check_tree(tree, wanted, cache=_FACTS)
    assert report.faults == (), report.faults[0].traceback
    project = project_of(tree, wanted, cache=_FACTS)
    return _gathered(project, ((finding.code, finding.data) for finding in report.findings))


def linked(tree: Tree) -> Project:
    """The linked project of a tree."""
    return project_of(tree, Config(select=_CODES), cache=_FACTS)


def quick_verdicts(tree: Tree) -> dict[str, Verdict]:
    """The same, of a project that is linked once: the rules' own questions without the report around them."""
    project = linked(tree)
    return _gathered(project, _found(project))


def _found(project: Project) -> Iterator[tuple[str, Data]]:
    lists = endpoints_of(project).lists
    for endpoint in lists:
        for code, to_many in (("DJS201", False), ("DJS202", True)):
            yield from ((code, finding.data) for finding in missing_loading(project, endpoint, to_many=to_many))
    yield from (("DJS203", query.data) for query in queries_per_row(lists))


def _gathered(project: Project, findings: Iterable[tuple[str, Data]]) -> dict[str, Verdict]:
    found: dict[str, _Gathered] = {}
    for code, data in findings:
        for name in _texts(data["endpoints"]):
            gathered = found.setdefault(name, _Gathered())
            gathered.select.extend(_texts(data["missing_select_related"]))
            gathered.prefetch.extend(_texts(data["missing_prefetch_related"]))
            if code == "DJS203":
                gathered.queries.extend(_paths(data["reads"]))
    told = {name: Verdict(name, tuple(g.select), tuple(g.prefetch), tuple(g.queries)) for name, g in found.items()}
    for endpoint in endpoints_of(project).lists:
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
    if "broken" in did:
        yield f"does not work: {did['broken']}"
        return
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
        without, with_it = (_of_each(did["each"][f"{trial} {path}"]) for trial in ("without", "up to"))
        # Requests that do not read the path may pay for it: a prefetch asks for its keys where they are left out.
        if not any(after < before for before, after in zip(without, with_it, strict=True)):
            yield f"{path} is not missing: {without} without it, {with_it} with it"
    for trial, grown in growth.items():
        if trial.startswith("also ") and grown < mended:
            yield f"{trial.removeprefix('also ')} is missing too: {mended} without it, {grown} with it"
    if not did["same"]:
        yield "answers otherwise with the advice applied"


def _of_each(counts: Iterable[tuple[int, int]]) -> list[int]:
    """By how many queries each request has grown."""
    return [many - few for few, many in counts]
