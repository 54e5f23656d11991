"""From findings to what a client shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lsprotocol import types as lsp

from djlint_spec.diagnostics import Finding, Severity
from djlint_spec.lsp.positions import Lines

LinesOf = Callable[[Path], Lines]

_SEVERITIES = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.CONVENTION: lsp.DiagnosticSeverity.Information,
}


def diagnostic(finding: Finding, root: Path, lines: LinesOf, *, related: bool) -> lsp.Diagnostic:
    """A finding as a diagnostic; with `related`, the places that explain it, in whatever file they are."""
    return lsp.Diagnostic(
        range=lines(root / finding.span.path).range(finding.span),
        message=f"{finding.message}\n{finding.help}" if finding.help else finding.message,
        severity=_SEVERITIES[finding.severity or Severity.WARNING],
        code=finding.code,
        code_description=lsp.CodeDescription(finding.url) if finding.url else None,
        source="djlint-spec",
        tags=[lsp.DiagnosticTag.Unnecessary] if finding.code == "DJS002" else None,
        related_information=[
            lsp.DiagnosticRelatedInformation(
                lsp.Location((root / place.span.path).as_uri(), lines(root / place.span.path).range(place.span)),
                place.message,
            )
            for place in finding.related
        ]
        if related
        else None,
        data={"name": finding.name},
    )
