"""A lock is released on a path on which it was never taken."""

from __future__ import annotations

import re
from collections.abc import Iterator

from djlint_spec.diagnostics import Applicability, Finding, Fix, GuardLockRelease, Related, Span
from djlint_spec.facts import tree as t
from djlint_spec.flow.held import Standing
from djlint_spec.flow.lock_kinds import Family
from djlint_spec.flow.releases import FaultyRelease, faulty_releases_in
from djlint_spec.project import Module, Project
from djlint_spec.rules import rule

_THEN = {
    Family.REDIS: "LockError is raised and hides what really happened",
    Family.THREAD: "RuntimeError is raised, or another thread's lock is released",
    Family.REENTRANT: "RuntimeError is raised and hides what really happened",
    Family.PROCESS: "ValueError is raised, or another process's lock is released",
    Family.ASYNCIO: "RuntimeError is raised, or another task's lock is released",
    Family.CACHE_KEY: "the key that another has set is deleted",
    Family.REDIS_KEY: "the key that another has set is deleted",
    Family.ADVISORY: "nothing is released, and the work was not alone",
}
_THEN_TAKEN = {
    Family.THREAD: "another thread's lock is released",
    Family.PROCESS: "another process's lock is released",
    Family.ASYNCIO: "another task's lock is released",
}
"""Where the acquire did not get the lock, another surely holds it."""


@rule
def check(module: Module, project: Project) -> Iterator[Finding]:
    """One finding for each release that a path reaches without the lock."""
    for fault in faulty_releases_in(project, module):
        span = fault.function.module.span(fault.release)
        acquire = fault.function.module.span(fault.acquire)
        yield Finding(
            span,
            f"`{_release_text(fault)}` also runs when {_path(fault)}: {_then(fault)}",
            help=_help(fault),
            # A guard by the acquire does not tell whether another release came first.
            fix=_fix(span, acquire) if fault.standing is not Standing.RELEASED else None,
            related=(Related(acquire, "taken here"),),
        )


def _fix(release: Span, acquire: Span) -> Fix:
    intents = (GuardLockRelease(release, acquire),)
    return Fix("release the lock only where it was taken", Applicability.UNSAFE, intents)


def _then(fault: FaultyRelease) -> str:
    taken = fault.standing in (Standing.FAILED, Standing.PENDING)
    then = (_THEN_TAKEN.get(fault.family) if taken else None) or _THEN[fault.family]
    return f"{then} (locked() is true when anyone holds it)" if fault.behind_locked else then


def _path(fault: FaultyRelease) -> str:
    call = _text(fault, fault.acquire)
    if fault.family.is_object:
        call = call.removeprefix(f"{fault.lock}.")
    match fault.standing:
        case Standing.FAILED:
            return f"`{call}` returned False"
        case Standing.PENDING:
            return f"`{call}` returned False, which is never looked at"
        case Standing.RAISED:
            return f"`{call}` raised"
        case Standing.RELEASED:
            return "the lock has been let go before"
        case _:
            return f"`{call}` never ran"


def _release_text(fault: FaultyRelease) -> str:
    return "pg_advisory_unlock" if fault.family is Family.ADVISORY else _text(fault, fault.release)


def _help(fault: FaultyRelease) -> str:
    release = _awaited(fault, fault.release)
    if fault.standing is Standing.RELEASED:
        return f"Release it once: leave this `{release}` out."
    acquire = _awaited(fault, fault.acquire)
    cleanup = ("try:", "    ...", "finally:", f"    {release}")
    if fault.family is Family.ADVISORY:
        assert isinstance(fault.acquire.func, t.Attribute)
        cursor = fault.function.module.text(fault.acquire.func.value)
        guarded = (acquire, f"if {cursor}.fetchone()[0]:", *(f"    {line}" for line in cleanup))
    elif fault.standing is Standing.FAILED:
        guarded = (f"if {acquire}:", *(f"    {line}" for line in cleanup))
    else:
        guarded = (acquire, *cleanup)
    return "\n".join(guarded)


def _awaited(fault: FaultyRelease, call: t.Call) -> str:
    before = fault.function.module.facts.text[: call.start].rstrip()
    is_async = fault.family is Family.ASYNCIO and call is fault.acquire
    return f"await {_text(fault, call)}" if is_async or before.endswith("await") else _text(fault, call)


def _text(fault: FaultyRelease, call: t.Call) -> str:
    """The call on one line."""
    text = fault.function.module.text(call)
    if "\n" not in text:
        return text
    return re.sub(r",? \)$", ")", re.sub(r"\(\s+", "(", " ".join(text.split())))
