"""Take a comment away, or leave a part of it."""

from __future__ import annotations

from djlint_spec.diagnostics import RemoveComment
from djlint_spec.fixes.document import Change, Document


def remove_comment(document: Document, intent: RemoveComment) -> Change:
    """What stays in the comment's place; without anything, the space before it goes too, or the whole line.

    What follows on the line is another comment, which stays.
    """
    start, end = document.range_of(intent.span)
    text = document.text
    if intent.text:
        return Change(start, end, intent.text, whole=True)
    line, following = document.line_start(start), document.next_line(end)
    rest = document.slice(end, following).rstrip("\n")
    before = document.slice(line, start)
    if rest.strip():
        return Change(start, end + len(rest) - len(rest.lstrip()), "", whole=True)
    if before.strip():
        return Change(line + len(before.rstrip()), end + len(rest), "", whole=True)
    if not line or following < len(text) or text.endswith(("\n", "\r")):
        return Change(line, following, "", whole=True)
    return Change(line, end, "", whole=True)
