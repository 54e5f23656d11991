"""Secrets told by their shape. The tokens are put together here, so that no scanner takes this file for a leak."""

from __future__ import annotations

import pytest

from djlint_spec.project.secrets.shapes import address_password, shapes_in

R = "R7xUe2PzKq9vWb4TnYs6LdHc8Mj3FaQ1Zk5VtGhWnXyBpCdSfLgJrMsK0o8i4u"
HEX = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

TOKENS = {
    "an AWS access key ID": "AKIA" + "Q3EGRZ7MLN4TVB2K",
    "an AWS temporary access key ID": "ASIA" + "Q3EGRZ7MLN4TVB2K",
    "a GitHub token": "ghp_" + R[:36],
    "a GitLab token": "glpat-" + R[:20],
    "a Slack token": "xoxb-" + "210987654321-" + R[:24],
    "a Slack webhook": "hooks.slack.com/services/" + "T0A1B2C3D/B0A1B2C3D/" + R[:24],
    "a Stripe live key": "sk_live_" + R[:24],
    "a Stripe test key": "sk_test_" + R[:24],
    "a Google API key": "AIza" + R[:35],
    "a Google OAuth client secret": "GOCSPX-" + R[:28],
    "a SendGrid key": "SG." + R[:22] + "." + R[:43],
    "a Twilio key": "SK" + HEX[:32],
    "an npm token": "npm_" + R[:36],
    "a PyPI token": "pypi-" + "AgE" + R[:60],
    "an OpenAI key": "sk-" + R[:20] + "T3BlbkFJ" + R[:20],
    "an Anthropic key": "sk-ant-" + "api03-" + R[:40],
    "a DigitalOcean token": "dop_v1_" + HEX,
    "a Shopify token": "shpat_" + HEX[:32],
    "a Hugging Face token": "hf_" + R[:34],
    "a Mailchimp key": HEX[:32] + "-us12",
    "a Telegram bot token": "312456789:" + "AA" + R[:33],
    "a JSON Web Token": "eyJ" + R[:20] + ".eyJ" + R[:20] + "." + R[:30],
}
PEM = "-----BEGIN {}PRIVATE KEY-----\n{}\n-----END"


@pytest.mark.parametrize(("what", "token"), TOKENS.items(), ids=list(TOKENS))
def test_a_token_of_a_provider_is_known_by_its_form(what: str, token: str) -> None:
    text = f"# kept: {token}\nX = 1\n"
    found = list(shapes_in(text))
    assert [shape.what for shape in found] == [what]
    assert text[found[0].start : found[0].end] == token


def test_a_key_of_a_test_mode_is_told_as_such() -> None:
    live = {what: next(iter(shapes_in(token))).live for what, token in TOKENS.items()}
    assert [what for what, is_live in live.items() if not is_live] == ["a Stripe test key", "a JSON Web Token"]


@pytest.mark.parametrize(
    "text",
    [
        "AKIA" + "IOSFODNN7EXAMPLE",
        "AKIA" + "AAAAAAAAAAAAAAAA",
        "ghp_" + "abcdefghij" * 4,
        "x" + TOKENS["a Twilio key"],
        TOKENS["an AWS access key ID"] + "Q",
        "ghp_short",
    ],
)
def test_documented_and_malformed_tokens_are_none(text: str) -> None:
    assert list(shapes_in(text)) == []


@pytest.mark.parametrize("kind", ["", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED "])
def test_a_private_key_is_known_by_its_frame(kind: str) -> None:
    assert [shape.what for shape in shapes_in(PEM.format(kind, R))] == ["a private key"]


@pytest.mark.parametrize(
    "text",
    [
        PEM.format("", "..."),
        PEM.format("", "put the key of the server here, one line after the other"),
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PUBLIC KEY-----\n" + R,
        PEM.format("", R + "EXAMPLE" + R),
    ],
)
def test_a_frame_without_a_key_is_none(text: str) -> None:
    assert list(shapes_in(text)) == []


@pytest.mark.parametrize(
    ("address", "secret"),
    [
        ("postgres://shop:yT4wq9Lz@db.internal/shop", "yT4wq9Lz"),
        ("redis://:yT4wq9LzR2mK@localhost:6379/0", "yT4wq9LzR2mK"),
        ("https://user:zinnoberrotgelb12@{}/x", "zinnoberrotgelb12"),
        ("amqp://shop:verylongplainpassphrase@queue", "verylongplainpassphrase"),
        ("host=db dbname=shop user=shop password=kR7-vulcano", "kR7-vulcano"),
        ("Server=db;Uid=shop;Pwd=kR7-vulcano;", "kR7-vulcano"),
        ("https://api.internal/v1?token=" + R[:24], R[:24]),
    ],
)
def test_a_secret_in_an_address_is_found(address: str, secret: str) -> None:
    shape = address_password(address)
    assert shape is not None
    assert address[shape.start : shape.end] == secret


@pytest.mark.parametrize(
    "address",
    [
        "postgres://postgres:postgres@localhost/shop",
        "postgres://shop:winter@db/shop",
        "postgres://user:password@host/name",
        "https://user:kR7-vulcano@example.com/",
        "redis://:{}@{}:6379",
        "redis://:%(password)s@host",
        "redis://:$PASSWORD@host",
        "redis://:kR7@localhost",
        "redis://localhost:6379/0",
        "mailto:ada@shop.internal",
        "password=kR7-vulcano",
        "host=db password=winter",
        "https://api.internal/v1?token=name-of-the-token",
    ],
)
def test_an_address_without_a_secret_of_worth_is_none(address: str) -> None:
    assert address_password(address) is None
