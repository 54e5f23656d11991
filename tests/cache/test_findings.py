"""Findings come back from the cache as they were kept."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import msgspec
import pytest

from djlint_spec.cache.findings import FindingsFile, Grounds, Part, Parts
from djlint_spec.diagnostics import (
    AddMetaEntry,
    Applicability,
    Finding,
    Fix,
    FixIntent,
    InsertDecorator,
    MoveDecorator,
    RemoveCall,
    SetAttribute,
    Span,
    WrapCall,
)

SPAN = Span("a.py", 1, 1, 1, 2)


@pytest.mark.parametrize(
    "intent",
    [
        SetAttribute(SPAN, "size", "10"),
        AddMetaEntry(SPAN, "indexes", "a"),
        RemoveCall(SPAN),
        WrapCall(SPAN, "w"),
        InsertDecorator(SPAN, "a", "b"),
        MoveDecorator(SPAN, "a", "b"),
    ],
)
def test_the_intents_of_a_fix_are_kept(tmp_path: Path, intent: FixIntent) -> None:
    finding = Finding(SPAN, "wrong", fix=Fix("mend", Applicability.SAFE, (intent,)))
    parts = Parts(frozenset(["X1"]), (), (Part("model", "a", (), (finding,), False, frozenset(), (0, 0)),))
    file = FindingsFile(tmp_path / "findings")
    file.keep(Grounds("us", {}, {}, {}, {}, {}), parts)
    file.save()
    again = FindingsFile(tmp_path / "findings").parts()
    assert again is not None
    assert again.parts[0].findings[0].fix == finding.fix


def test_each_kind_of_intent_is_told_apart() -> None:
    kinds = get_args(FixIntent)
    assert len({kind.__struct_config__.tag for kind in kinds}) == len(kinds)
    assert all(issubclass(kind, msgspec.Struct) for kind in kinds)
