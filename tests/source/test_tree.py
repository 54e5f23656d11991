"""What text a file is taken to hold, on disk, in memory, or unsaved."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from djlint_spec.source import DiskTree, MemoryTree, Overlay, Source, Tree, Unreadable, decode
from djlint_spec.source.tree import LARGEST
from tests.files import write_files


def text_of(read: Source | Unreadable) -> str:
    assert isinstance(read, Source), read
    return read.text


def reason_of(read: Source | Unreadable) -> str:
    assert isinstance(read, Unreadable), read
    return read.reason


class TestDecoding:
    def test_utf_8_is_the_default(self) -> None:
        assert text_of(decode("a.py", "x = 'Grüße 你好'\n".encode())) == "x = 'Grüße 你好'\n"

    @pytest.mark.parametrize("cookie", ["# -*- coding: latin-1 -*-", "# vim: set fileencoding=latin-1 :"])
    def test_a_cookie_on_the_first_or_second_line_names_the_encoding(self, cookie: str) -> None:
        for text in (f"{cookie}\nx = 'é'\n", f"#!/usr/bin/python\n{cookie}\nx = 'é'\n"):
            assert text_of(decode("a.py", text.encode("latin-1"))) == text

    def test_a_cookie_of_many_bytes_a_character_is_followed(self) -> None:
        text = "# coding: shift_jis\nx = '日本'\n"
        assert text_of(decode("a.py", text.encode("shift_jis"))) == text

    def test_a_byte_order_mark_is_no_part_of_the_text(self) -> None:
        assert text_of(decode("a.py", codecs.BOM_UTF8 + b"x = 1\n")) == "x = 1\n"

    def test_a_byte_order_mark_that_contradicts_the_cookie_is_told(self) -> None:
        read = decode("a.py", codecs.BOM_UTF8 + b"# coding: latin-1\n")
        assert reason_of(read).startswith("encoding not understood")

    def test_an_unknown_encoding_is_told(self) -> None:
        assert "encoding not understood" in reason_of(decode("a.py", b"# coding: klingon\n"))

    @pytest.mark.parametrize("cookie", ["hex", "rot13", "base64", "zip", "idna", "punycode", "undefined"])
    def test_codecs_that_are_no_encodings_of_text_do_no_harm(self, cookie: str) -> None:
        decode("a.py", f"# coding: {cookie}\nx = 1\n".encode())

    def test_bytes_of_another_encoding_are_told_with_their_row(self) -> None:
        read = decode("a.py", b"x = 1\ny = '\xe9'\n")
        assert isinstance(read, Unreadable)
        assert (read.reason, read.row) == ("byte 0xe9 is not utf-8", 2)

    def test_utf_16_is_told(self) -> None:
        assert isinstance(decode("a.py", "x = 1\n".encode("utf-16")), Unreadable)

    def test_a_nul_byte_is_told_with_its_row(self) -> None:
        read = decode("a.py", b"x = 1\n\ny = '\0'\n")
        assert isinstance(read, Unreadable)
        assert (read.reason, read.row) == ("holds a NUL byte: not Python source", 3)

    def test_a_program_for_a_machine_is_told(self) -> None:
        assert isinstance(decode("a.py", b"\x7fELF\x02\x01\x01" + bytes(range(256))), Unreadable)

    def test_equal_bytes_have_equal_digests(self) -> None:
        one, two, other = decode("a.py", b"x"), decode("b.py", b"x"), decode("a.py", b"y")
        assert isinstance(one, Source)
        assert isinstance(two, Source)
        assert isinstance(other, Source)
        assert one.digest == two.digest != other.digest


def test_a_file_of_data_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "data.py").open("wb") as file:
        file.truncate(LARGEST + 1)
    assert DiskTree(tmp_path).read("data.py") == Unreadable("data.py", "larger than 8 MiB")


def test_other_files_are_read_as_text_whatever_they_hold(tmp_path: Path) -> None:
    write_files(tmp_path, {"requirements.txt": b"\xef\xbb\xbfDjango\xff\n", "a/b.cfg": "x"})
    tree = DiskTree(tmp_path)
    assert tree.text("requirements.txt") == "Django\N{REPLACEMENT CHARACTER}\n"
    assert tree.text("nowhere.txt") is None
    assert tree.text("a") is None
    assert tree.names() == ["a", "requirements.txt"]
    assert tree.names("a") == ["b.cfg"]
    assert tree.names("nowhere") == ()


class TestMemory:
    TREE = MemoryTree({"shop/models.py": "x = 1\n", "shop/app/a.py": "", "setup.cfg": "[options]\n"})

    def test_it_has_the_files_that_it_was_given(self) -> None:
        assert list(self.TREE.python_files()) == ["shop/app/a.py", "shop/models.py"]
        assert text_of(self.TREE.read("shop/models.py")) == "x = 1\n"
        assert self.TREE.text("setup.cfg") == "[options]\n"
        assert self.TREE.text("setup.py") is None

    def test_it_lists_folders(self) -> None:
        assert self.TREE.names() == ["setup.cfg", "shop"]
        assert self.TREE.names("shop") == ["app", "models.py"]

    def test_a_file_that_is_not_there_is_told(self) -> None:
        assert reason_of(self.TREE.read("x.py")) == "cannot be read: no such file"

    def test_a_cookie_does_not_decode_text_again(self) -> None:
        text = "# coding: latin-1\nx = 'é'\n"
        assert text_of(MemoryTree({"a.py": text}).read("a.py")) == text

    def test_text_with_a_nul_or_half_a_surrogate_does_no_harm(self) -> None:
        assert "NUL" in reason_of(MemoryTree({"a.py": "x\0"}).read("a.py"))
        assert text_of(MemoryTree({"a.py": "'\udc80'"}).read("a.py")) == "'\udc80'"


class TestOverlay:
    @pytest.fixture
    def tree(self) -> Tree:
        under = MemoryTree({"shop/a.py": "old\n", "shop/b.py": "b\n", "setup.cfg": "old\n", "pyproject.toml": "p\n"})
        return Overlay(
            under,
            {"shop/a.py": "new\n", "shop/c.py": "# coding: latin-1\n'é'\n".encode("latin-1"), "setup.cfg": b"new\n"},
        )

    def test_unsaved_text_lies_over_the_files(self, tree: Tree) -> None:
        assert list(tree.python_files()) == ["shop/a.py", "shop/b.py", "shop/c.py"]
        assert text_of(tree.read("shop/a.py")) == "new\n"
        assert text_of(tree.read("shop/b.py")) == "b\n"

    def test_bytes_are_decoded_as_those_of_a_file_are(self, tree: Tree) -> None:
        assert text_of(tree.read("shop/c.py")) == "# coding: latin-1\n'é'\n"

    def test_other_files_may_be_unsaved_too(self, tree: Tree) -> None:
        assert tree.text("setup.cfg") == "new\n"
        assert tree.text("shop/a.py") == "new\n"
        assert tree.text("pyproject.toml") == "p\n"

    def test_folders_list_both(self, tree: Tree) -> None:
        assert tree.names("shop") == ["a.py", "b.py", "c.py"]
        assert tree.names() == ["pyproject.toml", "setup.cfg", "shop"]
