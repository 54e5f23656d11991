"""Code actions: the fixes of findings, a suppression for each, and all safe fixes of a file at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
from lsprotocol import types as lsp

from djlint_spec.diagnostics import Applicability, Edit, Finding, Span
from djlint_spec.engine.noqa import with_comments
from djlint_spec.engine.report import Report
from djlint_spec.fixes import Lowered
from djlint_spec.lsp.diagnostics import diagnostic
from djlint_spec.lsp.positions import Lines
from djlint_spec.lsp.projects import Place, Projects

FIX_ALL = "source.fixAll.djlint-spec"
KINDS = (lsp.CodeActionKind.QuickFix.value, lsp.CodeActionKind.SourceFixAll.value, FIX_ALL)
TITLE_OF_ALL = "djlint-spec: fix all safely fixable findings of the file"

Edits = dict[Path, list[lsp.TextEdit]]


class Client(msgspec.Struct, frozen=True):
    """What a client can do with actions, and how its documents are called and counted."""

    uri: Callable[[Path], str]
    lines: Callable[[Path], Lines]
    version: Callable[[Path], int | None]
    documents: bool
    snippets: bool
    related: bool

    def workspace_edit(self, edits: Edits, *, snippet: bool = False) -> lsp.WorkspaceEdit:
        """The edits in the form that the client takes; as snippets where it takes those and they are wanted."""
        if not self.documents:
            return lsp.WorkspaceEdit(changes={self.uri(file): found for file, found in edits.items()})
        changes: list[lsp.TextDocumentEdit | lsp.CreateFile | lsp.RenameFile | lsp.DeleteFile] = []
        for file, found in edits.items():
            wanted: list[lsp.TextEdit | lsp.AnnotatedTextEdit | lsp.SnippetTextEdit] = (
                [lsp.SnippetTextEdit(edit.range, lsp.StringValue(escaped(edit.new_text))) for edit in found]
                if snippet and self.snippets
                else [*found]
            )
            document = lsp.OptionalVersionedTextDocumentIdentifier(self.uri(file), self.version(file))
            changes.append(lsp.TextDocumentEdit(document, wanted))
        return lsp.WorkspaceEdit(document_changes=changes)


def escaped(text: str) -> str:
    """A text as a snippet that inserts it, with the cursor behind it."""
    return text.replace("\\", "\\\\").replace("$", "\\$").replace("}", "\\}") + "$0"


def wanted(kind: str, only: Sequence[str] | None) -> bool:
    """Whether a client that asks for some kinds of actions takes one; a kind has those below it."""
    return only is None or any(kind == asked or kind.startswith(f"{asked}.") for asked in only)


def actions(
    projects: Projects, client: Client, file: Path, where: lsp.Range, only: Sequence[str] | None
) -> list[lsp.CodeAction]:
    """The actions at a stretch of a file."""
    place = projects.place(file)
    if place is None:
        return []
    report = place.session.report()
    found: list[lsp.CodeAction] = []
    here = [finding for finding in report.findings if finding.span.path == place.path]
    if wanted(lsp.CodeActionKind.QuickFix.value, only):
        lines = client.lines(file)
        met = [finding for finding in here if _meets(lines, finding.span, where)]
        found.extend(action for finding in met for action in _fixes(report, finding, place, client))
        found.extend(_suppression(finding, place, client, file) for finding in met)
    # Editors ask for it by name, as when they save; it takes a check or two, too much for each move of the cursor.
    if only is not None and wanted(FIX_ALL, only):
        edits = fix_all(projects, client, file)
        if edits:
            found.append(lsp.CodeAction(TITLE_OF_ALL, kind=FIX_ALL, edit=client.workspace_edit({file: edits})))
    return found


def fix_all(projects: Projects, client: Client, file: Path) -> list[lsp.TextEdit]:
    """What mends all that can safely be mended in a file, as edits of its text; no other file is changed."""
    place = projects.place(file)
    if place is None:
        return []
    fixing = place.session.fixed(place.path)
    return client.lines(file).edits_to(fixing.after[place.path]) if place.path in fixing.after else []


def _fixes(report: Report, finding: Finding, place: Place, client: Client) -> Iterator[lsp.CodeAction]:
    fix = finding.fix
    lowered = report.lowered(finding)
    if fix is None or not isinstance(lowered, Lowered):
        return
    shown = fix.applicability is Applicability.DISPLAY
    note = {Applicability.SAFE: "", Applicability.UNSAFE: " (may change behaviour)"}.get(fix.applicability, " (draft)")
    root = place.session.root
    yield lsp.CodeAction(
        f"{finding.code}: {fix.message}{note}",
        kind=lsp.CodeActionKind.QuickFix,
        diagnostics=[diagnostic(finding, root, client.lines, related=client.related)],
        is_preferred=fix.applicability is Applicability.SAFE,
        edit=client.workspace_edit(_by_file(lowered.edits, root, client), snippet=shown),
    )


def _by_file(edits: Iterable[Edit], root: Path, client: Client) -> Edits:
    found: Edits = {}
    for edit in edits:
        file = root / edit.span.path
        found.setdefault(file, []).append(client.lines(file).edit(edit))
    return found


def _suppression(finding: Finding, place: Place, client: Client, file: Path) -> lsp.CodeAction:
    lines = client.lines(file)
    return lsp.CodeAction(
        f"{finding.code}: suppress on this line",
        kind=lsp.CodeActionKind.QuickFix,
        diagnostics=[diagnostic(finding, place.session.root, client.lines, related=client.related)],
        edit=client.workspace_edit({file: lines.edits_to(with_comments(lines.text, [finding]))}),
    )


def _meets(lines: Lines, span: Span, where: lsp.Range) -> bool:
    start, end = lines.place(where.start), lines.place(where.end)
    return (span.row, span.column) <= end and start <= (span.end_row, span.end_column)
