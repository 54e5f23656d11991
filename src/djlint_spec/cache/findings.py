"""What was found in a project, part by part, and all that it stood on: it holds for as long as none of that changes."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from djlint_spec.cache.files import read_own, write_own
from djlint_spec.diagnostics import Finding, Span


class Grounds(msgspec.Struct, array_like=True, frozen=True):
    """What findings stood on, each named by a digest.

    `maker` is the tool and what it was asked; `modules` are the project's Python files by path, `templates` those that
    were looked into, `texts` and `names` its other files and folders that were, `packages` the installed modules by
    dotted name; None stands for what was not there. `words` are those that whole texts were searched for.
    """

    maker: str
    modules: Mapping[str, str]
    templates: Mapping[str, str | None]
    texts: Mapping[str, str | None]
    names: Mapping[str, str]
    packages: Mapping[str, str | None]
    words: tuple[str, ...] = ()


class Part(msgspec.Struct, array_like=True, frozen=True):
    """What rules said of one part of a project, which `subject` and `key` name.

    `asked` are the numbers, among the names kept with the parts, of what was looked into; `feeds` and `ties` tell what
    is put together of it with other parts; `lists` counts the list endpoints in it, and those that are resolved.
    """

    subject: str
    key: str
    asked: tuple[int, ...]
    findings: tuple[Finding, ...]
    feeds: bool
    ties: frozenset[str]
    lists: tuple[int, int]


class Parts(msgspec.Struct, array_like=True, frozen=True):
    """All parts, in the order in which they were judged, the names of what they looked into, and the rules' codes."""

    codes: frozenset[str]
    names: tuple[str, ...]
    parts: tuple[Part, ...]


class _Told(msgspec.Struct, array_like=True, frozen=True):
    """What was reported, in short, and the digest of what was asked."""

    asked: str
    findings: Mapping[str, list[tuple[int, int, int, int, str, str, str]]]


class _Kept(msgspec.Struct, array_like=True, frozen=True):
    grounds: Grounds
    parts: msgspec.Raw
    told: _Told | None


_kept = msgspec.msgpack.Decoder(_Kept)
_parts = msgspec.msgpack.Decoder(Parts)


def _plain(value: Any) -> dict[str, object]:  # whatever mapping a finding's data is
    return dict(value)


_encoder = msgspec.msgpack.Encoder(enc_hook=_plain)


class FindingsFile:
    """The file in which the findings of a project are kept. What cannot be read counts as none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept = _load(path)
        self._grown = False

    @property
    def grounds(self) -> Grounds | None:
        """What the findings that are kept stood on."""
        return self._kept.grounds if self._kept is not None else None

    def parts(self) -> Parts | None:
        """What was found, part by part."""
        if self._kept is None:
            return None
        try:
            return _parts.decode(self._kept.parts)
        except (msgspec.MsgspecError, ValueError):
            return None

    def told(self, asked: str) -> dict[str, list[Finding]] | None:
        """What was reported to who asked the same, by file, as far as linters are told (span, code, name, message)."""
        told = self._kept.told if self._kept is not None else None
        if told is None or told.asked != asked:
            return None
        return {
            file: [
                Finding(Span(file, row, column, end_row, end_column), message, code=code, name=name)
                for row, column, end_row, end_column, code, name, message in findings
            ]
            for file, findings in told.findings.items()
        }

    def keep(self, grounds: Grounds, parts: Parts) -> None:
        """Keep what was found, in the place of what was kept before; what cannot be written is not kept."""
        with contextlib.suppress(UnicodeEncodeError, RecursionError):  # names of files may be no text
            self._kept = _Kept(grounds, msgspec.Raw(_encoder.encode(parts)), None)
            self._grown = True

    def tell(self, asked: str, by_file: Mapping[str, list[Finding]]) -> None:
        """Keep beside it what was reported to who asked so."""
        if self._kept is None:
            return
        found = {
            file: [
                (s.row, s.column, s.end_row, s.end_column, finding.code, finding.name, finding.message)
                for finding in findings
                for s in (finding.span,)
            ]
            for file, findings in by_file.items()
        }
        self._kept = msgspec.structs.replace(self._kept, told=_Told(asked, found))
        self._grown = True

    def save(self) -> None:
        """Write what has been kept since it was read, in one step; without a writable place nothing happens."""
        if self._grown and self._kept is not None:
            with contextlib.suppress(UnicodeEncodeError):
                write_own(self._path, _encoder.encode(self._kept))
            self._grown = False


def _load(path: Path) -> _Kept | None:
    payload = read_own(path)
    if payload is None:
        return None
    try:
        return _kept.decode(payload)
    except (msgspec.MsgspecError, ValueError):
        return None
