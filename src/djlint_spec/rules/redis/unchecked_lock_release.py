"""A lock is released on a path on which it was never taken."""

from __future__ import annotations

from collections.abc import Iterator

from djlint_spec.diagnostics import Applicability, Finding, Fix, GuardLockRelease, Related
from djlint_spec.flow.held import Standing
from djlint_spec.flow.lock_kinds import Family
from djlint_spec.flow.releases import FaultyRelease, faulty_releases
from djlint_spec.project import Function, Project
from djlint_spec.rules import rule

_THEN = {
    Family.REDIS: "LockError takes the place of the error that happened",
    Family.THREAD: "another thread's lock is released, or RuntimeError hides the error that happened",
    Family.REENTRANT: "RuntimeError takes the place of the error that happened",
    Family.PROCESS: "another process's lock is released",
    Family.ASYNCIO: "another coroutine's lock is released, or RuntimeError hides the error that happened",
    Family.CACHE_KEY: "the key of another is deleted",
    Family.REDIS_KEY: "the key of another is deleted",
    Family.ADVISORY: "nothing is released and the work was not alone",
}


@rule
def check(function: Function, project: Project) -> Iterator[Finding]:
    """One finding for each release that a path reaches without the lock."""
    for fault in faulty_releases(project, function):
        span = fault.function.module.span(fault.release)
        acquire = fault.function.module.span(fault.acquire)
        guard = " (locked() is true when anyone holds it)" if fault.behind_locked else ""
        yield Finding(
            span,
            f"`{fault.lock}` is released also when {_path(fault)}: {_THEN[fault.family]}{guard}",
            help=_help(fault),
            fix=Fix(
                "Release the lock only where it was taken",
                Applicability.UNSAFE,
                (GuardLockRelease(span, acquire),),
            ),
            related=(Related(acquire, "taken here"),),
        )


def _path(fault: FaultyRelease) -> str:
    call = _acquire_text(fault)
    match fault.standing:
        case Standing.FAILED:
            return f"`{call}` returned False"
        case Standing.PENDING:
            return f"`{call}` returned False, which is never looked at"
        case Standing.RAISED:
            return f"`{call}` raised"
        case Standing.RELEASED:
            return "it has been released before"
        case _:
            return f"`{call}` never ran"


def _acquire_text(fault: FaultyRelease) -> str:
    text = " ".join(fault.function.module.text(fault.acquire).split())
    return text.removeprefix(f"{fault.lock}.") if fault.family.is_object else text


def _help(fault: FaultyRelease) -> str:
    if fault.family is Family.ADVISORY:
        unlock = 'cursor.execute("SELECT pg_advisory_unlock(...)")'
        return f"if cursor.fetchone()[0]:\n    try: ...\n    finally: {unlock}"
    text = " ".join(fault.function.module.text(fault.acquire).split())
    waits = "await " if fault.family is Family.ASYNCIO else ""
    release = " ".join(fault.function.module.text(fault.release).split())
    if fault.standing is Standing.FAILED:
        return f"if {waits}{text}:\n    try: ...\n    finally: {release}"
    return f"{waits}{text}\ntry: ...\nfinally: {release}"
