"""What the server does with each message: documents, diagnostics, actions, hovers, commands."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from lsprotocol import types as lsp

from djlint_spec.catalog.pages import page_of
from djlint_spec.engine.rulebook import rulebook
from djlint_spec.lsp.actions import KINDS, TITLE_OF_ALL, actions, fix_all
from djlint_spec.lsp.hover import hover, page_text
from djlint_spec.lsp.server import Server


def make_server() -> Server:
    """A server that waits for its client."""
    server = Server()
    _follow_documents(server)
    _follow_workspace(server)
    _answer_requests(server)
    _take_commands(server)
    return server


def _follow_documents(server: Server) -> None:

    @server.feature(lsp.INITIALIZE)
    def initialize(params: lsp.InitializeParams) -> None:
        server.begin(params)

    @server.feature(lsp.INITIALIZED)
    def initialized(_: lsp.InitializedParams) -> None:
        server.watch()

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: lsp.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        server.opened(document.uri, document.version, document.text)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: lsp.DidChangeTextDocumentParams) -> None:
        document = params.text_document
        server.opened(document.uri, document.version, server.workspace.get_text_document(document.uri).source)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: lsp.DidCloseTextDocumentParams) -> None:
        server.closed(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: lsp.DidSaveTextDocumentParams) -> None:
        # A client that does not watch files tells at least when it has written one; others may have changed with it.
        file = server.file(params.text_document.uri)
        if file is not None and not server.watches:
            server.checker.tell(lambda projects: projects.refresh(), file)

    @server.feature(lsp.TEXT_DOCUMENT_WILL_SAVE_WAIT_UNTIL)
    async def will_save(params: lsp.WillSaveTextDocumentParams) -> list[lsp.TextEdit]:
        file = server.file(params.text_document.uri)
        if file is None or not server.settings.fix_on_save:
            return []
        return await server.checker.ask(lambda projects: fix_all(projects, server.client, file))


def _follow_workspace(server: Server) -> None:
    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_watched_files(params: lsp.DidChangeWatchedFilesParams) -> None:
        files = [file for event in params.changes if (file := server.file(event.uri)) is not None]
        server.checker.tell(lambda projects: projects.refresh(files))

    @server.feature(lsp.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def did_change_configuration(params: lsp.DidChangeConfigurationParams) -> None:
        server.set(params.settings)

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def did_change_workspace_folders(_: lsp.DidChangeWorkspaceFoldersParams) -> None:
        folders = [file for uri in server.workspace.folders if (file := server.file(uri)) is not None]
        server.checker.tell(lambda projects: projects.reload(folders=folders), *server.versions)


def _answer_requests(server: Server) -> None:
    options = lsp.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=True, identifier="djlint-spec")

    @server.feature(lsp.TEXT_DOCUMENT_DIAGNOSTIC, options)
    async def document_diagnostic(
        params: lsp.DocumentDiagnosticParams,
    ) -> lsp.RelatedFullDocumentDiagnosticReport | lsp.RelatedUnchangedDocumentDiagnosticReport:
        file = server.file(params.text_document.uri)
        found = await server.checker.ask(lambda _: server.checker.diagnostics_of(file) if file is not None else [])
        number = _number_of(found)
        if number == params.previous_result_id:
            return lsp.RelatedUnchangedDocumentDiagnosticReport(number)
        return lsp.RelatedFullDocumentDiagnosticReport(found, result_id=number)

    @server.feature(lsp.WORKSPACE_DIAGNOSTIC)
    async def workspace_diagnostic(params: lsp.WorkspaceDiagnosticParams) -> lsp.WorkspaceDiagnosticReport:
        checker = server.checker
        found = await checker.ask(lambda _: {file: checker.diagnostics_of(file) for file in checker.checked_files})
        known = {previous.uri: previous.value for previous in params.previous_result_ids}
        items: list[lsp.WorkspaceFullDocumentDiagnosticReport | lsp.WorkspaceUnchangedDocumentDiagnosticReport] = []
        for file, diagnostics in found.items():
            uri, version, number = server.uri(file), server.versions.get(file), _number_of(diagnostics)
            if known.get(uri) == number:
                items.append(lsp.WorkspaceUnchangedDocumentDiagnosticReport(uri, number, version))
            elif diagnostics or uri in known:
                items.append(lsp.WorkspaceFullDocumentDiagnosticReport(uri, diagnostics, version, result_id=number))
        return lsp.WorkspaceDiagnosticReport(items)

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions(code_action_kinds=list(KINDS)))
    async def code_action(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        file = server.file(params.text_document.uri)
        if file is None:
            return []
        only = [str(getattr(kind, "value", kind)) for kind in params.context.only] if params.context.only else None
        return await server.checker.ask(lambda projects: actions(projects, server.client, file, params.range, only))

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    async def on_hover(params: lsp.HoverParams) -> lsp.Hover | None:
        file = server.file(params.text_document.uri)
        if file is None:
            return None
        position = params.position
        text = await server.checker.ask(
            lambda projects: hover(projects, file, *server.checker.lines(file).place(position))
        )
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, text)) if text else None


def _take_commands(server: Server) -> None:
    @server.command("djlint-spec.fixAll")
    async def fix_file(uri: str) -> bool:
        file = server.file(uri)
        edits = await server.checker.ask(lambda projects: fix_all(projects, server.client, file)) if file else []
        if file is None or not edits:
            return False
        edit = server.client.workspace_edit({file: edits})
        result = await server.workspace_apply_edit_async(lsp.ApplyWorkspaceEditParams(edit, TITLE_OF_ALL))
        return result.applied

    @server.command("djlint-spec.reload")
    async def reload() -> None:
        server.checker.tell(lambda projects: projects.reload(), *server.versions)
        await server.checker.settled()

    @server.command("djlint-spec.showRule")
    async def show_rule(word: str) -> str | None:
        page = page_of(rulebook().pages.values(), word)
        if page is None:
            return None
        window = server.client_capabilities.window
        if window is not None and window.show_document is not None and window.show_document.support:
            await server.window_show_document_async(lsp.ShowDocumentParams(page.url, external=True))
        return page_text(page)


def _number_of(diagnostics: Sequence[lsp.Diagnostic]) -> str:
    """What tells one state of a file's diagnostics from another."""
    return hashlib.blake2b(repr(diagnostics).encode("utf-8", "backslashreplace"), digest_size=8).hexdigest()
