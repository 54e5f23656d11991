"""What to write so that an `async def` waits for the database: the a-methods of the Django at hand."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from djlint_spec.diagnostics import AddImport, Applicability, AwaitEach, Fix, FixIntent, ReplaceExpression
from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import walk
from djlint_spec.project import Project
from djlint_spec.queries.async_queries import DATA, LOADS, AsyncQuery

_OF_ROWS = frozenset(["save", "delete", "refresh_from_db"])
_OF_USERS = frozenset(
    ["has_perm", "has_perms", "has_module_perms", "get_all_permissions", "get_user_permissions",
     "get_group_permissions"]
)  # fmt: skip
_USERS = "5.2"
_AWAITABLE = _OF_ROWS | _OF_USERS | frozenset(
    ["get", "first", "last", "earliest", "latest", "create", "get_or_create", "update_or_create", "count", "exists",
     "contains", "aggregate", "update", "delete", "bulk_create", "bulk_update", "in_bulk", "add", "set", "remove",
     "clear"]
)  # fmt: skip
"""Methods that have an a-method in every Django from 4.2 on, but for those of users."""
_FUNCTIONS: Mapping[str, str] = {
    "get_object_or_404": "5.0", "get_list_or_404": "5.0", "authenticate": "5.0", "login": "5.0", "logout": "5.0",
}  # fmt: skip
_THREAD = ("asgiref.sync", "sync_to_async")


class AsyncAdvice(msgspec.Struct, frozen=True):
    """What to write, and the fix where one is known."""

    help: str
    fix: Fix | None = None


def advice_for(query: AsyncQuery, project: Project) -> AsyncAdvice:
    """The mend of a query in an `async def`."""
    found = _places(query)
    node, parent = found if found is not None else (None, None)
    if query.method == LOADS:
        return AsyncAdvice(f'load it with the row: select_related("{query.path[-1]}")')
    if query.method == DATA:
        return AsyncAdvice("await sync_to_async(lambda: serializer.data)(), or .adata of an async serializer")
    if query.method == "django.db.transaction.on_commit":
        return AsyncAdvice("call it in the synchronous function that the transaction is in")
    if query.method.startswith("django.db."):
        return AsyncAdvice("put the block in a synchronous function, and await sync_to_async(function)()")
    if node is None:
        return AsyncAdvice("await sync_to_async(...)")
    made = _in_place(query, project, node, parent) if query.direct or _is_of_row(node) else None
    if made is not None:
        text, intents = made
        return AsyncAdvice(f"write {text}", Fix(f"wait: {text}", Applicability.UNSAFE, intents))
    return _in_a_thread(query, node, parent)


def _in_place(
    query: AsyncQuery, project: Project, node: t.Expr, parent: t.Expr | t.Stmt | None
) -> tuple[str, tuple[FixIntent, ...]] | None:
    """The same query, waited for."""
    django, module = project.versions.django, query.module
    text = module.facts.text
    match node:
        case t.Call(func=t.Name(id="list" | "len" | "bool" as name), args=(rows,), keywords=()):
            if name == "list":
                return _replaced(query, node, f"[row async for row in {module.text(rows)}]")
            return _awaited(query, node, parent, f"{module.text(rows)}.{'acount' if name == 'len' else 'aexists'}()")
        case _ if query.method == "iterate":
            return _each(query, node, parent)
        case _ if query.method == "bool":
            return _awaited(query, node, parent, f"{module.text(node)}.aexists()")
        case t.Call(func=t.Attribute(attr=method) as func):
            if method not in _AWAITABLE or (method in _OF_USERS and not django.all_at_least(_USERS)):
                return None
            start = func.end - len(method)
            return _awaited(query, node, parent, f"{text[node.start : start]}a{text[start : node.end]}")
        case t.Call(func=t.Name(id=name) as func) if name in _FUNCTIONS and django.all_at_least(_FUNCTIONS[name]):
            home = project.dotted(func, query.function.scope) or ""
            made = _awaited(query, node, parent, f"a{text[node.start : node.end]}")
            if made is None or not home.startswith("django."):
                return None
            return made[0], (*made[1], AddImport(module.path, home.rpartition(".")[0], f"a{name}"))
        case _:
            return None


def _each(query: AsyncQuery, node: t.Expr, parent: t.Expr | t.Stmt | None) -> tuple[str, tuple[FixIntent, ...]] | None:
    module = query.module
    match parent:
        case t.For(iterable=iterable) if iterable is node:
            pass
        case t.Comprehension(kind=kind, generators=generators) if kind != "generator":
            if not any(one.iterable is node for one in generators):
                return None
        case _:
            return None
    return f"async for ... in {module.text(node)}", (AwaitEach(module.span(node)),)


def _awaited(
    query: AsyncQuery, node: t.Expr, parent: t.Expr | t.Stmt | None, call: str
) -> tuple[str, tuple[FixIntent, ...]] | None:
    if _is_in_generator(query, node):
        return None
    tight = isinstance(parent, (t.Attribute, t.Subscript)) or (isinstance(parent, t.Call) and parent.func is node)
    waited = f"await {call}"
    return _replaced(query, node, f"({waited})" if tight else waited)


def _replaced(query: AsyncQuery, node: t.Expr, text: str) -> tuple[str, tuple[FixIntent, ...]]:
    return text, (ReplaceExpression(query.module.span(node), text),)


def _in_a_thread(query: AsyncQuery, node: t.Expr, parent: t.Expr | t.Stmt | None) -> AsyncAdvice:
    """The synchronous code that queries, called in a thread of its own."""
    module = query.module
    match node:
        case t.Call(func=t.Name() | t.Attribute() as func):
            called, rest = module.text(func), module.facts.text[func.end : node.end]
            made = _awaited(query, node, parent, f"sync_to_async({called}){rest}")
            if made is None:
                return AsyncAdvice(f"await sync_to_async({called})(...)")
            text, intents = made
            added = AddImport(module.path, *_THREAD)
            return AsyncAdvice(
                f"write {text}", Fix(f"call `{called}` in a thread", Applicability.UNSAFE, (*intents, added))
            )
        case _:
            return AsyncAdvice(f"await sync_to_async(lambda: {module.text(node)})()")


def _is_of_row(node: t.Expr) -> bool:
    return isinstance(node, t.Call) and isinstance(node.func, t.Attribute) and node.func.attr in _OF_ROWS


def _is_in_generator(query: AsyncQuery, node: t.Expr) -> bool:
    """Whether a place is in a generator expression, or in a lambda, which nothing can wait in."""
    return any(
        (isinstance(one, t.Lambda) or (isinstance(one, t.Comprehension) and one.kind == "generator"))
        and one.start <= node.start < one.end
        for one in walk(query.function.body)
    )


def _places(query: AsyncQuery) -> tuple[t.Expr, t.Expr | t.Stmt | None] | None:
    """The expression that stands at a query, and the smallest node around it."""
    start, end = _offsets(query)
    found: t.Expr | None = None
    around: t.Expr | t.Stmt | None = None
    for node in walk(query.function.body):
        if not isinstance(node, t.Node) or not node.start <= start <= end <= node.end:
            continue
        if (node.start, node.end) != (start, end):
            around = node  # type: ignore[assignment]  # nodes are expressions and statements
        elif found is None and not isinstance(node, t.ExprStmt):
            found = node  # type: ignore[assignment]
    return (found, around) if found is not None else None


def _offsets(query: AsyncQuery) -> tuple[int, int]:
    starts, span = query.module.line_starts, query.span
    return starts[span.row - 1] + span.column - 1, starts[span.end_row - 1] + span.end_column - 1
