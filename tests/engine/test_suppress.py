"""Comments that silence findings, and those that silence nothing."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from djlint_spec import Config, check_sources
from djlint_spec.diagnostics import RemoveComment

MODELS = "from django.db import models\n\n\n"
ORDER = "class Order(models.Model):\n    id = models.AutoField(primary_key=True){}\n"


def codes(text: str, *select: str) -> list[str]:
    report = check_sources({"shop/models.py": dedent(text)}, Config(select=select or ("DJS101", "DJS002")))
    return [finding.code for finding in report.findings]


def test_without_a_comment_there_is_a_finding() -> None:
    assert codes(MODELS + ORDER.format("")) == ["DJS101"]


@pytest.mark.parametrize(
    "comment",
    [
        "  # noqa: DJS101",
        "  # noqa",
        "  # NOQA:DJS101",
        "  # noqa: E501, DJS101",
        "  # noqa: DJS101 the key is shared",
        "  # a word before  # noqa: DJS101",
        "  # djlint-spec: ignore[DJS101]",
        "  # djlint-spec: ignore[non-uuid-primary-key] the key is shared with the old system",
        "  # djlint-spec: ignore[DJS104, DJS101]",
    ],
)
def test_both_forms_silence_on_the_line(comment: str) -> None:
    assert codes(MODELS + ORDER.format(comment), "DJS101") == []


@pytest.mark.parametrize(
    "comment", ["  # noqa: DJS104", "  # noqa: E501", "  # djlint-spec: ignore[DJS104]", "  # noqax"]
)
def test_a_comment_about_something_else_silences_nothing(comment: str) -> None:
    assert codes(MODELS + ORDER.format(comment), "DJS101") == ["DJS101"]


def test_a_comment_on_another_statement_silences_nothing() -> None:
    assert codes(f"from django.db import models  # noqa: DJS101\n{ORDER.format('')}", "DJS101") == ["DJS101"]


def test_a_whole_file_is_silenced_from_anywhere_in_it() -> None:
    assert codes(MODELS + ORDER.format("") + "# djlint-spec: ignore-file[DJS101]\n") == []


def test_a_string_that_reads_like_a_comment_is_none() -> None:
    assert codes(f"{MODELS}TEXT = '''\n# djlint-spec: ignore-file[DJS101]\n'''\n{ORDER.format('')}") == ["DJS101"]


class TestStatementsOfSeveralRows:
    CHECK = """\
    from django.db import models

    constraint = models.CheckConstraint({0}
        name="positive",
        check=models.Q(price__gte=0),{1}
    ){2}
    """

    @pytest.mark.parametrize("row", range(3))
    def test_the_first_the_last_and_the_findings_own_row_count(self, row: int) -> None:
        comments = ["", "", ""]
        comments[row] = "  # noqa: DJS104"
        files = {"shop/models.py": dedent(self.CHECK.format(*comments)), "requirements.txt": "django==5.2\n"}
        assert check_sources(files, Config(select=("DJS104", "DJS002"))).findings == ()

    @pytest.mark.parametrize("row", [0, 2])
    def test_behind_definitions_that_stand_further_in_too(self, row: int) -> None:
        comments = ["", "", ""]
        comments[row] = "  # noqa: DJS104"
        imports, statement = dedent(self.CHECK.format(*comments)).split("\n\n")
        inner = "    @register\n    class Inner:\n        def method(self):\n            x = (1,\n            2)\n\n"
        text = f"{imports}\n\nclass Outer:\n{inner}    x = 1\n{indent(statement, '    ')}\nclass After:\n    y = 2\n"
        files = {"shop/models.py": text, "requirements.txt": "django==5.2\n"}
        assert check_sources(files, Config(select=("DJS104", "DJS002"))).findings == ()

    def test_another_row_does_not(self) -> None:
        text = dedent(self.CHECK.format("", "", "")).replace('name="positive",', 'name="positive",  # noqa: DJS104')
        files = {"shop/models.py": text, "requirements.txt": "django==5.2\n"}
        report = check_sources(files, Config(select=("DJS104", "DJS002")))
        assert sorted(finding.code for finding in report.findings) == ["DJS002", "DJS104"]

    def test_the_header_of_a_class_is_a_statement_and_its_body_is_not(self) -> None:
        base = f"{ORDER.format('').replace('Order', 'Base')}\n    class Meta:\n        abstract = True\n"
        order = "class Order(\n    Base,\n):{}\n    code = models.TextField(){}\n"
        files = {"core/models.py": MODELS + base}
        for header, body, found in (("  # noqa: DJS101", "", []), ("", "  # noqa: DJS101", ["DJS002", "DJS101"])):
            files["shop/models.py"] = (
                f"from django.db import models\nfrom core.models import Base\n\n\n{order.format(header, body)}"
            )
            report = check_sources(files, Config(select=("DJS101", "DJS002")))
            assert sorted(finding.code for finding in report.findings) == found


class TestUnused:
    def test_a_comment_whose_rule_ran_and_says_nothing_is_told(self) -> None:
        report = check_sources({"a.py": "x = 1  # noqa: DJS101\n"}, Config(select=("DJS101", "DJS002")))
        (finding,) = report.findings
        assert finding.message == "This suppression silences nothing: `DJS101` reports nothing here."
        assert (finding.span.column, finding.span.end_column) == (8, 22)
        assert finding.fix is not None
        assert finding.fix.intents == (RemoveComment(finding.span, ""),)

    @pytest.mark.parametrize("code", ["DJS999", "djs101x"])
    def test_a_code_that_no_rule_has_is_told(self, code: str) -> None:
        report = check_sources({"a.py": f"x = 1  # noqa: {code}\n"}, Config(select=("DJS002",)))
        assert [finding.code for finding in report.findings] == (["DJS002"] if code == "DJS999" else [])

    def test_a_name_that_no_rule_has_is_told(self) -> None:
        report = check_sources({"a.py": "x = 1  # djlint-spec: ignore[DJS998, DJS999]\n"}, Config(select=("DJS002",)))
        assert "no rule is named `DJS998`, `DJS999`" in report.findings[0].message

    @pytest.mark.parametrize("comment", ["# noqa", "# noqa: E501", "# noqa: F401, E501"])
    def test_a_comment_for_other_tools_is_none_of_ours(self, comment: str) -> None:
        assert codes(f"x = 1  {comment}\n") == []

    def test_a_rule_that_did_not_run_may_need_its_comment(self) -> None:
        assert codes("x = 1  # noqa: DJS101\n", "DJS002") == []

    def test_one_comment_that_silences_another_rule_is_used(self) -> None:
        assert codes(MODELS + ORDER.format("  # noqa: DJS101")) == []

    def test_codes_of_other_tools_stay_when_ours_is_removed(self) -> None:
        report = check_sources({"a.py": "import os  # noqa: F401, DJS101\n"}, Config(select=("DJS101", "DJS002")))
        (finding,) = report.findings
        assert finding.fix is not None
        assert finding.fix.intents == (RemoveComment(finding.span, "# noqa: F401"),)
