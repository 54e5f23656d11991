"""What the rules say of each part of a project, kept up as the project changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from djlint_spec.catalog import Page
from djlint_spec.config import Config
from djlint_spec.diagnostics import Finding
from djlint_spec.engine.judging import fault_of, made
from djlint_spec.engine.linked import roomy
from djlint_spec.engine.report import Fault
from djlint_spec.engine.resolution import queryset_rate
from djlint_spec.engine.rulebook import Rulebook
from djlint_spec.project import Project
from djlint_spec.queries.endpoints import ListEndpoint
from djlint_spec.rules import Options, Rule
from djlint_spec.rules.parts import GATHERED, WHOLE, Gathered, feeds, parts_of, ties_of


class Place(msgspec.Struct, frozen=True):
    """A part of a project, as one type of subjects knows it."""

    subject: type[Any]
    key: str


class Judged(msgspec.Struct, frozen=True):
    """What the rules said of a part, and the bodies of functions and the templates that they looked into on the way.

    Where others are made of its subjects, these are held while the process lasts, and `feeds` and `ties` tell of them.
    `lists` says how many list endpoints are among them, and how many of these are resolved.
    """

    findings: tuple[Finding, ...]
    faults: tuple[Fault, ...]
    depends_on: frozenset[str]
    feeds: bool = False
    ties: frozenset[str] = frozenset()
    lists: tuple[int, int] = (0, 0)
    subjects: tuple[object, ...] = ()

    @property
    def paths(self) -> set[str]:
        """The files that the findings speak of."""
        return {span.path for f in self.findings for span in (f.span, *(related.span for related in f.related))}


class _Run(msgspec.Struct, frozen=True):
    page: Page
    rule: Rule
    options: Options

    def on(self, subject: object, project: Project) -> Sequence[Finding | Fault]:
        """The findings on one subject, or the fault that came instead."""
        try:
            return [made(self.page, finding) for finding in self.rule.run(subject, project, self.options)]
        except Exception as error:  # noqa: BLE001 - a bug of ours must not take the other rules' work along
            return [fault_of(self.page, subject, error)]


@dataclass
class Upkeep:
    """Every part of a project, judged by the selected rules."""

    book: Rulebook
    selected: Collection[str]
    config: Config
    _judged: dict[Place, Judged] = field(default_factory=dict)
    _waiting: dict[Place, None] = field(default_factory=dict)
    _current: set[Place] = field(default_factory=set)
    """Those judged as the project now is."""
    _before: dict[Place, Judged] = field(default_factory=dict)
    """What was said, before it changed, of parts that are judged again."""
    _moved: set[str] = field(default_factory=set)
    """The files in which things stand elsewhere than when all was last gathered."""

    def __post_init__(self) -> None:
        self._runs: dict[type[Any], list[_Run]] = {}
        for code, rule in sorted(self.book.rules.items()):
            if code in self.selected:
                page = self.book.pages[code]
                run = _Run(page, rule, self.book.options(page, self.config))
                self._runs.setdefault(rule.subject, []).append(run)
        # Types that no rule asks for are made all the same where others are made of them.
        self._gathered = [subject for subject in self._runs if subject in GATHERED]
        sources = {source for subject in self._gathered for source in GATHERED[subject].of}
        self._types = [*(subject for subject in self._runs if subject not in GATHERED), *_others(sources, self._runs)]
        self._sources = sources
        self.types: Collection[type[Any]] = (*self._types, *self._gathered)
        """The types of subjects that rules ask for, and those that others are made of."""

    # ---------------------------------------------------------------------------------------------- answers
    @property
    def findings(self) -> Iterator[Finding]:
        """All that was found."""
        return (finding for judged in self._judged.values() for finding in judged.findings)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Where a rule failed."""
        return tuple(fault for judged in self._judged.values() for fault in judged.faults)

    @property
    def asked(self) -> Collection[type[Any]]:
        """The types of subjects that rules ask for."""
        return self._runs.keys()

    @property
    def lists(self) -> tuple[int, int]:
        """How many list endpoints there are, and how many of them are resolved."""
        counted = [judged.lists for place, judged in self._judged.items() if place.subject is ListEndpoint]
        return sum(seen for seen, _ in counted), sum(resolved for _, resolved in counted)

    @property
    def endpoints(self) -> Iterator[ListEndpoint]:
        """The list endpoints as they were last judged."""
        for judged in self._judged.values():
            yield from (subject for subject in judged.subjects if isinstance(subject, ListEndpoint))

    # ---------------------------------------------------------------------------------------------- the work
    @property
    def is_done(self) -> bool:
        """Whether every part was judged as the project now is."""
        return not self._waiting and not self._moved

    def begin(self, project: Project) -> None:
        """Have every part of a project judged anew, by `step`; what was said of them stands until then."""
        places = [
            Place(subject, key) for subject in self._types for key in dict.fromkeys(parts_of(subject).keys(project))
        ]
        self._waiting = dict.fromkeys((*places, *(Place(subject, WHOLE) for subject in self._gathered)))
        self._judged = {place: self._judged[place] for place in self._waiting if place in self._judged}
        self._current.clear()
        self._before.clear()
        self._moved.clear()

    def resume(self, judged: Iterable[tuple[Place, Judged]]) -> None:
        """Take over what was said of every part of a project; of what has changed since, `judge_again` is told."""
        self._judged = {place: known for place, known in judged if place.subject in self.types}

    @property
    def judged(self) -> Mapping[Place, Judged]:
        """What the rules say of every part, in the order in which the parts were first judged."""
        return self._judged

    @property
    def left(self) -> int:
        """How many parts wait to be judged."""
        return len(self._waiting)

    def ahead(self, files: Collection[str]) -> int:
        """Put the parts in some files, and those that had findings there, ahead of the others; how many there are."""
        first = [
            place
            for place in self._waiting
            if place.subject not in GATHERED
            and (
                _path_of(place) in files or (place in self._judged and not self._judged[place].paths.isdisjoint(files))
            )
        ]
        self._waiting = dict.fromkeys((*first, *self._waiting))
        return len(first)

    @roomy
    def step(self, project: Project) -> None:
        """Judge the next part that waits; once none does, have gathered anew what those judged again may change."""
        place = next(iter(self._waiting), None)
        if place is None:
            self._have_gathered()
            return
        if place.subject in GATHERED:
            self._gather(project, place)
        else:
            self._judge(project, place)
        del self._waiting[place]

    def judge_again(self, texts: Collection[str], paths: Collection[str]) -> None:
        """Have judged again, by `step`, what looked into one of the function bodies or templates that have changed, and
        what speaks of one of the files; the parts of these files come first.

        Nothing else of those files has changed but where things stand in them.
        """
        changed = [
            place
            for place, judged in self._judged.items()
            if place.subject not in GATHERED
            and (
                place.key in paths
                or not judged.depends_on.isdisjoint(texts)
                or (judged.findings and not judged.paths.isdisjoint(paths))
            )
        ]
        self._current.clear()
        self._moved.update(paths)
        for place in changed:
            self._before.setdefault(place, self._judged[place])
        self._waiting = {**dict.fromkeys(changed), **self._waiting}
        self.ahead(paths)

    def _have_gathered(self) -> None:
        """Let those wait that are made of parts which were judged again and came to something else."""
        before, self._before = self._before, {}
        moved, self._moved = self._moved, set()
        changed = [one for place, judged in before.items() for one in ((place, judged), (place, self._judged[place]))]
        for subject in self._gathered:
            whole = Place(subject, WHOLE)
            if whole not in self._current and self._is_to_be_gathered(subject, changed, moved):
                self._waiting.update(dict.fromkeys((*self._not_current(subject), whole)))

    def _judge(self, project: Project, place: Place) -> None:
        self._judged[place] = self._look_at(project, place)
        self._current.add(place)

    def _is_to_be_gathered(
        self, subject: type[Any], changed: Iterable[tuple[Place, Judged]], paths: Collection[str]
    ) -> bool:
        held = self._judged.get(Place(subject, WHOLE))
        if held is not None and held.findings and not held.paths.isdisjoint(paths):
            return True
        of, tied = GATHERED[subject].of, self._tied(subject)
        return any(judged.feeds or not tied.isdisjoint(judged.ties) for place, judged in changed if place.subject in of)

    def _tied(self, subject: type[Any]) -> set[str]:
        of = GATHERED[subject].of
        return {
            tie for place, judged in self._judged.items() if judged.feeds and place.subject in of for tie in judged.ties
        }

    def _put_together(self, subject: type[Any]) -> set[Place]:
        """The parts whose subjects something comes of, or that are tied to such."""
        of, tied = GATHERED[subject].of, self._tied(subject)
        return {
            place
            for place, judged in self._judged.items()
            if place.subject in of and (judged.feeds or not tied.isdisjoint(judged.ties))
        }

    def _not_current(self, subject: type[Any]) -> list[Place]:
        """The parts put together for a subject that are still as an earlier project had them."""
        left = self._put_together(subject) - self._current
        return [place for place in self._judged if place in left]

    def _gather(self, project: Project, whole: Place) -> None:
        # Subjects of one project only are put together.
        for part in self._not_current(whole.subject):
            self._judge(project, part)
        self._judged[whole] = self._look_at(project, whole, GATHERED[whole.subject])
        self._current.add(whole)

    def _look_at(self, project: Project, place: Place, gathered: Gathered | None = None) -> Judged:
        runs = self._runs.get(place.subject, ())
        subjects: tuple[object, ...] = ()
        told: list[Finding | Fault] = []
        with project.tracking.record() as asked:
            try:
                if gathered is not None:
                    subjects = tuple(gathered.made(*map(self._subjects, gathered.of)))
                else:
                    subjects = tuple(parts_of(place.subject).made(project, place.key))
            except Exception as error:  # noqa: BLE001 - a bug of ours must not take the other rules' work along
                told.extend(fault_of(run.page, None, error) for run in runs)
            for run in runs:
                for subject in subjects:
                    told.extend(run.on(subject, project))
        is_source = place.subject in self._sources
        return Judged(
            tuple(one for one in told if isinstance(one, Finding)),
            tuple(one for one in told if isinstance(one, Fault)),
            project.tracking.keys_of(asked),
            is_source and any(map(feeds, subjects)),
            frozenset(tie for subject in subjects for tie in ties_of(subject)) if is_source else frozenset(),
            _lists_among(subjects) if place.subject is ListEndpoint else (0, 0),
            subjects if is_source or place.subject is ListEndpoint else (),
        )

    def _subjects(self, subject: type[Any]) -> tuple[object, ...]:
        return tuple(
            one for place, judged in self._judged.items() if place.subject is subject for one in judged.subjects
        )


def _lists_among(subjects: Iterable[object]) -> tuple[int, int]:
    rate = queryset_rate(subject for subject in subjects if isinstance(subject, ListEndpoint))
    return rate.seen, rate.resolved


def _others(sources: Iterable[type[Any]], known: Collection[type[Any]]) -> list[type[Any]]:
    """The types that are not known yet, by name."""
    return sorted((source for source in sources if source not in known), key=lambda source: source.__name__)


def _path_of(place: Place) -> str:
    return place.key.partition(":")[0]
