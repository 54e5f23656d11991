"""From a linked project to a report on it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from djlint_spec.config import Config, select_rules
from djlint_spec.diagnostics import Finding
from djlint_spec.engine.fix_policy import settle_fixes
from djlint_spec.engine.judging import judge, made
from djlint_spec.engine.masking import Masking
from djlint_spec.engine.progress import Progress, untold
from djlint_spec.engine.reading import Read
from djlint_spec.engine.report import Report
from djlint_spec.engine.resolution import figures_of
from djlint_spec.engine.rulebook import Rulebook, rulebook
from djlint_spec.engine.settling import Settling, is_wanted
from djlint_spec.fixes import Lowering
from djlint_spec.project import Module, Project
from djlint_spec.project.secrets import Secret

if TYPE_CHECKING:
    from djlint_spec.engine.upkeep import Upkeep

ReadText = Callable[[str], "str | None"]


@dataclass
class Assessment:
    """What is made of what the rules found: the same for a run and for a project that stays open."""

    book: Rulebook
    config: Config
    selected: Collection[str]
    _settling: Settling = field(init=False)
    _secrets: dict[Module, tuple[Secret, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._settling = Settling(self.book, self.selected, self.config)

    def forget(self) -> None:
        """Look at every file anew next time."""
        self._secrets.clear()

    def report(
        self, read: Read, project: Project, text: ReadText, wanted: Sequence[str], found: Iterable[Finding]
    ) -> Report:
        """The report on the `wanted` files and folders; `text` gives what else lies in the tree than Python files."""
        stale = {finding.span.path for finding in read.broken} & read.facts.keys()
        # Facts of a file that is broken now speak for others; their places in the file itself are no more.
        kept = [finding for finding in found if finding.span.path not in stale]
        if "DJS001" in self.selected:
            kept.extend(made(self.book.pages["DJS001"], finding) for finding in read.broken)
        self._settling.take(project, kept, stale)
        settled = [finding for finding in self._settling.findings if is_wanted(finding.span.path, wanted)]
        findings = settle_fixes(settled, self.book.pages.values(), self.config)
        shown = {span.path for finding in findings for span in (finding.span, *(r.span for r in finding.related))}
        masking = Masking(project, shown, self._secrets)
        files = [*read.facts, *(finding.span.path for finding in read.broken)]
        return Report(
            findings=tuple(map(masking.finding, findings)),
            paths=tuple(sorted({path for path in files if is_wanted(path, wanted)})),
            empty=tuple(place for place in wanted if not any(is_wanted(path, [place]) for path in files)),
            sources={
                path: masking.source(path, held) for path in shown if (held := _text(read, project, path)) is not None
            },
            versions=project.versions,
            lowering=Lowering(lambda path: read.facts[path].text if path in read.facts else None, text),
            masker=lambda paths: Masking(project, paths).text,
        )


def assess(
    read: Read,
    project: Project,
    text: ReadText,
    config: Config,
    wanted: Sequence[str],
    progress: Progress = untold,
) -> Report:
    """Run the selected rules on a project; findings outside the `wanted` files and folders are left out."""
    book = rulebook()
    selected = select_rules(book.pages.values(), config)
    judged = judge(project, book, selected, config, progress)
    found = (finding for judgement in judged.judgements for finding in judgement.findings)
    report = Assessment(book, config, selected).report(read, project, text, wanted, found)
    return replace(
        report,
        faults=tuple(judged.faults),
        figures=partial(figures_of, project, judged.subjects),
        judgements=tuple(judged.judgements),
    )


def assess_kept(
    read: Read, project: Project, upkeep: Upkeep, text: ReadText, config: Config, wanted: Sequence[str]
) -> Report:
    """The same of what rules said that was kept up."""
    report = Assessment(upkeep.book, config, upkeep.selected).report(read, project, text, wanted, upkeep.findings)
    return replace(report, faults=upkeep.faults, figures=partial(figures_of, project, upkeep.asked, upkeep.lists))


def _text(read: Read, project: Project, path: str) -> str | None:
    """The text of a file of Python, or of a template."""
    if path in read.facts:
        return read.facts[path].text
    template = None if path.startswith("<") or path.endswith(".py") else project.template_at(path)
    return template.text if template is not None else None
