"""How much code a function runs, told by the names that it calls: a look before it is evaluated and walked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import calls, statements_of
from djlint_spec.flow.calls import callee
from djlint_spec.flow.guards import has_guard
from djlint_spec.flow.targets import DEEPEST
from djlint_spec.project import Class, Function, Origin, Project
from djlint_spec.project.tracking import Kept


class Sizes:
    """The calls in functions and in those that they run by name; one for each project.

    `telling` are the words that only what is worth a walk has: what has none of them is passed through, not counted.
    """

    def __init__(self, project: Project, telling: tuple[str, ...]) -> None:
        self._project = project
        self._telling = telling
        self._own: Kept[Function, tuple[int, tuple[Function, ...]]] = Kept(project.tracking)

    def exceeds(self, function: Function, most: int) -> bool:
        """Whether a function, with all that it runs and that tells, has more calls in its text than `most`."""
        seen = {function}
        level = [function]
        count = 0
        for _ in range(DEEPEST):
            below: dict[Function, None] = {}
            for one in level:
                own, run = self._of(one)
                count += own
                if count > most:
                    return True
                below.update(dict.fromkeys(found for found in run if found not in seen))
            seen.update(below)
            level = list(below)
        return False

    def _of(self, function: Function) -> tuple[int, tuple[Function, ...]]:
        return self._own.made(function, lambda: self._counted(function))

    def _counted(self, function: Function) -> tuple[int, tuple[Function, ...]]:
        made = _objects(function)
        found = list(calls(function.body))
        run = dict.fromkeys(one for call in found for one in self._run_by(call, function, made))
        return len(found) if function.mentions(*self._telling) else 0, tuple(run)

    def _run_by(self, call: t.Call, function: Function, made: Mapping[str, Class]) -> Iterator[Function]:
        match call.func:
            case t.Attribute(value=t.Name(id=name), attr=attr) if name in made:
                found = made[name].method(attr)
            case _:
                found = callee(self._project, call, function.scope)
        if found is None or found.name == "__init__" or found.module.origin is not Origin.PROJECT:
            return
        if not found.mentions("yield") and not has_guard(found):
            yield found


def _objects(function: Function) -> Mapping[str, Class]:
    """The names that a function gives an object of a class of the project to: `cart = CartManager(event)`."""
    found: dict[str, Class] = {}
    for statement in statements_of(function.body):
        match statement:
            case t.Assign(targets=(t.Name(id=name),), value=t.Call(func=t.Name() as made)):
                symbol = function.project.resolve(made, function.scope)
                if isinstance(symbol, Class) and symbol.is_ours:
                    found[name] = symbol
            case _:
                pass
    return found
