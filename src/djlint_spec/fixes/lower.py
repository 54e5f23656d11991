"""Lower the intents of a fix to edits of the texts that it was found in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeAlias

import msgspec

from djlint_spec.diagnostics import (
    AddImport,
    AddLoading,
    AddMetaEntry,
    AnnotateQuery,
    AwaitEach,
    Edit,
    ExtendAttribute,
    Fix,
    FixIntent,
    GuardLockRelease,
    InsertDecorator,
    LetThrough,
    MoveDecorator,
    RemoveCall,
    RemoveComment,
    RemoveKeyword,
    RenameKeyword,
    ReplaceExpression,
    SetAttribute,
    SetKeyword,
    Span,
    WrapCall,
)
from djlint_spec.fixes.asynchronous import await_each
from djlint_spec.fixes.comments import remove_comment
from djlint_spec.fixes.document import CannotPlace, Change, Document
from djlint_spec.fixes.layout import Layout, differences, lay_out, layout_of, merged
from djlint_spec.fixes.layout import areas as areas_of
from djlint_spec.fixes.locks import guard_release

Read: TypeAlias = "Callable[[str], str | None]"
"""The text of a file by its path, None where there is none."""

_WORD = re.compile(r"[^\W\d]\w*")


class Lowered(msgspec.Struct, frozen=True):
    """The edits of one fix, sorted by place; all or none are applied.

    `areas` are the statements around them, which were laid out for this fix alone.
    """

    edits: tuple[Edit, ...]
    areas: tuple[Span, ...]


class Refused(msgspec.Struct, frozen=True):
    """A fix that has no place in the code as it is, and why."""

    why: str


class Lowering:
    """Lowers fixes against the texts of one moment; each file is parsed once, when a fix first touches it.

    `read` gives the Python files of the project, `settings` any other file.
    """

    def __init__(self, read: Read, settings: Read = lambda _: None) -> None:
        self._documents = _Documents(read)
        self._settings = settings
        self._lowered: dict[Fix, Lowered | Refused] = {}

    @cached_property
    def _layout(self) -> Layout:
        return layout_of(self._settings)

    def lower(self, fix: Fix) -> Lowered | Refused:
        """The edits of a fix, or why there are none."""
        known = self._lowered.get(fix)
        if known is None:
            try:
                known = self._lower(fix)
            except CannotPlace as error:
                known = Refused(str(error))
            self._lowered[fix] = known
        return known

    def apply(self, edits: Iterable[Edit]) -> dict[str, str]:
        """The new texts of the files that edits touch, by path; the edits must not overlap."""
        by_path: dict[str, list[Edit]] = {}
        for edit in edits:
            by_path.setdefault(edit.span.path, []).append(edit)
        return {path: self._documents[path].edited(found) for path, found in by_path.items()}

    def _lower(self, fix: Fix) -> Lowered:
        changes: dict[str, list[Change]] = {}
        for document, change in self._changes(fix.intents):
            held = changes.setdefault(document.path, [])
            if change not in held:
                held.append(change)
        imports = [intent for intent in fix.intents if isinstance(intent, AddImport)]
        edits: list[Edit] = []
        for path in sorted({*changes, *(intent.path for intent in imports)}):
            wanted = dict.fromkeys((intent.module, intent.name) for intent in imports if intent.path == path)
            edits.extend(self._file_edits(self._documents[path], changes.get(path, []), wanted))
        if not edits:
            raise CannotPlace("there is nothing to change")
        areas = {edit.span for edit in edits}
        for path, held in changes.items():
            document = self._documents[path]
            areas.update(document.span_of(*area) for area in areas_of(document, held))
        return Lowered(tuple(edits), tuple(sorted(areas)))

    def _file_edits(
        self, document: Document, changes: list[Change], wanted: Iterable[tuple[str, str]]
    ) -> Iterator[Edit]:
        from djlint_spec.fixes.imports import add_import, unused_import

        made = lay_out(document, changes, self._layout)
        # Imports are placed one after the other, each beside those before it; then told as one difference.
        importing = document
        for module, name in wanted:
            added = add_import(importing, module, name, self._documents.__contains__)
            if added is not None:
                importing = self._after(importing, added)
        for name in _words_gone(document, made):
            removed = unused_import(importing, document.changed(made), name)
            if removed is not None:
                importing = self._after(importing, removed)
        made = merged(made, differences(document, importing.text))
        for change in made:
            if document.slice(change.start, change.end) != change.text:
                yield document.edit(change)

    def _after(self, document: Document, change: Change) -> Document:
        return Document(document.path, document.changed(lay_out(document, [change], self._layout)))

    def _changes(self, intents: Sequence[FixIntent]) -> Iterator[tuple[Document, Change]]:
        # They load libcst, which takes longer than all else here together: only for a fix that is shown or made.
        from djlint_spec.fixes.annotations import annotate_query
        from djlint_spec.fixes.calls import remove_call, wrap_call
        from djlint_spec.fixes.classes import extend_attribute, set_attribute
        from djlint_spec.fixes.decorators import insert_decorator, move_decorator
        from djlint_spec.fixes.handlers import let_through
        from djlint_spec.fixes.keywords import remove_keyword, rename_keyword, replace_expression, set_keyword
        from djlint_spec.fixes.loading import add_loading
        from djlint_spec.fixes.meta import add_meta_entry

        for intent in intents:
            match intent:
                case RenameKeyword():
                    document = self._documents[intent.call.path]
                    yield document, rename_keyword(document, intent)
                case SetKeyword():
                    document = self._documents[intent.call.path]
                    yield document, set_keyword(document, intent)
                case ExtendAttribute():
                    document = self._documents[intent.cls.path]
                    yield document, extend_attribute(document, intent)
                case SetAttribute():
                    document = self._documents[intent.cls.path]
                    yield document, set_attribute(document, intent)
                case AddMetaEntry():
                    document = self._documents[intent.cls.path]
                    yield document, add_meta_entry(document, intent)
                case RemoveKeyword():
                    document = self._documents[intent.call.path]
                    yield document, remove_keyword(document, intent)
                case ReplaceExpression():
                    document = self._documents[intent.span.path]
                    yield document, replace_expression(document, intent)
                case RemoveCall():
                    document = self._documents[intent.call.path]
                    yield document, remove_call(document, intent)
                case WrapCall():
                    document = self._documents[intent.expression.path]
                    yield document, wrap_call(document, intent)
                case InsertDecorator():
                    document = self._documents[intent.function.path]
                    yield document, insert_decorator(document, intent)
                case MoveDecorator():
                    document = self._documents[intent.function.path]
                    yield document, move_decorator(document, intent)
                case AwaitEach():
                    document = self._documents[intent.iterable.path]
                    yield document, await_each(document, intent)
                case RemoveComment():
                    document = self._documents[intent.span.path]
                    yield document, remove_comment(document, intent)
                case GuardLockRelease():
                    document = self._documents[intent.release.path]
                    for change in guard_release(document, intent):
                        yield document, change
                case LetThrough():
                    document = self._documents[intent.call.path]
                    for change in let_through(document, intent):
                        yield document, change
                case AddLoading():
                    pass  # what loads the rows of one view depends on where all of them are built
                case AnnotateQuery():
                    yield from annotate_query(intent, self._documents)
                case AddImport():
                    pass  # those of one file are placed together
        yield from add_loading([intent for intent in intents if isinstance(intent, AddLoading)], self._documents)


class _Documents(Mapping[str, Document]):
    """The files that can be fixed, read and parsed when first asked for."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._known: dict[str, Document | None] = {}

    def __getitem__(self, path: str) -> Document:
        if path not in self._known:
            text = self._read(path)
            self._known[path] = Document(path, text) if text is not None else None
        found = self._known[path]
        if found is None:
            raise CannotPlace(f"{path} is not a file of the project")
        return found

    def __contains__(self, path: object) -> bool:
        try:
            return isinstance(path, str) and self[path] is not None
        except CannotPlace:
            return False

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def _words_gone(document: Document, changes: Iterable[Change]) -> set[str]:
    """Names that a fix takes out and does not put back."""
    old: set[str] = set()
    new: set[str] = set()
    for change in changes:
        # A change may begin or end within a word: `get` becomes `aget` by one letter.
        start, end = change.start, change.end
        while start and _is_letter(document.text[start - 1]):
            start -= 1
        while end < len(document.text) and _is_letter(document.text[end]):
            end += 1
        text = document.text
        old.update(_WORD.findall(text[start:end]))
        new.update(_WORD.findall(text[start : change.start] + change.text + text[change.end : end]))
    return old - new


def _is_letter(character: str) -> bool:
    return character == "_" or character.isalnum()


def touches(span: Span, other: Span) -> bool:
    """Whether two stretches meet: they share text, or one begins where the other ends."""
    if span.path != other.path:
        return False
    first, last = (span.row, span.column), (span.end_row, span.end_column)
    start, end = (other.row, other.column), (other.end_row, other.end_column)
    return first <= end and start <= last
