"""Secrets that stand in the source: passwords, tokens, keys, told by name and text or by shape alone."""

from __future__ import annotations

from djlint_spec.project.secrets.find import Secret, Secrets, secrets_of
from djlint_spec.project.secrets.literals import Literal, Role

__all__ = ["Literal", "Role", "Secret", "Secrets", "secrets_of"]
