"""From files to a report."""

from __future__ import annotations

import fnmatch
import gc
import os
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from djlint_spec.cache import FactsCache
from djlint_spec.catalog import Page
from djlint_spec.config import Config, Versions, detect_versions, select_rules
from djlint_spec.diagnostics import Finding, Span
from djlint_spec.engine import suppress
from djlint_spec.engine.report import Fault, Judgement, Report
from djlint_spec.engine.rulebook import Rulebook, rulebook
from djlint_spec.extract import Broken, extract, lower_body
from djlint_spec.facts.tree import ModuleFacts
from djlint_spec.linking import link
from djlint_spec.project import Project
from djlint_spec.rules.subjects import SUBJECTS
from djlint_spec.source import DiskTree, Environment, MemoryTree, Source, Tree, Unreadable, find_environment

_ROOT_MARKERS = ("djlint-spec.toml", "pyproject.toml", "setup.py", "setup.cfg", "manage.py", ".git")
_DEEPEST = 6_000
_MIGRATION_RULES = frozenset({"DJS001", "DJS002", "DJS104", "DJS705"})
"""Codes that report in migrations; their pages say so."""


def check(
    paths: Sequence[Path],
    config: Config,
    *,
    unsaved: Mapping[str, str] | None = None,
    cache: FactsCache | None = None,
) -> Report:
    """Check files and folders on disk. The whole project around them is linked; only they are reported on.

    `unsaved` lays texts, by path from the root, over the files; `cache` spares what an earlier run extracted, and is
    saved.

    Raises ConfigError for a configuration that cannot be used.
    """
    root = root_of(paths)
    tree: Tree = DiskTree(
        root, exclude=config.exclude, extend_exclude=config.extend_exclude, gitignore=config.respect_gitignore
    )
    if unsaved:
        from djlint_spec.source import Overlay

        tree = Overlay(tree, unsaved)
    wanted = [_below(path, root) for path in paths]
    environment = find_environment(root, Path(config.python) if config.python else None)
    report = check_tree(tree, config, wanted=wanted, environment=environment, cache=cache)
    if cache is not None:
        cache.save()
    return report


def check_sources(files: Mapping[str, str], config: Config | None = None) -> Report:
    """Check files given as texts by path."""
    return check_tree(MemoryTree(files), config or Config())


def root_of(paths: Sequence[Path]) -> Path:
    """The project's root: the nearest folder, at or above the paths, that looks like one; else their own folder."""
    resolved = [path.resolve() for path in paths] or [Path.cwd()]
    common = Path(os.path.commonpath(resolved))
    start = common if common.is_dir() else common.parent
    for folder in (start, *start.parents):
        if any((folder / marker).exists() for marker in _ROOT_MARKERS):
            return folder
    return start


def _below(path: Path, root: Path) -> str:
    relative = path.resolve().relative_to(root).as_posix()
    return "" if relative == "." else relative


def check_tree(
    tree: Tree,
    config: Config,
    *,
    wanted: Sequence[str] = ("",),
    environment: Environment | None = None,
    cache: FactsCache | None = None,
) -> Report:
    """Check a tree; findings outside the `wanted` files and folders are left out."""
    book = rulebook()
    book.check_config(config)
    selected = select_rules(book.pages.values(), config)
    with _hurried():
        read = _read(tree, wanted, cache)
        project = _link(read.facts, tree, config, environment, cache)
        judgements, faults = _judge(project, book, selected, config)
        found = [*(finding for judgement in judgements for finding in judgement.findings)]
        if "DJS001" in selected:
            found.extend(_made(book.pages["DJS001"], finding) for finding in read.broken)
        findings = _settle(project, book, selected, config, found, wanted)
    return Report(
        findings=tuple(findings),
        files=len(read.facts) + len(read.broken),
        sources={path: read.facts[path].text for path in {f.span.path for f in findings} if path in read.facts},
        faults=tuple(faults),
        versions=project.versions,
        figures=_figures(project, judgements),
        judgements=tuple(judgements),
    )


def project_of(tree: Tree, config: Config, environment: Environment | None = None) -> Project:
    """The linked project of a tree, for questions other than findings."""
    with _hurried():
        return _link(_read(tree, ("",)).facts, tree, config, environment)


# ----------------------------------------------------------------------------------------------- the steps
@dataclass(frozen=True, slots=True)
class _Read:
    facts: dict[str, ModuleFacts]
    broken: list[Finding]


def _read(tree: Tree, wanted: Sequence[str], cache: FactsCache | None = None) -> _Read:
    facts: dict[str, ModuleFacts] = {}
    broken: list[Finding] = []
    paths = dict.fromkeys(tree.python_files())
    # A file named outright is checked even where excludes would leave it out.
    paths.update(dict.fromkeys(path for path in wanted if path.endswith(".py")))
    for path in sorted(paths):
        source = tree.read(path)
        if isinstance(source, Unreadable):
            broken.append(Finding(_spot(path, source.row, source.column), f"{source.reason}."))
            continue
        extracted = _extract(source.text, cache)
        if isinstance(extracted, Broken):
            broken.append(Finding(_spot(path, extracted.row, extracted.column), _why_broken(source, extracted)))
        else:
            facts[path] = extracted
    return _Read(facts, broken)


def _why_broken(source: Source, broken: Broken) -> str:
    # Only a parser that knows newer syntax than the running Python can tell a newer file from a broken one.
    import libcst

    if broken.reason != "nested too deeply to be read":
        try:
            libcst.parse_module(source.text)
        except Exception:  # noqa: BLE001 - libcst raises errors of several kinds; each means it cannot read it
            return f"Syntax error: {broken.reason}."
        running = f"{sys.version_info.major}.{sys.version_info.minor}"
        return f"Newer syntax than Python {running}, which runs djlint-spec: the file is left out."
    return f"{broken.reason.capitalize()}."


def _spot(path: str, row: int, column: int) -> Span:
    return Span(path, row, column, row, column + 1)


def _extract(text: str, cache: FactsCache | None) -> ModuleFacts | Broken:
    if cache is None:
        return extract(text)
    known = cache.get(text)
    if known is not None:
        return known
    made = extract(text)
    if isinstance(made, ModuleFacts):
        cache.put(made)
    return made


def _link(
    facts: Mapping[str, ModuleFacts],
    tree: Tree,
    config: Config,
    environment: Environment | None,
    cache: FactsCache | None = None,
) -> Project:
    def facts_of(text: str) -> ModuleFacts | None:
        extracted = _extract(text, cache)
        return None if isinstance(extracted, Broken) else extracted

    versions: Versions = detect_versions(tree, config, environment.versions() if environment else None)
    return link(
        facts,
        config,
        versions,
        lower=lower_body,
        read_facts=facts_of,
        installed=environment.find if environment else None,
    )


def _judge(
    project: Project, book: Rulebook, selected: Collection[str], config: Config
) -> tuple[list[Judgement], list[Fault]]:
    judgements: list[Judgement] = []
    faults: list[Fault] = []
    for code, rule in sorted(book.rules.items()):
        if code not in selected:
            continue
        page = book.pages[code]
        options = book.options(page, config)
        subjects: Iterator[object] = iter(())
        try:
            subjects = iter(SUBJECTS[rule.subject](project))
        except Exception as error:  # noqa: BLE001 - a bug of ours must not take the other rules' work along
            faults.append(_fault(page, None, error))
        while True:
            subject: object = None
            try:
                subject = next(subjects, None)
                if subject is None:
                    break
                with project.tracking.record() as asked:
                    findings = tuple(_made(page, finding) for finding in rule.run(subject, project, options))
            except Exception as error:  # noqa: BLE001 - as above
                faults.append(_fault(page, subject, error))
                if subject is None:
                    break
                continue
            if findings:
                judgements.append(Judgement(code, findings, frozenset(asked)))
    return judgements, faults


def _fault(page: Page, subject: object, error: Exception) -> Fault:
    return Fault(
        f"{page.code} {page.name}", repr(subject) if subject is not None else "-", f"{type(error).__name__}: {error}"
    )


def _made(page: Page, finding: Finding) -> Finding:
    lowered = finding.severity
    severity = page.severity if lowered is None or lowered.rank > page.severity.rank else lowered
    return replace(finding, code=page.code, name=page.name, url=page.url, severity=severity)


def _settle(
    project: Project,
    book: Rulebook,
    selected: Collection[str],
    config: Config,
    found: Iterable[Finding],
    wanted: Sequence[str],
) -> list[Finding]:
    """The findings to report: where they belong, not suppressed, each once, sorted."""
    modules = {module.path: module for module in project.modules}
    by_path: dict[str, list[Finding]] = {}
    for finding in found:
        module = modules.get(finding.span.path)
        if module is not None and module.is_migration and finding.code not in _MIGRATION_RULES:
            continue
        by_path.setdefault(finding.span.path, []).append(finding)
    kept: list[Finding] = []
    known = {word for page in book.pages.values() for word in (page.code, page.name)}
    ran = {word for page in book.pages.values() if page.code in selected for word in (page.code, page.name)}
    for path, module in modules.items():
        if path not in by_path and not module.mentions("DJS", "djlint-spec:"):
            continue
        comments = list(suppress.suppressions(module))
        here, used = suppress.apply(by_path.pop(path, ()), comments)
        kept.extend(here)
        if "DJS002" in selected:
            kept.extend(_made(book.pages["DJS002"], f) for f in suppress.unused(comments, used, ran, known))
    for rest in by_path.values():
        kept.extend(rest)
    unique = {(f.span, f.code, f.message): f for f in kept if _is_wanted(f.span.path, wanted)}
    ignores = _ignores(book, config)
    return sorted(
        (f for f in unique.values() if not any(fnmatch.fnmatch(f.span.path, p) and f.code in c for p, c in ignores)),
        key=lambda f: (f.span, f.code, f.message),
    )


def _ignores(book: Rulebook, config: Config) -> list[tuple[str, frozenset[str]]]:
    from djlint_spec.config.selection import matching

    found: list[tuple[str, frozenset[str]]] = []
    for pattern, selectors in config.per_file_ignores.items():
        codes = frozenset(
            code for selector in selectors for code in matching(book.pages.values(), selector, "per-file-ignores")
        )
        found.append((pattern, codes))
    return found


def _is_wanted(path: str, wanted: Sequence[str]) -> bool:
    return any(not place or path == place or path.startswith(f"{place}/") for place in wanted)


def _figures(project: Project, judgements: Sequence[Judgement]) -> Mapping[str, int]:
    del judgements
    return {"models": sum(1 for model in project.models.all if not model.abstract)}


@contextmanager
def _hurried() -> Iterator[None]:
    """No cyclic garbage collection and a deeper stack: facts are trees, and live until the run ends."""
    collecting, depth = gc.isenabled(), sys.getrecursionlimit()
    gc.disable()
    sys.setrecursionlimit(max(depth, _DEEPEST))
    try:
        yield
    finally:
        sys.setrecursionlimit(depth)
        if collecting:
            gc.enable()
