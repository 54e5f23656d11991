"""Which handlers take what, as Python decides it, and what is not known."""

from __future__ import annotations

import pytest

from djlint_spec.facts import tree as t
from djlint_spec.flow.exceptions import ANYTHING, DATABASE, HTTP, MAIL, Catches, catches, exception_names
from djlint_spec.project import Function
from tests.linked import linked, symbol

SHOP = """
    import socket
    import requests
    from redis.exceptions import LockError
    from django.core.exceptions import ObjectDoesNotExist

    class Busy(ValueError):
        pass

    class Odd(LockError):
        pass

    ERRORS = (Busy, KeyError)

    def f(models, given):
        try:
            pass
        except HANDLER:
            pass
    """


def _names(handler: str) -> list[str | None]:
    project = linked({"shop.py": SHOP.replace("except HANDLER", f"except {handler}" if handler else "except")})
    function = symbol(project, "shop.f")
    assert isinstance(function, Function)
    statement = function.body[0]
    assert isinstance(statement, t.Try)
    return list(exception_names(project, statement.handlers[0].type, function.scope))


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        ("", ["builtins.BaseException"]),
        ("ValueError", ["builtins.ValueError"]),
        ("FloatingPointError", ["builtins.FloatingPointError"]),
        ("(Busy, KeyError)", ["shop.Busy", "builtins.KeyError"]),
        ("ERRORS", ["shop.Busy", "builtins.KeyError"]),
        ("(*ERRORS, OSError)", ["shop.Busy", "builtins.KeyError", "builtins.OSError"]),
        ("ERRORS + (OSError,)", ["shop.Busy", "builtins.KeyError", "builtins.OSError"]),
        ("LockError", ["redis.exceptions.LockError"]),
        ("models.Order.DoesNotExist", ["django.core.exceptions.ObjectDoesNotExist"]),
        ("given", [None]),
        ("given[0]", [None]),
    ],
)
def test_the_classes_of_a_handler(handler: str, expected: list[str | None]) -> None:
    assert _names(handler) == expected


@pytest.mark.parametrize(
    ("handler", "raised", "expected"),
    [
        ("builtins.BaseException", "builtins.SystemExit", Catches.YES),
        ("builtins.Exception", "builtins.SystemExit", Catches.NO),
        ("builtins.Exception", ANYTHING, Catches.YES),
        ("builtins.Exception", "shop.Busy", Catches.YES),
        ("builtins.LookupError", "builtins.KeyError", Catches.YES),
        ("builtins.KeyError", "builtins.LookupError", Catches.NO),
        ("builtins.KeyError", ANYTHING, Catches.MAYBE),
        ("shop.Busy", "shop.Busy", Catches.YES),
        ("builtins.ValueError", "shop.Busy", Catches.YES),
        ("builtins.KeyError", "shop.Busy", Catches.NO),
        ("redis.exceptions.LockError", "shop.Odd", Catches.YES),
        ("builtins.ValueError", "shop.Odd", Catches.YES),
        (None, "builtins.KeyError", Catches.MAYBE),
        ("redis.exceptions.LockError", "builtins.KeyError", Catches.NO),
        ("redis.exceptions.LockError", "redis.exceptions.ConnectionError", Catches.NO),
        ("redis.exceptions.LockError", "celery.unheard.Error", Catches.MAYBE),
        ("builtins.KeyError", "shop.missing", Catches.MAYBE),
        ("django.db.IntegrityError", DATABASE, Catches.MAYBE),
        ("builtins.ConnectionError", DATABASE, Catches.NO),
        ("builtins.ConnectionError", HTTP, Catches.MAYBE),
        ("requests.exceptions.RequestException", HTTP, Catches.MAYBE),
        ("builtins.KeyError", HTTP, Catches.NO),
        ("smtplib.SMTPException", MAIL, Catches.MAYBE),
        ("requests.exceptions.RequestException", MAIL, Catches.NO),
    ],
)
def test_whether_a_handler_takes_an_exception(handler: str | None, raised: str, expected: Catches) -> None:
    project = linked({"shop.py": SHOP.replace("HANDLER", "OSError")})
    assert catches(project, handler, raised) is expected
