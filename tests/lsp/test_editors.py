"""Real editors, without a screen: they start the server, open a file and show what it finds."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lsp.shop import write_shop

SERVER = [sys.executable, "-m", "djlint_spec", "server"]

NEOVIM = """\
vim.cmd("edit shop/views.py")
local command = vim.fn.json_decode([=[{command}]=])
local client = vim.lsp.start_client({{ name = "djlint-spec", cmd = command, root_dir = vim.fn.getcwd() }})
vim.lsp.buf_attach_client(0, client)
vim.wait(30000, function() return #vim.diagnostic.get(0) > 0 end, 50)
local shown = {{}}
for _, found in ipairs(vim.diagnostic.get(0)) do
  table.insert(shown, {{ code = found.code or found.user_data.lsp.code, row = found.lnum, source = found.source }})
end
vim.fn.writefile({{ vim.fn.json_encode(shown) }}, "shown.json")
vim.lsp.stop_client(client)
vim.cmd("quitall!")
"""

EMACS = """\
(require 'jsonrpc)
(let* ((shown nil)
       (uri (concat "file://" (expand-file-name "shop/views.py")))
       (text (with-temp-buffer (insert-file-contents "shop/views.py") (buffer-string)))
       (server (make-instance 'jsonrpc-process-connection :name "djlint-spec"
                 :process (make-process :name "djlint-spec" :command '({command}) :connection-type 'pipe
                                        :coding 'utf-8-emacs-unix :noquery t)
                 :notification-dispatcher
                 (lambda (_server method params)
                   (when (eq method 'textDocument/publishDiagnostics)
                     (setq shown (plist-get params :diagnostics)))))))
  (jsonrpc-request server :initialize
    (list :processId (emacs-pid) :rootUri (concat "file://" default-directory)
          :capabilities '(:textDocument (:publishDiagnostics (:relatedInformation t)))))
  (jsonrpc-notify server :initialized (make-hash-table))
  (jsonrpc-notify server :textDocument/didOpen
    (list :textDocument (list :uri uri :languageId "python" :version 1 :text text)))
  (with-timeout (30) (while (null shown) (accept-process-output nil 0.1)))
  (with-temp-file "shown.json" (insert (json-serialize shown)))
  (jsonrpc-shutdown server))
"""


@pytest.mark.skipif(shutil.which("nvim") is None, reason="Neovim is not installed")
def test_neovim_shows_a_diagnostic(tmp_path: Path) -> None:
    write_shop(tmp_path)
    script = tmp_path / "attach.lua"
    script.write_text(NEOVIM.format(command=json.dumps(SERVER)))
    command = ["nvim", "--headless", "-u", "NONE", "-c", f"luafile {script}", "-c", "quitall!"]
    subprocess.run(command, cwd=tmp_path, timeout=60, check=True, capture_output=True)
    (shown,) = json.loads((tmp_path / "shown.json").read_text())
    assert shown == {"code": "DJS201", "row": 8, "source": "djlint-spec"}


@pytest.mark.skipif(shutil.which("emacs") is None, reason="Emacs is not installed")
def test_emacs_hears_a_diagnostic(tmp_path: Path) -> None:
    """By the library that Eglot stands on; Eglot itself is part of Emacs from 29 on."""
    write_shop(tmp_path)
    script = tmp_path / "attach.el"
    script.write_text(EMACS.format(command=" ".join(json.dumps(word) for word in SERVER)))
    command = ["emacs", "--batch", "-Q", "-l", str(script)]
    ran = subprocess.run(command, cwd=tmp_path, timeout=60, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    (shown,) = json.loads((tmp_path / "shown.json").read_text())
    assert (shown["code"], shown["range"]["start"]["line"]) == ("DJS201", 8)
