"""Completion, as each shell asks for it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from djlint_spec.cli import main

_COMPLETE = "_DJLINT_SPEC_COMPLETE"


def asked(**environment: str) -> Result:
    """The command as a shell runs it to complete a line."""
    return CliRunner().invoke(main, [], env=environment, prog_name="djlint-spec")


def offered(words: str, shell: str = "bash") -> list[str]:
    """What is offered for the last of some words."""
    environment = {_COMPLETE: f"{shell}_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
    return asked(**environment).stdout.splitlines()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell(shell: str, tmp_path: Path) -> None:
    ended = asked(**{_COMPLETE: f"{shell}_source"})
    assert ended.exit_code == 0
    assert f"{_COMPLETE}={shell}_complete" in ended.stdout
    program = shutil.which(shell)
    if program is not None:
        (tmp_path / "script").write_text(ended.stdout)
        done = subprocess.run([program, "-n", str(tmp_path / "script")], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


def test_bash_completes_with_the_sourced_script(tmp_path: Path) -> None:
    (tmp_path / "djlint-spec").write_text(
        f'#!{sys.executable}\nfrom djlint_spec.cli import main\nmain(prog_name="djlint-spec")\n'
    )
    (tmp_path / "djlint-spec").chmod(0o755)
    script = (
        f'PATH="{tmp_path}:$PATH"; eval "$({_COMPLETE}=bash_source djlint-spec)"\n'
        'COMP_WORDS=(djlint-spec che); COMP_CWORD=1; COMP_LINE="djlint-spec che"\n'
        '_djlint_spec_completion djlint-spec; echo "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "check", done.stderr


def test_commands_rules_selectors_and_formats() -> None:
    assert offered("djlint-spec ba") == ["plain,baseline"]
    assert "plain,DJS201" in offered("djlint-spec rule DJS20")
    assert offered("djlint-spec rule missing-sel") == ["plain,missing-select-related"]
    assert offered("djlint-spec check --select DJS201,conv") == ["plain,DJS201,convention"]
    assert offered("djlint-spec check --output-format sar") == ["plain,sarif"]
