"""Lookup paths of querysets and declarations that name no field."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from djlint_spec.diagnostics import Span
from djlint_spec.project import Module, Project
from djlint_spec.project.lookups import Lookups, Names, NotFound
from djlint_spec.project.models import Model
from djlint_spec.queries.chains import ChainCalls, uses_of
from djlint_spec.queries.declared_paths import declarations


class UnknownPath(msgspec.Struct, frozen=True):
    """A path that names nothing, where it is written; `keyword` is the call whose argument's name it is.

    `user` says what names it: `filter()`, `search_fields`.
    """

    span: Span
    model: Model
    names: Names
    missing: NotFound
    user: str
    keyword: Span | None = None


def unknown_paths(project: Project) -> tuple[UnknownPath, ...]:
    """Every path of the project that names nothing, each place once."""
    found: dict[Span, UnknownPath] = {}
    of_chains = (path for module in project.modules for path in unknown_in_chains(project, module))
    for path in (*of_chains, *unknown_in_declarations(project)):
        found.setdefault(path.span, path)
    return tuple(found.values())


def unknown_in_chains(project: Project, module: Module) -> Iterator[UnknownPath]:
    """Those that calls of querysets in one module name."""
    lookups = project.once(Lookups)
    for call in project.once(ChainCalls).of(module):
        chain = call.chain
        named = {keyword.name for keyword in call.call.keywords if keyword.name} if call.method in _NAMING else set()
        for use in uses_of(project, call):
            resolved = lookups.resolve(chain.model, use.path, use.names)
            if not isinstance(resolved, NotFound):
                continue
            given = any(f"{use.path}__".startswith(f"{name}__") for name in (*chain.added, *named))
            if given or (use.names is Names.LOOKUP and (chain.unnamed or (chain.opaque and resolved.at == 0))):
                continue
            yield UnknownPath(use.span, chain.model, use.names, resolved, f"{call.method}()", use.keyword)


_NAMING = frozenset({"annotate", "alias", "aggregate", "aaggregate", "values", "values_list"})


def unknown_in_declarations(project: Project) -> Iterator[UnknownPath]:
    """Those that classes declare."""
    lookups = project.once(Lookups)
    for declared in declarations(project):
        missing = [lookups.resolve(model, declared.path, declared.names) for model in declared.models]
        first = missing[0]
        if isinstance(first, NotFound) and all(isinstance(one, NotFound) for one in missing):
            if first.at == 0 and declared.opaque:
                continue
            yield UnknownPath(declared.span, declared.models[0], declared.names, first, f"`{declared.option}`")
