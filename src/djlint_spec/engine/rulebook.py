"""Rules with their pages: what there is to run."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from djlint_spec.catalog import Page, load_pages
from djlint_spec.catalog.pages import own_pages
from djlint_spec.config import Config, ConfigError
from djlint_spec.config.options import did_you_mean
from djlint_spec.rules import Options, Rule, load_rules

ENGINE_RULES = ("unreadable-file", "unused-suppression")
"""Names of the rules that the engine itself judges; they have pages and no module."""


@dataclass(frozen=True)
class Rulebook:
    """Every page, and the rule of each that has one."""

    pages: Mapping[str, Page]
    rules: Mapping[str, Rule]

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
    rules, folders = load_rules()
    pages = load_pages((own_pages(), *folders))
    by_name = {rule.name: rule for rule in rules}
    return Rulebook(
        {page.code: page for page in pages}, {page.code: by_name[page.name] for page in pages if page.name in by_name}
    )
