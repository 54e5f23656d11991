"""Functions that may loop over rows, told by their text alone: a cheap look before a dear one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from djlint_spec.facts.places import after_word
from djlint_spec.project import Function, Module, Project
from djlint_spec.project.tracking import cached_property
from djlint_spec.queries.mentions import mentions_in, mentions_queries

# What has to stand before a word is looked at after it: a search for letters goes to the next place of them at once.
_LOOP = re.compile(r"for\s(?<=\bfor\s)[^:\n]{1,120}?\sin\s+")
_GIVES = re.compile(r"(?:\[[^\]\n]*\])?\s*(?::[^=\n]+|[+|])?=(?!=)|\.(?:append|extend|add|update|insert|setdefault)\(")
"""What follows a name that is assigned to, or whose elements are."""
_WORD = re.compile(r"[^\W\d]\w*")
_CONDITION = re.compile(r"\sif\s")
_RETURNED = (re.compile(r"return(?<=\breturn)\s+([^\n]+)"), re.compile(r"yield(?<=\byield)\s+([^\n]+)"))
_ANSWERED = re.compile(r"\.a?(?:exists|count)\(\)\)*$")
_LONGEST = 400
_OF_ALL = frozenset(
    {"get", "post", "put", "patch", "delete", "items", "values", "keys", "list", "update", "save", "run"}
)
"""Names that say nothing of what a call returns: too much is called so."""
_GOES_ON = (".", "_")


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
        text, mentions = module.facts.text, mentions_in(module)
        stretches = list(_iterables(text, node.start, node.end))
        seen: set[str] = set()
        while stretches:
            start, end = stretches.pop()
            if mentions.between(start, end):
                return True
            stretch = text[start:end]
            words = set(_WORD.findall(stretch))
            if self._makes(stretch, words):
                return True
            stretches += (given for word in words - seen for given in _given(text, word, node.start, node.end))
            seen |= words
        return False

    def _makes(self, text: str, words: Iterable[str]) -> bool:
        """Whether one of the makers is called in a text, or is what an attribute of that name gives."""
        return any(_is_asked(word, text) for word in self.makers.intersection(words))


def _is_asked(name: str, text: str) -> bool:
    """Whether a function is called in a text, or a property of that name is read and nothing of what it gives.

    Other things go by the names of functions, too: variables, keywords, what leads to the attribute that is read.
    """
    for past in after_word(name, text, 0, len(text)):
        before, after = text[past - len(name) - 1 : past - len(name)], text[past : past + 1]
        if after == "(" or (before == "." and after not in _GOES_ON and not after.isalnum()):
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
                mentions_queries(text[start:end]) for start, end in _given(text, made, 0, len(text))
            ):
                return True
    return False


def _iterables(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where what is looped over begins and ends."""
    for found in _LOOP.finditer(text, start, end):
        first = found.end()
        past = _past(text, first, end)
        condition = _CONDITION.search(text, first, past)
        yield first, condition.start() if condition is not None else past


def _given(text: str, name: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where that begins and ends which is given to a name, or put into what goes by it."""
    for past in after_word(name, text, start, end):
        gives = _GIVES.match(text, past, end)
        if gives is not None:
            yield gives.end(), _past(text, gives.end(), end)


def _past(text: str, start: int, end: int) -> int:
    """Where the row ends in which something begins, or the one where all brackets in it are closed."""
    end = min(start + _LONGEST, end)
    past, opened = start, 0
    while True:
        row = past
        past = text.find("\n", row, end)
        if past < 0:
            return end
        opened += sum(text.count(bracket, row, past) for bracket in "([{")
        opened -= sum(text.count(bracket, row, past) for bracket in ")]}")
        if opened <= 0:
            return past
        past += 1
