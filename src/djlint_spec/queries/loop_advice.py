"""What to write so that a loop costs no query for each of its rows."""

from __future__ import annotations

import re

import msgspec

from djlint_spec.diagnostics import AddLoading, Applicability, Fix
from djlint_spec.inference.loading import Loading, Path
from djlint_spec.project import Project
from djlint_spec.project.fields import RelationKind
from djlint_spec.project.models import Model
from djlint_spec.queries.advice import Advice, joins_over_prefetch, longest, lookups_beside, select_lookup
from djlint_spec.queries.endpoints import has_many
from djlint_spec.queries.loops import LoopReport
from djlint_spec.queries.staleness import goes_stale, relations

_CHANGES = re.compile(r"\.(?:save|delete|add|create|get_or_create|update_or_create|update|remove|clear|set)\(")
_BY_CHUNKS = re.compile(r"\.a?iterator\(")


class LoopAdvice(msgspec.Struct, frozen=True):
    """The lookups that load what a loop reads, the code to write, and the fix where one is known."""

    loading: Advice
    help: str
    fix: Fix | None


def advice_for(report: LoopReport, project: Project) -> LoopAdvice:
    """The mend of the relations that a loop loads anew."""
    loading = report.rows.loading
    paths = tuple(dict.fromkeys(read.path for read in report.missing))
    plain = not loading.raw and loading.only is None and not loading.deferred
    joined = [path for path in paths if plain and not has_many(report.model, path)]
    prefetched = longest(path for path in paths if path not in joined)
    if loading.joins_all:
        return LoopAdvice(Advice(), "name every join: select_related() without names skips nullable keys", None)
    advice = Advice(
        tuple(select_lookup(report.model, path) for path in longest(joined)),
        tuple("__".join(path) for path in prefetched),
    )
    return LoopAdvice(advice, _help(report, project, advice), _fix(report, advice))


def _help(report: LoopReport, project: Project, advice: Advice) -> str:
    span = report.rows.span
    if report.rows.loading.combined:
        return f"write {advice.calls} in each queryset of the union"
    text = project.source_of(span) if span is not None else None
    looped = project.source_of(report.span) or ""
    chunks = " and .iterator(chunk_size=...)" if advice.prefetch_related and _BY_CHUNKS.search(looped) else ""
    if text is None or "\n" in text or _BY_CHUNKS.search(text):
        return f"write {advice.calls}{chunks}"
    return f"write {text.removesuffix('.all()')}{advice.calls}{chunks}"


def _fix(report: LoopReport, advice: Advice) -> Fix | None:
    """What loads the paths in every queryset that the loop may go through; None where one of them takes nothing."""
    ways = (report.rows, *report.others)
    if not all(_takes_loading(rows.loading) for rows in ways):
        return None
    if any(joins_over_prefetch(rows.loading, rows.span, advice) for rows in ways):
        return None
    spans = tuple(dict.fromkeys(rows.span for rows in ways))
    beside = lookups_beside(advice, [(rows.loading, report.missing) for rows in ways])
    intents = [
        AddLoading(span, advice.select_related, advice.prefetch_related, loop=report.span, beside=beside)
        for span in spans
        if span is not None and not span.path.startswith("<")
    ]
    if len(intents) < len(spans):
        return None
    if advice.prefetch_related and _BY_CHUNKS.search(report.text):
        return None  # beside iterator() without chunk_size a prefetch is an error, or lost
    paths = {read.path for read in report.missing}
    if any(goes_stale(report.model, path, report.written, report.assigned) for path in paths):
        return None
    if any(_holds_files(report.model, path) for path in paths):
        return None
    # Prefetched rows go stale where the loop, or what it calls, changes them.
    changes = bool(advice.prefetch_related) and _CHANGES.search(report.text) is not None
    seen = not (changes or report.written or report.assigned or report.handed)
    if not seen and any(_is_generic(report.model, path) for path in paths):
        return None  # what a generic key leads to may be what is changed
    here = all(span is not None and span.path == report.span.path for span in spans)
    return Fix(
        f"add {advice.calls.lstrip('.')}",
        Applicability.SAFE if here and not changes else Applicability.UNSAFE,
        tuple(intents),
    )


def _holds_files(model: Model, path: Path) -> bool:
    """Whether a path leads to sets of rows with binary columns, which are kept for one row of the loop at a time."""
    return any(
        relation.to_many
        and isinstance(relation.target, Model)
        and any(field.is_a("django.db.models.BinaryField") for field in relation.target.fields.values())
        for relation in relations(model, path)
    )


def _is_generic(model: Model, path: Path) -> bool:
    return any(relation.kind is RelationKind.GENERIC_FOREIGN_KEY for relation in relations(model, path))


def _takes_loading(loading: Loading) -> bool:
    return not (loading.combined or loading.raw or loading.locked or loading.only is not None or loading.deferred)
