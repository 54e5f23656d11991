"""Functions that may loop over rows, told by their text alone: a cheap look before a dear one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from djlint_spec.facts.places import after_word
from djlint_spec.project import Function, Module, Project
from djlint_spec.project.tracking import cached_property
from djlint_spec.queries.mentions import mentions_in, mentions_queries

# What has to stand before a word is looked at after it: a search for letters goes to the next place of them at once.
_ITERABLE = re.compile(r"for\s(?<=\bfor\s)[^:\n]{1,120}?\sin\s+(.{1,160})")
_GIVES = re.compile(r"\s*(?::[^=\n]+|\+)?=(?!=)")
"""What follows a name that is assigned to."""
_WORD = re.compile(r"[^\W\d]\w*")
_CONDITION = re.compile(r"\sif\s.*")
_RETURNED = (re.compile(r"return(?<=\breturn)\s+([^\n]+)"), re.compile(r"yield(?<=\byield)\s+([^\n]+)"))
_ANSWERED = re.compile(r"\.a?(?:exists|count)\(\)\)*$")
_LONGEST = 400
_OF_ALL = frozenset(
    {"get", "post", "put", "patch", "delete", "items", "values", "keys", "list", "update", "save", "run"}
)
"""Names that say nothing of what a call returns: too much is called so."""


class Suspects:
    """Answers for one project."""

    def __init__(self, project: Project) -> None:
        self._project = project

    @cached_property
    def makers(self) -> frozenset[str]:
        """The names of the project's functions that may return querysets or rows."""
        return frozenset().union(*map(self._makers_in, self._project.modules))

    def _makers_in(self, module: Module) -> frozenset[str]:
        return module.once("makers of rows", lambda: frozenset(self._found_in(module)))

    def _found_in(self, module: Module) -> Iterator[str]:
        mentions = mentions_in(module)
        for function in self._project.functions_in(module) if mentions else ():
            node = function.node
            if node.name not in _OF_ALL and mentions.between(node.start, node.end) and makes_rows(module.text(node)):
                yield node.name

    def may_loop_over_rows(self, function: Function) -> bool:
        """Whether some loop of a function goes over what its text, or the name of a function, calls a queryset."""
        module, node = function.module, function.node
        module.touch_body(node)
        text, mentions, makers = module.facts.text, mentions_in(module), self.makers
        for start, end in _iterables(text, node.start, node.end):
            if mentions.between(start, end):
                return True
            words = set(_WORD.findall(_CONDITION.sub("", text[start:end])))
            if not words.isdisjoint(makers):
                return True
            for word in words:
                for given in _given(text, word, node.start, node.end):
                    past = _past(text, given, node.end)
                    if mentions.between(given, past) or not makers.isdisjoint(_WORD.findall(text, given, past)):
                        return True
        return False


def makes_rows(text: str) -> bool:
    """Whether a function's text returns what it calls a queryset, or a name that it gives to one.

    All functions are asked; `engine.bodies` compares the answers of one that has changed.
    """
    if not mentions_queries(text):
        return False
    for pattern in _RETURNED:
        for found in pattern.finditer(text):
            made = found[1].strip()
            if _ANSWERED.search(made) is not None:
                continue
            if mentions_queries(made) or made.endswith("("):
                return True
            if made.isidentifier() and any(
                mentions_queries(text[given : _past(text, given, len(text))])
                for given in _given(text, made, 0, len(text))
            ):
                return True
    return False


def _iterables(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where what is looped over begins and ends."""
    for found in _ITERABLE.finditer(text, start, end):
        first, last = found.span(1)
        # An iterable that is written over several lines goes on below.
        yield first, min(last + _LONGEST, end) if found[1].rstrip().endswith(("(", ",", ".", "[")) else last


def _given(text: str, name: str, start: int, end: int) -> Iterator[int]:
    """Where that begins which is given to a name."""
    for past in after_word(name, text, start, end):
        gives = _GIVES.match(text, past, end)
        if gives is not None:
            yield gives.end()


def _past(text: str, start: int, end: int) -> int:
    """Where a stretch of text that is looked at ends: at an empty line, or when it gets long."""
    end = min(start + _LONGEST, end)
    empty = text.find("\n\n", start, end)
    return end if empty < 0 else empty
