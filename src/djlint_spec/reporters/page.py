"""A rule's page on a terminal: headings stand out, prose is filled, code is indented."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from djlint_spec.catalog import Page

_FENCE = re.compile(r"^```\w*$")
_ITEM = re.compile(r"^(?:[-*]|\d+\.) ")
_CODE = re.compile(r"`([^`]+)`")


def page_text(page: Page, width: int, *, coloured: bool) -> str:
    """The page, its head first; `width` is that of the prose, code is left as it is."""
    return "\n".join(_lines(page, width, coloured=coloured)) + "\n"


def _lines(page: Page, width: int, *, coloured: bool) -> Iterator[str]:
    yield _bold(f"{page.code} {page.name}", coloured=coloured)
    off = "" if page.default else " · off by default"
    yield f"{page.family} · {page.level} · fix: {page.fix} · since {page.since}{off}"
    if page.gate:
        yield f"Needs {page.gate}."
    if page.spec != "-":
        yield f"Spec: {page.spec}"
    body = page.text.split("\n", 1)[1] if page.text.startswith("# ") else page.text
    yield from _body(body, width, coloured=coloured)
    if page.options:
        yield ""
        yield _bold("Options", coloured=coloured)
        for name, entry in page.options.items():
            yield f"  {name} = {entry.get('default')!r}"
            yield from textwrap.wrap(
                str(entry.get("help", "")), width, initial_indent="      ", subsequent_indent="      "
            )
    yield ""
    yield page.url


def _body(text: str, width: int, *, coloured: bool) -> Iterator[str]:
    in_code = False
    paragraph: list[str] = []

    def flush() -> Iterator[str]:
        if paragraph:
            first = _ITEM.match(paragraph[0])
            hang = " " * len(first[0]) if first else ""
            filled = textwrap.wrap(
                " ".join(paragraph), width, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False
            )
            yield from (_inline(line, coloured=coloured) for line in filled)
            paragraph.clear()

    for line in text.splitlines():
        if _FENCE.match(line):
            yield from flush()
            in_code = not in_code
        elif in_code:
            yield f"    {line}".rstrip()
        elif line.startswith("#"):
            yield from flush()
            yield _bold(line.lstrip("# "), coloured=coloured)
        elif not line:
            yield from flush()
            yield ""
        else:
            if _ITEM.match(line):
                yield from flush()
            paragraph.append(line.strip())
    yield from flush()


def _bold(text: str, *, coloured: bool) -> str:
    return f"\x1b[1m{text}\x1b[0m" if coloured else text


def _inline(line: str, *, coloured: bool) -> str:
    return _CODE.sub("\x1b[36m\\1\x1b[0m", line) if coloured else line
