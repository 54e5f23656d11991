"""The linked project: modules, names, classes, and what Django makes of them."""

from __future__ import annotations

from djlint_spec.project.classes import Class, Function, Member
from djlint_spec.project.module import Module, Origin
from djlint_spec.project.project import Project
from djlint_spec.project.symbols import External, Scope, Symbol, Unknown, Value

__all__ = [
    "Class", "External", "Function", "Member", "Module", "Origin", "Project", "Scope", "Symbol", "Unknown", "Value",
]  # fmt: skip
