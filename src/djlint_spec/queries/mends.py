"""What to write instead of a query that runs once for each row."""

from __future__ import annotations

import msgspec

from djlint_spec.diagnostics import Fix
from djlint_spec.inference.reads import COLUMN, FOLLOWS_ON, NAMELESS
from djlint_spec.project import Project
from djlint_spec.queries.annotating import COUNTS, TESTS, annotation_fix, annotation_for
from djlint_spec.queries.per_row import QueryPerRow


class Mend(msgspec.Struct, frozen=True):
    """`what` runs, in a few words; `advice` what to do about it; `help` code to write; a fix where one is known."""

    what: str
    advice: str
    help: str
    fix: Fix | None = None


def mend_for(project: Project, query: QueryPerRow) -> Mend:
    """The mend that fits the shape of a query."""
    relation = ".".join(query.path)
    method = query.method
    if not query.path:
        name = query.model.name if query.model else "a model"
        return Mend(
            f"a query on {name}{'' if method in NAMELESS else f' (`.{method}()`)'}",
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
        return _of_columns(query, relation)
    what = f"{'a query' if method in NAMELESS else f'`.{method}()`'} on `{relation}`"
    annotation = annotation_for(project, query)
    if annotation is not None:
        instead = f", or prefetch `{relation}`" if method in COUNTS | TESTS else ""
        return Mend(
            what,
            f"annotate the list's queryset with `{annotation.name}` and read that{instead}.",
            f"annotate({annotation.name}={annotation.expression})",
            annotation_fix(project, query, annotation),
        )
    if method in COUNTS | TESTS:
        return Mend(
            what,
            f"annotate the list's queryset with the {'number' if method in COUNTS else 'test'} and read that.",
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


def _of_columns(query: QueryPerRow, relation: str) -> Mend:
    columns = tuple(dict.fromkeys(".".join(one.path) for one in (query.query, *query.others)))
    if len(columns) > 1 and not query.prefetched:
        named = f"{', '.join(f'`{column}`' for column in columns[:-1])} and `{columns[-1]}`"
        return Mend(
            f"a query for each of the columns {named}",
            "only() or defer() leave them out; load them with the rows.",
            "name the columns in only(), or take them out of defer()",
        )
    column = f"the key of `{relation}` to its parent" if query.prefetched else f"the column `{relation}`"
    return Mend(
        f"a query for {column}",
        "only() or defer() leave that column out; load it with the rows.",
        "name the column in only(), or take it out of defer()",
    )
