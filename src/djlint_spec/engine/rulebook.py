"""Rules with their pages: what there is to run."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from djlint_spec.catalog import Page, load_pages
from djlint_spec.catalog.pages import own_pages
from djlint_spec.config import Config, ConfigError, select_rules
from djlint_spec.config.options import did_you_mean
from djlint_spec.rules import Options, Rule, load_rules, rule_folders

ENGINE_RULES = ("unreadable-file", "unused-suppression")
"""Names of the rules that the engine itself judges; they have pages and no module."""


@dataclass(frozen=True)
class Rulebook:
    """Every page, and the rule of each that has one."""

    pages: Mapping[str, Page]
    load: Callable[[], Iterable[Rule]] = load_rules

    @functools.cached_property
    def rules(self) -> Mapping[str, Rule]:
        """The rules by code, loaded when first asked for: who reads what was found before has no use for them."""
        by_name = {rule.name: rule for rule in self.load()}
        return {page.code: by_name[page.name] for page in self.pages.values() if page.name in by_name}

    def options(self, page: Page, config: Config) -> Options:
        """The page's options with what the user set.

        Raises ConfigError for an unknown option or a value of another kind than the default.
        """
        values = {key: entry.get("default") for key, entry in page.options.items()}
        for word in (page.code, page.name):
            for key, value in config.rules.get(word, {}).items():
                if key not in values:
                    raise ConfigError(
                        f'{config.where("rules")}.{word}: unknown option "{key}"{did_you_mean(key, values)}'
                    )
                if type(value) is not type(values[key]):
                    raise ConfigError(
                        f"{config.where('rules')}.{word}.{key}: must be of the kind of its default, {values[key]!r}"
                    )
                values[key] = value
        return Options(values)

    def check_config(self, config: Config) -> None:
        """Raise ConfigError for tables of rules that there are not."""
        known = [word for page in self.pages.values() for word in (page.code, page.name)]
        for word in config.rules:
            if word not in known:
                raise ConfigError(f'{config.where("rules")}: unknown rule "{word}"{did_you_mean(word, known)}')


@functools.cache
def rulebook() -> Rulebook:
    """Our rules and those of packages that offer some, with their pages."""
    pages = load_pages((own_pages(), *rule_folders()))
    return Rulebook({page.code: page for page in pages})


def check_config(config: Config) -> frozenset[str]:
    """The codes of the selected rules. Raises ConfigError for tables or selectors of rules that there are not."""
    book = rulebook()
    book.check_config(config)
    return select_rules(book.pages.values(), config)
