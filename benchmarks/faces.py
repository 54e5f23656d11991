"""Compare what the command, the two plugins and the language server find in the corpora; write `faces.toml`.

    python benchmarks/faces.py [--into DIRECTORY] [NAME ...]

A finding is (file, line, code). Left out, as the plugins promise no more: DJS001 and DJS002, findings in files that are
not Python (templates), and what a comment of another tool's own syntax silences there (`# pylint: disable`,
`# flake8: noqa`), which is counted. Each face runs as a process of its own, and the server is asked for the diagnostics
of the whole workspace.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote, urlparse

from fetch_corpora import home, pinned

HERE = Path(__file__).parent
_PYTHON = (".py", ".pyi")
TARGET = HERE / "faces.toml"
LEFT_OUT = ("DJS001", "DJS002")
_FLAKE8 = re.compile(r"^(?:\./)?(.+?):(\d+):\d+: (DJS\d+) ")
_PYLINT_COMMENT = re.compile(r"#.*pylint:\s*(?:disable|skip-file)")
_FLAKE8_COMMENT = re.compile(r"#\s*flake8[:=]\s*noqa", re.IGNORECASE)

Places: TypeAlias = "set[tuple[str, int, str]]"


def run(root: Path, *arguments: str) -> str:
    """What a command prints. Raises SystemExit where it could not do its work."""
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=root, capture_output=True, text=True, check=False)
    if "djlint-spec: " in done.stderr or "Traceback" in done.stderr:
        raise SystemExit(f"{arguments[0]} in {root.name}: {done.stderr.strip()[-600:]}")
    return done.stdout


def command(root: Path, cache: Path) -> Places:
    """What `djlint-spec check` finds."""
    out = run(root, "djlint_spec", "check", f"--cache-dir={cache}", "--output-format=json", "--ignore=DJS001,DJS002")
    return {
        (f["filename"], f["location"]["row"], f["code"]) for f in json.loads(out) if f["filename"].endswith(_PYTHON)
    }


def pylint(root: Path, cache: Path, files: Sequence[str], symbols: Sequence[str]) -> Places:
    """What pylint finds with our messages alone."""
    out = run(
        root, "pylint", "--load-plugins=djlint_spec.pylint_plugin", "--persistent=n", "--output-format=json2",
        "--disable=all", f"--enable={','.join(symbols)}", f"--djlint-spec-cache-dir={cache}", "--jobs=1", *files,
    )  # fmt: skip
    messages = json.loads(out)["messages"]
    return {(m["path"], m["line"], f"DJS{m['messageId'][2:]}") for m in messages if m["messageId"][1] == "7"}


def flake8(root: Path, cache: Path, files: Sequence[str]) -> Places:
    """What flake8 finds with our codes alone."""
    out = run(root, "flake8", "--isolated", "--select=DJS", f"--djlint-spec-cache-dir={cache}", "--jobs=1", *files)
    matches = (_FLAKE8.match(line) for line in out.splitlines())
    return {(m[1], int(m[2]), m[3]) for m in matches if m is not None}


def server(root: Path, opening: Path) -> Places:
    """What the language server tells of the whole workspace once a file of it is open."""
    process = subprocess.Popen(
        [sys.executable, "-m", "djlint_spec", "server"], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None and process.stdout is not None
    to_server, from_server = process.stdin, process.stdout

    def send(**message: object) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        to_server.write(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
        to_server.flush()

    def answer(number: int) -> Any:  # JSON of any form
        while True:
            length = 0
            while (header := from_server.readline()).strip():
                name, _, value = header.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            message = json.loads(from_server.read(length))
            if message.get("id") == number and "method" not in message:
                return message["result"]
            if "id" in message and "method" in message:
                send(id=message["id"], result=None)

    folders = [{"uri": root.as_uri(), "name": root.name}]
    capabilities = {"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {}}}
    opened = {"processId": None, "rootUri": root.as_uri(), "capabilities": capabilities, "workspaceFolders": folders}
    send(id=1, method="initialize", params=opened)
    answer(1)
    send(method="initialized", params={})
    document = {"uri": opening.as_uri(), "languageId": "python", "version": 1, "text": opening.read_text("utf-8")}
    send(
        method="textDocument/didOpen", params={"textDocument": document}
    )  # a project is one that a document is open of
    send(id=2, method="workspace/diagnostic", params={"previousResultIds": []})
    reports = answer(2)["items"]
    process.kill()
    process.wait()
    found = {
        (path.relative_to(root).as_posix(), one["range"]["start"]["line"] + 1, one["code"])
        for report in reports
        for path in (Path(unquote(urlparse(report["uri"]).path)),)
        for one in report.get("items", ())
    }
    return {place for place in found if place[2] not in LEFT_OUT}


def silenced(root: Path, places: Places, comment: re.Pattern[str]) -> Places:
    """The places in files in which another tool's own comment may silence what is found."""
    texts = {path: (root / path).read_text(encoding="utf-8", errors="replace") for path, _, _ in places}
    return {place for place in places if comment.search(texts[place[0]])}


def compared(root: Path) -> Mapping[str, int | list[str]]:
    """The figures of one project."""
    from djlint_spec.config import Config
    from djlint_spec.engine import rulebook
    from djlint_spec.engine.locating import disk_tree

    symbols = [page.name for page in rulebook().pages.values() if page.code not in LEFT_OUT]
    files = list(disk_tree(root, Config()).python_files())
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder)
        found = command(root, cache)
        from_pylint = pylint(root, cache, files, symbols)
        from_flake8 = flake8(root, cache, files)
        from_server = server(root, root / files[0])
    quiet = silenced(root, found - from_pylint, _PYLINT_COMMENT), silenced(root, found - from_flake8, _FLAKE8_COMMENT)
    differ = (found ^ from_pylint) - quiet[0] | (found ^ from_flake8) - quiet[1] | (found ^ from_server)
    return {
        "findings": len(found),
        "pylint": len(from_pylint),
        "pylint_silenced": len(quiet[0]),
        "flake8": len(from_flake8),
        "flake8_silenced": len(quiet[1]),
        "server": len(from_server),
        "differ": [f"{path}:{row} {code}" for path, row, code in sorted(differ)],
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and write the figures of the projects that were named into the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=home(), help="where the corpora lie")
    parser.add_argument("names", nargs="*")
    given = parser.parse_args(arguments)
    tables: list[str] = []
    for corpus in pinned():
        if given.names and corpus.name not in given.names:
            continue
        figures = compared(given.into / corpus.name)
        lines = [f"{key} = {json.dumps(value)}" for key, value in figures.items()]
        tables.append("\n".join([f"[{corpus.name}]", *lines]))
        print(tables[-1], flush=True)
    if not given.names:
        TARGET.write_text("\n\n".join(tables) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
