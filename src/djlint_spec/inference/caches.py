"""Code that runs once for many rows: what fills a cache, a module's global or the context of a serializer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import calls, statements_of
from djlint_spec.inference.frames import Frame
from djlint_spec.inference.values import Instance, Literal, Row, SerializerOf, Value, options
from djlint_spec.project import Unknown
from djlint_spec.project.fields import RelationKind
from djlint_spec.project.symbols import target_names

if TYPE_CHECKING:
    from djlint_spec.inference.evaluate import Evaluator

LOOKED_UP = "looked up in a cache"
OF_REQUEST = "part of the request"


def is_lookup(func: t.Attribute) -> bool:
    """Whether a call of a method asks a cache by its name: `cache.get(key)`, `self._cache.get(key)`."""
    if func.attr not in ("get", "get_many"):
        return False
    match func.value:
        case t.Name(id=name) | t.Attribute(attr=name):
            return "cache" in name.lower()
        case _:
            return False


_FILLING = frozenset({t.Compare, t.UnaryOp, t.Call})


def fills(ev: Evaluator, test: t.Expr, body: Sequence[t.Stmt], frame: Frame) -> bool:
    """Whether `body` runs only as long as something that it fills is empty, so not for each row."""
    if type(test) not in _FILLING:
        return False
    match test:
        case t.Compare(left=t.Name(id=name), ops=("is",), comparators=(t.Nothing(),)):
            return _is_kept(name, frame)
        case t.UnaryOp(op="not", operand=t.Name(id=name)):
            return _is_kept(name, frame)
        case t.Compare(left=t.Attribute() as held, ops=("is",), comparators=(t.Nothing(),)):
            return _is_saved(held, body, frame) or _is_set(ev, held, frame)
        case t.UnaryOp(op="not", operand=t.Attribute() as held):
            return _is_saved(held, body, frame) or _is_set(ev, held, frame)
        case t.Compare(left=key, ops=("not in",), comparators=(held,)) if (
            _is_constant(key, frame)
            or _lasts(frame)
            or _is_filled_elsewhere(held, frame)
            or (_outlasts_rounds(held, test, frame) and _is_shared(ev, key, frame))
        ):
            return any(_assigns_into(node, frame.module.text(held), frame) for node in statements_of(body))
        case t.Call(func=t.Attribute(attr="is_cached")):
            return True  # what is read there is at hand
        case t.UnaryOp(op="not", operand=t.Call(func=t.Name(id="hasattr"), args=(t.Name(id="self"), _))):
            return _stays(frame.receiver)
        case _:
            return False


_ANSWERING = frozenset({t.Compare, t.Call})


def answers(ev: Evaluator, statement: t.If, block: Sequence[t.Stmt], behind: int, frame: Frame) -> bool:
    """Whether a test answers from what its block fills `behind` it, so that what follows runs once for many rows."""
    if statement.orelse or type(statement.test) not in _ANSWERING:
        return False
    match statement.test:
        case t.Compare(left=t.Attribute(attr="_result_cache"), ops=("is not",)):
            # whoever looks for prefetched rows first finds among them what is there
            return any(isinstance(node, t.Return) for node in statements_of(statement.body))
        case _ if not isinstance(statement.body[-1], t.Return):
            return False
        case t.Compare(left=key, ops=("in",), comparators=(held,)) if (
            _is_constant(key, frame)
            or _lasts(frame)
            or (_outlasts_rounds(held, statement.test, frame) and _is_shared(ev, key, frame))
        ):
            later = statements_of(block[behind:])
            return any(_assigns_into(node, frame.module.text(held), frame) for node in later)
        case t.Call(func=t.Name(id="hasattr"), args=(t.Name(id="self"), _)):
            return _stays(frame.receiver)
        case _:
            return False


def _lasts(frame: Frame) -> bool:
    # What the user of a request keeps by key it asks once for each key, however many rows there are.
    return isinstance(frame.receiver, Row) and frame.receiver.lasting


def _outlasts_rounds(held: t.Expr, test: t.Expr, frame: Frame) -> bool:
    """Whether a dict is there before the loop over the rows: one of the module, or made outside a loop around here."""
    function = frame.scope.function
    if isinstance(held, t.Attribute):
        return isinstance(held.value, t.Name) and _stays(frame.env.get(held.value.id))
    if not isinstance(held, t.Name) or function is None or held.id in function.parameter_names:
        return False
    made = [
        node
        for node in statements_of(function.body)
        if isinstance(node, (t.Assign, t.AnnAssign)) and held.id in _named_by(node)
    ]
    if not made:
        return held.id in frame.module.bindings.names
    return any(
        isinstance(loop, t.For)
        and loop.start <= test.start < loop.end
        and not any(loop.start <= statement.start < loop.end for statement in made)
        for loop in statements_of(function.body)
    )


def _named_by(statement: t.Assign | t.AnnAssign) -> Iterator[str]:
    if isinstance(statement, t.Assign):
        for target in statement.targets:
            yield from target_names(target)
    else:
        yield from target_names(statement.target)


def _is_shared(ev: Evaluator, key: t.Expr, frame: Frame) -> bool:
    """Whether many rows have a key in common: that of a row which they all may lead to, `order.customer_id`."""
    if isinstance(key, t.Call) and isinstance(key.func, t.Name) and key.func.id in ("str", "int") and key.args:
        key = key.args[0]
    if isinstance(key, t.Attribute):
        with ev.journal.muted():
            rows = _rows(ev.eval(key.value, frame))
        return bool(rows) and all(_is_key_of_other(row, key.attr) for row in rows)
    rows = _rows(frame.env[key.id]) if isinstance(key, t.Name) and key.id in frame.env else []
    return bool(rows) and all(_leads_to_shared(row) for row in rows)


def _rows(value: Value) -> list[Row]:
    return [option for option in options(value) if isinstance(option, Row)]


def _is_key_of_other(row: Row, name: str) -> bool:
    relation = row.model.attnames.get(name)
    if relation is not None and relation.kind is RelationKind.FOREIGN_KEY:
        return True
    key = row.model.primary_key.field
    return name in ("pk", "id", key.name if key is not None else "pk") and _leads_to_shared(row)


def _leads_to_shared(row: Row) -> bool:
    if row.rows is None:
        return False
    model = row.rows.model
    for name in row.path:
        relation = model.relations.get(name)
        if relation is None or relation.to_many or isinstance(relation.target, Unknown):
            return False
        if relation.kind is RelationKind.FOREIGN_KEY:
            return True
        model = relation.target
    return False


def _is_filled_elsewhere(held: t.Expr, frame: Frame) -> bool:
    """Whether a dict is one that others may have filled for many rows: `known = getattr(row, "_known", {})`."""
    function = frame.scope.function
    if not isinstance(held, t.Name) or function is None:
        return False
    for node in statements_of(function.body):
        match node:
            case t.Assign(
                targets=(t.Name(id=name),),
                value=t.Call(func=t.Name(id="getattr"), args=(_, t.String(), t.DictExpr(keys=()))),
            ) if name == held.id:
                return True
            case _:
                pass
    return False


def _is_saved(held: t.Attribute, body: Sequence[t.Stmt], frame: Frame) -> bool:
    """Whether `body` fills what is there from then on: an attribute of what stays, or a column that it saves."""
    owner = frame.env.get(held.value.id) if isinstance(held.value, t.Name) else None
    text = frame.module.text(held)
    filled = any(
        isinstance(node, t.Assign) and any(frame.module.text(target) == text for target in node.targets)
        for node in statements_of(body)
    )
    if not filled or _stays(owner):
        return filled
    saved = any(_is_save(call, held.value) for call in calls(body))
    return saved and isinstance(owner, Row) and held.attr in owner.model.fields


def _is_set(ev: Evaluator, held: t.Attribute, frame: Frame) -> bool:
    """Whether code that goes through the rows has set what is looked for on each of them, before it asks."""
    owner = frame.env.get(held.value.id) if isinstance(held.value, t.Name) else None
    rows = _rows(owner) if owner is not None else []
    return bool(rows) and all(
        row.rows is not None and not row.path and held.attr in ev.set_on_rows.get(row.rows, ()) for row in rows
    )


def _is_save(call: t.Call, row: t.Expr) -> bool:
    match call.func, row:
        case t.Attribute(value=t.Name(id=saved), attr="save" | "asave"), t.Name(id=name):
            return saved == name
        case _:
            return False


def _is_constant(key: t.Expr, frame: Frame) -> bool:
    # An entry for each row is filled once for each row; what a request brings is the same for all of them.
    if isinstance(key, t.String):
        return True
    held = frame.env.get(key.id) if isinstance(key, t.Name) else None
    return isinstance(held, Literal) or (isinstance(held, Unknown) and held.cause == OF_REQUEST)


def _stays(receiver: Value | None) -> bool:
    """Whether an object is the same for all rows."""
    return isinstance(receiver, (SerializerOf, Instance)) or (isinstance(receiver, Row) and receiver.lasting)


def _is_kept(name: str, frame: Frame) -> bool:
    held = frame.env.get(name)
    if held is not None and any(_is_looked_up(option) for option in options(held)):
        return True
    function = frame.scope.function
    return function is not None and name in function.globals


def _is_looked_up(value: Value) -> bool:
    return isinstance(value, Unknown) and value.cause == LOOKED_UP


def _assigns_into(node: object, container: str, frame: Frame) -> bool:
    match node:
        case t.Assign(targets=targets):
            return any(
                isinstance(target, t.Subscript) and frame.module.text(target.value) == container for target in targets
            )
        case _:
            return False
