"""`check --since` and `--elsewhere`, on real git repositories."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.books import BOOK, FILES, PERSON, READS_AUTHOR, SERIALIZERS, URLS, VIEWS
from tests.cli.running import Ended, run
from tests.files import write_files
from tests.repositories import Checkout, cloned, repository

RULES = "DJS101,DJS201"


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    made = repository(tmp_path / "books", FILES)
    monkeypatch.chdir(made.folder)
    return made


def told(ended: Ended) -> list[tuple[str, int, str]]:
    return [(f["filename"], f["location"]["row"], f["code"]) for f in json.loads(ended.out)]


def since(revision: str, *arguments: str) -> list[tuple[str, int, str]]:
    return told(run("check", f"--since={revision}", "--select", RULES, "--output-format", "json", *arguments))


class TestWhatAChangeBrings:
    def test_nothing_where_nothing_changed(self, books: Checkout) -> None:
        ended = run("check", "--since=HEAD", "--select", RULES)
        assert (ended.code, ended.out) == (0, "")
        assert "2 findings that are older not shown." in ended.err

    def test_a_finding_on_a_line_that_changed_though_it_was_there_before(self, books: Checkout) -> None:
        write_files(books.folder, {"books/models.py": BOOK.replace("True)\n    author", "True)  # ours\n    author")})
        assert since("HEAD") == [("books/models.py", 6, "DJS101")]

    def test_a_finding_in_an_untouched_file_that_the_change_caused(self, books: Checkout) -> None:
        write_files(books.folder, {"books/serializers.py": READS_AUTHOR})
        assert since("HEAD") == [("books/views.py", 9, "DJS201")]

    def test_moved_lines_stay_older(self, books: Checkout) -> None:
        write_files(books.folder, {"books/models.py": "# one\n# two\n" + BOOK})
        assert since("HEAD") == []

    def test_of_two_that_look_alike_the_one_that_was_added(self, books: Checkout) -> None:
        first = BOOK.replace(
            "class Book(", "class New(models.Model):\n    number = models.AutoField(primary_key=True)\n\n\nclass Book("
        )
        write_files(books.folder, {"books/models.py": first})
        assert since("HEAD") == [("books/models.py", 6, "DJS101")]

    def test_one_more_that_looks_alike_on_a_line_that_was_there(self, books: Checkout) -> None:
        plain = BOOK + "\n\nclass Note:\n    number = models.AutoField(primary_key=True)\n"
        books.commit({"books/models.py": plain})
        write_files(books.folder, {"books/models.py": plain.replace("class Note:", "class Note(models.Model):")})
        assert since("HEAD") == [("books/models.py", 15, "DJS101")]

    def test_a_version_that_the_change_allows(self, books: Checkout) -> None:
        check = 'class Meta:\n        constraints = [models.CheckConstraint(check=models.Q(pk=1), name="x")]\n'
        books.commit({"people/models.py": f"{PERSON}\n    {check}", "requirements.txt": "django==4.2\n"})
        assert since("HEAD", "--extend-select=DJS104") == []
        write_files(books.folder, {"requirements.txt": "django==6.0\n"})
        assert since("HEAD", "--extend-select=DJS104") == [("people/models.py", 10, "DJS104")]

    def test_a_suppression_that_the_change_made_idle(self, books: Checkout) -> None:
        silenced = VIEWS.replace("objects.all()", "objects.all()  # noqa: DJS201")
        books.commit({"books/serializers.py": READS_AUTHOR, "books/views.py": silenced})
        write_files(books.folder, {"books/serializers.py": SERIALIZERS})
        assert since("HEAD", "--extend-select=DJS002") == [("books/views.py", 9, "DJS002")]

    def test_a_file_that_is_broken_now_and_one_that_was(self, books: Checkout) -> None:
        books.commit({"old.py": "def (\n"})
        write_files(books.folder, {"people/models.py": "def (\n"})
        assert since("HEAD", "--extend-select=DJS001") == [("people/models.py", 1, "DJS001")]

    def test_only_below_the_paths_that_are_named(self, books: Checkout) -> None:
        write_files(books.folder, {"books/serializers.py": READS_AUTHOR})
        assert since("HEAD", "people") == []
        assert since("HEAD", "books/views.py") == [("books/views.py", 9, "DJS201")]

    def test_from_a_folder_below_the_top_of_the_repository(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = repository(tmp_path / "mono", {f"server/app/{path}": text for path, text in FILES.items()})
        monkeypatch.chdir(made.folder / "server" / "app")
        assert since("HEAD") == []
        write_files(Path(), {"books/serializers.py": READS_AUTHOR})
        assert since("HEAD") == [("books/views.py", 9, "DJS201")]

    def test_unsaved_text_counts_as_changed(self, books: Checkout) -> None:
        ended = run(
            "check", "--since=HEAD", "--select", RULES, "--output-format=json", "--stdin-filename=books/models.py",
            stdin=BOOK.replace("Shelf", "Board").encode(),
        )  # fmt: skip
        assert told(ended) == []
        changed = BOOK.replace("class Shelf(models.Model):\n    number", "class Shelf(models.Model):\n    count")
        ended = run(
            "check", "--since=HEAD", "--select", RULES, "--output-format=json", "--stdin-filename=books/models.py",
            stdin=changed.encode(),
        )  # fmt: skip
        assert told(ended) == [("books/models.py", 11, "DJS101")]

    def test_only_what_it_brings_is_fixed(self, books: Checkout) -> None:
        write_files(books.folder, {"books/serializers.py": READS_AUTHOR})
        older = READS_AUTHOR.replace("BookSerializer", "OtherSerializer")
        views = VIEWS.replace("BookSerializer", "OtherSerializer").replace("BookViewSet", "OtherViewSet")
        urls = URLS + 'from others.views import OtherViewSet\nrouter.register("others", OtherViewSet)\n'
        books.git("stash", "--quiet")
        books.commit(
            {
                "others/serializers.py": older,
                "others/views.py": views.replace("books.ser", "others.ser"),
                "books/urls.py": urls,
            }
        )
        books.git("stash", "pop", "--quiet")
        assert len(told(run("check", "--select=DJS201", "--output-format=json"))) == 2
        ended = run("check", "--since=HEAD", "--select=DJS201", "--fix")
        assert ended.code == 0, ended.out + ended.err
        assert 'select_related("author")' in (books.folder / "books/views.py").read_text()
        assert "select_related" not in (books.folder / "others/views.py").read_text()


class TestRenames:
    @pytest.mark.parametrize("staged", [True, False])
    def test_a_file_that_only_moved_brings_nothing(self, books: Checkout, *, staged: bool) -> None:
        books.commit({"books/more.py": BOOK.replace("Book", "Other").replace("Shelf", "Next")})
        (books.folder / "books/more.py").rename(books.folder / "books/other.py")
        if staged:
            books.git("add", "--all")
        assert since("HEAD") == []

    def test_nor_do_two_of_a_name_that_are_alike(self, books: Checkout) -> None:
        empty, more = "", BOOK.replace("Book", "Other").replace("Shelf", "Next")
        books.commit({"a/one/models.py": more, "a/two/models.py": f"{more}# more\n", "a/__init__.py": empty})
        (books.folder / "a").rename(books.folder / "b")
        assert since("HEAD") == []

    def test_where_nearly_everything_moved_it_is_new(self, books: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
        many = {f"a/m{number}.py": f"x = {number}\n" for number in range(150)}
        books.commit({**many, "a/models.py": BOOK.replace("Book", "Other").replace("Shelf", "Next")})
        (books.folder / "a").rename(books.folder / "b")
        assert since("HEAD") == [("b/models.py", 6, "DJS101"), ("b/models.py", 11, "DJS101")]

    def test_of_a_file_that_moved_and_changed_only_the_changed_lines(self, books: Checkout) -> None:
        other = BOOK.replace("Book", "Other").replace("Shelf", "Next")
        books.commit({"books/more.py": other})
        (books.folder / "books/more.py").unlink()
        write_files(
            books.folder,
            {"books/other.py": other + "\n\nclass Last(models.Model):\n    a = models.AutoField(primary_key=True)\n"},
        )
        assert since("HEAD") == [("books/other.py", 15, "DJS101")]

    def test_a_new_file_is_all_new_tracked_or_not(self, books: Checkout) -> None:
        text = "from django.db import models\n\n\nclass A(models.Model):\n    a = models.AutoField(primary_key=True)\n"
        write_files(books.folder, {"books/other.py": text})
        assert since("HEAD") == [("books/other.py", 5, "DJS101")]
        books.git("add", "books/other.py")
        assert since("HEAD") == [("books/other.py", 5, "DJS101")]

    def test_an_ignored_file_is_on_both_sides(self, books: Checkout) -> None:
        books.commit({".gitignore": "local/\n", "djlint-spec.toml": "respect-gitignore = false\n"})
        write_files(books.folder, {"local/models.py": BOOK.replace("Book", "Mine")})
        assert len(since("HEAD", "--select=DJS101")) == 0
        assert len(told(run("check", "--select=DJS101", "--output-format=json"))) == 4


class TestHistory:
    def test_the_merge_base_counts_not_the_tip(self, books: Checkout) -> None:
        books.git("checkout", "--quiet", "-b", "topic")
        books.commit({"books/serializers.py": READS_AUTHOR})
        books.git("checkout", "--quiet", "main")
        books.commit({"books/models.py": BOOK.replace("class Shelf", "class Board")})
        books.git("checkout", "--quiet", "topic")
        assert since("main") == [("books/views.py", 9, "DJS201")]

    def test_what_a_merge_brought_in_is_not_the_branchs_own(self, books: Checkout) -> None:
        books.git("checkout", "--quiet", "-b", "topic")
        books.commit({"people/more.py": PERSON.replace("Person", "Group")})
        books.git("checkout", "--quiet", "main")
        books.commit({"books/serializers.py": READS_AUTHOR})
        books.git("checkout", "--quiet", "topic")
        books.git("merge", "--quiet", "--no-edit", "main")
        assert since("main") == []
        assert since("main~1") == [("books/views.py", 9, "DJS201")]

    def test_a_shallow_clone_that_holds_the_merge_base(
        self, books: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        books.commit({"books/serializers.py": READS_AUTHOR})
        clone = cloned(books.folder, tmp_path / "clone", "--depth=2")
        monkeypatch.chdir(clone.folder)
        assert since("HEAD~1") == [("books/views.py", 9, "DJS201")]

    def test_one_that_does_not_is_2_in_one_line(
        self, books: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        books.git("checkout", "--quiet", "-b", "topic")
        books.commit({"books/serializers.py": READS_AUTHOR})
        clone = cloned(books.folder, tmp_path / "clone", "--depth=1", "--no-single-branch", "--branch=topic")
        monkeypatch.chdir(clone.folder)
        ended = run("check", "--since=origin/main")
        assert (ended.code, ended.out) == (2, "")
        assert ended.err == (
            'djlint-spec: git knows no commit that "origin/main" and HEAD have in common in this shallow clone: '
            "fetch more of its history\n"
        )
        assert "in this shallow clone" in run("check", "--since=HEAD~1").err

    def test_a_clone_without_the_files_fetches_nothing(
        self, books: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        books.git("config", "uploadpack.allowFilter", "true")
        books.commit({"books/serializers.py": READS_AUTHOR})
        clone = cloned(books.folder, tmp_path / "clone", "--filter=blob:none")
        monkeypatch.chdir(clone.folder)
        ended = run("check", "--since=HEAD~1")
        assert ended.code == 2
        assert ended.err.startswith("djlint-spec: git ")
        assert ended.err.count("\n") == 1

    def test_links_and_submodules_are_what_they_are(self, books: Checkout, tmp_path: Path) -> None:
        other = repository(tmp_path / "other", {"models.py": BOOK.replace("Book", "Far")})
        (books.folder / "linked.py").symlink_to("books/models.py")
        (books.folder / "gone.py").symlink_to("nowhere.py")
        (books.folder / "round.py").symlink_to("round.py")
        (books.folder / "outside.py").symlink_to(tmp_path / "other/models.py")
        books.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", f"file://{other.folder}", "far")
        books.commit({"big.py": "x = 1\n" * 1_500_000})
        everything = "DJS001,DJS101"
        assert {path for path, _, _ in told(run("check", f"--select={everything}", "--output-format=json"))} >= {
            "linked.py", "gone.py", "round.py", "outside.py", "far/models.py", "big.py",
        }  # fmt: skip
        assert since("HEAD", f"--select={everything}") == []


class TestTrouble:
    def test_an_unknown_revision_is_2_in_one_line(self, books: Checkout) -> None:
        for revision in ("nowhere", "--help", ""):
            ended = run("check", f"--since={revision}")
            assert (ended.code, ended.out) == (2, "")
            assert ended.err == f'djlint-spec: git knows no revision "{revision}"\n'

    def test_no_git_is_2_in_one_line(self, books: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", "")
        ended = run("check", "--since=HEAD")
        assert (ended.code, ended.out) == (2, "")
        assert ended.err == "djlint-spec: git cannot be run: No such file or directory\n"

    def test_no_repository_is_2_in_one_line(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write_files(tmp_path, FILES)
        monkeypatch.chdir(tmp_path)
        ended = run("check", "--since=HEAD")
        assert (ended.code, ended.out) == (2, "")
        assert ended.err.startswith("djlint-spec: git rev-parse: not a git repository")
        assert ended.err.count("\n") == 1

    def test_no_commit_is_2_in_one_line(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        made = repository(tmp_path, FILES)
        made.git("tag", "first")
        made.git("checkout", "--quiet", "--orphan", "empty")
        monkeypatch.chdir(tmp_path)
        assert run("check", "--since=first").err == "djlint-spec: nothing has been committed yet\n"

    def test_nothing_of_the_repository_is_run(self, books: Checkout, tmp_path: Path) -> None:
        trace = tmp_path / "ran"
        script = tmp_path / "script"
        script.write_text(f"#!/bin/sh\ntouch {trace}\n")
        script.chmod(0o755)
        books.commit({".gitattributes": "*.py filter=x diff=x\n"})
        for key in (
            "core.fsmonitor",
            "filter.x.clean",
            "filter.x.smudge",
            "diff.x.command",
            "diff.x.textconv",
            "core.pager",
        ):
            books.git("config", key, str(script))
        write_files(books.folder, {"books/serializers.py": READS_AUTHOR})
        assert since("HEAD") == [("books/views.py", 9, "DJS201")]
        assert not trace.exists()

    def test_what_git_tells_a_hook_of_its_place_does_not_mislead(
        self, books: Checkout, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GIT_DIR", "elsewhere/.git")
        monkeypatch.setenv("GIT_INDEX_FILE", "elsewhere/index")
        assert since("HEAD") == []


class TestElsewhere:
    def elsewhere(self, *arguments: str) -> list[tuple[str, int, str]]:
        return told(run("check", "--elsewhere", "--select", RULES, "--output-format=json", *arguments))

    def test_all_of_the_files_named_and_what_the_change_caused_in_others(self, books: Checkout) -> None:
        write_files(books.folder, {"books/serializers.py": READS_AUTHOR, "books/models.py": f"{BOOK}\n# more\n"})
        books.git("add", "--all")
        assert self.elsewhere("books/models.py", "books/serializers.py") == [
            ("books/models.py", 6, "DJS101"),
            ("books/models.py", 11, "DJS101"),
            ("books/views.py", 9, "DJS201"),
        ]

    def test_a_file_that_is_not_part_of_the_commit_is_left_alone(self, books: Checkout) -> None:
        write_files(books.folder, {"books/new.py": BOOK.replace("Book", "New"), "books/serializers.py": READS_AUTHOR})
        books.git("add", "books/serializers.py")
        assert self.elsewhere("books/serializers.py") == [("books/views.py", 9, "DJS201")]

    def test_before_the_first_commit(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        made = repository(tmp_path, FILES)
        made.git("update-ref", "-d", "HEAD")
        monkeypatch.chdir(tmp_path)
        assert [path for path, _, _ in self.elsewhere("books/models.py")] == ["books/models.py"] * 2

    def test_a_range_of_commits(self, books: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
        start = books.git("rev-parse", "HEAD").strip()
        books.commit({"books/serializers.py": READS_AUTHOR})
        assert self.elsewhere("books/serializers.py") == []
        monkeypatch.setenv("PRE_COMMIT_FROM_REF", start)
        assert self.elsewhere("books/serializers.py") == [("books/views.py", 9, "DJS201")]

    def test_only_the_files_named_are_fixed(self, books: Checkout) -> None:
        write_files(books.folder, {"books/serializers.py": READS_AUTHOR})
        ended = run("check", "--elsewhere", "--fix", "--select=DJS201", "books/serializers.py")
        assert ended.code == 1
        assert (books.folder / "books/views.py").read_text() == VIEWS
        assert "books/views.py:9" in ended.out

    def test_not_together_with_since(self, books: Checkout) -> None:
        ended = run("check", "--elsewhere", "--since=HEAD", "books")
        assert ended.code == 2
        assert ended.err.startswith("djlint-spec: --elsewhere: --since reports on other files anyway")

    def test_without_files_everything_is_wanted(self, books: Checkout) -> None:
        assert len(self.elsewhere()) == 2
