"""A fixing run that is killed leaves every file whole, and the next run ends its work."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.fixes.killing import damages, kill_while_writing, make_project, unfinished

FILES = 120


@pytest.mark.parametrize("seed", range(3))
def test_a_killed_run_leaves_old_or_new_files_and_the_next_one_ends_the_work(tmp_path: Path, seed: int) -> None:
    root = tmp_path / "project"
    make_project(root, FILES)
    assert kill_while_writing(root, random.Random(seed), FILES), "the run was over before it was killed"
    assert list(damages(root, FILES)) == []
    assert list(unfinished(root, FILES)) == []
