"""Release a lock only on the paths that own it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import msgspec

from djlint_spec.diagnostics import GuardLockRelease
from djlint_spec.fixes.document import CannotPlace, Change, Document

_Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef"
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_HELD = "The lock is held elsewhere."


class _Shape(msgspec.Struct, frozen=True):
    """The parts that a guard is built from: the acquire with its `await`, and the statements around both calls."""

    document: Document
    function: _Function
    acquire: ast.expr
    taking: ast.stmt
    release: ast.stmt
    guard: ast.Try | None


def guard_release(document: Document, intent: GuardLockRelease) -> Iterator[Change]:
    """The changes that make the release depend on the acquire; raises CannotPlace for shapes that need a decision."""
    if intent.acquire.path != intent.release.path:
        raise CannotPlace("the lock is taken in another file")
    shape = _shape(document, intent)
    if (test := _locked_test(shape)) is not None:
        yield from _test_ownership(shape, test)
        return
    taken_inside = shape.guard is not None and _within(shape.taking, shape.guard.body)
    flag = _flag_of(shape)
    if flag is not None:
        yield from _with_flag(shape, flag, declare=taken_inside and not _is_bound_before(shape, flag))
    elif isinstance(shape.taking, ast.Expr) and shape.taking.value is shape.acquire:
        yield from _dropped(shape, inside=taken_inside)
    elif taken_inside:
        yield from _hoisted(shape)
    else:
        raise CannotPlace("what happens without the lock has to be decided")


def _shape(document: Document, intent: GuardLockRelease) -> _Shape:
    acquire = document.expression_at(*document.range_of(intent.acquire))
    release = document.expression_at(*document.range_of(intent.release))
    if acquire is None or release is None:
        raise CannotPlace("the lock's calls are not where they were read")
    functions = [_function_of(document, node) for node in (acquire, release)]
    if functions[0] is None or functions[0] is not functions[1]:
        raise CannotPlace("the lock is taken and released in different functions")
    whole = _awaited(document, acquire)
    taking, releasing = _statement_of(document, acquire), _statement_of(document, release)
    if not isinstance(releasing, ast.Expr):
        raise CannotPlace("the release is part of another statement")
    guard = next(
        (
            node
            for node in document.above(releasing)
            if isinstance(node, ast.Try) and not _within(releasing, node.body) and not _within(releasing, node.orelse)
        ),
        None,
    )
    return _Shape(document, functions[0], whole, taking, releasing, guard)


def _function_of(document: Document, node: ast.AST) -> _Function | None:
    return next((n for n in document.above(node) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))), None)


def _statement_of(document: Document, node: ast.expr) -> ast.stmt:
    return next(found for found in document.above(node) if isinstance(found, ast.stmt))


def _within(statement: ast.stmt, body: Sequence[ast.stmt]) -> bool:
    return any(statement is node for outer in body for node in ast.walk(outer))


def _awaited(document: Document, acquire: ast.expr) -> ast.expr:
    """The acquire with the `await` and the `wait_for(...)` around it."""
    parent = document.parents[acquire]
    match parent:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in ("wait_for", "shield"):
            return _awaited(document, parent)
        case ast.Await():
            return _awaited(document, parent)
        case _:
            return acquire


# ---------------------------------------------------------------------------------------------------- the flag
def _flag_of(shape: _Shape) -> str | None:
    """The name that the acquire's result is kept in already."""
    match shape.taking:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if value is shape.acquire:
            return name
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="execute"))):
            return _fetched(shape)
        case _:
            parent = shape.document.parents[shape.acquire]
            if isinstance(parent, ast.NamedExpr) and isinstance(parent.target, ast.Name):
                return parent.target.id
            return None


def _fetched(shape: _Shape) -> str:
    """The name that the answer of `SELECT pg_try_advisory_lock(...)` is kept in."""
    siblings = _siblings(shape.document, shape.taking)
    following = siblings[siblings.index(shape.taking) + 1 :]
    match following[:1]:
        case [ast.Assign(targets=[ast.Name(id=name)], value=value)] if "fetchone" in shape.document.text_of(value):
            return name
        case _:
            raise CannotPlace("what happens without the lock has to be decided")


def _new_flag(shape: _Shape) -> str:
    used = {node.id for node in ast.walk(shape.function) if isinstance(node, ast.Name)}
    used |= {node.arg for node in ast.walk(shape.function) if isinstance(node, ast.arg)}
    return next(name for name in ("acquired", "lock_acquired", "has_lock", "lock_is_ours") if name not in used)


def _is_bound_before(shape: _Shape, flag: str) -> bool:
    """Whether the flag has a value on every way to the release: set beside or above the `try`."""
    assert shape.guard is not None
    siblings = _siblings(shape.document, shape.guard)
    for node in siblings[: siblings.index(shape.guard)]:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]) if name == flag:
                return True
            case _:
                pass
    return False


def _siblings(document: Document, statement: ast.stmt) -> list[ast.stmt]:
    parent = document.parents[statement]
    for name in ("body", "orelse", "finalbody"):
        found = getattr(parent, name, None)
        if isinstance(found, list) and statement in found:
            return found
    raise AssertionError("a statement stands in a body")


def _with_flag(shape: _Shape, flag: str, *, declare: bool) -> Iterator[Change]:
    if declare:
        assert shape.guard is not None
        yield _line_before(shape.document, shape.guard, f"{flag} = False")
    yield _guarded(shape, flag)


def _guarded(shape: _Shape, test: str) -> Change:
    """The release, one level deeper, below a test."""
    document = shape.document
    start, end = document.extent(shape.release)
    indent = document.indent(start)
    if document.text[document.line_start(start) : start].strip():
        raise CannotPlace("the release shares its line with other code")
    step = _step(document, shape.function)
    lines = document.slice(start, end).split("\n")
    text = f"\n{step}".join(lines)
    return Change(start, end, f"if {test}:\n{indent}{step}{text}", whole=True)


def _step(document: Document, function: _Function) -> str:
    inner = document.indent(document.extent(function.body[0])[0])
    outer = document.indent(document.extent(function)[0])
    return inner[len(outer) :] or "    "


def _line_before(document: Document, statement: ast.stmt, text: str) -> Change:
    start = document.extent(statement)[0]
    line = document.line_start(start)
    if document.text[line:start].strip():
        raise CannotPlace("several statements share a line")
    return Change(line, line, f"{document.indent(start)}{text}\n", whole=True)


# ------------------------------------------------------------------------------------------------------ shapes
def _dropped(shape: _Shape, *, inside: bool) -> Iterator[Change]:
    """`lock.acquire(...)` as a statement of its own, whose result nobody looks at."""
    document = shape.document
    if not inside and shape.guard is not None and _within(shape.taking, [shape.guard]):
        raise CannotPlace("the lock is taken where it is released")
    if any(isinstance(node, _LOOPS) for node in _between(shape)):
        raise CannotPlace("the lock is taken and released in different turns of a loop")
    text = document.text_of(shape.acquire)
    start, end = document.extent(shape.taking)
    indent, step = document.indent(start), _step(document, shape.function)
    if not inside:
        # The work must not run without the lock: that it cannot is an error, as it is for `with lock:`.
        yield Change(
            start,
            end,
            f'if not {text}:\n{indent}{step}raise RuntimeError("{_HELD}")',
            whole=True,
        )
        if shape.guard is None or not _within(shape.release, shape.guard.finalbody):
            yield from _released_at_last(shape)
        return
    assert shape.guard is not None
    if shape.guard.body[0] is shape.taking and not shape.guard.handlers and len(shape.guard.body) > 1:
        yield from _moved_out(shape, can_fail=_can_fail(shape.acquire))
        return
    flag = _new_flag(shape)
    yield _line_before(document, shape.guard, f"{flag} = False")
    yield Change(start, start, f"{flag} = ")
    yield _guarded(shape, flag)


def _between(shape: _Shape) -> Iterator[ast.AST]:
    """The nodes around the acquire that are not around the release."""
    around = set(map(id, shape.document.above(shape.release)))
    return (node for node in shape.document.above(shape.taking) if id(node) not in around)


def _can_fail(node: ast.expr) -> bool:
    call = node.value if isinstance(node, ast.Await) else node
    return isinstance(call, ast.Call) and bool(call.args or call.keywords)


def _moved_out(shape: _Shape, *, can_fail: bool) -> Iterator[Change]:
    """The acquire before the `try` that it is the first statement of."""
    document = shape.document
    assert shape.guard is not None
    start, end = document.extent(shape.taking)
    line, following = document.line_start(start), document.next_line(end)
    if document.text[line:start].strip() or document.text[end:following].strip():
        raise CannotPlace("the acquire shares its line with other code or a comment")
    text = document.text_of(shape.taking)
    if can_fail:
        step = _step(document, shape.function)
        indent = document.indent(document.extent(shape.guard)[0])
        text = f'if not {text}:\n{indent}{step}raise RuntimeError("{_HELD}")'
    elif "\n" in text:
        raise CannotPlace("the acquire spans several lines")
    yield _line_before(document, shape.guard, text)
    yield Change(line, following, "", whole=True)


def _released_at_last(shape: _Shape) -> Iterator[Change]:
    """What stands between acquire and release, in a `try` whose `finally` releases."""
    document = shape.document
    siblings = _siblings(document, shape.taking)
    if shape.release not in siblings:
        raise CannotPlace("the release does not stand beside the acquire")
    first, last = siblings.index(shape.taking) + 1, siblings.index(shape.release)
    work = siblings[first:last]
    if not work:
        return
    if any(isinstance(node, (ast.Return, ast.Yield)) for outer in work for node in ast.walk(outer)):
        raise CannotPlace("the work between acquire and release leaves the function")
    start = document.next_line(document.extent(shape.taking)[1])
    end = document.next_line(document.extent(shape.release)[1])
    indent, step = document.indent(document.extent(shape.taking)[0]), _step(document, shape.function)
    release_start = document.line_start(document.extent(shape.release)[0])
    if _holds_long_text(work):
        raise CannotPlace("a text over several lines stands between acquire and release")
    body = _deeper(document.slice(start, release_start), step)
    tail = _deeper(document.slice(release_start, end), step)
    yield Change(start, end, f"{indent}try:\n{body}{indent}finally:\n{tail}", whole=True)


def _holds_long_text(work: Sequence[ast.stmt]) -> bool:
    return any(
        isinstance(node, (ast.Constant, ast.JoinedStr)) and node.end_lineno != node.lineno
        for outer in work
        for node in ast.walk(outer)
    )


def _deeper(text: str, step: str) -> str:
    return "".join(f"{step}{line}" if line.strip() else line for line in text.splitlines(keepends=True))


def _hoisted(shape: _Shape) -> Iterator[Change]:
    """An acquire in a test: its result is kept, tested where it was, and asked again at the release."""
    document = shape.document
    assert shape.guard is not None
    statement = shape.taking
    flag = _new_flag(shape)
    start, end = document.extent(shape.acquire)
    if not _is_tested_first(shape):
        yield _line_before(document, shape.guard, f"{flag} = False")
        yield Change(start, end, f"({flag} := {document.slice(start, end)})")
        yield _guarded(shape, flag)
        return
    yield _line_before(document, shape.guard, f"{flag} = False")
    yield _line_before(document, statement, f"{flag} = {document.slice(start, end)}")
    yield Change(start, end, flag)
    yield _guarded(shape, flag)


def _is_first(test: ast.expr, acquire: ast.expr) -> bool:
    """Whether the acquire is what the test evaluates first."""
    match test:
        case _ if test is acquire:
            return True
        case ast.UnaryOp(operand=operand):
            return _is_first(operand, acquire)
        case ast.BoolOp(values=[first, *_]) | ast.Compare(left=first):
            return _is_first(first, acquire)
        case _:
            return False


def _is_tested_first(shape: _Shape) -> bool:
    """Whether the acquire can stand on a line of its own before the `if` that tests it."""
    statement = shape.taking
    if not isinstance(statement, ast.If) or not _is_first(statement.test, shape.acquire):
        return False
    return not shape.document.text.startswith("elif", shape.document.extent(statement)[0])


# -------------------------------------------------------------------------------------------------- locked()
def _locked_test(shape: _Shape) -> ast.Call | None:
    """The `lock.locked()` that the release stands behind."""
    parent = shape.document.parents[shape.release]
    match parent:
        case ast.If(test=ast.Call(func=ast.Attribute(attr="locked")) as call) if _within(shape.release, parent.body):
            return call
        case ast.If(test=ast.Await(value=ast.Call(func=ast.Attribute(attr="locked")) as call)) if _within(
            shape.release, parent.body
        ):
            return call
        case _:
            return None


def _test_ownership(shape: _Shape, test: ast.Call) -> Iterator[Change]:
    """Ask for the flag of the acquire instead of the lock's state."""
    document = shape.document
    parent = document.parents[test]
    start, end = document.extent(parent if isinstance(parent, ast.Await) else test)
    flag = _flag_of(shape)
    if shape.guard is None or not _within(shape.taking, shape.guard.body):
        if flag is None:
            raise CannotPlace("what happens without the lock has to be decided")
        yield Change(start, end, flag)
        return
    if flag is None:
        flag = _new_flag(shape)
        yield from (change for change in _keeping(shape, flag))
    elif not _is_bound_before(shape, flag):
        yield _line_before(document, shape.guard, f"{flag} = False")
    yield Change(start, end, flag)


def _keeping(shape: _Shape, flag: str) -> Iterator[Change]:
    """The acquire's result in a name, which is False before."""
    document = shape.document
    assert shape.guard is not None
    yield _line_before(document, shape.guard, f"{flag} = False")
    start, end = document.extent(shape.acquire)
    if isinstance(shape.taking, ast.Expr) and shape.taking.value is shape.acquire:
        yield Change(start, start, f"{flag} = ")
    elif _is_tested_first(shape):
        yield _line_before(document, shape.taking, f"{flag} = {document.slice(start, end)}")
        yield Change(start, end, flag)
    else:
        yield Change(start, end, f"({flag} := {document.slice(start, end)})")
