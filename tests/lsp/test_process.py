"""The command itself: a real client over stdio, and clients that misbehave."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lsp.editor import editor, editor_of_process
from tests.lsp.shop import write_shop


def test_the_process_ends_when_its_client_goes(tmp_path: Path) -> None:
    shop = write_shop(tmp_path)
    with editor_of_process() as (client, process):
        client.start(tmp_path)
        client.open(shop.views)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(15) is not None


def test_shutdown_and_exit(tmp_path: Path) -> None:
    with editor_of_process() as (client, process):
        client.start(tmp_path)
        assert client.request("shutdown", None) is None
        client.notify("exit", None)
        assert process.wait(15) == 0


@pytest.mark.parametrize(
    "garbage",
    [
        b"\xff\xfe\x00garbage\r\n\r\n",
        b"Content-Length: 7\r\n\r\n{broken",
        b"Content-Length: nonsense\r\n\r\n",
        b"Content-Length: 2\r\n\r\n[]Content-Length: 4\r\n\r\nnull",
    ],
)
def test_the_server_lives_on_after_garbage(tmp_path: Path, garbage: bytes) -> None:
    shop = write_shop(tmp_path)
    with editor() as client:
        client.start(tmp_path)
        client.send_bytes(garbage)
        client.open(shop.views)
        assert [found["code"] for found in client.diagnostics(shop.views)] == ["DJS201"]


def test_unknown_methods_are_answered_with_an_error(tmp_path: Path) -> None:
    with editor() as client:
        client.start(tmp_path)
        assert client.request("textDocument/mystery", {})["code"] == -32601
        client.notify("$/mystery", {"a": 1})
        assert client.request("shutdown", None) is None
