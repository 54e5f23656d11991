"""Lowers single fixes on small texts."""

from __future__ import annotations

from collections.abc import Mapping

from djlint_spec.diagnostics import Applicability, Fix, FixIntent, Span
from djlint_spec.fixes import Document, Lowered, Lowering, Refused


def at(text: str, part: str, path: str = "a.py", occurrence: int = 0) -> Span:
    """The span of a part of a text."""
    start = -1
    for _ in range(occurrence + 1):
        start = text.index(part, start + 1)
    return Document(path, text).span_of(start, start + len(part))


def lowered(
    files: Mapping[str, str] | str, *intents: FixIntent, settings: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The new texts of the files that the intents change."""
    held = {"a.py": files} if isinstance(files, str) else files
    lowering = Lowering(held.get, (settings or {}).get)
    found = lowering.lower(Fix("for a test", Applicability.SAFE, intents))
    assert isinstance(found, Lowered), found
    return lowering.apply(found.edits)


def fixed(text: str, *intents: FixIntent, settings: Mapping[str, str] | None = None) -> str:
    """The new text of the one file."""
    return lowered(text, *intents, settings=settings)["a.py"]


def refused(files: Mapping[str, str] | str, *intents: FixIntent) -> str:
    """Why the intents have no place."""
    held = {"a.py": files} if isinstance(files, str) else files
    found = Lowering(held.get).lower(Fix("for a test", Applicability.SAFE, intents))
    assert isinstance(found, Refused), found
    return found.why
