"""Queryset expressions as chains of calls, rewritten with libcst so that what stays keeps its form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
        end = self._replaced
        value, dot = end, cst.Dot()
        match end:
            case cst.Call(func=cst.Attribute(value=inner, attr=cst.Name(value="all"), dot=held), args=[]) if (
                not end.lpar
            ):
                value, dot = inner, held
            case cst.Call(func=cst.Attribute(dot=held)) if "\n" in code(held.whitespace_before):
                dot = held
            case _:
                pass
        self._replaced = cst.Call(cst.Attribute(value, cst.Name(name), dot), args)


def text_args(texts: Sequence[str]) -> list[cst.Arg]:
    """Positional arguments of source texts."""
    return joined([cst.Arg(cst.parse_expression(text)) for text in texts])


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
        if args:
            last = args[-1]
            trailing = last.comma if isinstance(last.comma, cst.Comma) else None
            between = next((a.comma for a in args[:-1] if isinstance(a.comma, cst.Comma)), None)
            if between is None:
                between = cst.Comma(whitespace_after=_lead(call))
            args[-1] = last.with_changes(comma=between)
            if trailing is not None:
                arg = arg.with_changes(comma=trailing, whitespace_after_arg=last.whitespace_after_arg)
            elif "\n" in code(last.whitespace_after_arg):
                args[-1] = args[-1].with_changes(whitespace_after_arg=cst.SimpleWhitespace(""))
                arg = arg.with_changes(whitespace_after_arg=last.whitespace_after_arg)
        args.append(arg)
    return call.with_changes(args=args)


def _lead(call: cst.Call) -> cst.BaseParenthesizableWhitespace:
    before = call.whitespace_before_args
    return before if "\n" in code(before) else cst.SimpleWhitespace(" ")


def text_of(node: cst.BaseExpression) -> str | None:
    """The value of a plain string literal, None for anything else."""
    match node:
        case cst.SimpleString():
            value = node.evaluated_value
            return value if isinstance(value, str) else None
        case _:
            return None
