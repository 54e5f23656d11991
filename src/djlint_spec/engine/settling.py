"""From what the rules said to what is reported."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import msgspec
from msgspec.structs import replace

from djlint_spec.config import Config, FileIgnores
from djlint_spec.diagnostics import Applicability, Finding, Span
from djlint_spec.engine import suppress
from djlint_spec.engine.judging import made
from djlint_spec.engine.rulebook import Rulebook
from djlint_spec.project import Module, Project

_MIGRATION_RULES = frozenset({"DJS001", "DJS002", "DJS104", "DJS701", "DJS705"})
"""Codes that report in migrations; their pages say so."""


_CERTAINTY = (Applicability.DISPLAY, Applicability.UNSAFE, Applicability.SAFE)
"""Of two fixes that are one, the less certain tells whether it may be applied."""


class _Settled(msgspec.Struct, frozen=True):
    """What a file's findings came to, as its module and they were."""

    module: Module | None
    found: tuple[Finding, ...]
    kept: tuple[Finding, ...]


class Settling:
    """The findings of each file as they are reported; files of which nothing has changed are not settled again."""

    def __init__(self, book: Rulebook, selected: Collection[str], config: Config) -> None:
        self._unused = book.pages["DJS002"] if "DJS002" in selected else None
        self._known = {word for page in book.pages.values() for word in (page.code, page.name)}
        self._ran = {word for page in book.pages.values() if page.code in selected for word in (page.code, page.name)}
        self._ignores = FileIgnores(book.pages.values(), config)
        self._settled: dict[str, _Settled] = {}

    def take(self, project: Project, found: Iterable[Finding], broken: Collection[str] = ()) -> None:
        """Take over all findings on a project; the texts of `broken` files are others than their modules'."""
        by_path: dict[str, list[Finding]] = {module.path: [] for module in project.modules}
        for finding in found:
            by_path.setdefault(finding.span.path, []).append(finding)
        before, self._settled = self._settled, {}
        for path, here in by_path.items():
            module, findings = None if path in broken else project.module_at(path), tuple(here)
            known = before.get(path)
            if known is None or known.module is not module or known.found != findings:
                known = _Settled(module, findings, tuple(self._settle(path, module, findings)))
            self._settled[path] = known

    @property
    def findings(self) -> list[Finding]:
        """What is left, sorted."""
        kept = (finding for settled in self._settled.values() for finding in settled.kept)
        return sorted(kept, key=lambda f: (f.span, f.code, f.message))

    def _settle(self, path: str, module: Module | None, found: tuple[Finding, ...]) -> Iterable[Finding]:
        kept: list[Finding] = list(found)
        if module is not None:
            if module.is_migration:
                kept = [finding for finding in found if finding.code in _MIGRATION_RULES]
            if kept or suppress.concerns_us(module):
                comments = list(suppress.suppressions(module))
                kept, used = suppress.apply(kept, comments, module)
                if self._unused is not None:
                    page = self._unused
                    kept += (made(page, f) for f in suppress.unused(comments, used, self._ran, self._known))
        unique: dict[tuple[Span, str, str], Finding] = {}
        for finding in kept:
            key = finding.span, finding.code, finding.message
            unique[key] = _joined(unique[key], finding) if key in unique else finding
        return (finding for finding in unique.values() if not self._ignores.cover(path, finding.code))


def _joined(one: Finding, other: Finding) -> Finding:
    """One finding for two that say the same of one place: what mends both mends it, where there is something for each.

    A loop in a function that two callers give querysets to is one of two sets.
    """
    related = tuple(dict.fromkeys((*one.related, *other.related)))
    if one.fix is None or other.fix is None:
        return replace(other, fix=None, related=related)
    intents = tuple(dict.fromkeys((*one.fix.intents, *other.fix.intents)))
    certain = min((one.fix, other.fix), key=lambda fix: _CERTAINTY.index(fix.applicability))
    return replace(other, fix=replace(certain, intents=intents), related=related)


def is_wanted(path: str, wanted: Sequence[str]) -> bool:
    """Whether a path is one of the wanted files, or lies in one of the wanted folders."""
    return any(not place or path == place or path.startswith(f"{place}/") for place in wanted)
