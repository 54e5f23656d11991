"""From facts to a linked project, and the state of the interpreter that suits such work."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from types import FunctionType
from typing import TYPE_CHECKING, TypeVar

from djlint_spec.config import Config, Versions, detect_versions, named_settings
from djlint_spec.engine.reading import facts_of
from djlint_spec.extract import Broken, lower_body
from djlint_spec.facts.template import TemplateFacts
from djlint_spec.facts.tree import ModuleFacts
from djlint_spec.linking import link
from djlint_spec.project import Project
from djlint_spec.project.tracking import Tracking
from djlint_spec.source import Environment, Tree

if TYPE_CHECKING:
    from djlint_spec.cache import FactsCache

F = TypeVar("F", bound=Callable[..., object])

_DEEPEST = 6_000
_ROOM = 1 << 18
"""Slots of a frame's stack that no one fills: with them it is half of 4 MiB, of which only what is used is taken."""
_LARGE = 16 * 1024 * 1024
"""Bytes; glibc keeps up to twice as much of what is freed at hand once a block of that size has been freed."""


def link_facts(
    facts: Mapping[str, ModuleFacts],
    tree: Tree,
    config: Config,
    environment: Environment | None,
    cache: FactsCache | None = None,
    tracking: Tracking | None = None,
) -> Project:
    """The project over the facts of its files; versions and settings are told from what else lies in the tree."""

    def read_facts(text: str) -> ModuleFacts | None:
        extracted = facts_of(text, cache, foreign=True)
        return None if isinstance(extracted, Broken) else extracted

    def read_template(path: str) -> TemplateFacts | None:
        # Most projects' checks come to no template, and need not load what reads them.
        from djlint_spec.extract.templates import extract_template

        text = tree.text(path)
        return None if text is None else extract_template(text)

    versions: Versions = detect_versions(tree, config, environment.versions() if environment else None)
    return link(
        facts,
        settled_config(config, tree),
        versions,
        lower=lower_body,
        read_facts=read_facts,
        installed=environment.find if environment else None,
        tracking=tracking,
        read_template=read_template,
    )


def settled_config(config: Config, tree: Tree) -> Config:
    """The configuration with the settings modules that those of other tools in the tree name."""
    return replace(config, settings=(*config.settings, *named_settings(tree)))


def freed(before: int) -> int:
    """Collect garbage where more than twice as many blocks of memory are in use as `before`, the answer of last time (0
    for the first); how many are in use now.

    Projects that were replaced are circles, and in a hurry nothing collects them. A collection walks all that lives,
    which takes about as long as there is of it, so it has to be worth it.
    """
    in_use = sys.getallocatedblocks()
    if not before:
        return in_use
    if in_use <= 2 * before:
        return before
    gc.collect()
    return sys.getallocatedblocks()


def roomy(function: F) -> F:
    """The function itself, with room for the frames of all that it calls.

    CPython keeps frames in pieces of 16 KiB, and takes a piece from the system and gives it back each time that a call
    goes over the end of one and returns: where a loop makes that call, it costs more than all else in it. A frame that
    is too large gets a piece of up to twice its size, where those of its callees lie behind it.
    """
    assert isinstance(function, FunctionType)
    function.__code__ = function.__code__.replace(co_stacksize=_ROOM)
    return function


@contextmanager
def hurried() -> Iterator[None]:
    """No cyclic garbage collection and a deeper stack: facts are trees, and live until the run ends. What the parser
    frees after one file is at hand for the next: to give it back and take it again costs a tenth of the parsing.
    """
    collecting, depth = gc.isenabled(), sys.getrecursionlimit()
    gc.disable()
    bytes(_LARGE)  # freed at once, and never written to: no memory is taken for it
    sys.setrecursionlimit(max(depth, _DEEPEST))
    try:
        yield
    finally:
        sys.setrecursionlimit(depth)
        if collecting:
            if not gc.get_freeze_count():
                # Straight to the oldest generation: the first young collection would walk all that was made.
                gc.freeze()
                gc.unfreeze()
            gc.enable()
