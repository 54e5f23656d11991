"""What `doctor` tells: what a project was taken for, and what of it could not be resolved, by cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from djlint_spec.config import Config
from djlint_spec.diagnostics import JsonValue
from djlint_spec.engine.masking import Masking
from djlint_spec.engine.resolution import Rate, base_rate, queryset_rate, serializer_rate
from djlint_spec.engine.run import disk_tree, environment_of, project_of, root_of
from djlint_spec.project import Project
from djlint_spec.project.models import Model
from djlint_spec.queries import endpoints_of


@dataclass(frozen=True)
class Diagnosis:
    """What was detected."""

    versions: Mapping[str, tuple[str, tuple[str, ...]]]
    apps: tuple[str, ...]
    user_model: str
    base_model: str | None
    settings: tuple[str, ...]
    conventions: Mapping[str, bool]
    counts: Mapping[str, int]
    rates: tuple[Rate, ...] = field(default_factory=tuple)

    def as_json(self) -> JsonValue:
        """The same as JSON."""
        return {
            "versions": {
                name: {"range": told, "declared": list(where)} for name, (told, where) in self.versions.items()
            },
            "apps": list(self.apps),
            "user_model": self.user_model,
            "base_model": self.base_model,
            "settings": list(self.settings),
            "conventions": dict(self.conventions),
            "counts": dict(self.counts),
            "resolution": {
                rate.what: {
                    "seen": rate.seen,
                    "resolved": rate.resolved,
                    "causes": {
                        cause: {"count": count, "examples": list(told)} for cause, (count, told) in rate.causes.items()
                    },
                }
                for rate in self.rates
            },
        }

    def as_text(self) -> str:
        """The same for people."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield "Versions"
        for name, (told, where) in self.versions.items():
            yield f"  {name:<10} {told:<10} {', '.join(where) or 'not declared: every supported version is assumed'}"
        yield f"Apps         {', '.join(self.apps) or '-'}"
        yield f"User model   {self.user_model}"
        yield f"Base model   {self.base_model or '-'}"
        yield f"Settings     {', '.join(self.settings) or '-'}"
        yield f"Conventions  {', '.join(name for name, held in self.conventions.items() if held) or '-'}"
        yield "Found        " + ", ".join(f"{count} {what}" for what, count in self.counts.items())
        yield self.unresolved_text()

    def unresolved_text(self) -> str:
        """The resolution rates, and each cause of Unknown with a count and examples."""
        lines = ["Resolved"]
        for rate in self.rates:
            lines.append(f"  {rate.what:<24} {rate.resolved} of {rate.seen} ({rate.percent} %)")
            for cause, (count, examples) in rate.causes.items():
                lines.append(f"    {count:>4} x {cause}: {', '.join(examples)}")
        return "\n".join(lines)


def diagnose(paths: Sequence[Path], config: Config, root: Path | None = None) -> Diagnosis:
    """Link the project around some paths and tell of it."""
    root = root or root_of(paths)
    return diagnosis_of(project_of(disk_tree(root, config), config, environment_of(root, config)))


def diagnosis_of(project: Project) -> Diagnosis:
    """What a linked project was taken for."""
    versions = project.versions
    concrete = [model for model in project.models.all if not model.abstract]
    lists = endpoints_of(project).lists
    masking = Masking(project, (module.path for module in project.modules))
    return Diagnosis(
        versions={
            name: (str(found), tuple(f"{d.path}:{d.row} {d.specifier}" for d in found.declared))
            for name, found in (
                ("Django", versions.django),
                ("DRF", versions.drf),
                ("Celery", versions.celery),
                ("Channels", versions.channels),
            )
        },
        apps=tuple(sorted({model.app_label for model in project.models.all})),
        user_model=project.user_model_label,
        base_model=_base_model(concrete),
        settings=tuple(f"{source.name} ({source.purpose.value})" for source in project.settings.sources),
        conventions={
            "drf-spectacular": any(module.mentions("drf_spectacular") for module in project.modules),
            "channels": any(module.mentions("from channels", "import channels") for module in project.modules),
            "celery": any(module.mentions("from celery", "import celery") for module in project.modules),
        },
        counts={
            "models": len(concrete),
            "serializers": len(project.serializers.all),
            "views": len(project.views.all),
            "list endpoints": len(lists),
        },
        rates=tuple(
            replace(rate, causes=masking.texts(rate.causes))
            for rate in (base_rate(project), serializer_rate(project), queryset_rate(lists))
        ),
    )


def _base_model(concrete: Sequence[Model]) -> str | None:
    """The abstract model of the project that most concrete models derive from."""
    counts = Counter(
        base.dotted for model in concrete for base in model.lineage[1:] if base.abstract and base.cls.is_ours
    )
    if not counts:
        return None
    name, count = counts.most_common(1)[0]
    return name if count * 2 > len(concrete) else None
