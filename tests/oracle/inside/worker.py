"""Runs projects, one a line of JSON on standard input, and answers each with a line of JSON.

What of Django and DRF needs no settings is imported once; each project is set up in a fork of its own.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import traceback
import warnings
from typing import Any

import django
import django.contrib.admin.options
import django.db.backends.sqlite3.base
import django.test.client
import django.views.generic
import rest_framework.relations
import rest_framework.serializers  # noqa: F401 - imported for the forks


def answer(job: dict[str, Any]) -> dict[str, Any]:
    """What the project of a job does: for each of its endpoints the growth of each loading that was asked for."""
    sys.path.insert(0, job["root"])
    os.chdir(job["root"])
    os.environ["DJANGO_SETTINGS_MODULE"] = job["settings"]
    django.setup()
    from django.apps import apps
    from django.db import connection
    from django.db.models import Model

    from tests.oracle.inside.comparing import Endpoint, compare
    from tests.oracle.inside.rows import Rows

    found: list[type[Model]] = [model for model in apps.get_models() if not model._meta.proxy and model._meta.managed]
    with connection.schema_editor() as editor:
        for model in found:
            editor.create_model(model)
    endpoints = [Endpoint.of(name, told) for name, told in job["endpoints"].items()]
    few, many = job["rows"]
    return compare(endpoints, Rows(found, rings=job["rings"]), few, many)


def main() -> None:
    """Answer jobs until the input ends."""
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            gc.disable()  # it ends before memory runs short
            os.close(reading)
            try:
                told: dict[str, Any] = answer(json.loads(line))
            except BaseException:  # noqa: BLE001 - the caller is told, whatever it is
                told = {"failed": traceback.format_exc()[-4000:]}
            with os.fdopen(writing, "w") as out:
                out.write(json.dumps(told))
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as given:
            told_back = given.read()
        os.waitpid(child, 0)
        print(told_back or '{"failed": "the fork died"}', flush=True)


if __name__ == "__main__":
    main()
