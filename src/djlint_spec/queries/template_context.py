"""Names that every template is given: by the context processors that the settings name."""

from __future__ import annotations

import re

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import walk
from djlint_spec.project import Function, Project

_DJANGO = "django."
_OF_DJANGO = frozenset(
    {"csrf_token", "debug", "sql_queries", "LANGUAGES", "LANGUAGE_CODE", "LANGUAGE_BIDI", "TIME_ZONE", "STATIC_URL"}
    | {"MEDIA_URL", "request", "user", "perms", "messages", "DEFAULT_MESSAGE_LEVELS"}
)
"""What the context processors of Django give, and of its auth and messages; read in their source."""

_WORD = re.compile(r"\w+")


def names_for_all(project: Project) -> frozenset[str] | None:
    """Every word in the modules of the context processors, and what Django's own give; None where one is not found."""
    found = set(_OF_DJANGO)
    settings = [setting for source in project.settings.sources if (setting := source.setting("TEMPLATES"))]
    processors = {dotted for setting in settings for dotted in _processors(setting.value.expr)}
    if not processors:
        return None
    for dotted in processors:
        symbol = project.dotted_symbol(dotted)
        if isinstance(symbol, Function) and not dotted.startswith(_DJANGO):
            for function in project.functions_in(symbol.module):
                found.update(_WORD.findall(symbol.module.body_text(function.node)))
        elif not dotted.startswith(_DJANGO):
            return None
    return frozenset(found)


def _processors(templates: t.Expr) -> list[str]:
    found: list[str] = []
    for node in walk((templates,)):
        if isinstance(node, t.DictExpr):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, t.String) and key.value == "context_processors":
                    found.extend(
                        element.value
                        for element in (value.elements if isinstance(value, (t.ListExpr, t.TupleExpr)) else ())
                        if isinstance(element, t.String)
                    )
    return found
