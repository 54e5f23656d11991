"""Calls under way: the names that a body sees."""

from __future__ import annotations

import msgspec

from djlint_spec.inference.values import Value
from djlint_spec.project import Class, Module, Scope


class Frame(msgspec.Struct, eq=False):
    """One call under way; `env` is that of the way through its body which is gone just now."""

    scope: Scope
    env: dict[str, Value]
    owner: Class | None = None
    receiver: Value | None = None
    returns: list[Value] = msgspec.field(default_factory=list)
    yields: list[Value] = msgspec.field(default_factory=list)

    @property
    def module(self) -> Module:
        """Where the code that runs stands."""
        return self.scope.module
