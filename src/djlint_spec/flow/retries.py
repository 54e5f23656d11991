"""What becomes of a task's `retry()`: where its exception ends up, and which handlers wait for one that never comes.

`celery/app/task.py` of Celery 5.7: `retry()` sends the message again and raises Retry; when the retries are spent it
raises `exc`, or MaxRetriesExceededError without one. Retries of `autoretry_for` happen outside the body.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import calls, statements_of
from djlint_spec.flow.calls import callee, never_raises
from djlint_spec.flow.client import Client
from djlint_spec.flow.exceptions import ANYTHING, RETRY, SPENT, exception_names
from djlint_spec.flow.values import Outcome, State, Value
from djlint_spec.flow.walk import Walk
from djlint_spec.project import Function, Project
from djlint_spec.project.tasks import Task

_RESULT = frozenset({"timeout", "propagate", "interval", "disable_sync_subtasks"})
_BROAD = frozenset({"builtins.Exception", "builtins.BaseException"})


class Swallowed(msgspec.Struct, frozen=True):
    """A `retry()` after which the task goes on: its exception is caught, or (`throw=False`) it raises none.

    `alone` when the call is a statement of its own.
    """

    span: Span
    thrown: bool
    alone: bool = False


class _Sent(msgspec.Struct, frozen=True):
    call: t.Call
    thrown: bool


_Facts = frozenset[_Sent]


def swallowed_retries(task: Task) -> Iterator[Swallowed]:
    """The retries of a task after which a path ends as if nothing had happened."""
    function = task.function
    if not task.is_bound or not function.mentions(".retry("):
        return
    client = _Retries(task.project, function)
    client.walk = Walk(client)
    exits = client.walk.run(State(frozenset()))
    if exits is None:
        return
    ended = {sent for state, _ in exits.returned for sent in state.facts if sent.thrown}
    alone = {one.value.start for one in statements_of(function.body) if isinstance(one, t.ExprStmt)}
    for sent in sorted(ended | client.went_on, key=lambda sent: sent.call.start):
        yield Swallowed(function.module.span(sent.call), sent.thrown, sent.call.start in alone)


class _Retries(Client[_Facts]):
    """Follows the messages that a path has sent again."""

    walk: Walk[_Facts]
    widens = True

    def __init__(self, project: Project, function: Function) -> None:
        super().__init__(project, function)
        self.went_on: set[_Sent] = set()

    def call(self, node: t.Call, func: Value, args: Sequence[Value], state: State[_Facts]) -> Iterable[Outcome[_Facts]]:
        if is_retry(self.function, node):
            thrown = not _is_given(node, "throw", False)
            if thrown and not self._is_caught():
                yield Outcome(state, raised=RETRY)
            else:
                sent = state.with_facts(state.facts | {_Sent(node, thrown)})
                yield Outcome(sent, raised=RETRY) if thrown else Outcome(sent)
            yield Outcome(state, raised=ANYTHING if _has(node, "exc") else SPENT)
            return
        if never_raises(self.project, node, self.function.scope):
            yield Outcome(state)
            return
        self.went_on |= {sent for sent in state.facts if not sent.thrown}
        yield Outcome(state)
        yield Outcome(state, raised=ANYTHING)

    def _is_caught(self) -> bool:
        """Whether a handler that surely takes the exception stands around, and none of which that is not known."""
        caught = self.walk.protected(lambda name: name in _BROAD)
        return caught and not self.walk.protected(lambda name: name is None)


def is_retry(function: Function, node: t.Call) -> bool:
    """Whether a call is `self.retry()` of a task's function."""
    match node.func:
        case t.Attribute(value=t.Name(id=name), attr="retry"):
            return bool(function.params) and function.params[0].name == name
        case _:
            return False


def unreachable_handlers(task: Task) -> Iterator[Span]:
    """The handlers of MaxRetriesExceededError in a task whose retries never raise it within the body."""
    function = task.function
    if not function.mentions("MaxRetriesExceededError"):
        return
    retries = task.option("autoretry_for") is not None
    for statement in statements_of(function.body):
        if not isinstance(statement, t.Try):
            continue
        inside = list(calls(statement.body))
        own = [call for call in inside if is_retry(function, call)]
        if any(not _has(call, "exc") for call in own) or not (own or retries):
            continue
        if any(_may_spend(task.project, call, function) for call in inside if call not in own):
            continue
        if any(isinstance(inner, t.Raise) and inner.exception is not None for inner in statements_of(statement.body)):
            continue
        for handler in statement.handlers:
            if handler.type is not None and SPENT in _names(task.project, handler, function):
                yield function.module.span(handler.type)


def _names(project: Project, handler: t.Handler, function: Function) -> set[str | None]:
    names = set(exception_names(project, handler.type, function.scope))
    return names if len(names) == 1 else set()  # beside others, the handler runs for these


def _may_spend(project: Project, call: t.Call, function: Function) -> bool:
    """Whether a call may lead to another `retry()`: one of some task, or a function that has one."""
    if isinstance(call.func, t.Attribute):
        if call.func.attr in ("retry", "apply"):
            return True
        # The result of another task: `result.get(timeout=10)`.
        if call.func.attr in ("get", "join") and not call.args and _RESULT.issuperset(k.name for k in call.keywords):
            return True
    inner = callee(project, call, function.scope)
    return inner is not None and inner.mentions("retry", "MaxRetriesExceededError")


def _has(call: t.Call, name: str) -> bool:
    return any(keyword.name in (name, None) for keyword in call.keywords) or len(call.args) > 2


def _is_given(call: t.Call, name: str, value: bool) -> bool:
    given = next((keyword.value for keyword in call.keywords if keyword.name == name), None)
    return isinstance(given, t.Boolean) and given.value is value
