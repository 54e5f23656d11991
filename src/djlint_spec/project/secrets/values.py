"""What a literal's own text tells: a placeholder, a word, a name, or a value that somebody or something made secret."""

from __future__ import annotations

import enum
import math
import re
from collections import Counter
from itertools import pairwise

from djlint_spec.project.secrets.names import names_password


class Strength(enum.IntEnum):
    """How much a text looks like a secret."""

    NONE = 0
    """A placeholder, a sentinel, empty, or of a form that no secret has."""
    WORD = 1
    """A plain word or several: a weak password at most, an identifier more likely."""
    CHOSEN = 2
    """Letters with digits or signs, as people choose passwords."""
    RANDOM = 3
    """Made by a machine: long, and without words."""


_PLACEHOLDER_WORDS = frozenset(
    {
        "changeme", "changeit", "change", "replace", "replaceme", "placeholder", "dummy", "example", "sample", "fake",
        "mock", "todo", "fixme", "tbd", "redacted", "removed", "masked", "hidden", "undefined", "unset", "unknown",
        "none", "null", "nil", "na", "empty", "blank", "default", "guest", "anonymous", "anon", "foo", "bar", "baz",
        "foobar", "test", "testing", "tests", "tester", "testpass", "testpassword", "testtoken", "testkey",
        "your", "yours", "yoursecret", "yourpassword", "insert", "enter", "fill", "here", "notset",
        "notasecret", "notsecret", "unsafe", "insecure", "dev", "development", "debug", "demo", "local", "localhost",
        "lorem", "ipsum", "dolor", "deleted", "disabled", "unusable", "invalid", "wrong", "bogus", "noop", "xxx",
        "supersecret", "topsecret", "verysecret", "mysecret", "secretkey", "random", "generated", "only", "ci",
    }
)  # fmt: skip
_SAYS_SO = frozenset(
    {"changeme", "change", "replace", "your", "example", "placeholder", "dummy", "insecure", "unsafe", "insert", "here"}
)
_PLAIN_DEFAULTS = frozenset(
    {
        "password", "passwd", "pass", "pwd", "secret", "secrets", "token", "key", "apikey", "admin", "root", "user",
        "postgres", "mysql", "redis", "rabbitmq", "django", "minio", "minioadmin", "sa", "system", "elastic", "s3cr3t",
    }
)  # fmt: skip
_SPLIT = re.compile(r"[^A-Za-z0-9]+")
_CAMEL = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_TEMPLATE = re.compile(r"<[^<>]*>|\$\{|\{\{|\{[\w.!:]*\}|%\(\w+\)[sd]|^%[sdr]$|^\$[A-Z_]+$|^\*+$|\.\.\.|…")
_REPEATED = re.compile(r"(.)\1*\Z|.*?(.)\2{4}|(?:x{3,}|X{3,}|\*{3,})", re.DOTALL)
_COUNTED = re.compile(r"0?123456|abcdef", re.IGNORECASE)
_COUNTED_FAR = re.compile(r"abcdefgh|1234567890|qwertyuiop", re.IGNORECASE)
_DOCUMENTED = frozenset({"9944b09199c62bcf9418ad846dd0e4bbdfc6ee4b", "401f7ac837da42b97f613d789819ff93537bee6a"})
"""Tokens of the documentation of Django REST framework."""
_PUBLIC_KEY = re.compile(r"(?:ssh-(?:rsa|ed25519|dss) )?AAAA[BCE][0-9A-Za-z]Nza|AAAAE2VjZHNh")
_PATH = re.compile(r"(?:\.{0,2}|~|[A-Za-z]:)[/\\]|[\w.-]+(?:/[\w.-]+)*\.[A-Za-z]{2,5}\Z|[a-z][\w+.-]*://")
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+\Z")
_REGEX = re.compile(r"\[[^\]]*[^\]\\]-[^\]]*\]|\(\?[P:=!<]|\\[dwsb]|^\^|\.\*")
_HEX = re.compile(r"[0-9a-f]{16,}\Z|[0-9A-F]{16,}\Z")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\Z", re.IGNORECASE)
_NAMED = re.compile(r"(?:[A-Za-z]+[0-9]{0,2}|[0-9]{1,4})(?:[-_.:/ ](?:[A-Za-z]+[0-9]{0,2}|[0-9]{1,4}))*\Z")
_DIGITS_IN_WORD = re.compile(r"[A-Za-z]+[0-9]{1,4}\Z|[0-9]{1,4}\Z|[A-Za-z]+\Z")


def words_in(value: str) -> list[str]:
    """The words of a text in lower case, apart at signs and at camel case."""
    return [word.lower() for part in _SPLIT.split(value) for word in _CAMEL.findall(part)]


def is_placeholder(value: str) -> bool:
    """Whether a text stands for a secret that is to be put in, or says that it is none."""
    text = value.strip()
    if len(text) < 4 or _TEMPLATE.search(text) or _REPEATED.match(text) or text.lower() in _PLAIN_DEFAULTS:
        return True
    if (_COUNTED.search(text) and len(text) < 16) or _COUNTED_FAR.search(text) or "EXAMPLE" in text:
        return True
    if text in _DOCUMENTED:
        return True
    parts = {part.lower() for part in _SPLIT.split(text)} | {text.lower()}
    words = set(words_in(text))
    if _reads_random(text):
        # In fifty random characters a short word comes by chance, and Django's own mark is no placeholder.
        return bool(parts & _SAYS_SO) and not text.startswith("django-insecure-")
    return bool((parts | words) & _PLACEHOLDER_WORDS)


def entropy(value: str) -> float:
    """Bits a character, by the frequencies of the text itself (Shannon)."""
    total = len(value)
    return -sum(count / total * math.log2(count / total) for count in Counter(value).values())


def _reads_random(value: str) -> bool:
    """Whether a text looks made by a machine."""
    if _UUID.match(value):
        return True
    if _HEX.match(value):
        return entropy(value) >= 2.8 and any(c.isdigit() for c in value)
    if len(value) < 16 or any(character.isspace() for character in value) or entropy(value) < 3.3:
        return False
    parts = [part for part in _SPLIT.split(value) if part]
    if all(_DIGITS_IN_WORD.match(part) and _is_one_case(part) for part in parts) and len(parts) > 1:
        return False  # words-with-dashes-2
    letters = [part for part in parts if len(part) >= 2]
    readable = sum(len(word) for part in parts for word in _CAMEL.findall(part) if len(word) >= 3 and word.isalpha())
    if readable * 2 > len(value):
        return False  # CamelCaseWords
    return bool(letters) and _classes(value) >= 2


def _is_one_case(part: str) -> bool:
    return part.islower() or part.isupper() or part.istitle() or part.isdigit()


def _classes(value: str) -> int:
    """How many of lower case, upper case, digits and signs a text has."""
    return sum(
        any(test(character) for character in value)
        for test in (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
    )


def strength(value: str) -> Strength:
    """How much a text looks like a secret, whatever it is called."""
    text = value.strip()
    if not text or is_placeholder(text) or not text.isprintable() or _PUBLIC_KEY.match(text):
        return Strength.NONE
    if any(character.isspace() for character in text) or _PATH.match(text) or _DOTTED.match(text):
        return Strength.NONE if not _is_sentence_key(text) else Strength.CHOSEN
    if _reads_random(text):
        return Strength.RANDOM
    if _REGEX.search(text):
        return Strength.NONE
    if len(text) < 6 or text.isalpha() or text.isdigit() or all(part.isalpha() for part in _SPLIT.split(text) if part):
        return Strength.WORD
    if names_password(text):
        return Strength.WORD  # `new_password1` is as often the name of a form's field
    return Strength.CHOSEN if any(character.isalpha() for character in text) else Strength.WORD


def is_mixed(value: str) -> bool:
    """Whether letters, digits and signs change so often that no name or word is written like that."""
    kinds = ["a" if c.isalpha() else "0" if c.isdigit() else "-" for c in value]
    changes = sum(one != other for one, other in pairwise(kinds))
    return len(value) >= 12 and "0" in kinds and changes >= 3 and not _NAMED.match(value)


def _is_sentence_key(text: str) -> bool:
    # Django's startproject draws from letters, digits and signs, among them none of space or slash; others may.
    return len(text) >= 40 and not any(c.isspace() for c in text) and entropy(text) >= 4.5
