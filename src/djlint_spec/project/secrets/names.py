"""Names that say that their value is a secret: by their words, the last of which is what the thing is."""

from __future__ import annotations

import functools
import re

HINTS = (
    "pass", "pwd", "secret", "token", "credential", "key", "authorization", "create_user", "create_superuser", "auth=(",
    "auth(",
)  # fmt: skip
"""Every name of a secret, in lower case, holds one of these; so does every call that takes a password."""

_WORDS = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_PASSWORDS = frozenset({"password", "passwd", "passw", "passwort", "pwd", "passphrase", "userpassword", "dbpassword"})
_SECRETS = frozenset({"secret", "secrets", "secretkey", "clientsecret", "appsecret"})
_TOKENS = frozenset({"token", "tokens", "apitoken", "authtoken", "accesstoken"})
_KEYS = frozenset({"apikey", "apikeys", "privatekey", "accesskey", "authkey", "signingkey", "encryptionkey"})
_CREDENTIALS = frozenset({"credential", "credentials"})
_KEY_OF = frozenset(
    {
        "api", "secret", "private", "access", "auth", "encryption", "encrypt", "crypt", "crypto", "cipher", "signing",
        "sign", "signature", "fernet", "jwt", "hmac", "aes", "rsa", "ssh", "master", "account", "storage", "license",
        "licence", "service", "shared", "deploy", "webhook", "session", "server", "admin", "stripe", "sendgrid",
        "mailgun", "twilio", "sentry", "openai", "anthropic", "algolia", "write", "ingest", "cryptography", "data",
        "bot", "app",
    }
)  # fmt: skip
"""What stands before `key` in the name of a secret; other keys are of dictionaries, tables and caches."""

_PASS_OF = [
    (word,)
    for word in ("db", "database", "smtp", "email", "mail", "user", "admin", "redis", "ldap", "root", "ftp", "mq")
]
# Which of several things of a kind it is: `SECRET_KEY_FALLBACKS`, `password1`, `DB_PASSWORD_PROD`.
_VARIANTS = frozenset(
    {
        "prod", "production", "live", "staging", "stage", "dev", "development", "test", "testing", "local", "default",
        "fallback", "fallbacks", "old", "new", "current", "previous", "primary", "secondary", "main", "backup", "value",
        "str", "string", "bytes", "hex", "b", "base", "raw", "plain", "plaintext", "us", "eu", "readonly", "ro", "rw",
    }
)  # fmt: skip
_NEVER = frozenset(
    {
        "public", "csrf", "csrfmiddleware", "csrftoken", "next", "continuation", "pagination", "placeholder", "mask",
        "masked", "sentinel", "redacted", "hashed", "hash", "label", "tokenizer", "parse", "lex", "regex", "pattern",
        "url", "uri", "header", "prefix", "choices",
    }
)  # fmt: skip
"""Words with which a name is of the other kind of token (of a parser, a page, a form), or not of the secret itself."""
_ACTS = frozenset(
    {
        "is", "has", "use", "uses", "show", "hide", "require", "requires", "required", "forgot", "forgotten", "reset",
        "change", "changed", "set", "get", "generate", "validate", "check", "verify", "confirm", "invalid", "expired",
        "missing", "no", "bad", "wrong", "weak", "lost", "enable", "disable", "allow", "create", "delete", "update",
        "revoke", "view", "page", "cancel", "sync", "field", "param", "query", "form", "template", "type", "kind",
    }
)  # fmt: skip
"""Words with which a name is an act, a flag or a choice, so that its value is most likely a word as well."""


@functools.lru_cache(maxsize=8192)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in lower case: `dbPassword`, `DB_PASSWORD` and `db-password` are alike."""
    return tuple(word.lower() for word in _WORDS.findall(name))


def _head(name: str) -> tuple[str, ...]:
    """The words without those that only tell which one of several."""
    words = words_of(name)
    while len(words) > 1 and (words[-1] in _VARIANTS or words[-1].isdigit()):
        words = words[:-1]
    return words


@functools.lru_cache(maxsize=8192)
def names_password(name: str) -> bool:
    """Whether a value of that name is a password."""
    words = _head(name)
    if not words or _NEVER.intersection(words):
        return False
    last = words[-1]
    return last in _PASSWORDS or last.endswith("password") or (last == "pass" and words[-2:-1] in _PASS_OF)


@functools.lru_cache(maxsize=8192)
def names_secret(name: str) -> bool:
    """Whether a value of that name is a secret: a password, token, key or credential."""
    if names_password(name):
        return True
    words = _head(name)
    if not words or _NEVER.intersection(words):
        return False
    last = words[-1]
    if last in ("key", "keys"):
        return len(words) > 1 and words[-2] in _KEY_OF
    return last in _SECRETS | _TOKENS | _KEYS | _CREDENTIALS or last == "authorization"


def names_act(name: str) -> bool:
    """Whether a name is of something done with a secret, or of a kind of secret: only a random value is one then."""
    return bool(_ACTS.intersection(words_of(name)))


def is_secret_key(name: str) -> bool:
    """Whether it is Django's SECRET_KEY by any of its names, fallbacks included."""
    return _head(name)[-2:] == ("secret", "key")
