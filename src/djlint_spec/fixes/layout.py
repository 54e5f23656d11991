"""How changed statements are laid out: as Black would leave them, where Black had nothing to say before."""

from __future__ import annotations

import ast
import difflib
import itertools
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from djlint_spec.fixes.breaking import broken_up
from djlint_spec.fixes.document import CannotPlace, Change, Document

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_INDENT = 4
_USUAL_LENGTHS = (100, 120)
"""Line lengths that projects settle above Black's own; the file that settles one may not be at hand."""
_COMPOUND = (
    ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith,
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef,
)  # fmt: skip
_SWITCH = re.compile(r"^[ \t\f]*#\s*(?:fmt|yapf):\s*(off|on|disable|enable)\s*$", re.MULTILINE)


class Layout(msgspec.Struct, frozen=True):
    """The project's settings of its formatter that matter for single statements."""

    line_length: int = 88
    quotes: bool = True
    magic_commas: bool = True
    preview: bool = False

    def format(self, text: str, depth: int) -> str | None:
        """Whole lines at an indentation of `depth` levels as Black leaves them; None where it cannot read them."""
        import black

        mode = black.Mode(
            line_length=self.line_length,
            string_normalization=self.quotes,
            magic_trailing_comma=self.magic_commas,
            preview=self.preview,
        )
        lead = "".join(f"{' ' * _INDENT * level}if 1:\n" for level in range(depth))
        if not text.endswith("\n"):
            text += "\n"
        try:
            made = black.format_str(lead + text, mode=mode)
        except Exception:  # noqa: BLE001 - Black raises errors of several kinds; each means it cannot read the text
            return None
        # Black puts an empty line between `if 1:` and a function; what stands before the lines is not theirs.
        return made[len(lead) :].lstrip("\n") if made.startswith(lead) else None


def layout_of(text: Callable[[str], str | None]) -> Layout:
    """The layout that a project's files settle, by their path: Black's table first, then ruff's."""
    pyproject = _table(text("pyproject.toml"))
    tools = _part(pyproject, "tool")
    layout = Layout()
    for ruff in (_part(tools, "ruff"), _table(text("ruff.toml")), _table(text(".ruff.toml"))):
        length = ruff.get("line-length")
        if isinstance(length, int):
            layout = replace(layout, line_length=length)
        formatting = _part(ruff, "format")
        if formatting.get("quote-style") in ("single", "preserve"):
            layout = replace(layout, quotes=False)
        if formatting.get("skip-magic-trailing-comma") is True:
            layout = replace(layout, magic_commas=False)
    black = _part(tools, "black")
    length = black.get("line-length")
    if isinstance(length, int):
        layout = replace(layout, line_length=length)
    if black:
        layout = replace(
            layout,
            quotes=black.get("skip-string-normalization") is not True,
            magic_commas=black.get("skip-magic-trailing-comma") is not True,
            preview=black.get("preview") is True,
        )
    return layout


def _table(text: str | None) -> Mapping[str, Any]:  # TOML of any shape
    try:
        return tomllib.loads(text or "")
    except tomllib.TOMLDecodeError:
        return {}


def _part(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = table.get(key)
    return found if isinstance(found, dict) else {}


def lay_out(document: Document, changes: Iterable[Change], layout: Layout) -> list[Change]:
    """The changes of one file, those within a statement as one change that leaves it as Black would."""
    if document.quote == "'":
        layout = replace(layout, quotes=False)  # the file's own style
    made: list[Change] = []
    units: dict[tuple[int, int], tuple[ast.stmt, list[Change]]] = {}
    for change in sorted(changes, key=lambda c: (c.start, c.end)):
        statement, unit = _place(document, change)
        if unit is None or statement is None:
            made.append(_added(change, layout) if change.start == change.end else change)
        else:
            units.setdefault(unit, (statement, []))[1].append(change)
    for (start, end), (statement, inner) in units.items():
        made.append(_laid_out(document, start, end, statement, inner, layout))
    return merged(made, ())


def merged(changes: Iterable[Change], others: Iterable[Change]) -> list[Change]:
    """Changes of one file in order; raises CannotPlace where two of them meet."""
    made = sorted((*changes, *others), key=lambda c: (c.start, c.end))
    for before, after in itertools.pairwise(made):
        if after.start < before.end or (after.start == before.start and after.end == before.end):
            raise CannotPlace("two parts of the fix meet in one place")
    return made


def areas(document: Document, changes: Iterable[Change]) -> Iterator[tuple[int, int]]:
    """The stretches of text that changes lay out: no other fix may touch them at the same time."""
    for change in changes:
        _, unit = _place(document, change)
        yield unit or (change.start, change.end)


def _place(document: Document, change: Change) -> tuple[ast.stmt | None, tuple[int, int] | None]:
    """The statement around a change and the lines of it to lay out anew, None for a change that stays as it is."""
    statement = None if change.whole else document.statement_at(change.start, change.end)
    return statement, _unit(document, statement, change) if statement is not None else None


def _added(change: Change, layout: Layout) -> Change:
    """Whole lines that are added, laid out where one of them is too long."""
    body = change.text.strip("\n")
    depth = _depth(body[: len(body) - len(body.lstrip())])
    if not change.whole or depth is None or all(len(line) <= layout.line_length for line in body.split("\n")):
        return change
    made = layout.format(body, depth)
    return change if made is None else replace(change, text=change.text.replace(body, made.rstrip("\n")))


def _unit(document: Document, statement: ast.stmt, change: Change) -> tuple[int, int] | None:
    """The lines to lay out anew: the statement, or the head of a compound one."""
    start, end = document.whole_extent(statement)
    body = getattr(statement, "body", None)
    if isinstance(body, list):
        first = document.line_start(document.whole_extent(body[0])[0])
        if not isinstance(statement, _COMPOUND) or change.end > first or document.line_start(start) == first:
            return None
        end = first - 1
    return document.line_start(start), document.next_line(end)


def _laid_out(
    document: Document, start: int, end: int, statement: ast.stmt, changes: Sequence[Change], layout: Layout
) -> Change:
    plain = Change(start, end, _apply(document, start, end, changes))
    old = document.slice(start, end)
    return trimmed(document, replace(plain, text=_formatted(document, statement, start, old, plain.text, layout)))


def _formatted(document: Document, statement: ast.stmt, start: int, old: str, new: str, layout: Layout) -> str:
    depth = _depth(document.indent(start))
    if depth is None or _is_switched_off(document, start):
        return new
    if _is_plain(old) and _is_plain(new) and len(new.rstrip("\n")) <= layout.line_length:
        return new
    head = isinstance(statement, _COMPOUND)
    if head and document.text.startswith("elif", start + depth * _INDENT):
        return new
    tail = f"{' ' * _INDENT * (depth + 1)}pass\n" if head else ""
    own = next((one for one in _widths(old, layout) if one.format(old + tail, depth) == _ended(old) + tail), None)
    if own is None:
        return new if head else broken_up(old, new, layout.line_length)
    formatted = own.format(new + tail, depth)
    if formatted is None or not formatted.endswith(tail):
        return new
    formatted = formatted[: len(formatted) - len(tail)]
    return formatted if new.endswith("\n") else formatted.rstrip("\n")


def _widths(text: str, layout: Layout) -> Iterator[Layout]:
    """The layout, and where lines of the text are longer, the same with the usual length that they keep to."""
    yield layout
    longest = max(map(len, text.split("\n")))
    if longest > layout.line_length:
        yield replace(layout, line_length=next((usual for usual in _USUAL_LENGTHS if longest <= usual), longest))


def _ended(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"


def _is_plain(text: str) -> bool:
    # A line of its own that Black has no reason to split; commas before a bracket's end are such reasons.
    return "\n" not in text.rstrip("\n") and not re.search(r",\s*[)\]}]", text)


def _depth(indent: str) -> int | None:
    if indent.strip(" ") or len(indent) % _INDENT:
        return None
    return len(indent) // _INDENT


def _is_switched_off(document: Document, start: int) -> bool:
    switches = _SWITCH.findall(document.slice(0, start))
    return bool(switches) and switches[-1] in ("off", "disable")


def _apply(document: Document, start: int, end: int, changes: Sequence[Change]) -> str:
    parts: list[str] = []
    at = start
    for change in changes:
        if change.start < at:
            raise CannotPlace("two parts of the fix meet in one place")
        parts += (document.slice(at, change.start), change.text)
        at = change.end
    return "".join((*parts, document.slice(at, end)))


def differences(document: Document, new: str) -> Iterator[Change]:
    """The whole lines in which a new text differs from the file's."""
    old_lines = document.text.splitlines(keepends=True)
    new_lines = new.splitlines(keepends=True)
    front = _common(old_lines, new_lines)
    back = _common(old_lines[front:][::-1], new_lines[front:][::-1])
    old_lines, new_lines = old_lines[: len(old_lines) - back], new_lines[: len(new_lines) - back]
    starts = [0, *itertools.accumulate(map(len, old_lines))]
    matcher = difflib.SequenceMatcher(None, old_lines[front:], new_lines[front:], autojunk=False)
    for kind, first, last, begin, end in matcher.get_opcodes():
        if kind != "equal":
            text = "".join(new_lines[front + begin : front + end]).replace(document.newline, "\n")
            yield Change(starts[front + first], starts[front + last], text, whole=True)


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    """How many elements two sequences begin with alike."""
    return next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))


def trimmed(document: Document, change: Change) -> Change:
    """The change without what stays the same at both of its ends."""
    old = document.text[change.start : change.end]
    if "\r" in old:
        return change
    new, front = change.text, 0
    most = min(len(old), len(new))
    while front < most and old[front] == new[front]:
        front += 1
    back = 0
    while back < most - front and old[len(old) - 1 - back] == new[len(new) - 1 - back]:
        back += 1
    return Change(change.start + front, change.end - back, new[front : len(new) - back])
