"""What a Django template says: its output, loops, conditions, blocks, and what it takes from other templates."""

from __future__ import annotations

from typing import TypeAlias, Union

import msgspec


class Variable(msgspec.Struct, frozen=True):
    """A name and the lookups behind its dots: `book.author.name`."""

    names: tuple[str, ...]


class Constant(msgspec.Struct, frozen=True):
    """A quoted text, or a number as it is written; `translated` for `_("text")`."""

    text: str
    quoted: bool = True
    translated: bool = False


class Filter(msgspec.Struct, frozen=True):
    """`|name:argument`."""

    name: str
    argument: Union[Variable, Constant, None] = None  # noqa: UP007 - msgspec reads annotations as Python 3.10 has them


class Expression(msgspec.Struct, frozen=True):
    """A value and the filters that it goes through; `start` and `end` are its offsets in the text."""

    value: Union[Variable, Constant]  # noqa: UP007
    filters: tuple[Filter, ...]
    start: int
    end: int


class Output(msgspec.Struct, frozen=True):
    """`{{ expression }}`."""

    shown: Expression


class Asked(msgspec.Struct, frozen=True):
    """A tag that takes the values of expressions and shows nothing else: `{% url %}`, `{% firstof %}`."""

    name: str
    expressions: tuple[Expression, ...]


class For(msgspec.Struct, frozen=True):
    """`{% for a, b in sequence %}`, and what stands behind `{% empty %}`."""

    names: tuple[str, ...]
    sequence: Expression
    body: tuple[Node, ...]
    empty: tuple[Node, ...]


class Branch(msgspec.Struct, frozen=True):
    """The expressions of a test, none for `{% else %}`; `plain` where the test is one expression and nothing else."""

    tests: tuple[Expression, ...]
    body: tuple[Node, ...]
    plain: bool = False


class If(msgspec.Struct, frozen=True):
    """`{% if %}`, each `{% elif %}`, `{% else %}`."""

    branches: tuple[Branch, ...]


class With(msgspec.Struct, frozen=True):
    """`{% with name=expression %}`; `{% blocktranslate with %}` and `count` bind names in the same way."""

    bindings: tuple[tuple[str, Expression], ...]
    body: tuple[Node, ...]


class Regroup(msgspec.Struct, frozen=True):
    """`{% regroup sequence by names as name %}`."""

    sequence: Expression
    by: tuple[str, ...]
    name: str


class Include(msgspec.Struct, frozen=True):
    """`{% include template with name=expression only %}`."""

    template: Expression
    bindings: tuple[tuple[str, Expression], ...]
    only: bool


class Extends(msgspec.Struct, frozen=True):
    """`{% extends template %}`."""

    template: Expression


class Block(msgspec.Struct, frozen=True):
    """`{% block name %}`."""

    name: str
    body: tuple[Node, ...]


class Custom(msgspec.Struct, frozen=True):
    """A tag that Django does not bring, as it is written; what stands up to its end tag follows in `body`.

    `sets` are the names that it may give the context (`as name`).
    """

    name: str
    body: tuple[Node, ...]
    sets: tuple[str, ...] = ()


Node: TypeAlias = Union[Output, Asked, For, If, With, Regroup, Include, Extends, Block, Custom]  # noqa: UP007


class TemplateFacts(msgspec.Struct, frozen=True):
    """A template: its text and its nodes; `broken` tells why it has none."""

    text: str
    nodes: tuple[Node, ...]
    broken: str = ""
