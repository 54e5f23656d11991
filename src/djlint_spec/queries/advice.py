"""What to tell of missing paths, and the queryset to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from djlint_spec.diagnostics import AddLoading, Applicability, Finding, Fix, JsonValue, Related, Span
from djlint_spec.inference.loading import Loading, Path
from djlint_spec.inference.reads import FOLLOWS_ON
from djlint_spec.inference.values import QuerySet
from djlint_spec.project import Project, Unknown
from djlint_spec.project.fields import RelationKind
from djlint_spec.project.models import Model
from djlint_spec.project.pagination import Pagination, pagination_of
from djlint_spec.queries.endpoints import Lack, ListEndpoint, comes_through_get_queryset, has_many
from djlint_spec.queries.estimates import estimate
from djlint_spec.queries.rows import RowRead

_LONGEST = 160


class Advice(msgspec.Struct, frozen=True):
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
    model = lack.queryset.model
    kept = longest(sorted({*lack.paths, *lack.joined_by_all}))
    joined = tuple(path for path in kept if not _is_generic(model, path))
    return Advice(
        tuple(select_lookup(model, path) for path in joined),
        tuple("__".join(path) for path in kept if path not in joined),
    )


def advise_all(lacks: Mapping[bool, Lack]) -> Advice:
    """The loading that covers all that one queryset lacks: its lacks by whether they have a to-many hop."""
    kinds = [advise(lack, to_many=to_many) for to_many, lack in lacks.items()]
    fetched = longest(tuple(name.split("__")) for advice in kinds for name in advice.prefetch_related)
    joined = tuple(name for advice in kinds for name in advice.select_related)
    return Advice(joined, tuple("__".join(path) for path in fetched))


def queryset_to_write(project: Project, lacks: Mapping[bool, Lack]) -> str:
    """The code of one queryset with all that it lacks loaded."""
    held = [lacks[to_many] for to_many in sorted(lacks)]
    reads = {path: read for lack in held for path, read in lack.reads.items()}
    return _write(project, Lack(held[0].queryset, reads, held[0].joined_by_all), advise_all(lacks))


def _takes_joins(loading: Loading) -> bool:
    # Raw queries have no select_related; beside only() it brings rows without their columns, or an error.
    return not loading.raw and loading.only is None and not loading.deferred


def _is_generic(model: Model, path: Path) -> bool:
    """Whether a path goes through a generic foreign key, which no join can follow."""
    held: Model | Unknown = model
    for name in path:
        relation = held.relations.get(name) if not isinstance(held, Unknown) else None
        if relation is None:
            return False
        if relation.kind is RelationKind.GENERIC_FOREIGN_KEY:
            return True
        held = relation.target
    return False


def missing_loading(project: Project, endpoint: ListEndpoint, *, to_many: bool) -> Iterator[Finding]:
    """A finding for each queryset of an endpoint that leaves paths of one kind unloaded.

    Those that say the same of the same place are one: it is mended where each of them is.
    """
    found: dict[tuple[Span, str], list[Finding]] = {}
    for finding in _lacking(project, endpoint, to_many=to_many):
        found.setdefault((finding.span, finding.message), []).append(finding)
    for same in found.values():
        yield replace(same[0], fix=_together([finding.fix for finding in same]))


def _together(fixes: Sequence[Fix | None]) -> Fix | None:
    """One fix that makes all of them; None where one of the places has none."""
    made = [fix for fix in fixes if fix is not None]
    if len(made) < len(fixes):
        return None
    safe = all(fix.applicability is Applicability.SAFE for fix in made)
    intents = tuple(dict.fromkeys(intent for fix in made for intent in fix.intents))
    return replace(made[0], applicability=Applicability.SAFE if safe else Applicability.UNSAFE, intents=intents)


def _lacking(project: Project, endpoint: ListEndpoint, *, to_many: bool) -> Iterator[Finding]:
    for lack in endpoint.lacks(to_many=to_many):
        advice = advise(lack, to_many=to_many)
        yield Finding(
            _place(endpoint, lack.queryset),
            f"{endpoint.title} {'fetches' if to_many else 'loads'} {_named(lack.paths)} again for each row.",
            help=f"write {_write(project, lack, advice)}",
            cost=_cost(project, endpoint, lack, advice),
            fix=None if _is_chain(endpoint, lack) else _fix(project, endpoint, lack.queryset, advice, to_many=to_many),
            related=tuple(_read_by(lack.reads[path].span, ".".join(path)) for path in lack.paths),
            data=_data(endpoint, lack, to_many=to_many),
        )


def _cost(project: Project, endpoint: ListEndpoint, lack: Lack, advice: Advice) -> str:
    """How many queries a page takes now, and how many with what a lack names loaded."""
    paging = paging_of(project, endpoint)
    found = [
        estimate(report, lack.reads, advice.prefetch_related, paging)
        for report in endpoint.reports
        if (report.model, report.queryset.span) == (lack.queryset.model, lack.queryset.span)
    ]
    dearest = max(found, key=lambda one: one.now)
    return f"{dearest.text}; {dearest.mended} with the fix"


def paging_of(project: Project, endpoint: ListEndpoint) -> Pagination | None:
    """How an endpoint pages its list."""
    cls = endpoint.view.cls
    return pagination_of(project, cls) if cls is not None else None


def _read_by(span: Span, path: str) -> Related:
    return Related(span, f"reads {path}", label="read by", subject=path)


def _place(endpoint: ListEndpoint, queryset: QuerySet) -> Span:
    span = queryset.span
    # A queryset that a base in another file builds is mended in the view.
    return span if span is not None and span.path == endpoint.view.module.path else endpoint.view.name_span


def _named(paths: Sequence[Path]) -> str:
    names = [f"`{'.'.join(path)}`" for path in paths]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _write(project: Project, lack: Lack, advice: Advice) -> str:
    queryset = lack.queryset
    if queryset.loading.combined:
        return f"{advice.calls} in each queryset of the union"
    inside = _inside_prefetch(project, lack)
    if inside is not None:
        return inside
    text = source_of(project, queryset)
    if text is None:
        return advice.calls
    for method, names in (("select_related", advice.select_related), ("prefetch_related", advice.prefetch_related)):
        text = _extended(text, method, names)
    return text


def source_of(project: Project, queryset: QuerySet) -> str | None:
    """The code of a queryset on one line, None where it is not written out or too long to repeat."""
    text = project.source_of(queryset.span) if queryset.span is not None else None
    if text is None or "#" in text:
        return None
    line = re.sub(r",\s*\)", ")", re.sub(r"\s*\n\s*", "", text)) if "\n" in text else text
    return line if len(line) <= _LONGEST else None


def _extended(text: str, method: str, names: Sequence[str]) -> str:
    """The code with further names: in the call of the method that is there, else in a new one at the end."""
    if not names:
        return text
    there = re.search(rf"\.{method}\(([^()]+)\)", text)
    if there is None or there[1].strip() == "None":
        return f"{text.removesuffix('.all()')}.{method}({_quoted(names)})"
    return f"{text[: there.end(1)].rstrip(', ')}, {_quoted(names)}{text[there.end(1) :]}"


def _inside_prefetch(project: Project, lack: Lack) -> str | None:
    """What to write where all that is missing lies behind one `Prefetch` with a queryset of its own."""
    for entry in lack.queryset.loading.prefetched:
        inner = entry.queryset
        way = entry.path if entry.to_attr is None else (*entry.path[:-1], entry.to_attr)
        if inner is None or not all(len(path) > len(way) and path[: len(way)] == way for path in lack.paths):
            continue
        text = source_of(project, inner)
        rest = longest(path[len(way) :] for path in lack.paths)
        joined = tuple(select_lookup(inner.model, path) for path in rest if not has_many(inner.model, path))
        fetched = tuple("__".join(path) for path in rest if has_many(inner.model, path))
        if text is None:
            code = Advice(joined, fetched).calls
        else:
            code = _extended(_extended(text, "select_related", joined), "prefetch_related", fetched)
        lookups = _quoted(["__".join(path) for path in longest(lack.paths)])
        return f'{code} inside the Prefetch of "{"__".join(entry.path)}", or {lookups} behind it'
    return None


def joins_over_prefetch(loading: Loading, span: Span | None, advice: Advice) -> bool:
    """Whether a join would go over rows that a `Prefetch` with a queryset fetches, in other code than that at `span`.

    Rows that are joined Django does not fetch again: they lack what the queryset loads with them.
    """
    joined = [tuple(name.split("__")) for name in advice.select_related]
    return any(
        entry.queryset is not None
        and entry.to_attr is None
        and any(path[: len(entry.path)] == entry.path for path in joined)
        and not (span is not None and entry.span is not None and _lies_in(entry.span, span))
        for entry in loading.prefetched
    )


def lookups_beside(advice: Advice, ways: Iterable[tuple[Loading, Iterable[RowRead]]]) -> frozenset[str]:
    """The lookups that are missing on those ways alone on which a shorter one is loaded, be it in other code.

    What a field reads that is there on some ways only, it reads where the rest of its path is loaded.
    """
    found: dict[str, list[tuple[bool, bool]]] = {}
    for loading, missing in ways:
        named = {entry.path for entry in loading.prefetched if entry.queryset is None}
        named |= {path for path, _ in loading.joins}
        reads = tuple(missing)
        for lookup in (*advice.select_related, *advice.prefetch_related):
            hops = tuple(lookup.split("__"))
            here = [read for read in reads if read.path == hops[: len(read.path)]]
            if here:
                goes_on = any(hops[:length] in named for length in range(1, len(hops)))
                found.setdefault(lookup, []).append((goes_on, all(read.optional for read in here)))
    return frozenset(
        lookup
        for lookup, told in found.items()
        if any(goes_on for goes_on, _ in told) and all(goes_on or optional for goes_on, optional in told)
    )


def _lies_in(span: Span, outer: Span) -> bool:
    start, end = (outer.row, outer.column), (outer.end_row, outer.end_column)
    return span.path == outer.path and start <= (span.row, span.column) < end


def _is_chain(endpoint: ListEndpoint, lack: Lack) -> bool:
    """Whether code follows one of the paths on and on: loading some rows more does not end what it queries."""
    chains = [query.path for report in endpoint.reports for query in report.queries if query.method == FOLLOWS_ON]
    return any(chain[: len(path)] == path for path in lack.paths for chain in chains)


def _fix(project: Project, endpoint: ListEndpoint, queryset: QuerySet, advice: Advice, *, to_many: bool) -> Fix | None:
    loading = queryset.loading
    if loading.combined or loading.raw or loading.only is not None or loading.deferred or loading.locked:
        return None
    view = endpoint.view
    # Where the rows do not come through get_queryset, loading in it would be in vain.
    has_hook = view.cls is None or comes_through_get_queryset(project, view, endpoint.action, queryset)
    if queryset.span is None and not has_hook:
        return None
    ways = [one for one in endpoint.reports if (one.model, one.queryset.span) == (queryset.model, queryset.span)]
    if any(joins_over_prefetch(way.queryset.loading, queryset.span, advice) for way in ways):
        return None
    # Prefetched rows go stale under a write that answers with the same instance.
    applicability = Applicability.SAFE if not to_many or view.is_read_only else Applicability.UNSAFE
    return Fix(
        f"add {advice.calls.lstrip('.')}",
        applicability,
        (
            AddLoading(
                queryset.span,
                advice.select_related,
                advice.prefetch_related,
                view=view.name_span if has_hook else None,
                to_one=_to_one(queryset.model, advice.prefetch_related),
                beside=lookups_beside(advice, [(way.queryset.loading, way.missing) for way in ways]),
            ),
        ),
    )


def _to_one(model: Model, lookups: Iterable[str]) -> frozenset[str]:
    """The prefixes of lookups whose last hop is to-one."""
    found: set[str] = set()
    for lookup in lookups:
        held: Model | Unknown = model
        hops = lookup.split("__")
        for index, name in enumerate(hops):
            relation = held.relations.get(name) if not isinstance(held, Unknown) else None
            if relation is None:
                break
            if not relation.to_many and relation.kind is not RelationKind.GENERIC_FOREIGN_KEY:
                found.add("__".join(hops[: index + 1]))
            held = relation.target
    return frozenset(found)


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
