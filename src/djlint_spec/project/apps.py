"""Apps: which package is one, and by which label its models are named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from djlint_spec.project.classes import Class
from djlint_spec.project.module import Module, Origin
from djlint_spec.project.symbols import Assigned

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

_LIBRARY_APPS = {
    "auth": "django.contrib.auth.models",
    "contenttypes": "django.contrib.contenttypes.models",
    "sessions": "django.contrib.sessions.models",
    "sites": "django.contrib.sites.models",
    "admin": "django.contrib.admin.models",
    "authtoken": "rest_framework.authtoken.models",
    "taggit": "taggit.models",
    "guardian": "guardian.models",
    "account": "allauth.account.models",
    "socialaccount": "allauth.socialaccount.models",
    "wagtailcore": "wagtail.models",
    "wagtailimages": "wagtail.images.models",
    "wagtaildocs": "wagtail.documents.models",
    "oauth2_provider": "oauth2_provider.models",
    "django_celery_beat": "django_celery_beat.models",
    "django_celery_results": "django_celery_results.models",
    "reversion": "reversion.models",
    "waffle": "waffle.models",
}
"""Labels whose models live in a module that the label does not tell."""


def app_label(project: Project, module: Module) -> str:
    """The label of the app that a module lies in: its AppConfig's, else the package above `models`."""
    config = app_config(project, module)
    if config is not None:
        return _text(config, "label") or (_text(config, "name") or "").rpartition(".")[2]
    parts = _packages(module)
    if "models" in parts:
        parts = parts[: parts.index("models")]
    return parts[-1] if parts else module.name


def _packages(module: Module) -> list[str]:
    parts = module.name.split(".")
    return parts if module.is_package else parts[:-1]


def app_config(project: Project, module: Module) -> Class | None:
    """The AppConfig of the app that a module lies in: of the nearest package above that has one."""
    parts = _packages(module)
    for length in range(len(parts), 0, -1):
        package = ".".join(parts[:length])
        for home in (f"{package}.apps", package):
            found = _config_in(project, home, package)
            if found is not None:
                return found
    return None


def _config_in(project: Project, home: str, package: str) -> Class | None:
    module = project.module(home)
    if module is None or module.origin is not Origin.PROJECT or not module.mentions("AppConfig"):
        return None
    for cls in project.classes_in(module):
        name = _text(cls, "name")
        if name is not None and (name == package or f".{package}".endswith(f".{name}")):
            return cls
    return None


def _text(cls: Class, attribute: str) -> str | None:
    member = cls.own_member(attribute)
    if member is None or not isinstance(member.binding, Assigned) or member.binding.value is None:
        return None
    value = cls.project.constant(member.binding.value, cls.scope)
    return value if isinstance(value, str) else None


def library_module(project: Project, label: str) -> Module | None:
    """The models module of an app outside the project, by its label."""
    home = _LIBRARY_APPS.get(label)
    return project.module(home) if home is not None else project.module(f"{label}.models")
