"""What a finding on a secret offers: the variable to read, by the reader at hand, or nothing."""

from __future__ import annotations

import pytest

from djlint_spec.config import Config
from djlint_spec.diagnostics import AddImport, Applicability, Finding, ReplaceExpression
from djlint_spec.engine import check_sources

RANDOM = "gR7xUe2PzKq9vWb4TnYs6LdHc8Mj3FaQ"


def finding(text: str, path: str = "shop/code.py") -> Finding:
    report = check_sources({path: text}, Config(select=("DJS701",)))
    assert len(report.findings) == 1
    return report.findings[0]


def written(text: str) -> str:
    """The first line with its fix in place, the missing import before it."""
    fix = finding(text).fix
    assert fix is not None
    assert fix.applicability is Applicability.UNSAFE
    lead = changed = ""
    for intent in fix.intents:
        match intent:
            case ReplaceExpression(span=span, text=made):
                lines = text.splitlines()
                line = lines[span.row - 1]
                last = lines[span.end_row - 1]
                changed = line[: span.column - 1] + made + last[span.end_column - 1 :]
            case AddImport(module=module, name=""):
                lead = f"{module}; "
            case _:
                raise AssertionError(intent)
    return lead + changed


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        (f"API_TOKEN = '{RANDOM}'", 'os; API_TOKEN = os.environ["API_TOKEN"]'),
        (f"import os; API_TOKEN = '{RANDOM}'", 'import os; API_TOKEN = os.environ["API_TOKEN"]'),
        (f"connect(apiKey='{RANDOM}')", 'os; connect(apiKey=os.environ["API_KEY"])'),
        (f"SHOP = {{'token': '{RANDOM}'}}", "os; SHOP = {'token': os.environ[\"SHOP_TOKEN\"]}"),
        (f"D = {{'default': {{'x-token': '{RANDOM}'}}}}", "os; D = {'default': {'x-token': os.environ[\"X_TOKEN\"]}}"),
        (f"API_TOKEN = '{RANDOM}'.encode()", 'os; API_TOKEN = os.environ["API_TOKEN"].encode()'),
        (f"API_TOKEN = b'{RANDOM}'", 'os; API_TOKEN = os.environ["API_TOKEN"].encode()'),
        (f"API_TOKEN = get_env('A_TOKEN', '{RANDOM}')", 'API_TOKEN = get_env("A_TOKEN")'),
        (f"API_TOKEN = os.getenv('A_TOKEN', '{RANDOM}')", 'os; API_TOKEN = os.environ["A_TOKEN"]'),
        ("user.set_password('kR7-vulcano')", 'os; user.set_password(os.environ["PASSWORD"])'),
    ],
)
def test_the_fix_reads_a_variable_named_like_the_value(text: str, fixed: str) -> None:
    assert written(text) == fixed


def test_the_reader_of_the_module_is_used() -> None:
    text = f"API_TOKEN = '{RANDOM}'; import environ; env = environ.Env(); X = env('X')"
    assert written(text).startswith('API_TOKEN = env("API_TOKEN");')


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (f"API_TOKEN = '{RANDOM}'", "tests/test_api.py"),
        (f"if token == '{RANDOM}': pass", "shop/code.py"),
        ("# ghp_" + "R7xUe2PzKq9vWb4TnYs6LdHc8Mj3FaQ1Zk5V", "shop/code.py"),
        ("use('ghp_" + "R7xUe2PzKq9vWb4TnYs6LdHc8Mj3FaQ1Zk5V')", "shop/code.py"),
    ],
)
def test_where_a_variable_would_not_do_there_is_no_fix(text: str, path: str) -> None:
    found = finding(text, path)
    assert found.fix is None
    assert found.help == "take it out, and replace it: it is known"


def test_a_migration_is_read_like_any_file() -> None:
    text = "from django.contrib.auth.hashers import make_password\n\n\npassword = make_password('admin')\n"
    assert finding(text, "shop/migrations/0001_initial.py").span.row == 4


def test_a_plain_word_that_a_user_account_is_given_is_in_no_environment() -> None:
    found = finding("User.objects.create_user('ada', password='edx')\n")
    assert found.fix is None
    assert found.help == "take it out, and replace it: it is known"
    assert finding("User.objects.create_user('ada', password='hunter2')\n").fix is not None
