"""What a configuration may say, and what is told to who says something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from djlint_spec.config import Config, ConfigError, find_config, load_config, parse_config
from tests.files import public_folder, without_rights, write_files


def parsed(body: str) -> Config:
    return parse_config(f"[tool.djlint-spec]\n{body}\n", "pyproject.toml")


def complaint(body: str) -> str:
    with pytest.raises(ConfigError) as caught:
        parsed(body)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_every_option_is_read() -> None:
    config = parsed(
        """
        select = ["DJS1", "drf"]
        ignore = "DJS101"
        extend-select = ["error"]
        per-file-ignores = { "legacy/*" = ["DJS2"], "a.py" = "DJS1" }
        exclude = ["vendored"]
        extend-exclude = ["more"]
        respect-gitignore = false
        python = ".venv"
        django = ">=5.1"
        drf = ">=3.15"
        celery = ">=5.4"
        channels = ">=4"
        model-bases = ["acme.Model"]
        serializer-bases = ["acme.Serializer"]
        view-bases = ["acme.View"]
        task-decorators = ["acme.task"]
        base-model = "core.models.Base"
        user-model = "people.Person"
        settings = ["config.settings.production"]
        rules.DJS119.depth = 3
        """
    )
    assert config.select == ("DJS1", "drf")
    assert config.ignore == ("DJS101",)
    assert config.per_file_ignores == {"legacy/*": ("DJS2",), "a.py": ("DJS1",)}
    assert config.respect_gitignore is False
    assert (config.django, config.drf, config.celery, config.channels) == (">=5.1", ">=3.15", ">=5.4", ">=4")
    assert config.model_bases == ("acme.Model",)
    assert config.task_decorators == ("acme.task",)
    assert config.settings == ("config.settings.production",)
    assert config.rules == {"DJS119": {"depth": 3}}


def test_no_table_is_the_default_configuration() -> None:
    assert parse_config("[project]\nname = 'shop'\n", "pyproject.toml") == Config(
        origin="pyproject.toml: [tool.djlint-spec]"
    )
    assert parse_config("", "djlint-spec.toml") == Config(origin="djlint-spec.toml:")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("selct = []", 'pyproject.toml: [tool.djlint-spec]: unknown key "selct" (did you mean select?)'),
        ("per_file_ignores = {}", "(did you mean per-file-ignores?)"),
        ("origin = 'x'", 'unknown key "origin"'),
        ("select = 5", "pyproject.toml: [tool.djlint-spec] select: must be a list of strings"),
        ("select = [1]", "select: must be a list of strings"),
        ("respect-gitignore = 'no'", "respect-gitignore: must be true or false"),
        ("django = 5.1", "django: must be a string"),
        ("per-file-ignores = []", "per-file-ignores: must be a table"),
        ("per-file-ignores = { 'a' = 1 }", 'per-file-ignores "a": must be a list of strings'),
        ("per-file-ignores = { '!' = [] }", '"!" is no pattern'),
        ("exclude = ['!']", 'exclude: "!" is no pattern'),
        ("rules = []", "rules: must be a table for each rule"),
        ("rules.DJS101 = 1", "rules: must be a table for each rule"),
        ("model-bases = ['acme/Model']", 'model-bases: "acme/Model" is no dotted name'),
    ],
)
def test_a_mistake_is_told_in_one_line_with_file_and_key(body: str, told: str) -> None:
    assert told in complaint(body)


def test_what_is_no_toml_is_told() -> None:
    with pytest.raises(ConfigError, match=r"^pyproject\.toml: not valid TOML: "):
        parse_config("[tool", "pyproject.toml")


@pytest.mark.parametrize("text", ["tool = 1\n", "[tool]\ndjlint-spec = 1\n"])
def test_a_table_that_is_none_is_told_or_left(text: str) -> None:
    if "djlint" in text:
        with pytest.raises(ConfigError, match=r"pyproject\.toml: \[tool\.djlint-spec\] must be a table"):
            parse_config(text, "pyproject.toml")
    else:
        assert parse_config(text, "pyproject.toml").select == ()


def test_our_own_file_needs_no_table() -> None:
    config = parse_config('select = ["DJS1"]', "sub/djlint-spec.toml")
    assert config.select == ("DJS1",)
    assert config.where("select") == "sub/djlint-spec.toml: select"
    with pytest.raises(ConfigError, match=r'^djlint-spec\.toml: unknown key "slect"'):
        parse_config("slect = []", "djlint-spec.toml")


class TestFinding:
    def test_the_nearest_file_with_our_table_configures(self, tmp_path: Path) -> None:
        write_files(
            tmp_path,
            {
                "pyproject.toml": "[tool.djlint-spec]\n",
                "backend/pyproject.toml": "[tool.black]\n",
                "backend/shop/models.py": "",
            },
        )
        assert find_config(tmp_path / "backend" / "shop" / "models.py") == tmp_path / "pyproject.toml"

    def test_our_own_file_goes_before_pyproject(self, tmp_path: Path) -> None:
        write_files(tmp_path, {"pyproject.toml": "[tool.djlint-spec]\n", "djlint-spec.toml": ""})
        assert find_config(tmp_path) == tmp_path / "djlint-spec.toml"

    def test_a_name_alone_is_no_table(self, tmp_path: Path) -> None:
        write_files(tmp_path, {"a/pyproject.toml": "[project]\nname = 'djlint-spec'\n"})
        assert find_config(tmp_path / "a") is None

    def test_a_quoted_table_counts(self, tmp_path: Path) -> None:
        write_files(tmp_path, {"pyproject.toml": '[tool."djlint-spec"]\n'})
        assert find_config(tmp_path) == tmp_path / "pyproject.toml"

    def test_the_nearest_broken_pyproject_is_told_of(self, tmp_path: Path) -> None:
        write_files(tmp_path, {"a/pyproject.toml": "[broken\n", "a/b/c.py": ""})
        assert find_config(tmp_path / "a" / "b") == tmp_path / "a" / "pyproject.toml"
        with pytest.raises(ConfigError, match="not valid TOML"):
            load_config(tmp_path / "a" / "pyproject.toml")

    def test_one_further_up_is_not(self, tmp_path: Path) -> None:
        write_files(tmp_path, {"pyproject.toml": "[broken\n", "a/pyproject.toml": "[tool.black]\n"})
        assert find_config(tmp_path / "a") is None

    def test_a_file_that_cannot_be_read_is_told(self) -> None:
        with public_folder() as root:
            write_files(root, {"pyproject.toml": "[tool.djlint-spec]\n"})
            (root / "pyproject.toml").chmod(0)
            with without_rights():
                assert find_config(root) == root / "pyproject.toml"
                with pytest.raises(ConfigError, match=r"cannot be read: Permission denied"):
                    load_config(root / "pyproject.toml")

    def test_a_file_that_is_not_utf_8_is_told(self, tmp_path: Path) -> None:
        write_files(tmp_path, {"pyproject.toml": b"# \xe9\n[tool.djlint-spec]\n"})
        found = find_config(tmp_path)
        assert found is not None
        with pytest.raises(ConfigError, match=r"pyproject\.toml: not UTF-8"):
            load_config(found)

    def test_a_byte_order_mark_is_passed_over(self, tmp_path: Path) -> None:
        write_files(tmp_path, {"djlint-spec.toml": b'\xef\xbb\xbfselect = ["DJS1"]\n'})
        assert load_config(tmp_path / "djlint-spec.toml").select == ("DJS1",)
