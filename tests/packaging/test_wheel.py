"""What is shipped works without the checkout, and takes rules of other packages as CONTRIBUTING shows."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from djlint_spec.catalog import load_pages

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"^`([^`\n]+)`:\n\n(```+)\w*\n(.*?)^\2$", re.MULTILINE | re.DOTALL)
_SHOP = """\
from django.db import models


class ORDER(models.Model):
    id = models.AutoField(primary_key=True)


class VAT(models.Model):  # noqa: ACME001
    id = models.UUIDField(primary_key=True)
"""


def run(*command: str | Path, cwd: Path, code: int = 0) -> str:
    """What a command prints on stdout, run away from the checkout; AssertionError when it ends with another code."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV_", "COVERAGE"))
    }
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def wheel(source: Path, target: Path) -> Path:
    """The wheel of a project, built without a network."""
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index")
    run(*pip, "--wheel-dir", target, source, cwd=target)
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheel(ROOT, tmp_path_factory.mktemp("ours"))


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package that CONTRIBUTING.md shows, written down."""
    folder = tmp_path_factory.mktemp("acme")
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## A rule in a package of your own")[2]
    for path, _, body in _BLOCK.findall(text):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(body, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, ours: Path, acme: Path) -> Path:
    """The `bin` of a fresh environment with both wheels; what they depend on is read from where these tests run."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index")
    run(*pip, ours, wheel(acme, tmp_path_factory.mktemp("wheels")), cwd=folder)
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip())
    # A path in a .pth file brings packages, and no editable install: .pth files found there are not read.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return folder / "bin"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "models.py").write_text(_SHOP, encoding="utf-8")
    return tmp_path


def test_the_wheel_carries_every_page_the_library_and_the_type_marker(ours: Path) -> None:
    names = set(zipfile.ZipFile(ours).namelist())
    pages = {f"djlint_spec/_pages/{path.relative_to(ROOT / 'rules')}" for path in (ROOT / "rules").rglob("*.md")}
    assert pages <= names
    assert {"djlint_spec/py.typed", "djlint_spec/library/rest_framework/serializers.pyi"} <= names
    assert not [name for name in names if name.startswith(("tests", "fixtures", "benchmarks"))]


def test_the_installed_tool_finds_its_own_pages(installed: Path, shop: Path) -> None:
    listed = json.loads(run(installed / "djlint-spec", "rules", "--output-format", "json", cwd=shop))
    assert {entry["code"] for entry in listed} == {page.code for page in load_pages()} | {"ACME001"}
    where = run(installed / "python", "-c", "import djlint_spec; print(djlint_spec.__file__)", cwd=shop)
    assert Path(where).is_relative_to(installed.parent)
    assert "DJS101 non-uuid-primary-key" in run(installed / "djlint-spec", "rule", "DJS101", cwd=shop)


def test_the_rules_of_another_package_run_beside_ours(installed: Path, shop: Path) -> None:
    check = (installed / "djlint-spec", "check", ".", "--no-cache", "--output-format", "json")
    found = json.loads(run(*check, cwd=shop, code=1))
    assert [(entry["code"], entry["location"]["row"]) for entry in found] == [("ACME001", 4), ("DJS101", 5)]
    assert found[0]["message"] == "`ORDER` shouts."
    for selector in ("ACME001", "ACME", "no-shouting", "acme"):
        found = json.loads(run(*check, "--select", selector, cwd=shop, code=1))
        assert [entry["code"] for entry in found] == ["ACME001"]


def test_the_page_of_another_package_is_printed_and_tested_as_ours_are(installed: Path, acme: Path, shop: Path) -> None:
    assert "A model's name in capitals reads as a constant." in run(
        installed / "djlint-spec", "rule", "ACME001", cwd=shop
    )
    run(installed / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider", acme / "tests", cwd=acme / "tests")
