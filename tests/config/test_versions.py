"""The ranges of versions that a project's files allow, whichever of the many files says so."""

from __future__ import annotations

import pytest

from djlint_spec.config import Config, ConfigError, VersionRange, Versions, detect_versions
from djlint_spec.source import MemoryTree


def detected(files: dict[str, str], **options: str) -> Versions:
    return detect_versions(MemoryTree(files), Config(**options))  # type: ignore[arg-type]  # the ranges are strings


def django(files: dict[str, str]) -> str:
    return str(detected(files).django)


@pytest.mark.parametrize(
    ("path", "text", "range_"),
    [
        ("pyproject.toml", '[project]\ndependencies = ["Django>=5.0,<5.2"]\n', "5.0-5.1"),
        ("pyproject.toml", '[project.optional-dependencies]\nweb = ["django~=5.1"]\n', "5.1-5.2"),
        ("pyproject.toml", '[dependency-groups]\ndev = [{include-group = "x"}, "django==5.1.*"]\n', "5.1"),
        ("pyproject.toml", '[tool.poetry.dependencies]\npython = "^3.11"\nDjango = "^5.1"\n', "5.1-5.2"),
        ("pyproject.toml", '[tool.poetry.dependencies]\ndjango = {version = "~5.1", extras = ["argon2"]}\n', "5.1"),
        ("pyproject.toml", '[tool.poetry.dependencies]\ndjango = "5.0"\n', "5.0"),
        ("pyproject.toml", '[tool.poetry.dependencies]\ndjango = "~5"\n', "5.0-5.2"),
        ("pyproject.toml", '[tool.poetry.dependencies]\ndjango = ">=4.2,<5.1"\n', "4.2-5.0"),
        ("pyproject.toml", '[tool.poetry.group.web.dependencies]\ndjango = "~5.1"\n', "5.1"),
        ("pyproject.toml", '[tool.poetry.dev-dependencies]\ndjango = "~5.1"\n', "5.1"),
        ("uv.lock", 'version = 1\n\n[[package]]\nname = "django"\nversion = "5.1.4"\n', "5.1"),
        ("poetry.lock", '[[package]]\nname = "Django"\nversion = "5.1.4"\n', "5.1"),
        ("pdm.lock", '[[package]]\nname = "django"\nversion = "5.2"\n', "5.2"),
        ("Pipfile", '[packages]\ndjango = "~=5.1.0"\n', "5.1"),
        ("Pipfile", '[dev-packages]\ndjango = "==5.1.*"\n', "5.1"),
        ("Pipfile.lock", '{"default": {"django": {"version": "==5.1.4"}, "x": {"git": ""}}}', "5.1"),
        ("requirements.txt", "django==5.1.4 \\\n    --hash=sha256:00\n", "5.1"),
        ("requirements.in", "# comment\nDjango[argon2] >= 5.1 # why\n-e .\n", "5.1-6.1"),
        ("requirements-prod.txt", "django<5\n", "4.2"),
        ("requirements/base.txt", "django<5\n", "4.2"),
        ("constraints.txt", "django<5\n", "4.2"),
        ("setup.cfg", "[options]\ninstall_requires =\n    django>=5.1\n    celery\n", "5.1-6.1"),
        ("setup.py", 'from setuptools import setup\nsetup(install_requires=["django>=5.1", "x"])\n', "5.1-6.1"),
        ("setup.py", 'setup(install_requires=("django>=5.1",))\n', "5.1-6.1"),
        ("shop-1.0.dist-info/METADATA", "Name: shop\nRequires-Dist: django>=5.1\n\nRequires-Dist: x\n", "5.1-6.1"),
        ("shop.egg-info/PKG-INFO", "Requires-Dist: django (>=5.1)\n", "5.1-6.1"),
        ("PKG-INFO", "Requires-Dist: django (>=5.1)\n", "5.1-6.1"),
    ],
)
def test_each_kind_of_file_is_read(path: str, text: str, range_: str) -> None:
    found = detected({path: text}).django
    assert (str(found), found.known) == (range_, True)
    assert {declaration.path for declaration in found.declared} == {path}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pyproject.toml", "[broken"),
        ("pyproject.toml", "project = 1\ntool = {poetry = {group = {x = 1}}}\n"),
        ("pyproject.toml", '[project]\ndependencies = ["django ~ nonsense", 5]\n'),
        ("pyproject.toml", '[tool.poetry.dependencies]\ndjango = "*"\n'),
        ("pyproject.toml", '[tool.poetry.dependencies]\ndjango = ">=4.2 || >=5"\n'),
        ("uv.lock", "package = [1]\n"),
        ("uv.lock", "package = 1\n"),
        ("uv.lock", '[[package]]\nname = "django"\n'),
        ("Pipfile.lock", "{"),
        ("Pipfile.lock", '{"default": []}'),
        ("setup.cfg", "no section\n"),
        ("setup.cfg", "[metadata]\nname = x\n"),
        ("setup.py", "setup(\n"),
        ("setup.py", "requires = ['django', 5]\n"),
        ("requirements.txt", "https://example.com/django.zip\n--index-url x\n"),
        ("README.md", "django>=5.1\n"),
    ],
)
def test_what_cannot_be_read_says_nothing(path: str, text: str) -> None:
    found = detected({path: text}).django
    assert (str(found), found.known) == ("4.2-6.1", False)


def test_a_declaration_names_the_row() -> None:
    files = {"pyproject.toml": '[project]\nname = "shop"\ndependencies = [\n    "Django>=5.1",\n]\n'}
    declared = detected(files).django.declared
    assert [(one.path, one.row, one.specifier) for one in declared] == [("pyproject.toml", 4, ">=5.1")]


def test_files_narrow_each_other() -> None:
    assert django(
        {"pyproject.toml": '[project]\ndependencies = ["django>=5.0"]\n', "requirements.txt": "django<5.2"}
    ) == ("5.0-5.1")


def test_the_first_of_two_that_contradict_each_other_stands() -> None:
    assert django({"requirements-a.txt": "django==5.1", "requirements-b.txt": "django==4.2"}) == "5.1"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "requirements.txt",
            'django==4.2.16; python_version < "3.10"\ndjango==5.1.4; python_version >= "3.10"\n',
        ),
        (
            "uv.lock",
            '[[package]]\nname = "django"\nversion = "4.2.16"\n[[package]]\nname = "django"\nversion = "5.1"\n',
        ),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies]\ndjango = [{version = "~4.2", python = "<3.10"}, {version = "~5.1"}]\n',
        ),
        ("pyproject.toml", '[dependency-groups]\nold = ["django~=4.2.0"]\nnew = ["django~=5.1.0"]\n'),
    ],
)
def test_alternatives_widen_each_other(path: str, text: str) -> None:
    assert detected({path: text}).django.series == ("4.2", "5.1")


def test_groups_say_nothing_where_the_project_itself_does() -> None:
    text = '[project]\ndependencies = ["django>=4.2,<5.2"]\n[dependency-groups]\nci = ["django==5.1"]\n'
    assert django({"pyproject.toml": text}) == "4.2-5.1"


@pytest.mark.parametrize(
    ("specifier", "nearest"),
    [("==3.2.*", "4.2"), ("<4", "4.2"), ("==1.11.29", "4.2"), (">=7", "6.1"), ("==9.0", "6.1")],
)
def test_a_range_outside_what_is_supported_comes_to_the_nearest_series(specifier: str, nearest: str) -> None:
    assert django({"requirements.txt": f"django{specifier}\n"}) == nearest


class TestIncludes:
    def test_included_files_and_constraints_are_read(self) -> None:
        files = {
            "requirements.txt": "-r deps/base.txt\n--constraint=deps/pins.txt\n",
            "deps/base.txt": "-r nested.txt\n",
            "deps/nested.txt": "django>=5.0\n",
            "deps/pins.txt": "django<5.2\n",
        }
        assert django(files) == "5.0-5.1"

    def test_a_path_may_lead_up(self) -> None:
        files = {"requirements/dev.txt": "--requirement ../deps.txt\n", "deps.txt": "django==5.1\n"}
        assert django(files) == "5.1"

    def test_files_that_include_each_other_are_read_once(self) -> None:
        files = {
            "requirements.txt": "-r requirements-a.txt\ndjango==5.1\n",
            "requirements-a.txt": "-r requirements.txt\n",
        }
        assert django(files) == "5.1"

    def test_a_file_that_is_not_there_is_passed_over(self) -> None:
        assert django({"requirements.txt": "-r nowhere.txt\ndjango==5.1\n"}) == "5.1"


def test_the_folder_of_manage_py_is_read_when_the_root_says_nothing() -> None:
    files = {"package.json": "{}", "backend/manage.py": "", "backend/requirements.txt": "django==5.1\n"}
    assert django(files) == "5.1"
    assert django({**files, "requirements.txt": "django==5.2\n"}) == "5.2"


def test_the_environment_speaks_when_no_file_does() -> None:
    installed = {"django": "5.1.4", "djangorestframework": "3.16.0"}
    found = detect_versions(MemoryTree({}), Config(), installed)
    assert (str(found.django), str(found.drf), found.celery.known) == ("5.1", "3.16", False)
    assert found.declared_packages == {"django", "djangorestframework"}
    other = detect_versions(MemoryTree({"requirements.txt": "celery==5.4"}), Config(), installed)
    assert other.django.known is False


class TestOption:
    def test_it_goes_before_every_file(self) -> None:
        found = detected({"requirements.txt": "django==4.2"}, django=">=5.1,<5.3")
        assert (str(found.django), found.django.known) == ("5.1-5.2", True)
        assert found.django.declared[0].path == "configuration"

    def test_each_package_has_one(self) -> None:
        found = detected({}, drf="==3.15.*", celery=">=5.4,<5.5", channels="==4.1")
        assert [str(one) for one in (found.drf, found.celery, found.channels)] == ["3.15", "5.4", "4.1"]

    @pytest.mark.parametrize("key", ["django", "drf", "celery", "channels"])
    def test_what_is_no_range_is_told(self, key: str) -> None:
        with pytest.raises(ConfigError, match=rf'^djlint-spec\.toml: {key}: "five" is no version range'):
            detected({}, origin="djlint-spec.toml:", **{key: "five"})


def test_rules_ask_for_the_bounds_of_a_range() -> None:
    found = VersionRange(("5.0", "5.1", "5.2"), known=True)
    assert found.all_at_least("5.0")
    assert not found.all_at_least("5.1")
    assert found.some_at_least("5.2")
    assert not found.some_at_least("6.0")
