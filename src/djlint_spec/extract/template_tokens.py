"""The tokens of a Django template, as `django.template.base.Lexer` makes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

import msgspec

_MARKUP = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}")
"""A tag, a variable, a comment: each on one line, whatever comes first."""


class Kind(Enum):
    """What a token is."""

    TEXT = "text"
    VARIABLE = "variable"
    TAG = "tag"
    COMMENT = "comment"


class Token(msgspec.Struct, frozen=True):
    """A token: what stands between its signs, and where that begins in the template's text."""

    kind: Kind
    content: str
    start: int

    def parts(self) -> tuple[Word, ...]:
        """The words of a tag; what is quoted, or in `_(...)`, stays together."""
        return tuple(_words(self.content, self.start))


class Word(msgspec.Struct, frozen=True):
    """A word of a tag, and where it begins in the template's text."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a template, in order. Between `{% verbatim %}` and its end all is text."""
    at = 0
    verbatim = ""
    for found in _MARKUP.finditer(text):
        start, end = found.span()
        if start > at:
            yield Token(Kind.TEXT, text[at:start], at)
        at = end
        token = _token(found[0], start)
        if verbatim and not (token.kind is Kind.TAG and token.content == verbatim):
            yield Token(Kind.TEXT, found[0], start)
            continue
        if token.kind is Kind.TAG:
            verbatim = f"end{token.content}" if not verbatim and token.content.split()[:1] == ["verbatim"] else ""
        yield token
    if at < len(text):
        yield Token(Kind.TEXT, text[at:], at)


_KINDS = {"{{": Kind.VARIABLE, "{%": Kind.TAG, "{#": Kind.COMMENT}


def _token(markup: str, start: int) -> Token:
    kind = _KINDS[markup[:2]]
    inner = markup[2:-2]
    content = inner.strip() if kind is not Kind.COMMENT else ""
    return Token(kind, content, start + 2 + len(inner) - len(inner.lstrip()))


_QUOTED = r"""(?:"[^"\\]*(?:\\.[^"\\]*)*"|'[^'\\]*(?:\\.[^'\\]*)*')"""
_WORD = re.compile(rf"""(?:[^\s'"]*(?:{_QUOTED}[^\s'"]*)+|\S+)""")
"""As `django.utils.text.smart_split` cuts: white space counts outside of quotes only."""


def _words(content: str, start: int) -> Iterator[Word]:
    translated: list[Word] = []
    closing = ""
    for found in _WORD.finditer(content):
        word = Word(found[0], start + found.start())
        if translated:
            translated.append(word)
            if word.text.endswith(closing):
                yield _joined(translated)
                translated = []
        elif word.text.startswith(('_("', "_('")) and not word.text.endswith(f"{word.text[2]})"):
            closing = f"{word.text[2]})"
            translated = [word]
        else:
            yield word
    if translated:
        yield _joined(translated)


def _joined(words: list[Word]) -> Word:
    return Word(" ".join(word.text for word in words), words[0].start)
