"""Reports as text and as JSON."""

from __future__ import annotations

from djlint_spec.reporters.fixing import diff, fix_summary, fixes
from djlint_spec.reporters.style import Style
from djlint_spec.reporters.summary import statistics, summary
from djlint_spec.reporters.surveys import survey_json, survey_summary, survey_text
from djlint_spec.reporters.write import FORMATS, write

__all__ = [
    "FORMATS", "Style", "diff", "fix_summary", "fixes", "statistics", "summary", "survey_json", "survey_summary",
    "survey_text", "write",
]  # fmt: skip
