"""A client that asks for diagnostics gets them when it asks, and is told when it should ask again."""

from __future__ import annotations

from pathlib import Path

from tests.lsp.editor import Editor, Message, editor
from tests.lsp.shop import SERIALIZERS, write_shop

PULLS: Message = {
    "textDocument": {"diagnostic": {"dynamicRegistration": False}},
    "workspace": {"diagnostics": {"refreshSupport": True}},
}


def pulled(client: Editor, file: Path, before: str | None = None) -> Message:
    found: Message = client.request(
        "textDocument/diagnostic", {"textDocument": {"uri": file.as_uri()}, "previousResultId": before}
    )
    return found


def test_diagnostics_are_given_when_asked_for(tmp_path: Path) -> None:
    shop = write_shop(tmp_path)
    with editor() as client:
        capabilities = client.start(tmp_path, PULLS)
        assert capabilities["diagnosticProvider"]["interFileDependencies"] is True
        client.open(shop.views)
        first = pulled(client, shop.views)
        assert first["kind"] == "full" and [found["code"] for found in first["items"]] == ["DJS201"]
        assert pulled(client, shop.views, first["resultId"]) == {"kind": "unchanged", "resultId": first["resultId"]}
        client.open(shop.serializers, SERIALIZERS.replace('source="customer.name"', 'source="reference"'))
        client.notified("workspace/diagnostic/refresh")
        assert pulled(client, shop.views, first["resultId"])["items"] == []
        assert not any(message.get("method") == "textDocument/publishDiagnostics" for message in client.heard)


def test_diagnostics_of_the_whole_workspace(tmp_path: Path) -> None:
    shop = write_shop(tmp_path)
    with editor() as client:
        client.start(tmp_path, PULLS)
        client.open(shop.models)
        (found,) = client.request("workspace/diagnostic", {"previousResultIds": []})["items"]
        assert found["uri"] == shop.views.as_uri() and found["kind"] == "full"
        known = [{"uri": found["uri"], "value": found["resultId"]}]
        (again,) = client.request("workspace/diagnostic", {"previousResultIds": known})["items"]
        assert again["kind"] == "unchanged"
        assert pulled(client, tmp_path / "elsewhere.py")["items"] == []
