"""Fixes: intents of rules, lowered to edits of text late, only for what is fixed or shown."""

from __future__ import annotations

from djlint_spec.fixes.document import Document, parses
from djlint_spec.fixes.lower import Lowered, Lowering, Refused, touches

__all__ = ["Document", "Lowered", "Lowering", "Refused", "parses", "touches"]
