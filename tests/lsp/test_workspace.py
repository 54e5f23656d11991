"""Files and settings change around the open documents, and the server follows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.files import write_files
from tests.lsp.editor import PUSHED, Editor, Message, editor
from tests.lsp.shop import MODELS, SERIALIZERS, VIEWS, Shop, write_shop

CREATED, CHANGED, DELETED = 1, 2, 3
WATCHES: Message = {**PUSHED, "workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}


def codes(found: list[Message]) -> list[str]:
    return [diagnostic["code"] for diagnostic in found]


def changed(client: Editor, *events: tuple[Path, int]) -> None:
    told = [{"uri": file.as_uri(), "type": kind} for file, kind in events]
    client.notify("workspace/didChangeWatchedFiles", {"changes": told})


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return write_shop(tmp_path)


def test_files_that_change_on_disk(shop: Shop) -> None:
    with editor() as client:
        client.start(shop.root, WATCHES)
        watched = client.notified("client/registerCapability")["registrations"][0]
        assert watched["method"] == "workspace/didChangeWatchedFiles"
        patterns = {watcher["globPattern"] for watcher in watched["registerOptions"]["watchers"]}
        assert patterns >= {"**/*.py", "**/pytest.toml", "**/templates/**"}
        client.open(shop.views)
        assert codes(client.diagnostics(shop.views)) == ["DJS201"]
        shop.serializers.write_text(SERIALIZERS.replace('source="customer.name"', 'source="reference"'))
        changed(client, (shop.serializers, CHANGED))
        assert codes(client.diagnostics(shop.views)) == []


def test_a_file_is_renamed(shop: Shop) -> None:
    with editor() as client:
        client.start(shop.root, WATCHES)
        client.open(shop.views)
        assert codes(client.diagnostics(shop.views)) == ["DJS201"]
        renamed = shop.serializers.with_name("writers.py")
        shop.serializers.rename(renamed)
        changed(client, (shop.serializers, DELETED), (renamed, CREATED))
        assert codes(client.diagnostics(shop.views)) == []
        client.change(shop.views, VIEWS.replace("shop.serializers", "shop.writers"))
        assert codes(client.diagnostics(shop.views, 2)) == ["DJS201"]


def test_a_branch_switch_changes_very_many_files_at_once(shop: Shop) -> None:
    names = [f"shop/part{number}.py" for number in range(1500)]
    with editor() as client:
        client.start(shop.root, WATCHES)
        client.open(shop.views)
        assert codes(client.diagnostics(shop.views)) == ["DJS201"]
        write_files(shop.root, {name: f"from shop.models import Order\n\nKIND = {name!r}\n" for name in names})
        shop.serializers.write_text(SERIALIZERS.replace('source="customer.name"', 'source="reference"'))
        changed(client, *((shop.root / name, CREATED) for name in names), (shop.serializers, CHANGED))
        assert codes(client.diagnostics(shop.views)) == []
        for name in names:
            (shop.root / name).unlink()
        shop.serializers.write_text(SERIALIZERS)
        changed(client, *((shop.root / name, DELETED) for name in names), (shop.serializers, CHANGED))
        assert codes(client.diagnostics(shop.views)) == ["DJS201"]


def test_a_client_that_watches_nothing_tells_by_saving(shop: Shop) -> None:
    with editor() as client:
        client.start(shop.root)
        client.open(shop.views)
        assert codes(client.diagnostics(shop.views)) == ["DJS201"]
        shop.serializers.write_text(SERIALIZERS.replace('source="customer.name"', 'source="reference"'))
        client.save(shop.views)
        assert codes(client.diagnostics(shop.views)) == []


def test_while_a_file_is_broken_the_others_keep_its_last_good_facts(shop: Shop) -> None:
    with editor() as client:
        client.start(shop.root)
        client.open(shop.views)
        assert codes(client.diagnostics(shop.views)) == ["DJS201"]
        client.open(shop.models)
        client.diagnostics(shop.models, 1)
        client.change(shop.models, f"{MODELS}\n\nclass Broken(\n", 2)
        (broken,) = client.diagnostics(shop.models, 2)
        assert broken["code"] == "DJS001" and "Syntax error" in broken["message"]
        client.change(shop.models, MODELS, 3)
        assert client.diagnostics(shop.models, 3) == []
        told = [m["params"] for m in client.heard if m.get("method") == "textDocument/publishDiagnostics"]
        assert [codes(p["diagnostics"]) for p in told if p["uri"] == shop.views.as_uri()] == [["DJS201"]]


def test_configuration_is_read_again(shop: Shop) -> None:
    configuration = shop.root / "djlint-spec.toml"
    with editor() as client:
        client.start(shop.root, WATCHES)
        client.open(shop.views)
        assert codes(client.diagnostics(shop.views)) == ["DJS201"]
        configuration.write_text('ignore = ["DJS201"]\n')
        changed(client, (configuration, CREATED))
        assert codes(client.diagnostics(shop.views)) == []
        configuration.write_text('ignore = ["DJS2O1"]\n')
        changed(client, (configuration, CHANGED))
        assert "DJS2O1" in client.notified("window/showMessage")["message"]
        configuration.unlink()
        changed(client, (configuration, DELETED))
        assert codes(client.diagnostics(shop.views)) == ["DJS201"]
        client.request("workspace/executeCommand", {"command": "djlint-spec.reload", "arguments": []})


def test_settings_of_the_client(shop: Shop) -> None:
    with editor() as client:
        client.start(shop.root, settings={"djlint-spec": {"select": ["DJS3"]}})
        client.open(shop.views)
        assert codes(client.diagnostics(shop.views)) == []
        client.notify("workspace/didChangeConfiguration", {"settings": {"djlint-spec": {"select": ["DJS2"]}}})
        assert codes(client.diagnostics(shop.views)) == ["DJS201"]
        client.notify("workspace/didChangeConfiguration", {"settings": {"djlint-spec": {"select": "DJS2"}}})
        assert client.notified("window/showMessage")["message"].startswith("djlint-spec.select: ")


def test_the_whole_project_where_that_is_wanted(shop: Shop) -> None:
    with editor() as client:
        client.start(shop.root, settings={"scope": "project"})
        client.open(shop.models)
        assert codes(client.diagnostics(shop.views)) == ["DJS201"]


def test_files_outside_the_workspace_are_left_alone(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "views.py"
    elsewhere.write_text(VIEWS)
    with editor() as client:
        client.start(shop.root)
        client.open(elsewhere)
        assert client.diagnostics(elsewhere) == []
        untitled = {"uri": "untitled:Untitled-1", "languageId": "python", "version": 1, "text": VIEWS}
        client.notify("textDocument/didOpen", {"textDocument": untitled})
        client.notify("textDocument/didClose", {"textDocument": {"uri": "untitled:Untitled-1"}})
        client.open(shop.views)
        assert codes(client.diagnostics(shop.views)) == ["DJS201"]


def test_what_the_project_leaves_out_is_left_alone(shop: Shop) -> None:
    left_out = shop.root / "build" / "views.py"
    write_files(shop.root, {"build/views.py": VIEWS})
    with editor() as client:
        client.start(shop.root)
        client.open(left_out)
        assert client.diagnostics(left_out) == []


def test_folders_come_and_go(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = write_shop(tmp_path_factory.mktemp("other"))
    folder = {"uri": other.root.as_uri(), "name": "other"}
    with editor() as client:
        client.start(shop.root)
        client.open(other.views)
        assert client.diagnostics(other.views) == []
        client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [folder], "removed": []}})
        assert codes(client.diagnostics(other.views)) == ["DJS201"]
        client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": [folder]}})
        assert client.diagnostics(other.views) == []


def test_a_huge_document(shop: Shop) -> None:
    huge = "".join(f"VALUE_{number} = {number}\n" for number in range(10_000))
    with editor() as client:
        client.start(shop.root)
        client.open(shop.views, huge)
        assert client.diagnostics(shop.views) == []
        client.change(shop.views, "x = 1\n" * 2_000_000, 2)
        assert codes(client.diagnostics(shop.views, 2)) == ["DJS001"]
        client.change(shop.views, VIEWS, 3)
        assert codes(client.diagnostics(shop.views, 3)) == ["DJS201"]


def test_progress_is_told_where_a_check_takes_long(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("djlint_spec.lsp.checker._PATIENCE", 0)
    with editor() as client:
        client.start(shop.root, {**PUSHED, "window": {"workDoneProgress": True}})
        client.open(shop.views)
        assert client.notified("$/progress")["value"]["kind"] == "begin"
        assert client.notified("$/progress")["value"]["kind"] == "end"
