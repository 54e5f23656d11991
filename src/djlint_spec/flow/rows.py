"""What calls of Django's ORM do on a path: rows made, changed by an amount, marked, deleted, looked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec
from msgspec.structs import replace

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import walk
from djlint_spec.flow.exceptions import DATABASE, FAINT
from djlint_spec.flow.history import Effect, History, Store
from djlint_spec.flow.keys import has_keys, refuses
from djlint_spec.flow.markers import defaults_of, fields, lookup_fields
from djlint_spec.flow.values import Outcome, State, Thing, path_of
from djlint_spec.project import Class, Project
from djlint_spec.project.models import Model

_MISSING = "django.core.exceptions.ObjectDoesNotExist"
_LOOKS = frozenset(["exists", "count", "first", "last", "earliest", "latest", "contains", "aggregate", "in_bulk"])
_WRITES = frozenset(["create", "bulk_create", "update", "bulk_update"])
_ONE_ROW = frozenset(["first", "last", "earliest", "latest"])

Outcomes = Iterable[Outcome[History]]
IsFresh = Callable[[t.Expr], bool]


class RowCall(msgspec.Struct, frozen=True):
    """A call on a queryset, a manager or a row of `model`; `is_fresh` tells values that differ from run to run."""

    model: Model
    name: str
    node: t.Call
    span: Span
    is_fresh: IsFresh

    @property
    def method(self) -> str:
        """The name without the `a` of the asynchronous form."""
        return self.name[1:] if self.name in _ASYNC else self.name


_ASYNC = frozenset(
    f"a{name}"
    for name in (
        "create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update", "delete", "get", "save",
        "exists", "count", "first", "last", "earliest", "latest", "contains", "aggregate", "in_bulk",
    )
)  # fmt: skip


def on_rows(call: RowCall, state: State[History]) -> Outcomes:
    """What a method of a queryset or manager may lead to."""
    history = state.facts
    if call.method not in _WRITES:
        history = history.test(fields(lookup_fields(call.node)))
    rows = ("rows", call.model.dotted)
    gone = ("gone", call.model.dotted)
    failed = Outcome(state.with_facts(history), raised=DATABASE)
    match call.method:
        case "create":
            yield from _made(call, given_fields(call), state.with_facts(history))
            return
        case "bulk_create":
            ignores = any(keyword.name in ("ignore_conflicts", "update_conflicts") for keyword in call.node.keywords)
            if not ignores and not has_keys(call.model) and not call.model.unresolved:
                history = history.act(_creates(call), call.node.start)
            yield Outcome(state.with_facts(history.mark([rows])))
        case "get_or_create" | "update_or_create":
            history = history.test([rows]).mark([rows, *fields(defaults_of(call.node))])
            yield Outcome(state.with_facts(history))
        case "update":
            yield Outcome(state.with_facts(_updated(call, history)))
        case "bulk_update":
            named = {part.value for part in walk(call.node.args) if isinstance(part, t.String)}
            history = history.save(None)
            yield Outcome(state.with_facts(history.mark(fields(named))))
        case "delete":
            yield Outcome(state.with_facts(history.mark([gone])))
        case "get":
            yield Outcome(state.with_facts(history.test([gone])))
            yield Outcome(state.with_facts(history.test([rows])), raised=_MISSING)
            failed = Outcome(state.with_facts(history.test([rows])), raised=DATABASE)
        case method if method in _LOOKS:
            history = history.test([gone]) if method in _ONE_ROW else history
            yield Outcome(state.with_facts(history), Thing("rows", call.model.dotted, truth=None))
        case _:
            history = history.test([gone])
            yield Outcome(state.with_facts(history), Thing("rows", call.model.dotted, truth=None))
            return  # lazy: nothing is asked of the database yet
    yield failed


def on_row(call: RowCall, row: Thing | None, state: State[History]) -> Outcomes:
    """What a method of one row may lead to; `row` is what the path knows of it, when it was made here."""
    history = state.facts
    match call.method:
        case "save" | "save_base":
            if row is not None:
                yield from _saved_new(call, row, state)
                return
            assert isinstance(call.node.func, t.Attribute)
            base = path_of(call.node.func.value)
            after = history
            for effect in _deltas(call, history):
                after = after.act(effect, call.node.start)
            yield Outcome(state.with_facts(after.save(base)))
            # That the marker itself cannot be saved is the one gap that the usual order leaves: not held against it.
            marks = fields(name for owner, name in history.pending if owner == base) & history.tested
            yield Outcome(state, raised=FAINT if marks else DATABASE)
        case "delete":
            yield Outcome(state.with_facts(history.mark([("gone", call.model.dotted)])))
            yield Outcome(state, raised=DATABASE)
        case "refresh_from_db" | "arefresh_from_db" | "full_clean" | "clean":
            yield Outcome(state)
            yield Outcome(state, raised=DATABASE)
        case _:
            yield Outcome(state)


def given_fields(call: RowCall) -> frozenset[str] | None:
    """The fields that a constructor or `create` is given a value for that each run gives alike; None for `**`."""
    if any(keyword.name is None for keyword in call.node.keywords):
        return None
    return frozenset(k.name for k in call.node.keywords if k.name is not None and not call.is_fresh(k.value))


def new_row(call: RowCall) -> Thing:
    """A row that a constructor has made and nothing has saved."""
    given = given_fields(call)
    return Thing("new", (call.model.dotted, given))


def _made(call: RowCall, given: frozenset[str] | None, state: State[History]) -> Outcomes:
    history = state.facts
    marked = history.mark([("rows", call.model.dotted)])
    if call.model.unresolved or (given is None and has_keys(call.model)):
        yield Outcome(state.with_facts(marked))
    elif given is not None and refuses(call.model, given):
        # The second run gets an IntegrityError here and goes no further.
        yield Outcome(state.with_facts(replace(marked, once=True)))
    else:
        yield Outcome(
            state.with_facts(history.act(_creates(call), call.node.start).mark([("rows", call.model.dotted)]))
        )
    yield Outcome(state, raised=DATABASE)


def _saved_new(call: RowCall, row: Thing, state: State[History]) -> Outcomes:
    assert isinstance(row.key, tuple)
    given = row.key[1]
    assert isinstance(call.node.func, t.Attribute)
    base = path_of(call.node.func.value) or ""
    names = None if given is None else frozenset(given) | state.facts.of(base)
    state = state.with_facts(state.facts.dropped(base))
    if names is not None and names & {"pk", "id"}:
        yield Outcome(state)  # saving it again is an update
        yield Outcome(state, raised=DATABASE)
        return
    yield from _made(call, names, state)


def _creates(call: RowCall) -> Effect:
    return Effect(f"creates `{call.model.name}`", call.span, Store.DATABASE)


def _deltas(call: RowCall, history: History) -> Iterator[Effect]:
    assert isinstance(call.node.func, t.Attribute)
    base = path_of(call.node.func.value)
    only = next((k.value for k in call.node.keywords if k.name == "update_fields"), None)
    names = None
    if isinstance(only, (t.ListExpr, t.TupleExpr, t.SetExpr)):
        names = {element.value for element in only.elements if isinstance(element, t.String)}
    for owner, attr in sorted(history.deltas):
        if owner == base and attr in call.model.fields and (names is None or attr in names):
            yield _changes(call, attr)


def _changes(call: RowCall, attr: str) -> Effect:
    return Effect(f"changes `{call.model.name}.{attr}` by an amount", call.span, Store.DATABASE)


def _updated(call: RowCall, history: History) -> History:
    marked: set[str] = set()
    for keyword in call.node.keywords:
        if keyword.name is None:
            return history.mark(history.tested)  # fields that are not known
        if is_delta(keyword.value, None, keyword.name):
            history = history.act(_changes(call, keyword.name), call.node.start)
        else:
            marked.add(keyword.name)
    return history.mark(fields(marked))


def is_delta(value: t.Expr, owner: str | None, attr: str) -> bool:
    """Whether a value for `owner.attr` is what it was before plus or minus something: `F("x") + 1`, `row.x - 1`."""
    match value:
        case t.BinOp(op="+" | "-", left=left, right=right):
            return any(_is_old(side, owner, attr) or is_delta(side, owner, attr) for side in (left, right))
        case _:
            return False


def _is_old(expr: t.Expr, owner: str | None, attr: str) -> bool:
    match expr:
        case t.Call(func=t.Name(id="F") | t.Attribute(attr="F"), args=(t.String(value=name),)):
            return name == attr
        case t.Attribute(value=value, attr=name) if owner is not None:
            return name == attr and path_of(value) == owner
        case _:
            return False


def model_method(project: Project, dotted: str) -> tuple[Model, str] | None:
    """The model and the method that `package.module.Model.method` names; None for other names."""
    home, _, name = dotted.rpartition(".")
    cls = project.dotted_symbol(home)
    model = project.models.of(cls) if isinstance(cls, Class) else None
    return None if model is None else (model, name)
