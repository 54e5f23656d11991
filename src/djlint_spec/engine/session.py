"""A project that stays open: texts change, and what is reported of it follows."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from djlint_spec.cache import FactsCache
from djlint_spec.config import Config, select_rules
from djlint_spec.diagnostics import Finding
from djlint_spec.engine.assessing import assess, check_config
from djlint_spec.engine.baseline import load_baseline
from djlint_spec.engine.fixing import Fixing, fix_tree
from djlint_spec.engine.linked import hurried, link_facts
from djlint_spec.engine.reading import Read, read_source
from djlint_spec.engine.report import Report
from djlint_spec.engine.rulebook import rulebook
from djlint_spec.engine.run import disk_tree, environment_of
from djlint_spec.facts.tree import ModuleFacts
from djlint_spec.project import Project
from djlint_spec.source import Overlay, Source, Tree, Unreadable


@dataclass(slots=True)
class _File:
    """What was last read at a path: facts are those of the last text that could be parsed."""

    digest: str
    facts: ModuleFacts | None
    broken: Finding | None


class Session:
    """The files of one project, on disk and as far as they are open elsewhere, and the report on them.

    Changes are told by `lay`, `lift` and `refresh`; the next `report` takes them in. While a file cannot be parsed, it
    is reported, and the rest of the project is judged with its last good facts. Not for several threads at once.

    `cache` spares what an earlier run extracted, `known` what another session of the same project did.

    Raises ConfigError for a configuration or a baseline that cannot be used.
    """

    def __init__(
        self, root: Path, config: Config, *, cache: FactsCache | None = None, known: Session | None = None
    ) -> None:
        check_config(config)
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
        self._project: Project | None = None
        self._report: Report | None = None

    # -------------------------------------------------------------------------------------------- changes
    def includes(self, path: str) -> bool:
        """Whether the Python file at a path from the root is, or would be, one of the project's."""
        return path in self._files or self._disk.includes(path)

    def lay(self, path: str, text: str | bytes) -> None:
        """Lay an unsaved text over the file at a path."""
        self._laid[path] = text
        self._stale.add(path)

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
            if path.endswith(".py"):
                self._stale.add(path)
            else:
                # What lies in a folder, ignore files, requirements and the environment are told from a look at all.
                self._all_stale = True

    # --------------------------------------------------------------------------------------------- answers
    def report(self) -> Report:
        """The report on the project as it now is. Raises ConfigError for a baseline that cannot be used."""
        if self._take_in() or self._report is None:
            with hurried():
                self._report = self._assessed()
        return self._report

    def fixed(self, path: str, *, unsafe: bool = False) -> Fixing:
        """What the fixes of a file's findings come to that change this file alone. Nothing is written."""
        laid = dict(self._laid)
        before = Overlay(self._disk, laid)

        def check(tree: Tree) -> Report:
            texts = tree.texts if isinstance(tree, Overlay) and tree is not before else {}
            self._lay_all({**laid, **texts})
            report = self.report()
            findings = (f if f.span.path == path else replace(f, fix=None) for f in report.findings)
            return replace(report, findings=tuple(findings))

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

    def project(self) -> Project:
        """The project as it now is, linked."""
        self.report()
        assert self._project is not None
        return self._project

    def text(self, path: str) -> str | None:
        """The text of a Python file as it counts, None where there is none that can be read."""
        source = self._tree.read(path)
        return source.text if isinstance(source, Source) else None

    # -------------------------------------------------------------------------------------------- the work
    def _take_in(self) -> bool:
        """Read what has changed; whether any of it matters."""
        whole, self._all_stale = self._all_stale, False
        stale, self._stale = self._stale, set()
        if whole:
            self._environment = environment_of(self.root, self.config)
            self._baseline = load_baseline(self.root, self.config)
            stale |= self._files.keys() | set(self._tree.python_files())
        # Texts that are typed are not worth keeping: there is one for each key.
        cache = self._cache if whole else None
        changed = sum(self._reread(path, cache) for path in sorted(stale)) > 0
        if cache is not None:
            cache.save()
        return changed or whole

    def _reread(self, path: str, cache: FactsCache | None) -> bool:
        source = self._tree.read(path)
        known = self._files.get(path)
        if isinstance(source, Unreadable) and not self._is_there(path):
            return self._files.pop(path, None) is not None
        digest = source.digest if isinstance(source, Source) else source.reason
        if known is not None and known.digest == digest:
            return False
        read = read_source(source, cache)
        if isinstance(read, Finding):
            self._files[path] = _File(digest, known.facts if known else None, read)
        else:
            self._files[path] = _File(digest, read, None)
        return True

    def _is_there(self, path: str) -> bool:
        return path in self._laid or (os.path.lexists(self.root / path) and self._disk.includes(path))

    def _assessed(self) -> Report:
        files = sorted(self._files.items())
        facts = {path: file.facts for path, file in files if file.facts is not None}
        broken = [file.broken for _, file in files if file.broken is not None]
        self._project = link_facts(facts, self._tree, self.config, self._environment, self._cache)
        report = assess(Read(facts, broken), self._project, self._tree, self.config, ("",))
        stale = {finding.span.path for finding in broken} & facts.keys()
        # The last good facts of a broken file speak for others; their places in the file itself are no more.
        findings = tuple(f for f in report.findings if f.code == "DJS001" or f.span.path not in stale)
        report = replace(report, findings=findings)
        if self._baseline is None:
            return report
        return self._baseline.apply(report, select_rules(rulebook().pages.values(), self.config), ("",))
