"""label-studio: the lists of its API, read by the owner of the organization; PostgreSQL."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from rest_framework.test import APIClient

from booted.families import Family
from booted.measuring import Booted, Scene, World

_READER = "reader@example.com"


def _scene() -> Scene:
    user = apps.get_model("users", "User").objects.create_user(_READER, "reader")
    organization = apps.get_model("organizations", "Organization").create_organization(created_by=user, title="Readers")
    user.active_organization = organization
    user.save()
    client = APIClient()
    client.force_authenticate(user)
    return Scene(client, [organization])


def _reader_only() -> Scene:
    scene = _scene()
    return Scene(scene.client, [scene.given[0].created_by])


def _of_organization() -> Scene:
    scene = _scene()
    return Scene(scene.client, scene.given, {"pk": scene.given[0].pk})


def _own_draft(family: Family) -> dict[str, Any]:
    return {"user": apps.get_model("users", "User").objects.get(email=_READER), "annotation": None}


_PROJECT = {"pk": "projects.Project"}
_TASK = {"pk": "tasks.Task"}

PROJECT = Booted(
    prefix="label_studio.",
    packages=("label_studio",),
    worlds=[
        World(_scene),
        World(
            _reader_only,
            only=["OrganizationListAPI"],
            recipes={"organizations.Organization": lambda family: {"created_by": None}},
        ),
        World(_of_organization, only=["OrganizationMemberListAPI"]),
        World(
            _scene,
            only=[
                "ExportListAPI",
                "ProjectTaskListAPI",
                "ProjectAnnotatorsAPI",
                "MLBackendListAPI",
                "ImportStorageListAPI",
                "ExportStorageListAPI",
                "ProjectModelVersions",
                "tasks.api.TaskListAPI",
            ],
            shared=_PROJECT,
            urls={
                "tasks.api.TaskListAPI": "/api/tasks/?project=<pk>",
                "MLBackendListAPI": "/api/ml/?project=<pk>",
                **{
                    f"{kind}{way}StorageListAPI": f"/api/storages/{route}?project=<pk>"
                    for kind, name in {
                        "AzureBlob": "azure",
                        "GCS": "gcs",
                        "LocalFiles": "localfiles",
                        "Redis": "redis",
                        "S3": "s3",
                    }.items()
                    for way, route in {"Import": f"{name}/", "Export": f"export/{name}"}.items()
                },
            },
        ),
        World(_scene, only=["AnnotationsListAPI", "AnnotationDraftListAPI", "tasks.api.TaskAPI"], shared=_TASK),
        World(
            _scene,
            only=["ProjectNextTaskAPI"],
            shared={"pk": "projects.Project", "task": "tasks.Task"},
            recipes={"tasks.AnnotationDraft": _own_draft},
        ),
    ],
    without=frozenset({"tasks.TaskLock"}),  # a locked task is nobody's next
    recipes={
        "projects.Project": lambda family: {"deleted_at": None, "purge_at": None},
        "organizations.OrganizationMember": lambda family: {"deleted_at": None},
        "tasks.Task": lambda family: {"overlap": 1000},  # or as many annotations lock it
        "tasks.PredictionMeta": lambda family: {"failed_prediction": None},
    },
)
