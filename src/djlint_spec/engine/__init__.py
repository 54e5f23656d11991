"""The one pipeline: discover, read, extract, link, judge, suppress, report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from djlint_spec.engine.rulebook import Rulebook, rulebook

if TYPE_CHECKING:
    from djlint_spec.engine.fixing import Fixing, Unfixed
    from djlint_spec.engine.report import Fault, Report
    from djlint_spec.engine.run import check, check_sources, check_tree, fix, fix_sources, project_of
    from djlint_spec.engine.since import Since

__all__ = [
    "Fault", "Fixing", "Report", "Rulebook", "Since", "Unfixed", "check", "check_sources", "check_tree", "fix",
    "fix_sources", "project_of", "rulebook",
]  # fmt: skip

_HOMES = {"Fault": "report", "Report": "report", "Fixing": "fixing", "Unfixed": "fixing", "Since": "since"}


def __getattr__(name: str) -> object:
    # Who asks what was found before needs nothing of what finds it.
    if name in __all__:
        from importlib import import_module

        return getattr(import_module(f"djlint_spec.engine.{_HOMES.get(name, 'run')}"), name)
    raise AttributeError(f"module 'djlint_spec.engine' has no attribute {name!r}")
