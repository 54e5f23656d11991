"""From what an earlier run kept to what the rules say now: judged again is what looked into something that changed."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import djlint_spec
from djlint_spec.cache import FactsCache, Grounds, Part, Parts
from djlint_spec.catalog.pages import own_pages
from djlint_spec.config import Config
from djlint_spec.diagnostics import Finding
from djlint_spec.engine.bodies import changed_bodies
from djlint_spec.engine.linked import link_facts
from djlint_spec.engine.progress import Progress, untold
from djlint_spec.engine.reading import Read, read_files
from djlint_spec.engine.rulebook import rulebook
from djlint_spec.engine.upkeep import Judged, Place, Upkeep
from djlint_spec.engine.watched import WatchedEnvironment, WatchedTree, digest_of, listed
from djlint_spec.facts.tree import ModuleFacts
from djlint_spec.project import Project
from djlint_spec.project.module import body_key, template_key
from djlint_spec.project.tracking import Tracking
from djlint_spec.source import Environment, Tree


class Revisit:
    """A project as it is looked at by one run, and what an earlier one found in it."""

    def __init__(self, tree: Tree, config: Config, environment: Environment | None, cache: FactsCache) -> None:
        self.tree = WatchedTree(tree)
        self._environment = environment
        self._config = config
        self._cache = cache
        self._maker = _maker(config, environment)
        grounds = cache.findings.grounds
        self._earlier = grounds if grounds is not None and grounds.maker == self._maker else None
        self._is_kept = False

    @property
    def has_earlier(self) -> bool:
        """Whether an earlier run of the same tool kept what it found."""
        return self._earlier is not None

    def is_known(self) -> bool:
        """Whether all that the findings which are kept stand on is as it was."""
        earlier = self._earlier
        if earlier is None:
            return False
        for path in self.tree.python_files():
            self.tree.read(path)
        return self.tree.modules == earlier.modules and self._stands(earlier) and not self._other_templates(earlier)

    def judged(
        self,
        wanted: Sequence[str],
        selected: Collection[str],
        *,
        keep: bool,
        progress: Progress = untold,
    ) -> tuple[Read, Project, Upkeep]:
        """The project, and what the rules say of it; with `keep` it is kept for later runs."""
        read = read_files(self.tree, wanted, self._cache, progress)
        environment = WatchedEnvironment(self._environment) if self._environment is not None else None
        tracking = Tracking(active=True)
        project = link_facts(read.facts, self.tree, self._config, environment, self._cache, tracking)
        texts_of_linking = frozenset(self.tree.texts)
        upkeep = Upkeep(rulebook(), selected, self._config)
        findings = self._cache.findings
        parts = findings.parts() if self._earlier is not None else None
        covered = parts is not None and parts.codes.issuperset(selected)
        changed = self._changed(self._earlier, read.facts) if self._earlier is not None and covered else None
        if parts is None or changed is None:
            self._earlier = None
            upkeep.begin(project)
        else:
            upkeep.resume(_judged(parts, upkeep, selected))
            upkeep.judge_again(*changed)
        done = 0
        while not upkeep.is_done:
            progress("checking parts", done, done + upkeep.left)
            upkeep.step(project)
            done += 1
        if not upkeep.faults:
            packages = environment.packages if environment is not None else {}
            grounds = self._grounds(texts_of_linking, packages, tracking)
            narrower = covered and parts is not None and parts.codes != selected
            if keep and not narrower and grounds != findings.grounds:
                findings.keep(grounds, _parts(upkeep, frozenset(selected)))
            self._is_kept = grounds == findings.grounds
        return read, project, upkeep

    def tell(self, asked: str, by_file: Mapping[str, list[Finding]]) -> None:
        """Keep what was reported to who asked so, for `is_known` to vouch for; only where what it stands on is kept."""
        if self._is_kept:
            self._cache.findings.tell(asked, by_file)

    def _stands(self, earlier: Grounds) -> bool:
        """Whether what lies around the modules and the templates is as it was."""
        tree, environment = self.tree.tree, self._environment
        watched = WatchedEnvironment(environment) if environment is not None else None
        return (
            all(digest_of(tree.text(path)) == name for path, name in earlier.texts.items())
            and all(listed(tree.names(folder)) == name for folder, name in earlier.names.items())
            and (watched is None or all(watched.named(key) == name for key, name in earlier.packages.items()))
        )

    def _other_templates(self, earlier: Grounds) -> dict[str, str | None]:
        now = {path: digest_of(self.tree.tree.text(path)) for path in earlier.templates}
        return {path: name for path, name in now.items() if name != earlier.templates[path]}

    def _changed(self, earlier: Grounds, facts: Mapping[str, ModuleFacts]) -> tuple[set[str], list[str]] | None:
        """The keys of the function bodies and templates that are all that has changed, and the files with such bodies;
        None where more has.
        """
        if self.tree.modules.keys() != earlier.modules.keys() or not self._stands(earlier):
            return None
        files = [path for path, name in self.tree.modules.items() if name != earlier.modules[path]]
        texts = {template_key(path) for path in self._other_templates(earlier)}
        for path in files:
            old, new = self._cache.earlier(earlier.modules[path]), facts.get(path)
            numbers = changed_bodies(old, new, earlier.words) if old is not None and new is not None else None
            if numbers is None:
                return None
            texts.update(body_key(path, number) for number in (0, *numbers))
        return texts, files

    def _grounds(self, linked: Collection[str], packages: Mapping[str, str | None], tracking: Tracking) -> Grounds:
        earlier = self._earlier or Grounds(self._maker, {}, {}, {}, {}, {})
        texts = {**earlier.texts, **{path: name for path, name in self.tree.texts.items() if path in linked}}
        templates = {**earlier.templates, **self._other_templates(earlier)}
        templates |= {path: name for path, name in self.tree.texts.items() if path not in texts}
        return Grounds(
            self._maker,
            self.tree.modules,
            templates,
            texts,
            {**earlier.names, **self.tree.listings},
            {**earlier.packages, **packages},
            tuple(sorted(tracking.words.union(earlier.words))),
        )


def _judged(kept: Parts, upkeep: Upkeep, selected: Collection[str]) -> Iterator[tuple[Place, Judged]]:
    """What was said of each part, as far as the selected rules said it."""
    types = {_name_of(subject): subject for subject in upkeep.types}
    whole = kept.codes == selected
    for part in kept.parts:
        subject = types.get(part.subject)
        if subject is not None:
            findings = part.findings if whole else tuple(f for f in part.findings if f.code in selected)
            asked = frozenset(map(kept.names.__getitem__, part.asked))
            yield Place(subject, part.key), Judged(findings, (), asked, part.feeds, part.ties, part.lists)


def _parts(upkeep: Upkeep, selected: frozenset[str]) -> Parts:
    numbers: dict[str, int] = {}
    parts = tuple(
        Part(
            _name_of(place.subject),
            place.key,
            tuple(numbers.setdefault(key, len(numbers)) for key in judged.depends_on),
            judged.findings,
            judged.feeds,
            judged.ties,
            judged.lists,
        )
        for place, judged in upkeep.judged.items()
    )
    return Parts(selected, tuple(numbers), parts)


def _name_of(subject: type[object]) -> str:
    return f"{subject.__module__}.{subject.__qualname__}"


_AFTERWARDS = frozenset(
    {
        "select", "ignore", "extend_select", "per_file_ignores", "exclude", "extend_exclude", "respect_gitignore",
        "force_exclude", "fixable", "unfixable", "extend_safe_fixes", "extend_unsafe_fixes", "baseline", "origin",
    }
)  # fmt: skip
"""Options that say which files and rules there are, and what becomes of findings: none changes what a rule says."""


def _maker(config: Config, environment: Environment | None) -> str:
    """What findings stand on besides the project: the tool, the Python that runs it, what is set, what is known.

    Code and pages are told by the size and time of their files, so that a checkout that is worked on counts as another;
    so are those of packages that offer rules.
    """
    ours = Path(djlint_spec.__file__).parent
    rules = (Path(rule.check.__code__.co_filename).parent for rule in rulebook().rules.values())
    folders = {ours, Path(str(own_pages())), *(folder for folder in rules if not folder.is_relative_to(ours))}
    files = {file for folder in folders for file in folder.rglob("*") if file.suffix in (".py", ".pyi", ".md")}
    stamps = sorted(f"{file} {found.st_size} {found.st_mtime_ns}" for file in files for found in (file.stat(),))
    options = [
        f"{option.name}={getattr(config, option.name)!r}"
        for option in dataclasses.fields(config)
        if option.name not in _AFTERWARDS
    ]
    packages = str(environment.site_packages) if environment is not None else ""
    return listed([sys.version, *stamps, *options, packages])
