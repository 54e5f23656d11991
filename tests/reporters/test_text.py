"""What people read: `full` and `concise`."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from djlint_spec.diagnostics import Applicability, Finding, Fix, Related, Severity
from djlint_spec.reporters import write
from djlint_spec.reporters.cells import cells
from tests.reporters.reports import finding, report, span, style

VIEWS = """\
from rest_framework.viewsets import ModelViewSet


class OrderViewSet(ModelViewSet):
    serializer_class = OrderSerializer
    queryset = Order.objects.all()
"""
SERIALIZERS = "class OrderSerializer(ModelSerializer):\n    customer = CustomerSerializer()\n"
SAFE = Fix("add", Applicability.SAFE, ())
ORDER = finding(
    span("orders/views.py", 6, 16, 35),
    "GET /api/orders/ (OrderViewSet.list) loads `customer` and `customer.company` again for each row.",
    help='write Order.objects.select_related("customer__company")',
    cost="201 queries for a page of 100; 1 with the fix",
    fix=SAFE,
    related=(
        Related(span("orders/serializers.py", 2, 5, 13), "reads customer", "read by", "customer"),
        Related(span("crm/serializers.py", 7, 5, 13), "reads customer.company", "read by", "customer.company"),
    ),
)
SOURCES = {"orders/views.py": VIEWS, "orders/serializers.py": SERIALIZERS}


def full(*findings: Finding, sources: dict[str, str] | None = None, width: int = 90, colour: bool = False) -> str:
    return write(report(*findings, sources=sources), "full", style(width, colour=colour))


def test_a_finding_is_told_with_its_source_its_reads_its_cost_and_what_to_write() -> None:
    assert full(ORDER, sources=SOURCES) == dedent(
        """\
        orders/views.py:6:16  DJS201 missing-select-related  [fix]
          GET /api/orders/ (OrderViewSet.list) loads `customer` and `customer.company` again for
          each row.

          4 | class OrderViewSet(ModelViewSet):
          5 |     serializer_class = OrderSerializer
          6 |     queryset = Order.objects.all()
            |                ^^^^^^^^^^^^^^^^^^^

          read by   customer          orders/serializers.py:2  customer = CustomerSerializer()
                    customer.company  crm/serializers.py:7
          cost      201 queries for a page of 100; 1 with the fix
          write     Order.objects.select_related("customer__company")
        """
    )


def test_findings_are_parted_by_an_empty_line() -> None:
    one = finding(span("a.py", 1, 1, 2))
    assert full(one, one).count("\n\n") == 1


@pytest.mark.parametrize(
    ("applicability", "mark"),
    [(Applicability.SAFE, "  [fix]"), (Applicability.UNSAFE, "  [unsafe fix]"), (Applicability.DISPLAY, "")],
)
def test_a_mark_says_whether_it_can_be_fixed(applicability: Applicability, mark: str) -> None:
    told = full(finding(span("a.py", 1, 1, 2), fix=Fix("mend", applicability, ())))
    assert told.splitlines()[0] == f"a.py:1:1  DJS201 missing-select-related{mark}"


def test_concise_is_one_line_with_the_mark_and_the_code_to_write() -> None:
    assert write(report(ORDER), "concise", style()) == (
        "orders/views.py:6:16: DJS201 [*] GET /api/orders/ (OrderViewSet.list) loads `customer` and `customer.company` "
        'again for each row: Order.objects.select_related("customer__company")\n'
    )
    plain = finding(span("a.py", 1, 1, 2), help="if a:\n    b", fix=Fix("mend", Applicability.UNSAFE, ()))
    assert write(report(plain), "concise", style()) == "a.py:1:1: DJS201 It breaks.\n"


def test_text_formats_say_nothing_of_no_findings() -> None:
    assert write(report(), "full", style()) == write(report(), "concise", style()) == ""


class TestHelp:
    def test_several_lines_keep_their_indentation(self) -> None:
        told = full(finding(span("a.py", 1, 1, 2), help="if lock.acquire():\n    try: ...\n\nrelease()"))
        assert told.endswith("  help      if lock.acquire():\n                try: ...\n\n            release()\n")

    def test_it_stands_under_a_wide_label(self) -> None:
        related = Related(span("b.py", 3, 1, 2), "the key is declared here")
        told = full(finding(span("a.py", 1, 1, 2), help="id = UUIDField()", related=(related,)))
        assert told.splitlines()[-2:] == [
            "  the key is declared here  b.py:3",
            "  help                      id = UUIDField()",
        ]


class TestSource:
    def test_tabs_are_four_columns(self) -> None:
        told = full(finding(span("a.py", 2, 2, 5)), sources={"a.py": "if a:\n\tfoo()\n"})
        assert "  2 |     foo()\n    |     ^^^\n" in told

    def test_wide_characters_are_two(self) -> None:
        told = full(finding(span("a.py", 1, 7, 10)), sources={"a.py": '"日本", foo\n'})
        assert '  1 | "日本", foo\n    |         ^^^\n' in told

    def test_a_long_line_is_shown_around_the_stretch(self) -> None:
        text = f"x = [{'a, ' * 100}HERE, {'b, ' * 100}]\n"
        start = text.index("HERE") + 1
        told = full(finding(span("a.py", 1, start, start + 4)), sources={"a.py": text}, width=60)
        shown, marks = told.splitlines()[3:5]
        assert shown[marks.index("^") : marks.rindex("^") + 1] == "HERE"
        assert max(cells(line) for line in told.splitlines()) <= 60

    def test_a_stretch_of_several_lines_is_underlined_line_by_line(self) -> None:
        told = full(finding(span("a.py", 1, 5, 2, 3)), sources={"a.py": "x = [\n    1,\n]\n"})
        assert "  1 | x = [\n    |     ^\n  2 |     1,\n    |     ^^\n  3 | ]\n    | ^\n" in told

    def test_a_longer_one_is_broken_off(self) -> None:
        told = full(finding(span("a.py", 9, 1, 2, 30)), sources={"a.py": "call(\n" * 30})
        assert told.count("call(") == 4
        assert told.endswith("  12 | call(\n     | ^^^^^\n     | …\n")

    def test_lines_are_those_of_python(self) -> None:
        told = full(finding(span("a.py", 3, 1, 2)), sources={"a.py": "a = 1\r\nb = '\x0c\x85'\rcc\n"})
        assert "  3 | cc\n" in told

    def test_an_empty_stretch_has_a_mark(self) -> None:
        assert "  1 | x\n    | ^\n" in full(finding(span("a.py", 1, 1, 1)), sources={"a.py": "x\n"})

    def test_a_row_that_the_file_does_not_have_is_left_out(self) -> None:
        assert " | " not in full(finding(span("a.py", 9, 1, 2)), sources={"a.py": "x\n"})

    def test_nothing_in_the_source_reaches_the_terminal_as_a_command(self) -> None:
        evil = "x = '\x1b]0;title\x07'\n"
        told = full(finding(span("a\x1b.py", 1, 1, 2), "\x1b[2J", help="\x1b"), sources={"a\x1b.py": evil})
        assert "\x1b" not in told
        assert "\x07" not in told


class TestContext:
    TEXT = "class A:\n    a = 1\n    b = 2\n    c = 3\n\n    d = 4\n"

    def shown(self, row: int, text: str = TEXT) -> list[str]:
        told = full(finding(span("a.py", row, 5, 6)), sources={"a.py": text})
        return [line for line in told.splitlines() if " | " in line and "^" not in line]

    def test_two_lines_above_tell_what_a_line_belongs_to(self) -> None:
        assert self.shown(4) == ["  2 |     a = 1", "  3 |     b = 2", "  4 |     c = 3"]

    def test_an_empty_line_ends_them(self) -> None:
        assert self.shown(6) == ["  6 |     d = 4"]

    def test_a_line_at_the_margin_belongs_to_nothing(self) -> None:
        assert self.shown(2, "a = 1\nbbbbb = 2\n") == ["  2 | bbbbb = 2"]


class TestColour:
    @pytest.mark.parametrize(
        ("severity", "colour"), [(Severity.ERROR, 31), (Severity.WARNING, 33), (Severity.CONVENTION, 36)]
    )
    def test_the_code_has_the_colour_of_its_severity(self, severity: Severity, colour: int) -> None:
        told = full(finding(span("a.py", 1, 1, 2), severity=severity), colour=True)
        assert f"\x1b[{colour}mDJS201\x1b[0m" in told

    def test_without_it_the_text_is_the_same(self) -> None:
        import re

        told = full(ORDER, sources=SOURCES, colour=True)
        assert re.sub(r"\x1b\[\d+m", "", told) == full(ORDER, sources=SOURCES)


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    lines = full(ORDER, sources=SOURCES, width=width).splitlines()
    words = max(len(word) for word in " ".join(lines).split())
    assert max(cells(line) for line in lines) <= max(width, words + 12)


def test_paths_are_told_from_where_the_user_stands() -> None:
    one = report(finding(span("orders/views.py", 1, 1, 2)))
    assert write(one, "concise", style(cwd=Path("/project/orders"))).startswith("views.py:1:1")
    assert write(one, "concise", style(cwd=Path("/elsewhere"))).startswith("/project/orders/views.py:1:1")
