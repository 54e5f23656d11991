"""Reads of the environment: which variable, and what stands in for it when it is not set."""

from __future__ import annotations

import re
from dataclasses import dataclass

from djlint_spec.facts import tree as t

_READER = re.compile(r"(?:^|[._])(?:env|environ|getenv|environment|config|dotenv)(?:$|[._])", re.IGNORECASE)
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*\Z")
_DEFAULTS = ("default", "fallback")


@dataclass(frozen=True, slots=True)
class EnvironmentRead:
    """`os.environ["X"]`, `os.getenv("X", d)`, `env("X", default=d)`, `config("X", default=d)` and their like.

    `reader` is the called function as written (`env.str`), or `os.environ` for a subscript.
    """

    expr: t.Call | t.Subscript
    reader: str
    variable: str
    default: t.Expr | None = None


def environment_read(expr: t.Expr) -> EnvironmentRead | None:
    """The read that an expression is, None for anything else.

    Told by the reader's name: django-environ, environs and decouple all hand out an object that the project names,
    by custom `env` or `config`; functions of a project's own are named after it too (`get_env`, `env_str`).
    """
    match expr:
        case t.Subscript(value=holder, index=t.String(value=variable)):
            name = dotted_text(holder)
            return EnvironmentRead(expr, name, variable) if name.rpartition(".")[2] == "environ" else None
        case t.Call(func=func, args=(t.String(value=variable), *rest)):
            name = dotted_text(func)
            if not _READER.search(name):
                return None
            if rest and isinstance(rest[0], t.String) and name.endswith("config.get") and not _VARIABLE.match(variable):
                variable, rest = rest[0].value, rest[1:]  # configparser: a section, then the option
            return EnvironmentRead(expr, name, variable, _default(expr, rest))
        case _:
            return None


def _default(call: t.Call, rest: list[t.Expr]) -> t.Expr | None:
    for keyword in call.keywords:
        if keyword.name in _DEFAULTS:
            return keyword.value
    return rest[0] if rest else None


def dotted_text(expr: t.Expr) -> str:
    """`a.b.c` of names and dots as written; the empty string for anything else."""
    parts: list[str] = []
    while isinstance(expr, t.Attribute):
        parts.append(expr.attr)
        expr = expr.value
    if not isinstance(expr, t.Name):
        return ""
    return ".".join([expr.id, *reversed(parts)])
