"""What else a module does with a queryset that a fix is to load more with, and that does not go with it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from djlint_spec.diagnostics import AddLoading, Span
from djlint_spec.fixes.classes import FUNCTIONS
from djlint_spec.fixes.document import CannotPlace, Document
from djlint_spec.inference.orm import METHODS

_OF_MODELS = METHODS | {"objects", "_default_manager", "_base_manager", "get_queryset"}
"""What is asked of managers, querysets and models, and of no row."""
_LOADS = frozenset({"select_related", "prefetch_related"})
_SCOPES = (*FUNCTIONS, ast.ClassDef, ast.Module)


def check_uses(document: Document, node: ast.AST, intent: AddLoading) -> None:
    """Raise CannotPlace where the queryset that an expression gives is locked, narrowed to columns or streamed."""
    _check(*_holder(document, node), intent)


def check_method(owner: ast.ClassDef, name: str, intent: AddLoading) -> None:
    """The same for what a method of a class gives."""
    _check(_given_by(name, owner), owner, intent)


def check_given(document: Document, node: ast.AST, intent: AddLoading, loop: Span) -> None:
    """Raise CannotPlace where a function gives the queryset to a loop elsewhere, and others cannot do with more in it.

    Sets would be fetched for whoever calls it. And where it works for any model that it is given, others may lack the
    relations.
    """
    scope = next((one for one in document.above(node) if isinstance(one, FUNCTIONS)), None)
    if scope is None or (loop.path == document.path and _holds(document, scope, loop)):
        return
    if intent.prefetch_related:
        raise CannotPlace(f"the queryset is built in `{scope.name}()`, which others may call")
    arguments = scope.args
    given = {arg.arg for arg in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)} - {"self", "cls"}
    given |= {name for one in ast.walk(scope) for name, value in _bound(one) if given & _names(value)}
    root, first = _start(node)
    if (root in given and first in _OF_MODELS) or (root in ("self", "cls") and first == "model"):
        raise CannotPlace(f"the queryset is of whatever `{scope.name}()` is given")


def _holds(document: Document, scope: ast.stmt, span: Span) -> bool:
    start, end = document.extent(scope)
    return start <= document.range_of(span)[0] < end


def _start(node: ast.AST) -> tuple[str, str]:
    """The name that a chain starts from, and what is asked of it first."""
    first = ""
    while True:
        match node:
            case ast.Call(func=inner):
                node = inner
            case ast.Subscript(value=inner):
                node = inner
            case ast.Attribute(value=inner, attr=first):
                node = inner
            case ast.Name(id=name):
                return name, first
            case _:
                return "", first


def _names(value: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}


def calls_beside(document: Document, node: ast.expr, intent: AddLoading) -> Iterator[tuple[ast.Call, set[str]]]:
    """The calls elsewhere that name what lookups of the intent go on from, each with those that go there.

    One that runs whenever the expression does takes the other joins too.
    """
    if not intent.beside or any(_goes_on(lookup, node) for lookup in intent.beside):
        return
    found: dict[ast.Call, set[str]] = {}
    calls = [(name, call) for name, call in _calls(*_holder(document, node)) if name in _LOADS]
    for lookup in sorted(intent.beside):
        named = [call for _, call in calls if any(_goes_on(lookup, arg) for arg in call.args)]
        if len(named) == 1:
            found.setdefault(named[0], set()).add(lookup)
    for name, call in calls:
        if len(found) == 1 and call in found and name == "select_related" and _in_one_block(document, node, call):
            found[call] |= set(intent.select_related)
    yield from found.items()


def _goes_on(lookup: str, node: ast.AST) -> bool:
    return any(
        isinstance(one, ast.Constant) and isinstance(one.value, str) and lookup.startswith(f"{one.value}__")
        for one in ast.walk(node)
    )


def _in_one_block(document: Document, one: ast.AST, other: ast.AST) -> bool:
    first, second = (
        next(above for above in document.above(node) if isinstance(above, ast.stmt)) for node in (one, other)
    )
    parent = document.parents[first]
    blocks = [getattr(parent, name, []) for name in ("body", "orelse", "finalbody")]
    return any(first in block and second in block for block in blocks)


def _check(held: set[str], scope: ast.AST, intent: AddLoading) -> None:
    for name, call in _calls(held, scope):
        row = f"`.{name}()` in line {call.lineno}"
        keywords = {keyword.arg for keyword in call.keywords}
        if name == "select_for_update" and intent.select_related and "of" not in keywords:
            raise CannotPlace(f"{row} would lock the joined rows too")
        if name == "only" and intent.select_related:
            raise CannotPlace(f"{row} keeps columns away that the loading needs")
        if (
            name in ("iterator", "aiterator")
            and intent.prefetch_related
            and not (call.args or "chunk_size" in keywords)
        ):
            raise CannotPlace(f"{row} fetches no sets without `chunk_size`")


def _calls(held: set[str], scope: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """The calls of methods in some code on what is reached there as `held` tells."""
    if not held:
        return
    inside = list(ast.walk(scope))
    assigned = [bound for node in inside for bound in _bound(node)]
    known = 0
    while known < len(held):  # what is made of it under another name is the same rows still
        known = len(held)
        held |= {name for name, value in assigned if _roots(value) & held}
    for call in inside:
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and _roots(call.func.value) & held:
            yield call.func.attr, call


def _holder(document: Document, node: ast.AST) -> tuple[set[str], ast.AST]:
    """What an expression is reached by, as it is written, and the code in which it is."""
    above = list(document.above(node))
    scope = next((one for one in above if isinstance(one, _SCOPES)), document.tree)
    owner = next((one for one in above if isinstance(one, ast.ClassDef)), None)
    for one in (node, *above):
        if one is scope:
            break
        names = {name for name, _ in _bound(one)}
        if names and isinstance(scope, ast.ClassDef):
            return {f"self.{name}" for name in names} | {"self.get_queryset()", "super().get_queryset()"}, scope
        if names:
            wider = owner if owner is not None and any(name.startswith("self.") for name in names) else scope
            return names, wider
        if isinstance(one, ast.Return) and isinstance(scope, FUNCTIONS):
            return _given_by(scope.name, owner), owner or document.tree
    return set(), scope


def _given_by(function: str, owner: ast.ClassDef | None) -> set[str]:
    """How the result of a function or method is written where it is called."""
    return {f"{function}()"} if owner is None else {f"self.{function}()", f"super().{function}()", f"cls.{function}()"}


def _hands_back(func: ast.expr) -> bool:
    """Whether a call may give back its argument with more or less in it: a function, or `self.filter_queryset(...)`."""
    match func:
        case ast.Name() | ast.Attribute(value=ast.Name(id="self") | ast.Call(func=ast.Name(id="super"))):
            return True
        case _:
            return False


def _bound(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """What a statement or `:=` assigns: to what, as it is written, and the value."""
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from ((ast.unparse(target), value) for target in targets)
        case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
            yield ast.unparse(target), value
        case _:
            pass


def _roots(value: ast.expr) -> set[str]:
    """What a chain of calls starts from, and all that it is on the way: `a.b()` and `a` of `a.b().c()`."""
    found: set[str] = set()
    node: ast.expr = value
    while True:
        match node:
            case ast.Call(func=func, args=args):
                found.add(f"{ast.unparse(func)}()")
                if args and _hands_back(func):
                    found |= _roots(args[0])
                node = func
            case ast.Attribute(value=inner):
                found.add(ast.unparse(node))
                node = inner
            case ast.Name(id=name):
                return found | {name}
            case _:
                return found
