"""Secrets that stand in the source: passwords, tokens, keys, told by name and text or by shape alone."""

from __future__ import annotations

from djlint_spec.project.secrets.find import Secret, secrets_in
from djlint_spec.project.secrets.literals import Literal, Role

__all__ = ["Literal", "Role", "Secret", "secrets_in"]
