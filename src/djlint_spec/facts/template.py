"""What a Django template says: its output, loops, conditions, blocks, and what it takes from other templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, Union


@dataclass(frozen=True, slots=True)
class Variable:
    """A name and the lookups behind its dots: `book.author.name`."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Constant:
    """A quoted text, or a number as it is written; `translated` for `_("text")`."""

    text: str
    quoted: bool = True
    translated: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """`|name:argument`."""

    name: str
    argument: Union[Variable, Constant, None] = None  # noqa: UP007 - msgspec reads annotations as Python 3.10 has them


@dataclass(frozen=True, slots=True)
class Expression:
    """A value and the filters that it goes through; `start` and `end` are its offsets in the text."""

    value: Union[Variable, Constant]  # noqa: UP007
    filters: tuple[Filter, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Output:
    """`{{ expression }}`."""

    shown: Expression


@dataclass(frozen=True, slots=True)
class Asked:
    """A tag that takes the values of expressions and shows nothing else: `{% url %}`, `{% firstof %}`."""

    name: str
    expressions: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class For:
    """`{% for a, b in sequence %}`, and what stands behind `{% empty %}`."""

    names: tuple[str, ...]
    sequence: Expression
    body: tuple[Node, ...]
    empty: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """The expressions of a test, none for `{% else %}`; `plain` where the test is one expression and nothing else."""

    tests: tuple[Expression, ...]
    body: tuple[Node, ...]
    plain: bool = False


@dataclass(frozen=True, slots=True)
class If:
    """`{% if %}`, each `{% elif %}`, `{% else %}`."""

    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class With:
    """`{% with name=expression %}`; `{% blocktranslate with %}` and `count` bind names in the same way."""

    bindings: tuple[tuple[str, Expression], ...]
    body: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Regroup:
    """`{% regroup sequence by names as name %}`."""

    sequence: Expression
    by: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Include:
    """`{% include template with name=expression only %}`."""

    template: Expression
    bindings: tuple[tuple[str, Expression], ...]
    only: bool


@dataclass(frozen=True, slots=True)
class Extends:
    """`{% extends template %}`."""

    template: Expression


@dataclass(frozen=True, slots=True)
class Block:
    """`{% block name %}`."""

    name: str
    body: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Custom:
    """A tag that Django does not bring, as it is written; what stands up to its end tag follows in `body`.

    `sets` are the names that it may give the context (`as name`).
    """

    name: str
    body: tuple[Node, ...]
    sets: tuple[str, ...] = ()


Node: TypeAlias = Union[Output, Asked, For, If, With, Regroup, Include, Extends, Block, Custom]  # noqa: UP007


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """A template: its text and its nodes; `broken` tells why it has none."""

    text: str
    nodes: tuple[Node, ...]
    broken: str = ""
