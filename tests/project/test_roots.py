"""Names of the user's stand for models, serializers, views and tasks where their own packages are not at hand."""

from __future__ import annotations

from djlint_spec.project import Project
from tests.linked import linked

FILES = {
    "shop/models.py": """\
        from acme.db import Record

        class Order(Record):
            pass

        class Late(Order):
            pass
        """,
    "shop/views.py": """\
        from acme.api import Endpoint, Shape

        class OrderShape(Shape):
            pass

        class OrderEndpoint(Endpoint):
            pass
        """,
    "shop/tasks.py": """\
        from acme.jobs import job

        @job
        def send(order):
            pass

        @job(queue="slow")
        def collect():
            pass
        """,
}


def told(project: Project) -> dict[str, list[str]]:
    return {
        "models": [model.name for model in project.models.all],
        "serializers": [serializer.cls.name for serializer in project.serializers.all],
        "views": [view.name for view in project.views.all],
        "tasks": [task.function.name for task in project.tasks],
    }


def test_without_options_they_are_none() -> None:
    assert told(linked(FILES)) == {"models": [], "serializers": [], "views": [], "tasks": []}


def test_with_options_they_are_what_the_options_say() -> None:
    project = linked(
        FILES,
        model_bases=("acme.db.Record",),
        serializer_bases=("acme.api.Shape",),
        view_bases=("acme.api.Endpoint",),
        task_decorators=("acme.jobs.job",),
    )
    assert told(project) == {
        "models": ["Order", "Late"],
        "serializers": ["OrderShape"],
        "views": ["OrderEndpoint"],
        "tasks": ["send", "collect"],
    }
