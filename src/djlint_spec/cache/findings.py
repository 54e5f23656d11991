"""The findings of a project's last run, and all that they stood on: they hold for as long as none of it changes."""

from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec

from djlint_spec.cache.files import read_own, write_own
from djlint_spec.diagnostics import Finding, Span


class Grounds(msgspec.Struct, array_like=True):
    """What a run stood on, each named by a digest.

    `maker` is the tool and what it was asked; `modules` are the project's Python files by path, `texts` and `names`
    its other files and folders that were looked into, `packages` the installed modules by dotted name; None stands
    for what was not there.
    """

    maker: str
    modules: dict[str, str]
    texts: dict[str, str | None]
    names: dict[str, str]
    packages: dict[str, str | None]


class _Kept(msgspec.Struct, array_like=True):
    grounds: Grounds
    findings: dict[str, list[tuple[int, int, int, int, str, str, str]]]


_decoder = msgspec.msgpack.Decoder(_Kept)
_encoder = msgspec.msgpack.Encoder()


def load_findings(path: Path) -> tuple[Grounds, dict[str, list[Finding]]] | None:
    """The findings by file, as far as linters ask for them (span, code, name and message), and their grounds."""
    payload = read_own(path)
    if payload is None:
        return None
    try:
        kept = _decoder.decode(payload)
    except (msgspec.MsgspecError, ValueError):
        return None
    found = {
        file: [
            Finding(Span(file, row, column, end_row, end_column), message, code=code, name=name)
            for row, column, end_row, end_column, code, name, message in findings
        ]
        for file, findings in kept.findings.items()
    }
    return kept.grounds, found


def save_findings(path: Path, grounds: Grounds, by_file: dict[str, list[Finding]]) -> None:
    """Keep findings by file; those that cannot be written are not kept."""
    found = {
        file: [
            (s.row, s.column, s.end_row, s.end_column, finding.code, finding.name, finding.message)
            for finding in findings
            for s in (finding.span,)
        ]
        for file, findings in by_file.items()
    }
    with contextlib.suppress(UnicodeEncodeError):  # names of files may be no text
        write_own(path, _encoder.encode(_Kept(grounds, found)))
