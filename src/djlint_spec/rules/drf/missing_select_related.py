"""A list endpoint loads a related row again for each row that it answers with."""

from __future__ import annotations

from collections.abc import Iterator

from djlint_spec.diagnostics import Finding
from djlint_spec.project import Project
from djlint_spec.queries.advice import missing_loading
from djlint_spec.queries.endpoints import ListEndpoint
from djlint_spec.rules import rule


@rule
def check(endpoint: ListEndpoint, project: Project) -> Iterator[Finding]:
    """One finding for an endpoint whose serializer reads to-one paths that its queryset does not load."""
    yield from missing_loading(project, endpoint, to_many=False)
