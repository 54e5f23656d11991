"""What `queries` tells: the lists that are asked for by name, with nothing secret in their code."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from djlint_spec.cache import FactsCache
from djlint_spec.config import Config
from djlint_spec.engine.locating import disk_tree, environment_of
from djlint_spec.engine.masking import Masking
from djlint_spec.engine.run import project_of
from djlint_spec.project import Project, Unknown
from djlint_spec.project.views import View
from djlint_spec.queries import changelists_of, endpoints_of
from djlint_spec.queries.surveys import ListSurvey, Survey, survey_changelist, survey_endpoint

_NEAREST = 3


@dataclass(frozen=True, slots=True)
class UnknownView(Exception):
    """A name that no view and no admin class has; `near` are the names that it may stand for."""

    word: str
    near: tuple[str, ...]


def survey(words: Sequence[str], config: Config, root: Path, *, cache: FactsCache | None = None) -> tuple[Survey, ...]:
    """The lists of a project that are asked for, all for no words, in order of place. Raises UnknownView."""
    project = project_of(disk_tree(root, config), config, environment_of(root, config), cache=cache)
    if cache is not None:
        cache.save()
    return surveys_of(project, words)


def surveys_of(project: Project, words: Sequence[str]) -> tuple[Survey, ...]:
    """The same of a linked project."""
    endpoints = endpoints_of(project)
    found = [survey_endpoint(project, endpoint) for endpoint in endpoints.lists]
    found += [survey_changelist(project, changelist) for changelist in changelists_of(project)]
    if words:
        found += list(_unlisted(project, {one.name for one in found}))
        found = list(_chosen(found, words))
    found.sort(key=lambda one: (one.span.path, one.span.row, one.name))
    masking = Masking(project, {one.span.path for one in found})
    return tuple(
        dataclasses.replace(one, lists=tuple(_masked(listed, masking) for listed in one.lists)) for one in found
    )


def _masked(listed: ListSurvey, masking: Masking) -> ListSurvey:
    return replace(listed, written=masking.text(listed.written), write=masking.text(listed.write))


def _unlisted(project: Project, known: set[str]) -> Iterator[Survey]:
    """The views that no list endpoint is made of, with the reason: for those who ask for one by its name."""
    for view in (*project.views.all, *project.views.template_lists):
        if not any(name == view.dotted or name.startswith(f"{view.dotted}.") for name in known):
            names = (view.name, *(f"{view.name}.{action.name}" for action in view.actions))
            yield Survey(view.dotted, view.name, view.name_span, (), tuple(_reasons(project, view)), names=names)


def _reasons(project: Project, view: View) -> Iterator[Unknown]:
    if view.routed is False:
        yield Unknown("not routed: only other views extend it")
        return
    endpoints = endpoints_of(project)
    doubts = [unknown for action in view.reading_actions for unknown in endpoints.judge(view, action).unknown]
    nothing = "no GET of it hands a queryset to a serializer with many=True"
    if view.is_template_list:
        nothing = "its template loops over no rows"
    yield from dict.fromkeys(doubts) or [Unknown(nothing)]


def _chosen(found: Sequence[Survey], words: Sequence[str]) -> Iterator[Survey]:
    given: dict[str, None] = {}
    for word in words:
        named = [one.name for one in found if _goes_by(one, word)]
        if not named:
            names = dict.fromkeys(one.name if "." in word else one.names[0] for one in found)
            raise UnknownView(word, tuple(difflib.get_close_matches(word, names, n=_NEAREST, cutoff=0.5)))
        given.update(dict.fromkeys(named))
    yield from (one for one in found if one.name in given)


def _goes_by(survey: Survey, word: str) -> bool:
    return word in survey.names or survey.name == word or survey.name.endswith(f".{word}")
