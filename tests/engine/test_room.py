"""Room for the frames of a long run."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from djlint_spec.engine.linked import roomy

_ROUNDS = 500


def _deep(depth: int, then: Callable[[], int]) -> int:
    return _deep(depth - 1, then) if depth else then()


@roomy
def _most_taken() -> int:
    """The most memory, in pages, that the same calls again and again take from the system, from whatever depth."""
    import resource

    def taken() -> int:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        for _ in range(_ROUNDS):
            _deep(20, lambda: 0)
        return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

    return max(_deep(depth, taken) for depth in range(0, 300, 5))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts pages as Linux tells them")
def test_calls_from_any_depth_take_no_memory_again_and_again() -> None:
    assert _most_taken() < _ROUNDS


def test_a_function_with_room_is_the_same() -> None:
    @roomy
    def told(word: str, *, times: int = 2) -> str:
        """Says a word."""
        return word * times

    assert told("a") == "aa"
    assert told("a", times=3) == "aaa"
    assert told.__doc__ == "Says a word."
