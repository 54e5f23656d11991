"""What a finding can be answered with: its fix, a suppression, and all safe fixes of the file at once."""

from __future__ import annotations

from pathlib import Path

from djlint_spec.lsp.actions import escaped
from tests.files import write_files
from tests.lsp.editor import Editor, Message, editor
from tests.lsp.shop import VIEWS, write_shop

ROW = VIEWS.splitlines().index("    queryset = Order.objects.all()")
DOCUMENTS: Message = {
    "textDocument": {"publishDiagnostics": {"relatedInformation": True}},
    "workspace": {"workspaceEdit": {"documentChanges": True, "snippetEditSupport": True}, "applyEdit": True},
}


def applied(text: str, edits: list[Message]) -> str:
    """A text of ASCII after a client has applied edits to it."""
    lines = [*text.splitlines(keepends=True), ""]

    def offset(place: Message) -> int:
        return sum(map(len, lines[: place["line"]])) + int(place["character"])

    for edit in sorted(edits, key=lambda edit: offset(edit["range"]["start"]), reverse=True):
        text = text[: offset(edit["range"]["start"])] + edit["newText"] + text[offset(edit["range"]["end"]) :]
    return text


def opened(client: Editor, file: Path) -> None:
    client.open(file)
    assert [found["code"] for found in client.diagnostics(file)] == ["DJS201"]


def test_a_fix_is_offered_where_its_finding_stands(tmp_path: Path) -> None:
    shop = write_shop(tmp_path)
    with editor() as client:
        client.start(tmp_path)
        opened(client, shop.views)
        fix = next(
            action for action in client.actions(shop.views, ROW, character=20) if "suppress" not in action["title"]
        )
        assert fix["kind"] == "quickfix" and fix["isPreferred"] and fix["diagnostics"][0]["code"] == "DJS201"
        fixed = applied(VIEWS, fix["edit"]["changes"][shop.views.as_uri()])
        assert 'queryset = Order.objects.select_related("customer")' in fixed
        client.change(shop.views, fixed)
        assert client.diagnostics(shop.views, 2) == []
        assert client.actions(shop.views, ROW, character=20) == []


def test_no_action_where_nothing_stands(tmp_path: Path) -> None:
    shop = write_shop(tmp_path)
    with editor() as client:
        client.start(tmp_path)
        opened(client, shop.views)
        assert client.actions(shop.views, 0) == []
        assert client.actions(tmp_path / "README.md", 0) == []


def test_a_suppression_is_added_and_joins_one_that_is_there(tmp_path: Path) -> None:
    shop = write_shop(tmp_path)
    with editor() as client:
        client.start(tmp_path)
        for version, (comment, expected) in enumerate(
            [
                ("", "  # noqa: DJS201"),
                ("  # noqa: E501", "  # noqa: E501, DJS201"),
                ("  # djlint-spec: ignore[DJS301] why", "  # djlint-spec: ignore[DJS301, DJS201] why"),
            ],
            1,
        ):
            line = f"    queryset = Order.objects.all(){comment}"
            text = VIEWS.replace("    queryset = Order.objects.all()", line)
            (client.open if version == 1 else client.change)(shop.views, text, *([version] if version > 1 else []))
            client.diagnostics(shop.views, version)
            action = next(
                action
                for action in client.actions(shop.views, ROW, character=20)
                if action["title"] == "DJS201: suppress on this line"
            )
            text = applied(text, action["edit"]["changes"][shop.views.as_uri()])
            assert f"    queryset = Order.objects.all(){expected}\n" in text


def test_all_safe_fixes_of_a_file_at_once(tmp_path: Path) -> None:
    shop = write_shop(tmp_path)
    more = f"{VIEWS}\n\n{VIEWS[VIEWS.index('class') :].replace('OrderViewSet', 'Second')}"
    with editor() as client:
        client.start(tmp_path, DOCUMENTS)
        client.open(shop.views, more)
        client.diagnostics(shop.views)
        (action,) = client.actions(shop.views, 0, "source.fixAll")
        assert action["kind"] == "source.fixAll.djlint-spec"
        (change,) = action["edit"]["documentChanges"]
        assert change["textDocument"] == {"uri": shop.views.as_uri(), "version": 1}
        fixed = applied(more, change["edits"])
        assert fixed.count("select_related") == 2 and ".all()" not in fixed
        client.change(shop.views, fixed)
        assert client.diagnostics(shop.views, 2) == []
        assert client.actions(shop.views, 0, "source.fixAll") == []


def test_the_file_is_mended_before_a_save_where_that_is_set(tmp_path: Path) -> None:
    shop = write_shop(tmp_path)
    will_save = {"textDocument": {"uri": shop.views.as_uri()}, "reason": 1}
    with editor() as client:
        client.start(tmp_path, settings={"fixOnSave": True})
        client.open(shop.views)
        edits = client.request("textDocument/willSaveWaitUntil", will_save)
        assert 'Order.objects.select_related("customer")' in applied(VIEWS, edits)
        client.notify("workspace/didChangeConfiguration", {"settings": {"djlint-spec": {}}})
        assert client.request("textDocument/willSaveWaitUntil", will_save) == []


def test_fixing_a_file_by_command(tmp_path: Path) -> None:
    shop = write_shop(tmp_path)
    with editor() as client:
        client.answers["workspace/applyEdit"] = {"applied": True}
        client.start(tmp_path, DOCUMENTS)
        client.open(shop.views)
        command = {"command": "djlint-spec.fixAll", "arguments": [shop.views.as_uri()]}
        assert client.request("workspace/executeCommand", command) is True
        told = next(message for message in client.heard if message.get("method") == "workspace/applyEdit")
        (change,) = told["params"]["edit"]["documentChanges"]
        assert 'select_related("customer")' in applied(VIEWS, change["edits"])
        command = {"command": "djlint-spec.fixAll", "arguments": ["untitled:1"]}
        assert client.request("workspace/executeCommand", command) is False


def test_what_is_only_shown_comes_as_a_snippet(tmp_path: Path) -> None:
    models = """\
        from django.db import models


        class Item(models.Model):
            size = models.IntegerField()

            class Meta:
                constraints = [models.CheckConstraint(check=models.Q(size__gt=0), name="$size")]
        """
    write_files(tmp_path, {"manage.py": "", "shop/models.py": models, "requirements.txt": "Django>=4.2\n"})
    file = tmp_path / "shop/models.py"
    with editor() as client:
        client.start(tmp_path, DOCUMENTS)
        client.open(file)
        assert "DJS104" in [found["code"] for found in client.diagnostics(file)]
        row = (
            file.read_text()
            .splitlines()
            .index(next(line for line in file.read_text().splitlines() if "check=" in line))
        )
        action = next(
            action for action in client.actions(file, row, character=50) if action["title"].endswith("(draft)")
        )
        assert not action["isPreferred"]
        (edit,) = action["edit"]["documentChanges"][0]["edits"]
        assert edit["snippet"]["kind"] == "snippet" and edit["snippet"]["value"].endswith("$0")


def test_a_snippet_holds_the_text_as_it_is() -> None:
    assert escaped("f'{a}$b\\n'") == "f'{a\\}\\$b\\\\n'$0"
