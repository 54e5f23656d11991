"""pulpcore: every list of its API, read by a superuser; PostgreSQL."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from pulpcore.app.models import storage
from pulpcore.app.models.base import MasterModel
from rest_framework.test import APIClient

from booted.families import Family, Recipe
from booted.measuring import Booted, Scene, World

_STORAGE = {"storage_class": "pulpcore.app.models.storage.FileSystem", "storage_settings": {"location": "/none"}}


def _reader() -> APIClient:
    user = apps.get_model("auth", "User").objects.create_superuser("reader", "reader@example.com", "reader")
    client = APIClient()
    client.force_authenticate(user)
    return client


def _default_domain() -> Scene:
    domain = apps.get_model("core", "Domain").objects.get(name="default")
    return Scene(_reader(), [domain])


def _artifact(family: Family) -> dict[str, Any]:
    digest = f"{family.serial:064x}"
    return {"sha256": digest, "file": storage.get_artifact_path(digest)}


def _of_repository(family: Family) -> dict[str, Any]:
    repository = family.named("file.FileRepository")
    return {"content_object": repository, "domain": None} if repository is not None else {}


def _resource(family: Family) -> dict[str, Any]:
    return {"content_object": family.named("file.FileRepository")}


def _exported_by(label: str) -> Recipe:
    return lambda family: {"content_object": family.named("file.FileRepository"), "export": family.named(label)}


def _version(family: Family) -> dict[str, Any]:
    return {"complete": True, "number": family.serial, "repository": family.named("file.FileRepository")}


def _recipes() -> dict[str, Recipe]:
    own: dict[str, Recipe] = {
        "core.Artifact": _artifact,
        "core.Domain": lambda family: _STORAGE,
        "core.AccessPolicy": lambda family: {"statements": [], "creation_hooks": [], "queryset_scoping": {}},
        "core.AppStatus": lambda family: {"app_type": "worker"},
        "core.CreatedResource": _resource,
        "core.ExportedResource": _resource,
        "core.UserRole": _of_repository,
        "core.GroupRole": _of_repository,
        "core.RepositoryVersion": _version,
        "core.RepositoryVersionContentDetails": lambda family: {"content_type": "file.file", "count_type": "P"},
        "core.VulnerabilityReport": lambda family: {"vulns": []},
    }
    kinds: dict[str, dict[str, Any]] = {
        "file.FilePublication": {"complete": True},
        "file.FileRemote": {"headers": []},
        "file.FileGitRemote": {"headers": []},
    }
    for model in apps.get_models():
        if issubclass(model, MasterModel):
            told = {"pulp_type": model.get_pulp_type(), **kinds.get(model._meta.label, {})}
            own[model._meta.label] = lambda family, told=told: told
    return own


PROJECT = Booted(
    worlds=[
        World(_default_domain),
        World(lambda: Scene(_reader()), only=["DomainViewSet"]),
        World(
            _default_domain,
            only=["PulpExportViewSet", "PulpImportViewSet"],
            shared={"exporter_pk": "core.PulpExporter", "importer_pk": "core.PulpImporter"},
            recipes={"core.ExportedResource": _exported_by("core.PulpExport")},
        ),
        World(
            _default_domain,
            only=["FilesystemExportViewSet"],
            shared={"exporter_pk": "core.FilesystemExporter"},
            recipes={"core.ExportedResource": _exported_by("core.FilesystemExport")},
        ),
        World(_default_domain, only=["GroupUserViewSet", "GroupRoleViewSet"], shared={"group_pk": "auth.Group"}),
        World(_default_domain, only=["UserRoleViewSet"], shared={"user_pk": "auth.User"}),
        World(_default_domain, only=["FileRepositoryVersionViewSet"], shared={"repository_pk": "file.FileRepository"}),
    ],
    # A row of a multi-table parent alone would be of no kind: each is the parent's part of a child's row.
    without=frozenset(
        model._meta.label for model in apps.get_models() if model._meta.parents == {} and issubclass(model, MasterModel)
    ),
    packages=("pulpcore", "pulp_file", "pulp_certguard"),
    recipes=_recipes(),
)
