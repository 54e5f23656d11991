"""Findings that a project lives with for now: kept by fingerprint, so that only new ones are reported."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from djlint_spec.config import Config, ConfigError
from djlint_spec.engine.fingerprint import fingerprints
from djlint_spec.engine.locating import baseline_file
from djlint_spec.engine.report import Report

_VERSION = 1


class Entry(msgspec.Struct, frozen=True):
    """A finding that is known: which rule, in which file, and what it said when it was written down."""

    fingerprint: str
    code: str
    path: str
    message: str


class Baseline(msgspec.Struct, frozen=True):
    """The known findings, by fingerprint."""

    entries: Mapping[str, Entry]

    def apply(self, report: Report, selected: Collection[str], wanted: Sequence[str]) -> Report:
        """The report without what is known; `gone` counts entries whose finding is no more, as far as it was looked."""
        told = list(fingerprints(report))
        found = {fingerprint for _, fingerprint in told}
        new = tuple(finding for finding, fingerprint in told if fingerprint not in self.entries)
        gone = sum(
            1
            for fingerprint, entry in self.entries.items()
            if fingerprint not in found
            and entry.code in selected
            and any(not place or entry.path == place or entry.path.startswith(f"{place}/") for place in wanted)
        )
        return replace(report, findings=new, known=len(told) - len(new), gone=gone)

    def pruned(self, report: Report) -> Baseline:
        """The entries whose finding is still there."""
        found = {fingerprint for _, fingerprint in fingerprints(report)}
        return Baseline({key: entry for key, entry in self.entries.items() if key in found})

    def write(self, path: Path) -> None:
        """Write the file, entries in order of place. Raises OSError."""
        ordered = sorted(self.entries.values(), key=lambda entry: (entry.path, entry.code, entry.fingerprint))
        findings = [
            {"fingerprint": e.fingerprint, "code": e.code, "path": e.path, "message": e.message} for e in ordered
        ]
        text = json.dumps({"version": _VERSION, "findings": findings}, indent=2, ensure_ascii=False)
        path.write_text(f"{text}\n", encoding="utf-8", errors="backslashreplace")


def baseline_of(report: Report) -> Baseline:
    """All findings of a report, as known ones."""
    entries = (
        Entry(fingerprint, finding.code, finding.span.path, finding.message)
        for finding, fingerprint in fingerprints(report)
    )
    return Baseline({entry.fingerprint: entry for entry in entries})


def load_baseline(root: Path, config: Config) -> Baseline | None:
    """The baseline of a project, None where there is none.

    Raises ConfigError for one that cannot be read, or that an option names and that is not there.
    """
    path = baseline_file(root, config)
    if not path.is_file():
        if config.baseline:
            raise ConfigError(
                f'{config.where("baseline")}: no file "{config.baseline}" (djlint-spec baseline writes it)'
            )
        return None
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except RecursionError:
        raise ConfigError(
            f"{path.name}: not a baseline: nested too deeply (djlint-spec baseline writes it anew)"
        ) from None
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path.name}: not a baseline: {error} (djlint-spec baseline writes it anew)") from None
    return Baseline({entry.fingerprint: entry for entry in _entries(document, path.name)})


def _entries(document: object, name: str) -> Iterable[Entry]:
    findings = document.get("findings") if isinstance(document, dict) else None
    if not isinstance(document, dict) or document.get("version") != _VERSION or not isinstance(findings, list):
        raise ConfigError(f"{name}: not a baseline of this version (djlint-spec baseline writes it anew)")
    for number, entry in enumerate(findings):
        keys = ("fingerprint", "code", "path", "message")
        if not isinstance(entry, dict) or not all(isinstance(entry.get(key), str) for key in keys):
            raise ConfigError(f"{name}: entry {number + 1} of findings lacks one of {', '.join(keys)}")
        yield Entry(*(entry[key] for key in keys))
