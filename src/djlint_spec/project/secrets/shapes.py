"""Secrets that are told by their shape alone: provider tokens, private keys, addresses with a password in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from djlint_spec.project.secrets.values import Strength, is_placeholder, strength


class Shape(msgspec.Struct, frozen=True):
    """What a stretch of a text is: `text[start:end]` is `what`. `live` is false for keys of a provider's test mode."""

    start: int
    end: int
    what: str
    live: bool = True


# What stands in every token of several providers, and in little else: a cheap look. A search for what begins with one
# letter goes to the next place of it at once; what has to stand before is looked at after it.
_SIGNS = {
    "A": re.compile(r"A(?:[KS]IA|Iza|A(?<=:AA))"),
    "J": re.compile(r"J(?<=eyJ)"),
    "S": re.compile(r"S(?:K[0-9a-f]{32}|G\.)"),
    "_": re.compile(r"_[A-Za-z0-9]{16}"),
    "-": re.compile(r"-(?:(?<=xox[a-z]-)|(?<=glpat-)|(?<=GOCSPX-)|(?<=pypi-)|(?<=sk-)|us[0-9]|----BEGIN )"),
    "h": re.compile(r"hooks\.slack"),
}


class _Provider(msgspec.Struct, frozen=True):
    what: str
    sign: str
    mark: str  # stands in every token: the next look
    pattern: re.Pattern[str]
    live: bool = True


def _provider(what: str, sign: str, mark: str, pattern: str, *, live: bool = True) -> _Provider:
    return _Provider(what, sign, mark, re.compile(rf"(?<![A-Za-z0-9_]){pattern}(?![A-Za-z0-9])"), live)


# The forms are those that the providers document, or that their own push protection looks for.
_PROVIDERS = (
    _provider("an AWS access key ID", "A", "AKIA", r"AKIA[A-Z2-7]{16}"),
    _provider("an AWS temporary access key ID", "A", "ASIA", r"ASIA[A-Z2-7]{16}"),
    *(_provider("a GitHub token", "_", f"gh{kind}_", rf"gh{kind}_[A-Za-z0-9]{{36,251}}") for kind in "pousr"),
    _provider("a GitHub token", "_", "github_pat_", r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}"),
    _provider("a GitLab token", "-", "glpat-", r"glpat-[A-Za-z0-9_-]{20,}"),
    _provider("a Slack token", "-", "xox", r"xox[abeoprs]-(?:[A-Za-z0-9]+-)*[A-Za-z0-9]{10,}"),
    _provider("a Slack webhook", "h", "hooks", r"hooks\.slack\.com/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/\w{20,}"),
    _provider("a Stripe live key", "_", "k_live_", r"[sr]k_live_[A-Za-z0-9]{16,}"),
    _provider("a Stripe test key", "_", "k_test_", r"[sr]k_test_[A-Za-z0-9]{16,}", live=False),
    _provider("a Google API key", "A", "AIza", r"AIza[A-Za-z0-9_-]{35}"),
    _provider("a Google OAuth client secret", "-", "GOCSPX-", r"GOCSPX-[A-Za-z0-9_-]{28}"),
    _provider("a SendGrid key", "S", "SG.", r"SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}"),
    _provider("a Twilio key", "S", "SK", r"SK[0-9a-f]{32}"),
    _provider("an npm token", "_", "npm_", r"npm_[A-Za-z0-9]{36}"),
    _provider("a PyPI token", "-", "pypi-", r"pypi-AgE[A-Za-z0-9_-]{50,}"),
    _provider("an OpenAI key", "-", "sk-", r"sk-(?:proj-|svcacct-)?[A-Za-z0-9_-]*T3BlbkFJ[A-Za-z0-9_-]{20,}"),
    _provider("an Anthropic key", "-", "sk-ant-", r"sk-ant-[A-Za-z0-9_-]{32,}"),
    _provider("a DigitalOcean token", "_", "_v1_", r"do[opr]_v1_[a-f0-9]{64}"),
    _provider("a Shopify token", "_", "shp", r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"),
    _provider("a Hugging Face token", "_", "hf_", r"hf_[A-Za-z0-9]{34}"),
    _provider("a Mailchimp key", "-", "-us", r"[0-9a-f]{32}-us[0-9]{1,2}"),
    _provider("a Telegram bot token", "A", ":AA", r"[0-9]{8,10}:AA[A-Za-z0-9_-]{33}"),
    _provider("a JSON Web Token", "J", "eyJ", r"eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}", live=False),
)  # fmt: skip
_PRIVATE_KEY = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ ){0,2}PRIVATE KEY(?: BLOCK)?-----(?P<body>[\s\S]{40,}?)(?:-----END|\Z)"
)
_BASE64_RUN = re.compile(r"[A-Za-z0-9+/=]{40,}")
_ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]{1,30}://(?P<user>[^\s:/@\"'<>{}?#]*):(?P<password>[^\s/@\"'<>]+)@(?P<host>[^\s\"'/]+)"
)
_CONNECTION = re.compile(r"\b(?:password|pwd)\s*=\s*'?(?P<password>[^\s;'&{}]+)", re.IGNORECASE)
_CONNECTS = re.compile(r"\b(?:host|dbname|database|server|user|uid)\s*=", re.IGNORECASE)
_QUERY = re.compile(
    r"://\S*[?&](?:api_?key|access_?token|auth_?token|token|secret|client_secret)=(?P<token>[\w-]{16,})", re.IGNORECASE
)
_RESERVED_HOST = re.compile(r"(?:^|\.)(?:example(?:\.(?:com|org|net))?|invalid|test)(?::\d+)?$", re.IGNORECASE)
_LOCAL_HOST = re.compile(r"^(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|host|hostname)(?::\w+)?$", re.IGNORECASE)
_SINGLE_WORD = re.compile(r"[A-Za-z]+|[0-9]+")


def shapes_in(text: str) -> Iterator[Shape]:
    """Provider tokens and private keys anywhere in a text, comments and docstrings included."""
    signs = [sign for sign, look in _SIGNS.items() if look.search(text) is not None]
    for provider in _PROVIDERS if signs else ():
        if provider.sign in signs and provider.mark in text:
            for match in provider.pattern.finditer(text):
                if not _documented(match.group()):
                    yield Shape(*match.span(), provider.what, provider.live)
    if "-" in signs:
        for match in _PRIVATE_KEY.finditer(text):
            run = _BASE64_RUN.search(match["body"])
            if run is not None and not _documented(run.group()):
                yield Shape(*match.span(), "a private key")


def address_password(value: str) -> Shape | None:
    """The secret in an address: `postgres://user:password@host`, `host=db password=…`, `https://host/?token=…`.

    None when there is none of worth: a plain word before a host of the own machine is a development default.
    """
    match = _ADDRESS.search(value)
    if match is not None:
        return _of_user(match)
    match = _CONNECTION.search(value)
    if match is not None and _CONNECTS.search(value) and strength(match["password"]) >= Strength.CHOSEN:
        return Shape(*match.span("password"), "a password in an address")
    match = _QUERY.search(value)
    if match is not None and strength(match["token"]) is Strength.RANDOM:
        return Shape(*match.span("token"), "a token in an address")
    return None


def _of_user(match: re.Match[str]) -> Shape | None:
    password, host = match["password"], match["host"]
    if "{" in password or "%(" in password or password.startswith(("$", "%s", ":")) or is_placeholder(password):
        return None
    plain = _SINGLE_WORD.fullmatch(password) is not None
    if _RESERVED_HOST.search(host) or password == match["user"] or (plain and len(password) < 16):
        return None
    if _LOCAL_HOST.match(host) and len(password) < 12:
        return None
    return Shape(*match.span("password"), "a password in an address")


def _documented(token: str) -> bool:
    """Whether a token is one that documentation uses: it says so, or it counts or repeats."""
    if "EXAMPLE" in token.upper():
        return True
    tail = token[-16:]
    return len(set(tail)) <= 4 or any(run in tail.lower() for run in ("0123456789", "1234567890", "abcdefgh"))
