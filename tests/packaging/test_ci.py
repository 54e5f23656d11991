"""The GitHub Action and the snippets of docs/ci.md: what CI systems would take of them, and what their steps do."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.books import FILES, READS_AUTHOR
from tests.repositories import Checkout, repository

ROOT = Path(__file__).resolve().parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
_OUTSIDE = ("PYTHON", "COV_", "COVERAGE", "GIT_", "VIRTUAL_ENV")


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the steps of one job share."""
    return tmp_path_factory.mktemp("runner")


@pytest.fixture
def books(tmp_path: Path) -> Checkout:
    made = repository(tmp_path / "books", FILES)
    made.git("branch", "base")
    made.commit({"books/serializers.py": READS_AUTHOR})
    return made


def snippet(heading: str) -> str:
    """The first block of YAML below a heading of docs/ci.md."""
    _, _, text = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8").partition(f"\n## {heading}\n")
    found = re.search(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def act(books: Checkout, runner: Path, **inputs: str) -> tuple[int, str, str]:
    """Run the action's step as a runner does: the code, what it prints, its outputs."""
    (step,) = ACTION["runs"]["steps"]
    known: dict[str, str] = {f"inputs.{name}": entry["default"] for name, entry in ACTION["inputs"].items()}
    known |= {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
    known["github.action_path"] = str(ROOT)

    def filled(text: str) -> str:
        return re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda match: known[match[1]], text)

    assert "${{" not in step["run"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_OUTSIDE)}
    environment |= {name: filled(value) for name, value in step["env"].items()}
    output = runner / "output"
    output.write_text("")
    environment |= {"RUNNER_TEMP": str(runner), "GITHUB_OUTPUT": str(output), "XDG_CACHE_HOME": str(runner / "cache")}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=books.folder / filled(step["working-directory"]),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr, output.read_text()


def holds(schema: str, file: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", f"--builtin-schema=vendor.{schema}", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_github_takes_the_action() -> None:
    holds("github-actions", ROOT / "action.yml")


@pytest.mark.parametrize(("heading", "schema"), [("GitHub", "github-workflows"), ("GitLab", "gitlab-ci")])
def test_ci_systems_take_the_snippets(heading: str, schema: str, tmp_path: Path) -> None:
    file = tmp_path / "snippet.yml"
    file.write_text(snippet(heading))
    holds(schema, file)


def test_every_input_is_documented() -> None:
    _, _, text = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8").partition("| input |")
    assert re.findall(r"^\| `([a-z-]+)` \|", text.partition("\n\n")[0], re.MULTILINE) == list(ACTION["inputs"])
    used = [
        step["with"] for step in yaml.safe_load(snippet("GitHub"))["jobs"]["djlint-spec"]["steps"] if "with" in step
    ]
    assert used[1].keys() <= ACTION["inputs"].keys()


def test_the_step_annotates_and_writes_sarif(books: Checkout, runner: Path) -> None:
    code, told, output = act(
        books, runner, since="base", args="--select DJS201  --no-cache", sarif_file="out.sarif", cache_dir="cached"
    )
    assert (code, output) == (1, "exit-code=1\n"), told
    assert "::warning title=DJS201 missing-select-related,file=books/views.py,line=9," in told
    sarif: Any = json.loads((books.folder / "out.sarif").read_text())
    assert [result["ruleId"] for result in sarif["runs"][0]["results"]] == ["DJS201"]


def test_the_step_ends_as_the_command_does(books: Checkout, runner: Path) -> None:
    assert act(books, runner, paths="people books/urls.py", working_directory=".")[::2] == (0, "exit-code=0\n")
    code, told, output = act(books, runner, paths="$(touch here) ; nowhere")
    assert (code, output) == (2, "exit-code=2\n")
    assert "djlint-spec: $(touch: no such file or folder" in told
    assert not (books.folder / "here").exists()


def test_a_python_that_is_not_there_is_2(books: Checkout, tmp_path: Path) -> None:
    code, told, output = act(books, tmp_path, python="python0")
    assert (code, output) == (2, "")
    assert "python0" in told


def test_gitlabs_script_leaves_the_report_that_its_artifact_names(books: Checkout, tmp_path: Path) -> None:
    job = yaml.safe_load(snippet("GitLab"))["djlint-spec"]
    install, *script = job["script"]
    assert install == "pip install djlint-spec"
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    command = script[0].replace("djlint-spec check", f"{sys.executable} -m djlint_spec check", 1)
    done = subprocess.run(command, shell=True, cwd=books.folder, env=environment, capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    assert json.loads((books.folder / job["artifacts"]["reports"]["codequality"]).read_text())
    assert (books.folder / job["cache"]["paths"][0]).is_dir()
