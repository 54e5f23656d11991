"""The formats by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from djlint_spec.engine import Report
from djlint_spec.reporters.gitlab import gitlab
from djlint_spec.reporters.junit import junit
from djlint_spec.reporters.lines import azure, github, grouped, json_lines, pylint
from djlint_spec.reporters.objects import as_json
from djlint_spec.reporters.rdjson import rdjson
from djlint_spec.reporters.sarif import sarif
from djlint_spec.reporters.style import Style
from djlint_spec.reporters.text import concise, full

FORMATS: Mapping[str, Callable[[Report, Style], str]] = {
    "full": full,
    "concise": concise,
    "grouped": grouped,
    "json": as_json,
    "json-lines": json_lines,
    "sarif": sarif,
    "github": github,
    "gitlab": gitlab,
    "azure": azure,
    "junit": junit,
    "pylint": pylint,
    "rdjson": rdjson,
}


def write(report: Report, name: str, style: Style) -> str:
    """The findings of a report in one of FORMATS; the empty string when text formats have nothing to say."""
    return FORMATS[name](report, style)
