"""What the tool says: spans, findings, fix intents. Frozen values, that stand on nothing else of ours."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

if TYPE_CHECKING:
    JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
else:
    JsonValue = Any  # what msgspec makes of a type that is part of itself


class Severity(enum.Enum):
    """How bad a finding is; the order of the members is from mild to grave."""

    CONVENTION = "convention"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """Position from mild (0) to grave (2)."""
        return list(Severity).index(self)


class Applicability(enum.Enum):
    """Whether a fix may be applied: `safe` by --fix, `unsafe` by --unsafe-fixes, `display` never."""

    DISPLAY = "display"
    UNSAFE = "unsafe"
    SAFE = "safe"


class Span(msgspec.Struct, frozen=True, order=True):
    """A stretch of one file: rows and columns from 1, columns in code points, the end exclusive."""

    # No dataclass: one is made for much of what is evaluated.

    path: str
    row: int
    column: int
    end_row: int
    end_column: int


class Related(msgspec.Struct, frozen=True):
    """Another place that explains a finding, with a few words on what happens there.

    For a table, the same words are told apart: `label` is what is done there ("read by"), `subject` what it is done to.
    """

    span: Span
    message: str
    label: str = ""
    subject: str = ""


class Edit(msgspec.Struct, frozen=True, order=True):
    """Put `text` in the place of what stands at `span` in the file as it was read."""

    span: Span
    text: str


class RenameKeyword(msgspec.Struct, frozen=True, tag=True):
    """Rename the keyword `old` of the call at `call` to `new`."""

    call: Span
    old: str
    new: str


class SetKeyword(msgspec.Struct, frozen=True, tag=True):
    """Give the call at `call` the keyword `name` with the value `text`, in the place of one that it has.

    A decorator that is not called yet becomes a call.
    """

    call: Span
    name: str
    text: str


class RemoveKeyword(msgspec.Struct, frozen=True, tag=True):
    """Remove the keyword `name` from the call at `call`."""

    call: Span
    name: str


class ExtendAttribute(msgspec.Struct, frozen=True, tag=True):
    """Add texts to the list or tuple that a class, whose name stands at `cls`, holds as `name`; made if it is absent.

    The admin's `list_select_related`, a `Meta`'s `fields`. A text that one of ours goes on from gives way to it.
    """

    cls: Span
    name: str
    texts: tuple[str, ...]


class SetAttribute(msgspec.Struct, frozen=True, tag=True):
    """Give the class whose name stands at `cls` the attribute `name` with the value `text`, in the place of its own.

    The span of the word `Meta` names the inner class.
    """

    cls: Span
    name: str
    text: str


class AddMetaEntry(msgspec.Struct, frozen=True, tag=True):
    """Add the expression `text` to the list `name` in the `Meta` of the model whose name stands at `cls`.

    `constraints`, `indexes`, `ordering`; the list, and `Meta` behind the fields, are made where they are absent. What
    a `Meta` may inherit is not written over: there the intent has no place.
    """

    cls: Span
    name: str
    text: str


class ReplaceExpression(msgspec.Struct, frozen=True, tag=True):
    """Put `text` in the place of the expression at `span`."""

    span: Span
    text: str


class RemoveCall(msgspec.Struct, frozen=True, tag=True):
    """Leave of the call at `call` what it is made on: `x` of `f(x)`, and of `x.method()`."""

    call: Span


class WrapCall(msgspec.Struct, frozen=True, tag=True):
    """Call `wrapper`, a name or any text that can be called, with the expression at `expression`."""

    expression: Span
    wrapper: str


class InsertDecorator(msgspec.Struct, frozen=True, tag=True):
    """Decorate the function or class whose name stands at `function` with `text`, which is written without the `@`.

    Outermost, or right below the decorator `below`: a name, dotted or only its last part.
    """

    function: Span
    text: str
    below: str = ""


class MoveDecorator(msgspec.Struct, frozen=True, tag=True):
    """Move the decorator `name` of the function or class whose name stands at `function` right above `above`."""

    function: Span
    name: str
    above: str


class AwaitEach(msgspec.Struct, frozen=True, tag=True):
    """Make the `for` that goes through the expression at `iterable`, a statement or part of one, an `async for`."""

    iterable: Span


class AddImport(msgspec.Struct, frozen=True, tag=True):
    """Bind `name` of `module` in the file `path`; the module itself when `name` is empty."""

    path: str
    module: str
    name: str = ""


class AddLoading(msgspec.Struct, frozen=True, tag=True):
    """Add relation paths (in `a__b` form) to the queryset expression at `queryset`.

    `view` is the name of the class or function that serves the rows. A queryset that is built outside it stays as it
    is: the class loads the rest in its own `get_queryset`. `to_one` are the prefixes of the prefetched lookups whose
    last hop is to-one; a `Prefetch` of the hops before can join those in its own queryset. Named joins take the place
    of a bare `select_related()`: what that joins is to be named as well. `loop` is what goes through the rows, in plain
    code: a function that it calls, and that works for any model which it is given, stays as it is. `beside` are
    the lookups that are missing only where a shorter one is loaded: they go where that is named.
    """

    queryset: Span | None
    select_related: tuple[str, ...] = ()
    prefetch_related: tuple[str, ...] = ()
    view: Span | None = None
    to_one: frozenset[str] = frozenset()
    loop: Span | None = None
    beside: frozenset[str] = frozenset()


class GuardLockRelease(msgspec.Struct, frozen=True, tag=True):
    """Release the lock of the statement at `release` only on paths that own it."""

    release: Span
    acquire: Span


class LetThrough(msgspec.Struct, frozen=True, tag=True):
    """Raise an exception, `name` of `module`, again before the handlers around the call at `call` that take any."""

    call: Span
    module: str
    name: str


class AnnotateQuery(msgspec.Struct, frozen=True, tag=True):
    """Turn the per-row query at `query` into an annotation `name` of each queryset at `querysets`."""

    query: Span
    querysets: tuple[Span, ...]
    name: str
    expression: str


class RemoveComment(msgspec.Struct, frozen=True, tag=True):
    """Remove the comment, or the codes named in it, at `span`; `text` is what stays (may be empty)."""

    span: Span
    text: str = ""


FixIntent: TypeAlias = (
    RenameKeyword
    | SetKeyword
    | RemoveKeyword
    | ExtendAttribute
    | SetAttribute
    | AddMetaEntry
    | ReplaceExpression
    | RemoveCall
    | WrapCall
    | InsertDecorator
    | MoveDecorator
    | AwaitEach
    | AddImport
    | AddLoading
    | GuardLockRelease
    | LetThrough
    | AnnotateQuery
    | RemoveComment
)


class Fix(msgspec.Struct, frozen=True):
    """A mend as intents, applied all or none; they are lowered to text edits late, in `fixes`.

    `then` says what is left to do once the fix is applied: a variable to set, a migration to make.
    """

    message: str
    applicability: Applicability
    intents: tuple[FixIntent, ...]
    then: str = ""


_NOTHING: Mapping[str, JsonValue] = MappingProxyType({})


class Finding(msgspec.Struct, frozen=True):
    """One fault. Rules give span and message; the engine adds code, name, severity and url from the page.

    `severity` set by a rule may only lower the page's. `help` is what to write instead, as code where
    that is possible; it begins with "write" where all of it is code. `cost` says in a few words what the fault takes
    at run time. `data` is put out in JSON as it is.
    """

    span: Span
    message: str
    help: str = ""
    cost: str = ""
    fix: Fix | None = None
    severity: Severity | None = None
    related: tuple[Related, ...] = ()
    data: Mapping[str, JsonValue] = msgspec.field(default_factory=lambda: _NOTHING)
    code: str = ""
    name: str = ""
    url: str = ""
