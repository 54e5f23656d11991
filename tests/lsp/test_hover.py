"""Hovers tell of the rule, and of what the rows read and load."""

from __future__ import annotations

from pathlib import Path

from tests.lsp.editor import Editor, Message, editor
from tests.lsp.shop import SERIALIZERS, VIEWS, write_shop


def hover(client: Editor, file: Path, row: int, character: int) -> str | None:
    place = {"line": row, "character": character}
    found: Message | None = client.request(
        "textDocument/hover", {"textDocument": {"uri": file.as_uri()}, "position": place}
    )
    return None if found is None else str(found["contents"]["value"])


def test_the_rule_of_a_finding_and_the_rows_of_a_queryset(tmp_path: Path) -> None:
    shop = write_shop(tmp_path)
    with editor() as client:
        client.start(tmp_path)
        client.open(shop.views)
        row = VIEWS.splitlines().index("    queryset = Order.objects.all()")
        told = hover(client, shop.views, row, 20) or ""
        assert "DJS201" in told and "missing-select-related" in told and "## Bad" not in told
        assert "`GET /orders/ (OrderViewSet.list)` lists `Order`" in told
        assert "- reads `customer`: **loaded again for each row**" in told
        assert hover(client, shop.views, 0, 3) is None


def test_a_field_tells_what_it_reads_of_each_row(tmp_path: Path) -> None:
    shop = write_shop(tmp_path)
    with editor() as client:
        client.start(tmp_path)
        client.open(shop.serializers)
        client.open(shop.views, VIEWS.replace("objects.all()", 'objects.select_related("customer")'))
        row = next(n for n, line in enumerate(SERIALIZERS.splitlines()) if "customer.name" in line)
        told = hover(client, shop.serializers, row, 30) or ""
        assert "reads `customer` of each `Order` here: loaded with the rows" in told
        assert hover(client, tmp_path / "elsewhere.txt", 0, 0) is None


def test_a_rule_is_shown_by_command(tmp_path: Path) -> None:
    write_shop(tmp_path)
    with editor() as client:
        client.answers["window/showDocument"] = {"success": True}
        client.start(tmp_path, {"window": {"showDocument": {"support": True}}})
        command = {"command": "djlint-spec.showRule", "arguments": ["DJS201"]}
        assert "missing-select-related" in client.request("workspace/executeCommand", command)
        shown = next(message for message in client.heard if message.get("method") == "window/showDocument")
        assert shown["params"]["uri"].endswith("/missing-select-related/")
        command = {"command": "djlint-spec.showRule", "arguments": ["DJS000"]}
        assert client.request("workspace/executeCommand", command) is None
