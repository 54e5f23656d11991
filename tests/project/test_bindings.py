"""What statements bind, and to what, in which order."""

from __future__ import annotations

import pytest

from djlint_spec.extract import extract
from djlint_spec.facts.tree import ClassDef, FunctionDef, ModuleFacts
from djlint_spec.project.symbols import Assigned, Imported, Opaque, bind


def _told(text: str) -> dict[str, list[str]]:
    facts = extract(text)
    assert isinstance(facts, ModuleFacts)

    def tell(binding: object) -> str:
        match binding:
            case Assigned(value=None):
                return "declared"
            case Assigned(value=value, element=None) if value is not None:
                return text[value.start : value.end]
            case Assigned(value=value, element=element) if value is not None:
                return f"{text[value.start : value.end]}[{element}]"
            case Imported(module=module, level=level, name=name):
                return f"{'.' * level}{module}:{name}"
            case ClassDef() | FunctionDef():
                return "defined"
            case _:
                assert isinstance(binding, Opaque)
                return "opaque"

    return {name: [tell(b) for b in found] for name, found in bind(facts.body).names.items()}


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("x = 1", {"x": ["1"]}),
        ("x = y = 1", {"x": ["1"], "y": ["1"]}),
        ("x: int", {"x": ["declared"]}),
        ("x: int = 1", {"x": ["1"]}),
        ("a, b = 1, 2", {"a": ["1"], "b": ["2"]}),
        ("a, b = f()", {"a": ["f()[0]"], "b": ["f()[1]"]}),
        ("[a, (b, *c)] = f()", {"a": ["f()[0]"], "b": ["opaque"], "c": ["opaque"]}),
        ("x.y = 1\nx[0] = 2\n(x.y, z) = 1, 2", {"z": ["2"]}),
        ("x = [1]\nx += [2]", {"x": ["[1]", "x += [2]"]}),
        ("x = 1\nx += 2", {"x": ["1", "opaque"]}),
        ("x = a + [1] + b\nx += c", {"x": ["a + [1] + b", "x += c"]}),
        ("x += [1]", {"x": ["opaque"]}),
        ("x = [1]\nx -= [2]", {"x": ["[1]", "opaque"]}),
        ("a, b = f()\na += [1]", {"a": ["f()[0]", "opaque"], "b": ["f()[1]"]}),
        ("x = [1]\nfor y, z in w:\n    x += [y]\nelse:\n    v = 1",
         {"x": ["[1]", "opaque"], "y": ["opaque"], "z": ["opaque"], "v": ["1"]}),
        ("while x:\n    y = 1\nelse:\n    z = 2", {"y": ["1"], "z": ["2"]}),
        ("with f() as x, g():\n    y = 1", {"x": ["opaque"], "y": ["1"]}),
        ("match x:\n    case [a, *b]:\n        c = 1", {"a": ["opaque"], "b": ["opaque"], "c": ["1"]}),
        ("try:\n    x = 1\nexcept E as e:\n    x = 2\nelse:\n    y = 3\nfinally:\n    z = 4",
         {"e": ["opaque"], "x": ["2", "1"], "y": ["3"], "z": ["4"]}),
        ("if a:\n    x = 1\nelse:\n    x = 2", {"x": ["2", "1"]}),
        ("if TYPE_CHECKING:\n    x = 1\nelse:\n    x = 2", {"x": ["1", "2"]}),
        ("if typing.TYPE_CHECKING:\n    x = 1\nelse:\n    x = 2", {"x": ["1", "2"]}),
        ("import a.b\nimport a.b as c\nfrom ..d import e as f\nfrom . import g",
         {"a": ["a:None"], "c": ["a.b:None"], "f": ["..d:e"], "g": [".:g"]}),
        ("class A: x = 1\ndef f(): y = 2", {"A": ["defined"], "f": ["defined"]}),
    ],
)  # fmt: skip
def test_statements_bind_names(text: str, bound: dict[str, list[str]]) -> None:
    assert _told(text) == bound
