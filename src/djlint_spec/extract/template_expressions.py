"""Expressions of Django templates: a value and its filters (`django.template.base.FilterExpression`)."""

from __future__ import annotations

import re

from djlint_spec.extract.template_tokens import Word
from djlint_spec.facts.template import Constant, Expression, Filter, Variable

_TEXT = r"""(?:"[^"\\]*(?:\\.[^"\\]*)*"|'[^'\\]*(?:\\.[^'\\]*)*')"""
_CONSTANT = rf"(?:_\({_TEXT}\)|{_TEXT})"
_NUMBER = r"[-+.]?\d[\d.e]*"
_FIRST = re.compile(rf"(?P<constant>{_CONSTANT})|(?P<name>[\w.]+|{_NUMBER})")
_FILTER = re.compile(rf"\s*\|\s*(?P<name>\w+)(?::(?:(?P<constant>{_CONSTANT})|(?P<argument>[\w.]+|{_NUMBER})))?")


class BadExpression(ValueError):
    """A text that is no expression."""


def expression(word: Word) -> Expression:
    """The expression that a word spells. Raises BadExpression."""
    text = word.text
    first = _FIRST.match(text)
    if first is None:
        raise BadExpression(text)
    value = _constant(first["constant"]) if first["constant"] is not None else _named(first["name"])
    filters = []
    at = first.end()
    while at < len(text):
        found = _FILTER.match(text, at)
        if found is None:
            raise BadExpression(text)
        argument: Variable | Constant | None = None
        if found["constant"] is not None:
            argument = _constant(found["constant"])
        elif found["argument"] is not None:
            argument = _named(found["argument"])
        filters.append(Filter(found["name"], argument))
        at = found.end()
    return Expression(value, tuple(filters), word.start, word.end)


def _constant(text: str) -> Constant:
    translated = text.startswith("_(")
    quoted = text[2:-1] if translated else text
    # Only the quote and the backslash are escaped (`django.utils.text.unescape_string_literal`).
    quote = quoted[0]
    return Constant(quoted[1:-1].replace(rf"\{quote}", quote).replace(r"\\", "\\"), translated=translated)


def _named(text: str) -> Variable | Constant:
    if _is_number(text):
        return Constant(text, quoted=False)
    names = tuple(text.split("."))
    if any(name.startswith("_") for name in names):
        raise BadExpression(text)
    return Variable(names)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    # `2.` is a lookup without a name, and "infinity" and "nan" are names to Django as well.
    return not text.endswith(".") and any(sign.isdigit() for sign in text)
