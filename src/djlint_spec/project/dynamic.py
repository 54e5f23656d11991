"""Classes that a string names at run time: `import_string("shop.mixins.Loud")`, often by way of a setting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import walk
from djlint_spec.project.classes import Class, Function
from djlint_spec.project.symbols import External, Scope

if TYPE_CHECKING:
    from djlint_spec.project.resolution import Resolution

_IMPORTERS = frozenset({"django.utils.module_loading.import_string", "pydoc.locate"})
_SETTINGS = "django.conf.settings."
_DEPTH = 3


def named_by_text(names: Resolution, call: t.Call, scope: Scope) -> Class | None:
    """The class that a call imports by its dotted name; None when the call does something else or the name is not seen.

    The name is a constant or a setting; the function is Django's, or one of the project's that hands its argument on.
    """
    if len(call.args) != 1 or not _imports(names, call.func, scope, _DEPTH):
        return None
    (given,) = call.args
    dotted = names.dotted(given, scope)
    if dotted is not None and dotted.startswith(_SETTINGS):
        setting = names.setting(dotted.removeprefix(_SETTINGS))
        if setting is None:
            return None
        given, scope = setting.expr, setting.scope
    text = names.constant(given, scope)
    symbol = names.dotted_symbol(text) if isinstance(text, str) else None
    return symbol if isinstance(symbol, Class) else None


def _imports(names: Resolution, func: t.Expr, scope: Scope, depth: int) -> bool:
    symbol = names.resolve(func, scope)
    match symbol:
        case Function() if symbol.dotted in _IMPORTERS:
            return True
        case Function(params=(first, *_)) if depth:
            return any(
                _imports(names, inner, symbol.scope, depth - 1)
                for node in walk(symbol.body)
                for inner in _handed_to(node, first.name)
            )
        case External(dotted=dotted):
            return dotted in _IMPORTERS
        case _:
            return False


def _handed_to(node: object, parameter: str) -> Iterator[t.Expr]:
    """The function that a return statement calls with the parameter alone."""
    match node:
        case t.Return(value=t.Call(func=func, args=(t.Name(id=name),))) if name == parameter:
            yield func
        case _:
            pass
