"""What of a function's body tells in the values that it gives to one attribute; the rest need not be evaluated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import Part, walk, walk_for
from djlint_spec.project.symbols import target_names

_NAMES: frozenset[type[Part]] = frozenset({t.Name})
_CHANGING: frozenset[type[Part]] = frozenset({t.Call, t.NamedExpr})
_ATTRIBUTES: frozenset[type[Part]] = frozenset({t.Attribute})
_ASSIGNMENTS: frozenset[type[Part]] = frozenset({t.Assign, t.AnnAssign, t.AugAssign})
_DEFINITIONS: frozenset[type[Part]] = frozenset({t.FunctionDef, t.ClassDef, t.Lambda})
_CONSTANTS = (t.String, t.Number, t.Boolean, t.Nothing)


def leading_to(attribute: str, body: Sequence[t.Stmt]) -> Sequence[t.Stmt]:
    """The statements that tell what a body assigns to `….attribute`, in their order, and the tests that they hang on.

    What it returns, and what it runs for nothing but its effect, is left out; so are tests where it assigns nothing but
    constants. A body in which a function of its own assigns to the attribute is given as it is: who calls that function
    is not looked for.
    """
    if any(_assigns(attribute, node) for node in walk_for(_DEFINITIONS, body)):
        return body
    assigning = [node for node in walk_for(_ASSIGNMENTS, body) if _names_attribute(attribute, node)]
    if all(isinstance(node, t.Assign) and isinstance(node.value, _CONSTANTS) for node in assigning):
        return tuple(node for node in assigning if isinstance(node, t.Assign))
    part = _Slice(attribute)
    while True:
        known = len(part.needed)
        found = part.block(body, more=False)
        if len(part.needed) == known:
            return found


def _assigns(attribute: str, definition: Part) -> bool:
    inner = walk_for(_ATTRIBUTES, [definition], into_definitions=True)
    return any(isinstance(node, t.Attribute) and node.attr == attribute for node in inner)


def _names_attribute(attribute: str, statement: Part) -> bool:
    match statement:
        case t.Assign(targets=targets):
            return any(_is_part(attribute, target) for target in targets)
        case t.AnnAssign(target=target) | t.AugAssign(target=target):
            return _is_part(attribute, target)
        case _:
            return False


def _is_part(attribute: str, target: t.Expr) -> bool:
    return any(isinstance(node, t.Attribute) and node.attr == attribute for node in walk([target]))


class _Slice:
    """One pass after the other from the end of the body to its beginning, until no further name is needed."""

    def __init__(self, attribute: str) -> None:
        self._attribute = attribute
        self.needed: set[str] = set()

    def block(self, body: Sequence[t.Stmt], *, more: bool) -> tuple[t.Stmt, ...]:
        """What is kept of statements; `more` is whether something is kept of what comes after them."""
        kept: list[t.Stmt] = []
        for statement in reversed(body):
            found = self._statement(statement, more=more or bool(kept))
            if found is not None:
                kept.append(found)
        return tuple(reversed(kept))

    def _statement(self, statement: t.Stmt, *, more: bool) -> t.Stmt | None:
        match statement:
            case t.Assign(targets=targets, value=value):
                return statement if self._is_bound(targets, [value]) else None
            case t.AnnAssign(target=target, value=value) | t.AugAssign(target=target, value=value):
                return statement if self._is_bound([target], [value] if value is not None else []) else None
            case t.ExprStmt(value=value):
                return self._needs(statement, [value]) if self._changes([value]) else None
            case t.Return(start=start, end=end) | t.Raise(start=start, end=end):
                return t.Return(start, end, None) if more else None
            case t.Jump(kind=kind):
                return statement if more and kind != "pass" else None
            case t.If(test=test, body=body, orelse=orelse):
                first, second = self.block(body, more=more), self.block(orelse, more=more)
                if not (first or second or self._changes([test])):
                    return None
                return replace(statement, test=self._test(test), body=first or _nothing(statement), orelse=second)
            case t.For(target=target, iterable=iterable, body=body, orelse=orelse):
                last = self.block(orelse, more=more)
                inner = self.block(body, more=False)
                if not (inner or last or self._changes([iterable]) or self._is_needed(target)):
                    return None
                return self._needs(replace(statement, body=inner or _nothing(statement), orelse=last), [iterable])
            case t.While(test=test, body=body, orelse=orelse):
                last = self.block(orelse, more=more)
                inner = self.block(body, more=False)
                if not (inner or last or self._changes([test])):
                    return None
                return replace(statement, test=self._test(test), body=inner or _nothing(statement), orelse=last)
            case t.With(items=items, body=body):
                inner = self.block(body, more=more)
                entered = tuple(
                    item
                    for item in items
                    if self._changes([item.context]) or (item.target is not None and self._is_needed(item.target))
                )
                if not (inner or entered):
                    return None
                return self._needs(replace(statement, items=entered, body=inner), [item.context for item in entered])
            case t.Try():
                return self._try(statement, more=more)
            case t.Match():
                return self._match(statement, more=more)
            case t.FunctionDef(name=name) | t.ClassDef(name=name):
                return statement if name in self.needed else None
            case t.Delete(targets=targets):
                return statement if any(map(self._is_needed, targets)) else None
            case t.Assert() | t.Import() | t.Scoping():
                return None

    def _try(self, statement: t.Try, *, more: bool) -> t.Stmt | None:
        last = self.block(statement.finalbody, more=more)
        more = more or bool(last)
        handled = [self.block(handler.body, more=more) for handler in statement.handlers]
        orelse = self.block(statement.orelse, more=more)
        body = self.block(statement.body, more=more or bool(orelse) or any(handled))
        if not (body or orelse or last or any(handled)):
            return None
        handlers = tuple(replace(handler, body=kept) for handler, kept in zip(statement.handlers, handled, strict=True))
        return replace(statement, body=body, handlers=handlers, orelse=orelse, finalbody=last)

    def _match(self, statement: t.Match, *, more: bool) -> t.Stmt | None:
        bodies = [self.block(case.body, more=more) for case in statement.cases]
        if not any(bodies):
            return None
        cases = tuple(replace(case, body=kept) for case, kept in zip(statement.cases, bodies, strict=True))
        guards = [case.guard for case in cases if case.guard is not None]
        return self._needs(replace(statement, cases=cases), [statement.subject, *guards])

    def _test(self, test: t.Expr) -> t.Expr:
        """A test as far as it tells of what is needed: any other may come out either way."""
        names = set(self._names([test]))
        if names.isdisjoint(self.needed):
            return t.Elided(test.start, test.end)
        self.needed |= names
        return test

    def _is_bound(self, targets: Sequence[t.Expr], values: Sequence[t.Expr]) -> bool:
        """Whether an assignment tells; its values, and what its targets are made of, are needed then."""
        if not (any(map(self._is_needed, targets)) or self._changes(values)):
            return False
        self._need((*targets, *values))
        return True

    def _is_needed(self, target: t.Expr) -> bool:
        """Whether a target is the attribute, a needed name, or part of what a needed name holds."""
        match target:
            case t.TupleExpr(elements=elements) | t.ListExpr(elements=elements):
                return any(map(self._is_needed, elements))
            case t.Attribute(attr=attr) if attr == self._attribute:
                return True
            case t.Attribute(value=t.Name(id="request") | t.Attribute(attr="request")):
                return False  # another attribute of the request
            case t.Attribute(value=inner) | t.Subscript(value=inner):
                return self._is_needed(inner)
            case _:
                return not self.needed.isdisjoint(target_names(target))

    def _changes(self, exprs: Iterable[t.Expr]) -> bool:
        """Whether evaluating something binds a needed name, or calls a method of what one holds."""
        for node in walk_for(_CHANGING, exprs):
            match node:
                case t.Call(func=t.Attribute(value=t.Name(id=name))) | t.NamedExpr(target=t.Name(id=name)):
                    if name in self.needed and name not in ("self", "request"):
                        return True
                case _:
                    pass
        return False

    def _needs(self, kept: t.Stmt, exprs: Iterable[t.Expr]) -> t.Stmt:
        self._need(exprs)
        return kept

    def _need(self, exprs: Iterable[t.Expr]) -> None:
        self.needed.update(self._names(exprs))

    def _names(self, exprs: Iterable[t.Expr]) -> Iterator[str]:
        return (node.id for node in walk_for(_NAMES, exprs) if isinstance(node, t.Name))


def _nothing(statement: t.Stmt) -> tuple[t.Stmt, ...]:
    return (t.Jump(statement.start, statement.end, "pass"),)
