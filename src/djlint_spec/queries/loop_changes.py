"""What a loop changes of the rows that it asks for: asked for before it, they would be old in a later round."""

from __future__ import annotations

import re
from collections.abc import Iterator

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import statements_of, walk
from djlint_spec.project import Function, Project
from djlint_spec.project.models import Model
from djlint_spec.project.module import Origin
from djlint_spec.project.symbols import target_names
from djlint_spec.queries.chains import chain_of
from djlint_spec.queries.sites import Around

_MADE = r"\b(?:{names})(?:\.\w+)?\.(?:a?create|a?get_or_create|a?update_or_create|a?bulk_create)\(|\b(?:{names})\("
_WRITES = frozenset({"delete", "adelete", "update", "aupdate"})
_OF_ROWS = frozenset({"save", "asave", "delete", "adelete"})
_DEEPEST = 2
"""How many calls deep rows are looked for that code makes."""


class LoopChanges:
    """Answers for the loops of one function."""

    def __init__(self, project: Project, function: Function) -> None:
        self._project = project
        self._function = function

    def touch(self, model: Model, asked: t.Call, loop: Around) -> bool:
        """Whether a round makes rows of a model, or changes others of them than it has asked for by `asked`."""
        calls = [node for node in walk(loop.body) if isinstance(node, t.Call)]
        return (
            self._makes(model, self._text_of(loop), self._function)
            or any(self._is_made_by(model, call, self._function) for call in calls)
            or any(self._writes_rows(model, call) for call in calls)
            or self._writes_what_else_it_asks(model, asked, loop)
        )

    def _makes(self, model: Model, text: str, function: Function) -> bool:
        owner = function.owner
        names = f"{model.name}|cls" if owner is not None and owner in model.cls.mro else model.name
        return re.search(_MADE.format(names=names), text) is not None

    def _is_made_by(self, model: Model, call: t.Call, caller: Function, deep: int = 1) -> bool:
        """Whether code of the project that is called makes rows of a model."""
        called = self._called(call, caller)
        if called is None or called is caller or called.module.origin is not Origin.PROJECT:
            return False
        if self._makes(model, called.module.body_text(called.node), called):
            return True
        return deep < _DEEPEST and any(
            self._is_made_by(model, node, called, deep + 1) for node in walk(called.body) if isinstance(node, t.Call)
        )

    def _called(self, call: t.Call, caller: Function) -> Function | None:
        match call.func:
            case t.Attribute(value=t.Name(id="self" | "cls"), attr=name) if caller.owner is not None:
                found = caller.owner.find(name)
                return found.function if found is not None else None
            case t.Name() | t.Attribute():
                symbol = self._project.resolve(call.func, caller.scope)
                return symbol if isinstance(symbol, Function) else None
            case _:
                return None

    def _writes_rows(self, model: Model, call: t.Call) -> bool:
        """Whether a call updates or deletes rows by a queryset of a model."""
        if not isinstance(call.func, t.Attribute) or call.func.attr not in _WRITES:
            return False
        chain = chain_of(self._project, call.func.value, self._function.scope)
        return chain is not None and chain.model.concrete is model.concrete

    def _writes_what_else_it_asks(self, model: Model, asked: t.Call, loop: Around) -> bool:
        """Whether a round saves or deletes rows that it gets by another query for the model."""
        return any(name in self._saved(loop) for name in self._others(model, asked, loop))

    def _others(self, model: Model, asked: t.Call, loop: Around) -> Iterator[str]:
        """The names that rows of a model are given by queries for others than `asked` is for.

        Those have other conditions, or stand where a round does not come to `asked`: it is another round's row.
        """
        for node in statements_of(loop.body):
            match node:
                case t.For(target=target, iterable=value):
                    targets: tuple[t.Expr, ...] = (target,)
                case t.Assign(targets=targets, value=value):
                    pass
                case _:
                    continue
            if any(self._asks_for(model, query) for query in walk([value]) if isinstance(query, t.Call)) and (
                self._conditions(value) != self._conditions(asked) or _exclude(loop, value, asked)
            ):
                for one in targets:
                    yield from target_names(one)

    def _asks_for(self, model: Model, query: t.Call) -> bool:
        func = query.func
        chain = chain_of(self._project, func.value, self._function.scope) if isinstance(func, t.Attribute) else None
        return chain is not None and chain.model.concrete is model.concrete

    def _conditions(self, query: t.Expr) -> frozenset[tuple[str | None, str]]:
        text = self._function.module.text
        keywords = (keyword for node in walk([query]) if isinstance(node, t.Call) for keyword in node.keywords)
        return frozenset((keyword.name, text(keyword.value)) for keyword in keywords)

    def _saved(self, loop: Around) -> frozenset[str]:
        return frozenset(
            node.func.value.id
            for node in walk(loop.body)
            if isinstance(node, t.Call)
            and isinstance(node.func, t.Attribute)
            and node.func.attr in _OF_ROWS
            and isinstance(node.func.value, t.Name)
        )

    def _text_of(self, loop: Around) -> str:
        text = self._function.module.facts.text
        return text[loop.body[0].start : loop.body[-1].end] if loop.body else ""


def _exclude(loop: Around, one: t.Expr, other: t.Expr) -> bool:
    """Whether two expressions stand on ways that part at a test."""
    return any(
        isinstance(node, t.If)
        and any(
            _holds(way, one) and _holds(rest, other)
            for way, rest in ((node.body, node.orelse), (node.orelse, node.body))
        )
        for node in walk(loop.body)
    )


def _holds(statements: tuple[t.Stmt, ...], expr: t.Expr) -> bool:
    return any(statement.start <= expr.start < statement.end for statement in statements)
