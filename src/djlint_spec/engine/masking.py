"""No output shows a secret: the texts of a report, and the words of its findings, with every secret covered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from djlint_spec.diagnostics import Finding, JsonValue
from djlint_spec.project import Module, Project
from djlint_spec.project.secrets import Secret, secrets_of

_MASK = "***"
_SHORTEST = 6
_COVERED = re.compile(r"[^\s\"'\\]")


class Masking:
    """The secrets of some files, whatever rules run and whatever is suppressed."""

    def __init__(
        self, project: Project, paths: Iterable[str], kept: dict[Module, tuple[Secret, ...]] | None = None
    ) -> None:
        """`kept` holds the secrets of modules that were looked at before, and takes up those of others."""
        known = kept if kept is not None else {}
        self._secrets: dict[str, tuple[Secret, ...]] = {}
        for path in sorted(set(paths)):
            module = project.module_at(path)
            if module is not None:
                if module not in known:
                    known[module] = secrets_of(project).of(module)
                self._secrets[path] = known[module]
        values = {value for secrets in self._secrets.values() for secret in secrets for value in secret.values}
        # The longest first: one secret may hold another.
        ordered = sorted(values, key=lambda value: (-len(value), value))
        self._values = re.compile("|".join(map(_pattern, ordered))) if ordered else None

    def source(self, path: str, text: str) -> str:
        """The text of a file in which each character of a secret is a star; lines, quotes and columns stay."""
        for secret in self._secrets.get(path, ()):
            start, end = secret.start, secret.end
            text = text[:start] + _COVERED.sub("*", text[start:end]) + text[end:]
        return text

    def text(self, text: str) -> str:
        """Words that may quote the source, with `***` for each secret."""
        return text if self._values is None else self._values.sub(_MASK, text)

    def finding(self, finding: Finding) -> Finding:
        """A finding with nothing secret in its words."""
        if self._values is None:
            return finding
        return replace(
            finding,
            message=self.text(finding.message),
            help=self.text(finding.help),
            cost=self.text(finding.cost),
            fix=replace(finding.fix, message=self.text(finding.fix.message)) if finding.fix is not None else None,
            related=tuple(
                replace(
                    related,
                    message=self.text(related.message),
                    label=self.text(related.label),
                    subject=self.text(related.subject),
                )
                for related in finding.related
            ),
            data={key: self._json(value) for key, value in finding.data.items()},
        )

    def _json(self, value: JsonValue) -> JsonValue:
        match value:
            case str():
                return self.text(value)
            case list():
                return [self._json(item) for item in value]
            case dict():
                return {key: self._json(item) for key, item in value.items()}
            case _:
                return value

    def texts(self, examples: Mapping[str, tuple[int, tuple[str, ...]]]) -> Mapping[str, tuple[int, tuple[str, ...]]]:
        """Counted examples with nothing secret in them."""
        return {cause: (count, tuple(map(self.text, told))) for cause, (count, told) in examples.items()}


def _pattern(value: str) -> str:
    """Where a value stands. A word or a short one (`admin`) is covered in quotes alone: messages use it as a word."""
    escaped = re.escape(value)
    return escaped if len(value) >= _SHORTEST and not value.isalpha() else rf"(?<=[\"']){escaped}(?=[\"'])"
