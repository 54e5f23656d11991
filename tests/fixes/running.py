"""Runs a project as it was and as it was fixed on equal rows, and tells what its lists ask and answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]

#: The same keys and times in both runs, so that answers can be compared.
_SCRIPT = """
import datetime, itertools, json, sys, uuid, warnings
warnings.simplefilter("ignore")
serial = itertools.count(1)
uuid.uuid4 = lambda: uuid.UUID(int=next(serial), version=4)
sys.path.insert(0, ".")
import django
from django.utils import timezone
now = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
timezone.now = lambda: now + datetime.timedelta(seconds=next(serial))
django.setup()
from django.apps import apps
from django.conf import settings
from django.db import connection
from tests.oracle.inside.measuring import Loading, ask, list_urls
from tests.oracle.inside.rows import Rows

settings.ALLOWED_HOSTS = ["testserver"]
models = [model for model in apps.get_models() if not model._meta.proxy and model._meta.managed]
with connection.schema_editor() as editor:
    for model in models:
        editor.create_model(model)
rows = Rows(models)
urls = list_urls()
told = {name: [] for name in urls}

def asked():
    for name, url in urls.items():
        try:
            answer = ask(name, f"{url}#user", Loading())
            told[name].append([answer.queries, answer.rows, answer.body])
        except Exception as error:
            told[name].append([0, 0, f"{type(error).__name__}: {error}"])

rows.add(4)
asked()
for name in told:
    told[name].clear()
asked()
rows.add(8)
asked()
print("\\x1e" + json.dumps(told))
"""


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list asks with few and with many rows, and what it answers."""

    queries: tuple[int, int]
    rows: tuple[int, int]
    bodies: tuple[str, str]

    @property
    def growth(self) -> int:
        """The queries that more rows cost."""
        return self.queries[1] - self.queries[0]


def listed(project: Path, settings: str) -> dict[str, Listed]:
    """Every list endpoint of a project, by `module.View` or `module.View.action`."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "PYTHON"))}
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        cwd=project,
        env={
            **inherited,
            "DJANGO_SETTINGS_MODULE": settings,
            "PYTHONPATH": str(_ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, Sequence[tuple[int, int, str]]] = json.loads(done.stdout.rpartition("\x1e")[2])
    return {name: Listed((few[0], many[0]), (few[1], many[1]), (few[2], many[2])) for name, (few, many) in told.items()}
