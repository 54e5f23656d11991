"""What a text itself tells."""

from __future__ import annotations

import pytest

from djlint_spec.project.secrets.values import Strength, entropy, is_mixed, is_placeholder, strength, words_in


@pytest.mark.parametrize(
    "value",
    [
        "", "   ", "abc", "changeme", "change-me-now", "replace-this-please", "your-api-key", "<token>", "{{ token }}",
        "${TOKEN}", "%(token)s", "%s", "xxxxxxxx", "XXXX-XXXX", "********", "...", "guest", "REMOVED USER",
        "dummy-token",
        "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "123456", "abcdef123456", "password",
        "s3cr3t",
        "abcdefghijklmnopqrstuvwxyz0123456789", "aaaaaaaaaaaa", "FQoGZXIvYXdzEJr__________T0K3N", "todo",
        "9944b09199c62bcf9418ad846dd0e4bbdfc6ee4b", "insecure-Zk4vT9mQx2Lr7WnP0cYb5HsE",
    ],
)  # fmt: skip
def test_a_placeholder_is_no_secret(value: str) -> None:
    assert is_placeholder(value)
    assert strength(value) is Strength.NONE


@pytest.mark.parametrize(
    "value",
    [
        "w#8k2^vz!q0r7nd$t5x_1mj9@ubh4e&cg6yp3(sf-lao+i%z8r", "gR7xUe2PzKq9vWb4TnYs6LdHc8Mj3FaQ",
        "5e884898da28047151d0e56f8dc6292773603d0d", "f47ac10b-58cc-4372-a567-0e02b2c3d479",
        "django-insecure-8k2^vz!q0r7nd$t5x_1mj9@ubh4e&cg6yp3(sf-lao+i%z8r", "Q7vZk4T9mQx2Lr7WnP0cYb5HsEdev1",
    ],
)  # fmt: skip
def test_what_a_machine_made_is_random(value: str) -> None:
    assert strength(value) is Strength.RANDOM


@pytest.mark.parametrize("value", ["hunter2", "Kassa!Winter84-Tresor", "kR7-vulcano", "Passw0rd!", "ab-12-cd"])
def test_what_a_person_made_is_chosen(value: str) -> None:
    assert strength(value) is Strength.CHOSEN


@pytest.mark.parametrize(
    "value",
    ["winter", "access-token", "authTokenName", "ab12", "20240101", "new_password1", "##!!##!!", "NetBoxModelViewSet"],
)
def test_words_names_and_numbers_are_no_more_than_words(value: str) -> None:
    assert strength(value) is Strength.WORD


@pytest.mark.parametrize(
    "value",
    [
        "Enter the password 2 times", "/etc/keys/private.key", "certs/server-1.pem", "https://id.internal/v2/token",
        "shop.secrets.load_v2", r"^(?=.*[0-9])[A-Za-z0-9]{8,}$", "a\x00b1c2d3", "AAAAB3NzaC1yc2EAAAABIwAAAQEAq2A7hRGm",
        "[a-z0-9]+ab", "{}",
    ],
)  # fmt: skip
def test_some_forms_are_of_no_secret(value: str) -> None:
    assert strength(value) is Strength.NONE


def test_a_key_of_forty_signs_is_one_though_it_begins_like_a_path() -> None:
    assert strength("/w#8k2^vz!q0r7nd$t5x_1mj9@ubh4e&cg6yp3(sf-la") is Strength.CHOSEN


def test_words_with_dashes_and_numbers_are_not_random() -> None:
    assert strength("release-candidate-12-final") < Strength.RANDOM
    assert strength("zzzzzzzzyyyyyyyyzzzzzzzz1") < Strength.RANDOM


def test_a_mixed_text_changes_often() -> None:
    assert is_mixed("6zzjnumtsx136ddy")
    assert not is_mixed("apikey-v2-2024")
    assert not is_mixed("a1b2c3")
    assert not is_mixed("name-of-a-thing")


def test_entropy_is_in_bits_a_character() -> None:
    assert entropy("aaaa") == 0
    assert entropy("abcd") == 2


def test_words_are_apart_at_signs_and_case() -> None:
    assert words_in("fooBar-BAZ_2") == ["foo", "bar", "baz", "2"]
