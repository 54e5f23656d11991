"""Templates are found by name where Django's loaders find them."""

from __future__ import annotations

import pytest

from djlint_spec.project import Unknown
from djlint_spec.project.templates import Template
from tests.linked import linked

APPS = {
    "manage.py": "",
    "shop/__init__.py": "",
    "shop/models.py": "",
    "crm/__init__.py": "",
    "crm/models.py": "",
    "shop/templates/page.html": "shop",
    "shop/templates/shop/list.html": "shop",
    "crm/templates/page.html": "crm",
}


def found(files: dict[str, str], name: str) -> str:
    template = linked(files).templates.find(name)
    return template.path if isinstance(template, Template) else template.cause


def test_each_app_brings_its_templates() -> None:
    assert found(APPS, "shop/list.html") == "shop/templates/shop/list.html"
    assert found(APPS, "crm/list.html") == "template not found"


def test_of_two_apps_that_bring_one_the_first_installed_one_gives_it() -> None:
    assert found(APPS, "page.html") == "several templates of one name"
    settings = 'INSTALLED_APPS = ["shop", "crm"]\nDATABASES = {}\n'
    assert found({**APPS, "config/settings.py": settings}, "page.html") == "shop/templates/page.html"
    settings = 'INSTALLED_APPS = ["crm", "shop"]\nDATABASES = {}\n'
    assert found({**APPS, "config/settings.py": settings}, "page.html") == "crm/templates/page.html"


@pytest.mark.parametrize(
    "folder",
    [
        'BASE_DIR / "theme" / "templates"',
        'os.path.join(BASE_DIR, "theme/templates")',
        'str(BASE_DIR.joinpath("theme", "templates"))',
        'Path("theme/templates").resolve()',
        "THEME",
    ],
)
def test_the_folders_of_the_engine_go_before_the_apps(folder: str) -> None:
    settings = f"""
import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
THEME = BASE_DIR / "theme" / "templates"
INSTALLED_APPS = ["shop", "crm"]
DATABASES = {{}}
FOLDERS = [{folder}]
TEMPLATES = [
    {{"BACKEND": "django.template.backends.jinja2.Jinja2", "DIRS": ["crm/templates"]}},
    {{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": FOLDERS, "APP_DIRS": True}},
]
"""
    files = {
        **APPS,
        "site/config/settings.py": settings,
        "site/config/__init__.py": "",
        "site/theme/templates/page.html": "",
    }
    assert found(files, "page.html") == "site/theme/templates/page.html"
    assert found(files, "shop/list.html") == "shop/templates/shop/list.html"


@pytest.mark.parametrize("name", ["/etc/passwd", "../secret.html", "a/../b.html", "./x.html"])
def test_names_that_lead_elsewhere_are_not_followed(name: str) -> None:
    assert found(APPS, name) == "template name not understood"


def test_a_template_is_read_once_and_only_when_asked_for() -> None:
    project = linked(APPS)
    first = project.templates.find("page.html")
    assert project.templates.find("page.html") is first
    assert isinstance(first, Unknown)


def test_spans_count_rows_and_columns_from_one() -> None:
    template = linked({"shop/__init__.py": "", "shop/templates/a.html": "one\r\n{{ two }}"}).templates.find("a.html")
    assert isinstance(template, Template)
    span = template.span(8, 11)
    assert (span.row, span.column, span.end_column) == (2, 4, 7)
