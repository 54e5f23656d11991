"""How the paths of a function stand to its locks."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TypeAlias

import msgspec

from djlint_spec.facts import tree as t
from djlint_spec.flow.lock_kinds import Family
from djlint_spec.flow.origins import Made
from djlint_spec.flow.values import State


class Standing(enum.Enum):
    """How a path stands to a lock."""

    HELD = "held"
    FAILED = "failed"
    RAISED = "raised"
    NEVER = "never"
    ENTRY = "entry"
    RELEASED = "released"
    PENDING = "pending"
    UNKNOWN = "unknown"


OWNED = frozenset({Standing.HELD, Standing.UNKNOWN})
"""Standings in which a release is not wrong, or not known to be."""


class Status(msgspec.Struct, frozen=True):
    """A standing, and the acquire that led to it."""

    standing: Standing
    acquire: t.Call | None = None


Held: TypeAlias = "frozenset[tuple[str, Status]]"


class Lock(msgspec.Struct, frozen=True):
    """A lock of the function under way; `local` when the function itself makes it."""

    key: str
    family: Family
    made: Made | None
    local: bool


@dataclass(slots=True)
class Seen:
    """A lock, and where the function takes it, lets it go and asks whether anyone holds it.

    `releases` tells for each release the statuses that reach it, and whether a handler takes what is then raised;
    `escaped` that the lock is in other hands, so that nothing is known of it.
    """

    lock: Lock
    acquires: list[t.Call] = field(default_factory=list)
    releases: dict[t.Call, dict[Status, bool]] = field(default_factory=dict)
    locked: list[t.Call] = field(default_factory=list)
    escaped: bool = False


def standing_at(seen: Seen, state: State[Held]) -> Status:
    """How the path in `state` stands to a lock."""
    for name, status in state.facts:
        if name == seen.lock.key:
            return status
    return Status(Standing.NEVER if seen.lock.local else Standing.ENTRY)


def standing_set(state: State[Held], key: str, status: Status) -> State[Held]:
    """The state after a lock was taken, let go or failed to be taken."""
    return state.with_facts(frozenset({*(pair for pair in state.facts if pair[0] != key), (key, status)}))
