"""The projects that a client has documents of. Works in one thread, apart from the one that speaks with the client."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from djlint_spec.cache import FactsCache, cache_file
from djlint_spec.config import ConfigError, find_config
from djlint_spec.diagnostics import Finding
from djlint_spec.engine.locating import common_folder, is_root, root_of
from djlint_spec.engine.report import Report
from djlint_spec.engine.session import Session
from djlint_spec.lsp.settings import Settings

_CONFIGURATION = frozenset({"pyproject.toml", "djlint-spec.toml"})


class Place(msgspec.Struct, frozen=True):
    """A file of a project: the project's session, and the path from its root."""

    session: Session
    path: str


class Checked(msgspec.Struct, frozen=True):
    """What a look at all projects came to: the findings and texts of files, and what went wrong."""

    findings: dict[Path, tuple[Finding, ...]] = msgspec.field(default_factory=dict)
    troubles: tuple[str, ...] = ()


class Projects:
    """Sessions by root, made when the first document of a project is opened."""

    def __init__(self, folders: Iterable[Path] = (), settings: Settings | None = None) -> None:
        self.folders = tuple(folders)
        self.settings = settings or Settings()
        self._sessions: dict[Path, Session] = {}
        self._roots: dict[Path, Path | None] = {}
        self._unusable: set[Path] = set()
        self._texts: dict[Path, str] = {}
        self._troubles: list[str] = []
        self._found: dict[Path, Mapping[Path, tuple[Finding, ...]]] = {}

    # -------------------------------------------------------------------------------------------- changes
    def lay(self, file: Path, text: str) -> None:
        """A document was opened, or its text changed."""
        self._texts[file] = text
        place = self.place(file)
        if place is not None:
            place.session.lay(place.path, text)

    def lift(self, file: Path) -> None:
        """A document was closed."""
        self._texts.pop(file, None)
        place = self.place(file)
        if place is not None:
            place.session.lift(place.path)

    def refresh(self, files: Iterable[Path] | None = None) -> None:
        """Files changed on disk: those named, by default any."""
        changed = None if files is None else list(files)
        if self._is_configured_anew(changed):
            self.reload()
            return
        for root, session in self._sessions.items():
            session.refresh(None if changed is None else _below(changed, root))

    def _is_configured_anew(self, changed: Sequence[Path] | None) -> bool:
        if changed is not None:
            return any(file.name in _CONFIGURATION for file in changed)
        try:
            return any(self.settings.options.config(root) != s.config for root, s in self._sessions.items())
        except ConfigError:
            return True

    def reload(self, settings: Settings | None = None, folders: Iterable[Path] | None = None) -> None:
        """Read configurations again; a project whose configuration cannot be used keeps the one that it had."""
        if settings is not None:
            self.settings = settings
        if folders is not None:
            self.folders = tuple(folders)
        known, self._sessions = self._sessions, {}
        self._roots.clear()
        self._unusable.clear()
        for file in self._texts:
            root = self._root(file)
            if root is None or root in self._sessions:
                continue
            session = self._opened(root, known.get(root))
            if session is not None:
                self._sessions[root] = session
        for file, text in self._texts.items():
            self.lay(file, text)

    # --------------------------------------------------------------------------------------------- answers
    def place(self, file: Path) -> Place | None:
        """Where a file belongs, None for one of no project."""
        root = self._root(file)
        if root is None:
            return None
        session = self._sessions.get(root)
        if session is None:
            # One that could not be opened is tried again when its configuration changes.
            session = None if root in self._unusable else self._opened(root, None)
            if session is None:
                return None
            self._sessions[root] = session
        path = file.relative_to(root).as_posix()
        return Place(session, path) if session.includes(path) else None

    def text(self, file: Path) -> str:
        """The text of a file as it counts, empty where it cannot be read."""
        if file in self._texts:
            return self._texts[file]
        place = self.place(file)
        return (place.session.text(place.path) if place is not None else None) or ""

    def checks(self, ahead: Collection[Path], stop: Callable[[], bool]) -> Iterator[Checked]:
        """The findings of every file of every project; where that takes long, those of the files `ahead` come before.

        Nothing more comes once `stop` says so; what is left to be done is left to the next time.
        """
        for root, session in self._sessions.items():
            for report in self._reports(session, _below(ahead, root), stop):
                self._found[root] = _by_file(root, report)
                self._troubles.extend(f"a fault of ours in {fault.rule}: {fault.error}" for fault in report.faults)
                yield self._checked()
        if not stop():
            yield self._checked()

    def _reports(self, session: Session, ahead: Iterable[str], stop: Callable[[], bool]) -> Iterator[Report]:
        try:
            yield from session.reports(ahead, stop)
        except ConfigError as error:
            self._troubles.append(str(error))

    def _checked(self) -> Checked:
        troubles, self._troubles = tuple(dict.fromkeys(self._troubles)), []
        found = {file: findings for root in self._sessions for file, findings in self._found.get(root, {}).items()}
        return Checked(found, troubles)

    # --------------------------------------------------------------------------------------------- roots
    def _root(self, file: Path) -> Path | None:
        if file.parent not in self._roots:
            self._roots[file.parent] = self._looked_for_root(file)
        return self._roots[file.parent]

    def _looked_for_root(self, file: Path) -> Path | None:
        """The root of the project that a file belongs to: where its configuration lies, else its workspace folder."""
        folders = [folder for folder in self.folders if file.is_relative_to(folder)]
        if self.folders and not folders:
            return None
        configured = find_config(common_folder([file.parent]))
        if configured is not None:
            return configured.resolve().parent
        if folders:
            return root_of([max(folders, key=lambda folder: len(folder.parts))])
        root = root_of([file.parent])
        return root if is_root(root) else None

    def _opened(self, root: Path, known: Session | None) -> Session | None:
        try:
            config = self.settings.options.config(root)
            cache = FactsCache(cache_file(root, self.settings.options.cache_folder))
            return Session(root, config, cache=cache, known=known)
        except ConfigError as error:
            self._troubles.append(str(error))
            self._unusable.add(root)
            return known


def _by_file(root: Path, report: Report) -> Mapping[Path, tuple[Finding, ...]]:
    found: dict[Path, list[Finding]] = {root / path: [] for path in report.paths}
    for finding in report.findings:
        found.setdefault(root / finding.span.path, []).append(finding)
    return {file: tuple(findings) for file, findings in found.items()}


def _below(files: Iterable[Path], root: Path) -> list[str]:
    return [file.relative_to(root).as_posix() for file in files if file.is_relative_to(root)]
