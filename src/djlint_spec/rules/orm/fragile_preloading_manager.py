"""A call breaks on what the default manager loads with every queryset."""

from __future__ import annotations

from collections.abc import Iterator

from djlint_spec.diagnostics import Finding, Related
from djlint_spec.project import Project
from djlint_spec.queries.fragile import BrokenCall
from djlint_spec.rules import rule


@rule
def check(broken: BrokenCall, project: Project) -> Iterator[Finding]:
    """One finding for each only(), defer() or iterator() that raises."""
    del project
    name, path = broken.model.name, ".".join(broken.path)
    if broken.call == "iterator":
        when = f" {broken.versions}" if broken.versions else ""
        loader = f"the default manager of `{name}` prefetches" if broken.by_manager else f"rows of `{name}` come with"
        yield Finding(
            broken.span,
            f"`.iterator()` raises ValueError{when}: {loader} `{path}`, and no chunk_size is given.",
            help="write .iterator(chunk_size=2000)",
            related=tuple(_related(broken, "prefetched here")),
        )
        return
    key = broken.path[0] if len(broken.path) == 1 else "__".join(broken.path)
    left = "leaves out" if broken.call == "only" else "defers"
    yield Finding(
        broken.span,
        f"`.{broken.call}()` raises FieldError when the rows are fetched: it {left} `{key}`, which the default manager"
        f" of `{name}` joins.",
        help=f'name "{key}" in only(), or call .select_related(None) first'
        if broken.call == "only"
        else f'take "{key}" out of defer(), or call .select_related(None) first',
        related=tuple(_related(broken, "joined here")),
    )


def _related(broken: BrokenCall, message: str) -> Iterator[Related]:
    if broken.loaded_at is not None:
        yield Related(broken.loaded_at, message)
