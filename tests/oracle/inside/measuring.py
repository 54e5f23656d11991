"""Calls list endpoints through DRF's test client and counts their queries, as they are and with more loaded."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Manager, Model, QuerySet, prefetch_related_objects
from django.db.models.query import MAX_GET_RESULTS, RawQuerySet
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.serializers import ListSerializer
from rest_framework.test import APIClient


@dataclass(frozen=True)
class Loading:
    """Lookups to load beside what the endpoint loads itself."""

    select: tuple[str, ...] = ()
    prefetch: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """One response: how many queries it took, how many rows it holds, their text in no order, the SQL."""

    queries: int
    rows: int
    body: str
    sql: tuple[str, ...]


@dataclass(frozen=True)
class _Reader:
    """Whoever asks with `#user` or `#staff` at the end of a request."""

    is_staff: bool = False
    is_authenticated: bool = True
    is_active: bool = True
    is_superuser: bool = False
    pk: int = 1
    id: int = 1


_LISTED: dict[str, Any] = {}
_HELD: dict[str, Any] = {}
_SHOWN: set[str] = set()
"""The endpoints that a template shows."""
_LOADED: dict[str, set[str]] = {}
_FETCHES: dict[str, int] = {}
"""Of endpoints that list rows which a view has fetched: the place of that fetch among those of a request."""


def loaded_by(endpoint: str) -> set[str]:
    """The relations of its rows that an endpoint loads itself, by the names of its lookups."""
    return _LOADED.get(endpoint, set())


def listed_model(endpoint: str) -> Any:
    """The model of the rows that an endpoint has answered with; None when they were no model's."""
    return _LISTED.get(endpoint)


def rows_at(endpoint: str, path: str) -> int | None:
    """How many rows the last answer of an endpoint as it is found at the end of a path; None where that is not seen.

    Counted are the objects that the serializer has read: rows that are prefetched once for several parents are one.
    """
    held = _HELD.get(endpoint)
    if isinstance(held, (Manager, QuerySet, RawQuerySet)):
        held = list(held.all() if isinstance(held, Manager) else held)
    if not isinstance(held, (list, tuple)):
        return None
    rows = list(held)
    for name in path.split("__") if path else ():
        rows = [row for owner in rows for row in _reached(owner, name)]
    return len({id(row): row for row in rows})


def _reached(owner: Any, name: str) -> Iterator[Any]:
    reached = getattr(owner, name, None)
    if isinstance(reached, Manager):
        yield from reached.all()
    elif isinstance(reached, list):
        yield from reached
    elif reached is not None:
        yield reached


class EndpointFailed(Exception):
    """An endpoint did not answer with 200; the message is what it said."""


def list_urls() -> dict[str, str]:
    """The URL of each endpoint without parameters, by `module.View` or `module.View.action`."""
    found: dict[str, str] = {}
    for pattern, url in walk(get_resolver(), "/"):
        view = getattr(pattern.callback, "cls", None) or getattr(pattern.callback, "view_class", None)
        if view is None or "<" in url or "(?P" in url or view.__module__.startswith("rest_framework."):
            continue
        by_function = view.__qualname__ == "WrappedAPIView"
        name = f"{view.__module__}.{view.__name__ if by_function else view.__qualname__}"
        actions = getattr(pattern.callback, "actions", None)
        if actions:
            action = actions.get("get")
            if action is None:
                continue
            name = name if action == "list" else f"{name}.{action}"
        found.setdefault(name, url)
    return found


def walk(resolver: Any, prefix: str) -> Iterator[tuple[Any, str]]:
    """Each pattern below a resolver with its whole route."""
    for pattern in resolver.url_patterns:
        text = prefix + str(pattern.pattern).removeprefix("^").removesuffix("$").replace("\\Z", "")
        if isinstance(pattern, URLResolver):
            yield from walk(pattern, text)
        elif isinstance(pattern, URLPattern):
            yield pattern, text


def ask(name: str, url: str, loading: Loading) -> Answer:
    """The answer of an endpoint with `loading` applied to the rows of its list."""
    client = APIClient()
    url, _, reader = url.partition("#")
    if reader:
        client.force_authenticate(_Reader(is_staff=reader == "staff"))
    connection.queries_log.clear()  # it holds 9,000 at most, and forgets the oldest
    with loaded(name, loading), CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    if response.status_code != 200:
        raise EndpointFailed(f"{url}: {response.status_code} {response.content[:300]!r}")
    if not response.headers["Content-Type"].startswith("application/json"):
        return _shown(name, response, captured.captured_queries)
    body = json.loads(response.content)
    rows = body.get("results", body) if isinstance(body, dict) else body
    return Answer(
        len(captured.captured_queries),
        len(rows),
        # Rows of an unordered list come as the database likes: a join may turn them round.
        json.dumps(sorted(json.dumps(row, sort_keys=True) for row in rows)),
        tuple(query["sql"] for query in captured.captured_queries),
    )


def _shown(name: str, response: Any, captured: list[dict[str, str]]) -> Answer:
    """The answer of a list that a template shows: its lines in no order."""
    listed = response.context_data["object_list"]
    _SHOWN.add(name)
    _note_model(name, listed)
    _HELD[name] = list(listed)
    lines = sorted(line for line in response.content.decode().splitlines() if line.strip())
    return Answer(len(captured), len(_HELD[name]), json.dumps(lines), tuple(query["sql"] for query in captured))


@contextmanager
def loaded(name: str, loading: Loading) -> Iterator[None]:
    """Within the block the rows that the outermost list serializer is given come with more loaded.

    Rows that a view has fetched itself, as a page or a list, get it by the queryset that fetched them. Where no list
    serializer is at work, the first queryset that runs does.
    """
    own_data, own_fetch = ListSerializer.data, QuerySet._fetch_all
    under_way: list[Any] = []
    as_it_is = loading == Loading()
    by_first = not as_it_is and (name not in _LISTED or name in _SHOWN)
    fetches: list[QuerySet[Any]] = []
    reached: list[QuerySet[Any]] = []

    def data(serializer: Any) -> Any:
        outermost = serializer.parent is None and not under_way
        if outermost and not hasattr(serializer, "_data"):
            if as_it_is:
                _note_model(name, serializer.instance)
                _note_fetch(name, serializer.instance, fetches)
                _HELD[name] = serializer.instance
            elif not reached:
                serializer.instance = _with(serializer.instance, loading)
        under_way.append(serializer)
        try:
            return own_data.fget(serializer)
        finally:
            under_way.pop()

    def fetch(rows: Any) -> None:
        if rows._result_cache is None and not under_way:
            fetches.append(rows)
            if by_first and _may_be_listed(name, rows):
                under_way.append(rows)
                _load_too(rows, loading)
            elif not as_it_is and len(fetches) - 1 == _FETCHES.get(name) and rows.model is _LISTED.get(name):
                reached.append(rows)
                _load_too(rows, loading)
        own_fetch(rows)

    ListSerializer.data = property(data)
    QuerySet._fetch_all = fetch
    try:
        yield
    finally:
        ListSerializer.data, QuerySet._fetch_all = own_data, own_fetch


def _load_too(rows: QuerySet[Any], loading: Loading) -> None:
    more = _chained(rows, loading)
    rows.query, rows._prefetch_related_lookups = more.query, more._prefetch_related_lookups


def _note_fetch(name: str, rows: Any, fetches: Sequence[QuerySet[Any]]) -> None:
    """Note which fetch of a request brought a list of rows."""
    _FETCHES.pop(name, None)
    if isinstance(rows, list) and rows:
        for place, fetched in enumerate(fetches):
            if not fetched.query.combinator and any(row is rows[0] for row in fetched._result_cache or ()):
                _FETCHES[name] = place
                return


def _may_be_listed(name: str, rows: QuerySet[Any]) -> bool:
    """Whether rows may be those that an endpoint lists: one that is got by itself, or of another model, is not."""
    return name not in _SHOWN or (rows.model is _LISTED[name] and rows.query.high_mark not in (1, MAX_GET_RESULTS))


def _note_loading(name: str, rows: QuerySet[Any]) -> None:
    joined = rows.query.select_related
    found = _LOADED.setdefault(name, set())
    found.update(joined if isinstance(joined, dict) else ())
    for lookup in rows._prefetch_related_lookups:
        found.add(getattr(lookup, "prefetch_through", lookup).partition("__")[0])


def _note_model(name: str, rows: Any) -> None:
    if isinstance(rows, QuerySet):
        _note_loading(name, rows)
    _LISTED.setdefault(name, None)
    if isinstance(rows, (Manager, QuerySet, RawQuerySet)):
        _LISTED[name] = rows.model
    elif isinstance(rows, (list, tuple)) and rows and isinstance(rows[0], Model):
        _LISTED[name] = type(rows[0])


def _with(rows: Any, loading: Loading) -> Any:
    if isinstance(rows, Manager):
        rows = rows.all()
    if isinstance(rows, QuerySet) and rows._result_cache is None and not rows.query.combinator:
        return _chained(rows, loading)
    held = [row for row in list(rows) if isinstance(row, Model)]
    if held:
        prefetch_related_objects(held, *loading.select, *loading.prefetch)
        return held
    return rows


def _chained(rows: QuerySet[Any], loading: Loading) -> QuerySet[Any]:
    more = rows.prefetch_related(*loading.prefetch) if loading.prefetch else rows
    if not loading.select:
        return more
    if rows.query.select_related is True:  # a name would take the place of all that it joins
        return more.prefetch_related(*loading.select)
    return more.select_related(*_longest(loading.select))


def _longest(lookups: Sequence[str]) -> list[str]:
    return [path for path in lookups if not any(other.startswith(f"{path}__") for other in lookups)]
