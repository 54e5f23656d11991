"""The server's side of one conversation: its documents, what the client can do, and what it is told."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from djlint_spec import __version__
from djlint_spec.lsp.actions import Client
from djlint_spec.lsp.checker import Checker, Outcome
from djlint_spec.lsp.settings import Scope, Settings, SettingsError, settings_of

_WATCHED = (
    "**/*.py", "**/pyproject.toml", "**/djlint-spec.toml", "**/djlint-spec-baseline.json", "**/*requirements*.txt",
    "**/requirements/*.{txt,in}", "**/*.lock", "**/setup.cfg", "**/Pipfile", "**/.gitignore",
    "**/{pytest,.pytest,tox,mypy}.ini", "**/pytest.toml", "**/*.html", "**/templates/**",
)  # fmt: skip


class Server(LanguageServer):
    """A conversation with one client."""

    def __init__(self) -> None:
        # The whole text with each change: clients and servers differ in what ends a line, and a text is soon sent.
        super().__init__("djlint-spec", __version__, text_document_sync_kind=lsp.TextDocumentSyncKind.Full)
        self.settings = Settings()
        self.uris: dict[Path, str] = {}
        self.versions: dict[Path, int | None] = {}
        self.checker = Checker(self._publish, self._progress, self._fail, lambda: tuple(self.versions))
        self._shown: set[str] = set()
        self._published: set[Path] = set()

    # ------------------------------------------------------------------------------------------- documents
    def file(self, uri: str) -> Path | None:
        """The file that a URI names, None for what is no file."""
        path = to_fs_path(uri) if uri.startswith("file:") else None
        if not path or "\0" in path:
            return None
        try:
            return Path(path).resolve()
        except (OSError, RuntimeError):  # a circle of links
            return None

    def uri(self, file: Path) -> str:
        """The URI of a file, as the client writes it where it has told."""
        return self.uris.get(file) or file.as_uri()

    def opened(self, uri: str, version: int | None, text: str) -> None:
        """A document has this text now."""
        file = self.file(uri)
        if file is not None:
            self.uris[file], self.versions[file] = uri, version
            self.checker.tell(lambda projects: projects.lay(file, text), file)

    def closed(self, uri: str) -> None:
        """A document is no longer open: what is on disk counts."""
        file = self.file(uri)
        if file is not None:
            self.uris.pop(file, None)
            self.versions.pop(file, None)
            self.checker.tell(lambda projects: projects.lift(file), file)

    # ------------------------------------------------------------------------------------------- the client
    @property
    def pulls(self) -> bool:
        """Whether the client asks for diagnostics by itself."""
        document = self.client_capabilities.text_document
        return document is not None and document.diagnostic is not None

    @property
    def watches(self) -> bool:
        """Whether the client tells of files that change on disk."""
        workspace = self.client_capabilities.workspace
        watched = workspace.did_change_watched_files if workspace else None
        return watched is not None and bool(watched.dynamic_registration)

    def begin(self, params: lsp.InitializeParams) -> None:
        """Take in what the client tells of itself."""
        capabilities = params.capabilities
        published = capabilities.text_document.publish_diagnostics if capabilities.text_document else None
        self.checker.related = bool(published and published.related_information) or self.pulls
        self.checker.encoding = str(getattr(encoding := self.workspace.position_encoding, "value", encoding))
        self.set(params.initialization_options)

    def set(self, given: object) -> None:
        """Take over settings; those that cannot be used are told and leave what was."""
        try:
            self.settings = settings = settings_of(given)
        except SettingsError as error:
            self.tell_once(str(error))
            return
        folders = [file for uri in self.workspace.folders if (file := self.file(uri)) is not None]
        root = self.file(self.workspace.root_uri or "")
        if not folders and root is not None:
            folders = [root]
        self.checker.tell(lambda projects: projects.reload(settings, folders), *self.versions)

    def watch(self) -> None:
        """Ask the client to tell of files that change on disk."""
        if not self.watches:
            return
        watchers = [lsp.FileSystemWatcher(pattern) for pattern in _WATCHED]
        options = lsp.DidChangeWatchedFilesRegistrationOptions(watchers)
        registration = lsp.Registration(str(uuid.uuid4()), lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
        self.client_register_capability(lsp.RegistrationParams([registration]))

    def tell_once(self, message: str) -> None:
        """Show a message, unless it is the one shown last time."""
        if message not in self._shown:
            self._shown.add(message)
            self.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Error, message))

    @property
    def client(self) -> Client:
        """What the client can do with actions."""
        workspace = self.client_capabilities.workspace
        edits = workspace.workspace_edit if workspace else None
        return Client(
            uri=self.uri,
            lines=self.checker.lines,
            version=self.versions.get,
            documents=edits is not None and bool(edits.document_changes),
            snippets=edits is not None and bool(edits.snippet_edit_support),
            related=self.checker.related,
        )

    # ------------------------------------------------------------------------------------------- publishing
    def _publish(self, outcome: Outcome) -> None:
        self._shown &= set(outcome.troubles)
        for trouble in outcome.troubles:
            self.tell_once(trouble)
        if self.pulls:
            others = outcome.diagnostics.keys() - outcome.touched
            if others and _refreshes(self.client_capabilities):
                self.workspace_diagnostic_refresh(None)
            return
        for file, diagnostics in outcome.diagnostics.items():
            is_wanted = file in self.versions or self.settings.scope is Scope.PROJECT
            if not is_wanted and file not in self._published:
                continue
            shown = diagnostics if is_wanted else []
            (self._published.add if shown else self._published.discard)(file)
            self.text_document_publish_diagnostics(
                lsp.PublishDiagnosticsParams(self.uri(file), shown, self.versions.get(file))
            )

    @asynccontextmanager
    async def _progress(self) -> AsyncIterator[None]:
        window = self.client_capabilities.window
        if window is None or not window.work_done_progress:
            yield
            return
        token = str(uuid.uuid4())
        await self.work_done_progress.create_async(token)
        self.work_done_progress.begin(token, lsp.WorkDoneProgressBegin("djlint-spec", message="checking"))
        try:
            yield
        finally:
            self.work_done_progress.end(token, lsp.WorkDoneProgressEnd())

    def _fail(self, error: Exception) -> None:
        with suppress(Exception):
            message = f"djlint-spec: a fault of ours, {type(error).__name__}: {error}"
            self.window_log_message(lsp.LogMessageParams(lsp.MessageType.Error, message))


def _refreshes(capabilities: lsp.ClientCapabilities) -> bool:
    diagnostics = capabilities.workspace.diagnostics if capabilities.workspace else None
    return diagnostics is not None and bool(diagnostics.refresh_support)
