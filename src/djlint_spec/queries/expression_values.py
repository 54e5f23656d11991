"""What single expressions of a function hold, on every way that leads to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.inference.evaluate import Evaluator
from djlint_spec.inference.frames import Frame
from djlint_spec.inference.values import Method, Row, Value, either, options
from djlint_spec.project import Function, Project, Unknown
from djlint_spec.project.models import Model
from djlint_spec.queries.entries import enter
from djlint_spec.queries.suspects import Suspects

_FURTHEST = 3
"""How many calls deep the maker of a queryset is looked for."""
_SHORT = 250


class ExpressionValues:
    """Answers for one project; functions that are called on the way are evaluated once for all questions."""

    def __init__(self, project: Project) -> None:
        self._evaluator = _Watching(project)

    def of(self, function: Function, wanted: Iterable[t.Expr]) -> Mapping[t.Expr, Value]:
        """What each of the expressions in the body of a function holds; none of those that no way leads to."""
        places = {(expr.start, expr.end): expr for expr in wanted}
        held = self._evaluator.watch(function, places)
        return {places[place]: either(values) for place, values in held.items()}


class _Watching(Evaluator):
    """Keeps the values of the expressions that are asked for; nothing of the reads on the way matters."""

    def __init__(self, project: Project) -> None:
        super().__init__(project)
        self._makers = project.once(Suspects).makers
        self.by_kind = {kind: self._watched(evaluate) for kind, evaluate in self.by_kind.items()}
        self._function: Function | None = None
        self._held: dict[tuple[int, int], list[Value]] = {}

    def watch(self, function: Function, places: Iterable[tuple[int, int]]) -> Mapping[tuple[int, int], list[Value]]:
        """The values of the expressions at `places` of a function's body."""
        self._function, self._held = function, {place: [] for place in places}
        self.journal.reads.clear()
        enter(self, function)
        self._function = None
        return {place: values for place, values in self._held.items() if values}

    def _watched(self, evaluate: Callable[..., Value]) -> Callable[..., Value]:
        def evaluated(ev: Evaluator, expr: t.Expr, frame: Frame) -> Value:
            value = evaluate(ev, expr, frame)
            if frame.scope.function is self._function and self._function is not None:
                values = self._held.get((expr.start, expr.end))
                if values is not None:
                    values.append(value)
            return value

        return evaluated

    def call(self, method: Method, args: Sequence[Value], kwargs: Mapping[str, Value], span: Span | None) -> Value:
        if not self.active:
            return super().call(method, args, kwargs, span)
        function = method.function
        if len(self.active) >= _FURTHEST or not (
            function.name in self._makers or len(function.module.body_text(function.node)) <= _SHORT
        ):
            return Unknown("call not followed", function.dotted)
        # Without its reads; what is remembered of a call made so is not taken for the answer of an entered function.
        with self.journal.muted():
            return super().call(method, args, kwargs, span)


def model_of(value: Value | None) -> tuple[Model | None, bool]:
    """The model whose rows a value is on every way, and whether they are of a queryset."""
    models: dict[Model, bool] = {}
    for option in options(value) if value is not None else ():
        if not isinstance(option, Row) or (option.rows is not None and option.rows.loading.locked):
            return None, False  # rows that are locked are taken one by one on purpose
        models[option.model] = option.rows is not None
    if len(models) != 1:
        return None, False
    return next(iter(models.items()))
