"""An editor without a screen: speaks the protocol byte by byte, with a server in this process or in another."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from djlint_spec.lsp import make_server

Message = dict[str, Any]  # JSON-RPC: whatever the other side writes

PUSHED: Message = {
    "textDocument": {"publishDiagnostics": {"relatedInformation": True}},
    "general": {"positionEncodings": ["utf-16"]},
}


class Editor:
    """One conversation. What the server sends is kept; `wait` looks for it, `request` answers what it asks."""

    def __init__(self, to_server: IO[bytes], from_server: IO[bytes]) -> None:
        self._to, self._from = to_server, from_server
        self._number = 0
        self._inbox: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self.heard: list[Message] = []
        self.answers: dict[str, object] = {}
        threading.Thread(target=self._listen, daemon=True).start()

    # ------------------------------------------------------------------------------------------ messages
    def send_bytes(self, content: bytes) -> None:
        """Send bytes as they are."""
        self._to.write(content)
        self._to.flush()

    def send(self, message: Mapping[str, object]) -> None:
        """Send a message."""
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.send_bytes(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))

    def notify(self, method: str, params: object) -> None:
        """Tell the server something."""
        self.send({"method": method, "params": params})

    def request(self, method: str, params: object, *, timeout: float = 30) -> Any:  # JSON of any form
        """The server's answer to a request; its error where it gives one."""
        self._number += 1
        number = self._number
        self.send({"id": number, "method": method, "params": params})
        answer = self.wait(lambda message: message.get("id") == number and "method" not in message, timeout=timeout)
        return answer["error"] if "error" in answer else answer["result"]

    def wait(self, is_wanted: Callable[[Message], bool], *, timeout: float = 30) -> Message:
        """The next message that is wanted."""
        until = time.monotonic() + timeout
        while True:
            try:
                message = self._inbox.get(timeout=max(0.01, until - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"not heard of within {timeout} seconds; heard {self.heard[-5:]}") from None
            assert message is not None, f"the server has gone; heard {self.heard[-5:]}"
            self.heard.append(message)
            if "id" in message and "method" in message:
                self.send({"id": message["id"], "result": self.answers.get(message["method"])})
            if is_wanted(message):
                return message

    def notified(self, method: str, *, timeout: float = 30) -> Any:  # JSON of any form
        """The parameters of the next notification, or request, of this method."""
        return self.wait(lambda message: message.get("method") == method, timeout=timeout).get("params")

    def _listen(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while header := self._from.readline():
                length = 0
                while header.strip():
                    name, _, value = header.partition(b":")
                    if name.lower() == b"content-length":
                        length = int(value)
                    header = self._from.readline()
                self._inbox.put(json.loads(self._from.read(length)))
        self._inbox.put(None)

    # ------------------------------------------------------------------------------------------ the protocol
    def start(
        self, root: Path, capabilities: Message | None = None, settings: object = None
    ) -> Any:  # the capabilities of the server
        """Introduce ourselves; the server's capabilities."""
        folder = {"uri": root.as_uri(), "name": root.name}
        result = self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": root.as_uri(),
                "workspaceFolders": [folder],
                "capabilities": PUSHED if capabilities is None else capabilities,
                "initializationOptions": settings,
            },
        )
        self.notify("initialized", {})
        return result["capabilities"]

    def open(self, file: Path, text: str | None = None) -> None:
        """Open a document, with the text on disk or another."""
        content = file.read_text(encoding="utf-8") if text is None else text
        self.notify(
            "textDocument/didOpen",
            {"textDocument": {"uri": file.as_uri(), "languageId": "python", "version": 1, "text": content}},
        )

    def change(self, file: Path, text: str, version: int = 2) -> None:
        """Change all of a document's text."""
        self.notify(
            "textDocument/didChange",
            {"textDocument": {"uri": file.as_uri(), "version": version}, "contentChanges": [{"text": text}]},
        )

    def save(self, file: Path) -> None:
        """Tell that a document was saved."""
        self.notify("textDocument/didSave", {"textDocument": {"uri": file.as_uri()}})

    def close(self, file: Path) -> None:
        """Close a document."""
        self.notify("textDocument/didClose", {"textDocument": {"uri": file.as_uri()}})

    def diagnostics(self, file: Path, version: int | None = None, *, timeout: float = 30) -> list[Message]:
        """The next diagnostics that are published for a file, or for a version of it."""
        uri = file.as_uri()
        message = self.wait(
            lambda message: (
                message.get("method") == "textDocument/publishDiagnostics"
                and message["params"]["uri"] == uri
                and (version is None or message["params"].get("version") == version)
            ),
            timeout=timeout,
        )
        found: list[Message] = message["params"]["diagnostics"]
        return found

    def actions(self, file: Path, row: int, *only: str, character: int = 0) -> list[Message]:
        """The code actions at a place, rows and characters from 0."""
        place = {"line": row, "character": character}
        context: Message = {"diagnostics": []}
        if only:
            context["only"] = list(only)
        found: list[Message] = self.request(
            "textDocument/codeAction",
            {"textDocument": {"uri": file.as_uri()}, "range": {"start": place, "end": place}, "context": context},
        )
        return found


@contextlib.contextmanager
def editor() -> Iterator[Editor]:
    """An editor and a server in a thread of this process."""
    (read_by_server, write_by_us), (read_by_us, write_by_server) = os.pipe(), os.pipe()
    stdin, stdout = os.fdopen(read_by_server, "rb"), os.fdopen(write_by_server, "wb")
    thread = threading.Thread(target=lambda: make_server().start_io(stdin, stdout), daemon=True)
    thread.start()
    ours = os.fdopen(write_by_us, "wb")
    try:
        yield Editor(ours, os.fdopen(read_by_us, "rb"))
    finally:
        with contextlib.suppress(OSError):
            ours.close()
        thread.join(10)


@contextlib.contextmanager
def editor_of_process() -> Iterator[tuple[Editor, subprocess.Popen[bytes]]]:
    """An editor and `djlint-spec server`."""
    command = [sys.executable, "-m", "djlint_spec", "server"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdin is not None and process.stdout is not None
    try:
        yield Editor(process.stdin, process.stdout), process
    finally:
        process.kill()
        process.wait(10)
