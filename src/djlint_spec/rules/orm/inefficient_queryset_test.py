"""A queryset is fetched or counted whole where one row, a number or a yes is all that is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from djlint_spec.diagnostics import Applicability, Finding, Fix, ReplaceExpression
from djlint_spec.project import Project
from djlint_spec.queries.existence import WastefulTest
from djlint_spec.queries.set_tests import Waste
from djlint_spec.rules import rule

_HAPPENS = {
    Waste.COUNTED_TO_TEST: "counts every row only to know whether there is one",
    Waste.FETCHED_TO_TEST: "fetches every row only to know whether there is one",
    Waste.MEASURED_TO_TEST: "fetches every row only to know whether there is one",
    Waste.FETCHED_TO_COUNT: "fetches every row only to count them",
    Waste.FIRST_TO_TEST: "sorts, and fetches a whole row, only to know whether there is one",
    Waste.LISTED_FOR_ONE: "fetches every row to take one",
    Waste.CAUGHT_FOR_ONE: "takes a row by its index, and has to catch that there may be none",
}
_SAFE = (Waste.COUNTED_TO_TEST, Waste.FETCHED_TO_TEST)


@rule
def check(test: WastefulTest, project: Project) -> Iterator[Finding]:
    """One finding for each expression that asks for more than it uses."""
    del project
    written = " ".join(test.module.text(test.shape.expr).split())
    instead = test.instead
    safe = test.shape.waste in _SAFE and test.alone
    yield Finding(
        test.span,
        f"`{written}` {_HAPPENS[test.shape.waste]}.",
        help=f"write {instead}",
        fix=Fix(
            f"ask with {test.method}()" if test.method else "take one row",
            Applicability.SAFE if safe else Applicability.UNSAFE,
            (ReplaceExpression(test.span, instead),),
        )
        if test.shape.waste is not Waste.CAUGHT_FOR_ONE
        else None,
        data={"model": test.model.label},
    )
