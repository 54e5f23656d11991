"""Apps: which package is one, and by which label its models are named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import walk
from djlint_spec.project.classes import Class
from djlint_spec.project.module import Module, Origin
from djlint_spec.project.symbols import Assigned, Scope, Value

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
_DEPTH = 8
_DJANGO_APPS = ("django.contrib.", "rest_framework.authtoken")


class App(msgspec.Struct, frozen=True):
    """An app of the project: the dotted name of its package, and its AppConfig if it has one."""

    package: str
    config: Class | None

    @property
    def label(self) -> str:
        """The label that models of the app are named by."""
        declared = _text(self.config, "label") if self.config is not None else None
        return declared or self.package.rpartition(".")[2]


def app_label(project: Project, module: Module) -> str:
    """The label of the app that a module lies in; where no app is known, the package above `models`."""
    app = app_of(project, module)
    if app is not None:
        return app.label
    parts = _packages(module)
    if "models" in parts:
        parts = parts[: parts.index("models")]
    return parts[-1] if parts else module.name


def _packages(module: Module) -> list[str]:
    parts = module.name.split(".")
    return parts if module.is_package else parts[:-1]


def app_of(project: Project, module: Module) -> App | None:
    """The app that a module lies in: the nearest package above that INSTALLED_APPS names or that has an AppConfig.

    Projects add to INSTALLED_APPS at run time, so that an AppConfig is enough.
    """
    installed = project.once(installed_apps)
    parts = _packages(module)
    for length in range(len(parts), 0, -1):
        package = ".".join(parts[:length])
        app = installed.get(package)
        if app is not None:
            return app
        config = _config_of(project, package)
        if config is not None:
            return App(package, config)
    return None


def installed_apps(project: Project) -> Mapping[str, App]:
    """The apps of the project that the INSTALLED_APPS of its settings name, by package."""
    found: dict[str, App] = {}
    for source in project.settings.sources:
        listed = source.setting("INSTALLED_APPS")
        if listed is not None:
            for entry in _texts(project, listed.value.expr, listed.value.scope):
                app = _installed(project, entry, source.module)
                if app is not None:
                    found.setdefault(app.package, app)
    return found


def foreign_apps(project: Project) -> tuple[str, ...] | None:
    """What INSTALLED_APPS names beside the project's apps and Django's own; None where no settings have it."""
    found: dict[str, None] = {}
    listed = False
    for source in project.settings.sources:
        setting = source.setting("INSTALLED_APPS")
        if setting is None:
            continue
        listed = True
        for entry in _texts(project, setting.value.expr, setting.value.scope):
            of_django = entry.startswith(_DJANGO_APPS) or entry in ("rest_framework", "django_filters")
            if not of_django and _installed(project, entry, source.module) is None:
                found[entry] = None
    return tuple(found) if listed else None


def _texts(project: Project, expr: t.Expr, scope: Scope, depth: int = 0) -> Iterator[str]:
    """Every string that an expression, and what it names, holds: the lists of settings are sums of many parts."""
    for node in walk([expr]):
        match node:
            case t.String(value=text):
                yield text
            case t.Name() | t.Attribute() if depth < _DEPTH:
                symbol = project.resolve(node, scope)
                if isinstance(symbol, Value) and symbol.expr is not node:
                    yield from _texts(project, symbol.expr, symbol.scope, depth + 1)
            case _:
                pass


def _installed(project: Project, entry: str, settings: Module) -> App | None:
    package = project.module(entry, settings)
    if package is not None:
        return App(package.name, _config_of(project, package.name)) if package.origin is Origin.PROJECT else None
    home, _, name = entry.rpartition(".")
    module = project.module(home, settings) if home else None
    symbol = project.attribute(module, name) if module is not None else None
    if not isinstance(symbol, Class) or not symbol.is_ours:
        return None
    named = _text(symbol, "name")
    package = project.module(named, settings) if named is not None else None
    return App(package.name, symbol) if package is not None else None


def _config_of(project: Project, package: str) -> Class | None:
    """The AppConfig that Django takes for a package: the only one of its `apps`, or the one marked as default.

    `AppConfig.create` of django/apps/config.py; one in the package itself has to be named by INSTALLED_APPS.
    """
    for home in (f"{package}.apps", package):
        found = list(_configs_in(project, home, package))
        marked = [cls for cls in found if _marked_default(cls)]
        if found:
            return (marked or found)[0]
    return None


def _configs_in(project: Project, home: str, package: str) -> Iterator[Class]:
    module = project.module(home)
    if module is None or module.origin is not Origin.PROJECT or not module.has("Config"):
        return
    for cls in project.classes_in(module):
        name = _text(cls, "name")
        is_named = name is not None and (name == package or f".{package}".endswith(f".{name}"))
        if is_named and cls.derives_from("django.apps.AppConfig") is not False:
            yield cls


def _marked_default(cls: Class) -> bool:
    member = cls.own_member("default")
    return member is not None and member.value is not None and cls.project.constant(member.value, cls.scope) is True


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
