"""Abstract evaluation of function bodies: what they return, and which queries they run on which rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.inference import attributes, calls, expressions, parameters, statements
from djlint_spec.inference.descent import row_further_down
from djlint_spec.inference.expressions import EVALUATE
from djlint_spec.inference.frames import Frame
from djlint_spec.inference.given import Given
from djlint_spec.inference.memory import (
    CallKey,
    Course,
    KnownCall,
    SharedCalls,
    is_set_on,
    is_untouched,
    taken_over,
)
from djlint_spec.inference.reads import COLUMN, FOLLOWS_ON, HANDED, KEY, Journal, Read
from djlint_spec.inference.values import (
    HOLDING,
    NONE,
    SCALAR,
    Either,
    Instance,
    Items,
    Literal,
    ManagerOf,
    Many,
    Mapped,
    Method,
    QuerySet,
    RelatedSet,
    Row,
    Rows,
    SerializerOf,
    Value,
    either,
    handed,
    options,
)
from djlint_spec.project import Function, Project, Unknown
from djlint_spec.project import Value as Named
from djlint_spec.project.fields import RelationKind
from djlint_spec.project.module import Origin
from djlint_spec.project.symbols import Symbol

_DEEPEST = 16


class Serialization(Protocol):
    """What the serializers of DRF read: given by the room above, which knows their fields."""

    def serialize(self, ev: Evaluator, serializer: SerializerOf, span: Span) -> Value:
        """The value of `serializer.data`."""

    def represent(self, ev: Evaluator, serializer: SerializerOf, instance: Value, span: Span) -> Value:
        """What DRF's own `to_representation` makes of an instance."""


class Evaluator:
    """Evaluates for one question: the reads of everything that it is asked to run gather in `reads`.

    `assumed` fixes tests, by their text, that the code alone does not decide; None where no ways are to be told apart
    by them. `undecided` collects those met; `asked_by_views` are those of them that stand in a view itself, not in what
    it calls.
    """

    def __init__(
        self,
        project: Project,
        *,
        assumed: Mapping[str, bool] | None = None,
        serialization: Serialization | None = None,
        shared: SharedCalls | None = None,
    ) -> None:
        self.project = project
        self.names = project.once(expressions.NamedValues)
        self.journal = Journal()
        self.undecided: dict[str, int] = {}
        self.asked_by_views: set[str] = set()
        self.unknowns: list[Unknown] = []
        self.assigned_to_request: dict[str, list[Value]] = {}
        self.set_on_rows: dict[Rows, set[str]] = {}
        self.fetched: set[tuple[Row, str]] = set()
        self.kept: set[tuple[Function, Row]] | None = None
        """The cached properties that rows have asked for, where all that is evaluated goes through the same rows."""
        self.set_attributes = Given()
        self.tells_ways_apart = assumed is not None
        self.assumed = assumed or {}
        self._serialization = serialization
        self.active: list[CallKey] = []
        self._calls: list[tuple[Function, tuple[Value | None, ...]]] = []
        self._known_calls: dict[CallKey, KnownCall] = {}
        self._shared = shared
        self.course = Course()
        self.meets_calls = type(self).met is not Evaluator.met
        self.steps = 0
        self.context_uses = 0
        self.by_kind = EVALUATE
        """What evaluates each kind of node, called as `(self, node, frame)`: here once for all, as it is so often."""
        self.dropped: Span | None = None
        """Where the statement stands that was begun last of those that make no use of what they evaluate."""

    def apart(self) -> Evaluator:
        """One for what is the same whatever is asked: it knows of no question, and follows every call."""
        return Evaluator(self.project)

    @property
    def reads(self) -> Sequence[Read]:
        """Every query so far."""
        return self.journal.reads

    def doubt(self, cause: str, detail: str = "") -> Unknown:
        """An Unknown that is also counted."""
        unknown = Unknown(cause, detail)
        self.unknowns.append(unknown)
        self.course.met.append(unknown)
        return unknown

    def cut(self) -> None:
        """Note that what is evaluated hangs on what is under way or went before, or tells in what comes after it."""
        self.course.whole = False

    # -------------------------------------------------------------------------------------------- calls
    def call(self, method: Method, args: Sequence[Value], kwargs: Mapping[str, Value], span: Span | None) -> Value:
        """What a function returns; its reads are recorded with the call in their chain."""
        function, receiver = method.function, method.receiver
        if len(self.active) >= _DEEPEST:
            self.cut()
            return self.doubt("calls nested too deeply", function.dotted)
        key = self.call_key(method, args, kwargs)
        if key in self.active:
            self.cut()
            return Unknown("recursive call", function.dotted)
        deeper = row_further_down(self._calls, function, (receiver, *args))
        if deeper is not None:
            self.cut()
            self.follows_on(deeper, span or function.name_span)
            return Unknown("recursive call", function.dotted)
        steps = self.steps
        known = self._known_calls.get(key) or self._taken_over(key)
        if known is not None:
            self.project.tracking.absorb(known.grounds)
            self.context_uses += known.uses_context
        elif not (body := function.body) and function.module.origin is Origin.LIBRARY:
            self.hand_on((*args, *kwargs.values()), span or function.name_span)
            return Unknown("code of a package", function.dotted)
        else:
            known = self._evaluated(key, body, method, args, kwargs)
        self.course.take(key, known, len(self.active), self.steps - steps)
        self.journal.replay(known.reads, span)
        return known.value

    def run_part(self, method: Method, kwargs: Mapping[str, Value], body: Sequence[t.Stmt]) -> None:
        """Evaluate some statements of a function's body, as if it were called; what it then returns is not known."""
        key = self.call_key(method, (), kwargs)
        self._evaluated(key, body, method, (), kwargs)

    def knows(self, key: CallKey) -> bool:
        """Whether a call was evaluated before."""
        return key in self._known_calls

    def _taken_over(self, key: CallKey) -> KnownCall | None:
        """What another evaluator came to by a call, where this one would come to the same."""
        known = self._shared.get(key) if self._shared is not None and self.active else None
        if known is None or len(self.active) + known.height >= _DEEPEST:
            return None
        if self.tells_ways_apart and not is_untouched(known, self.assumed):
            return None
        if self.steps + known.all_steps > statements.MOST_STEPS or is_set_on(self, known):
            return None
        if not known.functions.isdisjoint(function for function, _ in self._calls):
            return None
        self._known_calls.update(taken_over(self, key, known))
        return known

    def _evaluated(
        self, key: CallKey, body: Sequence[t.Stmt], method: Method, args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> KnownCall:
        function, receiver = method.function, method.receiver
        context_uses, steps, outer = self.context_uses, self.steps, self.course
        course = self.course = Course(len(self.active))
        frame = Frame(
            function.scope, parameters.bound(self, function, receiver, args, kwargs), function.owner, receiver
        )
        self.active.append(key)
        self._calls.append((function, (receiver, *args)))
        before = self.journal.begin_call()
        try:
            with self.project.tracking.record() as grounds:
                self.block(body, frame)
        finally:
            reads = self.journal.end_call(before)
            self.active.pop()
            self._calls.pop()
            self.course = outer
        if frame.yields:
            value: Value = Many(either(frame.yields))
        else:
            value = either(frame.returns) if frame.returns else NONE
        repeatable = self.set_attributes.state == key[-1]  # a call that is not run again would not set what it set
        known = KnownCall(
            value,
            reads,
            self.context_uses > context_uses,
            grounds,
            self.steps - steps - course.inner_steps,
            self.steps - steps,
            course.height,
            frozenset((function, *course.functions)),
            course.met,
            repeatable and course.whole,
            course.seen,
        )
        if repeatable:
            self._known_calls[key] = known
            is_for_all = known.whole and not self.tells_ways_apart and not is_set_on(self, known)
            if self._shared is not None and self.active and is_for_all:
                self._shared.put(key, known)
        return known

    def made(self, instance: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Instance:
        """An object after the project's own `__init__` ran: with the attributes that it sets by itself."""
        method = instance.cls.method("__init__")
        key = ("made", instance.cls)
        if method is None or not method.params or method.module.origin is Origin.LIBRARY or key in self.active:
            return instance
        frame = Frame(method.scope, parameters.bound(self, method, instance, args, kwargs), method.owner, instance)
        self.active.append(key)
        try:
            self.block(method.body, frame)
        finally:
            self.active.pop()
        left = frame.env.get(method.params[0].name)
        return left if isinstance(left, Instance) else instance

    def call_key(self, method: Method, args: Sequence[Value], kwargs: Mapping[str, Value]) -> CallKey:
        """What tells calls apart: those with the same key give the same."""
        given = tuple(args), tuple(kwargs.items())
        return method.function, method.receiver, *given, self.journal.mode, self.set_attributes.state

    def forget_call(self, key: CallKey) -> None:
        """Evaluate a call anew when it comes again."""
        self._known_calls.pop(key, None)

    def annotated(self, parameter: t.Parameter, function: Function) -> Value:
        """What a parameter holds that no visible call gives: an instance of a model, by its annotation."""
        return parameters.annotated(self, parameter, function)

    def evaluate_in(self, named: Named) -> Value:
        """The value of an expression in a scope outside any call: a class attribute, a module's name."""
        return self.eval(named.expr, Frame(named.scope, {}))

    def method_on(self, receiver: Value, name: str, *args: Value, span: Span | None = None) -> Value:
        """The result of `receiver.name(*args)`."""
        frame_span = span or Span("", 1, 1, 1, 1)
        return either(
            calls.invoke(self, attributes.attribute(self, option, name, frame_span), list(args), {}, frame_span)
            for option in options(receiver)
        )

    def serialize(self, serializer: SerializerOf, span: Span) -> Value:
        """The representation of what a serializer was given; what it reads is recorded."""
        if self._serialization is None:
            return SCALAR
        self.cut()
        return self._serialization.serialize(self, serializer, span)

    def represent(self, serializer: Value | None, args: Sequence[Value], span: Span) -> Value:
        """What `to_representation` of DRF makes of an instance; what it reads is recorded."""
        if self._serialization is None or not isinstance(serializer, SerializerOf) or not args:
            return SCALAR
        self.cut()
        return self._serialization.represent(self, serializer, args[0], span)

    def in_thread(self, target: Value, args: Sequence[Value], kwargs: Mapping[str, Value], span: Span) -> Value:
        """What a call of something gives that runs in another thread."""
        return calls.invoke(self, target, args, kwargs, span)

    def met(
        self, call: t.Call, target: Value, args: Sequence[Value], kwargs: Mapping[str, Value], frame: Frame
    ) -> None:
        """A call is about to be made; for evaluations that ask what each call runs."""

    # ------------------------------------------------------------------------------------- statements, expressions
    def block(self, body: Sequence[t.Stmt], frame: Frame) -> bool:
        """Run the body of a call; whether control can reach its end."""
        return statements.block(self, body, frame)

    def assign(self, target: t.Expr, value: Value, frame: Frame) -> None:
        """Bind what an assignment's target names."""
        statements.assign(self, target, value, frame)

    def test(self, test: t.Expr, frame: Frame) -> bool | None:
        """Whether a test holds; None when both may be. What the test itself reads is recorded."""
        return statements.holds(self, test, frame)

    def eval(self, expr: t.Expr, frame: Frame) -> Value:
        """What an expression holds; what evaluating it reads is recorded."""
        return self.by_kind[type(expr)](self, expr, frame)

    def symbol(self, symbol: Symbol, expr: t.Expr | None = None) -> Value:
        """The value of what a name stands for."""
        return expressions.named(self, symbol, expr)

    # ------------------------------------------------------------------------------------------ protocols
    def iterate(self, value: Value, span: Span) -> Value:
        """What iterating gives, one element; a queryset is evaluated by it."""
        if type(value) is not Either:
            return self._iterate(value, span)
        filled = [one for one in value.options if not _is_empty(one)]
        return either([self._iterate(option, span) for option in filled or value.options])

    def _iterate(self, value: Value, span: Span) -> Value:
        match value:
            case QuerySet():
                self.evaluated(value, "iterate", span)
                return self.element(value)
            case ManagerOf():
                return Unknown("iterating a manager")
            case Items(elements=elements):
                return either(elements) if elements else Unknown("element of an empty list")
            case Many(element=element):
                return element
            case Mapped(entries=entries, open=is_open, rest=rest) if not is_open or rest is not None:
                keys = [Literal(key) if not isinstance(key, (tuple, dict)) else SCALAR for key, _ in entries]
                return either(keys if rest is None else (*keys, SCALAR))
            case Unknown():
                return value
            case _:
                return Unknown("element of a value")

    def element(self, queryset: QuerySet) -> Value:
        """One row of a queryset, tied to what its rows are read against."""
        if not queryset.loading.rows:
            return SCALAR
        if queryset.loading.empty:
            return Unknown("row of an empty set", queryset.model.name)
        related = queryset.related
        if related is None or related.row.rows is None or related.narrowed is not None:
            # A narrowed set is a queryset of its own, once for each row: what it loads, it loads itself.
            return Row(queryset.model, queryset.rows)
        return Row(queryset.model, related.row.rows, (*related.row.path, related.relation.name))

    def _is_fetched(self, related: RelatedSet) -> bool:
        # The row that a list hangs on may be the one that its code has fetched the set of.
        name, model = related.relation.name, related.row.model
        return any(row.model is model and fetched == name for row, fetched in self.fetched)

    def evaluated(self, queryset: QuerySet, method: str, span: Span) -> None:
        """Note that a queryset runs."""
        related = queryset.related
        if queryset.loading.empty or queryset.held:
            return
        if related is not None:
            self.course.seen[id(related.row.rows)] = related.row.rows
        if related is not None and related.narrowed is None and self._is_fetched(related):
            return
        if related is None:
            self.journal.record(span, rows=None, path=(), to_many=True, method=method, model=queryset.model)
            return
        self.journal.record(
            span,
            rows=related.row.rows,
            path=(*related.row.path, related.relation.name),
            to_many=True,
            method=method,
            model=queryset.model,
            narrowed=related.narrowed,
        )

    def links(self, related: RelatedSet, method: str, span: Span) -> None:
        """Take note that code adds rows to a set, or takes some from it; here nothing comes of it."""

    def text(self, value: Value, span: Span) -> None:
        """Note what turning a value into text reads: `__str__` of rows, rows of querysets."""
        for option in options(value):
            match option:
                case Row(model=model):
                    member = model.cls.find("__str__")
                    if (
                        member is not None
                        and member.function is not None
                        and member.owner.module.origin is not Origin.LIBRARY
                    ):
                        self.call(Method(member.function, option), (), {}, span)
                case QuerySet():
                    self.evaluated(option, "iterate", span)
                case _:
                    pass

    def load(self, row: Row, name: str, span: Span) -> Value:
        """The value of a to-one relation of a row, recorded as read."""
        relation = row.model.relations[name]
        origin = row.rows.of if row.rows is not None and not row.path else None
        if origin is not None and relation.goes_back(origin.relation):
            return origin.row
        path = (*row.path, name)
        for column in relation.columns:
            self.column(row, column, span, method=KEY)
        if row.rows is not None:
            self.journal.record(span, rows=row.rows, path=path, to_many=False, method=None, model=row.model)
        if isinstance(relation.target, Unknown):
            return relation.target
        if relation.kind is RelationKind.GENERIC_FOREIGN_KEY:
            return Unknown("target of a generic foreign key")
        loading = row.loading.behind(name) if row.loading is not None else None
        return Row(relation.target, row.rows, path, loading, lasting=row.lasting)

    def column(self, row: Row, name: str, span: Span, *, method: str = COLUMN) -> None:
        """Note the read of a column, where some rows come without all of theirs."""
        if row.rows is not None and row.rows.loading.defers:
            self.journal.record(
                span, rows=row.rows, path=(*row.path, name), to_many=False, method=method, model=row.model
            )

    def follows_on(self, row: Row, span: Span) -> None:
        """Note that code goes on from a row to the next one of its kind until there is none: no loading reaches all."""
        self.journal.record(
            span,
            rows=row.rows,
            path=row.path,
            to_many=False,
            method=FOLLOWS_ON,
            model=row.model,
            narrowed=FOLLOWS_ON,
        )

    def hand_on(self, values: Iterable[Value], span: Span) -> None:
        """Note that rows, or sets of them, go where nothing is known of what becomes of them."""
        if self.journal.is_muted:
            return
        for value in values:
            if type(value) in HOLDING:
                for rows, path in handed(value):
                    self.journal.record(span, rows=rows, path=path, to_many=False, method=HANDED, model=None)

    def related(self, row: Row, name: str) -> Value:
        """The manager of a to-many relation of a row."""
        relation = row.model.relations[name]
        if isinstance(relation.target, Unknown):
            return relation.target
        return ManagerOf(relation.target, relation.target.default_manager, RelatedSet(row, relation))


def _is_empty(value: Value) -> bool:
    match value:
        case QuerySet(loading=loading):
            return loading.empty
        case Items(elements=elements):
            return not elements
        case _:
            return False
