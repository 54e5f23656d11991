"""Facts kept between runs: the same findings, whatever lies in the file."""

from __future__ import annotations

import hashlib
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from djlint_spec.cache import FactsCache, cache_file
from djlint_spec.config import Config
from djlint_spec.engine import check
from djlint_spec.extract import extract
from djlint_spec.facts import tree as t
from djlint_spec.facts.tree import ModuleFacts

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


def facts(text: str) -> ModuleFacts:
    made = extract(text)
    assert isinstance(made, ModuleFacts)
    return made


def filled(path: Path, *texts: str) -> Path:
    cache = FactsCache(path)
    for text in texts:
        cache.put(facts(text))
    cache.save()
    return path


def checked(project: Path, path: Path) -> list[tuple[str, int]]:
    report = check([project], Config(), cache=FactsCache(path))
    return [(finding.code, finding.span.row) for finding in report.findings]


def test_facts_come_back_as_they_were_made(tmp_path: Path) -> None:
    path = filled(tmp_path / "facts", MODELS)
    assert FactsCache(path).get(MODELS) == facts(MODELS)
    assert FactsCache(path).get("other = 1\n") is None


def test_a_second_run_finds_the_same_and_extracts_nothing(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "facts"
    first = checked(project, path)
    assert ("DJS101", 5) in first
    written = path.stat().st_mtime_ns
    assert checked(project, path) == first
    assert path.stat().st_mtime_ns == written, "nothing new was learnt, so nothing is written"


def test_a_changed_file_is_read_anew_and_the_old_text_forgotten(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "facts"
    checked(project, path)
    (project / "shop" / "models.py").write_text("# moved\n" + MODELS)
    assert ("DJS101", 6) in checked(project, path)
    assert FactsCache(path).get(MODELS) is None


def signed(payload: bytes) -> bytes:
    return hashlib.blake2b(payload, digest_size=16).digest() + payload


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff", b"not msgpack at all", signed(b"\xc1"), signed(b"\x93\x01\xa1y\x80")]
)
def test_a_broken_or_foreign_cache_counts_as_empty(project: Path, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "facts"
    path.write_bytes(content)
    assert ("DJS101", 5) in checked(project, path)
    assert FactsCache(path).get(MODELS) is not None


def test_a_cache_damaged_at_any_byte_does_no_harm(tmp_path: Path) -> None:
    path = filled(tmp_path / "facts", MODELS)
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        assert FactsCache(path).get(MODELS) is None
    for place in range(0, len(whole), 11):
        path.write_bytes(whole[:place] + b"\xc1" + whole[place + 1 :])
        assert FactsCache(path).get(MODELS) is None


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    path = filled(tmp_path / "new" / "facts", MODELS)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_owner_is_not_believed(tmp_path: Path) -> None:
    path = filled(tmp_path / "facts", MODELS)
    os.chown(path, 12345, -1)
    assert FactsCache(path).get(MODELS) is None


def test_a_place_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    filled(tmp_path / "file" / "below" / "facts", MODELS)
    assert not (tmp_path / "file" / "below").exists()


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "facts").mkdir()
    filled(tmp_path / "facts", MODELS)
    assert [entry.name for entry in tmp_path.iterdir()] == ["facts"]


def test_runs_at_the_same_time_leave_a_whole_cache(tmp_path: Path) -> None:
    path = tmp_path / "facts"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: filled(path, MODELS, f"x = {number}\n"), range(40)))
    assert FactsCache(path).get(MODELS) == facts(MODELS)
    assert [entry.name for entry in tmp_path.iterdir()] == ["facts"]


def test_projects_do_not_share_a_file(tmp_path: Path) -> None:
    assert cache_file(tmp_path / "a") != cache_file(tmp_path / "b")
    assert cache_file(tmp_path / "a", tmp_path).parent == tmp_path
    assert cache_file(tmp_path / "a").parent.name == "djlint-spec"


def test_a_lone_surrogate_is_kept_as_it_is(tmp_path: Path) -> None:
    text = 'x = "\\ud800"\n'
    assert FactsCache(filled(tmp_path / "facts", text)).get(text) == facts(text)


def test_facts_too_deep_to_be_written_are_left_out(tmp_path: Path) -> None:
    nested: t.Expr = t.Boolean(0, 4, True)
    for _ in range(5_000):
        nested = t.UnaryOp(0, 4, "not", nested)
    cache = FactsCache(tmp_path / "facts")
    cache.put(ModuleFacts(t.SCHEMA, "deep", (t.ExprStmt(0, 4, nested),), (), {}))
    cache.put(facts(MODELS))
    cache.save()
    assert FactsCache(tmp_path / "facts").get("deep") is None
    assert FactsCache(tmp_path / "facts").get(MODELS) == facts(MODELS)
