"""Places of a text that may name a secret: a cheap look before any body is lowered."""

from __future__ import annotations

import re

from djlint_spec.project.secrets.names import HINTS, names_secret

# Endings of the hints, that begin with few letters, rare ones: a search goes to the next place of one at once.
_LOOKS = tuple(
    map(
        re.compile,
        (
            r"pass",
            r"w(?<=pw)d",
            r"k(?:ey|en(?<=token))",
            r"c(?:ret(?<=secret)|redential|reate_(?:super)?user)",
            r"h(?<=auth)(?:orization|=?\()",
        ),
    )
)
_BY_ENDING = {hint[start:]: hint for hint in HINTS for start in range(len(hint))}
# After the rest of its identifier a name is followed by what binds it, or by the call's parenthesis.
_BINDS = re.compile(r"\w*(?:[\"'\]]|\[\w*\])*\s*(?::[^\n=]{0,60})?(?:[=:,(]|!=|\bin\b)")
_WORD = re.compile(r"\w*")
_CALLS = ("auth=(", "auth(", "create_user", "create_superuser")
"""Hints that are calls which take a password by its place, not names of secrets."""
_OUTSIDE_NAMES = frozenset("\"'-")
"""What stands beside a word that is part of a longer name within a text: of a header, a key of a dict."""
_BRACKETS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}
_GOES_ON = ("\\", "=", "+", "%", ":", "or", "and", "not", "in", "if", "else")
_GONE_ON = re.compile(r"\s*(?:(?:or|and|if|else|in|not)\b|[-+.%=!\"'&|])")
_CONNECTS = re.compile(r"\b(?:host|dbname|database|server|user|uid)\s*=|://", re.IGNORECASE)
_BESIDE = 200


def hints_in(text: str) -> list[int]:
    """Where names of secrets stand in a text with something that may bind them to a literal; sorted."""
    lowered = text.replace("\u0130", "i").lower()  # the one letter whose lower case is longer: places would move
    found: set[int] = set()
    for look in _LOOKS:
        for ending in look.finditer(lowered):
            hint = _BY_ENDING[ending[0]]
            at = ending.end() - len(hint)
            if _BINDS.match(text, at) and (hint in _CALLS or _is_name(text, at)) and _may_hold_text(text, at):
                found.add(at)
    return sorted(found)


def _is_name(text: str, at: int) -> bool:
    """Whether the identifier around a place names a secret, or is part of a longer name whose whole is told later."""
    start = at
    while start and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    word = _WORD.match(text, start)
    assert word is not None
    beside = text[start - 1 : start] + text[word.end() : word.end() + 1]
    return names_secret(word.group()) or not _OUTSIDE_NAMES.isdisjoint(beside)


def _may_hold_text(text: str, at: int) -> bool:
    """Whether a literal stands on the line before a place, or behind it in what may be the rest of the statement.

    In a text of several lines there may be no quote nearby: there only addresses count, told by what is in them.
    """
    line = text.rfind("\n", 0, at) + 1
    if text.find('"', line, at) >= 0 or text.find("'", line, at) >= 0:
        return True
    depth = 0
    start = at
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        part = text[start:end]
        if '"' in part or "'" in part:
            return True
        part = part.partition("#")[0].rstrip()
        depth += sum(_BRACKETS.get(character, 0) for character in part)
        if depth <= 0 and not part.endswith(_GOES_ON) and not _GONE_ON.match(text, end + 1):
            break
        start = end + 1
    return _CONNECTS.search(text, max(0, at - _BESIDE), at + _BESIDE) is not None
