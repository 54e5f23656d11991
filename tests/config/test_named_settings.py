"""Configuration of other tools names settings modules."""

from __future__ import annotations

import pytest

from djlint_spec.config import named_settings
from djlint_spec.source import MemoryTree


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pytest.ini", "[pytest]\nDJANGO_SETTINGS_MODULE = shop.conf_live\n"),
        ("pytest.ini", "[pytest]\naddopts = -q --ds=shop.conf_live\n"),
        ("setup.cfg", "[tool:pytest]\nDJANGO_SETTINGS_MODULE: shop.conf_live\n"),
        ("tox.ini", "[testenv]\nsetenv = DJANGO_SETTINGS_MODULE=shop.conf_live\n"),
        ("pyproject.toml", '[tool.pytest.ini_options]\nDJANGO_SETTINGS_MODULE = "shop.conf_live"\n'),
        ("pyproject.toml", "[tool.pytest]\nenv = ['DJANGO_SETTINGS_MODULE=shop.conf_live']\n"),
        ("pyproject.toml", '[tool.django-stubs]\ndjango_settings_module = "shop.conf_live"\n'),
    ],
)
def test_a_tool_names_the_settings(path: str, text: str) -> None:
    assert named_settings(MemoryTree({path: text})) == ("shop.conf_live",)


def test_a_comment_and_a_computed_name_name_none() -> None:
    text = "[pytest]\n# DJANGO_SETTINGS_MODULE = shop.old\n; --ds=shop.older\nDJANGO_SETTINGS_MODULE = {env:SETTINGS}\n"
    assert named_settings(MemoryTree({"tox.ini": text, "setup.cfg": "[metadata]\nname = settings\n"})) == ()


def test_the_folder_of_manage_py_is_looked_into() -> None:
    tree = MemoryTree({"server/manage.py": "", "server/pytest.ini": "[pytest]\nDJANGO_SETTINGS_MODULE=shop.conf\n"})
    assert named_settings(tree) == ("shop.conf",)
