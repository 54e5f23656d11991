"""Values that differ from run to run: random ones, identifiers made on the spot, the time."""

from __future__ import annotations

import msgspec

from djlint_spec.facts import tree as t
from djlint_spec.facts.walk import walk
from djlint_spec.flow.history import History
from djlint_spec.flow.values import State, Thing
from djlint_spec.project import Project, Scope

FRESH = Thing("fresh", "")
_MADE_BY = (
    "uuid.uuid", "secrets.", "random.", "time.time", "time.monotonic", "os.urandom", "datetime.datetime.now",
    "datetime.datetime.utcnow", "django.utils.timezone.now", "django.utils.crypto.get_random_string",
)  # fmt: skip


def makes_fresh(dotted: str) -> bool:
    """Whether a function of that name gives another value each time."""
    return dotted.startswith(_MADE_BY)


class FreshIn(msgspec.Struct, frozen=True):
    """Tells, of expressions met in one state, whether they hold a value that differs from run to run."""

    project: Project
    scope: Scope
    state: State[History]

    def __call__(self, expr: t.Expr) -> bool:
        for node in walk([expr]):
            match node:
                case t.Name(id=name) if self.state.get(name) == FRESH:
                    return True
                case t.Call(func=(t.Name() | t.Attribute()) as func):
                    dotted = self.project.dotted(func, self.scope)
                    if dotted is not None and makes_fresh(dotted):
                        return True
                case _:
                    pass
        return False
