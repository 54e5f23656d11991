"""How much of what a project says could be resolved, and the figures of a run's summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from djlint_spec.engine.linked import hurried, roomy
from djlint_spec.engine.report import Figures
from djlint_spec.project import Project, Unknown
from djlint_spec.project.tasks import Task
from djlint_spec.queries import endpoints_of
from djlint_spec.queries.endpoints import ListEndpoint
from djlint_spec.queries.per_row import QueryPerRow

_EXAMPLES = 3


class Rate(msgspec.Struct, frozen=True):
    """How many of a kind of thing were resolved, and why the others were not."""

    what: str
    seen: int
    resolved: int
    causes: Mapping[str, tuple[int, tuple[str, ...]]]

    @property
    def percent(self) -> int:
        """Whole per cent resolved; 100 when there is nothing of the kind."""
        return 100 if not self.seen else self.resolved * 100 // self.seen


def base_rate(project: Project) -> Rate:
    """The base classes of models."""
    found = [(model.dotted, model.unresolved) for model in project.models.all]
    found += [(cls.dotted, (unknown,)) for cls, unknown in project.models.undecided]
    return _rate("model bases", found)


def queryset_rate(lists: Iterable[ListEndpoint]) -> Rate:
    """The querysets that list endpoints answer from."""
    return _rate(
        "list-endpoint querysets",
        ((e.name, e.unknown or (() if e.reports else (Unknown("no queryset reaches a serializer"),))) for e in lists),
    )


def serializer_rate(project: Project) -> Rate:
    """The fields of serializers."""
    return _rate("serializers", ((s.cls.dotted, s.unknown) for s in project.serializers.all))


def _rate(what: str, things: Iterable[tuple[str, Sequence[Unknown]]]) -> Rate:
    seen = resolved = 0
    counts: Counter[str] = Counter()
    examples: dict[str, list[str]] = {}
    for name, unknown in things:
        seen += 1
        resolved += not unknown
        for cause, detail in {u.cause: u.detail for u in unknown}.items():
            counts[cause] += 1
            examples.setdefault(cause, []).append(f"{name} ({detail})" if detail else name)
    causes = {cause: (count, tuple(examples[cause][:_EXAMPLES])) for cause, count in counts.most_common()}
    return Rate(what, seen, resolved, causes)


@roomy
def figures_of(project: Project, asked: Collection[type[Any]], lists: tuple[int, int] | None = None) -> Figures:
    """How many there are of what the rules of a run asked for, and how many of the bases, serializers and querysets
    that it looked at were resolved; `asked` are the types of the rules' subjects.

    `lists` has how many list endpoints there are, and how many of them are resolved, where that is known.
    """
    with hurried():
        figures = {"models": sum(1 for model in project.models.all if not model.abstract)}
        counts = [_count(base_rate(project))]
        if _asked_for_lists(asked):
            counts += [_count(serializer_rate(project)), lists or _count(queryset_rate(endpoints_of(project).lists))]
            figures["list endpoints"] = counts[-1][0]
        if Task in asked:
            figures["tasks"] = len(project.tasks)
    return Figures(figures, sum(resolved for _, resolved in counts), sum(seen for seen, _ in counts))


def _count(rate: Rate) -> tuple[int, int]:
    return rate.seen, rate.resolved


def _asked_for_lists(asked: Collection[type[Any]]) -> bool:
    return ListEndpoint in asked or QueryPerRow in asked
