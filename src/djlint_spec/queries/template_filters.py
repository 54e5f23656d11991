"""What the filters of Django's templates do to querysets and rows (`django.template.defaultfilters`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from djlint_spec.diagnostics import Span
from djlint_spec.facts.template import Filter
from djlint_spec.inference.values import SCALAR, Literal, Many, QuerySet, Row, Value, either, options
from djlint_spec.project import Unknown

if TYPE_CHECKING:
    from djlint_spec.queries.rendering import TemplateScope

_MEASURES = frozenset({"length", "length_is", "pluralize", "yesno"})
_KEEPS = frozenset({"default", "default_if_none", "slice", "safeseq", "escapeseq"})
_SORTS = frozenset({"dictsort", "dictsortreversed"})
_TEXTS = frozenset(
    {"addslashes", "capfirst", "center", "cut", "date", "divisibleby", "escape", "escapejs", "filesizeformat", "ljust"}
    | {"floatformat", "force_escape", "get_digit", "iriencode", "json_script", "linebreaks", "linebreaksbr", "lower"}
    | {"linenumbers", "make_list", "phone2numeric", "pprint", "rjust", "safe", "slugify", "stringformat", "striptags"}
    | {"time", "timesince", "timeuntil", "title", "truncatechars", "truncatechars_html", "truncatewords", "upper"}
    | {"truncatewords_html", "urlencode", "urlize", "urlizetrunc", "wordcount", "wordwrap", "add"}
)


def filtered(scope: TemplateScope, value: Value, one: Filter, argument: Value, span: Span, *, kept: bool) -> Value:
    """What a filter makes of a value; what it reads is recorded. Unknown for a filter that is not Django's own."""
    rendering, name = scope.rendering, one.name
    if name in _MEASURES:
        rendering.fetch(value, "len", span, kept=kept)
        return SCALAR
    if name in _KEEPS:
        if name.startswith("default"):
            rendering.fetch(value, "bool", span, kept=kept)
            return either((value, argument))
        return value
    if name in ("first", "random"):
        found = []
        for option in options(value):
            if isinstance(option, QuerySet):
                rendering.fetch(option, "index", span, kept=kept)
                found.append(scope.ev.element(option))
            else:
                found.append(scope.ev.iterate(option, span))
        return either(found)
    if name == "join" or name == "unordered_list":
        scope.ev.text(rendering.each(value, span, kept=kept), span)
        return SCALAR
    if name in _SORTS:
        element = rendering.each(value, span, kept=kept)
        key = argument.value if isinstance(argument, Literal) and isinstance(argument.value, str) else ""
        with scope.ev.journal.for_each(element, span):
            held = element
            for part in key.split(".") if key else ():
                held = scope.lookup(held, part, span)
        return Many(element)
    if name in _TEXTS:
        scope.ev.text(value, span)
        return SCALAR
    return (
        Unknown("filter of the project", name)
        if any(isinstance(o, (Row, QuerySet)) for o in options(value))
        else SCALAR
    )
