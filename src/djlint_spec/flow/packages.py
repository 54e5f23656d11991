"""What calls of packages do on a path: effects outside the database, values to be followed, exceptions."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import msgspec

from djlint_spec.diagnostics import Span
from djlint_spec.facts import tree as t
from djlint_spec.flow import outside
from djlint_spec.flow.calls import never_raises, never_returns
from djlint_spec.flow.exceptions import ANYTHING, FAINT, HTTP, MAIL, PACKAGE
from djlint_spec.flow.fresh import FRESH, makes_fresh
from djlint_spec.flow.history import Effect, History, Store
from djlint_spec.flow.looks import DOUBT
from djlint_spec.flow.markers import fields, lookup_fields
from djlint_spec.flow.values import OPAQUE, Outcome, State, Thing, Value
from djlint_spec.project import Project, Scope

Outcomes = Iterable[Outcome[History]]

MAIL_OBJECT = Thing("made", "django.core.mail.EmailMessage()")
"""A mail that is not sent yet."""
_RESPONSE = Thing("response", "", truth=None)
_LONGEST = 120
_LOOKS_OUTSIDE = ("os.path.", "os.stat", "os.listdir", "pathlib.", "shutil.", "subprocess.", "socket.", "sqlite3.")
_STATUS = frozenset({"status_code", "ok", "is_success", "is_error", "reason", "status", "headers", "elapsed"})
_QUIET = ("builtins.", "typing.", "logging.", "django.", "rest_framework.", "celery.")
_SENDS_ON = frozenset({"delay", "apply_async", "delay_on_commit", "apply_async_on_commit", "s", "si", "signature"})


class PackageCall(msgspec.Struct, frozen=True):
    """A call of something outside the project; `requests` are the urllib requests made so far, by their offset."""

    project: Project
    scope: Scope
    node: t.Call
    args: tuple[Value, ...]
    requests: dict[int, t.Call]

    @property
    def span(self) -> Span:
        """Where the call stands."""
        return self.scope.module.span(self.node)

    @property
    def opened(self) -> t.Call | None:
        """The call that made the urllib request which this one gets."""
        match self.args[0] if self.args else None:
            case Thing(kind="request", key=int(start)):
                return self.requests.get(start)
            case _:
                return None


def on_package(call: PackageCall, dotted: str, state: State[History]) -> Outcomes:
    """What a call of the thing of that dotted name may lead to."""
    node, name = call.node, dotted.rpartition(".")[2]
    if outside.is_mail(dotted) or dotted == f"{MAIL_OBJECT.key}.send":
        how = "sends mail" if name in ("send", "send_messages") else f"sends mail by `{name}`"
        yield from sent(call, how, MAIL, state)
    elif outside.is_http(dotted):
        if outside.posts(call.project, dotted, node, call.opened):
            yield from sent(call, f"sends a POST by `{_short(dotted)}`", HTTP, state, _RESPONSE)
        else:
            yield Outcome(state, _RESPONSE)
            yield Outcome(state, raised=HTTP)
    elif outside.is_sdk_send(dotted) and not outside.has_idempotency_key(node):
        yield from sent(call, f"calls `{_short(dotted)}`", _of_package(dotted), state)
    elif outside.is_request_maker(dotted):
        call.requests[node.start] = node
        yield Outcome(state, Thing("request", node.start))
    elif makes_fresh(dotted):
        yield Outcome(state, FRESH)
    elif never_raises(call.project, node, call.scope):
        yield Outcome(state)
    elif dotted.startswith(_QUIET):
        if name == "Q":
            state = state.with_facts(state.facts.test(fields(lookup_fields(node))))
        yield from quiet(state)
    elif dotted.startswith(_LOOKS_OUTSIDE):
        yield Outcome(state, DOUBT)
        yield Outcome(state, raised=FAINT)
    elif never_returns(call.project, node, call.scope):
        yield Outcome(state, raised=ANYTHING)
    elif dotted.partition(".")[0] in sys.stdlib_module_names:
        yield from quiet(state)
    else:
        yield Outcome(state, _made(f"{dotted}()"))
        yield Outcome(state, raised=_of_package(dotted))


def sent(call: PackageCall, what: str, fails: str, state: State[History], value: Value = OPAQUE) -> Outcomes:
    """An effect outside the database; when it fails, it has not happened."""
    effect = Effect(what, call.span, Store.OUTSIDE)
    yield Outcome(state.with_facts(state.facts.act(effect, call.node.start)), value)
    yield Outcome(state, raised=fails)


def answered(node: t.Call, state: State[History]) -> Outcomes:
    """A method of the answer to a request. `raise_for_status` tells that the request had no effect."""
    raises = isinstance(node.func, t.Attribute) and node.func.attr == "raise_for_status"
    yield Outcome(state, OPAQUE if raises else DOUBT)
    yield Outcome(state, raised=FAINT)


def part_of(base: Value, attr: str) -> Value:
    """The value of an attribute of something that is followed, or of anything else."""
    match base:
        case Thing(kind="doubt"):
            return base
        case Thing(kind="response"):
            return OPAQUE if attr in _STATUS else DOUBT
        case Thing(kind="made", key=str(dotted)):
            return _made(f"{dotted}.{attr}")
        case _:
            return Thing("field", attr, truth=None)


def sends_on(dotted: str) -> bool:
    """Whether a call only hands work to another task."""
    return dotted.rpartition(".")[2] in _SENDS_ON


def quiet(state: State[History]) -> Outcomes:
    """A call that changes nothing and seldom raises."""
    yield Outcome(state)
    yield Outcome(state, raised=FAINT)


def _made(dotted: str) -> Thing:
    return Thing("made", dotted) if len(dotted) < _LONGEST else DOUBT


def _of_package(dotted: str) -> str:
    return f"{PACKAGE}{dotted.partition('.')[0]}"


def _short(dotted: str) -> str:
    # `Session.post` of `requests.Session().post`
    return ".".join(dotted.replace("()", "").split(".")[-2:])
