"""An exception is let through before the handlers that take any, in each `try` around a call."""

from __future__ import annotations

from textwrap import dedent

import pytest

from djlint_spec.diagnostics import LetThrough
from tests.fixes.lowering import at, fixed, refused


def through(text: str) -> tuple[str, LetThrough]:
    text = dedent(text)
    return text, LetThrough(at(text, "self.retry()"), "celery.exceptions", "Retry")


def test_handlers_that_do_not_take_it_stay_before_it() -> None:
    text, intent = through("""
        def work(self):
            try:
                self.retry()
            except OSError:
                pass
            except Exception:
                pass
    """)
    assert fixed(text, intent) == text.replace(
        "    except Exception", "    except Retry:\n        raise\n    except Exception"
    )


def test_a_try_whose_body_the_call_is_not_in_stays() -> None:
    text, intent = through("""
        def work(self):
            try:
                try:
                    start()
                except Exception:
                    self.retry()
            except Exception:
                pass
    """)
    made = fixed(text, intent)
    assert made.count("except Retry") == 1
    assert made.index("except Retry") > made.index("self.retry()")


def test_functions_around_are_not_gone_through() -> None:
    text, intent = through("""
        try:
            def work(self):
                try:
                    self.retry()
                except Exception:
                    pass
        except Exception:
            pass
    """)
    assert fixed(text, intent).count("except Retry") == 1


@pytest.mark.parametrize(
    ("lead", "why"),
    [
        ("from urllib3 import Retry", "`Retry` is another one"),
        ("import a as b\nfrom x import y as Retry", "`Retry` is another one"),
        ("class Retry: ...", "`Retry` is another one"),
        ("Retry = 3", "`Retry` is another one"),
        ("", "nothing to change"),
    ],
)
def test_what_has_no_place_is_told(lead: str, why: str) -> None:
    handler = "    except Exception:\n        pass\n" if lead else "    finally:\n        pass\n"
    text, intent = through(f"{lead}\ndef work(self):\n    try:\n        self.retry()\n{handler}")
    assert why in refused(text, intent)


def test_a_try_on_one_line_is_left() -> None:
    text, intent = through("try: self.retry()\nexcept Exception: pass\n")
    assert "one line" in refused(text, intent)


def test_a_call_that_is_no_longer_there_is_told() -> None:
    text, intent = through("def work(self):\n    self.retry()\n")
    assert "no call stands" in refused(text.replace("self.retry()", "x = self.retry"), intent)


def test_several_exceptions_of_one_handler_are_looked_through() -> None:
    text, intent = through("""
        from celery.exceptions import Retry

        def work(self):
            try:
                self.retry()
            except (OSError, Exception):
                pass
    """)
    assert "except Retry:\n        raise\n    except (OSError" in fixed(text, intent)
