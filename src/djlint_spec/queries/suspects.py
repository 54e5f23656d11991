"""Functions that may loop over rows, told by their text alone: a cheap look before a dear one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from djlint_spec.project import Function, Module, Project
from djlint_spec.project.tracking import cached_property

_QUERIES = re.compile(
    r"\.objects\b|_manager\b|[qQ]uery_?[sS]et|_set\b|get_object_or_404\(|get_list_or_404\("
    r"|\.(?:filter|exclude|all|order_by|select_related|prefetch_related|iterator|distinct|annotate|only|defer)\("
)
_ITERABLE = re.compile(r"\bfor\s[^:\n]{1,120}?\sin\s+(.{1,160})")
_GIVEN = re.compile(r"\b([^\W\d]\w*)(?=(\s*(?::[^=\n]+|\+)?=)(?!=))")
"""A name that is assigned to; what follows it is looked at only, since it may hold the next one."""
_WORD = re.compile(r"[^\W\d]\w*")
_END = re.compile(r"[\])}:]\s*$|\s+if\s.*")
_RETURNED = re.compile(r"\b(?:return|yield)\s+([^\n]+)")
_ANSWERED = re.compile(r"\.a?(?:exists|count)\(\)\)*$")
_LONGEST = 400
_OF_ALL = frozenset(
    {"get", "post", "put", "patch", "delete", "items", "values", "keys", "list", "update", "save", "run"}
)
"""Names that say nothing of what a call returns: too much is called so."""


def mentions_queries(text: str) -> bool:
    """Whether a text calls or names what querysets and managers have."""
    return _QUERIES.search(text) is not None


class Suspects:
    """Answers for one project."""

    def __init__(self, project: Project) -> None:
        self._project = project

    @cached_property
    def makers(self) -> frozenset[str]:
        """The names of the project's functions that may return querysets or rows."""
        return frozenset().union(*map(self._makers_in, self._project.modules))

    def _makers_in(self, module: Module) -> frozenset[str]:
        return module.once(
            "makers of rows",
            lambda: frozenset(
                function.name
                for function in self._project.functions_in(module)
                if function.name not in _OF_ALL and makes_rows(module.text(function.node))
            ),
        )

    def may_loop_over_rows(self, function: Function) -> bool:
        """Whether some loop of a function goes over what its text, or the name of a function, calls a queryset."""
        text = function.module.body_text(function.node)
        given: dict[str, list[int]] = {}
        for iterable in _iterables(text):
            if mentions_queries(iterable):
                return True
            words = set(_WORD.findall(_END.sub("", iterable)))
            if not words.isdisjoint(self.makers):
                return True
            if not given:
                for found in _GIVEN.finditer(text):
                    given.setdefault(found[1], []).append(found.end(2))
            starts = [start for word in words for start in given.get(word, ())]
            if any(self._makes(text[start : start + _LONGEST].partition("\n\n")[0]) for start in starts):
                return True
        return False

    def _makes(self, made: str) -> bool:
        return mentions_queries(made) or not self.makers.isdisjoint(_WORD.findall(made))


def makes_rows(text: str) -> bool:
    """Whether a function's text returns what it calls a queryset, or a name that it gives to one.

    All functions are asked; `engine.bodies` compares the answers of one that has changed.
    """
    if not mentions_queries(text):
        return False
    for found in _RETURNED.finditer(text):
        made = found[1].strip()
        if _ANSWERED.search(made) is not None:
            continue
        if mentions_queries(made) or made.endswith("("):
            return True
        if made.isidentifier() and any(
            mentions_queries(text[given.end() : given.end() + _LONGEST].partition("\n\n")[0])
            for given in re.finditer(rf"\b{made}\s*(?::[^=\n]+)?=(?!=)", text)
        ):
            return True
    return False


def _iterables(text: str) -> Iterator[str]:
    for found in _ITERABLE.finditer(text):
        start, end = found.span(1)
        # An iterable that is written over several lines goes on below.
        yield text[start : end + _LONGEST] if found[1].rstrip().endswith(("(", ",", ".", "[")) else found[1]
