"""What is known of calls by name: those that never come back, and those that never raise."""

from __future__ import annotations

from collections.abc import Iterable

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import statements_of
from djlint_spec.flow.origins import self_class
from djlint_spec.flow.values import path_of
from djlint_spec.project import Class, Function, Project, Scope

_LEAVING = frozenset(
    {
        "sys.exit", "os._exit", "os.abort", "builtins.exit", "builtins.quit", "pytest.fail", "pytest.skip",
        "pytest.exit",
    }
)  # fmt: skip
_LEAVING_METHODS = frozenset({"retry", "fail", "skipTest"})
_LOG_NAMES = frozenset({"log", "logger", "logging", "_log", "_logger", "LOG", "LOGGER"})
_LOG_METHODS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log", "bind"})
_QUIET = frozenset(
    [
        "len",
        "str",
        "repr",
        "print",
        "isinstance",
        "bool",
        "id",
        "type",
        "dict",
        "list",
        "set",
        "tuple",
        "format",
        "hasattr",
        "callable",
    ]
)
_QUIET_DOTTED = frozenset(
    {
        "time.time", "time.monotonic", "time.perf_counter", "time.time_ns", "uuid.uuid4", "uuid.uuid1",
        "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.date.today", "datetime.timedelta",
        "django.utils.timezone.now", "logging.getLogger", "os.getpid", "threading.get_ident",
        "threading.current_thread",
    }
)  # fmt: skip


def never_returns(project: Project, node: t.Call, scope: Scope) -> bool:
    """Whether a call surely raises or ends the process: `sys.exit`, `self.retry`, a function that only raises."""
    func = node.func
    if isinstance(func, t.Attribute) and isinstance(func.value, t.Name):
        cls = self_class(func.value, scope)
        method = cls.method(func.attr) if cls is not None else None
        if method is not None:
            return only_raises(method)
        is_first = scope.function is not None and func.value.id in [p.name for p in scope.function.params[:1]]
        if func.attr in _LEAVING_METHODS and is_first:
            return not any(k.name == "throw" and _is_false(k.value) for k in node.keywords)
    if not isinstance(func, (t.Name, t.Attribute)):
        return False
    symbol = project.resolve(func, scope)
    if isinstance(symbol, Function):
        return only_raises(symbol)
    name = project.name_of(symbol) or path_of(func)
    return name in _LEAVING or f"builtins.{name}" in _LEAVING


def only_raises(function: Function) -> bool:
    """Whether a function is annotated so, or ends in a raise at its top level and never returns or yields before."""
    match function.node.returns:
        case t.Name(id="NoReturn" | "Never") | t.Attribute(attr="NoReturn" | "Never"):
            return True
        case _:
            pass
    if not function.mentions("raise") or function.mentions("yield", "NotImplementedError"):
        return False
    body = function.body
    if not body or not isinstance(body[-1], t.Raise):
        return False
    return not any(isinstance(statement, t.Return) for statement in statements_of(body))


def never_raises(project: Project, node: t.Call, scope: Scope) -> bool:
    """Whether a call is of the few that raise nothing in practice: logging, clocks, `len`, `str`."""
    match node.func:
        case t.Name(id=name) if name in _QUIET:
            return True
        case t.Attribute(value=value, attr=attr) if attr in _LOG_METHODS:
            path = path_of(value)
            if path is not None and path.rpartition(".")[2] in _LOG_NAMES:
                return True
        case _:
            pass
    if not isinstance(node.func, (t.Name, t.Attribute)):
        return False
    return project.dotted(node.func, scope) in _QUIET_DOTTED


def callee(project: Project, node: t.Call, scope: Scope) -> Function | None:
    """The project function that a call runs, where its name tells: a function, a method of self or a class."""
    func = node.func
    if not isinstance(func, (t.Name, t.Attribute)):
        return None
    if isinstance(func, t.Attribute):
        cls = self_class(func.value, scope)
        if cls is not None:
            return cls.method(func.attr)
    match project.resolve(func, scope):
        case Function() as function:
            return function
        case Class() as cls:
            return cls.method("__init__")
        case _:
            return None


def within(node: t.Node, blocks: Iterable[t.Stmt]) -> bool:
    """Whether a node stands in one of the statements."""
    return any(statement.start <= node.start and node.end <= statement.end for statement in blocks)


def _is_false(expr: t.Expr) -> bool:
    return isinstance(expr, t.Boolean) and not expr.value
