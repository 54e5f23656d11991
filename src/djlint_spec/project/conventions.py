"""What a project does everywhere: its base model, how it deletes, what documents and what serves its API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from djlint_spec.project.models import Model
    from djlint_spec.project.project import Project

_MARKS = frozenset(
    ["deleted", "deleted_at", "deleted_on", "date_deleted", "is_deleted", "is_removed", "removed", "removed_at"]
)
"""Names of fields by which a row counts as deleted."""
_PACKAGES = ("safedelete", "model_utils.models.SoftDeletableModel", "django_softdelete", "soft_delete")


class Conventions(msgspec.Struct, frozen=True):
    """Dotted names of the base models, None where there is no such convention, and which packages are used.

    The base model is the option, else the project's abstract model that more than half of its concrete ones derive
    from. The soft-delete base is the model, ours or a package's, from which most models take the field that marks
    them as deleted.
    """

    base_model: str | None
    soft_delete_base: str | None
    spectacular: bool
    celery: bool
    channels: bool
    asgi: bool


def conventions_of(project: Project) -> Conventions:
    """The conventions of a project, as far as they can be told from its text."""
    concrete = [model for model in project.models.all if not model.abstract]

    def imports(*packages: str) -> bool:
        words = [f"{lead} {package}" for package in packages for lead in ("from", "import")]
        return any(module.mentions(*words) for module in project.modules)

    return Conventions(
        base_model=project.config.base_model or _base_model(concrete),
        soft_delete_base=_most_common(base for model in concrete for base in _soft_delete_bases(model)),
        spectacular=imports("drf_spectacular"),
        celery=imports("celery"),
        channels=imports("channels"),
        asgi=any(module.mentions("get_asgi_application") for module in project.modules),
    )


def _base_model(concrete: list[Model]) -> str | None:
    bases = [base.dotted for model in concrete for base in model.lineage[1:] if base.abstract and base.cls.is_ours]
    name = _most_common(bases)
    return name if bases.count(name or "") * 2 > len(concrete) else None


def _soft_delete_bases(model: Model) -> Iterable[str]:
    for base in model.lineage:
        marked = any(field.name in _MARKS for field in base.fields.values())
        deeper = any(field.name in _MARKS for parent in base.lineage[1:] for field in parent.fields.values())
        if base.dotted.startswith(_PACKAGES) or (marked and not deeper and base.abstract):
            yield base.dotted
            return


def _most_common(names: Iterable[str]) -> str | None:
    counts = Counter(names)
    return counts.most_common(1)[0][0] if counts else None
