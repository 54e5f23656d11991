"""What a shell offers to complete a word with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from click.shell_completion import CompletionItem

from djlint_spec.cli.output import FORMATS

if TYPE_CHECKING:
    import click

    from djlint_spec.catalog import Page


def rule_words(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Codes and names of rules, with what they are about."""
    del context, parameter
    words = ((word, page.summary) for page in _pages() for word in (page.code, page.name))
    return [CompletionItem(word, help=about) for word, about in words if word.startswith(begun)]


def selectors(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """The same, families and severities, for the last of several words with commas between them."""
    lead, comma, last = begun.rpartition(",")
    pages = _pages()
    groups = sorted({word for page in pages for word in (page.family, page.severity.value)} | {"ALL"})
    found = [*rule_words(context, parameter, last), *(CompletionItem(w) for w in groups if w.startswith(last))]
    return [CompletionItem(f"{lead}{comma}{item.value}", help=item.help) for item in found]


def formats(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Names of output formats."""
    del context, parameter
    return [CompletionItem(name) for name in FORMATS if name.startswith(begun)]


def _pages() -> Sequence[Page]:
    from djlint_spec.engine import rulebook

    return list(rulebook().pages.values())
