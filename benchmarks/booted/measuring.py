"""Calls the list endpoints of a booted project and counts their queries; runs inside the project's own Python."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.urls import get_resolver
from rest_framework.test import APIClient

from booted.families import Families, Recipe
from tests.oracle.inside.comparing import Endpoint
from tests.oracle.inside.measuring import Loading, loaded, walk

_PARAMETER = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)|<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Scene:
    """What stands before any row is made: the reader, the rows that all share, what a URL's parameters are."""

    client: APIClient
    given: Sequence[Any] = ()
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class World:
    """Endpoints that are asked together, over one scene."""

    scene: Callable[[], Scene]
    only: Sequence[str] = ()
    """The endpoints, by what their names end with; none for all that no other world names."""
    shared: Mapping[str, str] = field(default_factory=dict)
    """A parameter of the URLs and the model whose one row it is: rows that are listed hang on that one."""
    urls: Mapping[str, str] = field(default_factory=dict)
    """The URL to ask where the route alone does not tell."""
    recipes: Mapping[str, Recipe] = field(default_factory=dict)


@dataclass(frozen=True)
class Booted:
    """How a project is measured."""

    worlds: Sequence[World]
    recipes: Mapping[str, Recipe] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    prefix: str = ""
    """What the names of the project's modules begin with when it is read, and not when it runs."""
    packages: Sequence[str] = ()
    """The paths of its files hold one of these."""
    patched: Callable[[], AbstractContextManager[object]] = nullcontext


def measure(project: Booted, told: Mapping[str, Any], few: int, many: int) -> dict[str, Any]:
    """What each endpoint does with few rows and with many: by name, its rows and queries, as it is and as advised."""
    routes = {project.prefix + name: route for name, route in list_routes()}
    answers: dict[str, Any] = {}
    refused: dict[str, str] = {}
    named = [suffix for world in project.worlds for suffix in world.only]
    for world in project.worlds:
        names = [
            name
            for name in told
            if name in routes and (_ends(name, world.only) if world.only else not _ends(name, named))
        ]
        with project.patched(), transaction.atomic():
            scene = world.scene()
            families, scene = _settled(project, world, scene)
            urls = {name: _url(name, routes[name], world, scene) for name in names}
            families.add(few)
            first = _measured(project, scene, urls, told)
            families.add(many - few)
            then = _measured(project, scene, urls, told)
            answers.update((name, _joined(first[name], then[name])) for name in names)
            refused.update(families.left_out)
            transaction.set_rollback(True)
    answers.update({name: {"failed": "no route"} for name in told if name not in routes})
    return {"endpoints": answers, "refused": refused}


def _settled(project: Booted, world: World, scene: Scene) -> tuple[Families, Scene]:
    """What makes the rows of a world, and its scene with the rows that are shared."""

    def families(given: Sequence[Any], start: int) -> Families:
        recipes = {**project.recipes, **world.recipes}
        return Families(apps.get_models(), given=given, recipes=recipes, without=project.without, start=start)

    if not world.shared:
        return families(scene.given, 1), scene
    [first] = families(scene.given, 0).add(1)
    rows = {parameter: first.named(label) for parameter, label in world.shared.items()}
    given = (*scene.given, *(row for row in rows.values() if row is not None))
    known = {parameter: row.pk for parameter, row in rows.items() if row is not None}
    return families(given, 1), Scene(scene.client, given, {**known, **scene.parameters})


def _ends(name: str, suffixes: Sequence[str]) -> bool:
    return any(name.endswith(suffix) for suffix in suffixes)


def list_routes() -> Iterator[tuple[str, str]]:
    """The route of each view's list, by `module.View` or `module.View.action`; parameters as they are written."""
    seen: set[str] = set()
    for pattern, url in walk(get_resolver(), "/"):
        view = getattr(pattern.callback, "cls", None) or getattr(pattern.callback, "view_class", None)
        if view is None:
            continue
        name = f"{view.__module__}.{view.__qualname__}"
        actions = getattr(pattern.callback, "actions", None)
        if actions:
            action = actions.get("get")
            if action in (None, "retrieve"):
                continue
            name = name if action == "list" else f"{name}.{action}"
        if name not in seen and "format" not in url:
            seen.add(name)
            yield name, url


def _url(name: str, route: str, world: World, scene: Scene) -> str:
    given = next((url for suffix, url in world.urls.items() if name.endswith(suffix)), None)

    def value(match: re.Match[str]) -> str:
        return str(scene.parameters.get(match[1] or match[2], f"<{match[1] or match[2]}>"))

    return _PARAMETER.sub(value, given or route).replace("^", "").replace("$", "").replace("\\", "")


def _measured(project: Booted, scene: Scene, urls: Mapping[str, str], told: Mapping[str, Any]) -> dict[str, Any]:
    """The trials of each endpoint, with the project's caches warm."""
    for name, url in urls.items():  # what only the first request asks for is not the list's
        _asked(project, scene, name, url, Loading())
    return {name: _trials(project, scene, name, url, told[name]) for name, url in urls.items()}


def _trials(project: Booted, scene: Scene, name: str, url: str, told: Mapping[str, Any]) -> dict[str, Any]:
    missing = {kind: tuple(dict.fromkeys(told[kind])) for kind in ("select", "prefetch")}
    trials = Endpoint(name, Loading(**missing), ()).trials()
    return {trial: _asked(project, scene, name, url, loading) for trial, loading in trials.items()}


def _asked(project: Booted, scene: Scene, name: str, url: str, loading: Loading) -> dict[str, Any]:
    queries: list[str] = []

    def noted(execute: Callable[..., object], sql: str, *rest: object) -> object:
        queries.append(f"{_asker(project.packages)}: {sql}")
        return execute(sql, *rest)

    try:
        with transaction.atomic(), loaded(name, loading), connection.execute_wrapper(noted):
            response = scene.client.get(url)
            content = response.getvalue() if response.streaming else response.content
    except Exception as error:  # noqa: BLE001 - whatever a view of the project raises is told
        return {"failed": f"{url}: {type(error).__name__}: {str(error)[:300]}"}
    if response.status_code != 200:
        return {"failed": f"{url}: {response.status_code} {content[:300]!r}"}
    body = json.loads(content)
    lists = [value for value in body.values() if isinstance(value, list)] if isinstance(body, dict) else []
    return {
        "url": url,
        "rows": max(map(len, lists or [body])),
        "queries": len(queries),
        "sql": queries,
    }


def _asker(packages: Sequence[str]) -> str:
    """The innermost line of the project that a query comes from, as `path:row`."""
    frame = sys._getframe(2)
    while frame is not None:
        path = frame.f_code.co_filename
        for package in packages:
            if f"/site-packages/{package}/" in path and "middleware" not in path:
                return f"{package}/{path.partition(f'/site-packages/{package}/')[2]}:{frame.f_lineno}"
        frame = frame.f_back
    return "-"


def _joined(few: Mapping[str, Any], many: Mapping[str, Any]) -> dict[str, Any]:
    before, after = few["as it is"], many["as it is"]
    if "failed" in before or "failed" in after:
        return {"failed": before.get("failed") or after["failed"]}
    asked = {trial: (few[trial], many[trial]) for trial in few}
    return {
        "url": after["url"],
        "rows": [before["rows"], after["rows"]],
        "queries": {
            trial: [one["queries"] for one in pair]
            for trial, pair in asked.items()
            if all("queries" in one for one in pair)
        },
        "sql": after["sql"],
        "mended_sql": many.get("mended", {}).get("sql", []),
    }
