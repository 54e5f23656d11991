"""What names stand for: the bindings of a block, and the symbols that they resolve to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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


class _Extended(msgspec.Struct, frozen=True):
    """`name += value`."""

    statement: t.AugAssign

    def joined(self, before: Assigned) -> Assigned | Opaque:
        """The two sequences as one sum; Opaque for anything that counts rather than lists."""
        statement = self.statement
        if before.value is None or before.element is not None or statement.op not in ("+", "|"):
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
    names: dict[str, list[Binding]] = {}
    stars: list[Imported] = []
    for name, binding in _bindings(statements):
        if name == "*" and isinstance(binding, Imported):
            stars.append(binding)
            continue
        found = names.setdefault(name, [])
        if isinstance(binding, _Extended):
            before = found[-1] if found else None
            found.append(binding.joined(before) if isinstance(before, Assigned) else Opaque())
        else:
            found.append(binding)
    return Bindings({name: tuple(found) for name, found in names.items()}, tuple(stars))


def _bindings(statements: Iterable[t.Stmt]) -> Iterator[tuple[str, Binding | _Extended]]:
    for statement in statements:
        match statement:
            case t.FunctionDef(name=name) | t.ClassDef(name=name):
                yield name, statement
            case t.Import():
                yield from _imports(statement)
            case t.Assign(targets=(t.Name(id=name),), value=value):
                yield name, Assigned(value)
            case t.Assign(targets=targets, value=value):
                for target in targets:
                    yield from _targets(target, value)
            case t.AnnAssign(target=t.Name(id=name), annotation=annotation, value=value):
                yield name, Assigned(value, annotation)
            case t.AugAssign(target=t.Name(id=name)):
                yield name, _Extended(statement)
            case t.If(test=test, body=body, orelse=orelse):
                # The last binding of a name counts: that of the branch that runs, or that the author put first.
                for branch in (body, orelse) if _is_for_types(test) else (orelse, body):
                    yield from _bindings(branch)
            case t.While(body=body, orelse=orelse):
                yield from _repeated(body)
                yield from _bindings(orelse)
            case t.For(target=target, body=body, orelse=orelse):
                yield from ((name, Opaque()) for name in target_names(target))
                yield from _repeated(body)
                yield from _bindings(orelse)
            case t.With(items=items, body=body):
                for item in items:
                    if isinstance(item.target, t.Name):
                        yield item.target.id, Entered(item.context)
                    elif item.target is not None:
                        yield from ((name, Opaque()) for name in target_names(item.target))
                yield from _bindings(body)
            case t.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
                for handler in handlers:  # fallbacks: what the body binds counts
                    if handler.name is not None:
                        yield handler.name, Opaque()
                    yield from _bindings(handler.body)
                yield from _bindings(body)
                yield from _bindings(orelse)
                yield from _bindings(finalbody)
            case t.Match(cases=cases):
                for case in cases:
                    yield from ((name, Opaque()) for name in case.captures)
                    yield from _bindings(case.body)
            case _:
                pass


def _is_for_types(test: t.Expr) -> bool:
    match test:
        case t.Name(id="TYPE_CHECKING") | t.Attribute(attr="TYPE_CHECKING"):
            return True
        case _:
            return False


def _repeated(body: Iterable[t.Stmt]) -> Iterator[tuple[str, Binding]]:
    for name, binding in _bindings(body):
        yield name, Opaque() if isinstance(binding, _Extended) else binding


def _imports(statement: t.Import) -> Iterator[tuple[str, Imported]]:
    for alias in statement.names:
        if statement.module is not None:
            yield alias.asname or alias.name, Imported(statement.module, statement.level, alias.name)
        elif alias.asname:
            yield alias.asname, Imported(alias.name, 0, None)
        else:
            top = alias.name.partition(".")[0]
            yield top, Imported(top, 0, None)


def _targets(target: t.Expr, value: t.Expr) -> Iterator[tuple[str, Binding]]:
    match target:
        case t.Name(id=name):
            yield name, Assigned(value)
        case t.TupleExpr(elements=elements) | t.ListExpr(elements=elements):
            for index, element in enumerate(elements):
                match element, value:
                    case t.Name(id=name), t.TupleExpr(elements=values) if len(values) == len(elements):
                        yield name, Assigned(values[index])
                    case t.Name(id=name), _:
                        yield name, Assigned(value, element=index)
                    case _:
                        yield from ((name, Opaque()) for name in target_names(element))
        case _:
            pass


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
