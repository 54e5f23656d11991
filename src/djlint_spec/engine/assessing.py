"""From a linked project to a report on it."""

from __future__ import annotations

from collections.abc import Sequence

from djlint_spec.config import Config, select_rules
from djlint_spec.engine.fix_policy import settle_fixes
from djlint_spec.engine.judging import judge, made
from djlint_spec.engine.masking import Masking
from djlint_spec.engine.progress import Progress, untold
from djlint_spec.engine.reading import Read
from djlint_spec.engine.report import Report
from djlint_spec.engine.resolution import figures_of, resolved_of
from djlint_spec.engine.rulebook import rulebook
from djlint_spec.engine.settling import is_wanted, settle
from djlint_spec.fixes import Lowering
from djlint_spec.project import Project
from djlint_spec.source import Tree


def check_config(config: Config) -> None:
    """Raise ConfigError for tables or selectors of rules that there are not."""
    book = rulebook()
    book.check_config(config)
    select_rules(book.pages.values(), config)


def assess(
    read: Read,
    project: Project,
    tree: Tree,
    config: Config,
    wanted: Sequence[str],
    progress: Progress = untold,
) -> Report:
    """Run the selected rules on a project; findings outside the `wanted` files and folders are left out."""
    book = rulebook()
    selected = select_rules(book.pages.values(), config)
    judged = judge(project, book, selected, config, progress)
    found = [finding for judgement in judged.judgements for finding in judgement.findings]
    if "DJS001" in selected:
        found.extend(made(book.pages["DJS001"], finding) for finding in read.broken)
    findings = settle_fixes(settle(project, book, selected, config, found, wanted), book.pages.values(), config)
    resolved = resolved_of(project, judged.subjects)
    shown = {span.path for finding in findings for span in (finding.span, *(r.span for r in finding.related))}
    masking = Masking(project, shown)
    files = [*read.facts, *(finding.span.path for finding in read.broken)]
    return Report(
        findings=tuple(map(masking.finding, findings)),
        paths=tuple(sorted({path for path in files if is_wanted(path, wanted)})),
        empty=tuple(place for place in wanted if not any(is_wanted(path, [place]) for path in files)),
        sources={path: masking.source(path, read.facts[path].text) for path in shown if path in read.facts},
        faults=tuple(judged.faults),
        versions=project.versions,
        figures=figures_of(project, judged.subjects),
        resolved=resolved,
        judgements=tuple(judged.judgements),
        lowering=Lowering(lambda path: read.facts[path].text if path in read.facts else None, tree.text),
        masker=lambda paths: Masking(project, paths).text,
    )
