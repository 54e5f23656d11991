"""Where a text may name a secret."""

from __future__ import annotations

import pytest

from djlint_spec.project.secrets.hints import hints_in
from djlint_spec.project.secrets.names import HINTS

WRITTEN = {
    "pass": "DB_pass = 'a'",
    "key": "api_key = 'a'",
    "create_user": "create_user(x, 'a')",
    "create_superuser": "create_superuser(x, 'a')",
    "auth=(": "auth=('a', 'b')",
    "auth(": "auth('a', 'b')",
}


@pytest.mark.parametrize("hint", HINTS)
def test_each_hint_is_found_where_it_begins(hint: str) -> None:
    text = f"x = 1\n{WRITTEN.get(hint, f'{hint} = {hint!r}')}\n"
    assert text.index(hint) in hints_in(text)
    assert text.index(hint) in hints_in(text.upper())


@pytest.mark.parametrize("text", ["keen = 'a'", "author = 'a'", "secrecy = 'a'", "accrete = 'a'", "token", "key = a"])
def test_other_words_are_none(text: str) -> None:
    assert hints_in(text) == []
