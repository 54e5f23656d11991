"""Which functions are Celery tasks, with which options; what Celery itself makes of them is asked of Celery."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from djlint_spec.project.tasks import Task
from tests.linked import linked

_APP = 'from celery import Celery\n\napp = Celery("shop")\n'


def _tasks(text: str, files: dict[str, str] | None = None, decorators: tuple[str, ...] = ()) -> tuple[Task, ...]:
    every = {"shop/tasks.py": dedent(text), "shop/celery.py": _APP, **(files or {})}
    return linked(every, task_decorators=decorators).tasks


def _names(text: str, files: dict[str, str] | None = None, decorators: tuple[str, ...] = ()) -> list[str]:
    return [task.name for task in _tasks(text, files, decorators)]


# ------------------------------------------------------------------------------------------------ ways to make
@pytest.mark.parametrize(
    "text",
    [
        "from celery import shared_task\n@shared_task\ndef work(): ...",
        "from celery import shared_task as job\n@job()\ndef work(): ...",
        "import celery\n@celery.shared_task(bind=True)\ndef work(self): ...",
        "from celery import current_app\n@current_app.task\ndef work(): ...",
        "from shop.celery import app\n@app.task\ndef work(): ...",
        "from .celery import app as celery_app\n@celery_app.task(name='x')\ndef work(): ...",
        "from shop import celery\n@celery.app.task\ndef work(): ...",
        "from celery import Celery\ncelery = Celery()\n@celery.task\ndef work(): ...",
        "from celery import Celery\nclass Mine(Celery): ...\napp = Mine('x')\n@app.task\ndef work(): ...",
        "from celery import Celery\ndef make():\n    return Celery('x')\napp = make()\n@app.task\ndef work(): ...",
        "from celery import Celery\napp = Celery[object]('x')\n@app.task\ndef work(): ...",
        "from somewhere.celery import app\n@app.task\ndef work(): ...",
        "from celery import shared_task\nfrom functools import wraps\n@shared_task\n@wraps\ndef work(): ...",
        "from celery import shared_task\ndef work(): ...\nwork = shared_task(work)",
        "from shop.celery import app\ndef work(): ...\nlater = app.task(bind=True)(work)",
        "from celery import shared_task\nfrom functools import partial\nslow = partial(shared_task, queue='slow')\n"
        "@slow\ndef work(): ...",
        "from celery import shared_task\njob = shared_task\n@job\ndef work(): ...",
        "from celery import shared_task\ndef job_task(function):\n    return shared_task(acks_late=True)(function)\n"
        "@job_task\ndef work(): ...",
        "from celery import shared_task\nif True:\n    @shared_task\n    def work(): ...",
    ],
)
def test_a_function_is_a_task_however_it_is_decorated(text: str) -> None:
    assert _names(text) == ["work"]


@pytest.mark.parametrize(
    "text",
    [
        "from invoke import task\n@task\ndef work(): ...",
        "from locust import task\n@task(3)\ndef work(): ...",
        "from shop.stages import stage\n@stage.task\ndef work(): ...",
        "def task(function): return function\n@task\ndef work(): ...",
        "from functools import partial\ntask = partial(print)\n@task\ndef work(): ...",
        "from celery import shared_task\nwork = shared_task(lambda: None)",
        "from celery import shared_task\ndef work(): ...\nshared_task(*[work])\nshared_task()",
    ],
)
def test_other_things_named_task_make_none(text: str) -> None:
    assert _names(text) == []


def test_tasks_of_tests_are_left_out() -> None:
    assert _names("", {"shop/tests/test_x.py": "from celery import shared_task\n@shared_task\ndef work(): ..."}) == []


def test_a_decorator_named_by_option_makes_tasks() -> None:
    text = "from acme.jobs import job\n@job(acks_late=True)\ndef work(): ..."
    assert _names(text) == []
    assert _names(text, decorators=("acme.jobs.job",)) == ["work"]


def test_class_based_tasks_run_their_run_method() -> None:
    tasks = _tasks(
        """
        from celery import Task
        from shop.celery import app

        class Base(Task):
            acks_late = True

        class Work(Base):
            name = "shop.work"
            def run(self, pk): ...

        class Other(app.Task):
            def run(self): ...

        class NoTask:
            def run(self): ...
        """
    )
    assert [(task.name, task.function.qualname, task.is_bound) for task in tasks] == [
        ("Work", "Work.run", True),
        ("Other", "Other.run", True),
    ]
    assert tasks[0].acked_late is not None
    assert tasks[0].full_name == "shop.work"
    assert tasks[1].acked_late is None
    assert repr(tasks[1]) == "Task('shop.tasks.Other.run')"


# ----------------------------------------------------------------------------------------------------- options
def test_options_come_from_the_decorator_its_wrappers_and_the_base() -> None:
    first, second = _tasks(
        """
        from functools import partial
        from celery import Task, shared_task

        class Late(Task):
            acks_late = True
            max_retries = 0

        late = partial(shared_task, base=Late, queue="slow")

        @late(queue="fast", bind=True)
        def one(self): ...

        @shared_task
        def two(): ...
        """
    )
    option = first.option("queue")
    assert option is not None
    assert option.constant(first.project) == "fast"
    assert option.span.row == 11
    assert first.is_bound
    assert first.acked_late is not None
    assert first.never_retries
    assert not second.is_bound
    assert second.option("queue") is None
    assert not second.never_retries
    assert second.full_name == "shop.tasks.two"
    assert second.span == second.function.name_span
    assert second.module.name == "shop.tasks"


_WORK = "from celery import shared_task\n@shared_task{options}\ndef work(): ..."


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("shop/celery.py", _APP + "app.conf.task_acks_late = True"),
        ("shop/celery.py", _APP + 'app.conf["task_acks_late"] = True'),
        ("shop/celery.py", _APP + "app.conf.update(task_acks_late=True)"),
        ("shop/celery.py", _APP + 'app.conf.update({"task_acks_late": True})'),
        ("shop/celery.py", _APP + "if 1:\n    app.conf.task_acks_late = True"),
        ("shop/celery.py", _APP + "try:\n    app.conf.task_acks_late = True\nexcept E: ..."),
        ("shop/celery.py", _APP + "def set_up():\n    app.conf.task_acks_late = True"),
        ("shop/celery.py", 'from celery import Celery\napp = Celery("shop", task_acks_late=True)'),
        ("shop/celery.py", _APP + "class Late(app.Task):\n    acks_late = True\nother = Celery(task_cls=Late)"),
        (
            "shop/celery.py",
            _APP + 'class Late(app.Task):\n    acks_late = True\nother = Celery(task_cls="shop.celery:Late")',
        ),
        ("celeryconfig.py", "task_acks_late = True"),
        ("settings.py", "CELERY_TASK_ACKS_LATE = True"),
        ("settings.py", "CELERY_ACKS_LATE = True"),
        ("settings.py", 'import environ\nenv = environ.Env()\nCELERY_TASK_ACKS_LATE = env.bool("LATE", default=True)'),
        ("settings.py", 'import os\nCELERY_TASK_ACKS_LATE = os.environ.get("LATE", True)'),
        ("settings.py", "class Base:\n    class Inner:\n        CELERY_TASK_ACKS_LATE = True"),
        ("settings.py", 'CELERY_TASK_ANNOTATIONS = {"*": {"acks_late": True}}'),
        ("settings.py", 'CELERY_TASK_ANNOTATIONS = [{"shop.tasks.work": {"rate_limit": 1, "acks_late": True}}]'),
        ("settings.py", 'CELERY_ANNOTATIONS = {"shop.tasks.work": {"acks_late": True}}'),
    ],
)
def test_a_task_is_acknowledged_late_by_the_app(path: str, text: str) -> None:
    (task,) = _tasks(_WORK.format(options=""), {path: text})
    assert task.acked_late is not None
    assert task.acked_late.span.path == path


@pytest.mark.parametrize(
    ("options", "path", "text"),
    [
        ("(acks_late=False)", "settings.py", "CELERY_TASK_ACKS_LATE = True"),
        ("", "settings.py", "CELERY_TASK_ACKS_LATE = False"),
        ("", "settings.py", "TASK_ACKS_LATE = True"),
        ("", "settings.py", "CELERY_TASK_ACKS_LATE: bool"),
        ("", "settings.py", "import os\nCELERY_TASK_ACKS_LATE = os.environ.get(late='LATE')"),
        ("", "settings.py", 'CELERY_TASK_ANNOTATIONS = {**more, "shop.tasks.work": {"rate_limit": 1}}'),
        ("", "settings.py", 'CELERY_TASK_ANNOTATIONS = {"shop.tasks.work": late}'),
        ("", "shop/celery.py", _APP + 'app.conf["task_acks"] = given.task_acks_late'),
        ("", "shop/celery.py", _APP + "app.conf.task_reject_on_worker_lost = task_acks_late"),
        ("", "shop/celery.py", _APP + "app.conf.update(late, task_track_started=task_acks_late)"),
        ("", "shop/celery.py", _APP + 'app.conf.update({key: True, "task_track_started": task_acks_late})'),
        ("", "shop/celery.py", _APP + "other(task_acks_late=True)"),
        ("", "settings.py", "import os\nCELERY_TASK_ACKS_LATE = os.environ['LATE']"),
        ("", "settings.py", 'CELERY_TASK_ANNOTATIONS = {"work": {"acks_late": True}}'),
        ("", "settings.py", 'CELERY_TASK_ANNOTATIONS = {"shop.*": {"acks_late": True}}'),
        ("", "settings.py", "CELERY_TASK_ANNOTATIONS = annotations()"),
        ("", "shop/celery.py", _APP + 'app.config_from_object("settings")\nCELERY_TASK_ACKS_LATE = True'),
        ("", "shop/celery.py", _APP + 'app.config_from_object("s", namespace="SHOP")\nCELERY_TASK_ACKS_LATE = True'),
        ("", "tests/settings.py", "CELERY_TASK_ACKS_LATE = True"),
    ],
)
def test_a_task_is_not_acknowledged_late_otherwise(options: str, path: str, text: str) -> None:
    (task,) = _tasks(_WORK.format(options=options), {path: text})
    assert task.acked_late is None


def test_the_namespace_of_the_app_is_that_of_its_settings() -> None:
    app = _APP + 'app.config_from_object("settings", namespace="SHOP")'
    (task,) = _tasks(
        _WORK.format(options="(acks_late=None)"), {"shop/celery.py": app, "settings.py": "SHOP_TASK_ACKS_LATE = True"}
    )
    assert task.acked_late is not None


def test_settings_for_development_come_last() -> None:
    (task,) = _tasks(
        _WORK.format(options=""),
        {"config/dev.py": "CELERY_TASK_ACKS_LATE = True", "config/prod.py": "CELERY_TASK_ACKS_LATE = False"},
    )
    assert task.acked_late is None


# ------------------------------------------------------------------------------------------------- real Celery
def _asked(tmp_path: Path, script: str) -> object:
    path = tmp_path / "ask.py"
    path.write_text(dedent(script), encoding="utf-8")
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", str(path)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout.splitlines()[-1])


def test_celery_reads_settings_by_the_names_that_we_read(tmp_path: Path) -> None:
    assert _asked(
        tmp_path,
        """
        import json
        from celery import Celery

        def late(namespace, name):
            app = Celery("x", set_as_current=False)
            app.config_from_object(type("S", (), {name: True}), namespace=namespace)
            return app.conf.task_acks_late

        names = ["CELERY_TASK_ACKS_LATE", "CELERY_ACKS_LATE", "task_acks_late", "TASK_ACKS_LATE", "SHOP_TASK_ACKS_LATE"]
        print(json.dumps([[name for name in names if late(space, name)] for space in (None, "CELERY", "SHOP")]))
        """,
    ) == [
        ["CELERY_ACKS_LATE", "task_acks_late"],
        ["CELERY_TASK_ACKS_LATE", "CELERY_ACKS_LATE", "task_acks_late"],
        ["CELERY_ACKS_LATE", "task_acks_late", "SHOP_TASK_ACKS_LATE"],
    ]


def test_celery_takes_acks_late_from_annotations_task_base_and_settings_in_that_order(tmp_path: Path) -> None:
    assert _asked(
        tmp_path,
        """
        import json
        from celery import Celery, Task

        class Late(Task):
            acks_late = True

        def work(): ...

        def late(conf, name="shop.book", **options):
            app = Celery("x", set_as_current=False, **conf.pop("app", {}))
            app.conf.update(conf)
            app.task(name=name, **options)(work)
            app.finalize()
            return app.tasks[name].acks_late

        every = {"*": {"acks_late": True}}
        print(json.dumps([
            late({"task_annotations": every}, "a"),
            late({"task_annotations": every}, "b", acks_late=False),
            late({"task_annotations": [{"shop.c": {"acks_late": True}}]}, "shop.c"),
            late({"task_annotations": {"d": {"acks_late": True}}}, "shop.d"),
            late({"task_annotations": {"shop.*": {"acks_late": True}}}, "shop.e"),
            late({"task_acks_late": True}, "f", acks_late=False),
            late({"task_acks_late": True}, "g", acks_late=None),
            late({}, "h", base=Late),
            late({"app": {"task_cls": Late}}, "i"),
        ]))
        """,
    ) == [True, True, True, False, False, False, True, True, True]
