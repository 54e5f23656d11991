"""A rate limit's window starts anew with every call."""

from __future__ import annotations

from collections.abc import Iterator

from djlint_spec.diagnostics import Applicability, Finding, Fix, Related, ReplaceExpression
from djlint_spec.facts import tree as t
from djlint_spec.flow.origins import functions_mentioning
from djlint_spec.flow.windows import COUNTS, window_resets
from djlint_spec.project import Function, Module, Project
from djlint_spec.rules import rule

_FIX = "Set the time to live only where there is none"


@rule
def check(module: Module, project: Project) -> Iterator[Finding]:
    """One finding for each call that sets a counter's time to live with every count."""
    for function in functions_mentioning(project, module, *COUNTS):
        yield from _resets(function, project)


def _resets(function: Function, project: Project) -> Iterator[Finding]:
    module = function.module
    for reset in window_resets(project, function):
        span = module.span(reset.start)
        start, count = (" ".join(module.text(call).split()) for call in (reset.start, reset.count))
        fixed = _only_where_there_is_none(reset.start, module.text(reset.start))
        yield Finding(
            span,
            f"`{start}` runs after every `{count}`: each call pushes the end of the window out, "
            "and under steady traffic the counter never expires",
            help=fixed or "Set the time to live with the key: `cache.add(key, 0, timeout)`, then `incr`.",
            fix=Fix(_FIX, Applicability.UNSAFE, (ReplaceExpression(span, fixed),)) if fixed else None,
            related=(Related(module.span(reset.count), "counted here"),),
        )


def _only_where_there_is_none(start: t.Call, text: str) -> str:
    """The call with `nx=True`, laid out as it is; the empty string where it does not take that."""
    if not isinstance(start.func, t.Attribute) or start.func.attr not in ("expire", "pexpire"):
        return ""
    inside = text.removesuffix(")").rstrip().removesuffix(",")
    return f"{inside}, nx=True{text[len(inside) :].replace(',', '', 1)}"
