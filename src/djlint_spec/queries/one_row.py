"""Querysets of one row at most, told by what they hold or how they are written: one row is asked once."""

from __future__ import annotations

import re

from djlint_spec.diagnostics import Span
from djlint_spec.inference.loading import Loading
from djlint_spec.project import Project

_BY_KEY = re.compile(r"\.filter\((?:[^()]|\([^()]*\))*\b(?<!__)(?:pk|id)=(?!=)")


def is_of_one_row(project: Project, span: Span | None, loading: Loading) -> bool:
    """Whether the queryset at `span` is filtered by its own primary key."""
    if loading.one:
        return True
    text = project.source_of(span) if span is not None else None
    return text is not None and _BY_KEY.search(text) is not None
