"""An aggregate counts rows that another join of the same queryset multiplies."""

from __future__ import annotations

from collections.abc import Iterator

from djlint_spec.diagnostics import Applicability, Finding, Fix, Related, ReplaceExpression
from djlint_spec.project import Project
from djlint_spec.queries.multiplied import Aggregate, Multiplied
from djlint_spec.rules import rule


@rule
def check(multiplied: Multiplied, project: Project) -> Iterator[Finding]:
    """One finding for each call that makes numbers too high, at that call; the aggregates are told apart."""
    del project
    module = multiplied.scope.module
    written = [module.text(one.call) for one in multiplied.aggregates]
    joined = " and ".join(f"`{path}`" for path in multiplied.by)
    yield Finding(
        multiplied.span,
        f"{_listed(written)} of `{multiplied.model.label}` {_wrong(multiplied.aggregates)}:"
        f" each row is taken once for every row of {joined} that is joined to it.",
        help=_help(multiplied.aggregates),
        fix=_fix(multiplied),
        related=tuple(Related(module.span(one.call), "multiplied by the join") for one in multiplied.aggregates),
        data={"model": multiplied.model.label, "multiplied_by": list(multiplied.by)},
    )


def _wrong(aggregates: tuple[Aggregate, ...]) -> str:
    s = "s" if len(aggregates) == 1 else ""
    if all(one.collects for one in aggregates):
        return f"hold{s} values several times"
    return f"come{s} out wrong" if any(one.collects for one in aggregates) else f"come{s} out too high"


def _listed(written: list[str]) -> str:
    return ", ".join(f"`{text}`" for text in written)


def _help(aggregates: tuple[Aggregate, ...]) -> str:
    if all(one.of_rows for one in aggregates):
        return "Give each `Count` `distinct=True`."
    return "Aggregate each path in a `Subquery` of its own, or in a query of its own."


def _fix(multiplied: Multiplied) -> Fix | None:
    """Distinct rows are counted once, however often they are joined; sums have no such way."""
    if not all(one.of_rows for one in multiplied.aggregates):
        return None
    module = multiplied.scope.module
    intents = tuple(
        ReplaceExpression(module.span(one.call), f"{module.text(one.call)[:-1].rstrip().rstrip(',')}, distinct=True)")
        for one in multiplied.aggregates
    )
    return Fix("Count distinct rows", Applicability.UNSAFE, intents)
