"""Reads of the environment: which variable, and what stands in for it when it is not set."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from djlint_spec.facts import tree as t
from djlint_spec.project.module import Module
from djlint_spec.project.symbols import External, Imported, Value

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

_READER = re.compile(r"(?:^|[._])(?:env|environ|getenv|environment|config|dotenv)(?:$|[._])", re.IGNORECASE)
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*\Z")
_DEFAULTS = ("default", "fallback")


class EnvironmentRead(msgspec.Struct, frozen=True):
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


class Reader(msgspec.Struct, frozen=True):
    """How a module reads the environment: `os.environ`, `environ`, `env`, `config`."""

    name: str
    missing_import: str = ""
    """The module that must be imported first."""

    def reading(self, variable: str) -> str:
        """The expression that reads a variable and fails where it is not set."""
        return f'{self.name}["{variable}"]' if self.name.endswith("environ") else f'{self.name}("{variable}")'


_READERS = ("environ.Env", "environ.environ.Env", "environs.Env", "environs.env.Env", "environ.FileAwareEnv")
_DECOUPLE = ("decouple.config", "decouple.AutoConfig")


def reader_in(project: Project, module: Module) -> Reader:
    """The reader that a module has at hand: django-environ's, environs' or decouple's, else `os.environ`."""
    for name in ("env", "ENV", "config"):
        if module.mentions(f"{name}(", f"{name}.", f"import {name}"):
            match project.global_name(module, name):
                case Value(expr=t.Call(func=func), scope=scope) if project.dotted(func, scope) in _READERS + _DECOUPLE:
                    return Reader(name)
                case External(dotted=dotted) if dotted in _DECOUPLE:
                    return Reader(name)
                case _:
                    pass
    names = module.bindings.names
    if "environ" in names and any(isinstance(b, Imported) and b.module == "os" for b in names["environ"]):
        return Reader("environ")
    has_os = any(isinstance(b, Imported) and b.module == "os" and b.name is None for b in names.get("os", ()))
    return Reader("os.environ", "" if has_os else "os")
