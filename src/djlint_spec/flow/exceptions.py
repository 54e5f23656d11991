"""Which handlers catch what: an exception is a dotted name, or a family that some calls may raise."""

from __future__ import annotations

import builtins
import enum
from collections.abc import Iterator

from djlint_spec.facts import tree as t
from djlint_spec.project import Class, External, Project, Scope, Unknown, Value

ANYTHING = "*"
"""Any exception at all, as a call that is not known may raise."""
DATABASE = "*database"
"""What the ORM raises: errors of the database, DoesNotExist, MultipleObjectsReturned."""
HTTP = "*http"
"""What an HTTP client raises."""
MAIL = "*mail"
"""What sending mail raises."""
FAINT = "*faint"
"""What a call may raise of which nothing is known but that it seldom does: handlers see it, nothing is made of it."""
RETRY = "celery.exceptions.Retry"
"""What `retry()` raises once it has sent the message again."""
SPENT = "celery.exceptions.MaxRetriesExceededError"
"""What `retry()` without an exception raises when no retries are left."""
PACKAGE = "*package "
"""Followed by the name of a package: what its functions raise."""

_FAMILIES = {
    DATABASE: ("django.db", "django.core.exceptions", "psycopg", "psycopg2", "sqlite3", "MySQLdb"),
    HTTP: ("requests", "httpx", "urllib", "urllib3", "aiohttp", "http", "socket", "ssl", "json"),
    MAIL: ("smtplib", "socket", "ssl", "anymail"),
}
_OS_ERRORS = frozenset(
    {
        "builtins.OSError", "builtins.IOError", "builtins.ConnectionError", "builtins.TimeoutError",
        "builtins.ValueError", "socket.timeout", "socket.error",
    }
)  # fmt: skip


class Catches(enum.Enum):
    """Whether a handler takes an exception."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


def exception_names(project: Project, expr: t.Expr | None, scope: Scope) -> Iterator[str | None]:
    """Dotted names of the classes of an except clause or a tuple; None for what is not resolved."""
    match expr:
        case None:
            yield "builtins.BaseException"
        case t.TupleExpr(elements=elements) | t.ListExpr(elements=elements):
            for element in elements:
                yield from exception_names(project, element, scope)
        case t.BinOp(left=left, op="+", right=right):
            yield from exception_names(project, left, scope)
            yield from exception_names(project, right, scope)
        case t.Starred(value=value):
            yield from exception_names(project, value, scope)
        case t.Attribute(attr="DoesNotExist" | "MultipleObjectsReturned" | "NotUpdated"):
            yield "django.core.exceptions.ObjectDoesNotExist"
        case t.Attribute(attr="MaxRetriesExceededError"):
            yield SPENT  # `self.MaxRetriesExceededError` of a task
        case _:
            yield from _named(project, expr, scope)


def _named(project: Project, expr: t.Expr, scope: Scope) -> Iterator[str | None]:
    symbol = project.resolve(expr, scope)
    match symbol:
        case Value(expr=t.TupleExpr() | t.ListExpr() | t.BinOp() as value, scope=home):
            yield from exception_names(project, value, home)
        case Unknown():
            # `project` knows the commonest builtins only; an undefined name of an exception is the builtin.
            known = isinstance(expr, t.Name) and _builtin(f"builtins.{expr.id}") is not None
            yield f"builtins.{expr.id}" if known and isinstance(expr, t.Name) else None
        case _:
            yield project.name_of(symbol)


def catches(project: Project, handler: str | None, raised: str) -> Catches:
    """Whether `except handler` takes an exception of the kind `raised`."""
    if handler in ("builtins.BaseException", "builtins.Exception"):
        whole = handler == "builtins.BaseException" or not _is_exit(raised)
        return Catches.YES if whole else Catches.NO
    if handler is None or handler == raised:
        return Catches.MAYBE if handler is None else Catches.YES
    if raised == ANYTHING:
        return Catches.MAYBE
    if raised in _FAMILIES:
        ours = handler.startswith(_FAMILIES[raised]) or (raised != DATABASE and handler in _OS_ERRORS)
        return Catches.MAYBE if ours else Catches.NO
    return _subclass(project, handler, raised)


def _subclass(project: Project, handler: str, raised: str) -> Catches:
    one, other = _builtin(handler), _builtin(raised)
    if one is not None and other is not None:
        return Catches.YES if issubclass(other, one) else Catches.NO
    match project.dotted_symbol(raised):
        case Class() as cls:
            answer = cls.derives_from(handler)
            return {True: Catches.YES, False: Catches.NO, None: Catches.MAYBE}[answer]
        case External():
            return Catches.NO if other is not None else Catches.MAYBE
        case _:
            return Catches.MAYBE


def _is_exit(raised: str) -> bool:
    known = _builtin(raised)
    return known is not None and not issubclass(known, Exception)


def _builtin(dotted: str) -> type[BaseException] | None:
    package, _, name = dotted.rpartition(".")
    found = getattr(builtins, name, None) if package == "builtins" else None
    return found if isinstance(found, type) and issubclass(found, BaseException) else None
