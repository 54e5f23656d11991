"""What to write instead of a query that runs once for each row."""

from __future__ import annotations

from dataclasses import dataclass

from djlint_spec.diagnostics import AnnotateQuery, Applicability, Fix
from djlint_spec.inference.reads import COLUMN, FOLLOWS_ON
from djlint_spec.queries.per_row import QueryPerRow

_COUNTS = frozenset({"count", "acount"})
_TESTS = frozenset({"exists", "aexists"})


@dataclass(frozen=True, slots=True)
class Mend:
    """`what` runs, in a few words; `advice` what to do about it; `help` code to write; a fix where one is known."""

    what: str
    advice: str
    help: str
    fix: Fix | None = None


def mend_for(query: QueryPerRow) -> Mend:
    """The mend that fits the shape of a query."""
    relation = ".".join(query.path)
    method = query.method
    if not query.path:
        name = query.model.name if query.model else "a model"
        return Mend(
            f"a query on {name} (`.{method}()`)",
            f"annotate the list with a Subquery over {name}, or fetch the rows for the whole page at once.",
            f"annotate the list's queryset: Subquery({name}.objects.filter(...=OuterRef('pk')).values(...)[:1])",
        )
    if method == FOLLOWS_ON:
        name = query.path[-1]
        return Mend(
            f"a query for each further `{name}` of `{relation}`",
            "how many there are is in the rows: no select_related reaches all of them; fetch the whole chain at once.",
            f"fetch the rows once, and follow `{name}_id` in a dict of them",
        )
    if method == COLUMN:
        column = f"the key of `{relation}` to its parent" if query.prefetched else f"`{relation}`"
        return Mend(
            f"a query for {column}",
            "only() or defer() leave that column out; load it with the rows.",
            "name the column in only(), or take it out of defer()",
        )
    what = f"`.{method}()` on `{relation}`"
    if len(query.path) == 1 and not query.prefetched and method in _COUNTS | _TESTS:
        return _annotated(query, what, relation)
    if method in _COUNTS | _TESTS:
        return Mend(
            what,
            f"annotate the list's queryset with the {'number' if method in _COUNTS else 'test'} and read that.",
            f"annotate the list's queryset with Count or Exists over `{relation}`",
        )
    attribute = f"{query.path[-1]}_listed"
    target = query.model.name if query.model else "..."
    wasted = " The prefetch of it goes unused." if query.prefetched else ""
    return Mend(
        what,
        f"a prefetch cannot serve it; narrow inside a Prefetch with to_attr, or annotate.{wasted}",
        f'prefetch_related(Prefetch("{"__".join(query.path)}", queryset={target}.objects.{method}(...), '
        f'to_attr="{attribute}")) and read `{attribute}`',
    )


def _annotated(query: QueryPerRow, what: str, relation: str) -> Mend:
    counts = query.method in _COUNTS
    name = f"{relation}_count" if counts else f"has_{relation}"
    target = query.model.name if query.model else "..."
    back = query.back or "..."
    # Count("relation") would count rows that the related default manager hides; a Subquery over it does not.
    if counts:
        expression = (
            f'Coalesce(Subquery({target}._default_manager.filter({back}=OuterRef("pk")).order_by().values("{back}")'
            f'.annotate(n=Count("pk")).values("n")), 0)'
        )
    else:
        expression = f'Exists({target}._default_manager.filter({back}=OuterRef("pk")))'
    fix = Fix(
        f"annotate {name} and read it",
        Applicability.UNSAFE,
        (AnnotateQuery(query.span, query.querysets, name, expression),),
    )
    return Mend(
        what,
        f"annotate the list's queryset with `{name}` and read that, or prefetch `{relation}`.",
        f"annotate({name}={expression})",
        fix if query.querysets and query.back and query.direct else None,
    )
