"""Documents are judged as they stand in the editor, and with them every file that they speak of."""

from __future__ import annotations

from pathlib import Path

from tests.lsp.editor import editor
from tests.lsp.shop import SERIALIZERS, write_shop


def test_what_is_open_is_judged_from_its_unsaved_text(tmp_path: Path) -> None:
    shop = write_shop(tmp_path)
    with editor() as client:
        client.start(tmp_path)
        client.open(shop.views)
        (found,) = client.diagnostics(shop.views)
        assert found["code"] == "DJS201" and found["source"] == "djlint-spec"
        client.change(shop.views, shop.views.read_text().replace("objects.all()", 'objects.select_related("customer")'))
        assert client.diagnostics(shop.views, 2) == []


def test_a_change_republishes_the_open_files_that_it_affects(tmp_path: Path) -> None:
    shop = write_shop(tmp_path)
    with editor() as client:
        client.start(tmp_path)
        client.open(shop.views)
        assert [found["code"] for found in client.diagnostics(shop.views)] == ["DJS201"]
        client.open(shop.serializers)
        client.change(shop.serializers, SERIALIZERS.replace('source="customer.name"', 'source="reference"'))
        assert client.diagnostics(shop.views) == []
        client.close(shop.serializers)
        assert [found["code"] for found in client.diagnostics(shop.views)] == ["DJS201"]
