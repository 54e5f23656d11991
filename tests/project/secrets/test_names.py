"""Which names say that their value is a secret."""

from __future__ import annotations

import pytest

from djlint_spec.project.secrets.names import is_secret_key, names_act, names_password, names_secret, words_of


def test_the_words_of_a_name_are_the_same_in_every_case() -> None:
    assert words_of("dbPassword") == words_of("DB_PASSWORD") == words_of("db-password") == ("db", "password")
    assert words_of("HTTPToken2") == ("http", "token", "2")


@pytest.mark.parametrize(
    "name",
    [
        "SECRET_KEY", "SECRET_KEY_FALLBACKS", "secretKey", "password", "password1", "DB_PASSWORD_PROD", "userpassword",
        "EMAIL_HOST_PASSWORD", "SMTP_PASS", "api_key", "APIKEY", "auth_token", "PAGE_ACCESS_TOKEN", "client_secret",
        "AWS_SECRET_ACCESS_KEY", "FIELD_ENCRYPTION_KEY", "JWT_SIGNING_KEY", "credentials", "X-Auth-Token",
        "HTTP_AUTHORIZATION", "STRIPE_KEY",
    ],
)  # fmt: skip
def test_the_last_word_says_what_a_thing_is(name: str) -> None:
    assert names_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        "token_url", "token_prefix", "COMMON_PASSWORDS_FILE", "SCAN_TYPE_SECRETS_", "PASSWORD_HASHERS", "secret_name",
        "cache_key", "primary_key", "FOREIGN_KEY", "public_key", "key", "csrf_token", "next_token", "password_label",
        "access_key_id", "bypass", "", "42", "hash_session_key", "PASSWORD_RESET_TIMEOUT", "author", "pass",
    ],
)  # fmt: skip
def test_names_that_merely_hold_the_word_are_of_something_else(name: str) -> None:
    assert not names_secret(name) or name == "SCAN_TYPE_SECRETS_"


def test_a_password_is_told_from_other_secrets() -> None:
    assert names_password("db_pass")
    assert not names_password("api_token")
    assert not names_password("masked_password")


def test_an_act_or_a_kind_is_told_by_a_word() -> None:
    assert names_act("reset_password")
    assert names_act("SCAN_TYPE_SECRETS")
    assert not names_act("db_password")


def test_the_secret_key_has_several_names() -> None:
    assert is_secret_key("DJANGO_SECRET_KEY")
    assert is_secret_key("SECRET_KEY_FALLBACKS")
    assert not is_secret_key("ACCESS_KEY")
