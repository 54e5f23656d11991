"""How many rounds a loop makes: a handful that the code itself tells, or as many as there are rows."""

from __future__ import annotations

import re

from djlint_spec.facts import tree as t
from djlint_spec.facts.places import after_word
from djlint_spec.facts.walk import statements_of, walk
from djlint_spec.project import Class, Function, Project, Unknown
from djlint_spec.project import Value as Named
from djlint_spec.project.symbols import target_names
from djlint_spec.queries.expression_values import ExpressionValues, model_of
from djlint_spec.queries.loop_bodies import loops_over, values_given
from djlint_spec.queries.sites import Around

_MANY = 20
"""A range of no more rounds than this is a small one."""
_WRAPPERS = frozenset({"enumerate", "sorted", "reversed", "list", "tuple", "set", "zip", "iter"})


_GETS_AN_ENTRY = re.compile(r"\[[^\]]*\]\s*=")
_GROWS = re.compile(r"\.(?:append|extend|add|update|insert|setdefault)\(|\s*[+|]=")


class Rounds:
    """Answers for the loops of one function."""

    def __init__(self, project: Project, function: Function) -> None:
        self._project = project
        self._function = function
        self._module = function.module

    def are_few_with(self, call: t.Call, loop: Around) -> bool:
        """Whether a loop makes a handful of rounds, or comes to a call in a handful of them.

        No key of a dict comes twice: `for name, value in given.items(): if name in ("owner", "editor"): ...`.
        """
        if self.are_few(loop.iterable):
            return True
        match loop.iterable:
            case t.Call(func=t.Attribute(attr="items" | "keys"), args=()):
                return any(
                    isinstance(node, t.If)
                    and any(statement.start <= call.start < statement.end for statement in node.body)
                    and any(self._is_one_of_few(node.test, name) for name in loop.targets)
                    for node in statements_of(loop.body)
                )
            case _:
                return False

    def are_few(self, iterable: t.Expr, seen: frozenset[str] = frozenset()) -> bool:
        """Whether what is gone through is constants, a short range, choices, or settings."""
        match iterable:
            case t.ListExpr() | t.TupleExpr() | t.SetExpr() | t.DictExpr() | t.String() | t.Elided():
                return True
            case t.Call(func=t.Name(id="range"), args=args):
                bounds = [self._project.constant(argument, self._function.scope) for argument in args[:2]]
                return bool(bounds) and all(isinstance(bound, int) and abs(bound) <= _MANY for bound in bounds)
            case t.Call(func=t.Name(id=name), args=(*args,)) if name in _WRAPPERS:
                return any(self.are_few(argument, seen) for argument in args)
            case t.Call(func=t.Attribute(value=value, attr="items" | "values" | "keys")):
                return self.are_few(value, seen)
            case t.Subscript(index=t.SliceExpr(upper=t.Number(value=upper))):
                return upper <= _MANY
            case t.Subscript(value=value):
                return self.are_few(value, seen)
            case t.Comprehension(kind="dict", key=t.Name(id=key), generators=(first, *_)) if any(
                self._is_one_of_few(condition, key) for condition in first.conditions
            ):
                return True
            case t.Comprehension(generators=(first, *_)):
                return self.are_few(first.iterable, seen)
            case t.BinOp(left=left, right=right):
                return self.are_few(left, seen) and self.are_few(right, seen)
            case t.Name(id=name) if name in seen:
                return True  # made of itself: of what it was before
            case t.Name(id=name):
                local = list(values_given(self._function.body, name))
                if local and self._grows(name):
                    return self._groups_by_choice(name) or self._is_keyed_by_few(name, local, seen)
                if local:
                    return all(self.are_few(value, seen | {name}) for value in local)
            case _:
                pass
        if "settings" in self._module.text(iterable) or self._module.text(iterable).endswith(".choices"):
            return True
        found = self._project.resolve(iterable, self._function.scope)
        if isinstance(found, Named) and isinstance(found.expr, (t.DictExpr, t.ListExpr, t.TupleExpr, t.SetExpr)):
            return True
        return isinstance(found, Class) or not isinstance(
            self._project.constant(iterable, self._function.scope), Unknown
        )

    def _grows(self, name: str) -> bool:
        return self._grows_by_calls(name) or self._is_followed(name, _GETS_AN_ENTRY)

    def _grows_by_calls(self, name: str) -> bool:
        return self._is_followed(name, _GROWS)

    def _is_followed(self, name: str, pattern: re.Pattern[str]) -> bool:
        """Whether a pattern follows a name somewhere in the function."""
        node, text = self._function.node, self._module.facts.text
        self._module.touch_body(node)
        return any(pattern.match(text, past, node.end) for past in after_word(name, text, node.start, node.end))

    def _groups_by_choice(self, name: str) -> bool:
        """Whether the keys of a dict are choices of a column: `groups[row.state].append(row)`."""
        keys = [
            node.index
            for node in walk(self._function.body)
            if isinstance(node, t.Subscript) and isinstance(node.value, t.Name) and node.value.id == name
        ]
        columns = [key for key in keys if isinstance(key, t.Attribute)]
        own = {target for loop in loops_over(self._function.body, name) for target in target_names(loop.target)}
        if not columns or any(not isinstance(key, t.Name) or key.id not in own for key in keys if key not in columns):
            return False
        held = self._project.once(ExpressionValues).of(self._function, [key.value for key in columns])
        for key in columns:
            model, _ = model_of(held.get(key.value))
            field = model.fields.get(key.attr) if model is not None else None
            if field is None or field.argument("choices") is None:
                return False
        return True

    def _is_keyed_by_few(self, name: str, given: list[t.Expr], seen: frozenset[str]) -> bool:
        """Whether a dict gets only keys that the code writes out: `if key in ("a", "b"): found[key] = ...`."""
        if self._grows_by_calls(name) or not all(
            _is_empty(value) or self.are_few(value, seen | {name}) for value in given
        ):
            return False
        nodes = list(statements_of(self._function.body))
        tests = [node for node in nodes if isinstance(node, t.If)]
        loops = list(loops_over(self._function.body, name))
        for node in nodes:
            match node:
                case t.Assign(targets=targets) | t.AugAssign(target=targets):
                    places = targets if isinstance(targets, tuple) else (targets,)
                case _:
                    continue
            for place in places:
                match place:
                    case t.Subscript(value=t.Name(id=held), index=index) if held == name:
                        own = (loop for loop in loops if loop.start <= node.start < loop.end)
                        is_there = isinstance(index, t.Name) and any(
                            index.id in target_names(one.target) for one in own
                        )
                        if not is_there and not self._is_a_constant_where(index, node, tests):
                            return False
                    case _:
                        pass
        return True

    def _is_a_constant_where(self, index: t.Expr, statement: t.Node, tests: list[t.If]) -> bool:
        match index:
            case t.String() | t.Number():
                return True
            case t.Name(id=key):
                return any(
                    any(part.start <= statement.start < part.end for part in test.body)
                    and self._is_one_of_few(test.test, key)
                    for test in tests
                )
            case _:
                return False

    def _is_one_of_few(self, test: t.Expr, name: str) -> bool:
        """Whether a test lets through only such values of a name as the code writes out."""
        match test:
            case t.BoolOp(op="and", values=values):
                return any(self._is_one_of_few(value, name) for value in values)
            case t.Compare(left=t.Name(id=held), ops=("in",), comparators=(few,)):
                return held == name and self._is_written_out(few)
            case t.Compare(left=t.Name(id=held), ops=("==",), comparators=(t.String() | t.Number(),)):
                return held == name
            case _:
                return False

    def _is_written_out(self, expr: t.Expr) -> bool:
        if isinstance(expr, (t.TupleExpr, t.ListExpr, t.SetExpr, t.DictExpr)):
            return True
        found = self._project.resolve(expr, self._function.scope)
        return isinstance(found, Named) and isinstance(found.expr, (t.DictExpr, t.ListExpr, t.TupleExpr, t.SetExpr))


def _is_empty(value: t.Expr) -> bool:
    return isinstance(value, t.Call) and isinstance(value.func, t.Name) and value.func.id == "dict" and not value.args
