"""Which files a project is taken to have."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pathspec import GitIgnoreSpec

from djlint_spec.source import DiskTree, Unreadable
from tests.files import public_folder, without_rights, write_files


def found(root: Path, **options: object) -> list[str]:
    return list(DiskTree(root, **options).python_files())  # type: ignore[arg-type]  # each test names its own


def test_python_files_are_found_at_every_level_in_sorted_order(tmp_path: Path) -> None:
    write_files(tmp_path, {"b.py": "", "a/c.py": "", "a/b/d.py": "", "a/notes.txt": "", "a/x.pyc": b"\0"})
    assert found(tmp_path) == ["a/b/d.py", "a/c.py", "b.py"]


@pytest.mark.parametrize(
    "folder", ["node_modules", "build", "dist", ".venv", "venv", "lib/python3.11/site-packages", "__pycache__", ".git"]
)
def test_what_is_not_the_projects_own_code_is_left_out(tmp_path: Path, folder: str) -> None:
    write_files(tmp_path, {f"{folder}/x.py": "", "own.py": ""})
    assert found(tmp_path) == ["own.py"]


def test_migrations_are_read(tmp_path: Path) -> None:
    write_files(tmp_path, {"shop/migrations/0001_initial.py": ""})
    assert found(tmp_path) == ["shop/migrations/0001_initial.py"]


def test_a_virtual_environment_by_any_name_is_left_out(tmp_path: Path) -> None:
    write_files(tmp_path, {"py311/pyvenv.cfg": "", "py311/lib/x.py": "", "own.py": ""})
    assert found(tmp_path) == ["own.py"]


def test_exclude_takes_the_place_of_the_defaults_and_extend_exclude_adds_to_them(tmp_path: Path) -> None:
    write_files(tmp_path, {"build/a.py": "", "legacy/b.py": "", "c.py": ""})
    assert found(tmp_path, exclude=["legacy"]) == ["build/a.py", "c.py"]
    assert found(tmp_path, extend_exclude=["legacy"]) == ["c.py"]


@pytest.mark.parametrize("pattern", ["old_*", "*_old", "old_a*", "b_old", "*old*", "/old_a", "old_a/", "b_?ld"])
def test_excludes_are_taken_as_gitignore_takes_them(tmp_path: Path, pattern: str) -> None:
    paths = ["old_a/x.py", "b_old/x.py", "sub/old_a/b_old.py", "sub/b_old/y.py", "c.py"]
    write_files(tmp_path, dict.fromkeys(paths, ""))
    kept = sorted(path for path in paths if not GitIgnoreSpec.from_lines([pattern]).match_file(path))
    assert found(tmp_path, extend_exclude=[pattern]) == kept


def test_what_an_exclude_takes_back_is_not_left_out(tmp_path: Path) -> None:
    write_files(tmp_path, {"build/a.py": "", "c.py": ""})
    assert found(tmp_path, extend_exclude=["!build"]) == ["build/a.py", "c.py"]


class TestGitignore:
    def test_patterns_name_files_and_folders(self, tmp_path: Path) -> None:
        write_files(
            tmp_path, {".gitignore": "/generated/\n*_pb2.py\n", "generated/a.py": "", "x_pb2.py": "", "y.py": ""}
        )
        assert found(tmp_path) == ["y.py"]

    def test_a_nested_file_speaks_for_its_own_folder(self, tmp_path: Path) -> None:
        write_files(tmp_path, {"a/.gitignore": "/b.py\n", "a/b.py": "", "a/c/b.py": "", "b.py": ""})
        assert found(tmp_path) == ["a/c/b.py", "b.py"]

    def test_a_deeper_negation_takes_back_what_was_ignored_above(self, tmp_path: Path) -> None:
        write_files(tmp_path, {".gitignore": "*.py\n", "a/.gitignore": "!keep.py\n", "a/keep.py": "", "a/x.py": ""})
        assert found(tmp_path) == ["a/keep.py"]

    def test_the_last_pattern_of_a_file_decides(self, tmp_path: Path) -> None:
        write_files(tmp_path, {".gitignore": "*.py\n!a.py\n", "a.py": "", "b.py": ""})
        assert found(tmp_path) == ["a.py"]

    def test_files_above_speak_too_up_to_the_top_of_the_repository(self, tmp_path: Path) -> None:
        write_files(
            tmp_path,
            {
                ".gitignore": "*.py\n",
                "repo/.git/HEAD": "",
                "repo/.gitignore": "/backend/old/\nlocal.py\n",
                "repo/backend/.gitignore": "tmp.py\n",
                "repo/backend/shop/old/a.py": "",
                "repo/backend/old/a.py": "",
                "repo/backend/shop/local.py": "",
                "repo/backend/shop/tmp.py": "",
            },
        )
        assert found(tmp_path / "repo" / "backend") == ["shop/old/a.py"]

    def test_without_a_repository_nothing_above_speaks(self, tmp_path: Path) -> None:
        write_files(tmp_path, {".gitignore": "*.py\n", "project/a.py": ""})
        assert found(tmp_path / "project") == ["a.py"]

    def test_a_line_that_is_no_pattern_is_passed_over(self, tmp_path: Path) -> None:
        write_files(tmp_path, {".gitignore": b"!\n\xff\xfe\nb.py\n", "a.py": "", "b.py": ""})
        assert found(tmp_path) == ["a.py"]

    def test_a_folder_of_that_name_says_nothing(self, tmp_path: Path) -> None:
        write_files(tmp_path, {".gitignore/x": "", "a.py": ""})
        assert found(tmp_path) == ["a.py"]

    def test_it_can_be_left_unheard(self, tmp_path: Path) -> None:
        write_files(tmp_path, {".gitignore": "*.py\n", "a.py": ""})
        assert found(tmp_path, gitignore=False) == ["a.py"]


class TestLinks:
    def test_a_link_to_a_file_is_a_file(self, tmp_path: Path) -> None:
        write_files(tmp_path, {"real.txt": "x = 1\n"})
        (tmp_path / "link.py").symlink_to("real.txt")
        assert found(tmp_path) == ["link.py"]

    def test_a_link_to_a_folder_is_not_followed(self, tmp_path: Path) -> None:
        write_files(tmp_path, {"a/x.py": ""})
        (tmp_path / "a" / "round").symlink_to("..")
        (tmp_path / "folder.py").symlink_to("a")
        assert found(tmp_path) == ["a/x.py"]

    @pytest.mark.parametrize(("target", "why"), [("nowhere.py", "No such file"), ("link.py", "symbolic link")])
    def test_a_link_that_leads_nowhere_is_told(self, tmp_path: Path, target: str, why: str) -> None:
        (tmp_path / "link.py").symlink_to(target)
        assert found(tmp_path) == ["link.py"]
        read = DiskTree(tmp_path).read("link.py")
        assert isinstance(read, Unreadable)
        assert why in read.reason
        assert "(a link)" in read.reason

    def test_the_lock_files_of_editors_are_not(self, tmp_path: Path) -> None:
        (tmp_path / ".#models.py").symlink_to("me@host.1234:5678")
        assert found(tmp_path) == []


class TestOddFiles:
    def test_a_pipe_is_no_file_and_is_never_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.py")
        assert found(tmp_path) == []
        assert DiskTree(tmp_path).read("pipe.py") == Unreadable("pipe.py", "not a regular file")

    def test_a_folder_named_like_a_file_is_a_folder(self, tmp_path: Path) -> None:
        write_files(tmp_path, {"x.py/y.py": ""})
        assert found(tmp_path) == ["x.py/y.py"]
        assert DiskTree(tmp_path).read("x.py") == Unreadable("x.py", "a folder, not a file")

    def test_a_folder_that_may_not_be_listed_is_told(self) -> None:
        with public_folder() as root:
            write_files(root, {"open/a.py": "", "shut/b.py": ""})
            (root / "shut").chmod(0)
            with without_rights():
                tree = DiskTree(root)
                assert list(tree.python_files()) == ["open/a.py", "shut"]
                read = tree.read("shut")
            assert read == Unreadable("shut", "cannot be read: Permission denied")

    def test_a_root_that_may_not_be_listed_is_told(self) -> None:
        with public_folder() as root:
            root.chmod(0)
            with without_rights():
                assert list(DiskTree(root).python_files()) == ["."]
            root.chmod(0o755)

    def test_a_file_that_may_not_be_read_is_told(self) -> None:
        with public_folder() as root:
            write_files(root, {"a.py": ""})
            (root / "a.py").chmod(0)
            with without_rights():
                assert DiskTree(root).read("a.py") == Unreadable("a.py", "cannot be read: Permission denied")

    def test_a_file_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        assert DiskTree(tmp_path).read("a.py") == Unreadable("a.py", "cannot be read: No such file or directory")
