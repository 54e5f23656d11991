"""What to write so that a column of an admin list costs no query per row."""

from __future__ import annotations

import msgspec

from djlint_spec.diagnostics import Applicability, ExtendAttribute, Fix
from djlint_spec.inference.reads import COLUMN, FOLLOWS_ON, NAMELESS
from djlint_spec.queries.advice import longest, select_lookup
from djlint_spec.queries.changelists import Changelist, ColumnReport
from djlint_spec.queries.endpoints import has_many


class ColumnAdvice(msgspec.Struct, frozen=True):
    """`what` the list does again, in a few words; the lookups that load it; `help` is the code to write."""

    what: str
    select_related: tuple[str, ...]
    prefetch_related: tuple[str, ...]
    help: str
    fix: Fix | None = None


def advice_for(changelist: Changelist, costly: ColumnReport) -> ColumnAdvice:
    """The mend of one column."""
    model = changelist.admin.model
    joined = longest(path for path in costly.missing if not has_many(model, path))
    select = tuple(select_lookup(model, path) for path in joined)
    prefetch = tuple("__".join(path) for path in longest(p for p in costly.missing if has_many(model, p)))
    if not costly.missing:
        query = costly.report.queries[0]
        target = f" on `{'.'.join(query.path)}`" if query.path else f" on {query.model.name}" if query.model else ""
        what = f"runs a query{'' if query.method in NAMELESS else f' (`.{query.method}()`)'}{target}"
        if query.method == FOLLOWS_ON:
            what = f"runs a query for each further `{query.path[-1]}` of `{'.'.join(query.path)}`"
        elif query.method == COLUMN:
            what = f"runs a query for the column `{'.'.join(query.path)}`"
        return ColumnAdvice(what, (), (), "annotate it in the admin's get_queryset(), and read that")
    named = " and ".join(f"`{'.'.join(path)}`" for path in costly.missing)
    lines: list[str] = []
    fix: Fix | None = None
    if select:
        names = _joinable(changelist)
        if names:
            lines.append(f"list_select_related = [{', '.join(_quoted(names))}]")
            intent = ExtendAttribute(changelist.admin.name_span, "list_select_related", names)
            # What a prefetch is needed for as well is mended by hand, in one place.
            fix = None if prefetch else Fix("name what the columns read", Applicability.SAFE, (intent,))
        else:
            lines.append(f"write get_queryset() with .select_related({', '.join(_quoted(select))})")
    if prefetch:
        quoted = ", ".join(f'"{lookup}"' for lookup in prefetch)
        loaded = f"super().get_queryset(request).prefetch_related({quoted})"
        lines.append(f"def get_queryset(self, request):\n    return {loaded}")
    return ColumnAdvice(f"loads {named} again", select, prefetch, "\n".join(lines), fix)


def _joinable(changelist: Changelist) -> tuple[str, ...]:
    """What a `list_select_related` names; nothing where the admin's get_queryset() joins, which makes it void.

    A list switches the admin's own join off, so it names all that any column reads.
    """
    loading = changelist.queryset.loading if changelist.queryset is not None else None
    if loading is not None and (loading.joined or loading.joins_all):
        return ()
    read = tuple(select_lookup(changelist.admin.model, path) for path in longest(changelist.joined))
    names = tuple(dict.fromkeys((*changelist.named, *read)))
    return tuple(name for name in names if not any(other.startswith(f"{name}__") for other in names))


def _quoted(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f'"{name}"' for name in names)
