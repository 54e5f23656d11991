"""A project that stays open: texts change, and what is reported of it follows."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from djlint_spec.cache import FactsCache
from djlint_spec.config import Config, detect_versions, select_rules
from djlint_spec.diagnostics import Finding
from djlint_spec.engine.assessing import Assessment
from djlint_spec.engine.baseline import load_baseline
from djlint_spec.engine.bodies import changed_bodies
from djlint_spec.engine.fixing import Fixing, fix_tree
from djlint_spec.engine.linked import freed, hurried, link_facts, settled_config
from djlint_spec.engine.locating import disk_tree, environment_of
from djlint_spec.engine.reading import Read, read_source
from djlint_spec.engine.report import Report
from djlint_spec.engine.rulebook import check_config, rulebook
from djlint_spec.engine.upkeep import Upkeep
from djlint_spec.facts.tree import ModuleFacts
from djlint_spec.linking import relink
from djlint_spec.project import Project
from djlint_spec.project.module import body_key
from djlint_spec.project.tracking import Tracking
from djlint_spec.queries.endpoints import ListEndpoint
from djlint_spec.source import Overlay, Source, Tree


@dataclass(slots=True)
class _File:
    """What was last read at a path: facts are those of the last text that could be parsed."""

    digest: str
    facts: ModuleFacts | None
    broken: Finding | None


class Session:
    """The files of one project, on disk and as far as they are open elsewhere, and the report on them.

    Changes are told by `lay`, `lift` and `refresh`; the next `report` takes them in. What is judged anew is what
    looked into a function's body or a template that changed; a change of anything else has all judged anew. While a
    file cannot be parsed, it is reported, and the rest of the project is judged with its last good facts. Not for
    several threads at once.

    `cache` spares what an earlier run extracted, `known` what another session of the same project did.

    Raises ConfigError for a configuration or a baseline that cannot be used.
    """

    def __init__(
        self, root: Path, config: Config, *, cache: FactsCache | None = None, known: Session | None = None
    ) -> None:
        check_config(config)
        book = rulebook()
        self._selected = select_rules(book.pages.values(), config)
        self.root = root
        self.config = config
        self._cache = cache
        self._disk = disk_tree(root, config)
        self._environment = environment_of(root, config)
        self._baseline = load_baseline(root, config)
        self._laid: dict[str, str | bytes] = {}
        self._tree = Overlay(self._disk, self._laid)
        self._files: dict[str, _File] = dict(known._files) if known is not None else {}
        self._stale: set[str] = set()
        self._all_stale = True
        self._upkeep = Upkeep(book, self._selected, config)
        self._assessment = Assessment(book, config, self._selected)
        self._project: Project | None = None
        self._report: Report | None = None
        self._in_use = 0

    # -------------------------------------------------------------------------------------------- changes
    def includes(self, path: str) -> bool:
        """Whether the Python file at a path from the root is, or would be, one of the project's."""
        return path in self._files or self._disk.includes(path)

    def lay(self, path: str, text: str | bytes) -> None:
        """Lay an unsaved text over the file at a path."""
        self._laid[path] = text
        self._stale.add(path)

    @property
    def laid(self) -> Mapping[str, str | bytes]:
        """The unsaved texts, by path."""
        return self._laid

    def lift(self, path: str) -> None:
        """Take the unsaved text off again: what is on disk counts."""
        self._laid.pop(path, None)
        self._stale.add(path)

    def refresh(self, paths: Iterable[str] | None = None) -> None:
        """Take note that files, or folders, were changed, made or removed on disk: those named, by default any."""
        if paths is None:
            self._all_stale = True
            return
        for path in paths:
            if path.endswith(".py") and not path.endswith("setup.py"):
                self._stale.add(path)
            else:
                # What lies in a folder, ignore files, requirements, named settings, templates and the environment are
                # told from a look at all.
                self._all_stale = True

    # --------------------------------------------------------------------------------------------- answers
    def report(self) -> Report:
        """The report on the project as it now is. Raises ConfigError for a baseline that cannot be used."""
        *_, last = self.reports()
        return last

    def reports(self, ahead: Iterable[str] = (), stop: Callable[[], bool] = lambda: False) -> Iterator[Report]:
        """The report on the project as it now is; where much is to be judged, one on the files `ahead` comes before.

        Nothing more comes once `stop` says so: what is left to be judged is left to the next time.

        Raises ConfigError for a baseline that cannot be used.
        """
        with hurried():
            if not self._take_in() and self._upkeep.is_done and self._report is not None:
                yield self._report
                return
            project = self.linked
            # Before anything is known, a report on some of the parts would tell that all is well with the others.
            first = self._upkeep.ahead(frozenset(ahead)) if self._report is not None else 0
        while not self._upkeep.is_done:
            if stop():
                return
            with hurried():
                self._upkeep.step(project)
                first -= 1
                report = self._assessed(project) if not first and not self._upkeep.is_done else None
            if report is not None:
                yield report
        with hurried():
            self._report = self._assessed(project)
        yield self._report
        if not stop():
            self._in_use = freed(self._in_use)

    @property
    def endpoints(self) -> Iterator[ListEndpoint]:
        """The list endpoints as they were last judged; none where no selected rule asks for them."""
        return self._upkeep.endpoints

    def fixed(self, path: str, *, unsafe: bool = False) -> Fixing:
        """What the fixes of a file's findings come to that change this file alone. Nothing is written."""
        laid = dict(self._laid)
        before = Overlay(self._disk, laid)

        def check(tree: Tree) -> Report:
            texts = tree.texts if isinstance(tree, Overlay) and tree is not before else {}
            self._lay_all({**laid, **texts})
            report = self.report()
            findings = (f if f.span.path == path else replace(f, fix=None) for f in report.findings)
            return dataclasses.replace(report, findings=tuple(findings))

        def frozen(other: str) -> str | None:
            return None if other == path else f"{other} would have to change too"

        try:
            return fix_tree(before, check, unsafe=unsafe, frozen=frozen)
        finally:
            self._lay_all(laid)

    def _lay_all(self, laid: Mapping[str, str | bytes]) -> None:
        for path in self._laid.keys() - laid.keys():
            self.lift(path)
        for path, text in laid.items():
            if self._laid.get(path) != text:
                self.lay(path, text)

    def text(self, path: str) -> str | None:
        """The text of a Python file as it counts, None where there is none that can be read."""
        source = self._tree.read(path)
        return source.text if isinstance(source, Source) else None

    # -------------------------------------------------------------------------------------------- the work
    @property
    def linked(self) -> Project:
        """The project as it was last linked."""
        assert self._project is not None
        return self._project

    def _take_in(self) -> bool:
        """Read what has changed, and have judged anew what hangs on it; whether anything has."""
        whole, self._all_stale = self._all_stale, False
        stale, self._stale = self._stale, set()
        if whole:
            self._environment = environment_of(self.root, self.config)
            self._baseline = load_baseline(self.root, self.config)
            there = set(self._tree.python_files())
            stale |= there | self._files.keys()
        else:
            there = {path for path in stale if self._is_there(path)}
        # Texts that are typed are not worth keeping: there is one for each key.
        cache = self._cache if whole else None
        gone = [path for path in stale - there if self._files.pop(path, None) is not None]
        changed = [*gone, *(path for path in sorted(stale & there) if self._reread(path, cache))]
        if cache is not None:
            cache.save()
        if not (whole or changed):
            return False
        self._link(changed, whole=whole)
        return True

    def _link(self, changed: Iterable[str], *, whole: bool) -> None:
        facts = {path: file.facts if (file := self._files.get(path)) is not None else None for path in changed}
        project = self._project
        if project is not None and (not whole or self._stands_on_the_same(project)):
            facts = {path: new for path, new in facts.items() if not _is_of(project, path, new)}
            bodies = _changed_bodies(project, facts)
            if bodies is not None:
                known = {path: new for path, new in facts.items() if new is not None}
                texts = bodies | (project.linked.changed_templates() if whole else set())
                self._project = relink(project, known, texts)
                self._upkeep.judge_again(texts, known.keys())
                return
        held = {path: file.facts for path, file in sorted(self._files.items()) if file.facts is not None}
        tracking = Tracking(active=True)
        self._project = link_facts(held, self._tree, self.config, self._environment, self._cache, tracking)
        self._assessment.forget()
        self._upkeep.begin(self._project)

    def _stands_on_the_same(self, project: Project) -> bool:
        """Whether the versions and the settings modules are still those that a project was linked with."""
        installed = self._environment.versions() if self._environment is not None else None
        versions = detect_versions(self._tree, self.config, installed)
        return versions == project.versions and settled_config(self.config, self._tree) == project.config

    def _reread(self, path: str, cache: FactsCache | None) -> bool:
        source = self._tree.read(path)
        known = self._files.get(path)
        digest = source.digest if isinstance(source, Source) else source.reason
        if known is not None and known.digest == digest:
            return False
        read = read_source(source, cache)
        if isinstance(read, Finding):
            self._files[path] = _File(digest, known.facts if known else None, read)
        else:
            # The text before it was broken: nothing has changed for others.
            same = known is not None and known.facts is not None and known.facts.text == read.text
            self._files[path] = _File(digest, known.facts if known is not None and same else read, None)
        return True

    def _is_there(self, path: str) -> bool:
        return path in self._laid or (os.path.lexists(self.root / path) and self.includes(path))

    def _assessed(self, project: Project) -> Report:
        files = sorted(self._files.items())
        facts = {path: file.facts for path, file in files if file.facts is not None}
        broken = [file.broken for _, file in files if file.broken is not None]
        report = self._assessment.report(Read(facts, broken), project, self._tree.text, ("",), self._upkeep.findings)
        report = dataclasses.replace(report, faults=self._upkeep.faults)
        return report if self._baseline is None else self._baseline.apply(report, self._selected, ("",))


def _is_of(project: Project, path: str, facts: ModuleFacts | None) -> bool:
    """Whether the project has these facts of a file, or none where there are none."""
    module = project.module_at(path)
    return (module.facts if module is not None else None) is facts


def _changed_bodies(project: Project, changed: Mapping[str, ModuleFacts | None]) -> set[str] | None:
    """The keys of the function bodies that are all that has changed; None where more has."""
    found: set[str] = set()
    for path, new in changed.items():
        module = project.module_at(path)
        numbers = changed_bodies(module.facts, new, project.tracking.words) if module and new else None
        if numbers is None:
            return None
        found.update(body_key(path, number) for number in (0, *numbers))
    return found
