"""A loop gets, makes, saves or deletes rows one by one, where one query does it."""

from __future__ import annotations

from collections.abc import Iterator

from djlint_spec.diagnostics import Finding, Related
from djlint_spec.project import Project
from djlint_spec.queries.loop_queries import Doing, LoopQuery
from djlint_spec.rules import rule
from djlint_spec.rules.registry import Options


@rule
def check(query: LoopQuery, project: Project, options: Options) -> Iterator[Finding]:
    """One finding for each call that a loop makes for one row after the other."""
    del project
    writes = query.doing in (Doing.CREATE, Doing.SAVE, Doing.DELETE)
    if writes and query.model.label in options.words("signals"):
        return
    module = query.module
    over = " ".join(module.text(query.loop.iterable).split())
    yield Finding(
        query.span,
        f"The loop over `{over if len(over) <= 40 else over[:39] + '…'}` runs a query for each round: {_what(query)}.",
        help=_instead(query),
        related=(Related(module.span(query.loop.iterable), "the loop goes through this"),),
        data={"model": query.model.label, "doing": query.doing.value},
    )


def _what(query: LoopQuery) -> str:
    name = query.model.name
    match query.doing:
        case Doing.GET:
            return f"`{name}` is asked for by `{query.lookup}`"
        case Doing.CREATE:
            return f"one `{name}` is created"
        case Doing.SAVE:
            return f"one `{name}` is saved"
        case Doing.DELETE:
            return f"one `{name}` is deleted"
        case Doing.UPDATE:
            return f"`{name}` is updated by `{query.lookup}`"


def _instead(query: LoopQuery) -> str:
    """What to write, and what it leaves out."""
    name = query.model.name
    listed = ", ".join(f'"{field}"' for field in query.fields)
    match query.doing:
        case Doing.GET if query.lookup in ("pk", "id"):
            return f"ask once before the loop: {name}.objects.in_bulk(...) of every `{_value(query)}`"
        case Doing.GET:
            return f"ask once before the loop: {name}.objects.filter({query.lookup}__in=...) of every `{_value(query)}`"
        case Doing.CREATE:
            return f"gather the rows and make them by one {name}.objects.bulk_create(...); it sends no signals"
        case Doing.DELETE:
            return f"delete them at once: .delete() of the queryset, or of {name}.objects.filter(pk__in=...)"
        case Doing.UPDATE if query.alike:
            return f"update them at once: {name}.objects.filter({query.lookup}__in=...).update(...)"
        case Doing.UPDATE:
            return f"gather the rows and save them by one {name}.objects.bulk_update(..., [{listed}])"
        case Doing.SAVE if query.alike:
            return f"set {listed} by one .update(...) of the queryset; {_skips(query)}"
        case Doing.SAVE:
            return f"gather the rows and save them by one {name}.objects.bulk_update(..., [{listed}]); {_skips(query)}"


def _value(query: LoopQuery) -> str:
    return query.module.text(query.value) if query.value is not None else "..."


def _skips(query: LoopQuery) -> str:
    stamps = [field.name for field in query.model.fields.values() if field.flag("auto_now")]
    told = f"auto_now fields ({', '.join(stamps)})" if stamps else "auto_now fields"
    return f"it skips {told}, save() and its signals"
