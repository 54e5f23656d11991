"""What names stand for: the bindings of a block, and the symbols that they resolve to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from djlint_spec.facts import tree as t

if TYPE_CHECKING:
    from djlint_spec.project.classes import Class, Function
    from djlint_spec.project.module import Module


class Unknown(msgspec.Struct, frozen=True):
    """What could not be resolved: never judged, always counted. `cause` is one of few fixed phrases."""

    cause: str
    detail: str = ""


class External(msgspec.Struct, frozen=True):
    """A dotted name of a package that is neither in the project, the library nor an environment."""

    dotted: str

    @property
    def package(self) -> str:
        """The top-level package of the name."""
        return self.dotted.partition(".")[0]


class Value(msgspec.Struct, frozen=True):
    """An expression as it stands in a scope: what a name was assigned."""

    expr: t.Expr
    scope: Scope


Symbol: TypeAlias = "Class | Function | Module | Value | External | Unknown"


class Scope(msgspec.Struct, frozen=True):
    """Where a name is looked up: a module, and the class body or function within it."""

    module: Module
    cls: Class | None = None
    function: Function | None = None


class Imported(msgspec.Struct, frozen=True):
    """`name` of `module` (None: the module itself) bound by an import; `level` dots before it."""

    module: str
    level: int
    name: str | None


class Assigned(msgspec.Struct, frozen=True):
    """The value given to a name; `element` is its position when the target was a tuple."""

    value: t.Expr | None
    annotation: t.Expr | None = None
    element: int | None = None


class Opaque(msgspec.Struct, frozen=True):
    """A name bound by a loop, a `with`, an `except`, an augmented assignment."""


class Entered(Opaque, frozen=True):
    """A name bound by `with context as name`: what the context's `__enter__` gives."""

    context: t.Expr


Binding: TypeAlias = "t.ClassDef | t.FunctionDef | Imported | Assigned | Opaque"


class Bindings(msgspec.Struct, frozen=True):
    """The names that a block binds, each with its bindings in order, and the star imports in it."""

    names: Mapping[str, tuple[Binding, ...]]
    stars: tuple[Imported, ...]


def _extended(before: Binding | None, statement: t.AugAssign) -> Assigned | Opaque:
    """What `name += value` makes of a name: the two sequences as one sum; Opaque for anything that counts."""
    if not isinstance(before, Assigned) or before.value is None or before.element is not None:
        return Opaque()
    if statement.op not in ("+", "|"):
        return Opaque()
    if not (_holds_list(before.value) or _holds_list(statement.value)):
        return Opaque()
    value = t.BinOp(statement.start, statement.end, before.value, statement.op, statement.value)
    return Assigned(value, before.annotation)


def _holds_list(expr: t.Expr) -> bool:
    while isinstance(expr, t.BinOp):
        if _holds_list(expr.right):
            return True
        expr = expr.left
    return isinstance(expr, (t.ListExpr, t.TupleExpr, t.SetExpr, t.DictExpr))


def bind(statements: Iterable[t.Stmt]) -> Bindings:
    """The bindings of a block, conditional branches included, nested functions and classes left closed."""
    binding = _Binding()
    binding.block(statements)
    return Bindings({name: tuple(found) for name, found in binding.names.items()}, tuple(binding.stars))


class _Binding:
    """Collects what the statements of a block bind, in order."""

    def __init__(self) -> None:
        self.names: dict[str, list[Binding]] = {}
        self.stars: list[Imported] = []
        self._repeated = 0

    def add(self, name: str, binding: Binding) -> None:
        found = self.names.get(name)
        if found is None:
            self.names[name] = [binding]
        else:
            found.append(binding)

    def block(self, statements: Iterable[t.Stmt]) -> None:
        for statement in statements:
            # Most statements bind nothing: the kinds that do are looked up.
            binds = _BINDS.get(type(statement))
            if binds is not None:
                binds(self, statement)

    def _definition(self, statement: t.FunctionDef | t.ClassDef) -> None:
        self.add(statement.name, statement)

    def _import(self, statement: t.Import) -> None:
        module, level = statement.module, statement.level
        for alias in statement.names:
            if module is not None:
                imported = Imported(module, level, alias.name)
                if alias.name == "*":
                    self.stars.append(imported)
                else:
                    self.add(alias.asname or alias.name, imported)
            elif alias.asname:
                self.add(alias.asname, Imported(alias.name, 0, None))
            else:
                top = alias.name.partition(".")[0]
                self.add(top, Imported(top, 0, None))

    def _assign(self, statement: t.Assign) -> None:
        value = statement.value
        for target in statement.targets:
            match target:
                case t.Name(id=name):
                    self.add(name, Assigned(value))
                case t.TupleExpr(elements=elements) | t.ListExpr(elements=elements):
                    self._unpacked(elements, value)
                case _:
                    pass

    def _unpacked(self, elements: Sequence[t.Expr], value: t.Expr) -> None:
        for index, element in enumerate(elements):
            match element, value:
                case t.Name(id=name), t.TupleExpr(elements=values) if len(values) == len(elements):
                    self.add(name, Assigned(values[index]))
                case t.Name(id=name), _:
                    self.add(name, Assigned(value, element=index))
                case _:
                    self._opaque(target_names(element))

    def _annotated(self, statement: t.AnnAssign) -> None:
        if isinstance(statement.target, t.Name):
            self.add(statement.target.id, Assigned(statement.value, statement.annotation))

    def _augmented(self, statement: t.AugAssign) -> None:
        if isinstance(statement.target, t.Name):
            name = statement.target.id
            before = self.names[name][-1] if name in self.names else None
            self.add(name, Opaque() if self._repeated else _extended(before, statement))

    def _opaque(self, names: Iterable[str]) -> None:
        for name in names:
            self.add(name, Opaque())

    def _if(self, statement: t.If) -> None:
        # The last binding of a name counts: that of the branch that runs, or that the author put first.
        branches = (statement.orelse, statement.body)
        for branch in branches[::-1] if _is_for_types(statement.test) else branches:
            self.block(branch)

    def _loop(self, statement: t.For | t.While) -> None:
        if isinstance(statement, t.For):
            self._opaque(target_names(statement.target))
        self._repeated += 1
        self.block(statement.body)
        self._repeated -= 1
        self.block(statement.orelse)

    def _with(self, statement: t.With) -> None:
        for item in statement.items:
            if isinstance(item.target, t.Name):
                self.add(item.target.id, Entered(item.context))
            elif item.target is not None:
                self._opaque(target_names(item.target))
        self.block(statement.body)

    def _try(self, statement: t.Try) -> None:
        for handler in statement.handlers:  # fallbacks: what the body binds counts
            if handler.name is not None:
                self.add(handler.name, Opaque())
            self.block(handler.body)
        self.block(statement.body)
        self.block(statement.orelse)
        self.block(statement.finalbody)

    def _match(self, statement: t.Match) -> None:
        for case in statement.cases:
            self._opaque(case.captures)
            self.block(case.body)


# The table is keyed by the statement's type, which mypy cannot follow into the methods' parameters: hence `...`.
_BINDS: Mapping[type, Callable[..., None]] = {
    t.FunctionDef: _Binding._definition, t.ClassDef: _Binding._definition, t.Import: _Binding._import,
    t.Assign: _Binding._assign, t.AnnAssign: _Binding._annotated, t.AugAssign: _Binding._augmented,
    t.If: _Binding._if, t.For: _Binding._loop, t.While: _Binding._loop, t.With: _Binding._with, t.Try: _Binding._try,
    t.Match: _Binding._match,
}  # fmt: skip


def _is_for_types(test: t.Expr) -> bool:
    match test:
        case t.Name(id="TYPE_CHECKING") | t.Attribute(attr="TYPE_CHECKING"):
            return True
        case _:
            return False


def target_names(target: t.Expr) -> Iterator[str]:
    """The plain names that an assignment to `target` binds."""
    match target:
        case t.Name(id=name):
            yield name
        case t.TupleExpr(elements=elements) | t.ListExpr(elements=elements):
            for element in elements:
                yield from target_names(element)
        case t.Starred(value=value):
            yield from target_names(value)
        case _:
            pass
