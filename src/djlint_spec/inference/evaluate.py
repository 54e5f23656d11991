"""Abstract evaluation of function bodies: what they return, and which queries they run on which rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.inference import attributes, calls, decide
from djlint_spec.inference.loading import Path
from djlint_spec.inference.values import (
    NONE,
    SCALAR,
    ClassValue,
    Closure,
    Foreign,
    Instance,
    Items,
    Literal,
    ManagerOf,
    Many,
    Mapped,
    Method,
    ModuleValue,
    QuerySet,
    RelatedSet,
    Request,
    Row,
    Rows,
    SerializerOf,
    Super,
    Value,
    either,
    options,
)
from djlint_spec.project import Class, Function, Module, Project, Scope, Unknown
from djlint_spec.project import Value as Named
from djlint_spec.project.constants import Constant
from djlint_spec.project.fields import RelationKind
from djlint_spec.project.models import Model
from djlint_spec.project.module import Origin
from djlint_spec.project.symbols import External, Symbol, target_names

_DEEPEST = 16
_MOST_STEPS = 30_000


@dataclass(frozen=True, slots=True)
class Read:
    """A query that an evaluation runs: at `span`, reached through the calls at `chain`.

    `rows` and `path` tell whose relation is read; rows is None for a query that hangs on no watched row.
    `method` is the call that evaluates (`count`, `filter`, `iterate`), None for plain attribute access.
    `per` are the rows for each of which it runs, None outside any loop over rows. `represented` when a serializer
    reads it.
    """

    span: Span
    rows: Rows | None
    path: Path
    to_many: bool
    method: str | None
    model: Model | None
    chain: tuple[Span, ...] = ()
    narrowed: str | None = None
    per: Rows | None = None
    represented: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """One call under way."""

    scope: Scope
    env: dict[str, Value]
    owner: Class | None = None
    receiver: Value | None = None
    returns: list[Value] = field(default_factory=list)
    yields: list[Value] = field(default_factory=list)

    @property
    def module(self) -> Module:
        """Where the code that runs stands."""
        return self.scope.module


class Serialization(Protocol):
    """What the serializers of DRF read: given by the room above, which knows their fields."""

    def serialize(self, ev: Evaluator, serializer: SerializerOf, span: Span) -> Value:
        """The value of `serializer.data`."""

    def represent(self, ev: Evaluator, serializer: SerializerOf, instance: Value, span: Span) -> Value:
        """What DRF's own `to_representation` makes of an instance."""


class Evaluator:
    """Evaluates for one question: the reads of everything that it is asked to run gather in `reads`.

    `assumed` fixes tests, by their text, that the code alone does not decide. `undecided` collects those met.
    """

    def __init__(
        self,
        project: Project,
        *,
        assumed: Mapping[str, bool] | None = None,
        serialization: Serialization | None = None,
    ) -> None:
        self.project = project
        self.reads: list[Read] = []
        self.undecided: dict[str, int] = {}
        self.unknowns: list[Unknown] = []
        self.assigned_to_request: dict[str, list[Value]] = {}
        self._assumed = assumed or {}
        self._serialization = serialization
        self._active: list[tuple[object, ...]] = []
        self._chain: list[Span] = []
        self._known_calls: dict[tuple[object, ...], tuple[Value, tuple[Read, ...]]] = {}
        self._steps = 0
        self._muted = 0
        self._per: list[Rows] = []
        self._representing = 0

    # -------------------------------------------------------------------------------------------- reads
    def record(
        self,
        span: Span,
        *,
        rows: Rows | None,
        path: Path,
        to_many: bool,
        method: str | None,
        model: Model | None,
        narrowed: str | None = None,
    ) -> None:
        """Note a query."""
        if not self._muted:
            chain, per = tuple(self._chain), self._per[-1] if self._per else None
            represented = bool(self._representing)
            self.reads.append(Read(span, rows, path, to_many, method, model, chain, narrowed, per, represented))

    @contextmanager
    def representing(self) -> Iterator[None]:
        """What runs in the block is a serializer's; the chains of its reads start there."""
        outer, self._chain = self._chain, []
        self._representing += 1
        try:
            yield
        finally:
            self._representing -= 1
            self._chain = outer

    @contextmanager
    def for_each(self, element: Value) -> Iterator[None]:
        """What runs in the block runs once for each row of the set that `element` is one of."""
        row = next((option for option in options(element) if isinstance(option, Row) and option.rows), None)
        if row is None or row.rows is None:
            yield
            return
        self._per.append(row.rows)
        try:
            yield
        finally:
            self._per.pop()

    @contextmanager
    def through(self, span: Span) -> Iterator[None]:
        """What is recorded in the block is reached through `span`."""
        self._chain.append(span)
        try:
            yield
        finally:
            self._chain.pop()

    def _replay(self, reads: Sequence[Read], span: Span | None) -> None:
        chain, per = (*self._chain, *_tail(span)), self._per[-1] if self._per else None
        self.reads.extend(replace(read, chain=(*chain, *read.chain), per=read.per or per) for read in reads)

    @contextmanager
    def muted(self) -> Iterator[None]:
        """Nothing that runs in the block is recorded."""
        self._muted += 1
        try:
            yield
        finally:
            self._muted -= 1

    def doubt(self, cause: str, detail: str = "") -> Unknown:
        """An Unknown that is also counted."""
        unknown = Unknown(cause, detail)
        self.unknowns.append(unknown)
        return unknown

    # -------------------------------------------------------------------------------------------- calls
    def call(self, method: Method, args: Sequence[Value], kwargs: Mapping[str, Value], span: Span | None) -> Value:
        """What a function returns; its reads are recorded with the call in their chain."""
        function, receiver = method.function, method.receiver
        if len(self._active) >= _DEEPEST:
            return self.doubt("calls nested too deeply", function.dotted)
        key = (function, receiver, tuple(args), tuple(kwargs.items()), bool(self._muted), bool(self._representing))
        if key in self._active:
            return Unknown("recursive call", function.dotted)
        known = self._known_calls.get(key)
        if known is not None:
            value, reads = known
            self._replay(reads, span)
            return value
        body = function.body
        if not body and function.module.origin is Origin.LIBRARY:
            return Unknown("code of a package", function.dotted)
        env = self._bind(function, receiver, args, kwargs)
        frame = Frame(function.scope, env, function.owner, receiver)
        outer = self.reads, self._chain, self._per
        self.reads, self._chain, self._per = [], [], []
        self._active.append(key)
        try:
            self.block(body, frame)
        finally:
            self._active.pop()
            inner_reads = self.reads
            self.reads, self._chain, self._per = outer
        if frame.yields:
            value = Many(either(frame.yields))
        else:
            value = either(frame.returns) if frame.returns else NONE
        self._known_calls[key] = (value, tuple(inner_reads))
        self._replay(inner_reads, span)
        return value

    def _bind(
        self, function: Function, receiver: Value | None, args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> dict[str, Value]:
        given = list(args)
        if receiver is not None:
            given.insert(0, receiver)
        env: dict[str, Value] = {}
        rest = dict(kwargs)
        defaults = Frame(function.defining_scope, {})
        for parameter in function.params:
            name = parameter.name
            match parameter.kind:
                case "args":
                    env[name] = Items(tuple(given))
                    given = []
                case "kwargs":
                    env[name] = Mapped(tuple(rest.items()), open="**" in rest)
                case "positional" | "normal" if given:
                    env[name] = given.pop(0)
                case _ if name in rest:
                    env[name] = rest.pop(name)
                case _ if parameter.default is not None:
                    env[name] = self.eval(parameter.default, defaults)
                case _:
                    env[name] = self._annotated(parameter, function)
        return env

    def _annotated(self, parameter: t.Parameter, function: Function) -> Value:
        """What a parameter holds that no visible call gives: an instance of a model, by its annotation."""
        annotation = parameter.annotation
        if annotation is None:
            return Unknown("parameter", parameter.name)
        if isinstance(annotation, t.BinOp):
            annotation = annotation.left
        symbol = self.project.resolve(annotation, function.defining_scope)
        if isinstance(symbol, Named) and isinstance(symbol.expr, t.String):
            symbol = self.project.lookup(symbol.expr.value, function.defining_scope)
        if isinstance(symbol, Class):
            model = self.project.models.of(symbol)
            return Row(model) if model is not None else Instance(symbol)
        return Unknown("parameter", parameter.name)

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
        return self._serialization.serialize(self, serializer, span) if self._serialization else SCALAR

    def represent(self, serializer: Value | None, args: Sequence[Value], span: Span) -> Value:
        """What `to_representation` of DRF makes of an instance; what it reads is recorded."""
        if self._serialization is None or not isinstance(serializer, SerializerOf) or not args:
            return SCALAR
        return self._serialization.represent(self, serializer, args[0], span)

    # --------------------------------------------------------------------------------------- statements
    def block(self, statements: Sequence[t.Stmt], frame: Frame) -> bool:
        """Run statements; whether control can reach their end."""
        return all(self.statement(statement, frame) for statement in statements)

    def statement(self, statement: t.Stmt, frame: Frame) -> bool:
        """Run one statement; whether control can go on after it."""
        self._steps += 1
        if self._steps > _MOST_STEPS:
            if self._steps == _MOST_STEPS + 1:
                self.doubt("body too large to follow")
            return False
        match statement:
            case t.ExprStmt(value=value):
                self.eval(value, frame)
            case t.Assign(targets=targets, value=value):
                result = self.eval(value, frame)
                for target in targets:
                    self.assign(target, result, frame)
            case t.AnnAssign(target=target, value=value):
                if value is not None:
                    self.assign(target, self.eval(value, frame), frame)
            case t.AugAssign(target=target, op=op, value=value):
                self._augment(target, op, self.eval(value, frame), frame)
            case t.Return(value=value):
                frame.returns.append(NONE if value is None else self.eval(value, frame))
                return False
            case t.Raise(exception=exception):
                if exception is not None:
                    self.eval(exception, frame)
                return False
            case t.If(test=test, body=body, orelse=orelse):
                return self._if(test, body, orelse, frame)
            case t.For(target=target, iterable=iterable, body=body, orelse=orelse):
                source = self.eval(iterable, frame)
                element = self.iterate(source, frame.module.span(iterable))
                before = dict(frame.env)
                self.assign(target, element, frame)
                with self.for_each(element):
                    self.block(body, frame)
                _merge(frame.env, before)
                return self.block(orelse, frame)
            case t.While(test=test, body=body, orelse=orelse):
                self.eval(test, frame)
                before = dict(frame.env)
                self.block(body, frame)
                _merge(frame.env, before)
                return self.block(orelse, frame)
            case t.Try():
                return self._try(statement, frame)
            case t.With(items=items, body=body):
                for item in items:
                    entered = self.eval(item.context, frame)
                    if item.target is not None:
                        self.assign(item.target, entered, frame)
                return self.block(body, frame)
            case t.Match(subject=subject, cases=cases):
                return self._match(subject, cases, frame)
            case t.FunctionDef():
                function = self.project.function(frame.module, statement, None, frame.scope.function)
                frame.env[statement.name] = Method(function)
            case t.ClassDef():
                cls = self.project.cls(frame.module, statement, None, frame.scope.function)
                frame.env[statement.name] = ClassValue(cls)
            case t.Jump(kind="break" | "continue"):
                return False
            case t.Delete(targets=targets):
                for target in targets:
                    for name in target_names(target):
                        frame.env.pop(name, None)
            case t.Assert(test=test):
                self.eval(test, frame)
            case t.Import() | t.Scoping() | t.Jump():
                pass
        return True

    def _if(self, test: t.Expr, body: Sequence[t.Stmt], orelse: Sequence[t.Stmt], frame: Frame) -> bool:
        truth = self.test(test, frame)
        if truth is not None:
            decide.narrow(test, truth, frame.env)
            return self.block(body if truth else orelse, frame)
        before = dict(frame.env)
        decide.narrow(test, True, frame.env)
        after_body = self.block(body, frame)
        body_env = dict(frame.env)
        frame.env.clear()
        frame.env.update(before)
        decide.narrow(test, False, frame.env)
        after_else = self.block(orelse, frame)
        if after_body and after_else:
            _merge(frame.env, body_env)
        elif after_body:
            frame.env.clear()
            frame.env.update(body_env)
        return after_body or after_else

    def test(self, test: t.Expr, frame: Frame) -> bool | None:
        """Whether a test holds; None when both may be. What the test itself reads is recorded."""
        truth = decide.truth_of(self, test, frame)
        if truth is None:
            text = " ".join(frame.module.text(test).split())
            self.undecided[text] = self.undecided.get(text, 0) + 1
            return self._assumed.get(text)
        return truth

    def _try(self, statement: t.Try, frame: Frame) -> bool:
        before = dict(frame.env)
        goes_on = self.block(statement.body, frame)
        if goes_on:
            goes_on = self.block(statement.orelse, frame)
        after_body = dict(frame.env)
        for handler in statement.handlers:
            frame.env.clear()
            frame.env.update(before)
            _merge(frame.env, after_body)
            # A handler is the way out when the usual way failed: what it reads is no cost of each row.
            with self.muted():
                handled = self.block(handler.body, frame)
            if handled:
                after_body = {**after_body, **{k: either((v, after_body.get(k, v))) for k, v in frame.env.items()}}
                goes_on = True
        frame.env.clear()
        frame.env.update(after_body)
        return self.block(statement.finalbody, frame) and goes_on

    def _match(self, subject: t.Expr, cases: Sequence[t.MatchCase], frame: Frame) -> bool:
        value = self.eval(subject, frame)
        before = dict(frame.env)
        outcomes: list[dict[str, Value]] = []
        exhausted = False
        for case in cases:
            truth = decide.matches(self, value, case, frame)
            if truth is False:
                continue
            frame.env.clear()
            frame.env.update(before)
            frame.env.update(dict.fromkeys(case.captures, value if case.irrefutable else Unknown("matched part")))
            if case.guard is not None:
                self.eval(case.guard, frame)
            if self.block(case.body, frame):
                outcomes.append(dict(frame.env))
            if truth is True:
                exhausted = True
                break
        if not exhausted:
            outcomes.append(before)
        frame.env.clear()
        for outcome in outcomes:
            _merge(frame.env, outcome)
        return bool(outcomes)

    def _augment(self, target: t.Expr, op: str, value: Value, frame: Frame) -> None:
        if isinstance(target, t.Name):
            old = frame.env.get(target.id, Unknown("unbound name", target.id))
            frame.env[target.id] = decide.binary(op, old, value)

    def assign(self, target: t.Expr, value: Value, frame: Frame) -> None:
        """Bind what an assignment's target names."""
        match target:
            case t.Name(id=name):
                frame.env[name] = value
            case t.TupleExpr(elements=elements) | t.ListExpr(elements=elements):
                match value:
                    case Items(elements=values) if len(values) == len(elements):
                        for element, part in zip(elements, values, strict=True):
                            self.assign(element, part, frame)
                    case _:
                        for element in elements:
                            self.assign(element, Unknown("unpacked value"), frame)
            case t.Starred(value=inner):
                self.assign(inner, Unknown("unpacked value"), frame)
            case t.Attribute(value=inner, attr=attr):
                held = self.eval(inner, frame)
                if isinstance(held, Request):
                    self.assigned_to_request.setdefault(attr, []).append(value)
                elif isinstance(held, Instance) and isinstance(inner, t.Name):
                    others = tuple((key, old) for key, old in held.known if key != attr)
                    frame.env[inner.id] = Instance(held.cls, (*others, (attr, value)))
            case t.Subscript(value=t.Name(id=name), index=t.String(value=key)):
                mapped = frame.env.get(name)
                if isinstance(mapped, Mapped):
                    kept = tuple((old, entry) for old, entry in mapped.entries if old != key)
                    frame.env[name] = Mapped((*kept, (key, value)), mapped.open)
            case _:
                pass

    # -------------------------------------------------------------------------------------- expressions
    def eval(self, expr: t.Expr, frame: Frame) -> Value:
        """What an expression holds; what evaluating it reads is recorded."""
        match expr:
            case t.Name(id=name):
                return self._name(name, expr, frame)
            case t.Attribute(value=value, attr=attr):
                held = self.eval(value, frame)
                span = frame.module.span(expr)
                return either(attributes.attribute(self, option, attr, span) for option in options(held))
            case t.Call():
                return self._call(expr, frame)
            case t.String(value=text):
                return Literal(text)
            case t.Number(value=number):
                return Literal(number)
            case t.Boolean(value=flag):
                return Literal(flag)
            case t.Nothing():
                return NONE
            case t.Bytes(value=raw):
                return Literal(raw)
            case t.Await(value=value) | t.Starred(value=value):
                return self.eval(value, frame)
            case t.TupleExpr(elements=elements) | t.ListExpr(elements=elements) | t.SetExpr(elements=elements):
                return self._items(elements, frame)
            case t.DictExpr(keys=keys, values=values):
                return self._dict(keys, values, frame)
            case t.Subscript(value=value, index=index):
                return calls.index(self, self.eval(value, frame), index, frame)
            case t.BoolOp(op=op, values=values):
                return self._bool(op, values, frame)
            case t.UnaryOp(op="not", operand=operand):
                truth = self.test(operand, frame)
                return SCALAR if truth is None else Literal(not truth)
            case t.UnaryOp(operand=operand):
                self.eval(operand, frame)
                return SCALAR
            case t.BinOp(left=left, op=op, right=right):
                return decide.binary(op, self.eval(left, frame), self.eval(right, frame))
            case t.Compare():
                truth = decide.compare(self, expr, frame)
                return SCALAR if truth is None else Literal(truth)
            case t.IfExp(test=test, body=body, orelse=orelse):
                truth = self.test(test, frame)
                if truth is not None:
                    return self.eval(body if truth else orelse, frame)
                return either((self.eval(body, frame), self.eval(orelse, frame)))
            case t.NamedExpr(target=target, value=value):
                result = self.eval(value, frame)
                self.assign(target, result, frame)
                return result
            case t.Comprehension():
                return self._comprehension(expr, frame)
            case t.FString(parts=parts):
                for part in parts:
                    self.eval(part, frame)
                return SCALAR
            case t.Interpolation(value=value):
                self.text(self.eval(value, frame), frame.module.span(value))
                return SCALAR
            case t.Lambda():
                return Closure(expr, frame.scope)
            case t.Yield(value=value, delegates=delegates):
                if value is not None:
                    held = self.eval(value, frame)
                    frame.yields.append(self.iterate(held, frame.module.span(value)) if delegates else held)
                return Unknown("sent value")
            case t.SliceExpr() | t.Dots() | t.Elided():
                return SCALAR

    def _name(self, name: str, expr: t.Name, frame: Frame) -> Value:
        held = frame.env.get(name)
        if held is not None:
            return held
        if name == "super":
            return Foreign("builtins.super")
        outer = frame.scope.function
        if outer is not None and outer.parent is not None and name in outer.parent.bindings.names:
            return Unknown("name of an enclosing function", name)
        return self.symbol(self.project.lookup(name, _without_class(frame.scope)), expr)

    def symbol(self, symbol: Symbol, expr: t.Expr | None = None) -> Value:
        """The value of what a name stands for."""
        match symbol:
            case Class():
                return ClassValue(symbol)
            case Function():
                return Method(symbol)
            case Module():
                return ModuleValue(symbol)
            case External(dotted=dotted):
                return Foreign(dotted)
            case Named(expr=inner, scope=scope):
                if inner is expr or scope.function is not None:
                    return Unknown("name of an enclosing function")
                key = ("value", inner, scope.module)
                if key in self._active:
                    return Unknown("name defined by itself")
                self._active.append(key)
                try:
                    with self.muted():
                        return self.eval(inner, Frame(scope, {}))
                finally:
                    self._active.pop()
            case Unknown():
                return symbol

    def _call(self, call: t.Call, frame: Frame) -> Value:
        span = frame.module.span(call)
        if isinstance(call.func, t.Name) and call.func.id == "super":
            return self._super(call, frame)
        target = self.eval(call.func, frame)
        args: list[Value] = []
        for argument in call.args:
            value = self.eval(argument, frame)
            if isinstance(argument, t.Starred):
                args.extend(value.elements if isinstance(value, Items) else [Unknown("unpacked arguments")])
            else:
                args.append(value)
        kwargs: dict[str, Value] = {}
        for keyword in call.keywords:
            value = self.eval(keyword.value, frame)
            if keyword.name is not None:
                kwargs[keyword.name] = value
            elif isinstance(value, Mapped):
                kwargs.update({key: entry for key, entry in value.entries if isinstance(key, str)})
                if value.open:
                    kwargs["**"] = Unknown("unpacked arguments")
            else:
                kwargs["**"] = Unknown("unpacked arguments")
        return either(calls.invoke(self, option, args, kwargs, span) for option in options(target))

    def _super(self, call: t.Call, frame: Frame) -> Value:
        owner, receiver = frame.owner, frame.receiver
        if len(call.args) == 2:
            named = self.project.resolve(call.args[0], frame.scope)
            owner = named if isinstance(named, Class) else owner
        if owner is None or receiver is None:
            return Unknown("super() outside a method")
        return Super(owner, receiver)

    def _items(self, elements: Sequence[t.Expr], frame: Frame) -> Value:
        values: list[Value] = []
        for element in elements:
            value = self.eval(element, frame)
            if not isinstance(element, t.Starred):
                values.append(value)
            elif isinstance(value, Items):
                values.extend(value.elements)
            else:
                return Many(self.iterate(value, frame.module.span(element)))
        return Items(tuple(values))

    def _dict(self, keys: Sequence[t.Expr | None], values: Sequence[t.Expr], frame: Frame) -> Value:
        entries: list[tuple[Constant, Value]] = []
        is_open = False
        for key, value in zip(keys, values, strict=True):
            held = self.eval(value, frame)
            if key is None:
                if isinstance(held, Mapped):
                    entries.extend(held.entries)
                    is_open = is_open or held.open
                else:
                    is_open = True
                continue
            match self.eval(key, frame):
                case Literal(value=constant):
                    entries = [entry for entry in entries if entry[0] != constant]
                    entries.append((constant, held))
                case _:
                    is_open = True
        return Mapped(tuple(entries), is_open)

    def _bool(self, op: str, values: Sequence[t.Expr], frame: Frame) -> Value:
        results: list[Value] = []
        for value in values[:-1]:
            held = self.eval(value, frame)
            truth = decide.truthy(held)
            if truth is None:
                results.append(held if op == "or" else SCALAR)
            elif truth is (op == "or"):
                return either((*results, held))
        return either((*results, self.eval(values[-1], frame)))

    def _comprehension(self, expr: t.Comprehension, frame: Frame) -> Value:
        inner = Frame(frame.scope, dict(frame.env), frame.owner, frame.receiver, frame.returns, frame.yields)
        with ExitStack() as loops:
            for generator in expr.generators:
                source = self.eval(generator.iterable, inner)
                row = self.iterate(source, frame.module.span(generator.iterable))
                loops.enter_context(self.for_each(row))
                self.assign(generator.target, row, inner)
                for condition in generator.conditions:
                    self.test(condition, inner)
            if expr.key is not None:
                self.eval(expr.key, inner)
            element = self.eval(expr.element, inner)
        return Mapped((), open=True) if expr.kind == "dict" else Many(element)

    # ------------------------------------------------------------------------------------------ protocols
    def iterate(self, value: Value, span: Span) -> Value:
        """What iterating gives, one element; a queryset is evaluated by it."""
        return either(self._iterate(option, span) for option in options(value))

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
            case Mapped(entries=entries, open=False):
                return either(Literal(key) if not isinstance(key, (tuple, dict)) else SCALAR for key, _ in entries)
            case Unknown():
                return value
            case _:
                return Unknown("element of a value")

    def element(self, queryset: QuerySet) -> Value:
        """One row of a queryset, tied to what its rows are read against."""
        if not queryset.loading.rows:
            return SCALAR
        related = queryset.related
        if related is None:
            return Row(queryset.model, Rows(queryset.model, queryset.loading, queryset.span))
        if related.row.rows is None:
            return Row(queryset.model)
        if related.narrowed is not None:
            # A queryset of its own, once for each row: what it loads, it loads itself.
            return Row(queryset.model, Rows(queryset.model, queryset.loading, queryset.span))
        return Row(queryset.model, related.row.rows, (*related.row.path, related.relation.name))

    def evaluated(self, queryset: QuerySet, method: str, span: Span) -> None:
        """Note that a queryset runs."""
        related = queryset.related
        if related is None:
            self.record(span, rows=None, path=(), to_many=True, method=method, model=queryset.model)
            return
        self.record(
            span,
            rows=related.row.rows,
            path=(*related.row.path, related.relation.name),
            to_many=True,
            method=method,
            model=queryset.model,
            narrowed=related.narrowed,
        )

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
        path = (*row.path, name)
        if row.rows is not None:
            self.record(span, rows=row.rows, path=path, to_many=False, method=None, model=row.model)
        if isinstance(relation.target, Unknown):
            return relation.target
        if relation.kind is RelationKind.GENERIC_FOREIGN_KEY:
            return Unknown("target of a generic foreign key")
        return Row(relation.target, row.rows, path)

    def related(self, row: Row, name: str) -> Value:
        """The manager of a to-many relation of a row."""
        relation = row.model.relations[name]
        if isinstance(relation.target, Unknown):
            return relation.target
        return ManagerOf(relation.target, relation.target.default_manager, RelatedSet(row, relation))


def _tail(span: Span | None) -> tuple[Span, ...]:
    return () if span is None else (span,)


def _without_class(scope: Scope) -> Scope:
    # A method's body does not see the names of its class.
    return Scope(scope.module, scope.cls if scope.function is None else None, scope.function)


def _merge(env: dict[str, Value], other: Mapping[str, Value]) -> None:
    for name, value in other.items():
        mine = env.get(name)
        env[name] = value if mine is None else either((mine, value))
