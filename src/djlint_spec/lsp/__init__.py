"""The language server: a thin face over `engine.Session`, spoken by stdio; needs the extra `djlint-spec[server]`."""

from __future__ import annotations

from djlint_spec.lsp.features import make_server

__all__ = ["make_server"]
