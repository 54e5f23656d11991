"""Whatever the text: facts or a reason, never an error; the same for equal text; whole after a trip through bytes."""

from __future__ import annotations

import ast
import sys

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from djlint_spec.extract import Bodies, Broken, extract, lower_body
from djlint_spec.extract.lower import Lowering
from djlint_spec.facts.lines import line_starts
from djlint_spec.facts.tree import Block, Deferred, FunctionDef, ModuleFacts
from djlint_spec.facts.walk import walk
from djlint_spec.source import Source, decode
from tests.extract.texts import any_texts, changed_texts, real_texts
from tests.linked import linked_facts

_MANY = settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
_ENCODER, _DECODER = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(ModuleFacts)


@given(any_texts())
@_MANY
def test_any_text_gives_facts_or_a_reason(text: str) -> None:
    found = extract(text)
    assert found == extract(text)
    if isinstance(found, Broken):
        assert found.reason and found.row >= 1 and found.column >= 1
        with pytest.raises((SyntaxError, ValueError, RecursionError, MemoryError)):
            ast.parse(text)
    else:
        assert _DECODER.decode(_ENCODER.encode(found)) == found


@given(st.binary(max_size=120))
@_MANY
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    source = decode("m.py", raw)
    if isinstance(source, Source):
        extract(source.text)


def _lowered(facts: ModuleFacts) -> ModuleFacts:
    """The facts with every body lowered."""
    starts = line_starts(facts.text)

    def whole(node: object) -> object:
        if isinstance(node, FunctionDef) and isinstance(node.body, Deferred):
            return msgspec.structs.replace(node, body=Block(lower_body(facts, node.body, starts)))
        if isinstance(node, msgspec.Struct):
            return msgspec.structs.replace(
                node, **{name: whole(getattr(node, name)) for name in node.__struct_fields__}
            )
        return tuple(whole(part) for part in node) if isinstance(node, tuple) else node

    made = whole(facts)
    assert isinstance(made, ModuleFacts)
    return made


def _compare_bodies(text: str) -> None:
    facts = extract(text)
    if isinstance(facts, ModuleFacts):
        at_once = Lowering(text, line_starts(text), deferred=None).block(ast.parse(text).body)
        assert _lowered(facts).body == at_once
        starts = line_starts(text)
        parts = walk(facts.body, into_definitions=True)
        deferred = [node.body for node in parts if isinstance(node, FunctionDef) and isinstance(node.body, Deferred)]
        left = extract(text, Bodies.NONE)
        assert isinstance(left, ModuleFacts) and left.body == facts.body and not left.bodies
        from_slices = {body.start: Block(lower_body(left, body, starts)) for body in deferred}
        assert facts.bodies.items() <= from_slices.items()  # those lowered at once are the same
        full = extract(text, Bodies.ALL)
        assert isinstance(full, ModuleFacts) and full.body == facts.body and full.bodies == from_slices


@given(changed_texts())
@_MANY
def test_a_body_lowered_from_its_slice_is_that_of_the_whole_file(text: str) -> None:
    _compare_bodies(text)


@pytest.mark.parametrize("number", range(0, len(real_texts()), 3))
@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
def test_the_bodies_of_real_files_are_those_of_the_whole_file(number: int) -> None:
    _compare_bodies(real_texts()[number])


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    '''doc'''\n    return 1",
        "def f(): return 1\n",
        "def f(): return 1; x = 2\n",
        "def f():\n\tif x:\n\t\treturn 1\n\treturn '''a\nb'''\n",
        "class C:\n  def f(self):\n    @deco(1,\n      2)\n    def g(): pass\n    return g\n",
        "def f(\n  a,\n):  # why\n    # how\n    return a\n",
        "async def f():\n    é = 'ü'; y = é\n    async with é: pass\n",
        "def f():\n    'doc'\n",
        "def f():\n    return (\n1,\n  2)\ndef g(): pass\n",
        "def f():\n    x = '''\n# not a comment\n'''\n",
        "def f():\n    '''doc'''; return 1\n",
        "def f(): 'doc'; return 1\n",
        "if x:\n    def f():\n      return \\\n 1\n",
        "def f():\r    return 1\r\rdef g():\r    return 'é'\r",
        "def f():\n\x0c    return 1\n",
        "def f():\n    x = 1\n  # odd\n    return x\n",
    ],
)
def test_bodies_of_every_layout_are_those_of_the_whole_file(text: str) -> None:
    assert isinstance(extract(text), ModuleFacts)
    _compare_bodies(text)


@given(st.lists(any_texts(), min_size=1, max_size=3))
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_any_text_is_linked(texts: list[str]) -> None:
    found = {f"m{number}.py": extract(text) for number, text in enumerate(texts)}
    project = linked_facts({path: facts for path, facts in found.items() if isinstance(facts, ModuleFacts)})
    for cls in project.classes:
        assert cls.mro[0] is cls
        assert cls.derives_from("nowhere.Thing") in (None, False)
    for module in project.modules:
        for name in module.bindings.names:
            project.name_of(project.global_name(module, name))
        for function in project.functions_in(module):
            list(walk(function.body))
    for model in project.models.all:
        assert model.abstract or model.default_manager.name in model.managers
        assert set(model.forward) <= set(model.fields) <= set(model.relations) | set(model.fields)
    for view in project.views.all:
        assert {action.name for action in view.reading_actions} <= {action.name for action in view.actions}
    for told in (project.routes.all, project.serializers.all, project.tasks):
        assert isinstance(told, tuple)


def test_what_is_nested_beyond_reading_is_told_so() -> None:
    deep = extract("x = " + "(" * 150 + "1" + ")" * 150)
    assert isinstance(deep, (ModuleFacts, Broken))
    limit = sys.getrecursionlimit()
    text = "x = " + "-" * 3 * limit + "1"
    found = extract(text)
    assert found == Broken("nested too deeply to be read", 1, 1)


def test_a_sum_of_many_terms_is_read() -> None:
    assert isinstance(extract("x = " + " + ".join(["a"] * 500)), ModuleFacts)
