"""Pages: where they lie, and how they are read."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from djlint_spec.diagnostics import Severity

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    if sys.version_info >= (3, 11):
        from importlib.resources.abc import Traversable
    else:
        from importlib.abc import Traversable

URL = "https://djlint-spec.readthedocs.io/rules"

_BLOCK = re.compile(r"^`([^`\n]+)`( fixed)?:\n\n^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_ERROR = re.compile(r'#\s*error:\s*"((?:[^"\\]|\\.)*)"')
_TRAILING = re.compile(r'\s*#\s*error:\s*".*$', re.MULTILINE)


class PageError(Exception):
    """A page that is not of the format; the message says where and what."""


class Expected(msgspec.Struct, frozen=True):
    """A finding that a block expects: on which row, and part of its message."""

    row: int
    part: str


class Block(msgspec.Struct, frozen=True):
    """One file of a section. `text` is what is checked: without the comments that expect findings."""

    path: str
    text: str
    fixed: bool
    expected: tuple[Expected, ...]


class Section(msgspec.Struct, frozen=True):
    """A `## Bad: ...` or `## Good: ...` section: one project in memory."""

    title: str
    good: bool
    blocks: tuple[Block, ...]

    @property
    def files(self) -> Mapping[str, str]:
        """The files to check, by path."""
        return {block.path: block.text for block in self.blocks if not block.fixed}

    @property
    def fixed(self) -> Mapping[str, str]:
        """What files must be after the fix, by path."""
        return {block.path: block.text for block in self.blocks if block.fixed}


@dataclass(frozen=True)
class Page:
    """One rule: what its front matter says, and its text."""

    code: str
    name: str
    family: str
    severity: Severity
    fix: str
    spec: str
    since: str
    text: str
    gate: str | None = None
    default: bool = True
    options: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    @property
    def level(self) -> str:
        """The severity's word."""
        return self.severity.value

    @property
    def url(self) -> str:
        """Where the page is published."""
        return f"{URL}/{self.name}/"

    @cached_property
    def summary(self) -> str:
        """The sentence below the title."""
        paragraphs = self.text.split("\n\n")
        return " ".join(paragraphs[1].split()) if len(paragraphs) > 1 else ""

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """The `##` headings, in order."""
        return tuple(match[1] for match in _SECTION.finditer(self.text))

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The sections that are projects."""
        return tuple(_sections(self.text))


def _sections(text: str) -> Iterator[Section]:
    parts = _SECTION.split(text)
    for title, body in zip(parts[1::2], parts[2::2], strict=True):
        kind, _, name = title.partition(": ")
        if kind not in ("Bad", "Good"):
            continue
        blocks = tuple(
            Block(
                match[1],
                _TRAILING.sub("", match[4]),
                bool(match[2]),
                tuple(
                    Expected(row, error[1].replace('\\"', '"'))
                    for row, line in enumerate(match[4].splitlines(), 1)
                    for error in _ERROR.finditer(line)
                ),
            )
            for match in _BLOCK.finditer(body)
        )
        yield Section(name, kind == "Good", blocks)


def parse_page(text: str, where: str) -> Page:
    """The page in a file's text; raises PageError."""
    match = re.match(r"\+\+\+\n(.*?)^\+\+\+\n(.*)", text, re.MULTILINE | re.DOTALL)
    if match is None:
        raise PageError(f"{where}: no front matter between +++ lines")
    try:
        front = tomllib.loads(match[1])
        return Page(
            code=front["code"],
            name=front["name"],
            family=front["family"],
            severity=Severity(front["severity"]),
            fix=front["fix"],
            spec=front["spec"],
            since=front["since"],
            text=match[2].strip() + "\n",
            gate=front.get("gate"),
            default=front.get("default", True),
            options=front.get("options", {}),
        )
    except (tomllib.TOMLDecodeError, KeyError, ValueError) as error:
        raise PageError(f"{where}: front matter: {error}") from None


def own_pages() -> Traversable:
    """The folder of our own pages: in the wheel within the package, in a checkout beside `src`."""
    packed = resources.files("djlint_spec") / "_pages"
    return packed if packed.is_dir() else Path(__file__).parents[3] / "rules"


def load_pages(folders: Iterable[Traversable] | None = None) -> tuple[Page, ...]:
    """Every page below the folders (our own by default), sorted by code."""
    found = [page for folder in (folders or (own_pages(),)) for page in _below(folder)]
    return tuple(sorted(found, key=lambda page: page.code))


def _below(folder: Traversable) -> Iterator[Page]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _below(entry)
        elif entry.name.endswith(".md"):
            yield parse_page(entry.read_text(encoding="utf-8"), entry.name)


def page_of(pages: Iterable[Page], word: str) -> Page | None:
    """The page of a code or name, None when there is none."""
    return next((page for page in pages if word in (page.code, page.code.lower(), page.name)), None)
