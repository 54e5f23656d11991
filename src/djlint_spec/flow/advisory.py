"""Advisory locks of PostgreSQL in SQL text."""

from __future__ import annotations

import enum
import re

_CALL = re.compile(r"pg_(try_)?advisory_(un)?lock(_shared)?\s*\(", re.IGNORECASE)


class Statement(enum.Enum):
    """What a statement does with an advisory lock of the session."""

    TRY = "try"
    LOCK = "lock"
    UNLOCK = "unlock"


def statement(sql: str) -> Statement | None:
    """What a piece of SQL does; None for other SQL, and for locks that end with the transaction."""
    found = _CALL.search(sql)
    if found is None:
        return None
    if found[2]:
        return Statement.UNLOCK
    return Statement.TRY if found[1] else Statement.LOCK
