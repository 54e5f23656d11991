"""Whether what is said to be missing is what an endpoint lacks: measured with it loaded, and with parts of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.fields import GenericForeignKey

from tests.oracle.inside.measuring import (
    Answer,
    EndpointFailed,
    Loading,
    ask,
    list_urls,
    listed_model,
    loaded_by,
    rows_at,
)
from tests.oracle.inside.rows import Rows

_DEEPEST_CANDIDATE = 2


@dataclass(frozen=True)
class Endpoint:
    """An endpoint and what is said of it: lookups that are missing, paths that are queried whatever is loaded."""

    name: str
    missing: Loading
    queries: tuple[str, ...]
    requests: tuple[str, ...] = ("",)
    places: tuple[str, ...] = ()

    @classmethod
    def of(cls, name: str, told: dict[str, Any]) -> Endpoint:
        """The endpoint of a job's table."""
        return cls(
            name,
            Loading(tuple(told["select"]), tuple(told["prefetch"])),
            tuple(told["queries"]),
            tuple(told.get("requests", ("",))),
            tuple(told.get("places", ())),
        )

    def trials(self) -> dict[str, Loading]:
        """What to load in turn, each under a name that tells what its growth shows."""
        trials = {"as it is": Loading()}
        both = (*self.missing.select, *self.missing.prefetch)
        if both:
            trials["mended"] = self.missing
        for path in both:
            without = self._keeping(path, itself=False)
            trials[f"without {path}"] = without
            trials[f"up to {path}"] = self._keeping(path, itself=True)
        if self.queries:
            for path in candidates(self, both):
                trials[f"also {path}"] = Loading(self.missing.select, (*self.missing.prefetch, path))
        return trials

    def _keeping(self, path: str, *, itself: bool) -> Loading:
        def kept(lookups: Sequence[str]) -> tuple[str, ...]:
            return tuple(
                other
                for other in lookups
                if (other == path and itself) or not (other == path or other.startswith(f"{path}__"))
            )

        return Loading(kept(self.missing.select), kept(self.missing.prefetch))


def candidates(endpoint: Endpoint, missing: Sequence[str]) -> Iterator[str]:
    """Paths that nobody names: loading one more of them must change nothing."""
    model = listed_model(endpoint.name)
    if model is None:
        return
    known = set(missing)
    reached = {path.partition("__")[0] for path in known} | loaded_by(endpoint.name)
    for path in _paths(model, _DEEPEST_CANDIDATE):
        first, _, further = path.partition("__")
        if further and first not in reached:
            continue  # what is read behind a row that is not loaded shows by that row
        queried = any(path == query or path.startswith(f"{query}__") for query in endpoint.queries if query)
        if path not in known and not queried:
            yield path


def _paths(model: Any, depth: int) -> Iterator[str]:
    for relation in model._meta.get_fields():
        if relation.auto_created and not relation.concrete:
            name = relation.get_accessor_name()
            if name is None:
                continue
        else:
            name = relation.name
        if isinstance(relation, GenericForeignKey):
            yield name
        elif relation.is_relation and relation.related_model is not None:
            yield name
            if depth > 1:
                yield from (f"{name}__{further}" for further in _paths(relation.related_model, depth - 1))


def compare(endpoints: Sequence[Endpoint], rows: Rows, few: int, many: int) -> dict[str, Any]:
    """What each endpoint does: its growth from few rows to many in every trial, and whether its answer stays."""
    urls = list_urls()
    told: dict[str, Any] = {name: {"untold": True} for name in urls}
    told.update({endpoint.name: {"no url": True} for endpoint in endpoints if endpoint.name not in urls})
    rows.add(few)
    routed = [endpoint for endpoint in endpoints if endpoint.name in urls]
    for endpoint in routed:  # what only the first request of a process asks for is not the list's
        once = _asked(urls, endpoint, {"as it is": Loading()})
        if isinstance(once, str):
            told[endpoint.name] = {"broken": once}
    routed = [endpoint for endpoint in routed if "broken" not in told[endpoint.name]]
    trials = {endpoint.name: endpoint.trials() for endpoint in routed}
    first = {endpoint.name: _asked(urls, endpoint, trials[endpoint.name]) for endpoint in routed}
    found = {endpoint.name: _places(urls, endpoint) for endpoint in routed}
    rows.add(many - few)
    for endpoint in routed:
        told[endpoint.name] = _judged(first[endpoint.name], _asked(urls, endpoint, trials[endpoint.name]), many - few)
        told[endpoint.name]["lists"] = (few, many)
        told[endpoint.name]["places"] = [
            {path: (before[path], count) for path, count in after.items()}
            for before, after in zip(found[endpoint.name], _places(urls, endpoint), strict=True)
        ]
    return told


def _places(urls: dict[str, str], endpoint: Endpoint) -> list[dict[str, Any]]:
    """For each request the rows at the end of each path that was asked for."""
    found = []
    for request in endpoint.requests if endpoint.places else ():
        try:
            ask(endpoint.name, urls[endpoint.name] + request, Loading())
        except Exception:  # noqa: BLE001 - told where the growth is measured
            return []
        found.append({path: rows_at(endpoint.name, path) for path in endpoint.places})
    return found


_Asked = dict[str, "list[Answer]"]


def _asked(urls: dict[str, str], endpoint: Endpoint, trials: dict[str, Loading]) -> _Asked | str:
    asked: dict[Loading, list[Answer]] = {}
    try:
        for loading in trials.values():
            if loading not in asked:  # several trials may come to the same
                url = urls[endpoint.name]
                asked[loading] = [ask(endpoint.name, url + request, loading) for request in endpoint.requests]
    except EndpointFailed as failed:
        return str(failed)
    except Exception as error:  # noqa: BLE001 - whatever a view of the project raises is told
        return f"{type(error).__name__}: {error}"
    return {name: asked[loading] for name, loading in trials.items()}


def _judged(few: _Asked | str, many: _Asked | str, more: int) -> dict[str, Any]:
    if isinstance(few, str) or isinstance(many, str):
        return {"failed": few if isinstance(few, str) else many}
    before, after = few["as it is"], many["as it is"]
    mended = many.get("mended", after)
    return {
        "growth": {name: sum(a.queries for a in many[name]) - sum(a.queries for a in few[name]) for name in few},
        "each": {
            name: [(a.queries, b.queries) for a, b in zip(answers, many[name], strict=True)]
            for name, answers in few.items()
        },
        "rows": [sum(answer.rows for answer in before), sum(answer.rows for answer in after)],
        "more": more,
        "same": [answer.body for answer in after] == [answer.body for answer in mended],
        "sql": [sql[:300] for answer in mended for sql in answer.sql][-4:],
    }
