"""Settings that are put together of several files by django-split-settings."""

from __future__ import annotations

import fnmatch
import posixpath
from typing import TYPE_CHECKING

from djlint_spec.facts import tree as t
from djlint_spec.project.module import Module
from djlint_spec.project.symbols import External

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

_WORDS = ("split_settings",)
_INCLUDE = External("split_settings.tools.include")


def included_modules(project: Project, module: Module, call: t.Call) -> tuple[Module, ...]:
    """The modules that a call of `include(...)` runs in a module's namespace, in order; none of any other call.

    Its arguments are paths from the module's folder, with wildcards, and `optional(...)` of them; what matches again is
    not run again. See the package's documentation, "Usage".
    """
    module.tracking.search(_WORDS)
    if not module.once(_WORDS, lambda: module.holds(*_WORDS)) or project.resolve(call.func, module.scope) != _INCLUDE:
        return ()
    folder = module.path.rpartition("/")[0]
    found: dict[str, Module] = {}
    for argument in call.args:
        inner = argument.args[0] if isinstance(argument, t.Call) and argument.args else argument
        if isinstance(inner, t.String):
            pattern = posixpath.normpath(posixpath.join(folder, inner.value))
            others = {other.path: other for other in project.modules if other is not module}
            found.update((path, others[path]) for path in sorted(fnmatch.filter(others, pattern)) if path not in found)
    return tuple(found.values())


def includes_others(project: Project, module: Module) -> bool:
    """Whether a module is put together of others."""
    return any(
        included_modules(project, module, statement.value)
        for statement in module.facts.body
        if isinstance(statement, t.ExprStmt) and isinstance(statement.value, t.Call)
    )
