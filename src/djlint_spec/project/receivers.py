"""Who listens to the signals of models: decorated receivers and those that are connected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from djlint_spec.facts import tree as t
from djlint_spec.project.calls import calls_mentioning
from djlint_spec.project.models import Model
from djlint_spec.project.symbols import Assigned, Scope, Unknown

if TYPE_CHECKING:
    from djlint_spec.project.project import Project

_SIGNALS = "django.db.models.signals."
_WORDS = ("_save", "_delete", "_init")
_HISTORY = ("simple_history.", "pghistory.", "auditlog.")
"""Packages whose attributes of a model listen to its signals."""


class Receivers:
    """Which models of a project have receivers of which signals."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._everywhere: set[str] = set()
        self._of: dict[Model, set[str]] = {}
        for signal, sender, scope in (*self._decorated(), *self._connected()):
            self._add(signal, sender, scope)

    def may_hear(self, model: Model, *signals: str) -> bool:
        """Whether some receiver is called for one of the signals (`post_save`) when a row of the model is changed."""
        heard = self._everywhere | self._of.get(model, set())
        return not heard.isdisjoint(signals) or self._keeps_history(model)

    def _keeps_history(self, model: Model) -> bool:
        for cls in model.cls.mro:
            for bindings in cls.own.values():
                for binding in bindings:
                    if isinstance(binding, Assigned) and isinstance(binding.value, t.Call):
                        dotted = self._project.dotted(binding.value.func, cls.scope) or ""
                        if dotted.startswith(_HISTORY):
                            return True
        return False

    def _decorated(self) -> Iterator[tuple[str, t.Expr | None, Scope]]:
        for module in self._project.modules:
            if module.is_test or not module.mentions("receiver(") or not module.mentions(*_WORDS):
                continue
            for function in self._project.functions_in(module):
                for dotted, decorator in function.decorator_names():
                    if dotted.startswith("django.dispatch.") and isinstance(decorator, t.Call) and decorator.args:
                        yield from self._pairs(decorator.args[0], _sender(decorator, None), function.defining_scope)

    def _connected(self) -> Iterator[tuple[str, t.Expr | None, Scope]]:
        for site in calls_mentioning(self._project, ".connect(", tests=False):
            match site.call.func:
                case t.Attribute(value=signal, attr="connect"):
                    yield from self._pairs(signal, _sender(site.call, 1), site.scope)
                case _:
                    pass

    def _pairs(
        self, signals: t.Expr, sender: t.Expr | None, scope: Scope
    ) -> Iterator[tuple[str, t.Expr | None, Scope]]:
        several = signals.elements if isinstance(signals, (t.ListExpr, t.TupleExpr)) else (signals,)
        for signal in several:
            dotted = self._project.dotted(signal, scope) or ""
            if dotted.startswith(_SIGNALS):
                yield dotted.removeprefix(_SIGNALS), sender, scope

    def _add(self, signal: str, sender: t.Expr | None, scope: Scope) -> None:
        several = sender.elements if isinstance(sender, (t.ListExpr, t.TupleExpr)) else (sender,)
        for one in several:
            model = self._model(one, scope) if one is not None else None
            if model is None:
                self._everywhere.add(signal)  # of any model, or of one that is not known
            else:
                self._of.setdefault(model, set()).add(signal)

    def _model(self, sender: t.Expr, scope: Scope) -> Model | None:
        if isinstance(sender, t.String):
            return self._project.models.named(sender.value)
        found = self._project.model_in(sender, scope)
        if isinstance(found, Unknown) and scope.module.text(sender).endswith("AUTH_USER_MODEL"):
            found = self._project.models.user
        return None if isinstance(found, Unknown) else found


def _sender(call: t.Call, position: int | None) -> t.Expr | None:
    """The sender that a call names; None for any."""
    for keyword in call.keywords:
        if keyword.name == "sender":
            return None if isinstance(keyword.value, t.Nothing) else keyword.value
    if position is not None and len(call.args) > position:
        return call.args[position]
    return None
