"""From files to a report."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from djlint_spec.config import Config, select_rules
from djlint_spec.engine.assessing import assess, assess_kept
from djlint_spec.engine.baseline import load_baseline
from djlint_spec.engine.linked import hurried, link_facts, roomy
from djlint_spec.engine.locating import disk_tree, environment_of, root_of
from djlint_spec.engine.progress import Progress, untold
from djlint_spec.engine.reading import read_files
from djlint_spec.engine.report import Report
from djlint_spec.engine.rulebook import check_config, rulebook
from djlint_spec.project import Project
from djlint_spec.source import (
    CommitTree,
    DiskTree,
    Environment,
    MemoryTree,
    Overlay,
    Repository,
    Source,
    Tree,
)

# What a plain check has no use for is loaded by who has.
if TYPE_CHECKING:
    from djlint_spec.cache import FactsCache
    from djlint_spec.engine.fixing import Fixing
    from djlint_spec.engine.since import Earlier, Since
    from djlint_spec.engine.standing import Standing


def check(
    paths: Sequence[Path],
    config: Config,
    *,
    root: Path | None = None,
    unsaved: Mapping[str, str | bytes] | None = None,
    cache: FactsCache | None = None,
    with_baseline: bool = True,
    since: Since | None = None,
    progress: Progress = untold,
) -> Report:
    """Check files and folders on disk. The whole project around them is linked; only they are reported on.

    `root` is the project's folder where `root_of` is not to tell it; `unsaved` lays texts (or a file's bytes), by
    path from the root, over the files; `cache` spares what an earlier run extracted, and what it judged, and is saved,
    but for texts that are not. What the project's
    baseline knows is left out; with `since`, so is what a change does not bring. A file that the excludes leave out is
    checked where it is named, unless the configuration says `force-exclude`. `progress` is told how far the run is.

    Raises ConfigError for a configuration or a baseline that cannot be used, GitError where git does not know what
    changed.
    """
    scene = _scene(paths, config, root, unsaved)
    report = scene.checker(config, cache, with_baseline=with_baseline, progress=progress)(scene.tree)
    if since is not None:
        report = scene.earlier(since, config, cache).apply(report, scene.tree)
    if cache is not None and not unsaved:
        cache.save()
    return report


def fix(
    paths: Sequence[Path],
    config: Config,
    *,
    root: Path | None = None,
    unsaved: Mapping[str, str | bytes] | None = None,
    cache: FactsCache | None = None,
    unsafe: bool = False,
    write: bool = True,
    since: Since | None = None,
    progress: Progress = untold,
) -> Fixing:
    """Fix what `check` reports. With `unsaved` texts nothing is written, and these alone are fixed. `progress` is told
    how far each of the checks on the way is.

    Raises ConfigError for a configuration that cannot be used, GitError as `check` does.
    """
    from djlint_spec.engine.fixing import fix_files, fix_tree

    scene = _scene(paths, config, root, unsaved)
    check = scene.checker(config, cache, progress=progress)
    earlier = scene.earlier(since, config, cache) if since is not None else None
    chosen = earlier.brought(check(scene.tree), scene.tree) if earlier is not None else None
    if write and not unsaved:
        fixing = fix_files(scene.root, scene.tree, check, unsafe=unsafe, chosen=chosen)
    else:
        frozen = partial(_not_unsaved, unsaved)
        fixing = fix_tree(scene.tree, check, unsafe=unsafe, frozen=frozen, chosen=chosen)
    if earlier is not None:
        fixing = replace(fixing, report=earlier.apply(fixing.report, Overlay(scene.tree, fixing.after)))
    if cache is not None:
        cache.save()
    return fixing


def _not_unsaved(unsaved: Mapping[str, str | bytes] | None, path: str) -> str | None:
    return None if not unsaved or path in unsaved else f"{path} would have to change too"


class _Scene(msgspec.Struct, frozen=True):
    """The project around some paths, on disk."""

    root: Path
    tree: Tree
    wanted: Sequence[str]

    def checker(
        self,
        config: Config,
        cache: FactsCache | None,
        *,
        with_baseline: bool = True,
        progress: Progress = untold,
    ) -> Callable[[Tree], Report]:
        """What checks a tree of this project."""
        environment = environment_of(self.root, config)
        baseline = load_baseline(self.root, config) if with_baseline else None

        def check_one(tree: Tree) -> Report:
            # Noting what each finding stands on takes a while, which is well spent where checks are repeated.
            keep = cache is not None and not cache.is_new and isinstance(tree, DiskTree) and self.is_all_of(tree)
            report = check_tree(
                tree, config, wanted=self.wanted, environment=environment, cache=cache, keep=keep, progress=progress
            )
            if baseline is None:
                return report
            return baseline.apply(report, select_rules(rulebook().pages.values(), config), self.wanted)

        return check_one

    def is_all_of(self, tree: DiskTree) -> bool:
        """Whether no file is looked at that the tree leaves out."""
        return all(tree.includes(path) for path in self.wanted if path.endswith(".py"))

    def earlier(self, since: Since, config: Config, cache: FactsCache | None) -> Earlier:
        """The project as it was, and how to check it. Raises GitError."""
        from djlint_spec.engine.since import Earlier

        repository = Repository(self.root)
        commit = repository.head() if since.revision is None else repository.merge_base(since.revision)
        disk = disk_tree(self.root, config)
        tree = CommitTree(repository, commit, disk, untracked_are_new=since.untracked_are_new)
        environment = environment_of(self.root, config)

        def check_some(codes: Collection[str]) -> Report:
            # What a suppression is good for depends on all the rules.
            some = (
                config
                if "DJS002" in codes
                else dataclasses.replace(config, select=tuple(codes), extend_select=(), ignore=())
            )
            outright = [path for path in self.wanted if isinstance(tree.read(path), Source)]
            return check_tree(tree, some, wanted=("", *outright), environment=environment, cache=cache)

        return Earlier(tree, check_some, [_below(path, self.root) for path in since.whole])


def _scene(
    paths: Sequence[Path], config: Config, root: Path | None, unsaved: Mapping[str, str | bytes] | None
) -> _Scene:
    paths = paths or [Path()]
    root = root or root_of(paths)
    disk = disk_tree(root, config)
    wanted = [_below(path, root) for path in paths]
    if config.force_exclude:
        wanted = [path for path in wanted if not path.endswith(".py") or disk.includes(path)]
        unsaved = {path: text for path, text in (unsaved or {}).items() if disk.includes(path)}
    return _Scene(root, Overlay(disk, unsaved) if unsaved else disk, wanted)


def check_sources(files: Mapping[str, str], config: Config | None = None) -> Report:
    """Check files given as texts by path."""
    return check_tree(MemoryTree(files), config or Config())


def fix_sources(files: Mapping[str, str], config: Config | None = None, *, unsafe: bool = False) -> Fixing:
    """Fix files given as texts by path, in memory."""
    from djlint_spec.engine.fixing import fix_tree

    return fix_tree(MemoryTree(files), lambda tree: check_tree(tree, config or Config()), unsafe=unsafe)


def _below(path: Path, root: Path) -> str:
    relative = path.resolve().relative_to(root).as_posix()
    return "" if relative == "." else relative


@roomy
def check_tree(
    tree: Tree,
    config: Config,
    *,
    wanted: Sequence[str] = ("",),
    environment: Environment | None = None,
    cache: FactsCache | None = None,
    keep: bool = False,
    progress: Progress = untold,
) -> Report:
    """Check a tree; findings outside the `wanted` files and folders are left out.

    With a cache, what rules said of the tree that it knows holds for all that has not changed since; with `keep`, it
    knows this one afterwards.
    """
    if cache is not None:
        from djlint_spec.engine.standing import Standing

        standing = Standing(tree, config, environment, cache)
        if keep or standing.earlier is not None:
            return recheck(standing, wanted, keep=keep, progress=progress)
    check_config(config)
    with hurried():
        read = read_files(tree, wanted, cache, progress)
        project = link_facts(read.facts, tree, config, environment, cache)
        return assess(read, project, tree.text, config, wanted, progress)


@roomy
def recheck(standing: Standing, wanted: Sequence[str] = ("",), *, keep: bool, progress: Progress = untold) -> Report:
    """Check a tree, of which a cache knows what rules said."""
    from djlint_spec.engine.rejudging import judged_again

    selected = check_config(standing.config)
    with hurried():
        read, project, upkeep = judged_again(standing, wanted, selected, keep=keep, progress=progress)
        return assess_kept(read, project, upkeep, standing.tree.text, standing.config, wanted)


@roomy
def project_of(
    tree: Tree, config: Config, environment: Environment | None = None, *, cache: FactsCache | None = None
) -> Project:
    """The linked project of a tree, for questions other than findings."""
    with hurried():
        return link_facts(read_files(tree, ("",), cache).facts, tree, config, environment, cache)
