"""The last lines of a run."""

from __future__ import annotations

import pytest

from djlint_spec.config import Config, detect_versions
from djlint_spec.diagnostics import Applicability, Fix, Severity
from djlint_spec.engine.report import Figures
from djlint_spec.reporters import summary
from djlint_spec.source import MemoryTree
from tests.reporters.reports import finding, report, span

VERSIONS = detect_versions(
    MemoryTree({"requirements.txt": "django>=5.1,<6\ndjangorestframework==3.15\ncelery==5.4\nchannels==4.1\n"}),
    Config(),
)


def of(severity: Severity, path: str = "a.py", applicability: Applicability | None = None) -> object:
    fix = Fix("mend", applicability, ()) if applicability else None
    return finding(span(path, 1, 1, 2), severity=severity, fix=fix)


def test_findings_are_counted_by_severity_file_and_fix() -> None:
    found = [
        of(Severity.ERROR, "a.py", Applicability.SAFE),
        of(Severity.WARNING, "a.py", Applicability.SAFE),
        of(Severity.WARNING, "b.py", Applicability.UNSAFE),
        of(Severity.CONVENTION, "b.py", Applicability.DISPLAY),
    ]
    assert summary(report(*found, files=412)) == (  # type: ignore[arg-type]  # `of` makes findings
        "Found 4 findings (1 error, 2 warnings, 1 convention) in 2 of 412 files. "
        "2 can be fixed with --fix, 1 more with --unsafe-fixes."
    )


@pytest.mark.parametrize(
    ("applicability", "told"),
    [
        (Applicability.SAFE, " 1 can be fixed with --fix."),
        (Applicability.UNSAFE, " 1 can be fixed with --fix --unsafe-fixes."),
        (Applicability.DISPLAY, ""),
        (None, ""),
    ],
)
def test_one_finding_is_one(applicability: Applicability | None, told: str) -> None:
    found = of(Severity.WARNING, applicability=applicability)
    assert summary(report(found)) == f"Found 1 finding (1 warning) in 1 of 1 file.{told}"  # type: ignore[arg-type]


def test_the_project_is_told_with_its_versions_figures_and_resolution() -> None:
    figures = Figures({"models": 86, "list endpoints": 1, "tasks": 0}, resolved=97, asked=100)
    told = summary(report(files=2, versions=VERSIONS, figures=lambda: figures))
    assert told.splitlines() == [
        "Nothing to report in 2 files.",
        "Django 5.1-5.2, DRF 3.15, Celery 5.4, Channels 4.1 · 86 models, 1 list endpoint · "
        "97 % of names resolved (doctor tells the rest)",
    ]


def test_doctor_has_nothing_to_tell_when_all_is_resolved() -> None:
    assert summary(report(versions=VERSIONS, figures=lambda: Figures({}, 3, 3))).endswith(" · 100 % of names resolved")


def test_what_nothing_says_is_left_out() -> None:
    unknown = detect_versions(MemoryTree({}), Config())
    assert summary(report(versions=unknown)) == "Nothing to report in 1 file."


def test_no_files_are_told() -> None:
    assert summary(report(files=0)) == "No Python files found."
    assert summary(report(files=3, empty=("docs",))).splitlines()[0] == "docs: no Python files."
