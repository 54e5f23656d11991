"""A model is keyed by something other than a UUID."""

from __future__ import annotations

from collections.abc import Iterator

from djlint_spec.diagnostics import Finding, Related, Span
from djlint_spec.project import Project
from djlint_spec.project.autofield import implicit_key
from djlint_spec.project.models import KeyKind, Model
from djlint_spec.rules import rule

_UUID = "django.db.models.UUIDField"
_WRITE = "id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)"
_MOST_NAMES = 6


@rule
def check(project: Project, _: Project) -> Iterator[Finding]:
    """Declared keys at the field, inherited ones at the class, those that Django makes where that is decided."""
    implicit: dict[Span, tuple[str, list[Model]]] = {}
    for model in project.models.all:
        if model.abstract or model.proxy or not model.managed or model.unresolved:
            continue
        key = model.primary_key
        if key.kind is KeyKind.IMPLICIT:
            if any(field.has_unknown_arguments for field in model.table_fields.values()):
                continue  # `CharField(**options)` may be the key
            decided = implicit_key(model)
            if decided is not None and not decided.is_uuid:
                implicit.setdefault(decided.span, (decided.kind, []))[1].append(model)
        elif key.field is not None and key.field.is_a(_UUID) is False and key.field.name not in model.forward:
            inherited = key.kind is KeyKind.INHERITED
            yield Finding(
                model.cls.name_span if inherited else key.field.span,
                f"`{model.label}` is keyed by `{key.field.name}`, {_article(key.field.kind_name)}, not by a UUID.",
                help=_WRITE,
                related=(Related(key.field.span, "the key is declared here"),) if inherited else (),
            )
    for span, (kind, models) in implicit.items():
        labels = sorted(f"`{model.label}`" for model in models)
        shown = ", ".join(labels[:_MOST_NAMES]) + (
            f" and {len(labels) - _MOST_NAMES} more" if len(labels) > _MOST_NAMES else ""
        )
        many = len(labels) > 1
        told = f"{len(labels)} models ({shown}) declare no key and get" if many else f"{shown} declares no key and gets"
        yield Finding(span, f"{told} {_article(kind)}, not a UUID.", help=_WRITE)


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "AEIO" else f"a {kind}"
