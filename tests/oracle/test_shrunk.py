"""Projects on which static and runtime verdict once differed, made as small as they get, still agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from djlint_spec.source.tree import DiskTree
from tests.oracle.running import Worker
from tests.oracle.verdicts import disagreements, quick_verdicts

_PROJECTS = sorted((Path(__file__).resolve().parents[2] / "fixtures" / "shrunk").iterdir())


@pytest.mark.parametrize("root", _PROJECTS, ids=lambda root: root.name)
def test_verdicts_agree_on_a_project_that_once_showed_otherwise(root: Path) -> None:
    said = quick_verdicts(DiskTree(root))
    with Worker() as worker:
        did = worker.run(root, "settings", {name: verdict.told() for name, verdict in said.items()}, rings=True)
    assert said
    assert set(did) == set(said)
    for name, verdict in said.items():
        assert not verdict.unknown
        assert list(disagreements(verdict, did[name])) == []
