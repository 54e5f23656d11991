"""The project behind one file: the same findings as a run over all of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from djlint_spec.config import ConfigError
from djlint_spec.engine.by_file import FaceOptions, OpenProject, project_at
from tests.files import write_files

MODELS = """from django.db import models


class Order(models.Model):
    number = models.CharField(max_length=9, primary_key=True)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "shop").mkdir(parents=True)
    (root / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "1"\ndependencies = ["django>=5.2"]\n')
    (root / "shop" / "__init__.py").write_text("")
    (root / "shop" / "models.py").write_text(MODELS)
    return root


@pytest.fixture
def options(tmp_path: Path) -> FaceOptions:
    return FaceOptions(cache_folder=tmp_path / "cache")


def codes(project: Path, options: FaceOptions, name: str, text: str) -> list[tuple[str, int]]:
    path = project / name
    return [(f.code, f.span.row) for f in project_at(path, options).findings(path, text)]


def test_saved_and_unsaved_text(project: Path, options: FaceOptions) -> None:
    assert codes(project, options, "shop/models.py", MODELS) == [("DJS101", 5)]
    assert codes(project, options, "shop/models.py", f"\n{MODELS}") == [("DJS101", 6)]
    assert codes(project, options, "shop/new.py", "x = 1\n") == []
    assert (project / "shop" / "models.py").read_text() == MODELS


READER = """from shop.models import Order


def shown():
    for order in Order.objects.all():
        print(order.number)
"""


def test_an_edit_is_taken_in_by_the_next_process_and_by_the_one_after(project: Path, options: FaceOptions) -> None:
    models = f"{MODELS}    buyer = models.ForeignKey('auth.User', models.CASCADE)\n"
    (project / "shop" / "models.py").write_text(models)
    costly = READER.replace("order.number", "order.buyer.email")
    for saved, expected in ((READER, []), (costly, [("DJS301", 5)]), (costly, [("DJS301", 5)]), (READER, [])):
        (project / "shop" / "reader.py").write_text(saved)
        for text, found in ((saved, expected), (costly, [("DJS301", 5)]), (READER, [])):
            path = project / "shop" / "reader.py"
            findings = OpenProject(project, options).findings(path, text)  # as another process would
            assert [(f.code, f.span.row) for f in findings] == found


def test_a_file_that_the_project_leaves_out_is_checked_when_it_is_opened(project: Path, options: FaceOptions) -> None:
    (project / ".gitignore").write_text("drafts/\n")
    (project / "drafts").mkdir()
    (project / "drafts" / "models.py").write_text(MODELS)
    assert codes(project, options, "drafts/models.py", MODELS) == [("DJS101", 5)]


def test_bytes_that_are_no_text_count_as_unsaved(project: Path, options: FaceOptions) -> None:
    (project / "shop" / "models.py").write_bytes(b"\xff\xfe\x00")
    assert codes(project, options, "shop/models.py", MODELS) == [("DJS101", 5)]


def test_without_a_sign_of_a_project_the_working_directory_is_one(
    tmp_path: Path, options: FaceOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = MODELS.replace("Order(models.Model)", "Base(models.Model)") + "\n    class Meta:\n        abstract = True\n"
    files = {
        "core/models.py": base,
        "shop/models.py": "from core.models import Base\n\n\nclass Order(Base):\n    pass\n",
    }
    write_files(tmp_path / "bare", files)
    monkeypatch.chdir(tmp_path / "bare")
    assert codes(Path(), options, "shop/models.py", files["shop/models.py"]) == [("DJS101", 4)]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bare" / "shop" / "manage.py").write_text("")
    monkeypatch.chdir(tmp_path / "bare" / "core")
    assert codes(tmp_path / "bare", options, "shop/models.py", files["shop/models.py"]) == []


def test_a_configuration_that_cannot_be_used_is_refused(project: Path, options: FaceOptions) -> None:
    (project / "djlint-spec.toml").write_text("select = 1\n")
    with pytest.raises(ConfigError, match="select"):
        project_at(project, options)


def test_a_project_that_has_not_changed_is_answered_without_what_judges_one(project: Path, tmp_path: Path) -> None:
    told = (
        "import sys; from pathlib import Path; from djlint_spec.engine.by_file import FaceOptions, project_at; "
        "path = Path('shop/models.py'); "
        "found = project_at(path, FaceOptions(cache_folder=Path('../cache'))).findings(path, path.read_text()); "
        "print([f.code for f in found], 'djlint_spec.project' in sys.modules)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", told], cwd=project, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert runs == ["['DJS101'] True\n", "['DJS101'] False\n"]
