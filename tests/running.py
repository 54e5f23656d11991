"""Runs small Django projects for real, to compare what the tool reads with what Django and DRF do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

_PYTHON = os.environ.get("ORACLE_PYTHON", sys.executable)

_SETTINGS = """
SECRET_KEY = "for tests"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "rest_framework", *{apps!r}]
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
ROOT_URLCONF = "urls"
"""


def run(folder: Path, files: Mapping[str, str], question: str, apps: tuple[str, ...] = ("shop",)) -> Any:
    """What `question`, a Python text that prints JSON, answers within the project; JSON is of any shape."""
    settings = _SETTINGS.format(apps=apps)
    for path, text in {"settings.py": settings, "question.py": question, **files}.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dedent(text), encoding="utf-8")
    start = "import django; django.setup(); import question"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": str(folder)}
    answer = subprocess.run(
        [_PYTHON, "-W", "ignore", "-c", start],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def installed(package: str) -> str:
    """The version of a package in the Python that projects run in."""
    question = f"from importlib.metadata import version; print(version({package!r}))"
    return subprocess.run([_PYTHON, "-c", question], capture_output=True, text=True, check=True).stdout.strip()
