"""What `doctor` tells: what a project was taken for, and what of it could not be resolved, by cause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from djlint_spec.config import Config
from djlint_spec.diagnostics import JsonValue
from djlint_spec.engine.locating import disk_tree, environment_of, root_of
from djlint_spec.engine.masking import Masking
from djlint_spec.engine.resolution import Rate, base_rate, queryset_rate, serializer_rate
from djlint_spec.engine.run import project_of
from djlint_spec.project import Project
from djlint_spec.project.conventions import conventions_of
from djlint_spec.queries import endpoints_of


@dataclass(frozen=True)
class Diagnosis:
    """What was detected."""

    versions: Mapping[str, tuple[str, tuple[str, ...]]]
    apps: tuple[str, ...]
    user_model: str
    base_model: str | None
    soft_delete_base: str | None
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
            "soft_delete_base": self.soft_delete_base,
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
            first, *more = where or ("not declared: every supported version is assumed",)
            yield f"  {name:<10} {told:<10} {first}"
            yield from (f"{'':<24}{place}" for place in more)
        yield f"Apps              {_listed(self.apps)}"
        yield f"User model        {self.user_model}"
        yield f"Base model        {self.base_model or '-'}"
        yield f"Soft-delete base  {self.soft_delete_base or '-'}"
        yield f"Settings          {_listed(self.settings)}"
        yield f"Conventions       {_listed([name for name, held in self.conventions.items() if held])}"
        yield "Found             " + ", ".join(f"{count} {what}" for what, count in self.counts.items())
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
    conventions = conventions_of(project)
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
        base_model=conventions.base_model,
        soft_delete_base=conventions.soft_delete_base,
        settings=tuple(f"{source.name} ({source.purpose.value})" for source in project.settings.sources),
        conventions={
            "drf-spectacular": conventions.spectacular,
            "celery": conventions.celery,
            "channels": conventions.channels,
            "asgi": conventions.asgi,
        },
        counts={
            "models": len(concrete),
            "serializers": len(project.serializers.all),
            "views": len(project.views.all),
            "list endpoints": len(lists),
            "tasks": len(project.tasks),
        },
        rates=tuple(
            replace(rate, causes=masking.texts(rate.causes))
            for rate in (base_rate(project), serializer_rate(project), queryset_rate(lists))
        ),
    )


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words) or "-"
