"""From what the rules said to what is reported."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from djlint_spec.config import Config, FileIgnores
from djlint_spec.diagnostics import Finding
from djlint_spec.engine import suppress
from djlint_spec.engine.judging import made
from djlint_spec.engine.rulebook import Rulebook
from djlint_spec.project import Project

_MIGRATION_RULES = frozenset({"DJS001", "DJS002", "DJS104", "DJS701", "DJS705"})
"""Codes that report in migrations; their pages say so."""


def settle(
    project: Project,
    book: Rulebook,
    selected: Collection[str],
    config: Config,
    found: Iterable[Finding],
    wanted: Sequence[str],
) -> list[Finding]:
    """The findings to report: where they belong, not suppressed, each once, sorted."""
    modules = {module.path: module for module in project.modules}
    by_path: dict[str, list[Finding]] = {}
    for finding in found:
        module = modules.get(finding.span.path)
        if module is not None and module.is_migration and finding.code not in _MIGRATION_RULES:
            continue
        by_path.setdefault(finding.span.path, []).append(finding)
    kept: list[Finding] = []
    known = {word for page in book.pages.values() for word in (page.code, page.name)}
    ran = {word for page in book.pages.values() if page.code in selected for word in (page.code, page.name)}
    for path, module in modules.items():
        if path not in by_path and not module.mentions("DJS", "djlint-spec:"):
            continue
        comments = list(suppress.suppressions(module))
        here, used = suppress.apply(by_path.pop(path, ()), comments, module.facts.text)
        kept.extend(here)
        if "DJS002" in selected:
            kept.extend(made(book.pages["DJS002"], f) for f in suppress.unused(comments, used, ran, known))
    for rest in by_path.values():
        kept.extend(rest)
    unique = {(f.span, f.code, f.message): f for f in kept if is_wanted(f.span.path, wanted)}
    ignores = FileIgnores(book.pages.values(), config)
    return sorted(
        (finding for finding in unique.values() if not ignores.cover(finding.span.path, finding.code)),
        key=lambda f: (f.span, f.code, f.message),
    )


def is_wanted(path: str, wanted: Sequence[str]) -> bool:
    """Whether a path is one of the wanted files, or lies in one of the wanted folders."""
    return any(not place or path == place or path.startswith(f"{place}/") for place in wanted)
