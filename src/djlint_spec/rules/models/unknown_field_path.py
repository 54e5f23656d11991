"""A lookup path names no field of the model that it is followed on."""

from __future__ import annotations

from collections.abc import Iterator

from djlint_spec.diagnostics import Applicability, Finding, Fix, FixIntent, RenameKeyword, ReplaceExpression
from djlint_spec.project import Project
from djlint_spec.queries.paths import UnknownPath
from djlint_spec.rules import rule


@rule
def check(path: UnknownPath, project: Project) -> Iterator[Finding]:
    """One finding for each path, where it is written, with the nearest path that there is."""
    missing = path.missing
    reason = missing.reason or f"`{missing.model.label}` has no {path.names.value} `{missing.part}`"
    nearest = missing.nearest
    yield Finding(
        path.span,
        f"{path.user} names `{'__'.join(missing.parts)}`, but {reason}.",
        help=f"Did you mean `{nearest}`?" if nearest else "",
        fix=_fix(path, nearest, project) if nearest else None,
        data={"model": missing.model.label, "path": "__".join(missing.parts), "nearest": nearest},
    )


def _fix(path: UnknownPath, nearest: str, project: Project) -> Fix | None:
    written = project.source_of(path.span) or ""
    old = "__".join(path.missing.parts)
    intent: FixIntent
    if path.keyword is not None:
        intent = RenameKeyword(path.keyword, old, nearest)
    elif written[:1] in "\"'" and written[1:-1].endswith(old) and written.count(old) == 1:
        intent = ReplaceExpression(path.span, written.replace(old, nearest))
    else:
        return None
    return Fix(f"Write `{nearest}`", Applicability.UNSAFE, (intent,))
