"""The commands."""

from __future__ import annotations

from djlint_spec.cli.main import main

__all__ = ["main"]
