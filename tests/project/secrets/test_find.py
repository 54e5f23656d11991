"""Which literals of a project are taken for secrets, and how gravely."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from djlint_spec.diagnostics import Severity
from djlint_spec.project.secrets import secrets_of
from tests.linked import linked

RANDOM = "gR7xUe2PzKq9vWb4TnYs6LdHc8Mj3FaQ"
STARTPROJECT = "django-insecure-8k2^vz!q0r7nd$t5x_1mj9@ubh4e&cg6yp3(sf-lao+i%z8r"
GITHUB = "ghp_" + "R7xUe2PzKq9vWb4TnYs6LdHc8Mj3FaQ1Zk5V"


def found(files: Mapping[str, str]) -> list[tuple[str, int, Severity]]:
    project = linked(files)
    secrets = secrets_of(project)
    return [
        (secret.what, secret.span.row, secret.severity) for module in project.modules for secret in secrets.of(module)
    ]


def rows(text: str, path: str = "shop/code.py") -> list[int]:
    return [row for _, row, _ in found({path: text})]


@pytest.mark.parametrize(
    "text",
    [
        f"token = '{RANDOM}'",
        f"a, token = 1, '{RANDOM}'",
        f"self.token = '{RANDOM}'",
        f"settings['API_TOKEN'] = '{RANDOM}'",
        f"tokens[0] = '{RANDOM}'",
        f"token: str = '{RANDOM}'",
        f"token = b'{RANDOM}'",
        f"token = '{RANDOM[:16]}' + '{RANDOM[16:]}'",
        f"token = '{RANDOM}'.encode()",
        f"token = SecretStr('{RANDOM}')",
        f"token: str = Field(default='{RANDOM}')",
        f"token = read() or '{RANDOM}'",
        f"token = a if b else '{RANDOM}'",
        f"SECRET_KEY_FALLBACKS = ['{RANDOM}']",
        f"TOKENS = ('{RANDOM}',)",
        f"TOKENS = {{'{RANDOM}'}}",
        f"use(token := '{RANDOM}')",
        f"use(token=(t := '{RANDOM}'))",
        f"connect(api_key='{RANDOM}')",
        f"d = {{'token': '{RANDOM}'}}",
        f"d = {{**a, 'token': '{RANDOM}'}}",
        f"os.environ.setdefault('API_TOKEN', '{RANDOM}')",
        f"credential('API_TOKEN', '{RANDOM}')",
        f"x = env('API_TOKEN', default='{RANDOM}')",
        f"f = lambda token='{RANDOM}': token",
        f"def f(token='{RANDOM}'): pass",
        f"@with_(token='{RANDOM}')\ndef f(): pass",
        f"class A(B, token='{RANDOM}'): pass",
        f"for x in y:\n    use(token='{RANDOM}')",
        f"while use(token='{RANDOM}'): pass",
        f"with use(token='{RANDOM}') as f: pass",
        f"try:\n    pass\nexcept E:\n    token = '{RANDOM}'",
        f"match x:\n    case 1:\n        token = '{RANDOM}'",
        f"x = [use(token='{RANDOM}') for y in z]",
        f"x = f'{{use(token=\"{RANDOM}\")}}'",
        f"if token == '{RANDOM}': pass",
        f"if '{RANDOM}' != token: pass",
        f"def f():\n    def g():\n        return use(token='{RANDOM}')",
        f"def f():\n    class A:\n        token = '{RANDOM}'",
        f"headers = {{'Authorization': 'Bearer {RANDOM}'}}",
        "headers = {'Authorization': 'Basic YWRhOmtSNy12dWxjYW5vLTkyeA=='}",
        "requests.get(url, auth=('ada', 'kR7-vulcano'))",
        "requests.get(url, auth=HTTPBasicAuth('ada', 'kR7-vulcano'))",
        "db = connect('host=db user=shop password=kR7-vulcano')",
        "url = 'redis://:yT4wq9LzR2mK@queue/0'",
        "url = f'redis://:yT4wq9LzR2mK@{host}/0'",
        "Password = 'İ' and 'kR7-vulcano'",
        "User.objects.create(name='ada', password='ada')",
        "get_or_create_user(password='ada')",
        "new_user_form(password='ada')",
        "User.objects.create_user('ada', None, 'ada')",
    ],
)
def test_a_secret_is_found_wherever_it_gets_its_name(text: str) -> None:
    assert len(rows(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "token = read()",
        "token = f'{a}-{b}'",
        "token = 1",
        "token = ''",
        "token: str",
        "a, token = pair",
        f"a, b = '{RANDOM}', token",
        f"name = '{RANDOM}'",
        f"use('{RANDOM}')",
        f"use(**{{'name': '{RANDOM}'}})",
        f"reverse('ticket', kwargs={{'secret': '{RANDOM}'}})",
        "d = {'code': 'F8VVL', 'secret': '6zzjnumtsx136ddy'}",
        "if token in ('a', 'b'): pass",
        "if token == 'oauth2': pass",
        "headers = {'Authorization': 'Basic YWRhOmFkYQ=='}",
        "headers = {'Authorization': 'Basic *'}",
        "headers = {'Authorization': 'oauth2-bearer-x1'}",
        "requests.get(url, auth=pair)",
        "requests.get(url, auth=('ada', 'secret'))",
        "password = 'pbkdf2_sha256$600000$Zk4vT9mQx2Lr7WnP0cYb5HsE$abc='",
        "reset_password = 'reset-2fa!x'",
        "user.set_password('!')",
        "user.set_password(f'{a}')",
        "user.set_password('!unusable-x1')",
        "user.set_password()",
        "form(password='ada')",
        "create_table(password='ada')",
        "password = 'winter'",
        "token_url = 'https://id.internal/oauth2/token'",
        f"# token = {RANDOM}",
        f'"""\ntoken = "{RANDOM}"\n"""',
        "redis_password = f':{redis_password}@'",
    ],
)
def test_a_text_that_is_no_secret_is_left(text: str) -> None:
    assert rows(text) == []


def test_a_short_token_is_told_when_no_word_is_written_like_it() -> None:
    assert rows("API_TOKEN = '6zzjnumtsx136ddy'") == [1]
    assert rows("API_TOKEN = 'apikey-v2-2024'") == []


def test_a_literal_is_told_once_though_it_has_several_names() -> None:
    assert rows(f"API_TOKEN = os.environ.get('OTHER_TOKEN', '{RANDOM}')") == [1]


def test_the_place_is_the_literals_own_line() -> None:
    assert rows(f"token = env(\n    'TOKEN',\n    default='{RANDOM}',\n)") == [3]


@pytest.mark.parametrize(
    "path", ["shop/tests/test_api.py", "conftest.py", "shop/settings/test.py", "shop/settings/dev.py"]
)
def test_tests_and_development_have_only_long_random_values_told_as_warnings(path: str) -> None:
    text = (
        f"INSTALLED_APPS = []\nSECRET_KEY = 'kR7-vulcano'\nEMAIL_HOST_PASSWORD = 'hunter22'\nAPI_TOKEN = '{RANDOM}'\n"
    )
    text += (
        f"OLD = 'redis://:kR7vulcano12@queue'\nNEW = 'redis://:{RANDOM}@queue'\nSALT = SECRET_KEY == '{STARTPROJECT}'\n"
    )
    assert [(row, severity) for _, row, severity in found({path: text})] == [
        (4, Severity.WARNING),
        (6, Severity.WARNING),
    ]


def test_a_branch_or_a_name_for_development_counts_as_such() -> None:
    text = f"if DEBUG:\n    API_TOKEN = 'kR7-vulcano-8x2'\nelse:\n    API_TOKEN = '{RANDOM}'\n"
    text += "TEST_PASSWORD = 'kR7-vulcano'\nAPI_PASSWORD = 'kR7-vulcano' if DEBUG else read()\n"
    text += "if not DEBUG:\n    pass\nelse:\n    API_PASSWORD = 'kR7-vulcano'\n"
    assert rows(text) == [4]


def test_a_settings_class_for_tests_counts_as_such() -> None:
    text = "class Testing:\n    DB_PASSWORD = 'kR7-vulcano'\nclass Live:\n    DB_PASSWORD = 'kR7-vulcano'\n"
    assert rows(text) == [4]


def test_settings_that_production_can_use_are_judged_severely() -> None:
    settings = "INSTALLED_APPS = []\nSECRET_KEY = 'mountain-river'\nEMAIL_HOST_PASSWORD = 'winter'\n"
    settings += (
        "DATABASES = {'default': {'PASSWORD': 'winter'}}\nAPI_TOKEN = 'winter'\nOTHER = {'PASSWORD': 'winter'}\n"
    )
    assert rows(settings, "shop/settings.py") == [2, 3, 4]


def test_what_startproject_writes_is_told_unless_production_has_another() -> None:
    base = f"INSTALLED_APPS = []\nSECRET_KEY = '{STARTPROJECT}'\n"
    assert rows(base, "shop/settings/base.py") == [2]
    inherits = {"shop/settings/base.py": base, "shop/settings/production.py": "from .base import *\nDEBUG = False"}
    assert [row for _, row, _ in found(inherits)] == [2]
    overrides = {**inherits, "shop/settings/production.py": "from .base import *\nSECRET_KEY = env('SECRET_KEY')"}
    assert found(overrides) == []
    own = {**inherits, "shop/settings/production.py": f"from .base import *\nSECRET_KEY = '{STARTPROJECT}'"}
    assert [(row) for _, row, _ in found(own)] == [2]


def test_shapes_are_found_without_a_name_and_in_comments() -> None:
    text = f"X = '{GITHUB}'\n# {GITHUB}\ndef f():\n    '''Use {GITHUB}.'''\n    return '{GITHUB}'\n"
    assert found({"shop/code.py": text}) == [("a GitHub token", row, Severity.ERROR) for row in (1, 2, 4, 5)]
    assert {severity for _, _, severity in found({"tests/test_a.py": text})} == {Severity.WARNING}


def test_what_must_not_be_shown_is_kept_with_and_without_the_rest_of_the_literal() -> None:
    project = linked({"shop/code.py": f"X = 'Token {GITHUB}'\nY = 'redis://:yT4wq9LzR2mK@queue/0'\n# {GITHUB}\n"})
    values = [secret.values for secret in secrets_of(project).of(project.modules[0])]
    assert values == [
        (GITHUB, f"Token {GITHUB}"),
        ("redis://:yT4wq9LzR2mK@queue/0", "yT4wq9LzR2mK"),
        (GITHUB,),
    ]


def test_a_file_without_any_mark_costs_nothing_and_says_nothing() -> None:
    assert rows("def f(x):\n    return x + 1\n") == []
