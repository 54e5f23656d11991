"""A prefetched set is asked for again, by a call that the prefetched rows cannot answer."""

from __future__ import annotations

from collections.abc import Iterator

from djlint_spec.diagnostics import Applicability, Finding, Fix, Related, ReplaceExpression
from djlint_spec.project import Project
from djlint_spec.queries.defeated import DefeatedPrefetch
from djlint_spec.queries.in_python import in_python
from djlint_spec.rules import rule


@rule
def check(defeated: DefeatedPrefetch, project: Project) -> Iterator[Finding]:
    """One finding for each read that queries beside a prefetch of which nothing else is read."""
    query = defeated.query
    path = ".".join(query.path)
    instead = in_python(project, query)
    attribute = f"{query.path[-1]}_listed"
    yield Finding(
        defeated.span,
        f"`.{query.method}()` asks for `{path}` again for each row: {defeated.reader} prefetches it, in vain.",
        help=f"write {instead}"
        if instead is not None
        else f'narrow in the prefetch: Prefetch("{"__".join(query.path)}", queryset=..., to_attr="{attribute}"),'
        f" and read `{attribute}`; or leave the prefetch out",
        fix=Fix("go through the prefetched rows", Applicability.UNSAFE, (ReplaceExpression(defeated.span, instead),))
        if instead is not None
        else None,
        related=tuple(Related(span, f"prefetches {path}") for span in defeated.prefetches),
        data={"model": defeated.source.label, "path": path, "method": query.method},
    )
