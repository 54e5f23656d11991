"""A file is replaced in one step, and keeps its encoding, line ends, mode and owner."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from djlint_spec.source import Source, Unreadable, decode
from djlint_spec.source.replace import NotReplaced, encoded, remove_leftovers, replace_text, why_not_replaceable


def read(path: Path) -> Source:
    source = decode(path.name, path.read_bytes())
    assert isinstance(source, Source)
    return source


def names(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


@pytest.mark.parametrize(
    ("raw", "new"),
    [
        (b"x = 1\r\ny = 2", b"z = 1\r\ny = 2"),
        (b"\xef\xbb\xbfx = '\xc3\xb6'\n", b"\xef\xbb\xbfz = '\xc3\xb6'\n"),
        ("# coding: latin-1\nx = 'ö'\n".encode("latin-1"), "# coding: latin-1\nz = 'ö'\n".encode("latin-1")),
        ("# coding: cp1251\nx = 'ж'\n".encode("cp1251"), "# coding: cp1251\nz = 'ж'\n".encode("cp1251")),
        (b"x = 1\f\ny = 2\r", b"z = 1\f\ny = 2\r"),
    ],
)
def test_bytes_outside_the_change_stay(tmp_path: Path, raw: bytes, new: bytes) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(raw)
    source = read(path)
    written = replace_text(path, source, source.text.replace("x", "z", 1))
    assert path.read_bytes() == new
    assert written == read(path)


def test_a_character_that_the_encoding_has_not_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"# coding: ascii\n")
    with pytest.raises(NotReplaced, match="characters that ascii has not"):
        replace_text(path, read(path), "# coding: ascii\n'ö'\n")
    assert names(tmp_path) == {"a.py"}
    with pytest.raises(NotReplaced):
        encoded(b"# coding: ascii\n", "ö")


def test_mode_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("x", encoding="utf-8")
    path.chmod(0o754)
    replace_text(path, read(path), "y")
    assert stat.S_IMODE(path.stat().st_mode) == 0o754


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away")
def test_owner_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("x", encoding="utf-8")
    os.chown(path, 1234, 2345)
    replace_text(path, read(path), "y")
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 2345)


@pytest.mark.parametrize("kind", ["changed", "unreadable", "gone", "folder"])
def test_a_file_that_is_no_longer_what_was_read_stays(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.py"
    path.write_text("x", encoding="utf-8")
    source = read(path)
    path.unlink()
    if kind == "changed":
        path.write_text("z", encoding="utf-8")
    elif kind == "unreadable":
        path.write_bytes(b"\xff")
        assert isinstance(decode("a.py", b"\xff"), Unreadable)
    elif kind == "folder":
        path.mkdir()
    with pytest.raises(NotReplaced):
        replace_text(path, source, "y")
    assert not list(tmp_path.glob("*.tmp"))


def test_a_loop_of_links_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.py").symlink_to(tmp_path / "b.py")
    (tmp_path / "b.py").symlink_to(tmp_path / "a.py")
    assert why_not_replaceable(tmp_path / "a.py") is not None


@pytest.mark.skipif(not shutil.which("mount"), reason="needs mount")
def test_a_full_disk_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", tmp_path], capture_output=True, check=False
    ).returncode:
        pytest.skip("no right to mount a small file system")
    try:
        path = tmp_path / "a.py"
        path.write_text("x = 1\n", encoding="utf-8")
        with pytest.raises(NotReplaced, match=os.strerror(errno.ENOSPC)):
            replace_text(path, read(path), "x = 1\n" * 50_000)
        assert path.read_text(encoding="utf-8") == "x = 1\n"
        assert names(tmp_path) == {"a.py"}
    finally:
        subprocess.run(["umount", tmp_path], check=True)


def test_leftovers_of_dead_processes_go_and_those_of_living_ones_stay(tmp_path: Path) -> None:
    dead = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True
    )
    held = [
        f".djlint-spec-{int(dead.stdout)}-0.tmp",
        f".djlint-spec-{os.getppid()}-0.tmp",
        ".djlint-spec-x.tmp",
        "a.py",
    ]
    for name in (*held, f".djlint-spec-{os.getpid()}-7.tmp"):
        (tmp_path / name).write_text("", encoding="utf-8")
    (tmp_path / f".djlint-spec-{10**30}-0.tmp").write_text("", encoding="utf-8")
    remove_leftovers([tmp_path, tmp_path / "not there"])
    assert names(tmp_path) == {*held[1:], f".djlint-spec-{10**30}-0.tmp"}
