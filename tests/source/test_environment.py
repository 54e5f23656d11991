"""Installed packages are found and read as text."""

from __future__ import annotations

import sys
from pathlib import Path

from djlint_spec.source import find_environment
from tests.files import write_files

_SITE = "lib/python3.11/site-packages"


def test_a_module_is_found_by_its_dotted_name(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            f".venv/{_SITE}/acme/__init__.py": "A = 1\n",
            f".venv/{_SITE}/acme/models.py": "B = 2\n",
            f".venv/{_SITE}/acme/broken.py": b"\xff\n",
        },
    )
    environment = find_environment(tmp_path, None, {})
    assert environment is not None
    package = environment.find("acme")
    assert package is not None
    assert package[1:] == ("A = 1\n", True)
    module = environment.find("acme.models")
    assert module is not None
    assert module[1:] == ("B = 2\n", False)
    assert environment.find("acme.broken") is None
    assert environment.find("acme.nowhere") is None
    assert environment.find("acme.not-a-name") is None


def test_installed_versions_are_those_of_the_metadata(tmp_path: Path) -> None:
    for name in ("Django-5.1.4", "django_filter-24.3", "zope.interface-6.0"):
        write_files(tmp_path, {f"venv/{_SITE}/{name}.dist-info/METADATA": ""})
    environment = find_environment(tmp_path, None, {})
    assert environment is not None
    assert environment.versions() == {"django": "5.1.4", "django-filter": "24.3", "zope.interface": "6.0"}


def test_the_interpreter_or_the_environment_may_be_named(tmp_path: Path) -> None:
    write_files(tmp_path, {f"env/{_SITE}/a.py": "", "env/bin/python": "", "windows/Lib/site-packages/a.py": ""})
    for python, found in ((tmp_path / "env" / "bin" / "python", "env"), (tmp_path / "env", "env")):
        environment = find_environment(tmp_path, python, {})
        assert environment is not None
        assert environment.site_packages == tmp_path / found / _SITE
    windows = find_environment(tmp_path, tmp_path / "windows", {})
    assert windows is not None
    assert windows.find("a") is not None
    assert find_environment(tmp_path, tmp_path / "nowhere", {}) is None


def test_the_active_environment_counts_unless_it_is_ours_alone(tmp_path: Path) -> None:
    write_files(tmp_path, {f"active/{_SITE}/a.py": ""})
    found = find_environment(tmp_path, None, {"VIRTUAL_ENV": str(tmp_path / "active")})
    assert found is not None
    assert found.find("a") is not None
    assert find_environment(tmp_path, None, {}) is None
    assert find_environment(tmp_path, None, {"VIRTUAL_ENV": str(tmp_path / "gone")}) is None
    own = find_environment(tmp_path, None, {"VIRTUAL_ENV": sys.prefix})
    assert own is None or (own.site_packages / "django").exists()
