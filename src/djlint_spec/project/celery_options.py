"""The options that Celery reads from a task's decorator, and which one a name that it does not read is meant for."""

from __future__ import annotations

OPTIONS = frozenset(
    {
        "acks_late", "acks_on_failure", "acks_on_failure_or_timeout", "acks_on_timeout", "autoretry_for", "backend",
        "base", "bind", "compression", "default_retry_delay", "delivery_mode", "dont_autoretry_for", "exchange",
        "expires", "ignore_result", "immediate", "mandatory", "max_retries", "name", "priority", "pydantic",
        "pydantic_context", "pydantic_dump_kwargs", "pydantic_strict", "queue", "rate_limit", "reject_on_worker_lost",
        "resultrepr_maxsize", "retry_backoff", "retry_backoff_max", "retry_jitter", "retry_kwargs",
        "retry_on_worker_lost", "routing_key", "send_events", "serializer", "soft_time_limit",
        "store_errors_even_if_ignored", "throws", "time_limit", "track_started", "trail", "typing",
    }
)  # fmt: skip
"""Read by Celery 5.7 from the decorator; every other keyword becomes a class attribute of the task, in silence."""

_MEANT = {
    "max_retry": "max_retries",
    "retries": "max_retries",
    "retry_delay": "default_retry_delay",
    "autoretry": "autoretry_for",
    "countdown": None,
    "eta": None,
}
_LONG = 8


def is_ineffective(name: str) -> bool:
    """Whether a keyword looks like an option and is none: a setting's name, a slip of the pen, a call's argument."""
    return name not in OPTIONS and (name in _MEANT or name.startswith("task_") or _nearest(name) is not None)


def meant_option(name: str) -> str | None:
    """The option that a keyword which Celery does not read is meant for; None when there is none."""
    if name in OPTIONS:
        return None
    if name in _MEANT:
        return _MEANT[name]
    bare = name.removeprefix("task_")
    return bare if bare in OPTIONS else _nearest(name)


def _nearest(name: str) -> str | None:
    near = [(_distance(name, option), option) for option in OPTIONS if abs(len(option) - len(name)) <= 2]
    close = [(far, option) for far, option in near if far <= (2 if len(option) >= _LONG else 1)]
    return min(close)[1] if close else None


def _distance(one: str, other: str) -> int:
    """Letters to insert, delete, replace or swap with the next one (Damerau-Levenshtein, adjacent swaps only)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        after = [i]
        for j, b in enumerate(other, start=1):
            best = min(row[j] + 1, after[j - 1] + 1, row[j - 1] + (a != b))
            if before and i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, before[j - 2] + 1)
            after.append(best)
        before, row = row, after
    return row[-1]
