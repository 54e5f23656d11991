"""Queryset expressions as chains of calls, rewritten with libcst so that what stays keeps its form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import libcst as cst

from djlint_spec.fixes.document import CannotPlace

_NOT_ROWS = frozenset(
    [
        "values", "values_list", "dates", "datetimes", "union", "intersection", "difference", "iterator", "aiterator",
        "raw", "in_bulk", "aggregate", "count", "exists", "first", "last", "get", "latest", "earliest",
    ]
)  # fmt: skip
"""Calls after which there are no rows of the model to load anything with."""


def parse(text: str) -> cst.BaseExpression:
    """The expression of a text that may span lines without brackets of its own."""
    try:
        found = cst.parse_expression(f"({text})")
    except Exception:  # noqa: BLE001 - libcst raises errors of several kinds
        raise CannotPlace("the expression cannot be read") from None
    if isinstance(found, cst.GeneratorExp) or not found.lpar:
        raise CannotPlace("the expression is not a queryset")
    return found.with_changes(lpar=found.lpar[1:], rpar=found.rpar[:-1])


def code(node: cst.CSTNode) -> str:
    """The source of a node."""
    return cst.Module([]).code_for_node(node)


class Chain:
    """`root.method(...).method(...)`, with a slice behind it set aside."""

    def __init__(self, expression: cst.BaseExpression) -> None:
        self._whole = expression
        inner = expression
        while isinstance(inner, cst.Subscript):
            inner = inner.value
        if not isinstance(inner, (cst.Call, cst.Name, cst.Attribute)):
            raise CannotPlace("the rows do not come from a chain of calls")
        self._chain: cst.BaseExpression = inner
        self._replaced: cst.BaseExpression = inner

    @property
    def sliced(self) -> bool:
        """Whether a slice stands behind the chain."""
        return self._whole is not self._chain

    @property
    def code(self) -> str:
        """The chain's source, with all changes."""
        if not self.sliced:
            return code(self._replaced)
        return code(self._whole.deep_replace(self._chain, self._replaced))

    def calls(self) -> Iterator[tuple[str, cst.Call]]:
        """The method calls, the last first."""
        node: cst.BaseExpression = self._replaced
        while True:
            match node:
                case cst.Call(func=cst.Attribute(value=value, attr=cst.Name(value=name))):
                    yield name, node
                    node = value
                case cst.Attribute(value=value):
                    node = value
                case _:
                    return

    def check_rows(self) -> None:
        """Raise CannotPlace where the chain does not end in rows of the model that can be loaded with more."""
        names = [name for name, _ in self.calls()]
        for name in names:
            if name in _NOT_ROWS:
                raise CannotPlace(f"`.{name}()` leaves no rows to load anything with")
            if name in ("only", "defer"):
                raise CannotPlace(f"`.{name}()` keeps columns away that the loading needs")
            if name == "select_for_update":
                raise CannotPlace("`.select_for_update()` would lock the joined rows too")

    def replace(self, old: cst.CSTNode, new: cst.CSTNode) -> None:
        """Put a node in the place of another."""
        if old is self._replaced:
            assert isinstance(new, cst.BaseExpression)
            self._replaced = new
            return
        made = self._replaced.deep_replace(old, new)
        assert isinstance(made, cst.BaseExpression)
        self._replaced = made

    def append(self, name: str, args: Sequence[cst.Arg]) -> None:
        """A further call at the end; in the place of an `.all()` that stands there."""
        self._replaced = _called(self._replaced, name, args)

    def insert(self, before: str, name: str, args: Sequence[cst.Arg]) -> None:
        """A further call at the end, but in front of the calls of one name that stand there."""
        last: cst.Call | None = None
        for held, call in self.calls():
            if held != before:
                break
            last = call
        if last is None:
            self.append(name, args)
        else:
            assert isinstance(last.func, cst.Attribute)
            self.replace(last.func.value, _called(last.func.value, name, args))


def _called(end: cst.BaseExpression, name: str, args: Sequence[cst.Arg]) -> cst.Call:
    match end:
        case cst.Call(func=cst.Attribute(value=inner, attr=cst.Name(value="all"), dot=dot), args=[]) if not end.lpar:
            return cst.Call(cst.Attribute(inner, cst.Name(name), dot), args)
        case cst.Call(func=cst.Attribute(dot=dot)) if "\n" in code(dot.whitespace_before):
            dot = dot.with_changes(whitespace_before=bare(dot.whitespace_before))
            return cst.Call(cst.Attribute(end, cst.Name(name), dot), args)
        case _:
            return cst.Call(cst.Attribute(end, cst.Name(name)), args)


def joined(args: Sequence[cst.Arg]) -> list[cst.Arg]:
    """Arguments on one line, with commas between them."""
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    return [
        arg.with_changes(comma=comma if index < len(args) - 1 else cst.MaybeSentinel.DEFAULT)
        for index, arg in enumerate(args)
    ]


def extended(call: cst.Call, kept: Sequence[cst.Arg], added: Sequence[cst.Arg]) -> cst.Call:
    """A call with arguments added behind those that stay, in the form of its neighbours."""
    args = list(kept)
    for arg in added:
        arg = arg.with_changes(comma=cst.MaybeSentinel.DEFAULT)
        if args:
            last = args[-1]
            between = separator([held.comma for held in args[:-1]], call.whitespace_before_args)
            if isinstance(last.comma, cst.Comma):
                comma, trailing = moved(last.comma, between)
                args[-1] = last.with_changes(comma=comma)
                arg = arg.with_changes(comma=trailing)
            else:
                args[-1] = last.with_changes(comma=between, whitespace_after_arg=cst.SimpleWhitespace(""))
                arg = arg.with_changes(whitespace_after_arg=last.whitespace_after_arg)
        args.append(arg)
    return call.with_changes(args=args)


def separator(commas: Iterable[cst.Comma | cst.MaybeSentinel], lead: cst.BaseParenthesizableWhitespace) -> cst.Comma:
    """A comma as those between the elements of a list are; `lead` is the space before the first element."""
    held = next((comma for comma in commas if isinstance(comma, cst.Comma)), None)
    if held is not None:
        return held.with_changes(whitespace_after=bare(held.whitespace_after))
    return cst.Comma(whitespace_after=bare(lead) if "\n" in code(lead) else cst.SimpleWhitespace(" "))


def moved(trailing: cst.Comma, between: cst.Comma) -> tuple[cst.Comma, cst.Comma]:
    """The comma that a last element gets when another follows it, and that of the other.

    A comment behind the trailing comma speaks of the element that was last, and stays with it.
    """
    after, step = trailing.whitespace_after, between.whitespace_after
    if not isinstance(after, cst.ParenthesizedWhitespace):
        return between, trailing
    if not isinstance(step, cst.ParenthesizedWhitespace) and "#" not in code(after):
        return between, trailing  # elements side by side, with only the bracket on a line of its own
    kept = after.with_changes(
        last_line=step.last_line if isinstance(step, cst.ParenthesizedWhitespace) else after.last_line,
        indent=step.indent if isinstance(step, cst.ParenthesizedWhitespace) else after.indent,
    )
    return trailing.with_changes(whitespace_after=kept), trailing.with_changes(whitespace_after=bare(after))


def bare(space: cst.BaseParenthesizableWhitespace) -> cst.BaseParenthesizableWhitespace:
    """The space without the comments and the empty lines in it."""
    if isinstance(space, cst.ParenthesizedWhitespace):
        return space.with_changes(first_line=cst.TrailingWhitespace(), empty_lines=[])
    return space


def text_of(node: cst.BaseExpression) -> str | None:
    """The value of a plain string literal, None for anything else."""
    match node:
        case cst.SimpleString():
            value = node.evaluated_value
            return value if isinstance(value, str) else None
        case _:
            return None


def covers(longer: str, name: str) -> bool:
    """Whether one relation path is another or goes on from it."""
    return longer == name or longer.startswith(f"{name}__")
