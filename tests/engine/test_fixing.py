"""Rounds of fixes: what overlaps comes later, what does harm is dropped, what cannot be written stays."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from djlint_spec.config import Config, ConfigError
from djlint_spec.diagnostics import Applicability, Finding, Fix, ReplaceExpression, Span
from djlint_spec.engine import Report, fix, fix_sources
from djlint_spec.engine.fixing import fix_files, fix_tree
from djlint_spec.fixes import Lowering
from djlint_spec.source import DiskTree, MemoryTree, Source, Tree

MODELS = """\
from django.db import models
from django.db.models import Q


class Hub(models.Model):
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.CheckConstraint(check=Q(name=""), name="unnamed")]


class Shelf(models.Model):
    hub = models.ForeignKey(Hub, on_delete=models.CASCADE)


class Box(models.Model):
    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE)
    tags = models.ManyToManyField(Hub)
"""
API = """\
from rest_framework import serializers, viewsets

from shop.models import Box


class BoxSerializer(serializers.ModelSerializer):
    hub = serializers.CharField(source="shelf.hub.name")

    class Meta:
        model = Box
        fields = ["hub", "tags"]


class BoxViewSet(viewsets.ModelViewSet):
    serializer_class = BoxSerializer
    queryset = Box.objects.all()
"""
FILES = {"manage.py": "", "requirements.txt": "Django>=5.1,<6\n", "shop/models.py": MODELS, "shop/api.py": API}
CODES = Config(select=("DJS002", "DJS104", "DJS201", "DJS202"))


def test_safe_fixes_are_applied_and_unsafe_ones_counted() -> None:
    fixing = fix_sources(FILES, CODES)
    assert [finding.code for finding in fixing.fixed] == ["DJS201", "DJS104"]
    assert 'queryset = Box.objects.select_related("shelf__hub")' in fixing.after["shop/api.py"]
    assert "condition=Q(name=" in fixing.after["shop/models.py"]
    assert fixing.before == {path: FILES[path] for path in fixing.after}
    assert [finding.code for finding in fixing.report.findings] == ["DJS202"]


def test_fixes_of_one_place_come_in_rounds_and_a_second_run_changes_nothing() -> None:
    fixing = fix_sources(FILES, CODES, unsafe=True)
    assert 'Box.objects.select_related("shelf__hub").prefetch_related("tags")' in fixing.after["shop/api.py"]
    assert fixing.report.findings == ()
    again = fix_sources({**FILES, **fixing.after}, CODES, unsafe=True)
    assert (again.after, again.fixed, again.unfixed) == ({}, (), ())


def test_suppressed_findings_are_left_alone() -> None:
    files = {
        **FILES,
        "shop/api.py": API.replace(".all()", ".all()  # noqa: DJS201, DJS202"),
        "shop/models.py": "# djlint-spec: ignore-file[DJS104]\n" + MODELS,
    }
    assert fix_sources(files, CODES, unsafe=True).after == {}


def test_a_suppression_that_a_fix_leaves_without_use_goes_too() -> None:
    api = API + "\n\nclass Boxes(BoxViewSet):  # noqa: DJS201\n    pagination_class = None\n"
    fixing = fix_sources({**FILES, "shop/api.py": api}, CODES)
    assert fixing.faults == ()
    assert fixing.report.findings == () or all(f.code == "DJS202" for f in fixing.report.findings)


@pytest.mark.parametrize(
    ("config", "fixed"),
    [
        (Config(fixable=("DJS104",)), {"DJS104"}),
        (Config(unfixable=("DJS2",)), {"DJS104"}),
        (Config(unfixable=("DJS2",), fixable=("DJS201",)), {"DJS201"}),
        (Config(extend_safe_fixes=("DJS202",)), {"DJS104", "DJS201", "DJS202"}),
        (Config(extend_unsafe_fixes=("DJS1",)), {"DJS201"}),
        (Config(extend_unsafe_fixes=("DJS1",), extend_safe_fixes=("DJS104",)), {"DJS104", "DJS201"}),
    ],
)
def test_the_configuration_says_what_may_be_fixed(config: Config, fixed: set[str]) -> None:
    assert {finding.code for finding in fix_sources(FILES, config).fixed} == fixed


def test_a_selector_that_names_nothing_is_told() -> None:
    with pytest.raises(ConfigError, match="unfixable"):
        fix_sources(FILES, Config(unfixable=("DJS9999",)))


# ------------------------------------------------------------------------------------------- fixes that do harm
class Judge:
    """Checks a tree by a function of its one file's text, and counts the runs."""

    def __init__(self, findings: Callable[[str], Iterator[Finding]]) -> None:
        self._findings = findings
        self.runs = 0

    def __call__(self, tree: Tree) -> Report:
        self.runs += 1
        texts: dict[str, str] = {}
        for path in tree.python_files():
            source = tree.read(path)
            assert isinstance(source, Source)
            texts[path] = source.text
        found = tuple(finding for text in texts.values() for finding in self._findings(text))
        return Report(found, tuple(texts), lowering=Lowering(texts.get))


def replacing(text: str, word: str, new: str, message: str = "a word") -> Iterator[Finding]:
    """A finding on each line that is `word`, whose fix writes another."""
    for row, line in enumerate(text.splitlines(), 1):
        if line == word:
            span = Span("a.py", row, 1, row, len(word) + 1)
            fix = Fix("write another", Applicability.SAFE, (ReplaceExpression(span, new),))
            yield Finding(span, f"{message} {word}", fix=fix, code="DJS999", name="word")


def fixed_by(findings: Callable[[str], Iterator[Finding]], text: str) -> tuple[str, list[str], int]:
    """The new text, the faults told, and how often the text was checked."""
    judge = Judge(findings)
    fixing = fix_tree(MemoryTree({"a.py": text}), judge)
    return fixing.after.get("a.py", text), [fault.error for fault in fixing.faults], judge.runs


def test_a_fix_that_breaks_the_file_is_dropped_and_reported() -> None:
    def findings(text: str) -> Iterator[Finding]:
        yield from replacing(text, "good", "better")
        yield from replacing(text, "bad", "(")

    text, faults, _ = fixed_by(findings, "good\nbad\ngood\n")
    assert text == "better\nbad\nbetter\n"
    assert faults == ["it breaks a.py"]


def test_a_fix_that_adds_a_finding_is_dropped_and_reported() -> None:
    def findings(text: str) -> Iterator[Finding]:
        yield from replacing(text, "good", "better")
        yield from replacing(text, "bad", "worse")
        if "worse" in text:
            yield Finding(Span("a.py", 1, 1, 1, 2), "worse", code="DJS998")

    text, faults, _ = fixed_by(findings, "bad\n" + "good\n" * 7)
    assert text == "bad\n" + "better\n" * 7
    assert faults == ["it adds a DJS998 in a.py"]


def test_a_fix_that_does_not_mend_is_dropped_and_reported() -> None:
    def findings(text: str) -> Iterator[Finding]:
        yield from replacing(text, "bad", "bad + 1")
        if "bad + 1" in text:
            yield Finding(Span("a.py", 1, 1, 1, 2), "a word bad", code="DJS999")

    assert fixed_by(findings, "bad\n")[:2] == ("bad\n", ["it does not mend the finding"])


def test_rounds_end_though_fixes_would_go_on_for_ever() -> None:
    def findings(text: str) -> Iterator[Finding]:
        length = len(text.strip())
        yield from replacing(text, "a" * length, "a" * (length + 1))

    _, _, runs = fixed_by(findings, "a\n")
    assert runs < 40


# ------------------------------------------------------------------------------------------------- on the disk
def on_disk(root: Path, files: Mapping[str, str] = FILES) -> Path:
    """The files, written below a folder."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def test_files_are_fixed_on_the_disk(tmp_path: Path) -> None:
    fixing = fix([on_disk(tmp_path)], CODES, unsafe=True)
    assert len(fixing.fixed) == 3
    assert {path: (tmp_path / path).read_text(encoding="utf-8") for path in fixing.after} == fixing.after
    assert fix([tmp_path], CODES, unsafe=True).after == {}


def test_nothing_is_written_for_a_difference(tmp_path: Path) -> None:
    fixing = fix([on_disk(tmp_path)], CODES, write=False)
    assert len(fixing.after) == 2
    assert (tmp_path / "shop/api.py").read_text(encoding="utf-8") == API


def test_a_read_only_file_stays_and_its_findings_say_why(tmp_path: Path) -> None:
    on_disk(tmp_path)
    (tmp_path / "shop/api.py").chmod(0o444)
    fixing = fix([tmp_path], CODES)
    assert set(fixing.after) == {"shop/models.py"}
    assert [(u.finding.code, u.why) for u in fixing.unfixed] == [("DJS201", "the file is read-only")]
    assert (tmp_path / "shop/api.py").read_text(encoding="utf-8") == API
    assert "condition=" in (tmp_path / "shop/models.py").read_text(encoding="utf-8")


def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    on_disk(tmp_path)
    (tmp_path / "shop").chmod(0o555)
    try:
        fixing = fix([tmp_path], CODES)
    finally:
        (tmp_path / "shop").chmod(0o755)
    assert (fixing.after, {u.why for u in fixing.unfixed}) == ({}, {"the folder is read-only"})


def test_a_file_that_changes_while_it_is_fixed_stays_as_it_is(tmp_path: Path) -> None:
    on_disk(tmp_path)

    class Edited(DiskTree):
        def read(self, path: str) -> Source:
            source = super().read(path)
            assert isinstance(source, Source)
            if path == "shop/api.py":
                (tmp_path / path).write_text(API + "\n# mine\n", encoding="utf-8")
            return source

    from djlint_spec.engine import check_tree

    fixing = fix_files(tmp_path, Edited(tmp_path), lambda tree: check_tree(tree, CODES))
    assert [(u.finding.code, u.why) for u in fixing.unfixed] == [("DJS201", "the file has changed since it was read")]
    assert (tmp_path / "shop/api.py").read_text(encoding="utf-8") == API + "\n# mine\n"
    assert "condition=" in (tmp_path / "shop/models.py").read_text(encoding="utf-8")


def test_a_fix_of_several_files_is_all_or_none(tmp_path: Path) -> None:
    """The second file fails after the first was written: the first goes back."""
    on_disk(tmp_path, {"a.py": "bad\n", "b.py": "bad\n", "c.py": "bad\n"})
    both = tuple(ReplaceExpression(Span(path, 1, 1, 1, 4), "good") for path in ("a.py", "b.py"))
    alone = (ReplaceExpression(Span("c.py", 1, 1, 1, 4), "good"),)

    def check(tree: Tree) -> Report:
        texts: dict[str, str] = {}
        for path in tree.python_files():
            source = tree.read(path)
            assert isinstance(source, Source)
            texts[path] = source.text
        # Whoever edits b.py does so once all files have been read.
        (tmp_path / "b.py").write_text("bad  # mine\n", encoding="utf-8")
        found = []
        if texts["a.py"].startswith("bad"):
            found.append(Finding(Span("a.py", 1, 1, 1, 4), "x", fix=Fix("x", Applicability.SAFE, both), code="A"))
        if texts["c.py"].startswith("bad"):
            found.append(Finding(Span("c.py", 1, 1, 1, 4), "x", fix=Fix("x", Applicability.SAFE, alone), code="A"))
        return Report(tuple(found), tuple(texts), lowering=Lowering(texts.get))

    fixing = fix_files(tmp_path, DiskTree(tmp_path), check)
    assert {name: (tmp_path / name).read_text(encoding="utf-8") for name in ("a.py", "b.py", "c.py")} == {
        "a.py": "bad\n",
        "b.py": "bad  # mine\n",
        "c.py": "good\n",
    }
    assert [unfixed.why for unfixed in fixing.unfixed] == ["the file has changed since it was read"]


def test_what_a_killed_run_left_behind_is_removed(tmp_path: Path) -> None:
    on_disk(tmp_path)
    (tmp_path / "shop" / ".djlint-spec-999999999-0.tmp").write_text("half", encoding="utf-8")
    fix([tmp_path], CODES)
    assert list((tmp_path / "shop").glob("*.tmp")) == []


def test_a_link_stays_a_link_and_the_mode_stays(tmp_path: Path) -> None:
    on_disk(tmp_path)
    real = tmp_path / "elsewhere.txt"
    (tmp_path / "shop/api.py").rename(real)
    real.chmod(0o640)
    (tmp_path / "shop/api.py").symlink_to(real)
    fix([tmp_path], CODES)
    assert (tmp_path / "shop/api.py").is_symlink()
    assert "select_related" in real.read_text(encoding="utf-8")
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
