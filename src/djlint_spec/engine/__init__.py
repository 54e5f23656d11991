"""The one pipeline: discover, read, extract, link, judge, suppress, report."""

from __future__ import annotations

from djlint_spec.engine.fixing import Fixing, Unfixed
from djlint_spec.engine.report import Fault, Report
from djlint_spec.engine.rulebook import Rulebook, rulebook
from djlint_spec.engine.run import check, check_sources, check_tree, fix, fix_sources, project_of
from djlint_spec.engine.since import Since

__all__ = [
    "Fault", "Fixing", "Report", "Rulebook", "Since", "Unfixed", "check", "check_sources", "check_tree", "fix",
    "fix_sources", "project_of", "rulebook",
]  # fmt: skip
