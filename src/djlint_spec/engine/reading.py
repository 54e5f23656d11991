"""From files to facts."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from djlint_spec.diagnostics import Finding, Span
from djlint_spec.engine.progress import Progress, untold
from djlint_spec.extract import Bodies, Broken, extract
from djlint_spec.facts.tree import ModuleFacts
from djlint_spec.project.module import is_test
from djlint_spec.source import Source, Tree, Unreadable

if TYPE_CHECKING:
    from djlint_spec.cache import FactsCache


class Read(msgspec.Struct, frozen=True):
    """The facts of the files that could be read, by path, and a finding on each of the others."""

    facts: dict[str, ModuleFacts]
    broken: list[Finding]


def read_files(tree: Tree, wanted: Sequence[str], cache: FactsCache | None = None, progress: Progress = untold) -> Read:
    """Read and extract the files of a tree; one named outright in `wanted` even where excludes leave it out."""
    facts: dict[str, ModuleFacts] = {}
    broken: list[Finding] = []
    paths = dict.fromkeys(tree.python_files())
    paths.update(dict.fromkeys(path for path in wanted if path.endswith(".py")))
    for number, path in enumerate(sorted(paths)):
        progress("reading files", number, len(paths))
        read = read_source(tree.read(path), cache)
        if isinstance(read, Finding):
            broken.append(read)
        else:
            facts[path] = read
    return Read(facts, broken)


def read_source(source: Source | Unreadable, cache: FactsCache | None) -> ModuleFacts | Finding:
    """The facts of one file; the finding on it where it cannot be read or parsed."""
    if isinstance(source, Unreadable):
        return Finding(_spot(source.path, source.row, source.column), f"{source.reason}.")
    extracted = facts_of(source.text, cache, bodies=Bodies.NONE if is_test(source.path) else Bodies.ALL)
    if isinstance(extracted, Broken):
        return Finding(_spot(source.path, extracted.row, extracted.column), _why_broken(source, extracted))
    return extracted


def _why_broken(source: Source, broken: Broken) -> str:
    # Only a parser that knows newer syntax than the running Python can tell a newer file from a broken one.
    import libcst

    if broken.reason != "nested too deeply to be read":
        try:
            libcst.parse_module(source.text)
        except Exception:  # noqa: BLE001 - libcst raises errors of several kinds; each means it cannot read it
            return f"Syntax error: {broken.reason}."
        running = f"{sys.version_info.major}.{sys.version_info.minor}"
        return f"Newer syntax than Python {running}, which runs djlint-spec: the file is left out."
    return f"{broken.reason.capitalize()}."


def _spot(path: str, row: int, column: int) -> Span:
    return Span(path, row, column, row, column + 1)


def facts_of(
    text: str, cache: FactsCache | None, *, foreign: bool = False, bodies: Bodies = Bodies.ALL
) -> ModuleFacts | Broken:
    """The facts of a text, from the cache where it has them; why not, when it cannot be parsed.

    `foreign` is the text of a package, which is kept for runs that come to ask for it again; without a cache,
    `bodies` are those that come with it.
    """
    if cache is None:
        return extract(text, bodies)
    known = cache.get(text, foreign=foreign)
    if known is not None:
        return known
    made = extract(text)
    if isinstance(made, ModuleFacts):
        cache.put(made)
    return made
