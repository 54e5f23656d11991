"""Measure one booted project in its own Python: `python -m booted.inside NAME FEW MANY < told.json > measured.json`."""

from __future__ import annotations

import importlib
import json
import platform
import sys
import warnings
from importlib.metadata import version

import django


def main() -> None:
    """Read what is told of the endpoints, boot the project of the environment, write what the endpoints do."""
    warnings.simplefilter("ignore")
    name, few, many = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    told = json.load(sys.stdin)
    out, sys.stdout = sys.stdout, sys.stderr  # projects print while they start
    django.setup()
    from django.db import connection

    from booted.measuring import measure

    project = importlib.import_module(f"booted.projects.{name.replace('-', '_')}")
    measured = measure(project.PROJECT, told, few, many)
    versions = {
        "version": version(name),
        "django": version("django"),
        "djangorestframework": version("djangorestframework"),
        "python": platform.python_version(),
        "database": connection.display_name,
    }
    json.dump({**measured, "versions": versions}, out)


if __name__ == "__main__":
    main()
