"""Which rules run: selectors against the catalogue, as ruff reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

from djlint_spec.config.options import Config, ConfigError, did_you_mean

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class RuleInfo(Protocol):
    """What selection needs to know of a rule."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def family(self) -> str: ...
    @property
    def level(self) -> str: ...  # the severity's word
    @property
    def default(self) -> bool: ...


def select_rules(rules: Iterable[RuleInfo], config: Config) -> frozenset[str]:
    """Codes of the rules that run. Where selectors disagree on a rule, the more specific one wins.

    Raises ConfigError for a selector that names nothing.
    """
    known = list(rules)
    chosen: dict[str, tuple[int, bool]] = {}

    def weigh(code: str, weight: int, *, on: bool) -> None:
        held = chosen.get(code)
        if held is None or weight >= held[0]:
            chosen[code] = (weight, on)

    if not config.select:
        for rule in known:
            weigh(rule.code, 0, on=rule.default)
    for selectors, where, on in (
        (config.select, "select", True),
        (config.extend_select, "extend-select", True),
        (config.ignore, "ignore", False),
    ):
        for selector in selectors:
            for code, weight in matching(known, selector, config.where(where)).items():
                weigh(code, weight, on=on)
    return frozenset(code for code, (_, on) in chosen.items() if on)


def matching(rules: Iterable[RuleInfo], selector: str, where: str) -> Mapping[str, int]:
    """Codes that a selector names, each with how specific the selector is."""
    found: dict[str, int] = {}
    words: list[str] = ["ALL"]
    for rule in rules:
        words += [rule.code, rule.name, rule.family, rule.level]
        if selector in (rule.code, rule.name):
            found[rule.code] = 100
        elif selector in (rule.family, rule.level):
            found[rule.code] = 5
        elif selector == "ALL":
            found[rule.code] = 1
        elif selector and rule.code.startswith(selector):
            found[rule.code] = 10 + len(selector)
    if not found:
        near = did_you_mean(selector, sorted(set(words)))
        raise ConfigError(f'{where}: unknown rule "{selector}"{near}')
    return found


class FileIgnores:
    """`per-file-ignores`: patterns as in .gitignore; one that begins with `!` means every file it does not match.

    Raises ConfigError for a selector that names nothing.
    """

    def __init__(self, rules: Iterable[RuleInfo], config: Config) -> None:
        known = list(rules)
        where = config.where("per-file-ignores")
        self._entries = [
            (
                _spec(pattern.removeprefix("!")),
                not pattern.startswith("!"),
                frozenset(code for selector in selectors for code in matching(known, selector, where)),
            )
            for pattern, selectors in config.per_file_ignores.items()
        ]

    def cover(self, path: str, code: str) -> bool:
        """Whether findings of a code are left out in a file."""
        return any(code in codes and spec.match_file(path) is meant for spec, meant, codes in self._entries)


def _spec(pattern: str) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec  # few projects have such patterns

    return GitIgnoreSpec.from_lines([pattern])
