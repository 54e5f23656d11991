"""What to tell of missing paths, and the queryset to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from djlint_spec.diagnostics import AddLoading, Applicability, Finding, Fix, JsonValue, Related, Span
from djlint_spec.inference.loading import Loading, Path
from djlint_spec.inference.values import QuerySet
from djlint_spec.project import Project, Unknown
from djlint_spec.project.models import Model
from djlint_spec.queries.endpoints import Lack, ListEndpoint


@dataclass(frozen=True, slots=True)
class Advice:
    """The lookups that load every missing path; those of one kind, in the order of the paths."""

    select_related: tuple[str, ...] = ()
    prefetch_related: tuple[str, ...] = ()

    @property
    def calls(self) -> str:
        """The method calls to add, as code."""
        text = ""
        if self.select_related:
            text += f".select_related({_quoted(self.select_related)})"
        if self.prefetch_related:
            text += f".prefetch_related({_quoted(self.prefetch_related)})"
        return text


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def select_lookup(model: Model, path: Path) -> str:
    """A to-one path as select_related takes it: by query names."""
    names: list[str] = []
    for name in path:
        relation = model.relations[name]
        names.append(relation.query_name)
        if isinstance(relation.target, Unknown):
            break
        model = relation.target
    return "__".join(names)


def longest(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The paths that no other path goes on from."""
    known = list(dict.fromkeys(paths))
    return tuple(path for path in known if not any(other != path and other[: len(path)] == path for other in known))


def advise(lack: Lack, *, to_many: bool) -> Advice:
    """The loading that covers what a queryset lacks."""
    if to_many or not _takes_joins(lack.queryset.loading):
        return Advice(prefetch_related=tuple("__".join(path) for path in longest(lack.paths)))
    # A name after select_related() takes the place of all that it joins.
    kept = longest((*lack.paths, *lack.joined_by_all))
    return Advice(select_related=tuple(select_lookup(lack.queryset.model, path) for path in kept))


def _takes_joins(loading: Loading) -> bool:
    # Raw queries have no select_related; beside only() it brings rows without their columns, or an error.
    return not loading.raw and loading.only is None and not loading.deferred


def missing_loading(project: Project, endpoint: ListEndpoint, *, to_many: bool) -> Iterator[Finding]:
    """A finding for each queryset of an endpoint that leaves paths of one kind unloaded."""
    for lack in endpoint.lacks(to_many=to_many):
        advice = advise(lack, to_many=to_many)
        yield Finding(
            _place(endpoint, lack.queryset),
            f"{endpoint.title} {'fetches' if to_many else 'loads'} {_named(lack.paths)} again for each row.",
            help=f"write {_write(project, lack.queryset, advice)}",
            fix=_fix(endpoint, lack.queryset, advice, to_many=to_many),
            related=tuple(_read_by(lack.reads[path].span, ".".join(path)) for path in lack.paths),
            data=_data(endpoint, lack, to_many=to_many),
        )


def _read_by(span: Span, path: str) -> Related:
    return Related(span, f"reads {path}", label="read by", subject=path)


def _place(endpoint: ListEndpoint, queryset: QuerySet) -> Span:
    span = queryset.span
    # A queryset that a base in another file builds is mended in the view.
    return span if span is not None and span.path == endpoint.view.module.path else endpoint.view.name_span


def _named(paths: Sequence[Path]) -> str:
    names = [f"`{'.'.join(path)}`" for path in paths]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _write(project: Project, queryset: QuerySet, advice: Advice) -> str:
    span = queryset.span
    if queryset.loading.combined:
        return f"{advice.calls} in each queryset of the union"
    text = project.source_of(span) if span is not None else None
    if text is None or "\n" in text:
        return advice.calls
    return f"{text.removesuffix('.all()')}{advice.calls}"


def _fix(endpoint: ListEndpoint, queryset: QuerySet, advice: Advice, *, to_many: bool) -> Fix | None:
    loading = queryset.loading
    if queryset.span is None or loading.combined or loading.raw or loading.only is not None or loading.deferred:
        return None
    if to_many and loading.locked:
        return None
    # Prefetched rows go stale under a write that answers with the same instance.
    applicability = Applicability.SAFE if not to_many or endpoint.view.is_read_only else Applicability.UNSAFE
    return Fix(
        f"add {advice.calls.lstrip('.')}",
        applicability,
        (AddLoading(queryset.span, advice.select_related, advice.prefetch_related),),
    )


def _data(endpoint: ListEndpoint, lack: Lack, *, to_many: bool) -> Mapping[str, JsonValue]:
    joins = not to_many and _takes_joins(lack.queryset.loading)
    lookups: list[JsonValue] = [
        select_lookup(lack.queryset.model, path) if joins else "__".join(path) for path in lack.paths
    ]
    return {
        "endpoints": [endpoint.name],
        "missing_select_related": lookups if joins else [],
        "missing_prefetch_related": [] if joins else lookups,
        "reads": [
            {"path": ".".join(path), "filename": lack.reads[path].span.path, "row": lack.reads[path].span.row}
            for path in lack.paths
        ],
    }
